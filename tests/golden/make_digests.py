"""Writes digests of texts, one JSON array ["text", "digest of 16 digits"] a line, in an array: by Python's html, unicodedata
and re, and xxhash (4.1.0) of pip.

    python3 make_digests.py > digests.json         texts of every kind, and 2,000 put together at random from a fixed seed
    python3 make_digests.py COUNT > made.json      COUNT at random"""
import html
import json
import random
import re
import sys
import unicodedata

import xxhash

TEXTS = ["", " \t\n", "Good film!", "good FILM", "a_b", "x" * 5000, "?!", ":)", ":(", ": )", "&", "&&", "\U0001F600", "❤️", "❤",
         "caf\u00e9", "cafe\u0301", "caf&eacute;", "caf&#233;", "cafe", "AT&T", "R&amp;D", "R&D", "R&amp;amp;D", "it´s",
         "it\u2019s", "it&rsquo;s", "its", "Straße", "STRASSE", "ΣΊΣΥΦΟΣ", "σίσυφος", "ﬁne", "fine", "Ｆｕｌｌ　Ｗｉｄｔｈ", "ｶﾞ", "ガ",
         "x²", "x2", "½ cup", "1/2 cup", "№ 5", "No 5", "한국어", "\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165",
         "किताब", "कतब", "किताबें!", "ภาษาไทย", "עִבְרִית", "q\u0307\u0323", "q\u0323\u0307", "a\u0301\u0301\u0316b", "! \u0301x",
         "soft\u00adhyphen", "a&shy;b", "İstanbul", "ﷺ", "a&#0;b", "a&notit;b", "&hearts;", "♥", "¨", "1️⃣"]
PIECES = ["a", "B", "é", "E\u0301", " ", ",", "&", "&amp;", "&eacute;", "&#x301;", "&nbsp;", "&notin", "\u0301", "\u0323", "\u0345",
          "ß", "ǅ", "ﬃ", "Ａ", "＿", "_", "9", "²", "Ⅷ", "日", "か\u3099", "ｶ", "ﾞ", "힣", "Ω", "\u2126", "ς", "ा", "ि", "\u200d",
          "\ufe0f", "😀", "👩🏽", "\u00a8", "\u00b4", "\u1e9b\u0323", "\u212b", "\0"]


def is_mark(c):
    return unicodedata.category(c)[0] == "M"


def ignorable(c):
    return c in "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufeff" or "\u180b" <= c <= "\u180f" or \
        "\u200b" <= c <= "\u200f" or "\u202a" <= c <= "\u202e" or "\u2060" <= c <= "\u206f" or "\ufe00" <= c <= "\ufe0f"


def form(text):
    return unicodedata.normalize("NFKD", "".join(c for c in html.unescape(text) if not ignorable(c)))


def counted(text):
    words, within = [], False
    for c in text:
        if not is_mark(c):
            within = re.fullmatch(r"\w", c) is not None
        if within:
            words.append(c)
    return ("".join(words) or re.sub(r"\s", "", text)).casefold()


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    texts = TEXTS if len(sys.argv) == 1 else []
    generator = random.Random(1)
    texts = texts + ["".join(generator.choices(PIECES, k=generator.randint(1, 12))) for _ in range(count)]
    rows = [json.dumps([t, xxhash.xxh3_64_hexdigest(counted(form(t)).encode())]) for t in texts]
    print("[" + ",\n".join(rows) + "]")


main()
