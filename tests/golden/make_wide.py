"""wide.json: scikit-learn's CountVectorizer and LogisticRegression, and numpy's weights, on made texts.

Run from this folder: python make_wide.py (scikit-learn 1.x, numpy, scipy). The texts are words of topics with endings that
topics share, common words, and rare words whose letters alone are known; every text is its tokens divided by one space."""
import json

import numpy
import scipy.sparse
import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

random = numpy.random.default_rng(11)
STEMS = ["walk", "größ", "мир", "a", "to", "seas", "日本", "quick", "fin", "oper"]
ENDINGS = ["ing", "e", "s", "ation", "ly", ""]


def made_word(topic):
    return STEMS[(topic + random.integers(2)) % len(STEMS)] + ENDINGS[random.integers(len(ENDINGS))]


def made_text(topic, topics):
    words = []
    for _ in range(random.integers(1, 14)):
        kind = random.random()
        if kind < 0.35:
            words.append(made_word(topic))
        elif kind < 0.5:
            words.append(made_word(int(random.integers(topics))))
        elif kind < 0.9:
            words.append(random.choice("the of and not was so it".split()))
        else:
            words.append(f"{made_word(topic)}{random.integers(300)}")
    return " ".join(words)


def ratio(x, positive):
    """Wang & Manning 2012, section 2.3, with alpha 1."""
    p, q = 1 + x[positive].sum(axis=0), 1 + x[~positive].sum(axis=0)
    return numpy.asarray(numpy.log((p / p.sum()) / (q / q.sum()))).ravel()


def idf(x):
    return numpy.asarray(numpy.log((1 + x.shape[0]) / (1 + x.sum(axis=0))) + 1).ravel()


def blocks(words, letters, min_count):
    common = {"binary": True, "lowercase": False, "min_df": min_count}
    if words:
        yield CountVectorizer(ngram_range=words, token_pattern=r"\S+", **common)
    if letters:
        yield CountVectorizer(ngram_range=letters, analyzer="char_wb", **common)


def made_case(topics, rows, words, letters, min_count, weight, strength):
    topic = [int(t) for t in random.integers(topics, size=rows)]
    texts = [made_text(t, topics) for t in topic]
    labels = numpy.array([f"topic {t}" for t in topic])
    held_out = [made_text(i % topics, topics) for i in range(40)] + ["", "nothing", "the the the", "walkings größer"]
    train, test, counts = [], [], []
    for vectorizer in blocks(words, letters, min_count):
        x = vectorizer.fit_transform(texts).astype(float)
        scale = ratio(x, labels == "topic 1") if weight == "ratio" else idf(x)
        train.append(normalize(x.multiply(scale)))
        test.append(normalize(vectorizer.transform(held_out).multiply(scale)))
        counts.append(x.shape[1])
    model = LogisticRegression(C=strength, tol=1e-12, max_iter=1000000)
    model.fit(scipy.sparse.hstack(train).tocsr(), labels)
    architecture = "wide"
    for name, lengths in [("words", words), ("letters", letters)]:
        architecture += f" {name} {lengths[0]}-{lengths[1]}" if lengths else ""
    return {
        "architecture": f"{architecture} min-count {min_count} weight {weight} C {strength}",
        "rows": [[label, text] for label, text in zip(labels.tolist(), texts)],
        "held_out": held_out,
        "labels": list(model.classes_),
        "features": sum(counts),
        "bias": [round(float(b), 9) for b in model.intercept_],
        "probabilities": [
            [round(float(p), 9) for p in row] for row in model.predict_proba(scipy.sparse.hstack(test).tocsr())
        ],
    }


cases = [
    made_case(2, 300, (1, 3), None, 2, "ratio", 30),
    made_case(2, 300, (1, 2), (3, 5), 2, "ratio", 10),
    made_case(2, 200, (2, 3), (1, 2), 1, "idf", 1),
    made_case(5, 400, (1, 2), (3, 5), 2, "idf", 10),
    made_case(5, 300, None, (4, 6), 3, "idf", 3),
]
with open("wide.json", "w") as file:
    json.dump({"scikit-learn": sklearn.__version__, "cases": cases}, file, indent=0)
