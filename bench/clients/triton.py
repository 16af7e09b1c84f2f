"""tritonclient.http and its asyncio twin against heed serve: binary tensors, which are its default, and JSON."""
import asyncio

import numpy as np
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio

from told import Any, Calls, Has

calls = Calls(__doc__)
client = triton.InferenceServerClient(calls.host)
told, name = calls.told, calls.name
count, width = len(calls.texts), len(told.names)
answer = {"label": told.labels, "scores": told.scores}


def inputs(texts=calls.texts, binary=True, shape=None):
    array = np.array(texts, dtype=object).reshape(shape or [len(texts)])
    tensor = triton.InferInput("text", list(array.shape), "BYTES")
    tensor.set_data_from_numpy(array, binary_data=binary)
    return [tensor]


def outputs_of(result):
    """Name to values, in the order in which they came; BYTES as text, by the client's own reading."""
    found = {}
    for output in result.get_response()["outputs"]:
        array = result.as_numpy(output["name"])
        is_text = output["datatype"] == "BYTES"
        found[output["name"]] = [one.decode() if isinstance(one, bytes) else one
                                 for one in array.tolist()] if is_text else array.tolist()
    return found


def infer(inputs, **options):
    return outputs_of(client.infer(name, inputs, **options))


def requested(*binary, **options):
    return [triton.InferRequestedOutput(name, binary_data=is_binary, **options) for name, is_binary in binary]


def is_binary(**options):
    """Which outputs come as bytes."""
    result = client.infer(name, inputs(), **options).get_response()
    return {output["name"]: "binary_data_size" in output.get("parameters", {}) for output in result["outputs"]}


calls.check("is_server_live", client.is_server_live, True)
calls.check("is_server_ready", client.is_server_ready, True)
calls.check("is_model_ready", lambda: client.is_model_ready(name), True)
calls.check("is_model_ready, of a version", lambda: client.is_model_ready(name, "1"), True)
calls.check("is_model_ready, of no model", lambda: client.is_model_ready("nothing"), False)
calls.check("get_server_metadata", client.get_server_metadata, Has(name="heed", version=Any(str)))
calls.check(
    "its extensions", lambda: sorted({"binary_tensor_data", "statistics", "model_configuration"} - set(
        client.get_server_metadata()["extensions"])), [])
calls.check(
    "get_model_metadata", lambda: client.get_model_metadata(name),
    Has(name=name,
        versions=["1"],
        platform=Any(str),
        inputs=[Has(name="text", datatype="BYTES", shape=[-1])],
        outputs=[
            Has(name="label", datatype="BYTES", shape=[-1]),
            Has(name="scores", datatype="FP32", shape=[-1, width])]))
calls.check(
    "get_model_config", lambda: client.get_model_config(name),
    Has(name=name,
        platform=Any(str),
        backend=Any(str),
        max_batch_size=0,
        input=[Has(name="text", data_type="TYPE_STRING", dims=[-1])],
        output=[
            Has(name="label", data_type="TYPE_STRING", dims=[-1]),
            Has(name="scores", data_type="TYPE_FP32", dims=[-1, width])]))
calls.check("get_model_repository_index",
            lambda: [one for one in client.get_model_repository_index() if one["name"] == name],
            [Has(name=name, version="1", state="READY")])

calls.check("infer", lambda: infer(inputs()), answer)
calls.check("infer, all outputs as bytes", is_binary, {"label": True, "scores": True})
calls.check("infer, JSON in", lambda: infer(inputs(binary=False)), answer)
calls.check("infer, JSON out", lambda: infer(inputs(), outputs=requested(("label", False), ("scores", False))), answer)
calls.check("infer, JSON in and out",
            lambda: infer(inputs(binary=False), outputs=requested(("label", False), ("scores", False))), answer)
calls.check("infer, scores as bytes", lambda: is_binary(outputs=requested(("scores", True), ("label", False))),
            {"scores": True, "label": False})
