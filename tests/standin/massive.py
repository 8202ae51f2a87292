#!/usr/bin/python3
"""massive.py SCENARIO [--report FILE] -- COMMAND ...

A stand-in for Massive's stream and REST service, for tests: it serves a
session of flow-tap's NDJSON (a demo or a recording) over python3-websockets
and http.server, which share no code with us, and misbehaves as the scenario
says.  It starts COMMAND with {stream}, {rest} and {ca} in its arguments
replaced and the key in its environment, ends it with SIGTERM when all events
were read, and exits with its status (143 for that signal).

SCENARIO is JSON, or a file of it:

  session   NDJSON file
  speed     0: as fast as it is read (default); n: n times as it happened
  batch     events a frame (50)
  repeat    play /options so many times, each behind the one before
  told      FIFO that is opened and closed when all of /options was read
  key       what is accepted ("test-key")
  greet     now | ping | never
  auth      ok | bad_key | no_plan | silent | timeout; a list: one a connection
  refuse    asks answered with "not authorized", shell patterns
  deaf      asks never answered
  one_ack   each answer in a frame of its own
  quotes    "asked" (default), or "all": quotes of contracts nobody asked for
  cuts      list of {at, how, lose}: after so many events to /options end the
            connection: rst, eof, close (with code), stall (TCP stays, nothing
            comes), mute (pings are answered), quotes (nothing else comes),
            max_connections; lose events pass unseen.  byte: cut the frame's
            bytes after so many
  odd       list of what is done to frames: unknown, extra, fragments, huge,
            pretty, status
  stocks    serve /stocks (default true) | false: auth_failed there
  indices   the same of /indices
  rest      see Rest
  clock     "2025-11-24 14:30:00": the command's wall clock begins there
  rate      its clocks, all of them, go so many times as fast
  quiet     and no request came for so many seconds
  end_after end it so many seconds after its start, whatever was read
  said      and not before its output has a pattern so often: a list of
            [1 or 2 (stdout or stderr, a file), pattern, how often]
  end       term (default) | stay: leave the command alone at the end
"""

import argparse
import asyncio
import collections
import datetime
import fnmatch
import glob
import http.server
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import zoneinfo

import websockets

# massive-api.md sections 6 and 7, by our names
EXCHANGES = {
    'AMEX': 300, 'BOX': 301, 'CBOE': 302, 'EMLD': 303, 'EDGX': 304,
    'MX2': 306, 'GEMX': 307, 'ISE': 308, 'MRX': 309, 'MIAX': 312,
    'ARCA': 313, 'OPRA': 314, 'PEARL': 315, 'NOM': 316, 'SPHR': 318,
    'BX': 319, 'MEMX': 320, 'IEX': 321, 'C2': 322, 'PHLX': 323, 'BZX': 325}
CONDITIONS = {
    'CANC': 201, 'OSEQ': 202, 'CNCL': 203, 'LATE': 204, 'CNCO': 205,
    'OPEN': 206, 'CNOL': 207, 'OPNL': 208, 'AUTO': 209, 'REOP': 210,
    'ISOI': 219, 'SLAN': 227, 'SLAI': 228, 'SLCN': 229, 'SCLI': 230,
    'SLFT': 231, 'MLET': 232, 'MLAT': 233, 'MLCT': 234, 'MLFT': 235,
    'MESL': 236, 'TLAT': 237, 'MASL': 238, 'MFSL': 239, 'TLET': 240,
    'TLCT': 241, 'TLFT': 242, 'TESL': 243, 'TASL': 244, 'TFSL': 245,
    'CBMO': 246, 'MCTP': 247, 'EXHT': 248}


DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    '..', 'data', 'massive')

INDICES = ('SPX', 'XSP', 'NDX', 'RUT', 'VIX', 'DJX', 'OEX', 'XEO')


def new_york(ms):
    return datetime.datetime.fromtimestamp(
        ms / 1000, zoneinfo.ZoneInfo('America/New_York'))


