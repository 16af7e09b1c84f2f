# docs/MODEL_FILE.md lists the weights of every layer: models that heed writes have exactly these names and shapes, and
# every line of the list is met.
. "$(dirname "$0")/lib.sh"
has_command python3 || skip "python3 is not here"

made_rows 60 > rows.tsv
train() { # NAME ARCHITECTURE
    "$HEED" train --train rows.tsv --model "$1.safetensors" --quiet --epochs 1 --max-length 9 --architecture "$2" 2> err ||
        wrong "$2: $(cat err)"
}
train lstm 'embed 5 | lstm 3 | attention additive 7 + attention general'
train bilstm 'embed 5 | bilstm 3 | attention location + attention additive 2 | dense 7 | dense 11'
train gru 'embed 5 | gru 3 | max'
train bigru 'embed 5 | bigru 3 | mean'
train conv 'embed 5 | conv 7 3 | max'
train widths 'embed 5 | conv 7 2 3 | attention general'
train transformer 'embed 6 | transformer 2 7 | max'
train pre 'embed 6 | transformer-pre 3 7 | transformer-pre 3 7 | mean'
train second 'embed 5 | lstm 6 | transformer 2 7 | mean + max'

train wide 'wide words 1-3 letters 3-5 min-count 2 weight idf C 10'
train linear linear

cat > check.py << 'END'
import json, re, struct, sys

# What the letters of the list are in these models, by the beginning of a tensor's name.
LETTERS = {
    "lstm": {"embedding": {"WIDTH": 5}, "lstm_0": {"D": 5, "UNITS": 3}, "attention.": {"D": 3, "S": 3, "UNITS": 7},
             "attention_1": {"D": 3, "S": 3}, "output": {"D": 6}},
    "bilstm": {"embedding": {"WIDTH": 5}, "bi_lstm_0": {"D": 5, "UNITS": 3}, "attention.": {"S": 6},
               "attention_1": {"D": 6, "S": 6, "UNITS": 2}, "dense.": {"D": 12, "UNITS": 7},
               "dense_1": {"D": 7, "UNITS": 11}, "output": {"D": 11}},
    "gru": {"embedding": {"WIDTH": 5}, "gru_0": {"D": 5, "UNITS": 3}, "output": {"D": 3}},
    "bigru": {"embedding": {"WIDTH": 5}, "bi_gru_0": {"D": 5, "UNITS": 3}, "output": {"D": 6}},
    "conv": {"embedding": {"WIDTH": 5}, "conv1d_0": {"D": 5, "UNITS": 7, "WIDTH": 3}, "output": {"D": 7}},
    "widths": {"embedding": {"WIDTH": 5}, "conv1d_0.width_2": {"D": 5, "UNITS": 7, "WIDTH": 2},
               "conv1d_0.width_3": {"D": 5, "UNITS": 7, "WIDTH": 3}, "attention.": {"D": 14, "S": 14}, "output": {"D": 14}},
    "transformer": {"embedding": {"WIDTH": 6}, "position": {"D": 6},
                    "transformer_0": {"D": 6, "HEADS": 2, "FEEDFORWARD": 7}, "output": {"D": 6}},
    "pre": {"embedding": {"WIDTH": 6}, "position": {"D": 6}, "transformer_0": {"D": 6, "HEADS": 3, "FEEDFORWARD": 7},
            "transformer_1": {"D": 6, "HEADS": 3, "FEEDFORWARD": 7}, "output": {"D": 6}},
    "second": {"embedding": {"WIDTH": 5}, "lstm_0": {"D": 5, "UNITS": 6}, "position": {"D": 6},
               "transformer_1": {"D": 6, "HEADS": 2, "FEEDFORWARD": 7}, "output": {"D": 12}},
}


def listed(page):
    """[(pattern of names, shape)] of the table under "Weights by layer"."""
    table = page.split("### Weights by layer")[1].split("\n#")[0]
    for row in re.findall(r"^\|(.*)\|$", table, re.M)[2:]:
        cells = row.split(" | ")
        names = [name for name in re.findall(r"`([^`]*)`", cells[1]) if "." in name]
        shapes = re.findall(r"\[([^]]*)\]", cells[2])
        if len(names) != len(shapes):
            sys.exit(f"{len(names)} names, {len(shapes)} shapes: {row}")
        for name, shape in zip(names, shapes):
            pattern = re.escape(name)
            for word, values in [("(attention|dense)_N", r"\1(_[1-9])?"), ("_N", r"_\\d"), ("WIDTH", r"\\d+"),
                                 ("DIRECTION", "(forward|backward)"), ("PART", "(query|key|value)")]:
                pattern = re.sub(word, values, pattern)
            yield pattern, shape


