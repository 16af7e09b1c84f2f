"""TensorFlow Serving's REST forms by requests against heed serve: rows, columns, base64, metadata, status."""
import base64

import requests

from told import Calls, Has

calls = Calls(__doc__)
told, name = calls.told, calls.name
model = f"{calls.url}/v1/models/{name}"
session = requests.Session()
rows = {"predictions": [{"label": label, "scores": scores} for label, scores in zip(told.decided, told.scores)]}
columns = {"outputs": {"label": told.decided, "scores": told.scores}}


def b64(text):
    return {"b64": base64.b64encode(text.encode()).decode()}


def predict(path=":predict", **body):
    return session.post(model + path, json=body).json()


def refused(**body):
    answer = session.post(model + ":predict", json=body)
    return answer.status_code in (400, 422) and isinstance(answer.json()["error"], str)


def dimensions(*sizes):
    return {"dim": [Has(size=str(size)) for size in sizes], "unknown_rank": False}


calls.check(
    "status", lambda: session.get(model).json(),
    Has(model_version_status=[{
        "version": "1", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}]))
calls.check("status of a version", lambda: session.get(model + "/versions/1").status_code, 200)
calls.check("status of no version", lambda: session.get(model + "/versions/7").status_code, 404)
signature = Has(inputs={"text": Has(dtype="DT_STRING", tensor_shape=dimensions(-1))},
                outputs={"label": Has(dtype="DT_STRING", tensor_shape=dimensions(-1)),
                         "scores": Has(dtype="DT_FLOAT", tensor_shape=dimensions(-1, len(told.names)))},
                method_name="tensorflow/serving/predict")
metadata = Has(model_spec=Has(name=name, version="1"),
               metadata={"signature_def": {"signature_def": {"serving_default": signature}}})
for path in "/metadata", "/versions/1/metadata":
    calls.check(path, lambda: session.get(model + path).json(), metadata)
calls.check("rows", lambda: predict(instances=calls.texts), rows)
calls.check("rows, named", lambda: predict(instances=[{"text": text} for text in calls.texts]), rows)
calls.check("rows, [n, 1]", lambda: predict(instances=[[text] for text in calls.texts]), rows)
calls.check("rows, base64", lambda: predict(instances=[b64(text) for text in calls.texts]), rows)
calls.check("rows, base64, named", lambda: predict(instances=[{"text": b64(text)} for text in calls.texts]), rows)
calls.check("rows, signature", lambda: predict(signature_name="serving_default", instances=calls.texts), rows)
calls.check("rows, version", lambda: predict("/versions/1:predict", instances=calls.texts), rows)
calls.check("rows, %3A",
            lambda: session.post(f"{calls.url}/v1/models/{name}%3Apredict", json={"instances": calls.texts}).json(),
            rows)
calls.check("columns", lambda: predict(inputs=calls.texts), columns)
calls.check("columns, named", lambda: predict(inputs={"text": calls.texts}), columns)
calls.check("columns, [n, 1]", lambda: predict(inputs={"text": [[text] for text in calls.texts]}), columns)
calls.check("columns, base64", lambda: predict(inputs={"text": [b64(text) for text in calls.texts]}), columns)
calls.check("no Content-Type", lambda: session.post(model + ":predict", data='{"instances": ["a"]}').status_code, 415)
calls.check("both is refused", lambda: refused(instances=["a"], inputs=["a"]), True)
calls.check("neither is refused", lambda: refused(), True)
calls.check("another signature is refused", lambda: refused(signature_name="other", instances=["a"]), True)
calls.check("another column is refused", lambda: refused(inputs={"words": ["a"]}), True)
calls.check("two columns are refused", lambda: refused(inputs={"text": ["a"], "words": ["a"]}), True)
calls.check("lists of two are refused", lambda: refused(instances=[["a", "b"], ["c"]]), True)
calls.check("wrong base64 is refused", lambda: refused(instances=[{"b64": "*"}]), True)
calls.check("base64 of no UTF-8 is refused", lambda: refused(instances=[{"b64": "/w=="}]), True)
calls.end()
