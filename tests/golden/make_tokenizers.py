"""Writes tests/golden/tokenizers: small tokenizers in Hugging Face's layout, and what `tokenizers` makes of texts with them.

    make_tokenizers.py FOLDER      with tokenizers 0.22.1 and numpy of PyPI

FOLDER/NAME/tokenizer.json, or vocab.txt and tokenizer_config.json, and the same as same.json; FOLDER/NAME/cases.jsonl: a
text a line, its ids, and the bytes of each. Special tokens around a text have none: 0 before it, its size after it.
"""
import json
import random
import sys
from pathlib import Path

from tokenizers import AddedToken, BertWordPieceTokenizer, Tokenizer, models, normalizers, pre_tokenizers, processors

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bench"))
from compare_tokenizers import hostile, scripts  # noqa: E402

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = """the of and un affable aff able token ization ing ed er un want runn jump over lazy dog istanbul naive cafe
strasse he ho l ete can ' t . , ! ? - ( ) [ ] # @ $ ^ ` ~ % & * + / : ; < = > _ { | } " \\ 1 2 3 0 9 99 中 国 人 人 日 本 語
한국 ᄒ ᅡ ᆫ""".split()
HAND = [
    "", " ", "\t\r\n ", "the", "The unaffable tokenization, wanted running!", "unaffable", "UNAFFABLE", "unaffablex",
    "[CLS]", "[MASK]", "a[MASK]b", "[ MASK ]", "[mask]", "[[MASK]]", "[SEP][SEP] x[PAD]", "  [MASK]  the", "##ing",
    "the##ing", "na\u00efve na\u0131\u0308ve caf\u00e9 cafe\u0301", "\u0130stanbul I\u0307stanbul", "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3",
    "Stra\u00dfe \u1e9e", "\ufb01\ufb02 \u00bd \u2460", "\u4e2d\u56fd\u4eba the\u4e2dof", "\uff21\uff22\uff0c\uff01", "\u3053\u3093\u306b\u3061\u306f\u3001\u65e5\u672c",
    "\ud55c\uad6d\uc5b4 \uac01", "the\u00a0of\u2003and\u3000un\u2028ed\u0085er", "the\u0000of \ufffdand\ufeff un\u200bed\u00ader",
    "the\u000bof\u000cand", "a\u0301\u0323\u0345b \u0323\u0301a", "\u0344\u0323 e\u1dfa\u0334", "\u302a\u3099\u302e \u1d165",
    "\U0001d165\U0001d16d\U0001d15f", "\u0f73\u0f72\u0f71", "\u0958\u09dc\u0344\u1fb7\u1f82", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f600\ufe0f",
    "\u20ac5 \u00a310 \u00a93 \u2026 \u201cq\u201d \u2014 \u00bf\u00a1", "a" * 19, "a" * 20, "a" * 21, "a" * 100, "a" * 101,
    "\u00e9" * 100, "\u00e9" * 101, "un" * 50, "un" * 51, "\u0e44\u0e1b\u0e42\u0e23\u0e07\u0e40\u0e23\u0e35\u0e22\u0e19", "\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627",
    "<new> the<new>of", "THE DOG the dog  thedog the  dog", "<W>a a<W> <W> \u00e9<W> _<W>, <W><W>", "x <l> y<l>  z   <l>",
    "x <r> y <r>  z<r>", "x <b> <b>  <l> <r>   <b>y", "caf\u00c9! Caf\u00e9 CAFE\u0301 cafe", "<r>   <l> <r> [MASK]",
    "\U0002f81a\uf900\u3400\U0002b820\U0002a6df\U0002a6e0\u9fff\ua000", "\u2fff\u3007\u3005\u30fb",
    "a" + "\u0301\u0323\u0345\u0327\u0334" * 5 + "b " + "\u0315\u0300\u05b0\u0f74" * 4, "<b>   q <b>  <r>   z  q",
    "\u1e0b\u0323 \u1e0d\u0307 d\u0323\u0307 d\u0307\u0323", "\u00c5ngstr\u00f6m \u212b \u2126 K\u212a", "\u01c5\u01c4 \u1f88",
]


