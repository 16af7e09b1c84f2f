"""vLLM's /classify by requests, and openai's client, against heed serve."""
import openai
import requests

from told import Any, Calls, Has

calls = Calls(__doc__)
told, url, name = calls.told, calls.url, calls.name
client = openai.OpenAI(base_url=url + "/v1", api_key="any", max_retries=0)
rows = [{"index": i, "label": label or None, "probs": scores, "num_classes": len(told.names)}
        for i, (label, scores) in enumerate(zip(told.labels, told.scores))]


def classify(**body):
    return requests.post(url + "/classify", json=body).json()


def without_blank(answer):
    """No label at all may be null or the empty text."""
    for row in answer["data"]:
        row["label"] = row["label"] or None
    return answer


def error_of(**body):
    answer = requests.post(url + "/classify", json=body)
    error = answer.json()["error"]
    told = error["code"] == answer.status_code and error["message"] and error["type"]
    return 400 <= answer.status_code < 500 and bool(told)


whole = Has(id=Any(str),
            object="list",
            created=Any(int),
            model=name,
            data=rows,
            usage=Has(prompt_tokens=Any(int), total_tokens=Any(int), completion_tokens=0))
calls.check("/classify", lambda: without_blank(classify(model=name, input=calls.texts)), whole)
calls.check("/classify, one text", lambda: without_blank(classify(model=name, input=calls.texts[0])),
            Has(data=rows[:1]))
calls.check("/classify, no model named", lambda: without_blank(classify(input=calls.texts[0])),
            Has(model=name, data=rows[:1]))
calls.check(
    "/classify, options", lambda: without_blank(
        classify(model=name, input=calls.texts[0], user="u", priority=0, add_special_tokens=True, use_activation=True)),
    Has(data=rows[:1]))
calls.check("/classify, no such model", lambda: error_of(model="nothing", input="a"), True)
calls.check("/classify, token ids", lambda: error_of(model=name, input=[1, 2]), True)
calls.check("/classify, logits", lambda: error_of(model=name, input="a", use_activation=False), True)
calls.check("/classify, messages", lambda: error_of(model=name, messages=[{"role": "user", "content": "a"}]), True)

calls.check("models.list", lambda: [dict(one) for one in client.models.list() if one.id == name],
            [Has(id=name, object="model", created=Any(int), owned_by=Any(str))])
calls.check("models.retrieve", lambda: dict(client.models.retrieve(name)),
            Has(id=name, object="model", created=Any(int), owned_by=Any(str)))
calls.check("client.post",
            lambda: without_blank(client.post("/classify", body={"model": name, "input": calls.texts}, cast_to=object)),
            whole)
calls.refuses("client.post, a number",
              lambda: client.post("/classify", body={"model": name, "input": 7}, cast_to=object), "Error code: 400 - ")
calls.end()
