"""What heed export writes against transformers: the probabilities of a file's texts, and the labels.

    python bench/export.py MODEL TEST.tsv [--texts N]

MODEL: a network on an encoder that heed export takes, such as one of

    heed train --encoder FOLDER --architecture 'encoder trained | first | dense tanh 384 | dropout 0.1' --cut post

TEST.tsv: a header with the column text. Needs requirements-encoder.txt and build/release/heed. Prints the largest
difference of a probability and how many labels differ; exits with 1 if the first is above 1e-4."""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

HEED = os.environ.get("HEED", os.path.join(os.path.dirname(__file__), "..", "build", "release", "heed"))
BATCH, APART = 32, 1e-4


def heed_answers(model, texts):
    """Label and probabilities by label of each text."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    labels = subprocess.run([HEED, "inspect", model, "--labels"], check=True, capture_output=True, text=True)
    found = subprocess.run([HEED, "predict", model, "-", "--format", "jsonl", "--output-format", "jsonl", "--all-scores",
                            "--quiet"], input=lines, check=True, capture_output=True, text=True)
    return labels.stdout.splitlines(), [json.loads(line) for line in found.stdout.splitlines()]


def their_probabilities(folder, texts):
    words = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    several = model.config.problem_type == "multi_label_classification"
    found = []
    with torch.no_grad():
        for at in range(0, len(texts), BATCH):
            batch = words(texts[at:at + BATCH], padding=True, truncation=True, return_tensors="pt")
            logits = model(**batch).logits
            found.append(torch.sigmoid(logits) if several else torch.softmax(logits, 1))
    return model.config.id2label, torch.cat(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("texts_file")
    parser.add_argument("--texts", type=int, default=500)
    given = parser.parse_args()
    csv.field_size_limit(10 ** 9)
    with open(given.texts_file, encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][:given.texts]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([HEED, "export", given.model, "--output", folder], check=True, stdout=subprocess.DEVNULL)
        names, theirs = their_probabilities(folder, texts)
    labels, ours = heed_answers(given.model, texts)
    assert [names[i] for i in range(len(names))] == labels
    scores = torch.tensor([[each["score"] for each in answer["scores"]] for answer in ours], dtype=torch.float32)
    apart = (scores - theirs).abs().max().item()
    differ = (scores.argmax(1) != theirs.argmax(1)).sum().item()
    print(f"{len(texts)} texts, {len(labels)} labels: probabilities at most {apart:.2g} apart, {differ} labels differ")
    sys.exit(apart > APART)


main()