def read_session(path, interest, bars):
    """(market, channel.ticker, ms, event) in the order of the file."""
    events = []
    shares = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            r = json.loads(line)
            kind = r['record']
            if kind == 'trade':
                events.extend(share(r, shares))
                events.append(('options', 'T.' + r['contract_ticker'],
                               r['timestamp'], trade(r)))
            elif kind == 'quote' and r.get('scope') == 'NBBO':
                events.append(('options', 'Q.' + r['contract_ticker'],
                               r['timestamp'], quote(r)))
            if kind == 'bar':
                bars[r['symbol'], r['tf']].append(rest_bar(r))
            # those of the days before were not of this stream
            if kind == 'bar' and r['tf'] == '1m' and events:
                events.append(place('AM', r['symbol']) +
                              (r['end_ts'], bar(r)))
            elif kind == 'oi':
                interest[r['contract_ticker']] = r['open_interest']
    return events


def place(channel, symbol):
    """(market, ask) of an underlying."""
    if symbol in INDICES:
        return ('indices', '%s.I:%s' % (channel, symbol))
    return ('stocks', '%s.%s' % (channel, symbol))


def share(r, shares):
    if 'underlying_price' not in r:
        return []
    at = r['timestamp'] - r['underlying_age_ms']
    told = (r['underlying_price'], at)
    if shares.get(r['symbol']) == told:
        return []
    shares[r['symbol']] = told
    if r['symbol'] in INDICES:
        return [place('V', r['symbol']) +
                (at, {'ev': 'V', 'T': 'I:' + r['symbol'], 'val': told[0],
                      't': at})]
    return [('stocks', 'T.' + r['symbol'], at,
             {'ev': 'T', 'sym': r['symbol'], 'x': 12, 'i': '1', 'z': 3,
              'p': told[0], 's': 100, 'c': [14], 't': at, 'q': len(shares)})]


def trade(r):
    event = {'ev': 'T', 'sym': r['contract_ticker'],
             'x': EXCHANGES.get(r['exchange'], r['exchange']), 'p': r['price'], 's': r['size']}
    if r.get('conditions'):
        event['c'] = [CONDITIONS.get(c, c) for c in r['conditions']]
    event.update({'t': r['timestamp'], 'q': r['sequence']})
    return event


def quote(r):
    return {'ev': 'Q', 'sym': r['contract_ticker'], 'bx': 302, 'ax': 303,
            'bp': r.get('bid', 0), 'ap': r.get('ask', 0),
            'bs': r.get('bid_size', 0), 'as': r.get('ask_size', 0),
            't': r['timestamp'], 'q': 1}


def bar(r):
    return {'ev': 'AM', 'sym': place('AM', r['symbol'])[1][3:],
            'v': r.get('volume', 0), 'av': 0, 'op': r['open'],
            'vw': r.get('vwap', r['close']),
            'o': r['open'], 'c': r['close'], 'h': r['high'], 'l': r['low'],
            'a': r['close'], 'z': 1, 's': r['timestamp'], 'e': r['end_ts']}


