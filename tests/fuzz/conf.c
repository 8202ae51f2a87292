/*
 * conf_parse on any bytes: never crashes, and what it accepts can be asked
 * for by its path.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err;
	struct conf *conf = conf_parse((const char *)data, n, "fuzz", &err);
	const struct conf_item *item;

	if (conf == NULL)
		return 0;
	for (item = conf_first(conf); item != NULL; item = item->next) {
		if (conf_get(conf, item->path, NULL) != item->text)
			abort();
		if (item->ticker != NULL && conf_get_for(conf, item->ticker,
		    item->key, NULL) != item->text)
			abort();
	}
	conf_free(conf);
	return 0;
}
