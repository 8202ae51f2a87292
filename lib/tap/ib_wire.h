#ifndef FLOW_IB_WIRE_H
#define FLOW_IB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/trade.h"

/*
 * The text protocol of TWS and IB Gateway, versions 176 to 178, as bytes: no
 * sockets, no state.  A frame is a length in 4 bytes, big-endian, and that
 * many bytes of payload; a payload is fields, each ended by a NUL, the first
 * the message's id.  There is no checksum and no way to get in step again:
 * what is malformed ends the connection.
 *
 * Only requests that read are known here.  The order side of the protocol is
 * left out on purpose: flow-tap cannot place, change or cancel an order.
 *
 * Numbers are exact: prices 1/10,000 dollar, volatilities and greeks
 * 1/1,000,000.  What the gateway says by a sentinel (2147483647,
 * 1.7976931348623157E308, -1 or -2 for a greek, an empty field) is TRADE_NONE.
 *
 * Source: the field lists of IBKR's and three other public clients, checked
 * with the vectors in tests/data/ib-wire.
 */

enum {
	IB_WIRE_LOW = 157,		/* what the handshake offers */
	IB_WIRE_OLDEST = 176,		/* what is accepted */
	IB_WIRE_NEWEST = 178,
	IB_WIRE_FRAME = 0xffffff	/* longest payload, bytes */
};

/* Messages to the gateway: all there are. */
enum {
	IB_REQ_MARKET = 1, IB_CANCEL_MARKET = 2, IB_REQ_DETAILS = 9,
	IB_REQ_BARS = 20, IB_REQ_SCAN = 22, IB_CANCEL_SCAN = 23,
	IB_CANCEL_BARS = 25, IB_REQ_TIME = 49, IB_REQ_DATA_TYPE = 59,
	IB_REQ_POSITIONS = 61, IB_CANCEL_POSITIONS = 64, IB_START = 71,
	IB_REQ_CHAIN = 78, IB_REQ_TICKS = 96
};

/* Messages from it that are read; others are passed over. */
enum {
	IB_PRICE = 1, IB_SIZE = 2, IB_ERROR = 4, IB_NEXT_ID = 9,
	IB_DETAILS = 10, IB_ACCOUNTS = 15, IB_BARS = 17, IB_FOUND = 20,
	IB_GREEKS = 21, IB_STRING = 46, IB_TIME = 49, IB_DETAILS_END = 52,
	IB_SNAPSHOT_END = 57, IB_DATA_TYPE = 58, IB_POSITION = 61,
	IB_POSITIONS_END = 62, IB_CHAIN = 75, IB_CHAIN_END = 76,
	IB_QUOTES = 97, IB_PRINTS = 98
};

/* An instrument as requests and answers name it; empty: not said. */
struct ib_contract {
	int64_t id;			/* conId; 0 or TRADE_NONE: not known */
	struct slice symbol;		/* of the underlying; "BRK B" */
	struct slice type;		/* STK, IND, OPT */
	struct slice expiration;	/* YYYYMMDD; a time may follow */
	int64_t strike_e4;		/* 0: none */
	struct slice right;		/* C, P */
	struct slice multiplier;	/* "100" */
	struct slice exchange;		/* SMART */
	struct slice primary;		/* NASDAQ */
	struct slice currency;		/* USD */
	struct slice local;		/* "TSLA  260116C00400000" */
	struct slice trading_class;	/* SPXW */
};

/* Frames: */

/*
 * Looks at the bytes received.  1: *payload lies in them, *used is how many
 * the frame takes; 0: more are needed; -1 and err: no frame begins here.
 */
int ib_wire_frame(struct slice bytes, struct slice *payload, size_t *used,
    struct err *err);

/* Fields in: */

struct ib_in {
	const char *p, *end;	/* what is still to be read */
	int field;		/* number of the field read last; the id: 0 */
	int bad;		/* the first missing or no number, or 0 */
};

/* The message's id; -1 and err when the payload has no form. */
int64_t ib_wire_open(struct ib_in *in, struct slice payload, struct err *err);

/* The next field; when there is none, an empty one, and it is noted. */
struct slice ib_wire_text(struct ib_in *in);

/*
 * The next field in units of 10^-scale, finer decimals rounded half away from
 * zero; TRADE_NONE when empty or a sentinel.
 */
int64_t ib_wire_number(struct ib_in *in, int scale);

/* Messages in: */

