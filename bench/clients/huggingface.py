"""huggingface_hub's InferenceClient against heed serve, with model=URL/models/NAME as docs/SERVE.md says; and what
model=URL gives."""
import asyncio

from huggingface_hub import AsyncInferenceClient, InferenceClient

from told import Calls

calls = Calls(__doc__)
told, text, model = calls.told, calls.texts[0], f"{calls.url}/models/{calls.name}"


def classify(words=text, url=model, token=None, **options):
    return [dict(one) for one in InferenceClient(model=url, token=token).text_classification(words, **options)]


async def classify_async():
    async with AsyncInferenceClient(model=model) as client:
        return [dict(one) for one in await client.text_classification(text)]


def classify_at_root():
    """The client takes the first of the list: TEI's answer to one text is a list of labels."""
    return dict(InferenceClient(model=calls.url).text_classification(text))


for number, words in enumerate(calls.texts):
    calls.check(f"text_classification {number}", lambda: classify(words), told.ranked[number])
calls.check("top_k", lambda: classify(top_k=1), told.ranked[0][:1])
calls.check("top_k beyond the labels", lambda: classify(top_k=50), told.ranked[0])
calls.check("with a token", lambda: classify(token="hf_x"), told.ranked[0])
calls.check("asynchronous", lambda: asyncio.run(classify_async()), told.ranked[0])
calls.check("model=URL", classify_at_root, told.ranked[0][0])
calls.refuses("/models/nothing", lambda: classify(url=f"{calls.url}/models/nothing"), "no model")
calls.refuses("function_to_apply", lambda: classify(function_to_apply="none"), "function_to_apply")
calls.refuses("zero_shot_classification",
              lambda: InferenceClient(model=model).zero_shot_classification(text, ["a", "b"]), "candidate_labels")
calls.end()
