"""encoders/*/training.safetensors: gradients of the weights of encoders/, and the weights after three steps of AdamW,
by torch in float64. README.md says what is in the files.

Run from this folder, after make_encoders.py, which removes the files, and with the same versions: python
make_encoder_training.py. It prints each file's size, and how far the same in float32 is from the file: the largest
difference in a tensor, relative to the largest number of the tensor."""
import os

import numpy
import torch
from safetensors.numpy import load_file, save_file
from transformers import AutoModel
from transformers.utils import logging

FOLDERS = ["bert", "bert-gelu-new", "bert-tanh", "bert-relu", "distilbert", "distilbert-relu", "roberta", "xlm-roberta"]
STEPS, RATE, DECAY = 3, 1e-3, 0.01
WORDS = "embeddings.word_embeddings.weight"  # they stay as they are
torch.set_num_threads(1)
logging.disable_progress_bar()
logging.set_verbosity_error()  # it would warn of the pooler, which is stored and not used


def path_of(folder, name):
    return os.path.join("encoders", folder, name + ".safetensors")


def load(folder, dtype):
    options = {} if folder.startswith("distilbert") else {"add_pooling_layer": False}
    model = AutoModel.from_pretrained(os.path.join("encoders", folder), dtype=dtype, attn_implementation="eager",
                                      **options)
    for name in ("word_embeddings", "position_embeddings"):  # otherwise the rows of padding, here of a word, get no gradient
        getattr(model.embeddings, name).padding_idx = None
    return model.eval().requires_grad_(True)  # sinusoidal positions, too


def compute_gradients(model, texts, dstates):
    """Of sum(states * dstates), over all texts, each by itself."""
    model.zero_grad(set_to_none=False)
    for ids, d in zip(texts, dstates):
        (model(torch.tensor(ids)[None]).last_hidden_state[0] * torch.tensor(d)).sum().backward()


def train(folder, texts, dstates, dtype):
    """The gradients by name, and the weights after the steps; of tensors that the model has."""
    model = load(folder, dtype)
    parameters = dict(model.named_parameters())
    moved = [p for name, p in parameters.items() if name != WORDS]
    groups = [{"params": [p for p in moved if p.dim() == 2], "weight_decay": DECAY},
              {"params": [p for p in moved if p.dim() == 1], "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.999), eps=1e-7)
    compute_gradients(model, texts, dstates)
    gradients = {name: p.grad.numpy().astype(numpy.float32) for name, p in parameters.items()}
    for step in range(STEPS):
        if step > 0:
            compute_gradients(model, texts, dstates)
        optimizer.step()
    return gradients, {name: p.detach().numpy().astype(numpy.float32) for name, p in parameters.items()}


def distance(found, expected, before=0):
    return abs(found.astype(float) - expected).max() / abs(expected.astype(float) - before).max()


def print_distances(folder, before, exact, rounded):
    """The gradient of a key's bias is 0 but for rounding, so its numbers are printed as they are."""
    names = [name for name in exact[0] if not name.endswith(("key.bias", "k_lin.bias"))]
    keys = exact[0].keys() - names
    gradient, of_gradient = max((distance(rounded[0][name], exact[0][name]), name) for name in names)
    change, of_change = max((distance(rounded[1][name], exact[1][name], before[name]), name) for name in names
                            if name != WORDS)
    key = [max(abs(numbers[name]).max() for name in keys) for numbers in (exact[0], rounded[0])]
    moved = max(abs(rounded[1][name] - before[name]).max() for name in keys)
    print(f"{folder}: {os.path.getsize(path_of(folder, 'training'))} bytes; gradients {gradient:.1e} ({of_gradient}), "
          f"changes {change:.1e} ({of_change}); keys' biases: gradients up to {key[0]:.1e}, in float32 {key[1]:.1e}, "
          f"where they move by up to {moved:.1e}")


def write_folder(folder):
    before, inputs = (load_file(path_of(folder, name)) for name in ("model", "states"))
    dstates = numpy.random.default_rng(19).normal(size=inputs["states"].shape).astype(numpy.float32)
    ends = inputs["lengths"].cumsum()[:-1]
    texts = [ids.astype(numpy.int64) for ids in numpy.split(inputs["ids"], ends) if len(ids) > 0]
    dtexts = [d for d in numpy.split(dstates, ends) if len(d) > 0]
    exact, rounded = (train(folder, texts, dtexts, dtype) for dtype in (torch.float64, torch.float32))
    unused = {f"gradient.{name}": numpy.zeros_like(w) for name, w in before.items()}
    save_file({"dstates": dstates, **unused, **{f"gradient.{name}": g for name, g in exact[0].items()},
               **{f"after.{name}": w for name, w in (before | exact[1]).items()}}, path_of(folder, "training"))
    print_distances(folder, before, exact, rounded)


for each in FOLDERS:
    write_folder(each)
