#include "tap/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "tap/bars.h"
#include "tap/massive_raw.h"
#include "tap/prints.h"
#include "tap/records.h"
#include "tap/replay.h"
#include "tap/sorted.h"

void
inputs_init(struct inputs *inputs)
{
	*inputs = (struct inputs){ .format = INPUTS_AUTO };
	source_merge_init(&inputs->merge);
	contract_book_init(&inputs->book);
	columns_vendor(&inputs->livevol, COLUMNS_LIVEVOL);
	columns_vendor(&inputs->massive, COLUMNS_MASSIVE);
	columns_vendor(&inputs->massive_quotes, COLUMNS_MASSIVE_QUOTES);
}

void
inputs_free(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->n_recordings; i++)
		replay_free(inputs->recordings[i]);
	free(inputs->recordings);
	free(inputs->sizes);
	replay_free(inputs->raw);
	source_merge_free(&inputs->merge);
	contract_book_free(&inputs->book);
	free(inputs->replay.items);
	free(inputs->quotes.items);
	free(inputs->bars.items);
	free(inputs->columns.items);
}

void
inputs_rows(struct inputs *o, struct opt rows[INPUTS_ROWS])
{
	static const char *const formats[] = {
		"flow", "csv", "auto", "livevol", "massive-flat", NULL
	};
	static const char *const codes[] = {
		"names", "opra", "massive", "thetadata", NULL
	};
	const struct opt all[] = {
		{ 0, "replay", NULL, NULL, OPT_LIST, &o->replay, "FILE", 0, 0,
		    NULL, "read FILE, a journal's folder, or - for standard "
		    "input; repeatable" },
		{ 0, "input", NULL, NULL, OPT_CHOICE, &o->format, "FORMAT",
		    0, 0, formats, "format of the files" },
		{ 0, "quotes", NULL, NULL, OPT_LIST, &o->quotes, "FILE", 0, 0,
		    NULL, "massive-flat quotes for the prints; repeatable" },
		{ 0, "bars", NULL, NULL, OPT_LIST, &o->bars, "FILE", 0, 0,
		    NULL, "csv of minute or daily bars; repeatable" },
		{ 0, "columns", NULL, NULL, OPT_LIST, &o->columns,
		    "FIELD=HEADER,...", 0, 0, NULL,
		    "what the columns of a csv file are; repeatable" },
		{ 0, "codes", NULL, NULL, OPT_CHOICE, &o->codes, "WHOSE",
		    0, 0, codes, "numbering of exchanges and conditions in "
		    "a csv file" },
		{ 0, "follow", NULL, NULL, OPT_FLAG, &o->follow, NULL, 0, 0,
		    NULL, "replay a journal from its newest trade date on, "
		    "and go on as it grows" }
	};

	_Static_assert(sizeof(all) == INPUTS_ROWS * sizeof(*rows),
	    "INPUTS_ROWS is their number");
	memcpy(rows, all, sizeof(all));
}

bool
inputs_any(const struct inputs *inputs)
{
	return inputs->replay.n > 0 || inputs->quotes.n > 0 ||
	    inputs->bars.n > 0;
}

int
inputs_check(struct inputs *o, struct err *err)
{
	struct err why;

	if (o->follow && o->replay.n > 1)
		return err_set(err, "--follow: one journal, no more");
	if (o->format == INPUTS_CSV && o->columns.n == 0)
		return err_set(err, "--input csv: needs --columns");
	if (o->columns.n > 0 && o->format != INPUTS_CSV &&
	    o->format != INPUTS_AUTO)
		return err_set(err, "--columns: only for csv files");
	if (o->columns.n > 0 && columns_parse(&o->own, o->columns.items,
	    o->columns.n, &why) < 0)
		return err_set(err, "--%s", why.text);
	return 0;
}

/* What a csv file holds, by its header; -1 when nobody can tell. */
static int
inputs_csv(const struct inputs *inputs, struct slice line)
{
	if (inputs->columns.n > 0)
		return INPUTS_CSV;
	if (columns_fit(&inputs->livevol, line))
		return INPUTS_LIVEVOL;
	if (columns_fit(&inputs->massive, line))
		return INPUTS_MASSIVE;
	return -1;
}

/*
 * What a file holds: INPUTS_AUTO stands for a recording.  -1 and err when that
 * cannot be told, or is not what was said.
 */
static int
inputs_detect(const struct inputs *inputs, struct replay *replay,
    struct err *err)
{
	int format = inputs->format;
	struct slice line;
	size_t i = 0;

	if (replay_is_journal(replay)) {
		if (format != INPUTS_AUTO && format != INPUTS_FLOW)
			return err_set(err, "%s: a journal holds flow records",
			    replay_name(replay));
		return INPUTS_AUTO;
	}
	line = replay_peek(replay, LINE_MAX_BYTES);
	if (massive_raw_begins(line))
		return INPUTS_RAW;
	while (i < line.n && strchr(" \t\r\n", line.p[i]) != NULL)
		i++;
	if (format == INPUTS_AUTO)
		format = line.n == 0 || (i < line.n && line.p[i] == '{') ?
		    INPUTS_FLOW : inputs_csv(inputs, line);
	if (format < 0)
		return err_set(err, "%s: neither flow records nor a livevol or "
		    "massive-flat file; for another csv file say --columns",
		    replay_name(replay));
	if (format == INPUTS_FLOW && recording_begins(line))
		return INPUTS_AUTO;
	return format;
}

static struct replay *
inputs_file(struct inputs *inputs, const char *name, int64_t *size,
    struct err *err)
{
	struct replay *replay = replay_open(name, inputs->follow,
	    inputs->outlet, inputs->stop, err);

