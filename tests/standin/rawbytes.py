#!/usr/bin/python3
"""rawbytes.py KIND N [--seed S] -- COMMAND ...

A server that speaks WebSocket as far as it must and then sends what no server
should, N connections long; then COMMAND, whose {stream} was replaced, is ended
with SIGTERM.  Its exit status is the command's (143 for that signal); the
last line on stderr has the connections and the command's peak memory in KiB.

  garbage   10 MiB of random bytes after a good handshake
  pings     1,000,000 pings, whose pongs are not read
  frame     the header of a frame of 1 GiB, and bytes for it
  headers   1,000,000 header lines
  other     the first bytes of another protocol
  redirect  a redirect to a file
"""

import argparse
import base64
import hashlib
import os
import random
import resource
import signal
import socket
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
        yield b'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n'


def serve(sock, kind, seed):
    try:
        if kind in ('garbage', 'pings', 'frame') and not handshake(sock):
            return
        for piece in pieces(kind, seed):
            sock.sendall(piece)
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
    parser.add_argument('command', nargs='+')
    options = parser.parse_args()
    listener = socket.create_server(('127.0.0.1', 0))
    listener.settimeout(30)
    url = 'ws://127.0.0.1:%d' % listener.getsockname()[1]
    child = subprocess.Popen(
        [arg.replace('{stream}', url) for arg in options.command],
        env=dict(os.environ, POLYGON_MASSIVE_KEY='test-key'))
    for i in range(options.n):
        sock, _ = listener.accept()
        thread = threading.Thread(
            target=serve, args=(sock, options.kind, options.seed + i))
        thread.start()
        thread.join(20)
    child.send_signal(signal.SIGTERM)
    code = child.wait(20)
    print('%d %d' % (options.n, resource.getrusage(
        resource.RUSAGE_CHILDREN).ru_maxrss), file=sys.stderr)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == '__main__':
    main()
