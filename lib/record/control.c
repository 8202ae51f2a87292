#include "record/control.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "record/emit.h"

enum { CONTROL_TOLD = 100 };	/* rejections told one by one */

void
control_init(struct control *control, const char *stage)
{
	memset(control, 0, sizeof(*control));
	control->stage = stage;
}

void
control_free(struct control *control)
{
	scan_free(control->inner);
	buf_free(&control->text);
}

int
control_kind_of(struct scan *scan, enum control_kind *kind,
    struct slice *name, struct err *err)
{
	static const struct {
		struct slice name;
		enum control_kind kind;
	} kinds[] = {
		{ { "hello", 5 }, CONTROL_HELLO },
		{ { "heartbeat", 9 }, CONTROL_HEARTBEAT },
		{ { "gap", 3 }, CONTROL_GAP },
		{ { "status", 6 }, CONTROL_STATUS },
		{ { "bye", 3 }, CONTROL_BYE },
	};

	*name = (struct slice){ NULL, 0 };
	*kind = CONTROL_DATA;
	if (scan_text(scan, KEY_record, name, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_equal(*name, kinds[i].name))
			*kind = kinds[i].kind;
	return 0;
}

/* The last "out" in the heartbeat's hop array; 0 when there is none. */
static int
control_last_out(struct control *control, const struct scan *scan,
    int64_t *out)
{
	struct scan_value hop = scan_get(scan, KEY_hop), entry, last;
	struct buf *text = &control->text;
	size_t pos = 0;

	last.type = SCAN_ABSENT;
	while (hop.type == SCAN_ARRAY && scan_element(hop, &pos, &entry))
		last = entry;
	if (last.type != SCAN_OBJECT)
		return 0;
	if (control->inner == NULL)
		control->inner = scan_new();
	text->n = 0;
	buf_add(text, last.p, last.n);
	memset(buf_reserve(text, SCAN_PAD), 0, SCAN_PAD);
	return scan_line(control->inner, text->p, text->n, NULL) == 0 &&
	    scan_int(control->inner, KEY_out, out, NULL) > 0;
}

static void
control_hello(struct control *control, const struct scan *scan)
{
	int64_t version = CONTROL_SCHEMA;

	control->hello = true;
	control->bye = control->uneven = false;
	control->ended = false;
	memset(&control->count, 0, sizeof(control->count));
	if (scan_int(scan, KEY_schema_version, &version, NULL) > 0 &&
	    version > CONTROL_SCHEMA && !control->newer)
		log_warning("schema_version %" PRId64 " is above %d: records "
		    "pass unread", version, CONTROL_SCHEMA);
	control->newer = version > CONTROL_SCHEMA;
}

static void
control_compare(struct control *control, const struct scan *scan,
    struct buf *dst)
{
	int64_t out;

	if (control->uneven || !control->hello ||
	    !control_last_out(control, scan, &out) || out == control->count.in)
		return;
	control->uneven = true;
	err_set(&control->why, "%" PRId64 " records were sent and %" PRId64
	    " arrived: the stream was filtered or lost lines", out,
	    control->count.in);
	control_status(dst, control->stage, "warning", "uneven_counts",
	    control->why.text);
}

/* An earlier stage's word on how the stream goes on. */
static void
control_hear(struct control *control, struct slice code)
{
	if (slice_equal(code, SLICE("not_final"))) {
		control->cut = true;
	} else if (slice_equal(code, SLICE("no_bye"))) {
		control->ended = !control->cut;
		control->cut = false;
	}
}

void
control_arrive(struct control *control, enum control_kind kind,
    struct scan *scan, struct buf *dst)
{
	struct slice code = { NULL, 0 };
	int64_t status = 0;