	if (replay != NULL)
		*size = replay_size(replay);
	return replay;
}

/* The rest returns an exit status. */

static int
inputs_csv_rows(struct inputs *inputs, struct replay *replay,
    const struct columns *columns, enum cond_codes codes, struct err *err)
{
	const struct prints_setup setup = { columns, codes, &inputs->book,
	    inputs->control, SORTED_MEMORY, inputs->select };
	struct source *source;
	int status = EXIT_DONE;

	source = prints_open(replay, &setup, &status, err);
	if (source != NULL)
		source_merge_add(&inputs->merge, source);
	replay_free(replay);
	return source != NULL ? EXIT_DONE : status;
}

static int
inputs_one(struct inputs *inputs, size_t i, struct err *err)
{
	struct replay *replay = inputs_file(inputs, inputs->replay.items[i],
	    &inputs->sizes[i], err);

	if (replay == NULL)
		return EXIT_USAGE;
	switch (inputs_detect(inputs, replay, err)) {
	case INPUTS_AUTO:
		inputs->recordings[inputs->n_recordings++] = replay;
		return EXIT_DONE;
	case INPUTS_FLOW:
		source_merge_add(&inputs->merge, records_open(replay,
		    &inputs->book, inputs->control));
		replay_free(replay);
		return EXIT_DONE;
	case INPUTS_CSV:
		return inputs_csv_rows(inputs, replay, &inputs->own,
		    (enum cond_codes)inputs->codes, err);
	case INPUTS_LIVEVOL:
		return inputs_csv_rows(inputs, replay, &inputs->livevol,
		    COND_THETADATA, err);
	case INPUTS_MASSIVE:
		inputs->has_massive = true;
		return inputs_csv_rows(inputs, replay, &inputs->massive,
		    COND_MASSIVE, err);
	case INPUTS_RAW:
		if (inputs->raw == NULL) {
			inputs->raw = replay;
			return EXIT_DONE;
		}
		break;
	default:
		replay_free(replay);
		return EXIT_USAGE;
	}
	err_set(err, "%s: frames are replayed alone", replay_name(replay));
	replay_free(replay);
	return EXIT_USAGE;
}

static int
inputs_quotes(struct inputs *inputs, struct err *err)
{
	const struct opt_list *quotes = &inputs->quotes;
	int64_t *sizes = inputs->sizes + inputs->replay.n;
	int status = EXIT_DONE;
	struct replay *replay;

	if (quotes->n > 0 && !inputs->has_massive && *inputs->stop == 0) {
		err_set(err, "--quotes: only with a massive-flat file");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < quotes->n && status == EXIT_DONE &&
	    *inputs->stop == 0; i++) {
		replay = inputs_file(inputs, quotes->items[i], &sizes[i], err);
		status = replay == NULL ? EXIT_USAGE : inputs_csv_rows(inputs,
		    replay, &inputs->massive_quotes, COND_MASSIVE, err);
	}
	return status;
}

static int
inputs_bars(struct inputs *inputs, struct err *err)
{
	const struct bars_setup setup = { &inputs->book, inputs->control,
	    SORTED_MEMORY };
	const struct opt_list *bars = &inputs->bars;
	int64_t *sizes = inputs->sizes + inputs->replay.n + inputs->quotes.n;
	struct replay *replay;
	struct source *source;
	int status;

	for (size_t i = 0; i < bars->n && *inputs->stop == 0; i++) {
		replay = inputs_file(inputs, bars->items[i], &sizes[i], err);
		if (replay == NULL)
			return EXIT_USAGE;
		source = bars_open(replay, &setup, &status, err);
		replay_free(replay);
		if (source == NULL)
			return status;
		source_merge_add(&inputs->merge, source);
	}
	return EXIT_DONE;
}

int
inputs_open(struct inputs *inputs, struct err *err)
{
	size_t n = inputs->replay.n;
	int status = EXIT_DONE;

	inputs->sizes = buf_alloc(n + inputs->quotes.n + inputs->bars.n,
	    sizeof(*inputs->sizes));
	inputs->recordings = buf_alloc(n, sizeof(struct replay *));
	for (size_t i = 0; i < n && status == EXIT_DONE && *inputs->stop == 0;
	    i++)
		status = inputs_one(inputs, i, err);
	if (status == EXIT_DONE)
		status = inputs_quotes(inputs, err);
	if (status == EXIT_DONE)
		status = inputs_bars(inputs, err);
	if (status != EXIT_DONE)
		return status;
	if (inputs->n_recordings > 0 && inputs->merge.n > 0) {
		err_set(err, "%s: a recording has its own heartbeats and "
		    "cannot be mixed with other files",
		    replay_name(inputs->recordings[0]));
		return EXIT_USAGE;
	}
	if (inputs->raw != NULL && n + inputs->quotes.n > 1) {
		err_set(err, "%s: frames are replayed alone",
		    replay_name(inputs->raw));
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

/* Files and their sizes. */
static uint64_t
inputs_hash_files(uint64_t hash, const struct opt_list *files,
    const int64_t *sizes)
{
	for (size_t i = 0; i < files->n; i++) {
		hash = hash_text(hash, files->items[i]);
		hash = hash_number(hash, sizes[i]);
	}
	return hash;
}

uint64_t
inputs_hash(const struct inputs *o, uint64_t hash)
{
	hash = inputs_hash_files(hash, &o->replay, o->sizes);
	hash = inputs_hash_files(hash, &o->quotes, o->sizes + o->replay.n);
	hash = inputs_hash_files(hash, &o->bars, o->sizes + o->replay.n +
	    o->quotes.n);
	for (size_t i = 0; i < o->columns.n; i++)
		hash = hash_text(hash, o->columns.items[i]);
	return hash;
}
