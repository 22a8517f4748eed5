"""Gradients and compiled steps, alike on TensorFlow and on JAX.

The only module that knows which of the two Keras trains on.
"""

import platform
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import keras
import numpy as np

#: A tensor of whichever library Keras runs on; none of them is typed in common.
Tensor: TypeAlias = Any
Metrics: TypeAlias = dict[str, Tensor]
#: One training step: of a batch and what else it depends on, to its metrics.
Step: TypeAlias = Callable[..., Metrics]


def gradients(
    loss: Callable[[], tuple[Tensor, Metrics]],
    variables: Sequence[keras.Variable],
    *,
    state: Sequence[keras.Variable],
) -> tuple[list[Tensor], Metrics]:
    """Gradients of a loss by some variables, and what the loss tells beside.

    Args:
        loss: computes the loss and its metrics from the variables as they are.
        variables: by which to differentiate.
        state: every variable that the loss may read or change.
    """
    if on_tensorflow():
        import tensorflow as tf  # noqa: PLC0415 - only if Keras runs on it

        with tf.GradientTape() as tape:
            value, metrics = loss()
        return tape.gradient(value, [v.value for v in variables]), metrics
    return _jax_gradients(loss, variables, state)


def compiled(step: Step, state: Sequence[keras.Variable]) -> "CompiledStep":
    """A step that runs as one compiled program and changes `state`."""
    if on_tensorflow():
        return _TensorFlowStep(step)
    return _JaxStep(step, state)


class CompiledStep:
    """A training step as one program; `store` leaves its results in the variables."""

    def __call__(self, *inputs: Tensor) -> Metrics:
        """Take one step; numbers may be given as they are."""
        raise NotImplementedError

    def store(self) -> None:
        """Leave what the steps so far have changed in the variables."""


class _TensorFlowStep(CompiledStep):
    def __init__(self, step: Step) -> None:
        import tensorflow as tf  # noqa: PLC0415 - only if Keras runs on it

        # autograph would hide that memory ran out behind an error of its own
        self._step = tf.function(step, autograph=False, reduce_retracing=True)

    def __call__(self, *inputs: Tensor) -> Metrics:
        return self._step(*map(_as_array, inputs))


class _JaxStep(CompiledStep):
    """Variables live outside the compiled program and are handed from step to step."""

    def __init__(self, step: Step, state: Sequence[keras.Variable]) -> None:
        import jax  # noqa: PLC0415 - only if Keras runs on it

        def pure(values: Any, *inputs: Any) -> Any:  # noqa: ANN401 - JAX's trees
            mapping = list(zip(state, values, strict=True))
            with keras.StatelessScope(state_mapping=mapping):
                metrics = step(*inputs)
                return [variable.value for variable in state], metrics

        self._state = state
        self._program = jax.jit(pure, donate_argnums=0)
        self._values: list[Tensor] | None = None

    def __call__(self, *inputs: Tensor) -> Metrics:
        if self._values is None:  # copies: the program consumes what it is given
            self._values = [keras.ops.copy(each.value) for each in self._state]
        self._values, metrics = self._program(self._values, *map(_as_array, inputs))
        return metrics

    def store(self) -> None:
        for variable, value in zip(self._state, self._values or (), strict=False):
            variable.assign(keras.ops.copy(value))


def _as_array(value: Tensor) -> Tensor:
    """A number as an array, so that another number is no other program."""
    return np.float32(value).reshape(()) if isinstance(value, float) else value


def on_tensorflow() -> bool:
    """Whether Keras runs on TensorFlow."""
    return bool(keras.backend.backend() == "tensorflow")


def runs_on_gpu() -> bool:
    """Whether Keras computes on a GPU, by JAX; TensorFlow uses processors alone."""
    if on_tensorflow():
        return False
    import jax  # noqa: PLC0415 - only if Keras runs on it

    return bool(jax.devices()[0].platform != "cpu")


def memory_errors() -> tuple[type[BaseException], ...]:
    """What is raised if memory runs out."""
    if on_tensorflow():
        import tensorflow as tf  # noqa: PLC0415 - only if Keras runs on it

        return MemoryError, tf.errors.ResourceExhaustedError
    return (MemoryError,)


def hardware() -> str:
    """The processor that Keras computes on, in words."""
    if runs_on_gpu():
        import jax  # noqa: PLC0415 - only if Keras runs on it

        return str(jax.devices()[0].device_kind)
    return platform.processor() or platform.machine()


def _jax_gradients(
    loss: Callable[[], tuple[Tensor, Metrics]],
    variables: Sequence[keras.Variable],
    state: Sequence[keras.Variable],
) -> tuple[list[Tensor], Metrics]:
    """As `gradients`: variables that the loss changes are handed out of it."""
    import jax  # noqa: PLC0415 - only if Keras runs on it

    chosen = {id(variable) for variable in variables}
    others = [variable for variable in state if id(variable) not in chosen]
    before = [variable.value for variable in others]

    def pure(values: Any) -> Any:  # noqa: ANN401 - JAX's trees
        mapping = [
            *zip(others, before, strict=True),
            *zip(variables, values, strict=True),
        ]
        with keras.StatelessScope(state_mapping=mapping):
            value, metrics = loss()
            return value, (metrics, [variable.value for variable in others])

    found, (metrics, after) = jax.grad(pure, has_aux=True)(
        [variable.value for variable in variables]
    )
    for variable, old, new in zip(others, before, after, strict=True):
        if new is not old:
            variable.assign(new)
    return found, metrics


def forward(function: Callable[..., Tensor], model: keras.Model) -> Callable[..., Any]:
    """A function of a trained model's weights, compiled, from arrays to an array.

    Args:
        function: calls the model, or a part of it.
        model: whose weights it uses.
    """
    if on_tensorflow():
        import tensorflow as tf  # noqa: PLC0415 - only if Keras runs on it

        program = tf.function(function, autograph=False)
        return lambda *inputs: np.asarray(program(*map(tf.constant, inputs)))
    import jax  # noqa: PLC0415 - only if Keras runs on it

    def pure(values: Any, *inputs: Any) -> Any:  # noqa: ANN401 - JAX's trees
        mapping = list(zip(model.variables, values, strict=True))
        with keras.StatelessScope(state_mapping=mapping):
            return function(*inputs)

    compiled_once = jax.jit(pure)

    def call(*inputs: Any) -> Any:  # noqa: ANN401 - arrays
        values = [variable.value for variable in model.variables]
        return np.asarray(compiled_once(values, *inputs))

    return call