	if (kind == CONTROL_HELLO) {
		control_hello(control, scan);
	} else if (kind == CONTROL_BYE) {
		control->bye = true;
		if (scan_int(scan, KEY_exit, &status, NULL) > 0 &&
		    status != 0)
			control->upstream_exit = EXIT_PARTIAL;
	} else if (kind == CONTROL_HEARTBEAT) {
		control_compare(control, scan, dst);
	} else if (kind == CONTROL_STATUS &&
	    scan_text(scan, KEY_code, &code, NULL) > 0) {
		control_hear(control, code);
	}
}

struct control_hop
control_hop_of(const struct scan *scan)
{
	struct slice object = scan_object(scan);
	struct scan_value hop = scan_get(scan, KEY_hop);
	struct slice raw = scan_raw(scan, KEY_hop);
	struct control_hop at = { object.n - 1, 0, true, true };
	size_t pos = 0;
	struct scan_value one;

	if (hop.type == SCAN_ARRAY) {
		at.at = (size_t)(hop.p - object.p) + hop.n - 1;
		at.fresh = false;
		at.first = !scan_element(hop, &pos, &one);
	} else if (raw.n > 0) {
		at.at = (size_t)(raw.p - object.p);
		at.cut = raw.n;
	}
	return at;
}

static void
control_drop(struct buf *dst, const char *reason, int64_t n, bool *any)
{
	if (n == 0)
		return;
	buf_fmt(dst, "%s\"%s\":%" PRId64, *any ? "," : "", reason, n);
	*any = true;
}

void
control_hop_write(struct buf *dst, const char *stage,
    const struct control_count *count)
{
	bool any = false;

	buf_add(dst, "{", 1);
	emit_str(dst, KEY_stage, stage);
	emit_int(dst, KEY_in, count->in);
	emit_int(dst, KEY_out, count->out);
	emit_int(dst, KEY_add, count->add);
	emit_object(dst, KEY_drop);
	control_drop(dst, "duplicate", count->duplicate, &any);
	control_drop(dst, "filter", count->filter, &any);
	control_drop(dst, "overflow", count->overflow, &any);
	control_drop(dst, "reject", count->reject, &any);
	emit_object_end(dst);
	emit_object_end(dst);
}

void
control_heartbeat(struct buf *dst, struct slice object,
    struct control_hop hop, const char *stage,
    const struct control_count *count)
{
	buf_add(dst, object.p, hop.at);
	if (hop.cut > 0)
		buf_add(dst, "[", 1);
	else if (hop.fresh)
		emit_array(dst, KEY_hop);
	else if (!hop.first)
		buf_add(dst, ",", 1);
	control_hop_write(dst, stage, count);
	if (hop.fresh)
		emit_array_end(dst);
	buf_add(dst, object.p + hop.at + hop.cut, object.n - hop.at - hop.cut);
	buf_add(dst, "\n", 1);
}

void
control_bye(const struct control *control, const struct scan *scan,
    struct buf *dst)
{
	struct key_set replaced = { { 0 } };
	int64_t status = 0;

	if (control->rejected == 0 ||
	    (scan_int(scan, KEY_exit, &status, NULL) > 0 && status != 0)) {
		emit_splice(dst, scan, NULL);
	} else {
		key_set_add(&replaced, KEY_exit);
		emit_splice(dst, scan, &replaced);
		emit_int(dst, KEY_exit, EXIT_PARTIAL);
	}
	emit_close(dst);
}

void
control_baseline(struct buf *dst, struct scan *scan, struct slice entry)
{
	struct scan_value had = scan_get(scan, KEY_baseline), one;
	struct key_set replaced = { { 0 } };
	size_t pos = 0;

	key_set_add(&replaced, KEY_baseline);
	emit_splice(dst, scan, &replaced);
	emit_array(dst, KEY_baseline);
	while (had.type == SCAN_ARRAY && scan_element(had, &pos, &one))
		if (one.type == SCAN_STRING || one.type == SCAN_ESCAPED)
			emit_item(dst, scan_unescape(scan, one));
	emit_item(dst, entry);
	emit_array_end(dst);
	emit_close(dst);
}

void
control_status(struct buf *dst, const char *stage, const char *severity,
    const char *code, const char *message)
{
	emit_open(dst, "status");
	emit_str(dst, KEY_stage, stage);
	emit_str(dst, KEY_severity, severity);
	emit_str(dst, KEY_code, code);
	emit_text(dst, KEY_message,
	    (struct slice){ message, strlen(message) });
	emit_close(dst);
}

void
control_cut(struct control *control, struct buf *dst)
{
	if (control->hello && !control->bye && !control->ended)
		control_status(dst, control->stage, "error", "not_final",
		    "what feeds this stage died: what follows is not final");
}

int
control_end(struct control *control, struct buf *dst)
{
	if (control->hello && !control->bye) {
		control_status(dst, control->stage, "error", "no_bye",
		    "the input ended without a bye: what feeds this stage "
		    "died");
		log_warning("the input ended without a bye: what feeds this "
		    "stage died");
		return EXIT_PARTIAL;
	}
	if (control->rejected > 0)
		return EXIT_PARTIAL;
	return control->upstream_exit;
}

void
control_reject(struct control *control, const char *file, int64_t number,
    const char *why)
{
	control->rejected++;
	if (control->rejected <= CONTROL_TOLD)
		log_warning("%s:%" PRId64 ": %s", file, number, why);
	if (control->rejected == CONTROL_TOLD)
		log_warning("more rejections are counted, not told");
}

void
control_tell_rest(const struct control *control)
{
	if (control->rejected > CONTROL_TOLD)
		log_warning("%" PRId64 " rejections in all",
		    control->rejected);
}