def sizes(shape, letters):
    """[D, 4 UNITS] with its letters replaced."""
    found = []
    for size in shape.split(", "):
        size = re.sub(r"(\d+) ([A-Z]+)", r"\1 * \2", size).replace("/", "//")
        found.append(eval(size, {}, letters))
    return found


rows, met = list(listed(open(sys.argv[1]).read())), set()
for model, known in LETTERS.items():
    data = open(model + ".safetensors", "rb").read()
    header = json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])
    ids = header["heed.vocabulary.offsets"]["shape"][0] - 1 + 2
    for name, tensor in header.items():
        if name.startswith("heed.") or name == "__metadata__":
            continue
        fits = [row for row in rows if re.fullmatch(row[0], name)]
        here = {"ids": ids, "window": 9, "outputs": 1}
        here.update(next((v for k, v in known.items() if name.startswith(k)), {}))
        shapes = []
        for row in fits: # attentions share a name: the row whose letters are all here
            try:
                shapes.append(sizes(row[1], here))
                if shapes[-1] == tensor["shape"]:
                    met.add(row)
            except NameError:
                pass
        if tensor["shape"] not in shapes or tensor["dtype"] != "F32":
            print(f"{model}: {name} is {tensor['dtype']} {tensor['shape']}, listed: {shapes or 'nothing'}")
for row in rows:
    if row not in met:
        print(f"no model has {row[0]} {row[1]}")
END
python3 check.py "$root/docs/MODEL_FILE.md" > found || wrong "the list: $(cat found)"
[ ! -s found ] || wrong "$(cat found)"


# The tensors of models without layers, and their types, are in the table above it, in both directions.
cat > kinds.py << 'END'
import json, re, struct, sys

names = {}
for model in ("wide", "linear"):
    data = open(model + ".safetensors", "rb").read()
    header = json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])
    names.update({n: t["dtype"] for n, t in header.items() if n.startswith(model + ".")})
listed = {}
for row in re.findall(r"^\| (`(?:linear|wide)\..*?) \| (.*?) \|", open(sys.argv[1]).read(), re.M):
    first = ""
    kinds = re.findall(r"\b[FU]\d+", row[1])
    for i, name in enumerate(re.findall(r"`([^`]*)`", row[0])):
        first = first or name
        full = first.rsplit(".", 1)[0] + name if name.startswith(".") else name
        listed[full] = kinds[min(i, len(kinds) - 1)]
for name in sorted(set(names) | set(listed)):
    if names.get(name) != listed.get(name):
        print(f"{name}: models have {names.get(name)}, listed: {listed.get(name)}")
END
kinds_fit() { python3 kinds.py "$1" > found; [ ! -s found ]; }
kinds_fit "$root/docs/MODEL_FILE.md" || wrong "$(cat found)"
sed '/^| `wide.scale`/d' "$root/docs/MODEL_FILE.md" > wrong.md
kinds_fit wrong.md && wrong "not noticed: a tensor of wide that is not listed"
sed '/^| `wide.words.last`/s/U32/F32/' "$root/docs/MODEL_FILE.md" > wrong.md
kinds_fit wrong.md && wrong "not noticed: a wrong type"

# A wrong list is noticed: a shape, a tensor that is missing, a tensor that is none.
must_fail() { # SED-SCRIPT
    sed "$1" "$root/docs/MODEL_FILE.md" > wrong.md
    cmp -s wrong.md "$root/docs/MODEL_FILE.md" && wrong "$1 changes nothing"
    python3 check.py wrong.md > found
    [ -s found ] || wrong "not noticed: $1"
}
must_fail '/`gru_N.kernel`/s/3 UNITS/4 UNITS/'
must_fail '/`output.kernel`/d'
must_fail 's/`attention_N.score_kernel`/`attention_N.score_matrix`/'
must_fail '/transformer_N_norm_1/s/\[D\], \[D\]/[D], [HEADS]/'
exit $failed
