#include "paper/stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/plain.h"
#include "record/scan.h"

void
stats_free(struct stats *stats)
{
	for (size_t i = 0; i < stats->n; i++)
		free(stats->groups[i].name);
	stats->n = 0;
}

/* Beyond STATS_GROUPS what is new is in no group. */
static void
stats_count(struct stats *stats, const struct buf *name, int64_t r_e6)
{
	struct stats_group *g = stats->groups, *end = g + stats->n;

	while (g < end && strcmp(g->name, name->p) < 0)
		g++;
	if (g == end || strcmp(g->name, name->p) != 0) {
		if (stats->n == STATS_GROUPS)
			return;
		memmove(g + 1, g, (size_t)(end - g) * sizeof(*g));
		*g = (struct stats_group){ buf_dup(name->p, name->n - 1),
		    { 0 } };
		stats->n++;
	}
	outcome_add(&g->outcome, r_e6);
}

static void
stats_group(struct stats *stats, const char *what, struct slice a,
    struct slice b, int64_t r_e6)
{
	struct buf name = BUF_INIT;

	buf_fmt(&name, "%s ", what);
	plain_clean(&name, a);
	if (b.n > 0)
		buf_str(&name, "/");
	plain_clean(&name, b);
	buf_add(&name, "", 1);
	stats_count(stats, &name, r_e6);
	buf_free(&name);
}

static void
stats_tags(struct stats *stats, struct slice tags, int64_t r_e6)
{
	struct scan_value all = { tags.p, (uint32_t)tags.n, SCAN_ARRAY };
	struct scan_value one;
	size_t pos = 0;

	while (tags.n > 0 && scan_element(all, &pos, &one))
		stats_group(stats, "tag", (struct slice){ one.p, one.n },
		    (struct slice){ NULL, 0 }, r_e6);
}

void
stats_add(struct stats *stats, const struct book_item *item)
{
	static const struct slice none = { NULL, 0 };
	const struct entry *entry = &item->entry;
	const char *kind = entry_kind_names[entry->kind];
	char strength[DECIMAL_TEXT];
	int64_t r_e6;

	stats->not_filled += item->position.reason == POSITION_NOT_FILLED;
	stats->cancelled += item->position.reason == POSITION_CANCELLED;
	if (item->position.reason == POSITION_NOT_FILLED ||
	    item->position.reason == POSITION_CANCELLED)
		return;
	stats->gap_exposed += item->gap_exposed;
	r_e6 = position_result(&item->position).r_e6;
	outcome_add(&stats->all, r_e6);
	stats_group(stats, "kind", (struct slice){ kind, strlen(kind) },
	    none, r_e6);
	stats_tags(stats, entry->tags, r_e6);
	if (entry->strength_e4 != OUTCOME_NONE)
		stats_group(stats, "strength", (struct slice){ strength,
		    decimal_print_int(strength, entry->strength_e4 / 10000) },
		    none, r_e6);
	if (entry->regime_trend.n > 0)
		stats_group(stats, "regime", entry->regime_trend,
		    entry->regime_vol, r_e6);
}

/* Three decimals, "-" when there is none. */
static void
stats_number(struct buf *dst, const char *name, int64_t value_e6)
{
	buf_fmt(dst, ", %s ", name);
	if (value_e6 == OUTCOME_NONE)
		buf_str(dst, "-");
	else
		plain_decimal(dst, decimal_round(value_e6, DECIMAL_E6, 3), 3);
}

static void
stats_percent(struct buf *dst, int64_t share_e6)
{
	plain_decimal(dst, decimal_round(share_e6, 4, 1), 1);
}

static void
stats_line(struct buf *dst, const char *name, const struct outcome *o)
{
	struct outcome_share won = outcome_wilson(o->wins, o->n);

	buf_fmt(dst, "%s: %" PRId64 " trade%s", name, o->n,
	    o->n == 1 ? "" : "s");
	if (o->n > 0) {
		buf_str(dst, ", won ");
		stats_percent(dst, won.share_e6);
		buf_str(dst, " % (");
		stats_percent(dst, won.low_e6);
		buf_str(dst, " to ");
		stats_percent(dst, won.high_e6);
		buf_str(dst, ")");
		stats_number(dst, "mean R", outcome_mean(o));
		stats_number(dst, "sd", outcome_sd(o));
		stats_number(dst, "profit factor", outcome_factor(o));
		stats_number(dst, "drawdown", o->drawdown_e6);
	}
	buf_str(dst, "\n");
}

void
stats_print(struct buf *dst, const struct stats *stats)
{
	stats_line(dst, "all", &stats->all);
	for (size_t i = 0; i < stats->n; i++)
		stats_line(dst, stats->groups[i].name,
		    &stats->groups[i].outcome);
	buf_fmt(dst, "not filled %" PRId64 ", cancelled %" PRId64
	    ", exposed to a gap %" PRId64 "\n", stats->not_filled,
	    stats->cancelled, stats->gap_exposed);
}