def vocabulary(normalize, texts, prefix):
    """Words, half of the characters of the texts, alone and inside of words, and some pairs of them."""
    rng = random.Random(7)
    found = {}
    normal = [normalize(text) for text in texts]
    characters = sorted({c for text in normal for c in text if not c.isspace() and c not in "\u0000"})
    pairs = sorted({word[:2] for text in normal for word in text.split() if len(word) > 2})
    for word in WORDS + [c for c in characters if rng.random() < 0.5] + [p for p in pairs if rng.random() < 0.2]:
        found.setdefault(word)
        if rng.random() < 0.7:
            found.setdefault(prefix + word)
    for token in SPECIAL:
        found.pop(token, None)
    return {token: i for i, token in enumerate(SPECIAL + list(found))}


def made(texts, normalizer, *, prefix="##", longest=100, around="template", added=()):
    vocab = vocabulary(normalizer.normalize_str if normalizer else str, texts, prefix)
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", continuing_subword_prefix=prefix,
                                           max_input_chars_per_word=longest))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    if around == "template":
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])])
    elif around == "bert":
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", vocab["[SEP]"]), ("[CLS]", vocab["[CLS]"]))
    tokenizer.add_special_tokens(SPECIAL)
    for token in added:
        (tokenizer.add_special_tokens if token.special else tokenizer.add_tokens)([token])
    return tokenizer


def bert(clean, ideographs, accents, lower):
    return normalizers.BertNormalizer(clean_text=clean, handle_chinese_chars=ideographs, strip_accents=accents,
                                      lowercase=lower)


def token(content, special=False, **flags):
    return AddedToken(content, special=special, **{"normalized": False} | flags)


def tokenizers(texts):
    strip_then_lower = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
    added = [token("<new>", special=True), token("THE DOG", normalized=True), token("Café", normalized=True),
             token("<W>", single_word=True), token("<l>", lstrip=True), token("<r>", rstrip=True),
             token("<b>", lstrip=True, rstrip=True, normalized=True), token("the", normalized=True, single_word=True),
             token("[MA", special=True),
             token("  q", normalized=True), token("  z"), token("CAFÉ", special=True, normalized=True)]
    return {
        "uncased": made(texts, bert(True, True, None, True)),
        "cased": made(texts, bert(True, True, None, False), around="bert", longest=20),
        "accents": made(texts, bert(True, True, False, True)),
        "stripped": made(texts, bert(False, False, True, False)),
        "sequence": made(texts, strip_then_lower, prefix="@@", around=None),
        "decomposed": made(texts, normalizers.Sequence([normalizers.NFD(), bert(True, False, False, True)]), prefix=""),
        "raw": made(texts, None, around=None),
        "added": made(texts, bert(True, True, None, True), added=added),
        "added_raw": made(texts, bert(True, True, None, True), added=[t for t in added if not t.normalized]),
    }


def lines_folder(folder, texts):
    """vocab.txt with a configuration, and its tokenizer by another way into `tokenizers`."""
    vocab = vocabulary(bert(True, False, False, False).normalize_str, texts, "##")
    tokenizer = BertWordPieceTokenizer(vocab, clean_text=True, handle_chinese_chars=False, strip_accents=True,
                                       lowercase=False)
    config = {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "tokenize_chinese_chars": False,
              "strip_accents": True, "mask_token": {"content": "[MASK]", "lstrip": False}, "model_max_length": 512}
    tokenizer.save(str(folder / "same.json"), pretty=False)
    (folder / "vocab.txt").write_text("".join(text + "\n" for text in vocab), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    return tokenizer


def write_cases(folder, tokenizer, texts):
    with open(folder / "cases.jsonl", "w", encoding="utf-8") as file:
        for text in texts:
            encoding = tokenizer.encode(text)
            place = [0]
            for character in text:
                place.append(place[-1] + len(character.encode()))
            begin = [place[b] for b, _ in encoding.offsets]
            end = [place[e] for _, e in encoding.offsets]
            if tokenizer.post_processor is not None:
                begin[-1] = end[-1] = place[-1]
            case = {"text": text, "ids": encoding.ids, "begin": begin, "end": end}
            file.write(json.dumps(case, separators=(",", ":"), ensure_ascii=False) + "\n")


def main():
    target = Path(sys.argv[1])
    texts = HAND + scripts()
    made_all = tokenizers(texts)
    for number, name in enumerate([*made_all, "lines"]):
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        if name == "lines":
            tokenizer = lines_folder(folder, texts)
            around = tokenizer._tokenizer
        else:
            tokenizer = around = made_all[name]
            tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        write_cases(folder, around, texts + hostile(60, seed=100 + number))


if __name__ == "__main__":
    main()
