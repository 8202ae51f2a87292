#include "alert/cooldown.h"

struct cooldown_key {
	int64_t last[RULE_CRITICAL + 1];	/* emitted, by severity */
	bool emitted[RULE_CRITICAL + 1];
	int64_t suppressed;			/* since the last emitted */
};

void
cooldown_init(struct cooldown *cooldown, size_t max)
{
	recent_init(&cooldown->keys, max, sizeof(struct cooldown_key));
}

void
cooldown_free(struct cooldown *cooldown)
{
	recent_free(&cooldown->keys);
}

static bool
cooldown_over(int64_t last, int64_t ts, int64_t ms)
{
	int64_t since;

	if (__builtin_sub_overflow(ts, last, &since))
		return ts > last;
	return since >= ms;
}

bool
cooldown_pass(struct cooldown *cooldown, struct slice key,
    enum rule_severity severity, int64_t ts, int64_t ms,
    int64_t *suppressed)
{
	struct cooldown_key *k = recent_use(&cooldown->keys, key);

	for (int i = (int)severity; i <= RULE_CRITICAL; i++) {
		if (k->emitted[i] && !cooldown_over(k->last[i], ts, ms)) {
			*suppressed = ++k->suppressed;
			return false;
		}
	}
	k->last[severity] = ts;
	k->emitted[severity] = true;
	*suppressed = k->suppressed;
	k->suppressed = 0;
	return true;
}
