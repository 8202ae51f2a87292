#!/usr/bin/python3
"""rawbytes.py KIND N [--seed S] [--tls CERT KEY] -- COMMAND ...

A server that speaks WebSocket as far as it must and then sends what no server
should, N connections long; then COMMAND, whose {stream} and {rest} were
replaced, is ended with SIGTERM.  Its exit status is the command's (143 for that
signal); the last line on stderr has the connections and the command's peak
memory in KiB.

  garbage   10 MiB of random bytes after a good handshake
  pings     1,000,000 pings, whose pongs are not read
  frame     the header of a frame of 1 GiB, and bytes for it
  headers   1,000,000 header lines
  other     the first bytes of another protocol
  redirect  a redirect, in turn to a file, another scheme, another host
  page      a reply of 1 GiB
  cut       a print, of which half comes; then the connection is cut, under TLS
            without its word of leave
"""

import argparse
import base64
import hashlib
import os
import random
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading


def handshake(sock):
    request = b''
    while b'\r\n\r\n' not in request:
        part = sock.recv(4096)
        if not part:
            return False
        request += part
    key = [line.split(b': ')[1] for line in request.split(b'\r\n')
           if line.lower().startswith(b'sec-websocket-key')][0]
    accept = base64.b64encode(hashlib.sha1(
        key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())
    sock.sendall(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'
                 b'Connection: Upgrade\r\nSec-WebSocket-Accept: ' + accept +
                 b'\r\n\r\n')
    return True


def frame(text):                        # of less than 126 bytes
    return b'\x81' + bytes([len(text)]) + text


PRINT = b'[{"ev":"T","sym":"O:AAPL261218C00200000","x":302,"p":1,"s":1,' \
    b'"t":1790000000000,"q":1}]'
PLACES = [b'file:///etc/passwd', b'http://127.0.0.1:1/',
          b'http://169.254.169.254/latest']


def pieces(kind, seed):
    if kind == 'garbage':
        dice = random.Random(seed)
        for _ in range(160):
            yield dice.randbytes(65536)
    elif kind == 'pings':
        for _ in range(1000):
            yield b'\x89\x00' * 1000
    elif kind == 'frame':
        yield b'\x81\x7f' + (1 << 30).to_bytes(8, 'big')
        for _ in range(64):
            yield b'x' * 65536
    elif kind == 'headers':
        yield b'HTTP/1.1 101 Switching Protocols\r\n'
        for _ in range(1000):
            yield b'A: b\r\n' * 1000
    elif kind == 'other':
        yield b'SSH-2.0-OpenSSH_9.2\r\n\r\n'
    elif kind == 'redirect':
        yield b'HTTP/1.1 302 Found\r\nLocation: ' + \
            PLACES[seed % len(PLACES)] + b'\r\n\r\n'
    elif kind == 'page':
        yield b'HTTP/1.1 200 OK\r\n\r\n{"results":['
        for _ in range(1 << 14):
            yield b'{"T":"A","v":1},' * 4096
    elif kind == 'cut':
        yield frame(b'[{"ev":"status","status":"connected"}]')
        yield frame(PRINT)[:60]


def serve(sock, kind, seed, tls):
    try:
        if tls:
            sock = tls.wrap_socket(sock, server_side=True)
        if kind in ('garbage', 'pings', 'frame', 'cut') and \
                not handshake(sock):
            return
        if kind == 'page':
            sock.recv(4096)
        for piece in pieces(kind, seed):
            sock.sendall(piece)
        if kind == 'cut':
            return
        sock.settimeout(1)
        while sock.recv(65536):
            pass
    except OSError:
        pass
    finally:
        sock.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('kind')
    parser.add_argument('n', type=int)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--tls', nargs=2)
    parser.add_argument('command', nargs='+')
    options = parser.parse_args()
    listener = socket.create_server(('127.0.0.1', 0))
    listener.settimeout(30)
    tls = None
    if options.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*options.tls)
    place = '%s://localhost:%d' if tls else '%s://127.0.0.1:%d'
    port = listener.getsockname()[1]
    urls = {'{stream}': place % ('wss' if tls else 'ws', port),
            '{rest}': place % ('https' if tls else 'http', port)}
    child = subprocess.Popen(
        [urls.get(arg, arg) for arg in options.command],
        env=dict(os.environ, POLYGON_MASSIVE_KEY='test-key'))
    for i in range(options.n):
        sock, _ = listener.accept()
        thread = threading.Thread(
            target=serve, args=(sock, options.kind, options.seed + i, tls))
        thread.start()
        thread.join(20)
    if options.kind != 'page':          # who asks for one ends by itself
        child.send_signal(signal.SIGTERM)
    code = child.wait(20)
    print('%d %d' % (options.n, resource.getrusage(
        resource.RUSAGE_CHILDREN).ru_maxrss), file=sys.stderr)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == '__main__':
    main()
