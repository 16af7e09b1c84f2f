"""Keras on TensorFlow as a worker of bench/run:  python keras_worker.py CASE THREADS auto|best

auto compiles as Keras thinks right; best takes the way, with XLA or without, that is the faster for each kind of work.
"""
import sys
import time

import keras_tutorial as tutorial  # sets the environment that TensorFlow reads
import keras
import numpy as np
import tensorflow as tf

import keras_layers
from cases import Case
from workers import Predictor, serve

TRIAL_STEPS = 10


class FirstBatch(keras.callbacks.Callback):
    """When the first batch begins: what fit prepares before is not counted."""

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0:
            self.begin = time.perf_counter()


def tutorials_network(case):
    s = case.shape
    model = tutorial.make_network(s.units, s.embedding, s.vocabulary, s.window, bool(s.mask), dropout=0.0)
    return model, list(zip(model.trainable_variables, case.weights, strict=True))


class Network(Predictor):
    """One way to compile it; XLA or not."""

    def __init__(self, case, jit):
        self.case = case
        self.model, self.weights = tutorials_network(case) if case.shape else keras_layers.build(case)
        self.model.compile(optimizer=keras.optimizers.Adam(), loss="binary_crossentropy", jit_compile=jit)
        self.model.optimizer.build(self.model.trainable_variables)
        self.restart()

    def restart(self):
        for variable in self.model.optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape, variable.dtype))
        for variable, name in self.weights:
            variable.assign(self.case.weights[name])

    def losses(self, count):
        """With the gradient of the embedding made dense: repeated tokens are summed, as Adam is defined."""
        loss_of = keras.losses.BinaryCrossentropy()

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = loss_of(y, self.model(x, training=True))
            gradients = tape.gradient(loss, [v.value for v in self.model.trainable_variables])
            self.model.optimizer.apply([tf.convert_to_tensor(g) for g in gradients], self.model.trainable_variables)
            return loss

        self.restart()
        self.case.next = 0
        told = [float(step(x, y[:, None])) for x, y in self.case.take(count)]
        self.restart()
        self.case.next = 0
        return {"losses": told}

    def train(self, count):
        """As shipped: fit, on the rows in their order."""
        batches = list(self.case.take(count))
        x, y = (np.concatenate(part) for part in zip(*batches))
        first = FirstBatch()
        self.model.fit(x, y, batch_size=self.case.batch, shuffle=False, verbose=0, callbacks=[first])
        return {"seconds": time.perf_counter() - first.begin, "rows": len(x)}

    def answer(self, ids):
        return self.model.predict_on_batch(ids)

    def probabilities(self, count):
        return {"probabilities": self.model.predict(self.case.ids[:count], verbose=0)[:, 0].tolist()}


def faster(networks, run):
    def seconds(network):
        run(network, 2)  # compiles
        return run(network, TRIAL_STEPS)["seconds"]

    return networks[0] if len(networks) == 1 else min(networks, key=seconds)


def main():
    case = Case(sys.argv[1])
    tutorial.set_threads(int(sys.argv[2]))
    networks, chosen = [Network(case, jit) for jit in (["auto"] if sys.argv[3] == "auto" else [True, False])], {}

    def best(name):
        """Each kind of work by the faster of the two ways."""
        def run(count):
            if name not in chosen:
                chosen[name] = faster(networks, getattr(Network, name))
            return getattr(chosen[name], name)(count)

        return run

    serve({"losses": networks[0].losses, "probabilities": networks[0].probabilities}
          | {name: best(name) for name in ("train", "predict", "one")})


main()
