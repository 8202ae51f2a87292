#include "paper/entry.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "record/osi.h"
#include "record/trade.h"

const char *const entry_kind_names[] = { "SCALP", "DAY_TRADE", "SWING" };

static const struct scan_field entry_fields[] = {
#define TEXT(name) { KEY_##name, SCAN_TO_TEXT, 0, offsetof(struct entry, name) }
	TEXT(signal_id), TEXT(symbol), TEXT(contract_ticker), TEXT(root),
	TEXT(trade_id), TEXT(sweep_id), TEXT(regime_trend),
	TEXT(regime_vol), TEXT(experiment_id), TEXT(feed),
#undef TEXT
	{ KEY_timestamp, SCAN_TO_INT, TRADE_TIME_MOST,
	    offsetof(struct entry, timestamp) },
	{ KEY_decision_ts, SCAN_TO_INT, TRADE_TIME_MOST,
	    offsetof(struct entry, decision_ts) },
	{ KEY_multiplier, SCAN_TO_INT, 1000000,
	    offsetof(struct entry, multiplier) },
	{ KEY_strength, SCAN_TO_E4, 1000000,
	    offsetof(struct entry, strength_e4) },
};

static int
entry_read_kind(struct entry *e, struct scan *scan, struct err *err)
{
	struct slice kind = { NULL, 0 }, direction = { NULL, 0 };
	int i = 0;

	if (scan_text(scan, KEY_kind, &kind, err) < 0 ||
	    scan_text(scan, KEY_direction, &direction, err) < 0)
		return -1;
	while (i < ENTRY_KINDS && !slice_equal(kind, (struct slice){
	    entry_kind_names[i], strlen(entry_kind_names[i]) }))
		i++;
	if (i == ENTRY_KINDS)
		return err_set(err, "kind: not SCALP, DAY_TRADE or SWING");
	e->kind = (enum entry_kind)i;
	e->is_short = slice_equal(direction, SLICE("SHORT"));
	if (!e->is_short && !slice_equal(direction, SLICE("LONG")))
		return err_set(err, "direction: neither LONG nor SHORT");
	return 0;
}

static int
entry_read_tags(struct entry *e, struct scan *scan, struct err *err)
{
	struct scan_value all = scan_get(scan, KEY_tags), one;
	size_t pos = 0;

	if (all.type == SCAN_ABSENT)
		return 0;
	if (all.type != SCAN_ARRAY)
		return err_set(err, "tags: not an array");
	while (scan_element(all, &pos, &one))
		if (one.type != SCAN_STRING)
			return err_set(err, "tags: not plain texts");
	e->tags = (struct slice){ all.p, all.n };
	return 0;
}

int
entry_read(struct entry *e, struct scan *scan, struct err *err)
{
	struct osi osi;

	memset(e, 0, sizeof(*e));
	e->timestamp = e->decision_ts = e->strength_e4 = TRADE_NONE;
	e->multiplier = 100;
	e->expiration = DAY_NONE;
	if (scan_fields(scan, entry_fields, sizeof(entry_fields) /
	    sizeof(*entry_fields), e, err) < 0 ||
	    entry_read_kind(e, scan, err) < 0 ||
	    entry_read_tags(e, scan, err) < 0)
		return -1;
	if (e->signal_id.n == 0)
		return err_set(err, "signal_id: missing");
	if (e->symbol.n == 0)
		return err_set(err, "symbol: missing");
	if (e->timestamp == TRADE_NONE)
		return err_set(err, "timestamp: missing");
	if (e->multiplier <= 0)
		return err_set(err, "multiplier: not above 0");
	if (e->decision_ts == TRADE_NONE)
		e->decision_ts = e->timestamp;
	if (osi_parse(e->contract_ticker, &osi, err) < 0)
		return -1;
	e->expiration = osi.expiration;
	e->am_settled = osi.am_settled;
	return 0;
}

void
entry_keep(struct entry *e)
{
	struct slice *texts[] = { &e->signal_id, &e->symbol,
	    &e->contract_ticker, &e->root, &e->trade_id, &e->sweep_id,
	    &e->members, &e->regime_trend, &e->regime_vol, &e->experiment_id,
	    &e->feed, &e->tags };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		n += texts[i]->n;
	e->own = buf_alloc(n + 1, 1);
	n = 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i]->n > 0)
			memcpy(e->own + n, texts[i]->p, texts[i]->n);
		texts[i]->p = e->own + n;
		n += texts[i]->n;
	}
}

void
entry_free(struct entry *e)
{
	free(e->own);
	e->own = NULL;
}
