#!/usr/bin/python3
"""ib_gateway.py: a stand-in for TWS or IB Gateway, for tests.

Speaks the text protocol, versions 176 to 178, over loopback, and serves what a
scenario holds: instruments, chains, historical and streaming ticks, bars,
positions, a scanner's answer, errors, and a script of trouble.  Written from
public descriptions of the protocol and the recorded frames in
tests/data/ib-wire, never from our own client, so that the two can disagree.

  ib_gateway.py [options] [scenario.json]
    --session FILE  records of flow-tap: their prints and quotes are served
    --host A        address to listen on; 127.0.0.1 unless said
    --port N        port there; 0, the default: any
    --ready FILE    the port is written there once it listens (a fifo will do)
    --log FILE      every frame, one line each, NUL shown as |
    --reads-only    a message that is not market data, contract, history,
                    scanner or account reading is a breach
    --once          ends when the last client has gone

It ends with 1 when a client broke a rule: a message of the wrong form or
outside the list, or a pacing breach; each is told on standard error.
"""
import argparse
import asyncio
import datetime
import json
import signal
import struct
import sys
import time

NEW_YORK_RULE = ((3, 8), (11, 1))       # second Sunday of March, first of Nov.
READS = {1, 2, 9, 20, 22, 23, 25, 49, 59, 61, 64, 71, 78, 96}
LEGAL_TICKS = {100, 101, 105, 106, 165, 220, 221, 225, 232, 233, 236, 258, 292,
               293, 294, 295, 318, 375, 411, 456, 460, 577, 586, 587, 588, 595,
               614, 619, 623}
# Message: how many fields it has.  BAG requests have more.
WIDTH = {1: 20, 2: 3, 5: 2, 6: 4, 7: 10, 8: 3, 9: 19, 14: 3, 17: 2, 20: 23,
         22: 25, 23: 3, 24: 2, 25: 3, 49: 2, 59: 3, 61: 2, 62: 5, 63: 3, 64: 2,
         71: 4, 76: 6, 77: 3, 78: 6, 81: 3, 91: 2, 96: 22, 97: 17, 98: 2,
         99: 2}
# Sale conditions by their OPRA letters, and exchanges, as IBKR names them.
LETTERS = dict(zip(
    'AUTO ISOI REOP CANC CNCL CNCO CNOL OSEQ LATE OPEN OPNL SLAN SLAI SLCN '
    'SCLI SLFT MLET MLAT MLCT MLFT MESL TLAT MASL MFSL TLET TLCT TLFT TESL '
    'TASL TFSL CBMO MCTP EXHT'.split(), 'ISJACEGBDFHabcdefghijklmnopqrstuv'))
MARKETS = {'EMLD': 'EMERALD', 'GEMX': 'GEMINI', 'MRX': 'MERCURY',
           'ARCA': 'PSE', 'NOM': 'NASDAQOM', 'SPHR': 'SAPPHIRE',
           'BX': 'NASDAQBX', 'C2': 'CBOE2', 'BZX': 'BATS'}
TEXTS = {
    100: 'Max rate of messages per second has been exceeded:',
    101: 'Max number of tickers has been reached',
    102: 'Duplicate ticker ID',
    162: 'Historical Market Data Service error message:',
    200: 'No security definition has been found for the request',
    300: "Can't find EId with tickerId:",
    320: 'Error reading request.',
    321: 'Error validating request.-',
    322: 'Error processing request.-',
    326: 'Unable to connect as the client id is already in use. '
         'Retry with a unique client id.',
    354: 'Requested market data is not subscribed.'
         'Delayed market data is available.',
    366: 'No historical data query found for ticker id:',
    1100: 'Connectivity between IBKR and Trader Workstation has been lost.',
    1101: 'Connectivity between IBKR and Trader Workstation has been restored '
          '- data lost.',
    1102: 'Connectivity between IBKR and Trader Workstation has been restored '
          '- data maintained.',
    1300: 'TWS socket port has been reset and this connection is being '
          'dropped. Please reconnect on the new port -',
    2103: 'Market data farm connection is broken:usfarm',
    2104: 'Market data farm connection is OK:usfarm',
    2105: 'HMDS data farm connection is broken:ushmds',
    2106: 'HMDS data farm connection is OK:ushmds',
    2119: 'Market data farm is connecting:usfarm',
    2158: 'Sec-def data farm connection is OK:secdefnj',
    10090: 'Part of requested market data is not subscribed.',
    10167: 'Requested market data is not subscribed. '
           'Displaying delayed market data.',
    10168: 'Requested market data is not subscribed. '
           'Delayed market data is not enabled.',
    10187: 'Failed to request historical ticks:',
    10189: 'Failed to request tick-by-tick data.',
    10190: 'Max number of tick-by-tick requests has been reached.',
    10197: 'No market data during competing live session',
}


