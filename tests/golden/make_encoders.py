"""encoders/: small encoders with random weights as folders in Hugging Face's layout, and their hidden states by
transformers (static ones: by numpy, after model2vec's own formula). And ../fuzz/seeds/encoder: smaller ones.

Run from this folder: python make_encoders.py (torch 2.15.0, transformers 5.24.0, safetensors 0.8.0, numpy 2.4.6). Each folder
holds config.json and its weights, and states.safetensors: the ids of its texts one after the other, their lengths, the
states in float32, and for transformers the attention that each token gets in the last block: the mean over heads and
queries. float16 and bfloat16 weights are rounded first; states are those of the rounded weights."""
import json
import os
import shutil

import numpy
import torch
from safetensors.numpy import load_file, save, save_file
from transformers import (BertConfig, BertForSequenceClassification, BertModel, DistilBertConfig, DistilBertModel,
                          RobertaConfig, RobertaForSequenceClassification, RobertaModel, XLMRobertaConfig,
                          XLMRobertaModel)

FOLDER, SEEDS = "encoders", "../fuzz/seeds/encoder"
LENGTHS = [1, 5, 80, 17, 2, 66]  # the window, more than a panel of columns, and a single token
random = numpy.random.default_rng(18)
torch.manual_seed(18)


def bert(**options):
    sizes = dict(vocab_size=60, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
                 max_position_embeddings=80)
    return BertConfig(**(sizes | options))


def distilbert(**options):
    sizes = dict(vocab_size=60, dim=20, n_layers=2, n_heads=4, hidden_dim=36, max_position_embeddings=80)
    return DistilBertConfig(**(sizes | options))


def randomize(model):
    """Weights of the size of trained ones, so that every part shows in the states."""
    for name, p in model.named_parameters():
        with torch.no_grad():
            p.normal_(1 if "LayerNorm.weight" in name or "layer_norm.weight" in name else 0, 0.25)
    return model.eval()


def write_states(folder, vocabulary, states_of, attention_of=None):
    ids = [random.integers(vocabulary, size=length) for length in LENGTHS]
    of_all = {name: numpy.ascontiguousarray(numpy.concatenate([of(each) for each in ids]).astype(numpy.float32))
              for name, of in [("states", states_of), ("attention", attention_of)] if of}
    save_file({"ids": numpy.concatenate(ids).astype(numpy.uint32), "lengths": numpy.array(LENGTHS, numpy.int32),
               **of_all}, os.path.join(folder, "states.safetensors"))


def write_folder(name, model, encoder=None, dtype=torch.float32, shard=None):
    folder = os.path.join(FOLDER, name)
    model.to(dtype).save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    encoder = (encoder or model).to(torch.float64)

    def states_of(ids):
        with torch.no_grad():
            return encoder(torch.tensor(ids)[None]).last_hidden_state[0].numpy()

    def attention_of(ids):
        encoder.set_attn_implementation("eager")  # the others keep no attention
        with torch.no_grad():
            return encoder(torch.tensor(ids)[None], output_attentions=True).attentions[-1][0].mean((0, 1)).numpy()

    write_states(folder, encoder.config.vocab_size, states_of, attention_of)
    return folder


def write_old_names():
    """As the first BERT's files call the weights of a norm."""
    folder = write_folder("bert-gamma", randomize(BertModel(bert(num_hidden_layers=1))))
    path = os.path.join(folder, "model.safetensors")
    tensors = {k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v
               for k, v in load_file(path).items()}
    tensors["embeddings.position_ids"] = numpy.arange(80)[None]
    save_file(tensors, path)


def write_static(name, config, tensors):
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder)
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file, indent=2)
    save_file(tensors, os.path.join(folder, "model.safetensors"))
    rows = tensors.get("mapping", numpy.arange(len(tensors["embeddings"])))
    factors = tensors.get("weights", numpy.ones(len(rows)))

    def states_of(ids):
        return tensors["embeddings"][rows[ids]].astype(numpy.float64) * factors[ids][:, None]

    write_states(folder, len(rows), states_of)


