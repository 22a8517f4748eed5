"""Inference engines for our networks, measured beside TensorFlow in one run.

Run from the checkout, with what the product itself does not need in a folder of its
own (pnnx's package asks for PyTorch, its program does not, hence `--no-deps`):

    pip install --target engines onnx onnxruntime tf2onnx openvino
    pip install --target engines --no-deps pnnx
    pip install --target engines ncnn
    PYTHONPATH=.:engines python benchmarks/engines.py

Every engine computes in float32 and answers the same random pictures, in turns; two
threads share the pictures out, or the engine uses two threads itself. Prints one
Markdown table for each network: medians in seconds, the greatest difference of a
logit from TensorFlow's, then what one file costs: its size, its conversion, and a
fresh process from its start to the first logit.
"""

import functools
import importlib
import importlib.util
import multiprocessing
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
#: From (N, ...) inputs to (N,) logits of REAL.
Run: TypeAlias = Callable[[Floats], Floats]

NUM_THREADS: Final = 2
#: Pictures in a call, and how often each engine has its turn.
REPETITIONS: Final[Mapping[int, int]] = {1: 31, 250: 5, 1000: 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """How one engine makes a file of a Keras model, and answers from that file.

    `package` is what has to be installed; `piece` is how many pictures a thread
    takes at a time, or None for an engine that is given all of them.
    """

    package: str
    convert: Callable[[Any, Path], Path]
    load: Callable[[Path], Run]
    piece: int | None


def export(model: Any, path: Path, kind: str, batch: int | None) -> Path:
    """Write a model in the format `kind`, for batches of `batch` or of any size."""
    import keras

    spec = keras.InputSpec(shape=(batch, *model.input.shape[1:]), dtype="float32")
    model.export(path, format=kind, input_signature=[spec], verbose=False)
    return path


def shared_out(run: Run, piece: int) -> Run:
    """A run whose pictures are shared out among threads, `piece` at a time."""
    pool = ThreadPoolExecutor(NUM_THREADS)

    def share(inputs: Floats) -> Floats:
        starts = range(0, len(inputs), piece)
        pieces = [inputs[start : start + piece] for start in starts]
        return np.concatenate(list(pool.map(run, pieces)))

    return share


def load_tensorflow(path: Path) -> Run:
    """TensorFlow, traced, with the weights as constants."""
    import keras
    import tensorflow as tf
    from tensorflow.python.framework import convert_to_constants

    model = keras.saving.load_model(path)
    spec = tf.TensorSpec((None, *model.input.shape[1:]), tf.float32)
    traced = tf.function(
        lambda x: model(x, training=False), input_signature=[spec], autograph=False
    ).get_concrete_function()
    constant = convert_to_constants.convert_variables_to_constants_v2(traced)
    return lambda inputs: np.asarray(constant(tf.constant(inputs))[0])[:, 0]


def save_keras(model: Any, folder: Path) -> Path:
    """Write the model as Keras keeps it."""
    model.save(folder / "model.keras")
    return folder / "model.keras"


def load_litert(path: Path, package: str) -> Run:
    """LiteRT with XNNPACK, one interpreter a thread."""
    module = importlib.import_module(package)
    held = threading.local()

    def run(inputs: Floats) -> Floats:
        if not hasattr(held, "runner"):
            interpreter = module.Interpreter(str(path), num_threads=1)
            held.runner = interpreter.get_signature_runner()
            [held.input] = held.runner.get_input_details()
        single = [held.runner(**{held.input: each[None]}) for each in inputs]
        return np.concatenate([answer["output_0"][:, 0] for answer in single])

    return run


def load_onnx(path: Path, *, num_threads: int) -> Run:
    """ONNX Runtime's CPU provider."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = num_threads
    session = onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    return lambda inputs: session.run(None, {name: inputs})[0][:, 0]


def load_openvino(path: Path, *, streams: int) -> Run:
    """OpenVINO on the CPU, one request a thread."""
    import openvino

    settings = {
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": NUM_THREADS,
        "NUM_STREAMS": streams,
    }
    compiled = openvino.compile_model(str(path), "CPU", settings)
    held = threading.local()

    def run(inputs: Floats) -> Floats:
        if not hasattr(held, "request"):
            held.request = compiled.create_infer_request()
        return held.request.infer([inputs])[0][:, 0].copy()

    return run


def convert_openvino(model: Any, folder: Path) -> Path:
    """Write OpenVINO's own format, in float32."""
    import openvino

    converted = openvino.convert_model(model)
    openvino.save_model(converted, folder / "model.xml", compress_to_fp16=False)
    return folder / "model.xml"


def convert_pnnx(model: Any, folder: Path) -> Path:
    """Write ncnn's format by Tencent's own converter, from ONNX."""
    package = importlib.util.find_spec("pnnx")  # its import asks for PyTorch
    if package is None or package.origin is None:
        msg = "No module named 'pnnx'"
        raise ModuleNotFoundError(msg)
    program = Path(package.origin).with_name("pnnx")
    program.chmod(0o755)
    export(model, folder / "model.onnx", "onnx", 1)
    command = [str(program), "model.onnx", "fp16=0"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "model.ncnn.bin"


def load_ncnn(path: Path) -> Run:
    """Ncnn in float32, one picture after the other."""
    import ncnn

    net = ncnn.Net()
    net.opt.num_threads = 1
    for name in ("fp16_packed", "fp16_storage", "fp16_arithmetic"):
        setattr(net.opt, f"use_{name}", False)
    net.load_param(str(path.with_suffix(".param")))
    net.load_model(str(path))
    [given], logit = net.input_names(), net.output_names()[0]

    def run(inputs: Floats) -> Floats:
        logits = []
        for each in inputs:
            extractor = net.create_extractor()
            extractor.input(given, ncnn.Mat(np.ascontiguousarray(each)).clone())
            logits.append(np.array(extractor.extract(logit)[1]).ravel())
        return np.concatenate(logits)

    return run


def to_litert(model: Any, folder: Path) -> Path:
    """Write a LiteRT file for one picture at a time."""
    return export(model, folder / "model.tflite", "litert", 1)


def to_onnx(model: Any, folder: Path) -> Path:
    """Write an ONNX file for any number of pictures."""
    return export(model, folder / "model.onnx", "onnx", None)


ENGINES: Final[dict[str, Engine]] = {
    "TensorFlow, weights as constants": Engine(
        package="tensorflow", convert=save_keras, load=load_tensorflow, piece=None
    ),
    "LiteRT of the package ai-edge-litert": Engine(
        package="ai_edge_litert",
        convert=to_litert,
        load=functools.partial(load_litert, package="ai_edge_litert.interpreter"),
        piece=8,
    ),
    "LiteRT inside TensorFlow (deprecated)": Engine(
        package="tensorflow",
        convert=to_litert,
        load=functools.partial(
            load_litert, package="tensorflow.lite.python.interpreter"
        ),
        piece=8,
    ),
    "ONNX Runtime, eight pictures a thread": Engine(
        package="onnxruntime",
        convert=to_onnx,
        load=functools.partial(load_onnx, num_threads=1),
        piece=8,
    ),
    "ONNX Runtime, its own two threads": Engine(
        package="onnxruntime",
        convert=to_onnx,
        load=functools.partial(load_onnx, num_threads=NUM_THREADS),
        piece=None,
    ),
    "OpenVINO, eight pictures a thread": Engine(
        package="openvino",
        convert=convert_openvino,
        load=functools.partial(load_openvino, streams=NUM_THREADS),
        piece=8,
    ),
    "OpenVINO, its own two threads": Engine(
        package="openvino",
        convert=convert_openvino,
        load=functools.partial(load_openvino, streams=1),
        piece=None,
    ),
    "ncnn, converted by pnnx": Engine(
        package="pnnx", convert=convert_pnnx, load=load_ncnn, piece=8
    ),
}


def first_logit(name: str, path: Path, shape: tuple[int, ...]) -> tuple[float, float]:
    """Seconds and peak MB of this process until an engine gives its first logit."""
    started = time.perf_counter()
    ENGINES[name].load(path)(np.zeros((1, *shape), np.float32))
    seconds = time.perf_counter() - started
    status = Path("/proc/self/status").read_text("ascii")
    [peak] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return seconds, int(peak.split()[1]) / 1024


def fresh(name: str, path: Path, shape: tuple[int, ...]) -> tuple[float, float]:
    """`first_logit` in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(first_logit, (name, path, shape))


def in_turns(runs: Mapping[str, Run], inputs: Floats) -> dict[str, list[float]]:
    """Median seconds of each engine, for each number of pictures."""
    medians: dict[str, list[float]] = {name: [] for name in runs}
    for count, repetitions in REPETITIONS.items():
        times: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(repetitions):
            fed = inputs[number : number + 1] if count == 1 else inputs[:count]
            for name, run in runs.items():
                started = time.perf_counter()
                run(fed)
                times[name].append(time.perf_counter() - started)
        for name, taken in times.items():
            medians[name].append(statistics.median(taken))
    return medians


def measure(model: Any, folder: Path) -> list[str]:
    """One row for each engine that is installed, on one network."""
    shape = tuple(model.input.shape[1:])
    random = np.random.default_rng(0)
    inputs = random.integers(0, 256, (max(REPETITIONS), *shape)).astype(np.float32)
    runs, facts = {}, {}
    for number, (name, engine) in enumerate(ENGINES.items()):
        place = folder / str(number)
        place.mkdir()
        started = time.perf_counter()
        try:
            path = engine.convert(model, place)
            run = engine.load(path)
            run(inputs[:1])
        except Exception as error:  # noqa: BLE001 - the row says why, the others go on
            facts[name] = f"{type(error).__name__}: {str(error)[:60]}"
            continue
        seconds = time.perf_counter() - started
        runs[name] = shared_out(run, engine.piece) if engine.piece else run
        size = sum(each.stat().st_size for each in path.parent.glob(f"{path.stem}.*"))
        start, memory = fresh(name, path, shape)
        costs = f"{size / 2**20:.1f} | {seconds:.1f} | {start:.1f} | {memory:.0f}"
        facts[name] = costs
    answers = {name: run(inputs[:250]) for name, run in runs.items()}
    expected = next(iter(answers.values()))
    medians = in_turns(runs, inputs)
    return [
        f"| {name} | "
        + " | ".join(f"{seconds:.4g}" for seconds in medians[name])
        + f" | {np.abs(answers[name] - expected).max():.1e} | {facts[name]} |"
        if name in runs
        else f"| {name} | {facts[name]} |"
        for name in ENGINES
    ]


def small_attention() -> Any:
    """A small random network with depthwise convolutions and self-attention."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    picture = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1)(picture)
    x = layers.Conv2D(32, 4, strides=4)(x)
    x = layers.DepthwiseConv2D(5, padding="same")(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Activation("gelu")(x)
    x = layers.Reshape((64, 32))(x)
    attended = layers.MultiHeadAttention(4, 8)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, attended]))
    x = layers.Dense(64, activation="gelu")(x)
    x = layers.GlobalAveragePooling1D(name="features")(x)
    return keras.Model(picture, layers.Dense(1, name="logit")(x), name="attention")


def models() -> dict[str, Callable[[], Any]]:
    """Makers of the networks: two of ours, and one of layers that are to come."""
    from cifake_core.basics.places import CHECKOUT
    from cifake_core.networks import store

    return {
        "cnn": lambda: store.load_model(CHECKOUT / "models" / "cnn"),
        "cnn3d": lambda: store.load_model(CHECKOUT / "models" / "cnn3d"),
        "attention": small_attention,
    }


def main() -> None:
    """Print the table of each network, or of those that are named."""
    import keras

    makers = models()
    for name in sys.argv[1:] or makers:
        whole = makers[name]()
        model = keras.Model(whole.input, whole.get_layer("logit").output)
        counts = " | ".join(f"{count} (s)" for count in REPETITIONS)
        print(f"\n| {name} | {counts} | difference | MB | conversion (s)", end="")
        print(
            " | first logit (s) | memory (MB) |\n|---|---|---|---|---|---|---|---|---|"
        )
        with TemporaryDirectory() as folder:
            print("\n".join(measure(model, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