/* One message.  What a kind does not have is empty or TRADE_NONE. */
struct ib_message {
	int64_t id;
	int64_t request;		/* or -1 */
	int64_t type;			/* tick type, or data type */
	int64_t number;			/* code of an error, time, next id,
					 * done: 1 when no more follows */
	struct slice text;		/* of an error or a tick; accounts */
	struct slice account;
	int64_t price_e4, size;		/* of a tick; size rounded to whole */
	int64_t iv_e6, delta_e6, gamma_e6, vega_e6, theta_e6;
	int64_t underlying_e4;
	struct ib_contract contract;
	int64_t underlying_id;		/* conId */
	struct slice long_name;
	int64_t position_e4, cost_e4;	/* average, multiplier included */
	size_t rows[2];			/* left, of each of its lists */
	struct ib_in in[2];		/* they stand there */
};

/* One row of a list. */
struct ib_row {
	int64_t time;			/* s since 1970, or YYYYMMDD */
	int64_t mask;
	int64_t price_e4, size;		/* of a print; or a strike */
	int64_t bid_e4, ask_e4, bid_size, ask_size;
	int64_t open_e4, high_e4, low_e4, close_e4;
	int64_t volume, vwap_e6, trades;
	int64_t rank;
	struct slice exchange, conditions;
	struct slice text;		/* an expiration */
	struct ib_contract contract;	/* found by a scanner */
};

/*
 * Reads a payload, which the message then points into.  1; 0 when the kind is
 * not known; -1 and err when fields are missing or no numbers.
 */
int ib_wire_read(struct slice payload, struct ib_message *message,
    struct err *err);

/*
 * The next row: list 0 is a message's first or only one, 1 the strikes behind
 * the expirations of IB_CHAIN.  1; 0 at the end; -1 and err.
 */
int ib_wire_row(struct ib_message *message, int list, struct ib_row *row,
    struct err *err);

/* A string tick of type 48 or 77: "price;size;ms;volume;vwap;single". */
struct ib_rtvolume {
	int64_t price_e4, size;		/* TRADE_NONE: totals only */
	int64_t ts;			/* ms */
	int64_t volume;			/* of the day */
};

int ib_wire_rtvolume(struct slice text, struct ib_rtvolume *out,
    struct err *err);

/* Messages out, appended as frames: */

/* The first bytes of a connection. */
void ib_wire_hello(struct buf *dst, int low, int high);

/* A frame of any fields: open, fields, close with what open returned. */
size_t ib_wire_begin(struct buf *dst);
void ib_wire_put(struct buf *dst, struct slice field);
void ib_wire_put_int(struct buf *dst, int64_t value);
void ib_wire_end(struct buf *dst, size_t begin);

/*
 * True for the ids above, which only read: nothing else may be sent (an order
 * least of all).
 */
bool ib_wire_reads(int64_t id);

void ib_wire_start(struct buf *dst, int64_t client);
void ib_wire_time(struct buf *dst);
/* 1 live, 2 frozen, 3 delayed, 4 delayed-frozen */
void ib_wire_data_type(struct buf *dst, int64_t type);
void ib_wire_positions(struct buf *dst);
void ib_wire_details(struct buf *dst, int64_t request,
    const struct ib_contract *contract);
/* Of an underlying with its conId. */
void ib_wire_chain(struct buf *dst, int64_t request,
    const struct ib_contract *contract);
/* generic: list of generic ticks, "100,233"; must be empty of a snapshot. */
void ib_wire_market(struct buf *dst, int64_t request,
    const struct ib_contract *contract, struct slice generic, bool snapshot);

/* Either start or end is empty: "20260105-15:00:00" in UTC. */
struct ib_ticks {
	struct slice start, end;
	int64_t n;			/* at most 1000 */
	struct slice what;		/* TRADES, BID_ASK */
	bool regular;			/* regular hours only */
	bool ignore_size;		/* of BID_ASK: prices only */
};

void ib_wire_ticks(struct buf *dst, int64_t request,
    const struct ib_contract *contract, const struct ib_ticks *ticks);

struct ib_bars {
	struct slice end;		/* as above; empty: now */
	struct slice size, span;	/* "5 mins", "1 D" */
	struct slice what;		/* TRADES */
	bool regular;
	int64_t format;			/* of times: 1 text, 2 seconds */
};

void ib_wire_bars(struct buf *dst, int64_t request,
    const struct ib_contract *contract, const struct ib_bars *bars);

struct ib_scanner {
	int64_t rows;			/* at most 50 */
	struct slice instrument, location, code;
	int64_t price_above_e4;		/* TRADE_NONE: any */
	struct slice filter;		/* "tag=value;" or empty */
};

void ib_wire_scan(struct buf *dst, int64_t request,
    const struct ib_scanner *scan);

/* IB_CANCEL_MARKET, _BARS, _SCAN of a request, or _POSITIONS of none. */
void ib_wire_cancel(struct buf *dst, int kind, int64_t request);

#endif
