"""PyTorch on the CPU as a worker of bench/run:  python torch_worker.py CASE THREADS eager|compiled padded|packed

packed leaves padding out (pack_padded_sequence); padded reads it, as the tutorial does. Compiled leaves nn.LSTM as it
is: torch.compile does not go into it."""
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import torch_layers
from cases import ATTENTION, DENSE, Case
from workers import Predictor, serve


class Network(nn.Module):
    def __init__(self, shape, packed):
        super().__init__()
        self.packed = packed
        self.embedding = nn.Embedding(shape.vocabulary, shape.embedding)
        self.lstm = nn.LSTM(shape.embedding, shape.units, num_layers=2, bidirectional=True, batch_first=not packed)
        self.features, self.query = (nn.Linear(2 * shape.units, ATTENTION) for _ in range(2))
        self.score, self.dense = nn.Linear(ATTENTION, 1), nn.Linear(2 * shape.units, DENSE)
        self.output = nn.Linear(DENSE, 1)

    def attend(self, x, state, time_axis, kept=None):
        score = self.score(torch.tanh(self.features(x) + self.query(state).unsqueeze(time_axis)))
        if kept is not None:
            score = score.masked_fill(~kept.unsqueeze(-1), -1e9)
        context = (torch.softmax(score, time_axis) * x).sum(time_axis)
        return self.output(torch.relu(self.dense(context)))[:, 0]

    def forward(self, ids, lengths=None):
        if not self.packed:
            x, (h, _) = self.lstm(self.embedding(ids))
            return self.attend(x, torch.cat((h[2], h[3]), 1), 1)
        packed = pack_padded_sequence(self.embedding(ids), lengths)
        x, (h, _) = self.lstm(packed)
        x, _ = pad_packed_sequence(x)
        kept = torch.arange(x.shape[0])[:, None] < lengths[None, :]
        return self.attend(x, torch.cat((h[2], h[3]), 1), 0, kept)

    def load(self, w):
        self.embedding.weight.copy_(w["embedding.embeddings"])
        for layer in range(2):
            for direction, suffix in (("forward", ""), ("backward", "_reverse")):
                name, end = f"bi_lstm_{layer}.{direction}.", f"l{layer}{suffix}"
                getattr(self.lstm, "weight_ih_" + end).copy_(w[name + "kernel"].T)  # gates i, f, c, o in both
                getattr(self.lstm, "weight_hh_" + end).copy_(w[name + "recurrent_kernel"].T)
                getattr(self.lstm, "bias_ih_" + end).copy_(w[name + "bias"])
        for bias in self.second_biases():  # Keras has one bias
            bias.requires_grad_(False).zero_()
        for linear, name in ((self.features, "attention.features_"), (self.query, "attention.query_"),
                             (self.score, "attention.score_"), (self.dense, "dense."), (self.output, "output.")):
            linear.weight.copy_(w[name + "kernel"].T)
            linear.bias.copy_(w[name + "bias"])

    def second_biases(self):
        return (p for name, p in self.named_parameters() if "bias_hh" in name)


class Contender(Predictor):
    def __init__(self, case, compiled, packed):
        self.case, self.packed = case, packed
        self.network = Network(case.shape, packed) if case.shape else torch_layers.Network(case)
        self.run = torch.compile(self.network) if compiled else self.network
        self.loss = nn.BCEWithLogitsLoss()
        self.restart()

    def restart(self):
        w = {name: torch.from_numpy(value) for name, value in self.case.weights.items()}
        with torch.no_grad():
            self.network.load(w)
        trained = [p for p in self.network.parameters() if p.requires_grad]
        self.adam = torch.optim.Adam(trained, eps=1e-7, fused=True)
        self.case.next = 0

    def input(self, ids):
        """Padded: the ids. Packed: rows of falling length, tokens in front, the tutorial's by time; and their order."""
        if not self.packed:
            return (torch.from_numpy(ids),), slice(None)
        lengths = (ids != 0).sum(1)
        order = np.argsort(-lengths, kind="stable")
        columns = (np.arange(ids.shape[1]) + (ids.shape[1] - lengths)[:, None]) % ids.shape[1]
        front = np.take_along_axis(ids, columns, 1)[order]
        lengths = lengths[order]
        front = front.T[: lengths[0]] if self.case.shape else front[:, : lengths[0]]
        return (torch.from_numpy(np.ascontiguousarray(front)), torch.from_numpy(lengths)), order

    def step(self, ids, labels):
        inputs, order = self.input(ids)
        self.network.train()
        self.adam.zero_grad(set_to_none=True)
        loss = self.loss(self.run(*inputs), torch.from_numpy(np.ascontiguousarray(labels[order])))
        loss.backward()
        self.adam.step()
        return loss

    def losses(self, count):
        """Keras adds Adam's epsilon before the corrections for moments that start at 0, PyTorch behind them."""
        self.restart()
        told = []
        for number, (x, y) in enumerate(self.case.take(count), start=1):
            self.adam.param_groups[0]["eps"] = 1e-7 / (1 - 0.999 ** number) ** 0.5
            told.append(float(self.step(x, y).detach()))
        self.restart()
        return {"losses": told}

    def train(self, count):
        begin = time.perf_counter()
        for x, y in self.case.take(count):
            self.step(x, y)
        return {"seconds": time.perf_counter() - begin, "rows": count * self.case.batch}

    def answer(self, ids):
        inputs, order = self.input(ids)
        self.network.eval()
        with torch.inference_mode():
            found = torch.sigmoid(self.run(*inputs))
        if isinstance(order, slice):
            return found.numpy()
        out = np.empty(len(ids), "float32")
        out[order] = found.numpy()
        return out


def main():
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)  # its best: without it, small numbers make it slower
    c = Contender(Case(sys.argv[1]), sys.argv[3] == "compiled", sys.argv[4] == "packed")
    serve({name: getattr(c, name) for name in ("losses", "train", "predict", "one", "probabilities")})


main()
