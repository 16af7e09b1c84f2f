"""break_tests.py HEED TEST.txt [DIFFERENT]: heed's tokens against Unicode's break tests.

A token has to be a segment of the test, without what is not seen at its ends, and every segment in which something is seen a
token. The lines of which this is not so are printed, as they are in the test without its comment. DIFFERENT lists those
that differ on purpose, after headings that say why; the exit status is 1 if other lines differ than those.
"""
import json
import subprocess
import sys
import unicodedata


def is_unseen(character):
    """Blanks, controls, and what is ignored where it is shown; combining marks are seen."""
    ignored = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u3164\ufe0f"
    return unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp") or character in ignored


def segments(line):
    """The byte ranges of the segments of a line, without what is not seen at their ends."""
    found, at = [], 0
    for part in line.split("÷"):
        text = "".join(chr(int(code, 16)) for code in part.replace("×", " ").split())
        begin, end = 0, len(text)
        while begin < end and is_unseen(text[begin]):
            begin += 1
        while end > begin and is_unseen(text[end - 1]):
            end -= 1
        if begin < end:
            found.append((at + len(text[:begin].encode()), at + len(text[:end].encode())))
        at += len(text.encode())
    return found


def tokens(heed, texts):
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    command = [heed, "clean", "--format", "jsonl", "--tokens", "words", "--json", "-"]
    out = subprocess.run(command, input=rows.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line)["tokens"] for line in out.decode().splitlines()]


def trimmed(text, token):
    """The range of a token without what is not seen at its ends."""
    data = text.encode()
    whole = data[token["begin"]:token["end"]].decode()
    begin, end = 0, len(whole)
    while begin < end and is_unseen(whole[begin]):
        begin += 1
    while end > begin and is_unseen(whole[end - 1]):
        end -= 1
    return token["begin"] + len(whole[:begin].encode()), token["begin"] + len(whole[:end].encode())


def main():
    heed, test = sys.argv[1:3]
    lines = [line.split("#")[0].strip() for line in open(test, encoding="utf-8")]
    lines = [line for line in lines if line and "D800" not in line]
    texts = ["".join(chr(int(code, 16)) for code in line.replace("÷", " ").replace("×", " ").split()) for line in lines]
    found = tokens(heed, texts)
    assert len(found) == len(lines) > 500, (len(found), len(lines))
    different = []
    for line, text, of_text in zip(lines, texts, found):
        ranges = [trimmed(text, token) for token in of_text]
        if [r for r in ranges if r[0] < r[1]] != segments(line):
            different.append(line)
    if len(sys.argv) < 4:
        print("\n".join(different))
        return 0
    listed = [line.strip() for line in open(sys.argv[3], encoding="utf-8")]
    listed = [line for line in listed if line and not line.startswith("#")]
    for line in sorted(set(different) ^ set(listed)):
        print("differs, and is not listed:" if line in different else "is listed, but does not differ:", line)
    print(f"{len(lines) - len(different)} of {len(lines)} lines agree")
    return set(different) != set(listed)


if __name__ == "__main__":
    sys.exit(main())
