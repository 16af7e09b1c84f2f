"""Writes to tests/golden/tokenizers: byte-level BPE and Unigram trained on reviews, and what `tokenizers` makes of texts.

    make_trained_tokenizers.py FOLDER testData.tsv      with tokenizers 0.22.1, sentencepiece 0.2.3, protobuf and numpy

Files as those of make_tokenizers.py. The reviews are those of Kaggle's "Bag of Words Meets Bags of Popcorn".
"""
import io
import json
import sys
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

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
    "``quoted'' and ''`` \u2581  x", "\u3000  \u00a0 \t x \u2003 ", "<cls> a<cls>  <sep>[X]the [x] The",
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


def pieces(rows, size, **options):
    """What SentencePiece learns: its pieces with their scores, and its map of normalization."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(rows), model_writer=out, vocab_size=size,
                                             num_threads=1, minloglevel=2, **options)
    proto = sentencepiece_model_pb2.ModelProto.FromString(out.getvalue())
    return [(piece.piece, piece.score) for piece in proto.pieces[3:]], proto.normalizer_spec.precompiled_charsmap


def template(first, last):
    return processors.TemplateProcessing(single=f"{first[0]} $A {last[0]}", pair=f"{first[0]} $A {last[0]} $B {last[0]}",
                                         special_tokens=[first, last])


def pieces_as_xlm(rows):
    """As transformers converts XLM-R."""
    learnt, charsmap = pieces(rows, 1000, normalization_rule_name="nmt_nfkc", character_coverage=0.9995)
    vocab = [(token, 0.0) for token in ("<s>", "<pad>", "</s>", "<unk>")] + learnt + [("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap),
                                                 normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = template(("<s>", 0), ("</s>", 2))
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", ADDED[0]])
    return tokenizer


def small_map(rows, size):
    """A map that has all that makes maps hard: what goes, what grows, clusters, strings that others begin with."""
    rules = [("\u2028", " "), ("\x01", ""), ("\u00ad", ""), ("\ufdfa", "salla allahou"), ("\u2121", "TEL"), ("A\u0300", "\u00c0"),
             ("e\u0301", "\u00e9"), ("\u00bd", "1/2"), ("\u00a9", "(c)"), ("\u0915", "k"), ("\uff76\uff9e", "\u30ac"), ("\r", " "),
             ("\u0300", ""), ("\ufb01", "fi"), ("\U0001f600", ":-)")]
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        for old, new in rules:
            file.write(" ".join(f"{ord(c):X}" for c in old) + "\t" + " ".join(f"{ord(c):X}" for c in new) + "\n")
        file.flush()
        return pieces(rows, size, normalization_rule_tsv=file.name, character_coverage=0.99)


def pieces_as_albert(rows):
    """Several normalizers, a space before the text only, tokens in the normalized text, an unknown token that is last."""
    learnt, charsmap = small_map([row.lower() for row in rows], 600)
    vocab = [("<cls>", 0.0), ("<sep>", 0.0)] + learnt + [("<unk>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=len(vocab) - 1, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(),
        normalizers.Lowercase(), normalizers.Precompiled(charsmap), normalizers.Strip(left=False, right=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.post_processor = template(("<cls>", 0), ("<sep>", 1))
    tokenizer.add_special_tokens([AddedToken("<cls>", special=True, normalized=False), ADDED[0]])
    tokenizer.add_tokens([AddedToken("[X]", normalized=True, rstrip=True), AddedToken("<sep>", normalized=False)])
    return tokenizer


def pieces_of_texts(rows):
    """Tokens across words; what the map leaves of a text, and nothing around it."""
    learnt, charsmap = small_map(rows, 400)
    tokenizer = Tokenizer(models.Unigram([("<unk>", 0.0)] + learnt, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.Precompiled(charsmap),
                                                 normalizers.Replace(Regex(" {2,}"), "\u2581")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
    return tokenizer


def write_merges_as_texts(path):
    """As older versions do."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["model"]["merges"] = [" ".join(pair) for pair in data["model"]["merges"]]
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    assert Tokenizer.from_file(str(path)).get_vocab_size() == len(data["model"]["vocab"])


def main():
    target, rows = Path(sys.argv[1]), reviews(sys.argv[2])[:3000]
    made = {"bytes": bytes_as_roberta(rows), "bytes_added": bytes_with_tokens(rows), "bytes_lines": bytes_of_lines(rows),
            "pieces": pieces_as_xlm(rows), "pieces_added": pieces_as_albert(rows), "pieces_whole": pieces_of_texts(rows)}
    for number, (name, tokenizer) in enumerate(made.items()):
        texts = HAND + TEXTS + scripts() + hostile(30, 200 + number, MORE)
        save(target / name, tokenizer, texts)
        if name == "bytes":
            write_merges_as_texts(target / name / "tokenizer.json")


if __name__ == "__main__":
    main()