def write_seed(name, config, tensors):
    """For tests/fuzz: the config's size in four bytes, the config, the tensors."""
    text = json.dumps(config).encode()
    with open(os.path.join(SEEDS, name), "wb") as file:
        file.write(len(text).to_bytes(4, "little") + text + save(tensors))


def write_seeds():
    tiny = dict(vocab_size=3, hidden_size=2, num_hidden_layers=1, num_attention_heads=2, intermediate_size=1,
                max_position_embeddings=4, hidden_act="gelu")
    model = randomize(BertModel(BertConfig(**tiny, type_vocab_size=1), add_pooling_layer=False))
    write_seed("bert", dict(tiny, model_type="bert", type_vocab_size=1),
               {k: v.numpy() for k, v in model.state_dict().items()})
    tiny = dict(vocab_size=3, dim=2, n_layers=1, n_heads=1, hidden_dim=1, max_position_embeddings=4, activation="relu")
    model = randomize(DistilBertModel(DistilBertConfig(**tiny)))
    write_seed("distilbert", dict(tiny, model_type="distilbert"),
               {k: v.numpy().astype(numpy.float16) for k, v in model.state_dict().items()})
    write_seed("static", {"normalize": True}, {"embeddings": random.integers(-9, 9, size=(3, 2)).astype(numpy.int8),
                                              "mapping": numpy.array([0, 2, 1, 1]), "weights": random.random(4)})


def roberta(kind, **options):
    """Its texts have ids of padding, too, which are not counted as positions."""
    sizes = dict(vocab_size=60, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
                 max_position_embeddings=90, type_vocab_size=1)
    return kind(**(sizes | options))


def write_later():
    """Families that came later, so that the random numbers of the others stay as they are."""
    write_folder("roberta", randomize(RobertaModel(roberta(RobertaConfig, layer_norm_eps=1e-5))))
    write_folder("xlm-roberta", randomize(XLMRobertaModel(roberta(XLMRobertaConfig, pad_token_id=4),
                                                          add_pooling_layer=False)))
    classifier = randomize(RobertaForSequenceClassification(roberta(RobertaConfig, num_hidden_layers=1)))
    write_folder("roberta-classifier", classifier, classifier.roberta)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    write_folder("bert", randomize(BertModel(bert())))
    write_folder("bert-gelu-new", randomize(BertModel(bert(hidden_act="gelu_new", num_attention_heads=1,
                                                           layer_norm_eps=1e-5))))
    write_folder("bert-tanh", randomize(BertModel(bert(hidden_act="gelu_pytorch_tanh", num_attention_heads=12,
                                                       type_vocab_size=1), add_pooling_layer=False)))
    write_folder("bert-relu", randomize(BertModel(bert(hidden_act="relu", num_hidden_layers=1))))
    classifier = randomize(BertForSequenceClassification(bert(num_hidden_layers=1)))
    write_folder("bert-classifier", classifier, classifier.bert)
    write_folder("bert-float16", randomize(BertModel(bert(num_hidden_layers=1))), dtype=torch.float16)
    write_folder("bert-bfloat16", randomize(BertModel(bert(num_hidden_layers=1))), dtype=torch.bfloat16)
    write_folder("bert-two-files", randomize(BertModel(bert())), shard="40KB")
    write_folder("distilbert", randomize(DistilBertModel(distilbert())))
    write_folder("distilbert-relu", randomize(DistilBertModel(distilbert(activation="relu", n_heads=1, n_layers=1,
                                                                         sinusoidal_pos_embds=True))))
    write_old_names()
    matrix = random.normal(size=(30, 16))
    write_static("static", {"model_type": "model2vec", "hidden_dim": 16, "normalize": True},
                 {"embeddings": matrix.astype(numpy.float32)})
    write_static("static-int8", {"normalize": False},
                 {"embeddings": random.integers(-127, 128, size=(30, 16)).astype(numpy.int8),
                  "mapping": random.integers(30, size=50), "weights": random.random(50)})

    write_seeds()
    write_later()


if __name__ == "__main__":
    main()