def sunday(year, month, first):
    day = datetime.date(year, month, first)
    return day + datetime.timedelta((6 - day.weekday()) % 7)


def new_york(seconds):
    """The New York date of an instant."""
    utc = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    day = utc.date()
    start = sunday(utc.year, *NEW_YORK_RULE[0])
    end = sunday(utc.year, *NEW_YORK_RULE[1])
    hours = 4 if start <= day < end else 5
    return (utc - datetime.timedelta(hours=hours)).date()


def read_time(text):
    """20260105-15:00:00 is UTC; '20260105 10:00:00 US/Eastern' is not."""
    if '-' in text[:9]:
        at = datetime.datetime.strptime(text, '%Y%m%d-%H:%M:%S')
        return int(at.replace(tzinfo=datetime.timezone.utc).timestamp())
    parts = text.split()
    at = datetime.datetime.strptime(' '.join(parts[:2]), '%Y%m%d %H:%M:%S')
    at = int(at.replace(tzinfo=datetime.timezone.utc).timestamp())
    if len(parts) > 2 and parts[2] in ('US/Eastern', 'America/New_York'):
        summer = sunday(int(text[:4]), *NEW_YORK_RULE[0]) <= \
            datetime.datetime.strptime(parts[0], '%Y%m%d').date() < \
            sunday(int(text[:4]), *NEW_YORK_RULE[1])
        at += 3600 * (4 if summer else 5)
    return at


def java(value):
    """A double as the gateway writes it."""
    return repr(float(value)).replace('e-0', 'E-').replace('e', 'E')


class Scenario:
    def __init__(self, data):
        self.data = data
        self.start = time.monotonic()
        self.stocks = data.get('stocks', [])
        self.options = data.get('options', [])
        self.by_id = {c['conId']: c for c in self.stocks + self.options}
        self.now0 = data.get('now', int(time.time()))
        self.lines = data.get('lines', 100)
        self.rate = data.get('rate', 50)
        self.refuse = [dict(r) for r in data.get('refuse', [])]
        self.script = [dict(s) for s in data.get('script', [])]
        self.counts = {}

    def get(self, name, default=None):
        return self.data.get(name, default)

    def now(self):
        return self.now0 + int(time.monotonic() - self.start)

    def find(self, c):
        """Instruments that a request's twelve fields name."""
        if c['conId'] not in ('', '0'):
            found = self.by_id.get(int(c['conId']))
            return [found] if found else []
        rows = self.options if c['secType'] == 'OPT' else self.stocks
        return [r for r in rows if r['symbol'] == c['symbol'] and
                r.get('secType', c['secType']) == c['secType'] and
                (c['secType'] != 'OPT' or
                 (not c['expiration'] or
                  r['expiration'].startswith(c['expiration'])) and
                 (float(c['strike'] or 0) in (0.0, float(r['strike']))) and
                 (not c['right'] or r['right'] == c['right'][0]) and
                 (not c['tradingClass'] or
                  r.get('tradingClass', r['symbol']) == c['tradingClass']))]

    def matches(self, rule, mid, contract):
        return (rule.get('request') == mid and rule.get('times', 1) != 0 and
                ('symbol' not in rule or contract and
                 rule['symbol'] == contract.get('symbol')) and
                ('conId' not in rule or contract and
                 rule['conId'] == contract.get('conId')))


def local_symbol(o):
    return '%-6s%s%s%08d' % (o.get('tradingClass', o['symbol']),
                             o['expiration'][2:], o['right'],
                             round(float(o['strike']) * 1000))


