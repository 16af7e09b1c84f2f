"""Networks of the section `layers` in Keras, built from heed's architecture text.

Masked networks leave padding out as Keras does where it can (recurrent layers, self-attention, mean); a convolution's
input is set to 0 there, and max and attention pass over it."""
from keras_tutorial import Attention  # sets the environment that TensorFlow reads, so it comes first
import keras
from keras import layers, ops

from cases import layers_of

HIDDEN = -1e9  # added to a score or a value that must not be chosen


class Builder:
    """Layers one behind the other; names: heed's for the weights of each layer, in Keras's order."""

    def __init__(self, case):
        self.case, self.weights = case, []
        self.ids = keras.Input((case.window,), dtype="int32")
        self.kept = ops.not_equal(self.ids, 0) if case.mask else None
        self.state, self.encoders, self.dense_layers, self.x = None, 0, 0, None

    def apply(self, layer, names, *inputs, **options):
        out = layer(*inputs, **options)
        self.weights += zip(layer.trainable_variables, names, strict=True)
        return out

    def float_mask(self):
        return ops.expand_dims(ops.cast(self.kept, "float32"), -1)

    # ---- encoders

    def embed(self, width):
        layer = layers.Embedding(self.case.vocabulary, width)
        self.x = self.apply(layer, ["embedding.embeddings"], self.ids)

    def recurrent(self, kind, class_, units):
        name = f"bi_{kind}_{self.encoders}"
        layer = layers.Bidirectional(class_(units, return_sequences=True, return_state=True))
        x, *states = self.apply(layer, [f"{name}.{way}.{part}" for way in ("forward", "backward")
                                        for part in ("kernel", "recurrent_kernel", "bias")], self.x, mask=self.kept)
        self.x, self.state = x, layers.Concatenate()([states[0], states[len(states) // 2]])
        self.encoders += 1

    def bilstm(self, units):
        self.recurrent("lstm", layers.LSTM, units)

    def bigru(self, units):
        self.recurrent("gru", layers.GRU, units)

    def conv(self, units, *widths):
        x, parts = self.x if self.kept is None else self.x * self.float_mask(), []
        for width in widths:
            name = f"conv1d_{self.encoders}." + (f"width_{width}." if len(widths) > 1 else "")
            layer = layers.Conv1D(units, width, padding="same", activation="relu")
            parts.append(self.apply(layer, [name + "kernel", name + "bias"], x))
        self.x = parts[0] if len(parts) == 1 else layers.Concatenate()(parts)
        self.encoders += 1

    def transformer(self, heads, feed):
        name, width = f"transformer_{self.encoders}", self.x.shape[-1]
        if self.encoders == 0:
            self.add_positions(width)
        attention = layers.MultiHeadAttention(heads, width // heads)
        names = [f"{name}_attention.{part}.{of}" for part in ("query", "key", "value", "attention_output")
                 for of in ("kernel", "bias")]
        mask = None if self.kept is None else ops.expand_dims(self.kept, 1)
        y = self.apply(attention, names, self.x, self.x, attention_mask=mask)
        x = self.norm(f"{name}_norm_0", self.x + y)
        y = self.apply(layers.Dense(feed, activation="relu"), self.affine(f"{name}_feedforward_0."), x)
        y = self.apply(layers.Dense(width), self.affine(f"{name}_feedforward_1."), y)
        self.x = self.norm(f"{name}_norm_1", x + y)
        self.encoders += 1

    def add_positions(self, width):
        """Counted from the first token; padding stands in front."""
        places = ops.arange(self.case.window)[None]
        if self.kept is not None:
            pads = self.case.window - ops.sum(ops.cast(self.kept, "int32"), axis=1, keepdims=True)
            places = ops.maximum(places - pads, 0)
        self.x = self.x + self.apply(layers.Embedding(self.case.window, width), ["position.embeddings"], places)

    def norm(self, name, x):
        return self.apply(layers.LayerNormalization(epsilon=1e-6), [name + ".gamma", name + ".beta"], x)

    # ---- poolings and head

    def max(self):
        hidden = 0 if self.kept is None else HIDDEN * (1 - self.float_mask())
        self.x = layers.GlobalMaxPooling1D()(self.x + hidden)

    def mean(self):
        self.x = layers.GlobalAveragePooling1D()(self.x, mask=self.kept)

    def attention_additive(self, units):
        names = [f"attention.{part}_{of}" for part in ("features", "query", "score") for of in ("kernel", "bias")]
        self.x = self.apply(Attention(units), names, self.x, self.state, self.kept)[0]

    def attention_dot(self):
        hidden = 0 if self.kept is None else HIDDEN * (1 - self.float_mask())
        scores = ops.matmul(self.x, ops.expand_dims(self.state, -1)) + hidden
        self.x = ops.sum(ops.softmax(scores, axis=1) * self.x, axis=1)

    @staticmethod
    def affine(prefix):
        return [prefix + "kernel", prefix + "bias"]

    def dense(self, units):
        self.x = self.apply(layers.Dense(units, activation="relu"), self.affine("dense."), self.x)

    def model(self):
        out = self.apply(layers.Dense(1, activation="sigmoid"), self.affine("output."), self.x)
        return keras.Model(self.ids, out)


def build(case):
    """The model, and its weights as pairs of a variable and heed's name."""
    builder = Builder(case)
    for name, numbers in layers_of(case.architecture):
        getattr(builder, name)(*numbers)
    return builder.model(), builder.weights
