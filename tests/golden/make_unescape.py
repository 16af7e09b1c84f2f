"""Writes what html.unescape of Python makes of texts, one JSON array ["text", "result"] a line, in an array.

    python3 make_unescape.py > unescape.json         every name, every special number, and what is nearly one
    python3 make_unescape.py COUNT > made.json       COUNT texts put together at random, from a seed that never changes

Texts hold no "<", which is not unescape's."""
import html
import html.entities
import json
import random
import sys

NAMES = sorted(html.entities.html5)
PIECES = ["&", "&", "&", "&#", "&#x", "&#X", "#", ";", ";", " ", "\n", "\0", "x", "X", "0", "0", "9", "a", "F", "é",
          "日", "😀", "amp", "lt", "not", "notin", "quot", "AMP", "CounterClockwiseContourIntegral"]


def tricky():
    yield from ("&" + name for name in NAMES)
    numbers = [*range(0xA2), 0xAD, 0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFDCF, 0xFDD0, 0xFDEF, 0xFDF0]
    numbers += [plane << 16 | low for plane in range(0x11) for low in (0xFFFD, 0xFFFE, 0xFFFF)]
    numbers += [0x10000, 0x1F600, 0x110000, 2**31, 2**32, 2**32 + 65, 2**64, 2**64 + 65, 10**30]
    for n in numbers:
        yield from (f"a&#{n};b", f"&#{n}g", f"&#x{n:x};", f"&#X{n:X}")
    yield from ("", "&", "&&", "&;", "& amp;", "&#", "&#;", "&#x", "&#x;", "&#xg", "&#X;", "&#a;", "&# 1;", "&#-1;",
                "&#+1;", "&##1;", "&#x-1;", "&#1 ;", "&#00000000000000000000000065;", "&#x0000000000000000000041",
                "&#65&#66", "&#65;;", "&#x41;;", "&#٣;", "&amp;amp;", "&amp;lt;", "&ampamp;", "&amp&amp", "&am&amp;p;",
                "&AMPL", "&Amp;", "&aMP;", "&LT&GT&lt&gt", "&l;", "&g", "&lt", "&ltx;", "&notit;", "&notin;", "&notin",
                "&noti", "&no", "&not", "&not;", "&notx", "&copycat", "&copy=1", "?a=1&reg=2&para=3&times=4&lang=5",
                "&nbsp", "&nbspx", "&apos", "&apos;", "&quot", "&hellip", "&hellip;", "&mdash", "&amp\0;", "&amp\0",
                "&\0amp;", "&amp é;", "&é;", "&ampé", "&a\tmp;", "&amp\n", "&zwnj;&zwj;", "&nGt;&nGt;&nGt;",
                "&acE;&caps;", "&ThickSpace;", "&fjlig;s", "&fjlig", "&bne;", "&CounterClockwiseContourIntegral;",
                "&CounterClockwiseContourIntegral", "&CounterClockwiseContourIntegralx;",
                "&CounterClockwiseContourIntegra;", "&" + "a" * 31 + ";", "&" + "a" * 32 + ";", "&" + "a" * 40 + "&lt;",
                "&amp" + "x" * 40 + ";", "&" * 50 + "amp;")


def number(chance):
    form = chance.choice(("&#{}", "&#x{:x}", "&#X{:X}"))
    return form.format(chance.randrange(1 << chance.randrange(1, 24)))


def made(count):
    chance = random.Random(20)
    for _ in range(count):
        text = ""
        for _ in range(chance.randrange(1, 12)):
            kind = chance.randrange(5)
            name = chance.choice(NAMES)
            text += (chance.choice(PIECES) if kind < 2 else "&" + name if kind == 2 else
                     "&" + name[:chance.randrange(1, len(name) + 1)] + chance.choice(PIECES) if kind == 3 else
                     number(chance) + chance.choice(("", ";", "z")))
        yield text


texts = made(int(sys.argv[1])) if len(sys.argv) > 1 else dict.fromkeys(tricky())
print("[" + ",\n".join(json.dumps([text, html.unescape(text)]) for text in texts) + "]")
