"""kserve's InferenceRESTClient against heed serve, versions 2 and 1 of its protocol."""
import asyncio

import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

from told import Calls, Has

calls = Calls(__doc__)
told, name, url = calls.told, calls.name, calls.url
answer = {"label": told.labels, "scores": [score for scores in told.scores for score in scores]}


def ask(protocol, method, *arguments, **options):
    async def run():
        async with InferenceRESTClient(RESTConfig(protocol=protocol)) as client:
            return await getattr(client, method)(url, *arguments, **options)

    return asyncio.run(run())


def tensor(binary):
    one = InferInput("text", [len(calls.texts)], "BYTES")
    one.set_data_from_numpy(np.array(calls.texts, dtype=object), binary_data=binary)
    return one


def infer(binary, **options):
    response = ask("v2", "infer", InferRequest(name, [tensor(binary)], **options), model_name=name)
    found = {
        output.name: [one.decode() if isinstance(one, bytes) else one for one in output.data]
        for output in response.outputs}
    return found, response.id, response.model_name


def requested(*binary):
    return [RequestedOutput(name, {"binary_data": is_binary}) for name, is_binary in binary]


calls.check("v2 is_server_live", lambda: ask("v2", "is_server_live"), True)
calls.check("v2 is_server_ready", lambda: ask("v2", "is_server_ready"), True)
calls.check("v2 is_model_ready", lambda: ask("v2", "is_model_ready", name), True)
calls.check("v2 is_model_ready, of no model", lambda: ask("v2", "is_model_ready", "nothing"), False)
calls.check("v2 infer, JSON", lambda: infer(False, request_id="seven"), [answer, "seven", name])
calls.check("v2 infer, binary in", lambda: infer(True)[0], answer)
calls.check("v2 infer, binary in and out", lambda: infer(True, parameters={"binary_data_output": True})[0], answer)
calls.check("v2 infer, binary out", lambda: infer(False, parameters={"binary_data_output": True})[0], answer)
calls.check("v2 infer, one output each way",
            lambda: infer(True, request_outputs=requested(("scores", True), ("label", False)))[0], answer)
calls.check("v2 infer, one output", lambda: infer(True, request_outputs=requested(("scores", True)))[0],
            {"scores": answer["scores"]})
calls.refuses("v2 infer, no such model",
              lambda: ask("v2", "infer", InferRequest("nothing", [tensor(True)]), model_name="nothing"), "no model")
calls.refuses("v2 infer, no inputs", lambda: ask("v2", "infer", {"inputs": []}, model_name=name), "expected one input")

rows = [{"label": label, "scores": scores} for label, scores in zip(told.decided, told.scores)]
calls.check("v1 is_server_live", lambda: ask("v1", "is_server_live"), True)
calls.check("v1 is_model_ready", lambda: ask("v1", "is_model_ready", name), True)
calls.refuses("v1 is_model_ready, of no model", lambda: ask("v1", "is_model_ready", "nothing"), "no model")
calls.check("v1 infer", lambda: ask("v1", "infer", {"instances": calls.texts}, model_name=name), {"predictions": rows})
calls.check("v1 explain", lambda: ask("v1", "explain", name, {"instances": calls.texts[:1]})["explanations"],
            [Has(text=calls.texts[0])])
calls.refuses("v1 infer, a number", lambda: ask("v1", "infer", {"instances": [1]}, model_name=name), "expected a text")
calls.end()
