"""The forms of Hugging Face's Text Embeddings Inference (/predict, /info, /health) against heed serve, by requests."""
import requests

from told import Any, Calls, Has

calls = Calls(__doc__)
told, url = calls.told, calls.url
session = requests.Session()


def ask(path, **body):
    answer = session.post(url + path, json=body)
    return answer.status_code, answer.json()


def status_of(path, **body):
    status, answer = ask(path, **body)
    return status in (400, 413, 422) and isinstance(answer["error"], str) and isinstance(answer["error_type"], str)


calls.check("/health", lambda: session.get(url + "/health").status_code, 200)
calls.check("one text", lambda: ask("/predict", inputs=calls.texts[0]), [200, told.ranked[0]])
calls.check(
    "its options",
    lambda: ask("/predict", inputs=calls.texts[0], truncate=False, raw_scores=False, truncation_direction="right"),
    [200, told.ranked[0]])
calls.check("a batch", lambda: ask("/predict", inputs=[[text] for text in calls.texts]), [200, told.ranked])
calls.check("a list of texts", lambda: ask("/predict", inputs=calls.texts), [200, told.ranked])
calls.check("a pair is refused", lambda: status_of("/predict", inputs=[["a", "b"]]), True)
calls.check("raw_scores are refused", lambda: status_of("/predict", inputs="a", raw_scores=True), True)
calls.check("a number is refused", lambda: status_of("/predict", inputs=[1]), True)
calls.check(
    "/info", lambda: session.get(url + "/info").json(),
    Has(model_id=calls.name,
        model_dtype=Any(str),
        max_client_batch_size=Any(int),
        max_input_length=Any(int),
        version=Any(str),
        max_concurrent_requests=Any(int),
        max_batch_tokens=Any(int),
        auto_truncate=True,
        tokenization_workers=Any(int)))
numbered = list(enumerate(told.names))
labels = {"id2label": {str(i): label for i, label in numbered}, "label2id": {label: i for i, label in numbered}}
calls.check("its labels", lambda: session.get(url + "/info").json()["model_type"], {"classifier": labels})


def divided():
    """A client that divides its batches by what /info says is never refused for their number."""
    most = session.get(url + "/info").json()["max_client_batch_size"]
    return [ask("/predict", inputs=[["a"]] * number)[0] for number in (most, most + 1)]


calls.check("max_client_batch_size", divided, [200, 413])
calls.end()