def rest_bar(r):
    """As aggregates have it: a day begins at midnight in New York."""
    start = r['timestamp']
    if r['tf'] == '1d':
        start = int(new_york(start).replace(
            hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)
    row = {'t': start, 'o': r['open'], 'h': r['high'], 'l': r['low'],
           'c': r['close'], 'v': float(r.get('volume', 0))}
    if 'vwap' in r:
        row['vw'] = r['vwap']
    if 'trades' in r:
        row['n'] = r['trades']
    return row


def status(what, message):
    return {'ev': 'status', 'status': what, 'message': message}


class Cut(Exception):
    """The connection ends here, as the scenario has it."""


class Stream:
    def __init__(self, scenario, report):
        self.s = scenario
        self.report = report
        self.interest = {}
        self.bars = collections.defaultdict(list)
        self.events = read_session(scenario['session'], self.interest,
                                   self.bars) \
            if scenario.get('session') else []
        self.options = [e for e in self.events if e[0] == 'options']
        self.others = {market: [e for e in self.events if e[0] == market]
                       for market in ('stocks', 'indices')}
        self.at = {'options': 0, 'stocks': 0, 'indices': 0}
        self.cuts = list(scenario.get('cuts', []))
        self.lost = []
        self.done = asyncio.Event()
        self.sockets = collections.defaultdict(list)
        self.begun = None
        self.asked = 0                  # time of the last request

    def say(self, what):
        self.report['log'].append(what)

    async def send(self, ws, events):
        if self.s.get('one_ack'):
            for event in events:
                await ws.send(json.dumps([event]))
        elif events:
            await ws.send(json.dumps(events))

    async def serve(self, ws):
        market = ws.path.strip('/')
        n = self.report['connections'].get(market, 0)
        self.report['connections'][market] = n + 1
        self.report['times'].append(time.monotonic())
        self.sockets[market].append(ws)
        try:
            await self.talk(ws, market, n)
        except websockets.ConnectionClosed as end:
            self.report['closes'].append(
                [market, end.rcvd.code if end.rcvd else None,
                 end.sent.code if end.sent else None])
        except Cut:
            pass
        finally:
            self.sockets[market].remove(ws)

    async def greet(self, ws):
        how = self.s.get('greet', 'now')
        if how == 'never':
            await ws.wait_closed()
            raise Cut
        if how == 'ping':
            await ws.ping()
        await ws.send(json.dumps(
            [status('connected', 'Connected Successfully')]))

    async def auth(self, ws, market, n):
        how = self.s.get('auth', 'ok')
        if isinstance(how, list):
            how = how[min(n, len(how) - 1)]
        if market != 'options':
            how = 'ok' if self.s.get(market, True) else 'no_plan'
        said = json.loads(await ws.recv())
        if said.get('action') != 'auth':
            self.say('subscribe before auth')
            raise Cut
        if said['params'] != self.s.get('key', 'test-key'):
            how = 'bad_key'
        if how == 'ok':
            await ws.send(json.dumps(
                [status('auth_success', 'authenticated')]))
            return
        if how == 'silent':
            await ws.wait_closed()
        elif how == 'timeout':
            await ws.send(json.dumps([status(
                'auth_timeout', 'No authentication request received.')]))
            await ws.close()
        else:
            text = 'authentication failed' if how == 'bad_key' else \
                "Your plan doesn't include websocket access."
            await ws.send(json.dumps([status('auth_failed', text)]))
            await asyncio.sleep(0.02)
            ws.transport.abort()
        raise Cut

    def match(self, ask, patterns):
        return any(fnmatch.fnmatchcase(ask, p) for p in patterns)

    async def ask(self, ws, held, said, market):
        channels = ('V', 'A', 'AM') if market == 'indices' else \
            ('T', 'Q', 'A', 'AM', 'FMV')
        refused, taken = [], []
        for ask in said['params'].split(','):
            channel = ask.split('.')[0]
            self.report['asks'].append(said['action'] + ' ' + ask)
            if said['action'] == 'unsubscribe':
                if ask in held:
                    held.discard(ask)
                    taken.append(status('success', 'unsubscribed to: ' + ask))
            elif channel not in channels or ask in held or \
                    self.match(ask, self.s.get('deaf', [])):
                continue
            elif self.match(ask, self.s.get('refuse', [])) or \
                    (market == 'options' and ask == 'Q.*'):
                refused.append(status('error', 'not authorized'))
            else:
                held.add(ask)
                taken.append(status('success', 'subscribed to: ' + ask))
        await self.send(ws, refused + taken)

    async def listen(self, ws, held, market):
        try:
            async for text in ws:
                await self.ask(ws, held, json.loads(text), market)
        except websockets.ConnectionClosed:
            pass

    async def talk(self, ws, market, n):
        held = set()
        await self.greet(ws)
        await self.auth(ws, market, n)
        listener = asyncio.ensure_future(self.listen(ws, held, market))
        try:
            while not any(ask.startswith(('T.', 'V.')) for ask in held):
                if listener.done():
                    raise Cut
                await asyncio.sleep(0.005)
            await self.play(ws, held, market)
            await listener
        finally:
            listener.cancel()

    def wants(self, held, ask):
        channel, ticker = ask.split('.', 1)
        if ask in held or channel + '.*' in held:
            return True
        return channel == 'Q' and self.s.get('quotes') == 'all'

    async def pace(self, ms):
        if not self.s.get('speed'):
            return
        if self.begun is None:
            self.begun = (time.monotonic(), ms)
        wait = (ms - self.begun[1]) / 1000 / self.s['speed'] - \
            (time.monotonic() - self.begun[0])
        if wait > 0:
            await asyncio.sleep(wait)

    async def play(self, ws, held, market):
        """Sends what is left of the market's events to who asked."""
        events = self.options if market == 'options' else \
            self.others[market]
        batch = self.s.get('batch', 50)
        repeat = self.s.get('repeat', 1) if market == 'options' else 1
        frame = []
        while self.at[market] < repeat * len(events):
            round_, i = divmod(self.at[market], len(events))
            _, ask, ms, event = events[i]
            if round_:
                later = (events[-1][2] - events[0][2] + 1) * round_
                event = dict(event, t=event['t'] + later,
                             q=event['q'] + 1000000 * round_)
            cut = self.cuts[0] if self.cuts and market == 'options' else None
            if cut and self.at[market] >= cut['at']:
                await self.flush(ws, frame, cut)
                await self.cut(ws, self.cuts.pop(0), events)
            await self.pace(ms)
            self.at[market] += 1
            if self.wants(held, ask):
                frame.append(event)
            if len(frame) >= batch or (frame and self.s.get('speed')):
                await self.flush(ws, frame)
                frame = []
        await self.flush(ws, frame)
        if market == 'options':
            await (await ws.ping())     # all before it was read
            if 'told' in self.s:
                await asyncio.to_thread(
                    lambda: open(self.s['told'], 'w').close())
            self.asked = time.monotonic()
            self.done.set()

    async def flush(self, ws, frame, cut=None):
        if not frame:
            return
        text = self.oddly(frame)
        self.report['frames'] += 1
        if cut and 'byte' in cut:
            raw = text.encode()[:cut['byte'] % max(len(text), 1)]
            n = len(text)
            head = bytes([0x81]) + (
                bytes([n]) if n < 126 else
                struct.pack('!BH', 126, n) if n < 65536 else
                struct.pack('!BQ', 127, n))
            ws.transport.write((head + raw)[:cut['byte']])
            self.lost += frame
            return
        if 'fragments' in self.s.get('odd', []):
            raw = text
            await ws.send([raw[i:i + 7] for i in range(0, len(raw), 7)])
        else:
            await ws.send(text)

    def oddly(self, frame):
        odd = self.s.get('odd', [])
        frame = list(frame)
        if 'unknown' in odd:
            frame.insert(0, {'ev': 'ZZ', 'sym': 'O:X', 'new': {'a': [1]}})
        if 'status' in odd:
            frame.insert(len(frame) // 2, status('success', 'hello'))
        if 'extra' in odd:
            frame = [dict(e, dv='1.0', note='\u20ac\U0001f600',
                          pt=None) for e in frame]
        if 'huge' in odd:
            frame.append({'ev': 'ZZ', 'pad': 'x' * 900000})
        return json.dumps(frame, ensure_ascii=False,
                          indent=1 if 'pretty' in odd else None)

    async def cut(self, ws, cut, events):
        how = cut.get('how', 'rst')
        lose = events[self.at['options']:
                      self.at['options'] + cut.get('lose', 0)]
        self.at['options'] += len(lose)
        self.lost += [e[3] for e in lose if e[3]['ev'] == 'T']
        if how == 'rst':
            sock = ws.transport.get_extra_info('socket')
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            struct.pack('ii', 1, 0))
            ws.transport.abort()
        elif how == 'eof':
            ws.transport.close()
        elif how == 'close':
            await ws.close(cut.get('code', 1000))
        elif how == 'max_connections':
            await ws.send(json.dumps([status(
                'max_connections',
                'Maximum number of websocket connections exceeded. ')]))
            await ws.close(1008)
        elif how in ('stall', 'mute'):
            if how == 'stall':
                ws.transport.pause_reading()
                ws.ping_interval = None
            await asyncio.wait([asyncio.ensure_future(ws.wait_closed())],
                               timeout=cut.get('seconds', 60))
        elif how == 'quotes':
            last = [e[3] for e in events[:cut['at']]
                    if e[3]['ev'] == 'Q'][-1]
            while True:
                await ws.send(json.dumps([last]))
                await asyncio.sleep(0.02)
        raise Cut


class Rest(http.server.BaseHTTPRequestHandler):
    """The REST service: trades, chains, contracts and bars of the session,
    and of the golden samples the tables.  Scenario "rest": {
      page     most rows a page, of what has pages
      market, upcoming   what the hours are
      replies: {PATH PREFIX: [reply, ...]}  in order, the last repeats; a reply
               is {status, body | file, headers}, or "session" for what the
               session says
    }"""

    protocol_version = 'HTTP/1.1'
    wbufsize = 65536                    # head and body in one segment
    stream = None

    def log_message(self, *args):
        pass

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass                        # the command has ended

    def reply(self, code, body, headers=None):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        report = self.stream.report
        report['requests'].append(self.path)
        self.stream.asked = time.monotonic()
        key = self.stream.s.get('key', 'test-key')
        if self.headers.get('Authorization') != 'Bearer ' + key:
            self.reply(401, {'status': 'ERROR', 'error': 'Unknown API Key'})
            return
        rest = self.stream.s.get('rest', {})
        for prefix, replies in rest.get('replies', {}).items():
            if url.path.startswith(prefix):
                n = report['replies'].get(prefix, 0)
                report['replies'][prefix] = n + 1
                reply = replies[min(n, len(replies) - 1)]
                if reply == 'session':
                    break
                self.scripted(reply)
                return
        self.session(url.path, query, rest)

    def scripted(self, reply):
        body = reply.get('body', '')
        if 'file' in reply:
            with open(reply['file'], encoding='utf-8') as f:
                body = f.read()
        if not isinstance(body, str):
            body = json.dumps(body)
        host = 'http://' + self.headers['Host']
        self.reply(reply.get('status', 200),
                   body.replace('https://api.massive.com', host)
                   .replace('https://api.polygon.io', host),
                   reply.get('headers'))

    def page(self, path, query, rows, most):
        limit = min(int(query.get('limit', 10)), most)
        start = int(query.get('cursor', 0))
        body = {'status': 'OK', 'request_id': 'standin',
                'results': rows[start:start + limit]}
        if start + limit < len(rows):
            query = dict(query, cursor=start + limit, limit=limit)
            body['next_url'] = 'http://' + self.headers['Host'] + path + \
                '?' + urllib.parse.urlencode(query)
        self.reply(200, body)

    def session(self, path, query, rest):
        path = urllib.parse.unquote(path)
        if path.startswith('/v3/trades/'):
            ticker = path[len('/v3/trades/'):]
            low = int(query.get('timestamp.gte', 0)) // 1000000
            high = int(query.get('timestamp.lte', 1 << 62)) // 1000000
            rows = [rest_trade(e[3]) for e in self.stream.options
                    if e[1] == 'T.' + ticker and low <= e[2] <= high]
            self.page(path, query, rows, rest.get('page', 50000))
        elif path.startswith('/v3/snapshot/options/'):
            self.page(path, query,
                      self.stream.chain(path.split('/')[-1]),
                      rest.get('page', 250))
        elif path == '/v3/reference/options/contracts':
            self.page(path, query,
                      [snapshot(t, 0)['details'] for t in
                       sorted(self.stream.interest) if t[2:-15] ==
                       query.get('underlying_ticker')], rest.get('page', 1000))
        elif path.startswith('/v2/aggs/ticker/'):
            self.bars(path.split('/')[4:], path, query, rest)
        elif path == '/v1/marketstatus/now':
            self.reply(200, {'market': rest.get('market', 'open')})
        elif path == '/v1/marketstatus/upcoming':
            self.reply(200, rest.get('upcoming', []))
        elif path in ('/v3/reference/conditions', '/v3/reference/exchanges'):
            self.scripted({'file': '%s/rest_%s_options.json' % (
                DATA, path.split('/')[-1])})
        else:
            self.reply(404, {'status': 'NOT_FOUND',
                             'message': 'Ticker not found.'})

    def bars(self, what, path, query, rest):
        """TICKER/range/1/TIMESPAN/FROM/TO, or TICKER/prev"""
        bars = self.stream.bars
        if what[1:] == ['prev']:
            rows = bars[what[0], '1d'][-1:]
        else:
            rows = [row for row in bars[what[0], '1d' if what[3] == 'day'
                                        else '1m']
                    if what[4] <= str(new_york(row['t']).date()) <= what[5]]
        if rows:
            self.page(path, query, rows, rest.get('page', 50000))
        else:
            self.reply(200, {'status': 'OK', 'resultsCount': 0})


def rest_trade(event):
    row = {'price': event['p'], 'size': event['s'], 'exchange': event['x'],
           'sip_timestamp': event['t'] * 1000000}
    if 'c' in event:
        row['conditions'] = event['c']
    return row


def snapshot(ticker, interest):
    return {
        'details': {
            'ticker': ticker, 'exercise_style': 'american',
            'contract_type': 'call' if ticker[-9] == 'C' else 'put',
            'expiration_date': '20%s-%s-%s' % (
                ticker[-15:-13], ticker[-13:-11], ticker[-11:-9]),
            'shares_per_contract': 100,
            'strike_price': int(ticker[-8:]) / 1000},
        'day': {'volume': 0}, 'open_interest': interest}


def chain(self, underlying):
    """All contracts, with the trades up to now, as a snapshot has them."""
    root = underlying.replace('I:', '')
    rows = {ticker: snapshot(ticker, n) for ticker, n in
            self.interest.items() if ticker[2:-15] == root}
    for _, ask, ms, event in self.options[:self.at['options']]:
        row = rows.get(event['sym'])
        if event['ev'] == 'T' and row:
            row['day']['volume'] += event['s']
            row['last_trade'] = {'sip_timestamp': ms * 1000000,
                                 'price': event['p'], 'size': event['s']}
    return [rows[ticker] for ticker in sorted(rows)]


Stream.chain = chain


def environment(scenario):
    """With the key, and with faketime(1)'s library: it would keep signals."""
    env = dict(os.environ)
    env[scenario.get('env', 'POLYGON_MASSIVE_KEY')] = \
        scenario.get('key', 'test-key')
    if 'clock' in scenario:
        env['LD_PRELOAD'] = glob.glob(
            '/usr/lib/*/faketime/libfaketime.so.1')[0]
        env['FAKETIME'] = '@' + scenario['clock']
        if 'rate' in scenario:
            env['FAKETIME'] += ' x%d' % scenario['rate']
        else:
            env['FAKETIME_DONT_FAKE_MONOTONIC'] = '1'
        env['ASAN_OPTIONS'] = 'verify_asan_link_order=0:' + \
            env.get('ASAN_OPTIONS', '')
    return env


def forget(pid):
    """What libfaketime keeps for a process, and leaves when that is killed:
    another process of that number could not start."""
    for name in ('faketime_shm_%d', 'sem.faketime_sem_%d'):
        try:
            os.unlink('/dev/shm/' + name % pid)
        except FileNotFoundError:
            pass


def printed(fd, pattern, least):
    with open('/proc/self/fd/%d' % fd, encoding='utf-8') as f:
        return len(re.findall(pattern, f.read())) >= least


async def command(args, stream, report):
    """Runs the command to its end; SIGTERM when all was read."""
    child = await asyncio.create_subprocess_exec(
        *args, env=environment(stream.s),
        preexec_fn=lambda: forget(os.getpid()))
    report['argv'] = []                 # empty for a moment after exec
    while not report['argv'] and child.returncode is None:
        with open('/proc/%d/cmdline' % child.pid, 'rb') as f:
            report['argv'] = f.read().decode().split('\0')[:-1]
        await asyncio.sleep(0)

    async def end():
        if 'end_after' in stream.s:
            await asyncio.sleep(stream.s['end_after'])
        else:
            await stream.done.wait()
        for said in stream.s.get('said', []):
            while not printed(*said):
                await asyncio.sleep(0.05)
        while stream.asked + stream.s.get('quiet', 0) > time.monotonic():
            await asyncio.sleep(0.02)
        if stream.s.get('end', 'term') == 'term' and child.returncode is None:
            child.send_signal(signal.SIGTERM)

    ender = asyncio.ensure_future(end())
    try:
        code = await asyncio.wait_for(child.wait(),
                                      stream.s.get('timeout', 60))
    except asyncio.TimeoutError:
        report['log'].append('timeout')
        child.kill()
        code = await child.wait()
    ender.cancel()
    forget(child.pid)
    return code if code >= 0 else 128 - code


async def run(options, scenario, report):
    stream = Stream(scenario, report)
    tls = None
    if scenario.get('tls'):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(scenario['tls']['cert'], scenario['tls']['key'])
        if scenario['tls'].get('old'):  # TLS 1.1, as nobody should
            tls.minimum_version = ssl.TLSVersion.TLSv1
            tls.maximum_version = ssl.TLSVersion.TLSv1_1
            tls.set_ciphers('ALL:@SECLEVEL=0')

    async def process(path, headers):
        if path not in ('/options', '/stocks', '/indices'):
            return (404, [], b'')
        return None

    server = await websockets.serve(
        stream.serve, '127.0.0.1', 0, process_request=process, ssl=tls,
        compression=None, close_timeout=0.2,
        ping_interval=scenario.get('ping', 20), max_size=2 ** 20)
    handler = type('Handler', (Rest,), {'stream': stream})
    rest = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
    threading.Thread(target=rest.serve_forever, daemon=True).start()
    port = server.sockets[0].getsockname()[1]
    places = {
        'stream': '%s://%s:%d' % ('wss' if tls else 'ws', scenario.get(
            'host', '127.0.0.1'), port),
        'rest': 'http://127.0.0.1:%d' % rest.server_port}
    args = []
    for arg in options.command:
        for name, value in places.items():
            arg = arg.replace('{%s}' % name, value)
        args.append(arg)
    code = await command(args, stream, report)
    report['lost'] = stream.lost
    rest.shutdown()
    server.close()
    return code


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('scenario')
    parser.add_argument('--report')
    parser.add_argument('command', nargs='+')
    options = parser.parse_args()
    if options.scenario.lstrip().startswith('{'):
        scenario = json.loads(options.scenario)
    else:
        with open(options.scenario, encoding='utf-8') as f:
            scenario = json.load(f)
    report = {'log': [], 'connections': {}, 'times': [], 'closes': [],
              'asks': [], 'requests': [], 'replies': {}, 'frames': 0}
    code = asyncio.run(run(options, scenario, report))
    if options.report:
        with open(options.report, 'w', encoding='utf-8') as f:
            json.dump(report, f)
    sys.exit(code)


if __name__ == '__main__':
    main()
