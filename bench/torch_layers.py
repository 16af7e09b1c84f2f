"""Networks of the section `layers` in PyTorch, built from heed's architecture text.

Ids come as torch_worker.py gives them: "packed" has the tokens in front, rows of falling length, and only as many steps
as the longest has; "padded" is the window as it is."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from cases import layers_of

def gates(kind, weight):
    """In PyTorch's order, along the last axis: that of an LSTM is Keras's, a GRU's is r, z, h for z, r, h."""
    if kind == "bi_lstm":
        return weight
    z, r, h = weight.chunk(3, -1)
    return torch.cat((r, z, h), -1)


class Recurrent(nn.Module):
    """One bidirectional layer, or several of the same size at once, as nn.LSTM and nn.GRU do."""

    def __init__(self, kind, class_, width, units, count):
        super().__init__()
        self.kind, self.count = kind, count
        self.cells = class_(width, units, num_layers=count, bidirectional=True, batch_first=True)
        if kind == "bi_lstm":  # Keras has one bias
            for name, parameter in self.cells.named_parameters():
                parameter.requires_grad_("bias_hh" not in name)

    def forward(self, x, lengths):
        if lengths is not None:
            x = pack_padded_sequence(x, lengths, batch_first=True)
        x, state = self.cells(x)
        if lengths is not None:
            x, _ = pad_packed_sequence(x, batch_first=True)
        h = state[0] if self.kind == "bi_lstm" else state
        return x, torch.cat((h[-2], h[-1]), 1)

    def load(self, w):
        for layer in range(self.count):
            for way, suffix in (("forward", ""), ("backward", "_reverse")):
                name, end = f"{self.kind}_{layer}.{way}.", f"_l{layer}{suffix}"
                kernel, recurrent, bias = (gates(self.kind, w[name + part])
                                           for part in ("kernel", "recurrent_kernel", "bias"))
                self.copy("weight_ih" + end, kernel.T)
                self.copy("weight_hh" + end, recurrent.T)
                self.copy("bias_ih" + end, bias if bias.dim() == 1 else bias[0])
                self.copy("bias_hh" + end, torch.zeros_like(bias) if bias.dim() == 1 else bias[1])

    def copy(self, name, value):
        getattr(self.cells, name).copy_(value)


class Convolution(nn.Module):
    def __init__(self, number, width, units, widths):
        super().__init__()
        self.widths, self.name = widths, f"conv1d_{number}."
        self.taps = nn.ModuleList(nn.Conv1d(width, units, size, padding="same") for size in widths)

    def forward(self, x, kept):
        x = (x if kept is None else x * kept[..., None]).transpose(1, 2)
        return torch.cat([torch.relu(taps(x)) for taps in self.taps], 1).transpose(1, 2)

    def load(self, w):
        for taps, width in zip(self.taps, self.widths):
            name = self.name + (f"width_{width}." if len(self.widths) > 1 else "")
            taps.weight.copy_(w[name + "kernel"].permute(2, 1, 0))
            taps.bias.copy_(w[name + "bias"])


class Transformer(nn.Module):
    """PyTorch's own encoder; positions before it."""

    def __init__(self, window, width, heads, feed, count):
        super().__init__()
        self.position = nn.Embedding(window, width)
        block = nn.TransformerEncoderLayer(width, heads, feed, dropout=0.0, layer_norm_eps=1e-6, batch_first=True)
        self.blocks = nn.TransformerEncoder(block, count)

    def forward(self, x, kept):
        x = x + self.position.weight[: x.shape[1]]
        return self.blocks(x, src_key_padding_mask=None if kept is None else ~kept)

    def load(self, w):
        self.position.weight.copy_(w["position.embeddings"])
        width = self.position.weight.shape[1]
        for number, block in enumerate(self.blocks.layers):
            name, attention = f"transformer_{number}", block.self_attn
            parts = [(w[f"{name}_attention.{part}.kernel"].reshape(width, width).T,
                      w[f"{name}_attention.{part}.bias"].reshape(-1)) for part in ("query", "key", "value")]
            attention.in_proj_weight.copy_(torch.cat([kernel for kernel, _ in parts]))
            attention.in_proj_bias.copy_(torch.cat([bias for _, bias in parts]))
            attention.out_proj.weight.copy_(w[name + "_attention.attention_output.kernel"].reshape(width, width).T)
            attention.out_proj.bias.copy_(w[name + "_attention.attention_output.bias"])
            for linear, end in ((block.linear1, "_feedforward_0."), (block.linear2, "_feedforward_1.")):
                linear.weight.copy_(w[name + end + "kernel"].T)
                linear.bias.copy_(w[name + end + "bias"])
            for norm, end in ((block.norm1, "_norm_0."), (block.norm2, "_norm_1.")):
                norm.weight.copy_(w[name + end + "gamma"])
                norm.bias.copy_(w[name + end + "beta"])


class Network(nn.Module):
    """Embedding, one kind of encoder, one pooling, a dense layer, the output's logit."""

    def __init__(self, case):
        super().__init__()
        layers = layers_of(case.architecture)
        (_, (width,)), *encoders, (self.pooling, units), (_, (dense,)) = layers
        self.embedding = nn.Embedding(case.vocabulary, width)
        self.encoder, width = self.make_encoder(case, encoders, width)
        if self.pooling == "attention_additive":
            self.features, self.query = nn.Linear(width, units[0]), nn.Linear(width, units[0])
            self.score = nn.Linear(units[0], 1)
        self.dense, self.output = nn.Linear(width, dense), nn.Linear(dense, 1)

    @staticmethod
    def make_encoder(case, encoders, width):
        name, numbers = encoders[0]
        if name in ("bilstm", "bigru"):
            kind, class_ = ("bi_lstm", nn.LSTM) if name == "bilstm" else ("bi_gru", nn.GRU)
            return Recurrent(kind, class_, width, numbers[0], len(encoders)), 2 * numbers[0]
        if name == "conv":
            return Convolution(0, width, numbers[0], numbers[1:]), numbers[0] * len(numbers[1:])
        return Transformer(case.window, width, *numbers, len(encoders)), width

    def load(self, w):
        self.embedding.weight.copy_(w["embedding.embeddings"])
        self.encoder.load(w)
        parts = [(self.dense, "dense."), (self.output, "output.")]
        if self.pooling == "attention_additive":
            parts += [(getattr(self, part), f"attention.{part}_") for part in ("features", "query", "score")]
        for linear, name in parts:
            linear.weight.copy_(w[name + "kernel"].T)
            linear.bias.copy_(w[name + "bias"])

    def pool(self, x, state, kept):
        hidden = 0 if kept is None else torch.where(kept, 0.0, -1e9)[..., None]
        if self.pooling == "max":
            return (x + hidden).amax(1)
        if self.pooling == "mean":
            return x.mean(1) if kept is None else (x * kept[..., None]).sum(1) / kept.sum(1, keepdim=True)
        if self.pooling == "attention_dot":
            scores = x @ state[..., None]
        else:
            scores = self.score(torch.tanh(self.features(x) + self.query(state)[:, None]))
        return (torch.softmax(scores + hidden, 1) * x).sum(1)

    def forward(self, ids, lengths=None):
        kept = None if lengths is None else torch.arange(ids.shape[1])[None] < lengths[:, None]
        x, state = self.embedding(ids), None
        if isinstance(self.encoder, Recurrent):
            x, state = self.encoder(x, lengths)
        else:
            x = self.encoder(x, kept)
        return self.output(torch.relu(self.dense(self.pool(x, state, kept))))[:, 0]
