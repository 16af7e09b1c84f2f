"""Writes tests/golden/unicode.tsv: what Python 3.11 (Unicode 14.0) makes of every code point.

    python3 make_unicode.py > unicode.tsv

Lines: word, space, cased, ignorable, unassigned: first and last code point of a range; lower: first, last, distance to
the lower-case form, step between the code points. Surrogates are left out."""
import re
import unicodedata

POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def ranges(name, holds):
    first = last = None
    for c in POINTS + [0x120000]:
        if c < 0x110000 and holds(c):
            if first is None:
                first = c
            elif c != last + 1:
                print(f"{name}\t{first:X}\t{last:X}")
                first = c
            last = c
        elif first is not None:
            print(f"{name}\t{first:X}\t{last:X}")
            first = None


def is_cased(c):
    """A sigma behind it is final."""
    return (chr(c) + "\u03a3").lower()[-1] == "\u03c2"


def is_ignorable(c):
    """The sigma before it sees the letter behind it."""
    return ("A\u03a3" + chr(c) + "A").lower()[1] == "\u03c3" and not is_cased(c)


def lower_runs():
    pairs = [(c, ord(chr(c).lower()) - c) for c in POINTS if len(chr(c).lower()) == 1 and chr(c).lower() != chr(c)]
    i = 0
    while i < len(pairs):
        j, step = i, 1
        if i + 1 < len(pairs) and pairs[i + 1][1] == pairs[i][1] and pairs[i + 1][0] - pairs[i][0] in (1, 2):
            step = pairs[i + 1][0] - pairs[i][0]
        while j + 1 < len(pairs) and pairs[j + 1][1] == pairs[i][1] and pairs[j + 1][0] - pairs[j][0] == step:
            j += 1
        print(f"lower\t{pairs[i][0]:X}\t{pairs[j][0]:X}\t{pairs[i][1]}\t{step}")
        i = j + 1


ranges("word", lambda c: re.match(r"\w", chr(c)))
ranges("space", lambda c: re.match(r"\s", chr(c)))
ranges("cased", is_cased)
ranges("ignorable", is_ignorable)
ranges("unassigned", lambda c: unicodedata.category(chr(c)) == "Cn")
lower_runs()
