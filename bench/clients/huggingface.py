"""huggingface_hub's InferenceClient against heed serve: model=URL, and the path /models/NAME."""
import asyncio

from huggingface_hub import AsyncInferenceClient, InferenceClient

from told import Calls

calls = Calls(__doc__)
told, url, text = calls.told, calls.url, calls.texts[0]


def classify(model=url, words=text, token=None, **options):
    return [dict(one) for one in InferenceClient(model=model, token=token).text_classification(words, **options)]


async def classify_async():
    async with AsyncInferenceClient(model=url) as client:
        return [dict(one) for one in await client.text_classification(text)]


for number, words in enumerate(calls.texts):
    calls.check(f"text_classification {number}", lambda: classify(words=words), told.ranked[number])
calls.check("with a slash", lambda: classify(url + "/"), told.ranked[0])
calls.check("top_k", lambda: classify(top_k=1), told.ranked[0][:1])
calls.check("top_k beyond the labels", lambda: classify(top_k=50), told.ranked[0])
calls.check("with a token", lambda: classify(token="hf_x"), told.ranked[0])
calls.check("/models/NAME", lambda: classify(f"{url}/models/{calls.name}"), told.ranked[0])
calls.check("asynchronous", lambda: asyncio.run(classify_async()), told.ranked[0])
calls.refuses("/models/nothing", lambda: classify(f"{url}/models/nothing"), "no model")
calls.refuses("function_to_apply", lambda: classify(function_to_apply="none"), "function_to_apply")
calls.refuses("zero_shot_classification", lambda: InferenceClient(model=url).zero_shot_classification(text, ["a", "b"]), "candidate_labels")
calls.end()
