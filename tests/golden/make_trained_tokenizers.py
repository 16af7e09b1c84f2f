"""Writes to tests/golden/tokenizers: byte-level BPE trained on reviews, and what `tokenizers` makes of texts with it.

    make_trained_tokenizers.py FOLDER testData.tsv      with tokenizers 0.22.1 and numpy of PyPI

Files as those of make_tokenizers.py. The reviews are those of Kaggle's "Bag of Words Meets Bags of Popcorn".
"""
import json
import sys
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bench"))
from compare_tokenizers import MORE, expected, hostile, reviews, scripts  # noqa: E402
from make_tokenizers import HAND  # noqa: E402

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
ADDED = [AddedToken("<mask>", lstrip=True, special=True, normalized=False), AddedToken("   ", normalized=True),
         AddedToken(" \u00e9 ", normalized=False), AddedToken("Dog", normalized=True, single_word=True),
         AddedToken("<r>", rstrip=True, normalized=False)]
TEXTS = [
    "I'm sure he'd say it's what they've done; we'll see, you're right, isn't it? IT'S 'tis 'll", "it 's the dog 's, rock 'n' roll",
    "two  spaces   three    four", "a line\nanother\n\nand  \n  more \n", "\ttab\t\ttabs\u00a0\u00a0odd\u3000\u3000 blanks\u2003",
    " leading", "   leading", "trailing ", "trailing   ", "123 4567 3.14 1,000,000 \u00bd \u2167 \u0663\u0664", "abc123def 99bottles",
    "<s> a </s> <unk> <mask> b<mask>  <mask>", "<r>  x <r>y", "a \u00e9 b\u00e9 \u00e9 ", "DOG Dog dog doggy hotDog dog.",
    "\U0001f600\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7\U0001f1ee \u263a\ufe0f \u00a9\u200d\u00a9",
    "\u2581 \u2581the\u2581the \u2581\u2581", "\u0120the \u0120", "x" * 300, "ab" * 200, "-" * 130, "!?" * 40, "\u4e2d" * 40,
    "\u0915\u094d\u0937\u093f\u0915\u094d\u0937 \u0ba8\u0bbf \u0e01\u0e33", "\u1112\u1161\u11ab\u1100\u1173\u11af \uac00\u11a8",
    "\ufb01\ufdfa\u2121\u33a5\u32ff", "A\u0300e\u0301\u0323o\u0302\u0301 \u00bd\u0301 \uff76\uff9e\uff8a\uff9f",
    "\x01\x02start \x1e mid \x7f\x80\x9f end\x00", "\u200b\u200c\u200d\u200e\u2060\ufeff", "\u0600\u0661\u06dd\u0967 \r\n\r\r\n",
    "na\u00efve caf\u00e9 \u2014 \u201cquoted\u201d \u2026 don\u2019t", "<br /><br />The film", "http://a.b/c?d=e&f=g#h", "user@example.com",
]


def save(folder, tokenizer, texts):
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    with open(folder / "cases.jsonl", "w", encoding="utf-8") as file:
        for text in texts:
            ids, begin, end = expected(text, tokenizer.encode(text)).T.tolist() or [[], [], []]
            case = {"text": text, "ids": ids, "begin": begin, "end": end}
            file.write(json.dumps(case, separators=(",", ":"), ensure_ascii=False) + "\n")


def byte_level(rows, size, *, prefix=False, unknown=None, all_bytes=True, normalizer=None, regex=True, **options):
    tokenizer = Tokenizer(models.BPE(unk_token=unknown, **options))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=regex)
    alphabet = pre_tokenizers.ByteLevel.alphabet() if all_bytes else []
    tokenizer.train_from_iterator(rows, trainers.BpeTrainer(vocab_size=size, special_tokens=SPECIAL,
                                                            initial_alphabet=sorted(alphabet), show_progress=False))
    return tokenizer


def bytes_as_roberta(rows):
    tokenizer = byte_level(rows, 1000, unknown="<unk>", continuing_subword_prefix="", end_of_word_suffix="")
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True,
                                                            add_prefix_space=False)
    tokenizer.add_special_tokens(ADDED[:1])
    return tokenizer


def bytes_with_tokens(rows):
    """Lower case, a space before each text, tokens of every kind, bytes that are unknown."""
    tokenizer = byte_level(rows, 600, prefix=True, unknown="<unk>", all_bytes=False, normalizer=normalizers.Lowercase(),
                           fuse_unk=True)
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True, add_prefix_space=True),
        processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> $B </s>",
                                      special_tokens=[("<s>", 0), ("</s>", 2)])])
    for token in ADDED:
        (tokenizer.add_special_tokens if token.special else tokenizer.add_tokens)([token])
    return tokenizer


def bytes_of_lines(rows):
    """Tokens across words, no places trimmed, no special tokens around a text."""
    tokenizer = byte_level(rows[:300], 500, regex=False, normalizer=normalizers.NFD(), ignore_merges=True)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def write_merges_as_texts(path):
    """As older versions do."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["model"]["merges"] = [" ".join(pair) for pair in data["model"]["merges"]]
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    assert Tokenizer.from_file(str(path)).get_vocab_size() == len(data["model"]["vocab"])


def main():
    target, rows = Path(sys.argv[1]), reviews(sys.argv[2])[:3000]
    made = {"bytes": bytes_as_roberta(rows), "bytes_added": bytes_with_tokens(rows), "bytes_lines": bytes_of_lines(rows)}
    for number, (name, tokenizer) in enumerate(made.items()):
        texts = HAND + TEXTS + scripts() + hostile(30, 200 + number, MORE)
        save(target / name, tokenizer, texts)
        if name == "bytes":
            write_merges_as_texts(target / name / "tokenizer.json")


if __name__ == "__main__":
    main()
