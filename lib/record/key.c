#include "record/key.h"

#include <assert.h>

#define KEY(name) static_assert(sizeof(",\"" #name "\":") <= KEY_TEXT + 1, \
	"key too long: " #name);
KEY_LIST(KEY)
KEY_LIST_WIRE(KEY)
#undef KEY

const struct key_text key_texts[KEY_COUNT] = {
#define KEY(name) { ",\"" #name "\":", sizeof(",\"" #name "\":") - 1 },
	KEY_LIST(KEY)
	KEY_LIST_WIRE(KEY)
#undef KEY
};
