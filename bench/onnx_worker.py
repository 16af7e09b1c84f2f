"""ONNX Runtime on the CPU as a worker of bench/run:  python onnx_worker.py CASE THREADS

The graph is written here, of ONNX's own operators: Gather, LSTM, MatMul, Tanh, Softmax. Unmasked networks alone."""
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from cases import Case
from workers import Predictor, serve

OPSET, IR_VERSION = 17, 8


def gates(matrix, units):
    """Columns i, f, c, o to ONNX's i, o, f, c."""
    i, f, c, o = np.split(matrix, 4, axis=-1)
    assert i.shape[-1] == units
    return np.concatenate((i, o, f, c), axis=-1)


class Graph:
    def __init__(self, case):
        self.w, self.units, self.nodes, self.constants = case.weights, case.shape.units, [], []

    def constant(self, name, value):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind, inputs, output, **attributes):
        outputs = output if isinstance(output, list) else [output]
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return output

    def lstm(self, x, layer):
        """[T, rows, in] to [T, rows, 2 units] and the final states [2, rows, units]."""
        def both(part):
            return [gates(self.w[f"bi_lstm_{layer}.{way}.{part}"], self.units) for way in ("forward", "backward")]

        name = f"lstm{layer}"
        kernel = self.constant(name + ".W", np.stack([k.T for k in both("kernel")]))
        recurrent = self.constant(name + ".R", np.stack([k.T for k in both("recurrent_kernel")]))
        bias = self.constant(name + ".B", np.stack([np.concatenate((b, 0 * b)) for b in both("bias")]))
        y, h = self.node("LSTM", [x, kernel, recurrent, bias], [name + ".Y", name + ".H"], direction="bidirectional",
                         hidden_size=self.units)
        turned = self.node("Transpose", [y], name + ".turned", perm=[0, 2, 1, 3])
        joined = self.node("Reshape", [turned, self.constant(name + ".shape", np.array([0, 0, 2 * self.units]))], name)
        return joined, h

    def linear(self, x, name, output):
        product = self.node("MatMul", [x, self.constant(name + "kernel", self.w[name + "kernel"])], output + ".product")
        return self.node("Add", [product, self.constant(name + "bias", self.w[name + "bias"])], output)

    def build(self):
        turned = self.node("Transpose", ["ids"], "turned", perm=[1, 0])
        x = self.node("Gather", [self.constant("embedding", self.w["embedding.embeddings"]), turned], "embedded")
        x, _ = self.lstm(x, 0)
        x, h = self.lstm(x, 1)
        h = self.node("Reshape", [self.node("Transpose", [h], "h.turned", perm=[1, 0, 2]),
                                  self.constant("h.shape", np.array([0, 2 * self.units]))], "state")
        features, query = self.linear(x, "attention.features_", "f"), self.linear(h, "attention.query_", "q")
        both = self.node("Add", [features, query], "both")
        score = self.linear(self.node("Tanh", [both], "tanh"), "attention.score_", "score")
        weights = self.node("Softmax", [score], "weights", axis=0)
        context = self.node("ReduceSum", [self.node("Mul", [weights, x], "weighed"),
                                          self.constant("axis", np.array([0]))], "context", keepdims=0)
        dense = self.node("Relu", [self.linear(context, "dense.", "dense")], "relu")
        self.node("Sigmoid", [self.linear(dense, "output.", "logit")], "probability")
        graph = helper.make_graph(self.nodes, "tutorial",
                                  [helper.make_tensor_value_info("ids", TensorProto.INT32, ["rows", "steps"])],
                                  [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])],
                                  self.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


class Contender(Predictor):
    def __init__(self, case, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        model = Graph(case).build()
        onnx.checker.check_model(model)
        self.case = case
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                    providers=["CPUExecutionProvider"])

    def answer(self, ids):
        return self.session.run(None, {"ids": ids})[0][:, 0]


def main():
    c = Contender(Case(sys.argv[1]), int(sys.argv[2]))
    serve({name: getattr(c, name) for name in ("predict", "one", "probabilities")})


if __name__ == "__main__":
    main()