def load_session(path):
    """Prints and quotes of flow-tap's records as a scenario."""
    stocks, options, last = {}, {}, 0
    next_id = 1000
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            r = json.loads(line)
            if r['record'] not in ('trade', 'quote', 'oi'):
                continue
            ticker = r.get('contract_ticker', '')
            if not ticker.startswith('O:'):
                continue
            if ticker not in options:
                root, rest = ticker[2:-15], ticker[-15:]
                symbol = r.get('symbol', root)
                for name in (symbol, ticker):
                    next_id += 1
                    if name == symbol and symbol not in stocks:
                        stocks[symbol] = {'conId': next_id, 'symbol': symbol,
                                          'primary': 'NYSE', 'price': 0,
                                          'name': symbol}
                options[ticker] = {
                    'conId': next_id, 'symbol': symbol, 'tradingClass': root,
                    'expiration': '20' + rest[:6], 'right': rest[6],
                    'strike': int(rest[7:]) / 1000, 'prints': [],
                    'quotes': []}
            o = options[ticker]
            if 'timestamp' not in r:
                continue
            t = r['timestamp'] // 1000
            last = max(last, t)
            if r['record'] == 'oi':
                o['oi'] = r['open_interest']
            elif r['record'] == 'quote' and r.get('scope') == 'EX':
                continue
            elif r['record'] == 'quote':
                o['quotes'].append([t, r.get('bid', -1), r.get('ask', -1),
                                    r.get('bid_size', 0),
                                    r.get('ask_size', 0)])
            else:
                o['prints'].append([t, r['price'], r['size'],
                                    MARKETS.get(r.get('exchange', ''),
                                                r.get('exchange', '')),
                                    ' '.join(LETTERS.get(c, c) for c in
                                             r.get('conditions', [])), 0])
                if 'underlying_price' in r:
                    stocks[r['symbol']]['price'] = r['underlying_price']
    return {'now': last + 60, 'stocks': list(stocks.values()),
            'options': list(options.values())}


