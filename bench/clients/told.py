"""What the clients' scripts share: the texts, what `heed predict` says of them, and a list of calls that are compared
with it.

A script takes --url and --model, the file of the model that the server at this address serves first, prints a line a
call, "ok" or what differs, and ends with 1 if any differs."""
import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HEED = os.environ.get("HEED", os.path.join(HERE, "..", "..", "build", "release", "heed"))
TEXTS = os.path.join(HERE, "..", "..", "tests", "cases", "clients", "texts.json")


def digits(value):
    """A number as heed writes scores, with six digits; the same for all numbers in lists and objects."""
    if isinstance(value, dict):
        return {key: digits(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [digits(one) for one in value]
    if isinstance(value, float) or type(value).__name__ == "float32":
        return format(float(value), ".6g")
    return value


class Has(dict):
    """Equals an object that has these members, whatever else it has."""

    def __eq__(self, other):
        return isinstance(other, dict) and all(key in other and other[key] == value for key, value in self.items())

    def __ne__(self, other):
        return not self == other


class Any:
    """Equals every value of this type."""

    def __init__(self, kind):
        self.kind = kind

    def __eq__(self, other):
        return isinstance(other, self.kind) and not (self.kind is int and isinstance(other, bool))

    def __repr__(self):
        return f"<any {self.kind.__name__}>"


class Told:
    """Predictions of the texts: labels as one string each, as `heed predict` joins them; scores in their order."""

    def __init__(self, model, texts):
        rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        command = [HEED, "predict", model, "-", "--format", "jsonl", "--all-scores", "--output-format", "jsonl"]
        out = subprocess.run(command, input=rows, capture_output=True, text=True, check=True).stdout
        answers = [json.loads(line) for line in out.splitlines()]
        self.names = [score["label"] for score in answers[0]["scores"]]
        self.several = isinstance(answers[0]["label"], list)
        self.decided = [answer["label"] for answer in answers]
        self.labels = [",".join(label) if self.several else label for label in self.decided]
        self.scores = [[score["score"] for score in answer["scores"]] for answer in answers]
        self.ranked = [sorted(answer["scores"], key=lambda score: -score["score"]) for answer in answers]


class Calls:
    def __init__(self, description):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--url", required=True, help="of the server, such as http://127.0.0.1:8080")
        parser.add_argument("--model", required=True, help="file of the model that the server serves first")
        arguments = parser.parse_args()
        self.url = arguments.url.rstrip("/")
        self.host = self.url.split("://", 1)[1]
        self.name = os.path.basename(arguments.model).removesuffix(".safetensors")
        with open(TEXTS, encoding="utf-8") as file:
            self.texts = json.load(file)
        self.told = Told(arguments.model, self.texts)
        self.wrong = 0

    def line(self, name, problem):
        self.wrong += problem is not None
        print(f"{name}: {problem or 'ok'}", flush=True)

    def check(self, name, call, expected):
        """Numbers are compared by heed's six digits."""
        try:
            found = digits(call())
        except Exception as error:  # whatever a client raises
            return self.line(name, f"raised {type(error).__name__}: {error}")
        expected = digits_of(expected)
        return self.line(name, None if found == expected else f"found {found!r:.600}, expected {expected!r:.600}")

    def refuses(self, name, call, words):
        """The client raises an error with these words in it."""
        try:
            found = call()
        except Exception as error:
            raised = f"raised {type(error).__name__}: {error}, expected the words: {words}"
            return self.line(name, None if words in str(error) else raised)
        return self.line(name, f"found {found!r:.600}, expected an error with the words: {words}")

    def end(self):
        sys.exit(self.wrong > 0)


def digits_of(expected):
    """digits, with Has left as it is."""
    if isinstance(expected, dict):
        return type(expected)((key, digits_of(one)) for key, one in expected.items())
    return [digits_of(one) for one in expected] if isinstance(expected, (list, tuple)) else digits(expected)
