"""LiteRT, an inference engine for the files that promotion converts.

It needs no TensorFlow, so a process that only asks for logits starts without it.

Source: LiteRT (formerly TensorFlow Lite), ai.google.dev/edge/litert.
"""

import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from cifake_core.basics.arrays import Floats
from cifake_core.networks.records import Answers

_PACKAGE: Final = "ai-edge-litert"
_NUM_THREADS: Final = os.cpu_count() or 1
#: Pictures that a thread takes at a time, out of many.
_PIECE: Final = 8


class LiteRTRuntime:
    """LiteRT with XNNPACK in float32, each thread with an interpreter of its own.

    The file takes one picture at a time: batches are no faster, and so a picture's
    answer does not depend on the pictures beside it.

    Args:
        content: the file that `conversion.convert` made.
        num_threads: how many threads share many pictures out, one for each processor
            by default; 1 for a process that has its processor to itself.
    """

    def __init__(self, content: bytes, *, num_threads: int | None = None) -> None:
        self._content = content
        self._num_threads = num_threads or _NUM_THREADS
        self._held = threading.local()
        details = self._runner().get_output_details()
        self._shapes = {name: tuple(each["shape"]) for name, each in details.items()}

    def run(self, inputs: Floats) -> Answers:
        """The forward pass; the pictures are shared out among the threads."""
        outputs = {
            name: np.empty((len(inputs), *shape[1:]), np.float32)
            for name, shape in self._shapes.items()
        }
        numbers = np.arange(len(inputs))
        if self._num_threads == 1:
            self._answer(numbers, inputs, outputs)
        else:
            self._share_out(numbers, inputs, outputs)
        return Answers(
            logits=outputs["logits"][:, 0],
            features=outputs["features"],
            objects=outputs.get("objects"),
        )

    def describe(self) -> str:
        """The engine and its version."""
        return f"LiteRT {version(_PACKAGE)}"

    def _share_out(
        self,
        numbers: npt.NDArray[np.int64],
        inputs: Floats,
        outputs: Mapping[str, Floats],
    ) -> None:
        """Write the outputs for all pictures, by several threads."""
        most = max(4 * self._num_threads, len(inputs) // _PIECE)
        pieces = np.array_split(numbers, max(min(len(inputs), most), 1))
        work = _pool(self._num_threads).map(
            lambda piece: self._answer(piece, inputs, outputs), pieces
        )
        list(work)  # waits for all of them, and raises what one of them raised

    def _answer(
        self,
        piece: npt.NDArray[np.int64],
        inputs: Floats,
        outputs: Mapping[str, Floats],
    ) -> None:
        """Write the outputs for the pictures of one piece."""
        runner = self._runner()
        for number in piece:
            answer = runner(picture=inputs[number : number + 1])
            for name, values in answer.items():
                outputs[name][number] = values[0]

    def _runner(self) -> Any:  # noqa: ANN401 - LiteRT has no types
        """This thread's interpreter, made when it is first needed."""
        if not hasattr(self._held, "runner"):
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            self._held.runner = interpreter.get_signature_runner()
        return self._held.runner


@cache
def _pool(num_threads: int) -> ThreadPoolExecutor:
    """The threads that pictures are shared out among."""
    return ThreadPoolExecutor(num_threads, thread_name_prefix="litert")