class Gateway:
    def __init__(self, scenario, args, log):
        self.scenario = scenario
        self.args = args
        self.log_file = log
        self.clients = {}
        self.breaches = []
        self.history = []       # (time, weight, key)
        self.server = None
        self.port = None
        self.done = asyncio.Event()
        self.woken = time.monotonic()
        self.late = []          # (time, seconds) that the loop stood still

    async def watch(self):
        """Wakes every 50 ms, or notes how much later."""
        while not self.done.is_set():
            self.woken = time.monotonic()
            await asyncio.sleep(0.05)
            now = time.monotonic()
            if now - self.woken > 0.1:
                self.late.append((now, now - self.woken - 0.05))

    def within(self, then, seconds):
        """Whether what came then surely was sent so few seconds ago: where
        this process stood still, messages come closer together than sent."""
        now = time.monotonic()
        stood = max(0, now - self.woken - 0.05) + sum(
            x[1] for x in self.late if x[0] >= then - 0.2)
        return now - then < seconds - stood

    def breach(self, text):
        self.breaches.append(text)
        print('ib_gateway: breach: ' + text, file=sys.stderr, flush=True)

    def log(self, direction, fields):
        if self.log_file:
            self.log_file.write('%s %s|\n' % (direction, '|'.join(fields)))
            self.log_file.flush()

    async def listen(self, port):
        self.server = await asyncio.start_server(
            lambda r, w: Client(self, r, w).run(), self.args.host, port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def away(self, seconds, port=None):
        """The daily restart: the port refuses for a while."""
        self.server.close()
        for client in list(self.clients.values()):
            client.stale = True
            client.writer.close()
        await asyncio.sleep(seconds)
        await self.listen(self.port if port is None else port)


class Client:
    def __init__(self, gateway, reader, writer):
        self.gateway = gateway
        self.scenario = gateway.scenario
        self.reader = reader
        self.writer = writer
        self.version = 0
        self.id = None
        self.data_type = 1
        self.lines = {}         # request -> task or None
        self.scans = set()
        self.open = 0           # requests of bars
        self.sent_at = []
        self.strikes = 0
        self.tasks = set()
        self.stale = False
        self.mute = False

    # ---- bytes ----

    async def frame(self):
        n, = struct.unpack('>I', await self.reader.readexactly(4))
        if not 0 < n <= 0xffffff:
            raise ValueError('a frame of %d bytes' % n)
        return await self.reader.readexactly(n)

    def send(self, *fields):
        if self.mute or self.writer.is_closing():
            return
        texts = [f if isinstance(f, str) else str(f) for f in fields]
        self.gateway.log('>', texts)
        data = ''.join(t + '\0' for t in texts).encode('latin-1', 'replace')
        self.raw(struct.pack('>I', len(data)) + data)

    def raw(self, data):
        step = self.scenario.get('write', 0)
        if not step:
            self.writer.write(data)
            return
        for i in range(0, len(data), step):
            self.writer.write(data[i:i + step])

    def error(self, request, code, text=None):
        self.send(4, 2, request, code, TEXTS.get(code, '') +
                  ('' if text is None else text), '')

    def spawn(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    # ---- a connection's life ----

    async def run(self):
        reset = False
        try:
            await self.session()
        except asyncio.IncompleteReadError:
            pass
        except ConnectionError:
            reset = True        # what was sent last is lost with it
        except ValueError as e:
            self.gateway.breach(str(e))
        finally:
            for task in list(self.tasks):
                task.cancel()
            if self.gateway.args.reads_only and self.lines and \
                    not self.stale and not self.mute and not reset:
                self.gateway.breach('%d lines left open' % len(self.lines))
            if self.gateway.clients.get(self.id) is self:
                del self.gateway.clients[self.id]
            self.writer.close()
            if self.gateway.args.once and self.id is not None and \
                    not self.gateway.clients:
                self.gateway.done.set()

    async def session(self):
        if await self.reader.readexactly(4) != b'API\0':
            raise ValueError('a connection that does not begin with API')
        text = (await self.frame()).decode('ascii')
        low, high = text.split(' ')[0][1:].split('..')
        greeting = self.scenario.get('greeting')
        if greeting == 'silent':
            await self.reader.read()
            return
        if greeting == 'close':
            return
        self.version = min(int(high), self.scenario.get('version', 178))
        if self.version < int(low):
            return
        self.send(self.version, self.scenario.get(
            'time_text', '20260105 10:30:00 EST'))
        while True:
            payload = await self.frame()
            if payload[-1] != 0:
                raise ValueError('a message without its last NUL')
            fields = payload[:-1].decode('ascii').split('\0')
            self.gateway.log('<', fields)
            if not self.accept(fields):
                await self.writer.drain()
                return
            await self.scripted(int(fields[0]))
            if self.writer.is_closing():
                raise ConnectionResetError
            await self.writer.drain()

    def accept(self, fields):
        """Answers one message; false: the connection ends."""
        if not fields[0].isdigit():
            raise ValueError('a message id that is no number: ' + fields[0])
        mid = int(fields[0])
        if self.id is None and mid != 71:
            self.gateway.breach('message %d before startApi' % mid)
            return True
        if self.gateway.args.reads_only and mid not in READS:
            self.gateway.breach('message %d is not on the list' % mid)
            return False
        if not self.paced():
            return self.strikes < 3
        bag = len(fields) > 5 and 'BAG' in fields[3:7]
        if mid in WIDTH and len(fields) != WIDTH[mid] and not bag:
            self.gateway.breach('message %d has %d fields, not %d' %
                                (mid, len(fields), WIDTH[mid]))
            self.error(-1, 320)
            return False
        answer = getattr(self, 'on_%d' % mid, None)
        if answer is None:
            self.error(-1, 321, 'unknown request')
            return True
        return answer(fields) is not False

    def paced(self):
        self.sent_at = [t for t in self.sent_at
                        if self.gateway.within(t, 1)] + [time.monotonic()]
        if len(self.sent_at) <= self.scenario.rate:
            return True
        self.gateway.breach('%d messages in a second' % len(self.sent_at))
        self.strikes += 1
        self.error(-1, 100)
        return False

    async def scripted(self, mid):
        counts = self.scenario.counts
        counts[mid] = counts.get(mid, 0) + 1
        for step in self.scenario.script:
            if step.get('done') or step['message'] != mid or \
                    counts[mid] < step.get('count', 1):
                continue
            step['done'] = True
            self.spawn(self.act(step['do']))

    async def act(self, actions):
        for action in actions:
            name, rest = action[0], action[1:]
            if name == 'wait':
                await asyncio.sleep(rest[0])
            elif name == 'error':
                self.error(rest[0], rest[1], *rest[2:])
            elif name == 'lose':        # subscriptions are really dead
                self.stale = True
            elif name == 'mute':        # half open: nothing comes any more
                self.mute = True
            elif name == 'garbage':
                self.stale = True       # the client may well hang up
                self.raw(bytes(range(256)) * rest[0])
            elif name == 'unknown':     # messages and ticks nobody knows
                self.send(999, 1, 'x')
                for request in self.lines:
                    self.send(45, 6, request, 999, '1.0')
            elif name == 'flood':       # so many prints on the last line
                request = list(self.lines)[-1]
                for i in range(rest[0]):
                    text = '46\0006\0%s\00048\0001.25;1;%d;%d;1.25;true\0' % (
                        request, rest[1] + i, i + 1)
                    self.writer.write(struct.pack('>I', len(text)) +
                                      text.encode('ascii'))
                    if i % 1000 == 999:
                        await self.writer.drain()
                await self.writer.drain()
            elif name == 'close':
                self.stale = True
                self.writer.close()
            elif name == 'move':        # the port was changed
                old = self.gateway.server
                await self.gateway.listen(0)
                self.error(-1, 1300, ' %d' % self.gateway.port)
                old.close()
                self.stale = True
                self.writer.close()
            elif name == 'away':
                asyncio.ensure_future(self.gateway.away(*rest))
            else:
                self.send(*action)

    # ---- requests ----

    @staticmethod
    def contract(f, at):
        names = ('conId', 'symbol', 'secType', 'expiration', 'strike', 'right',
                 'multiplier', 'exchange', 'primary', 'currency', 'local',
                 'tradingClass')
        return dict(zip(names, f[at:at + 12]))

    def refused(self, mid, request, contract):
        """An error that the scenario wants here; true when it ends it."""
        for rule in self.scenario.refuse:
            if self.scenario.matches(rule, mid, contract):
                rule['times'] = rule.get('times', 1) - 1
                self.error(request, rule['code'], rule.get('text'))
                if not rule.get('advice'):
                    return True
        return False

    def on_71(self, f):
        client = int(f[2])
        if client in self.gateway.clients or \
                client in self.scenario.get('taken_ids', []):
            self.error(-1, 326)
            return False
        self.id = client
        self.gateway.clients[client] = self
        if self.scenario.get('opening') == 'silent':
            return True
        self.send(15, 1, ','.join(self.scenario.get('accounts',
                                                    ['DU1234567'])))
        self.send(9, 1, 1)
        for code in self.scenario.get('farms', [2104, 2106, 2158]):
            self.error(-1, code)
        return True

    def on_8(self, _):
        self.send(9, 1, 1)

    def on_14(self, _):
        pass

    def on_17(self, _):
        self.send(15, 1, ','.join(self.scenario.get('accounts',
                                                    ['DU1234567'])))

    def on_49(self, _):
        if self.refused(49, -1, None):
            return
        self.send(49, 1, self.scenario.now())

    def on_59(self, f):
        self.data_type = int(f[2])

    def on_9(self, f):
        request, c = f[2], self.contract(f, 3)
        if self.refused(9, request, c):
            return
        found = self.scenario.find(c)
        if not found:
            self.error(request, 200)
            return
        for r in found:
            option = 'strike' in r
            head = [10, request, r['symbol'],
                    'OPT' if option else r.get('secType', 'STK'),
                    r.get('expiration', ''),
                    java(r['strike']) if option else '0', r.get('right', ''),
                    'SMART', 'USD',
                    local_symbol(r) if option else r['symbol'],
                    r.get('tradingClass', r['symbol']),
                    r.get('tradingClass', r['symbol']), r['conId'], '0.01',
                    str(r.get('multiplier', 100)) if option else '',
                    'DAY,LMT', 'SMART,CBOE', 1, r.get('underConId', 0),
                    r.get('name', r['symbol']), r.get('primary', '')]
            tail = [r['expiration'][:6] if option else '', '', '', '',
                    'US/Eastern', '20260105:0930-20260105:1600',
                    '20260105:0930-20260105:1600', '', 0]
            pairs = r.get('ids', {})
            tail.append(len(pairs))
            for tag, value in pairs.items():
                tail += [tag, value]
            tail += [1, r['symbol'] if option else '',
                     'STK' if option else '', '26', r.get('expiration', ''),
                     '' if option else 'COMMON', 1, 1, 1]
            self.send(*head, *tail)
        self.send(52, 1, request)

    def on_78(self, f):
        request, symbol = f[1], f[2]
        if self.refused(78, request, {'symbol': symbol}):
            return
        classes = {}
        for o in self.scenario.options:
            if o['symbol'] == symbol:
                key = (o.get('tradingClass', symbol),
                       str(o.get('multiplier', 100)))
                dates, strikes = classes.setdefault(key, (set(), set()))
                dates.add(o['expiration'])
                strikes.add(float(o['strike']))
        for (name, multiplier), (dates, strikes) in classes.items():
            for exchange in ('CBOE', 'SMART'):
                self.send(75, request, exchange, f[5], name, multiplier,
                          len(dates), *sorted(dates, reverse=True),
                          len(strikes), *[java(s) for s in strikes])
        self.send(76, request)

    # ---- market data ----

    def on_1(self, f):
        request, c = f[2], self.contract(f, 3)
        generic, snapshot = f[16] if c['secType'] != 'BAG' else '', f[17]
        if request in self.lines:
            self.error(request, 102)
            return
        if self.refused(1, request, (self.scenario.find(c) or [c])[0]):
            return
        if generic and snapshot == '1':
            self.error(request, 414)
            return
        for tick in filter(None, generic.split(',')):
            if int(tick.split(':')[0]) not in LEGAL_TICKS:
                self.error(request, 321, 'incorrect generic tick list')
                return
        if snapshot == '0' and len(self.lines) >= self.scenario.lines:
            self.gateway.breach('%d lines' % (len(self.lines) + 1))
            self.error(request, 101)
            return
        found = self.scenario.find(c)
        if not found:
            self.error(request, 200)
            return
        self.lines[request] = None
        self.first_ticks(request, found[0], generic.split(','))
        if snapshot == '1':
            self.spawn(self.snapshot_end(request))
        else:
            self.lines[request] = self.spawn(
                self.stream(request, found[0], generic.split(',')))

    async def snapshot_end(self, request):
        await asyncio.sleep(self.scenario.get('snapshot_s', 0.05))
        self.lines.pop(request, None)
        self.send(57, 1, request)

    def price(self, request, tick, size_tick, price, size):
        self.send(1, 6, request, tick, java(price), size, 0)
        if size_tick is not None:
            self.send(2, 6, request, size_tick, size)

    def first_ticks(self, request, r, generic):
        served = self.scenario.get('data_type', 1)
        late = 0
        if served in (3, 4) and self.data_type in (3, 4):
            late = 66
        self.send(58, 1, request, self.data_type if late else served)
        self.send(81, request, '0.01', '9c0001', 3)
        if 'strike' in r:
            self.option_ticks(request, r, generic, late)
            return
        price = r.get('price')
        if isinstance(price, list):     # another one each time it is asked
            price = price.pop(0) if len(price) > 1 else price[0]
        if price:
            self.price(request, 68 if late else 4, 71 if late else 5, price,
                       100)
        self.price(request, 75 if late else 9, None,
                   r.get('close', price or -1), 0)
        if '100' in generic:
            self.send(2, 6, request, 29, r.get('call_volume', 0))
            self.send(2, 6, request, 30, r.get('put_volume', 0))

    def option_ticks(self, request, r, generic, late):
        if r.get('quotes'):
            _, bid, ask, bid_size, ask_size = r['quotes'][-1]
            self.price(request, 66 if late else 1, 69 if late else 0, bid,
                       bid_size)
            self.price(request, 67 if late else 2, 70 if late else 3, ask,
                       ask_size)
        if r.get('prints'):
            last = r['prints'][-1]
            self.price(request, 68 if late else 4, 71 if late else 5, last[1],
                       last[2])
        self.send(2, 6, request, 74 if late else 8, r.get('volume', sum(
            p[2] for p in r.get('prints', [])
            if p[0] <= self.scenario.now())))
        if '101' in generic and 'oi' in r:
            self.send(2, 6, request, 27 if r['right'] == 'C' else 28, r['oi'])
            self.send(2, 6, request, 28 if r['right'] == 'C' else 27, 0)
        if 'greeks' in r:
            g = r['greeks']
            self.send(21, request, 10, 1, -1, -2, java(g['price']), -1, -2,
                      -2, -2, -1)
            self.send(21, request, 83 if late else 13, 0, java(g['iv']),
                      java(g['delta']), java(g['price']), '0.0',
                      java(g['gamma']), java(g['vega']), java(g['theta']),
                      java(g['underlying']))

    async def stream(self, request, r, generic):
        """A line's own script: [seconds, message, fields after request]."""
        for wait, kind, *rest in r.get('stream', []):
            await asyncio.sleep(wait)
            if self.stale:
                return
            if kind == 46 and rest[0] in (48, 77) and \
                    {48: '233', 77: '375'}[rest[0]] not in generic:
                continue
            if kind == 21:
                self.send(21, request, *rest)
            else:
                self.send(kind, 6, request, *rest)

    def on_2(self, f):
        if f[2] not in self.lines:
            self.error(f[2], 300, f[2])
            return
        task = self.lines.pop(f[2])
        if task is not None:
            task.cancel()

    # ---- history ----

    def history(self, request, key, what, instrument):
        """Pacing of section 10.3; true: go on."""
        rules = {'identical_s': 15, 'same_2s': 6, 'per_10min': 60}
        rules.update(self.scenario.get('history', {}))
        now = time.monotonic()
        past = self.gateway.history
        past[:] = [h for h in past if now - h[0] < 600]
        weight = 2 if what == 'BID_ASK' else 1
        trouble = None
        within = self.gateway.within
        if any(h[2] == key and within(h[0], rules['identical_s'])
               for h in past):
            trouble = 'the same request within %d s' % rules['identical_s']
        elif sum(h[3] == (instrument, what) and within(h[0], 2)
                 for h in past) >= rules['same_2s'] - 1:
            trouble = 'one instrument too often'
        elif sum(h[1] for h in past) + weight > rules['per_10min']:
            trouble = 'more than %d in 10 minutes' % rules['per_10min']
        past.append((now, weight, key, (instrument, what)))
        if trouble is None:
            return True
        self.gateway.breach('history: ' + trouble)
        self.error(request, 162, 'Historical data request pacing violation')
        return False

    def on_96(self, f):
        request, c = f[1], self.contract(f, 2)
        start, end, n, what, _rth, ignore_size = f[15:21]
        if not self.history(request, tuple(f[2:]), what, c['conId']):
            return
        found = self.scenario.find(c)
        if not found or c['secType'] == 'BAG':
            self.error(request, 200)
            return
        if self.refused(96, request, found[0]):
            return
        if bool(start) == bool(end) or not 0 < int(n) <= 1000:
            self.gateway.breach('ticks: neither start nor end, or %s' % n)
            self.error(request, 10187, 'invalid')
            return
        self.ticks(request, found[0], start, end, int(n), what,
                   ignore_size == '1')

    def ticks(self, request, r, start, end, n, what, ignore_size):
        at = read_time(start or end)
        rows = r.get('prints' if what == 'TRADES' else 'quotes', [])
        if ignore_size:
            rows = [q for i, q in enumerate(rows)
                    if i == 0 or q[1:3] != rows[i - 1][1:3]]
        rows = [t for t in rows if new_york(t[0]) == new_york(at) and
                t[0] <= self.scenario.now() and
                (t[0] >= at if start else t[0] <= at)]
        if start and len(rows) > n:     # the last second is whole
            rows = [t for t in rows if t[0] <= rows[n - 1][0]]
        elif len(rows) > n:
            rows = [t for t in rows if t[0] >= rows[-n][0]]
        chunk = self.scenario.get('chunk', 1000) or 1
        parts = [rows[i:i + chunk] for i in range(0, len(rows), chunk)] or [[]]
        for i, part in enumerate(parts):
            fields = []
            for t in part:
                if what == 'TRADES':
                    fields += [t[0], t[5] if len(t) > 5 else 0, java(t[1]),
                               t[2], t[3], t[4]]
                else:
                    fields += [t[0], 0, java(t[1]), java(t[2]), t[3], t[4]]
            self.send(98 if what == 'TRADES' else 97, request, len(part),
                      *fields, int(i == len(parts) - 1))

    def on_20(self, f):
        request, c = f[1], self.contract(f, 2)
        if not self.history(request, tuple(f[2:]), f[19], c['conId']):
            return
        found = self.scenario.find(c)
        if not found:
            self.error(request, 200)
            return
        if self.refused(20, request, found[0]):
            return
        self.spawn(self.bars(f, found[0].get('bars', [])))

    async def bars(self, f, bars):
        """Answers after a while, in which the request counts as open."""
        rules = self.scenario.get('history', {})
        self.open += 1
        if self.open > rules.get('open', 50):
            self.gateway.breach('%d requests of history open' % self.open)
        await asyncio.sleep(rules.get('delay_s', 0))
        self.open -= 1
        fields = []
        for b in bars:
            when = b[0] if f[20] == '2' else time.strftime(
                '%Y%m%d-%H:%M:%S', time.gmtime(b[0]))
            fields += [when, *[java(x) for x in b[1:5]], b[5], java(b[6]),
                       b[7]]
        self.send(17, f[1], '', '', len(bars), *fields)

    def on_25(self, f):
        self.error(f[2], 366, f[2])

    # ---- scanner and accounts ----

    def on_22(self, f):
        request = f[1]
        if self.refused(22, request, None):
            return
        rows = self.scenario.get('scan', {}).get(f[5])
        if rows is None:
            self.error(request, 162, 'Scanner type not supported')
            return
        if not rows:
            self.error(request, 165, 'no items retrieved')
            return
        self.scans.add(request)
        fields = []
        stocks = {s['symbol']: s for s in self.scenario.stocks}
        rows = rows[:min(50, int(f[2]))] if int(f[2]) > 0 else rows[:50]
        for rank, symbol in enumerate(rows):
            s = stocks.get(symbol, {'conId': 0})
            fields += [rank, s['conId'], symbol, s.get('secType', 'STK'), '',
                       0, '', 'SMART', 'USD', symbol, symbol, symbol, '', '',
                       '', '']
        self.send(20, 3, request, len(rows), *fields)

    def on_23(self, f):
        if f[2] not in self.scans:
            self.error(f[2], 365, f[2])
        self.scans.discard(f[2])

    def on_61(self, _):
        if self.refused(61, -1, None):
            return
        account = self.scenario.get('accounts', ['DU1234567'])[0]
        for p in self.scenario.get('positions', []):
            r = self.scenario.by_id[p['conId']]
            option = 'strike' in r
            self.send(61, 3, p.get('account', account), r['conId'],
                      r['symbol'],
                      'OPT' if option else r.get('secType', 'STK'),
                      r.get('expiration', ''),
                      java(r['strike']) if option else '0.0',
                      r.get('right', ''),
                      str(r.get('multiplier', 100)) if option else '', '',
                      'USD', local_symbol(r) if option else r['symbol'],
                      r.get('tradingClass', r['symbol']), p['position'],
                      java(p['avgCost']))
        self.send(62, 1)

    def on_64(self, _):
        pass

    # ---- what other clients ask when they connect ----

    def read_only(self):
        if self.scenario.get('read_only'):
            self.error(-1, 321, "'bN' : cause - The API interface is "
                                'currently in Read-Only mode.')
            return True
        return False

    def on_3(self, f):
        self.error(f[1], 321, "'bN' : cause - The API interface is "
                              'currently in Read-Only mode.')

    def on_5(self, _):
        if not self.read_only():
            self.send(53, 1)

    def on_6(self, f):
        if f[2] == '1':
            account = f[3] or self.scenario.get('accounts', ['DU1234567'])[0]
            self.send(6, 2, 'NetLiquidation', '100000.00', 'USD', account)
            self.send(8, 1, '10:30')
            self.send(54, 1, account)

    def on_7(self, f):
        self.send(55, 1, f[2])

    def on_62(self, f):
        self.send(63, 1, f[2], 'DU1234567', 'NetLiquidation', '100000.00',
                  'USD')
        self.send(64, 1, f[2])

    def on_63(self, _):
        pass

    def on_76(self, f):
        self.send(74, 1, f[2])

    def on_77(self, _):
        pass

    def on_81(self, f):
        rows = [s for s in self.scenario.stocks
                if s['symbol'].startswith(f[2])][:16]
        fields = []
        for s in rows:
            fields += [s['conId'], s['symbol'], 'STK', s.get('primary', ''),
                       'USD', 1, 'OPT', s.get('name', s['symbol']), '']
        self.send(79, f[1], len(rows), *fields)

    def on_91(self, f):
        self.send(93, f[1], 1, '0.0', '0.01')

    def on_97(self, f):
        c = self.contract(f, 2)
        if c['secType'] in ('OPT', 'FOP', 'BAG'):
            self.error(f[1], 10189, '%s tick-by-tick requests are not '
                       'supported for %s.' % (f[14], c['symbol']))
            return
        for r in self.scenario.find(c)[:1]:
            if f[14] in ('Last', 'AllLast'):
                self.send(99, f[1], 2 if f[14] == 'AllLast' else 1,
                          self.scenario.now(), java(r.get('price', 0)), 100, 0,
                          'FINRA', '')
            elif f[14] == 'BidAsk':
                self.send(99, f[1], 3, self.scenario.now(),
                          java(r.get('price', 0)), java(r.get('price', 0)),
                          100, 100, 0)

    def on_98(self, _):
        pass

    def on_99(self, _):
        self.send(102)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('scenario', nargs='?')
    parser.add_argument('--session')
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--ready')
    parser.add_argument('--log')
    parser.add_argument('--reads-only', action='store_true')
    parser.add_argument('--once', action='store_true')
    args = parser.parse_args()
    data = load_session(args.session) if args.session else {}
    if args.scenario:
        with open(args.scenario, encoding='utf-8') as f:
            data.update(json.load(f))
    log = open(args.log, 'w', encoding='utf-8') if args.log else None
    gateway = Gateway(Scenario(data), args, log)
    await gateway.listen(args.port)
    loop = asyncio.get_running_loop()
    watch = loop.create_task(gateway.watch())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gateway.done.set)
    if args.ready:
        with open(args.ready, 'w', encoding='ascii') as f:
            f.write('%d\n' % gateway.port)
    else:
        print(gateway.port, flush=True)
    await gateway.done.wait()
    watch.cancel()
    return 1 if gateway.breaches else 0


if __name__ == '__main__':
    sys.exit(asyncio.run(main()))
