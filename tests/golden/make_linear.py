"""linear.json: scikit-learn's TfidfVectorizer and LogisticRegression on made texts.

Run from this folder: python make_linear.py (scikit-learn 1.x, numpy). The texts are words of topics, common words, and
rare words that too few texts have; every text is its tokens divided by one space."""
import json

import numpy
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

random = numpy.random.default_rng(7)


def made_text(topic, topics):
    words = []
    for _ in range(random.integers(1, 12)):
        kind = random.random()
        if kind < 0.3:
            words.append(f"t{topic}{random.choice(list('abcde'))}")
        elif kind < 0.45:
            words.append(f"t{random.integers(topics)}{random.choice(list('abcde'))}")
        elif kind < 0.95:
            words.append(random.choice("the of and not was so it".split()))
        else:
            words.append(f"rare{random.integers(200)}")
    return " ".join(words)


def made_case(name, topics, rows, strength):
    topic = [int(t) for t in random.integers(topics, size=rows)]
    texts = [made_text(t, topics) for t in topic]
    labels = [f"topic {t}" for t in topic]
    held_out = [made_text(i % topics, topics) for i in range(30)] + ["", "nothing known here", "the the the"]
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, lowercase=False, token_pattern=r"\S+")
    x = vectorizer.fit_transform(texts)
    model = LogisticRegression(C=strength, tol=1e-10, max_iter=100000).fit(x, labels)
    names = vectorizer.get_feature_names_out()
    shown = range(0, len(names), 7)
    return {
        "name": name,
        "strength": strength,
        "rows": [[label, text] for label, text in zip(labels, texts)],
        "held_out": held_out,
        "labels": list(model.classes_),
        "words": sum(" " not in n for n in names),
        "bigrams": sum(" " in n for n in names),
        "features": [
            {"name": names[i], "idf": float(vectorizer.idf_[i]), "weights": [round(float(w), 7) for w in model.coef_[:, i]]}
            for i in shown
        ],
        "bias": [round(float(b), 7) for b in model.intercept_],
        "probabilities": [[round(float(p), 7) for p in row] for row in model.predict_proba(vectorizer.transform(held_out))],
    }


cases = [
    made_case("two labels", 2, 120, 1),
    made_case("two labels, weakly held", 2, 120, 10),
    made_case("six labels", 6, 240, 1),
    made_case("six labels, weakly held", 6, 240, 10),
]
with open("linear.json", "w") as file:
    json.dump({"scikit-learn": sklearn.__version__, "cases": cases}, file, indent=0)
