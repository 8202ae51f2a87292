#include "tap/ib_positions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "record/emit.h"
#include "tap/ib_line.h"

/* One of them; its record is closed when the greeks are known. */
struct ib_held_position {
	struct ib_option *option;	/* or NULL: a share, a future ... */
	struct buf record;
};

struct ib_positions {
	struct ib_look_setup setup;
	struct ib_session *session;
	struct desk *desk;
	struct ib_look look;
	struct ib_held_position *held;	/* n of them */
	struct ib_option **options;	/* n_options of theirs */
	size_t n, n_options;
};

void
ib_positions_mask(struct buf *dst, struct slice account)
{
	for (size_t i = 0; i < account.n; i++)
		buf_add(dst, account.n > 5 && (i < 2 || i + 2 >= account.n) ?
		    account.p + i : "*", 1);
}

static void
ib_positions_send(struct ib_positions *positions, void (*write)(struct buf *))
{
	struct buf frame = BUF_INIT;

	write(&frame);
	ib_session_send(positions->session, NULL,
	    (struct slice){ frame.p, frame.n }, NULL);
	buf_free(&frame);
}

static void
ib_positions_cancel(struct buf *frame)
{
	ib_wire_cancel(frame, IB_CANCEL_POSITIONS, 0);
}

static void
ib_positions_forget(struct ib_positions *positions)
{
	for (size_t i = 0; i < positions->n; i++) {
		free(positions->held[i].option);
		buf_free(&positions->held[i].record);
	}
	positions->n = positions->n_options = 0;
}

void
ib_positions_ask(struct ib_positions *positions)
{
	ib_positions_forget(positions);
	ib_positions_send(positions, ib_wire_positions);
}

/* ---- each of them ---- */

/* An option that we can name, as one to look at; else NULL. */
static struct ib_option *
ib_positions_option(struct ib_positions *positions,
    const struct ib_contract *from)
{
	const struct contract_name name = { .osi = from->local };
	struct ib_option *option;
	struct contract *contract;
	struct err err;

	if (!slice_equal(from->type, SLICE("OPT")))
		return NULL;
	contract = contract_find(positions->desk->book, &name, &err);
	if (contract == NULL) {
		log_warning("%.*s: %s", (int)from->local.n, from->local.p,
		    err.text);
		return NULL;
	}
	option = buf_alloc(1, sizeof(*option));
	option->contract = contract;
	option->id = from->id;
	option->right = contract->osi.right;
	snprintf(option->local, sizeof(option->local), "%.*s",
	    (int)from->local.n, from->local.p);
	return option;
}

static void
ib_positions_identity(struct buf *dst, const struct contract *contract)
{
	emit_text(dst, KEY_contract_ticker, contract->ticker);
	emit_decimal(dst, KEY_strike, contract->osi.strike_e4, DECIMAL_E4);
	emit_text(dst, KEY_expiration, contract->expiration);
	emit_str(dst, KEY_option_type,
	    contract->osi.right == OSI_CALL ? "call" : "put");
}

static void
ib_positions_open(struct buf *dst, const struct ib_message *message,
    const struct contract *contract, int64_t now_ms)
{
	struct slice multiplier = message->contract.multiplier;
	struct buf account = BUF_INIT;
	int64_t number;

	ib_positions_mask(&account, message->account);
	emit_open(dst, "position");
	emit_text(dst, KEY_symbol, contract != NULL ? contract->symbol :
	    message->contract.symbol);
	if (contract != NULL)
		emit_text(dst, KEY_contract_ticker, contract->ticker);
	emit_int(dst, KEY_timestamp, now_ms);
	if (contract != NULL)
		ib_positions_identity(dst, contract);
	emit_text(dst, KEY_account, (struct slice){ account.p, account.n });
	emit_opt_decimal(dst, KEY_position, message->position_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_avg_cost, message->cost_e4, DECIMAL_E4);
	if (decimal_parse(multiplier.p, multiplier.n, 0, &number, NULL) == 0)
		emit_int(dst, KEY_multiplier, number);
	buf_free(&account);
}

static void
ib_positions_one(struct ib_positions *positions,
    const struct ib_message *message)
{
	struct ib_option *option = ib_positions_option(positions,
	    &message->contract);
	const struct contract *contract = option == NULL ? NULL :
	    option->contract;
	struct ib_held_position *held;

	if (!select_symbol(positions->desk->select, contract != NULL ?
	    contract->symbol : message->contract.symbol)) {
		free(option);
		return;
	}
	positions->held = buf_realloc(positions->held, positions->n + 1,
	    sizeof(*positions->held));
	held = &positions->held[positions->n++];
	*held = (struct ib_held_position){ .option = option };
	ib_positions_open(&held->record, message, contract,
	    ib_session_now(positions->session));
}

/* ---- all of them ---- */

static void
ib_positions_end(void *ctx)
{
	struct ib_positions *positions = ctx;
	struct source_item item = { .rank = SOURCE_CHAIN, .file = "ib",
		.ts = ib_session_now(positions->session) };

	for (size_t i = 0; i < positions->n; i++) {
		struct ib_held_position *held = &positions->held[i];

		if (held->option != NULL)
			ib_line_write_greeks(&held->record, held->option);
		emit_close(&held->record);
		item.made = (struct slice){ held->record.p, held->record.n };
		desk_item(positions->desk, &item);
	}
	ib_positions_forget(positions);
	positions->setup.done(positions->setup.ctx);
}

void
ib_positions_take(struct ib_positions *positions,
    const struct ib_message *message)
{
	if (message->id == IB_POSITION) {
		ib_positions_one(positions, message);
		return;
	}
	ib_positions_send(positions, ib_positions_cancel);
	free(positions->options);
	positions->options = buf_alloc(positions->n + 1,
	    sizeof(struct ib_option *));
	for (size_t i = 0; i < positions->n; i++)
		if (positions->held[i].option != NULL)
			positions->options[positions->n_options++] =
			    positions->held[i].option;
	ib_look_start(&positions->look, positions->options,
	    positions->n_options);
}

void
ib_positions_tick(struct ib_positions *positions, int64_t now_ms)
{
	ib_look_tick(&positions->look, now_ms);
}

struct ib_positions *
ib_positions_new(struct ib_session *session, struct desk *desk,
    const struct ib_look_setup *setup)
{
	struct ib_positions *positions = buf_alloc(1, sizeof(*positions));
	struct ib_look_setup look = *setup;

	look.done = ib_positions_end;
	look.ctx = positions;
	positions->setup = *setup;
	positions->session = session;
	positions->desk = desk;
	ib_look_init(&positions->look, session, desk, &look);
	return positions;
}

void
ib_positions_free(struct ib_positions *positions)
{
	if (positions == NULL)
		return;
	ib_positions_forget(positions);
	ib_look_free(&positions->look);
	free(positions->held);
	free(positions->options);
	free(positions);
}
