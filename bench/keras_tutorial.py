"""The tutorial's network and training in Keras on the CPU: milliseconds a row and accuracy.

    python bench/keras_tutorial.py FOLDER [--rows N] [--epochs N] [--threads N] [--seed N] [--jit auto|on|off]

FOLDER holds labeledTrainData.tsv, imdb_master.csv and testData.tsv. --rows takes the first rows of the joined training
table; its last fifth validates, as in the tutorial.
"""
import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import tensorflow as tf
from keras import layers

from tutorial_rows import MAX_LENGTH, MAX_WORDS, Tokenizer, test_rows, train_rows

BATCH = 100
WARM_STEPS = 20
JIT = {"auto": "auto", "on": True, "off": False}


def set_threads(threads):
    """Before anything else is asked of TensorFlow."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


class Attention(layers.Layer):
    """The tutorial's additive attention over every position, padding included unless a mask leaves it out."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.W1 = layers.Dense(units)
        self.W2 = layers.Dense(units)
        self.V = layers.Dense(1)

    def build(self, features_shape, hidden_shape):
        self.W1.build(features_shape)
        self.W2.build(hidden_shape)
        self.V.build((*features_shape[:2], self.W1.units))

    def call(self, features, hidden, kept=None):
        score = self.V(keras.ops.tanh(self.W1(features) + self.W2(keras.ops.expand_dims(hidden, 1))))
        if kept is not None:
            score = score - 1e9 * (1 - keras.ops.cast(keras.ops.expand_dims(kept, -1), score.dtype))
        weights = keras.ops.softmax(score, axis=1)
        return keras.ops.sum(weights * features, axis=1), weights


def make_network(units=32, embedding=128, vocabulary=MAX_WORDS, window=MAX_LENGTH, mask=False, dropout=0.05):
    ids = keras.Input((window,), dtype="int32")
    x = layers.Embedding(vocabulary, embedding, mask_zero=mask)(ids)
    x = layers.Bidirectional(layers.LSTM(units, return_sequences=True), name="bi_lstm_0")(x)
    x, forward_h, _, backward_h, _ = layers.Bidirectional(
        layers.LSTM(units, return_sequences=True, return_state=True), name="bi_lstm_1"
    )(x)
    state_h = layers.Concatenate()([forward_h, backward_h])
    context, _ = Attention(10)(x, state_h, keras.ops.not_equal(ids, 0) if mask else None)
    x = layers.Dense(20, activation="relu")(context)
    x = layers.Dropout(dropout)(x)
    return keras.Model(ids, layers.Dense(1, activation="sigmoid")(x))


def make_model(jit="auto"):
    model = make_network()
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss="binary_crossentropy",
        jit_compile=JIT[jit],
        metrics=[
            keras.metrics.TruePositives(name="tp"),
            keras.metrics.FalsePositives(name="fp"),
            keras.metrics.TrueNegatives(name="tn"),
            keras.metrics.FalseNegatives(name="fn"),
            keras.metrics.BinaryAccuracy(name="accuracy"),
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
            keras.metrics.AUC(name="auc"),
        ],
    )
    return model


class Pace(keras.callbacks.Callback):
    """Seconds and rows of each epoch's full batches, without validation and without the first steps of a fit: in those,
    and at a smaller last batch, TensorFlow traces and compiles."""

    def __init__(self, rows):
        super().__init__()
        self.full_batches = rows // BATCH
        self.seconds, self.rows = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.seconds.append(0.0)
        self.rows.append(0)
        self.begin = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        if len(self.seconds) == 1 and batch < WARM_STEPS:
            self.begin = now
        elif batch < self.full_batches:
            self.seconds[-1] = now - self.begin
            self.rows[-1] += BATCH

    def milliseconds(self, epoch):
        return 1e3 * self.seconds[epoch] / self.rows[epoch] if self.rows[epoch] else float("nan")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jit", choices=JIT, default="auto")
    arguments = parser.parse_args()

    set_threads(arguments.threads)
    keras.utils.set_random_seed(arguments.seed)
    rows, test = train_rows(arguments.folder).first(arguments.rows), test_rows(arguments.folder)
    tokenizer = Tokenizer(rows.texts)
    print(f"{len(rows.texts)} rows, mean tokens {rows.mean_tokens():.4f}, {tokenizer.distinct_words} distinct words")
    x, y = tokenizer.windows(rows.texts), rows.labels
    cut = int(len(x) * 0.8)  # where Keras cuts for validation_split=0.2

    model = make_model(arguments.jit)
    print(f"{model.count_params()} parameters; Keras {keras.__version__}, TensorFlow {tf.__version__}")
    pace = Pace(cut)
    history = model.fit(x[:cut], y[:cut], batch_size=BATCH, epochs=arguments.epochs, verbose=0, callbacks=[pace],
                        validation_data=(x[cut:], y[cut:])).history
    for epoch in range(arguments.epochs):
        print(f"epoch {epoch + 1}: {pace.milliseconds(epoch):.3f} ms/row, loss {history['loss'][epoch]:.4f}, "
              f"validation loss {history['val_loss'][epoch]:.4f} accuracy {history['val_accuracy'][epoch]:.4f} "
              f"auc {history['val_auc'][epoch]:.4f}")
    figures = model.evaluate(tokenizer.windows(test.texts), test.labels, batch_size=BATCH, verbose=0, return_dict=True)
    baseline = max(test.labels.mean(), 1 - test.labels.mean())
    print(f"test: {len(test.texts)} rows, accuracy {figures['accuracy']:.4f} (baseline {baseline:.4f}), "
          f"auc {figures['auc']:.4f}")


if __name__ == "__main__":
    main()
