"""Writes pieces of HTML pages, made at random from a seed that never changes, and what html.parser of Python reads in
them, one JSON array ["page", "text"] a line, in an array: a space for each tag, comment, declaration, instruction, and
for script and style with all that is in them.

    python3 make_pages.py 300 > pages.json"""
import html.parser
import json
import random
import sys

NAMES = ["a", "B", "br", "p", "DIV", "span", "h1", "table", "img", "blockquote", "figcaption", "tt", "center", "u"]
WORDS = ["word", " ", " ", "\n", "é", "日本", "&amp;", "&lt;b&gt;", "&hellip;", "&nGt;", "&#39;", "&#x80;", "1 > 0",
         "it's", '"so"', "a=b", "/", "--", "]]", "?"]
INSIDE = ["", "x", " a > b ", "<b>", "</b>", "<!-- c ->", "&amp;", "it's", '"', "=", "\n", "</scripts>", "é", "<",
          "->", "</styles>"]


def attribute(chance):
    value = "".join(chance.choice(INSIDE) for _ in range(chance.randrange(4)))
    quote = chance.choice("\"'")
    quoted = quote + value.replace(quote, "") + quote
    name, equals = chance.choice(["href", "title", "x-y", "data-a"]), chance.choice(["=", " = ", "=\n"])
    blank, whole = chance.choice([" ", "\n", "\t"]), name + equals + quoted
    return blank + chance.choice([name, whole, whole, name + "=z/1"])


def tag(chance, name):
    attributes = "".join(attribute(chance) for _ in range(chance.randrange(3)))
    return f"<{name}{attributes}{chance.choice(['', ' ', ' /' if attributes else '/'])}>"


def piece(chance):
    kind = chance.randrange(12)
    inside = "".join(chance.choice(INSIDE) for _ in range(chance.randrange(5)))
    if kind < 4:
        return tag(chance, chance.choice(NAMES))
    if kind < 6:
        return f"</{chance.choice(NAMES)}{chance.choice(['', ' '])}>"
    if kind == 6:
        return "<!-- " + inside.replace("--", "") + " -->"
    if kind == 7:
        name = chance.choice(["script", "STYLE"])
        return tag(chance, name).replace("/>", ">") + inside + f"</{name.swapcase()}>"
    if kind == 8:
        return chance.choice(["<!DOCTYPE html>", "<!doctype html SYSTEM 'about:legacy-compat'>",
                              "<?xml version='1.0'?>"])
    return chance.choice(WORDS)


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.raw = "", False

    def handle_starttag(self, tag, attrs):
        self.text += " "
        self.raw = tag in self.CDATA_CONTENT_ELEMENTS

    def handle_startendtag(self, tag, attrs):
        self.text += " "

    def handle_endtag(self, tag):
        self.text += "" if self.raw else " "
        self.raw = False

    def handle_data(self, data):
        self.text += "" if self.raw else data

    def handle_comment(self, data):
        self.text += " "

    handle_decl = handle_pi = handle_comment


def made(count):
    chance = random.Random(7)
    for _ in range(count):
        page = "".join(piece(chance) for _ in range(chance.randrange(1, 15)))
        reader = Reader()
        reader.feed(page)
        reader.close()
        yield page, reader.text


print("[" + ",\n".join(json.dumps(pair) for pair in made(int(sys.argv[1]))) + "]")
