#!/usr/bin/python3
"""ticks.py N writes N synthetic frames of Interactive Brokers' protocol as a
gateway sends them on market data lines; ticks.py alone reads them and writes
what they say, as tests/bench/ticks.c does.  Shares no code with it."""
import random
import struct
import sys

NONE = ("", "2147483647", "1.7976931348623157E308", "9223372036854775807")


def frame(*fields):
    payload = b"".join(str(f).encode() + b"\0" for f in fields)
    return struct.pack(">I", len(payload)) + payload


def make(n):
    rnd = random.Random(7)
    volume = {}
    for i in range(n):
        line = rnd.randrange(100, 195)
        price = "%.2f" % (rnd.randrange(5, 2000) / 100)
        kind = rnd.random()
        if kind < 0.45:
            yield frame(1, 6, line, rnd.choice((1, 2)), price,
                        rnd.randrange(1, 400), 1)
        elif kind < 0.75:
            yield frame(2, 6, line, rnd.choice((0, 3)), rnd.randrange(1, 400))
        elif kind < 0.85:
            greeks = ["%.17g" % rnd.uniform(0.1, 2) for _ in range(8)]
            if rnd.random() < 0.1:
                greeks[0] = greeks[1] = NONE[2]
            yield frame(21, line, 13, 0, *greeks)
        else:
            size = rnd.randrange(1, 50)
            volume[line] = volume.get(line, 0) + size
            yield frame(46, 6, line, 48, "%s;%d;%d;%d;%s;true" % (
                price, size, 1763994600000 + 3 * i, volume[line], price))


def fixed(text, scale):
    """In units, halves away from zero; a sentinel is "-"."""
    if text in NONE:
        return "-"
    value = float(text) * scale
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)


def read():
    data = sys.stdin.buffer.read()
    out, at = [], 0
    while at < len(data):
        n = int.from_bytes(data[at:at + 4], "big")
        f = data[at + 4:at + 3 + n].decode().split("\0")
        at += 4 + n
        if f[0] == "1":
            out.append("1 %s %s %s %s" % (f[2], f[3], fixed(f[4], 10000),
                                          fixed(f[5], 1)))
        elif f[0] == "2":
            out.append("2 %s %s %s" % (f[2], f[3], fixed(f[4], 1)))
        elif f[0] == "21":
            out.append("21 %s %s %s %s" % (f[1], f[2], fixed(f[4], 1000000),
                                           fixed(f[5], 1000000)))
        elif f[0] == "46":
            price, size, ms, volume, _, _ = f[4].split(";")
            out.append("46 %s %s %s %s %s" % (f[2], fixed(price, 10000),
                                              fixed(size, 1), ms, volume))
    sys.stdout.write("\n".join(out) + "\n")


if len(sys.argv) > 1:
    for frames in make(int(sys.argv[1])):
        sys.stdout.buffer.write(frames)
else:
    read()