calls.check("infer, in the order asked for",
            lambda: list(infer(inputs(), outputs=requested(
                ("scores", True), ("label", True))).items()), [["scores", told.scores], ["label", told.labels]])
calls.check("infer, one output", lambda: infer(inputs(), outputs=requested(("label", True))), {"label": told.labels})
calls.check("infer, of a version", lambda: infer(inputs(), model_version="1"), answer)
calls.check("infer, [n, 1]", lambda: infer(inputs(shape=[count, 1])), answer)
calls.check("infer, no text", lambda: infer(inputs([])), {"label": [], "scores": []})
calls.check("infer, id", lambda: client.infer(name, inputs(), request_id="seven").get_response(),
            Has(id="seven", model_name=name, model_version="1"))
calls.check("infer, float32 as they are", lambda: client.infer(name, inputs()).as_numpy("scores").dtype.name, "float32")
calls.check("async_infer",
            lambda: [outputs_of(one.get_result()) for one in [client.async_infer(name, inputs()) for _ in range(3)]],
            3 * [answer])

calls.check(
    "get_inference_statistics", lambda: client.get_inference_statistics(name), {
        "model_stats": [
            Has(name=name,
                version="1",
                last_inference=Any(int),
                inference_count=Any(int),
                execution_count=Any(int),
                batch_stats=Any(list),
                inference_stats=Has({
                    kind: Has(count=Any(int), ns=Any(int))
                    for kind in ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output")}))]})
calls.check("get_inference_statistics, of all models",
            lambda: [one["name"] for one in client.get_inference_statistics()["model_stats"] if one["name"] == name],
            [name])


def counted():
    """A request with all texts counts as one success and as many inferences as it has texts."""
    def stats():
        return client.get_inference_statistics(name)["model_stats"][0]

    before = stats()
    infer(inputs())
    after = stats()
    return {
        "inferences": after["inference_count"] - before["inference_count"],
        "successes": after["inference_stats"]["success"]["count"] - before["inference_stats"]["success"]["count"]}


calls.check("statistics count", counted, {"inferences": count, "successes": 1})

calls.refuses("infer, no such model", lambda: client.infer("nothing", inputs()), "[404]")
calls.refuses("infer, no such version", lambda: client.infer(name, inputs(), model_version="7"), "[404]")
calls.refuses("infer, no such output", lambda: infer(inputs(), outputs=requested(("other", True))), "output")
calls.refuses("classification", lambda: infer(inputs(), outputs=requested(("scores", True), class_count=2)),
              "classification")
for option in ({"sequence_id": 3}, {"priority": 1}, {"parameters": {"mine": "x"}}):
    word = list(option.get("parameters", option))[0]
    calls.refuses(f"infer, {word}", lambda: client.infer(name, inputs(), **option), f'"{word}"')
calls.refuses("text that is not UTF-8", lambda: infer(inputs([b"\xff"])), "UTF-8")
calls.refuses("load_model", lambda: client.load_model(name), "[404]")


def two_inputs():
    other = triton.InferInput("other", [1], "BYTES")
    other.set_data_from_numpy(np.array(["a"], dtype=object))
    return infer([*inputs(), other])


def shared_memory():
    tensor = triton.InferInput("text", [1], "BYTES")
    tensor.set_shared_memory("region", 10)
    return infer([tensor])


calls.refuses("two inputs", two_inputs, "[400]")
calls.refuses("shared memory", shared_memory, "[400]")
client.close()


async def by_asyncio(binary):
    async with triton_aio.InferenceServerClient(calls.host) as other:
        return outputs_of(await other.infer(name, inputs(binary=binary)))


async def index_by_asyncio():
    async with triton_aio.InferenceServerClient(calls.host) as other:
        return [one["name"] for one in await other.get_model_repository_index() if one["name"] == name]


calls.check("aio.infer", lambda: asyncio.run(by_asyncio(True)), answer)
calls.check("aio.infer, JSON in", lambda: asyncio.run(by_asyncio(False)), answer)
calls.check("aio.get_model_repository_index", lambda: asyncio.run(index_by_asyncio()), [name])
calls.end()
