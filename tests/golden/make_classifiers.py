"""classifiers/: small classifiers with random weights as transformers writes them, and their logits of some texts.

Run from this folder: python make_classifiers.py (torch 2.15.0, transformers 5.24.0, safetensors 0.8.0). Each folder has
config.json, model.safetensors and logits.json: the ids of texts with the tokens around them, and the logits of each."""
import json
import os

import torch
from make_encoders import bert, distilbert, randomize, roberta
from transformers import (BertForSequenceClassification, DistilBertForSequenceClassification, RobertaConfig,
                          RobertaForSequenceClassification, XLMRobertaConfig, XLMRobertaForSequenceClassification)

FOLDER = "classifiers"
# Ids of words of encoder_words/vocab.txt between [CLS] and [SEP]; an empty text, too.
TEXTS = [[2, 5, 6, 8, 13, 3], [2, 17, 18, 3], [2, 3], [2, 14, 6, 12, 21, 22, 5, 45, 3]]
LABELS = {i: label for i, label in enumerate(["bad", "fine", "good"])}


def write(name, model):
    folder = os.path.join(FOLDER, name)
    randomize(model)
    model.save_pretrained(folder)
    with torch.no_grad():
        logits = [model.double()(torch.tensor(ids)[None]).logits[0].tolist() for ids in TEXTS]
    with open(os.path.join(folder, "logits.json"), "w", encoding="utf-8") as file:
        json.dump({"texts": TEXTS, "logits": logits}, file)


if __name__ == "__main__":
    torch.manual_seed(19)
    labels = dict(id2label=LABELS, label2id={label: i for i, label in LABELS.items()}, num_labels=3,
                  problem_type="single_label_classification")
    write("bert", BertForSequenceClassification(bert(**labels)))
    write("distilbert", DistilBertForSequenceClassification(distilbert(**labels)))
    write("roberta", RobertaForSequenceClassification(roberta(RobertaConfig, **labels)))
    write("xlm-roberta", XLMRobertaForSequenceClassification(roberta(XLMRobertaConfig, **labels)))
