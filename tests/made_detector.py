"""A tiny object detector of YOLOX's form, made by hand: it sees patches of one colour.

A place of the coarsest map whose 32x32 pixels are red is the middle of a dog of 96x64
pixels, a blue one that of a cat; the other maps see nothing.
"""

import hashlib
from functools import cache
from typing import Any, Final

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from cifake_core.objects.names import NAMES
from cifake_core.objects.weights import Weights
from cifake_core.workbench import in_use
from cifake_core.workbench.objects import ObjectsBench

SIDE: Final = 416
STRIDES: Final = (8, 16, 32)
#: Width and height of each box, in pixels of 416.
WIDTH, HEIGHT = 96, 64


@cache
def detector(*, num_kinds: int = len(NAMES)) -> bytes:
    """The network as an ONNX file."""
    nodes: list[Any] = []
    constants: list[Any] = []
    flat = [
        _map(stride, nodes, constants, sees=stride == STRIDES[-1], num_kinds=num_kinds)
        for stride in STRIDES
    ]
    nodes += [
        helper.make_node("Concat", flat, ["all"], axis=2),
        helper.make_node("Transpose", ["all"], ["output"], perm=[0, 2, 1]),
    ]
    places = sum((SIDE // stride) ** 2 for stride in STRIDES)
    graph = helper.make_graph(
        nodes,
        "tiny",
        [_tensor("images", (1, 3, SIDE, SIDE))],
        [_tensor("output", (1, places, 5 + num_kinds))],
        constants,
    )
    opset = [helper.make_opsetid("", 11)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=6)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def weights(data: bytes | None = None) -> Weights:
    """What vouches for that file, or for other bytes."""
    held = detector() if data is None else data
    return Weights(
        title="Tiny",
        licence="CC0",
        address="https://127.0.0.1:9/tiny.onnx",  # nobody answers there
        sha256=hashlib.sha256(held).hexdigest(),
        num_bytes=len(held),
    )


def publish(monkeypatch: pytest.MonkeyPatch, published: Weights) -> None:
    """Let another detector be the published one, for a workbench that opens anew.

    That of an earlier test, whose folder this one may have got, knows another.
    """
    monkeypatch.setattr(in_use, "_open", [])
    defaults = ObjectsBench.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "weights", published)


def street(height: int, width: int) -> np.ndarray:
    """A grey picture."""
    return np.full((height, width, 3), 128, np.uint8)


def _map(
    stride: int, nodes: list[Any], constants: list[Any], *, sees: bool, num_kinds: int
) -> str:
    """Add one map: the mean colour of each place, and what that says."""
    kernel = np.zeros((5 + num_kinds, 3, 1, 1), np.float32)
    bias = np.full(5 + num_kinds, -20, np.float32)
    bias[:4] = 0.5, 0.5, np.log(WIDTH / stride), np.log(HEIGHT / stride)
    if sees:  # blue comes before green and red
        kernel[4, :, 0, 0] = 0.1, -0.2, 0.1
        bias[4] = -10
        kernel[5 + NAMES.index("dog"), :, 0, 0] = -0.1, 0, 0.1
        kernel[5 + NAMES.index("cat"), :, 0, 0] = 0.1, 0, -0.1
        bias[5 + NAMES.index("dog")] = bias[5 + NAMES.index("cat")] = 0
    names = {each: f"{each}{stride}" for each in ("mean", "raw", "box", "seen", "both")}
    shape = np.array([1, 5 + num_kinds, (SIDE // stride) ** 2], np.int64)
    held = {"kernel": kernel, "bias": bias, "shape": shape}
    ends = {"first": [0], "middle": [4], "last": [5 + num_kinds], "axis": [1]}
    held |= {name: np.array(value, np.int64) for name, value in ends.items()}
    constants += [
        numpy_helper.from_array(value, f"{name}{stride}")
        for name, value in held.items()
    ]
    sides = [stride, stride]
    nodes += [
        helper.make_node(
            "AveragePool",
            ["images"],
            [names["mean"]],
            kernel_shape=sides,
            strides=sides,
        ),
        helper.make_node(
            "Conv",
            [names["mean"], f"kernel{stride}", f"bias{stride}"],
            [names["raw"]],
            kernel_shape=[1, 1],
        ),
        _slice(stride, names["raw"], "first", "middle", names["box"]),
        _slice(stride, names["raw"], "middle", "last", names["seen"]),
        helper.make_node("Sigmoid", [names["seen"]], [f"sure{stride}"]),
        helper.make_node(
            "Concat", [names["box"], f"sure{stride}"], [names["both"]], axis=1
        ),
        helper.make_node(
            "Reshape", [names["both"], f"shape{stride}"], [f"flat{stride}"]
        ),
    ]
    return f"flat{stride}"


def _slice(stride: int, source: str, begin: str, end: str, target: str) -> Any:
    """Node that takes some channels."""
    limits = [f"{begin}{stride}", f"{end}{stride}", f"axis{stride}"]
    return helper.make_node("Slice", [source, *limits], [target])


def _tensor(name: str, shape: tuple[int, ...]) -> Any:
    """Input or output of the network."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
