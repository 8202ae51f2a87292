#include "tap/recording.h"

#include <string.h>

#include "record/emit.h"
#include "record/line.h"
#include "record/osi.h"
#include "tap/records.h"

struct recording {
	struct replay *replay;
	const struct select *select;
	struct control *control;
	struct outlet *outlet;
	struct scan *scan;
};

bool
recording_begins(struct slice text)
{
	struct buf line = BUF_INIT;
	struct scan *scan = scan_new();
	enum control_kind kind = CONTROL_DATA;
	struct slice name;

	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	buf_add(&line, text.p, text.n);
	memset(buf_reserve(&line, SCAN_PAD), 0, SCAN_PAD);
	if (scan_line(scan, line.p, line.n, NULL) == 0)
		control_kind_of(scan, &kind, &name, NULL);
	scan_free(scan);
	buf_free(&line);
	return kind == CONTROL_HELLO;
}

/* The underlying of the record scanned; empty when it has none. */
static struct slice
recording_symbol(struct scan *scan, struct osi *osi)
{
	struct slice text = { NULL, 0 };

	if (scan_text(scan, KEY_symbol, &text, NULL) > 0 && text.n > 0)
		return text;
	if (scan_text(scan, KEY_contract_ticker, &text, NULL) > 0 &&
	    osi_parse(text, osi, NULL) == 0)
		return (struct slice){ osi->symbol, strlen(osi->symbol) };
	scan_text(scan, KEY_ticker, &text, NULL);
	return text;
}

static bool
recording_wants(const struct recording *recording)
{
	struct scan *scan = recording->scan;
	struct slice symbol;
	struct osi osi;
	int64_t ts = 0;

	if (select_all(recording->select))
		return true;
	if (scan_int(scan, KEY_timestamp, &ts, NULL) > 0 &&
	    !select_time(recording->select, ts))
		return false;
	symbol = recording_symbol(scan, &osi);
	return symbol.n == 0 || select_symbol(recording->select, symbol);
}

static void
recording_pass(struct recording *recording, const struct line *line)
{
	struct buf *dst = outlet_buf(recording->outlet);

	buf_add(dst, line->p, line->n);
	buf_add(dst, "\n", 1);
}

static void
recording_hello(struct recording *recording, const struct line *line)
{
	struct key_set replayed = { { 0 } };
	struct buf *dst = outlet_buf(recording->outlet);

	if (scan_get(recording->scan, KEY_replayed).type == SCAN_TRUE) {
		recording_pass(recording, line);
		return;
	}
	key_set_add(&replayed, KEY_replayed);
	emit_splice(dst, recording->scan, &replayed);
	emit_bool(dst, KEY_replayed, true);
	emit_close(dst);
}

static void
recording_control(struct recording *recording, const struct line *line,
    enum control_kind kind)
{
	struct control *control = recording->control;
	struct buf *dst = outlet_buf(recording->outlet);
	bool dropped = control->count.filter + control->count.reject > 0;

	/* Counts of other stages are for those behind this one to compare. */
	if (kind == CONTROL_HELLO || kind == CONTROL_BYE)
		control_arrive(control, kind, recording->scan, dst);
	if (kind == CONTROL_HELLO)
		recording_hello(recording, line);
	else if (kind == CONTROL_HEARTBEAT && dropped)
		control_heartbeat(dst, scan_object(recording->scan),
		    control_hop_of(recording->scan), control->stage,
		    &control->count);
	else if (kind == CONTROL_BYE && control->rejected > 0)
		control_bye(control, recording->scan, dst);
	else
		recording_pass(recording, line);
}

static void
recording_line(struct recording *recording, const struct line *line)
{
	struct control *control = recording->control;
	enum control_kind kind;
	struct slice name;
	struct err err;
	int64_t ts;

	if (line->too_long)
		err_set(&err, "a line of more than 1 MiB");
	if (line->too_long ||
	    scan_line(recording->scan, line->p, line->n, &err) < 0 ||
	    control_kind_of(recording->scan, &kind, &name, &err) < 0) {
		control->count.in++;
		control->count.reject++;
		records_reject(control, line, recording->replay, err.text);
		return;
	}
	if (scan_int(recording->scan, KEY_timestamp, &ts, NULL) > 0 &&
	    !outlet_pace(recording->outlet, ts))
		return;
	if (kind != CONTROL_DATA) {
		recording_control(recording, line, kind);
	} else {
		control->count.in++;
		if (!recording_wants(recording)) {
			control->count.filter++;
			return;
		}
		control->count.out++;
		recording_pass(recording, line);
	}
	outlet_end(recording->outlet);
}

int
recording_replay(struct replay *replay, const struct select *select,
    struct control *control, struct outlet *outlet,
    const volatile sig_atomic_t *stop)
{
	struct recording recording = { replay, select, control, outlet,
	    scan_new() };
	struct line_in *in = line_in_from(replay_read, replay,
	    replay_name(replay));
	struct line line = { .number = 0 };
	struct err err;
	int status = EXIT_DONE;

	while (*stop == 0 && !outlet_failed(outlet) &&
	    line_next(in, &line, &err) > 0)
		recording_line(&recording, &line);
	if (replay_trouble(replay) != NULL)
		control_reject(control, replay_name(replay), line.number,
		    replay_trouble(replay));
	if (*stop == 0 && !outlet_failed(outlet))
		status = control_end(control, outlet_buf(outlet));
	control->hello = false;		/* told; the next part has its own */
	outlet_end(outlet);
	line_in_free(in);
	scan_free(recording.scan);
	return status;
}
