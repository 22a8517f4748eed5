"""Answering networks: logits, features and objects by a runtime alone, no TensorFlow.

Workers that judge many pictures hold these: they start at once and stay small.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.registry import lookup
from cifake_core.networks import store
from cifake_core.networks.inputs import network_input, picture_input
from cifake_core.networks.protocols import Activations
from cifake_core.networks.records import Answers
from cifake_core.networks.registry import NETWORKS
from cifake_core.networks.runtimes.litert import LiteRTRuntime
from cifake_core.networks.runtimes.protocol import Runtime
from cifake_core.networks.spec import NetworkSpec
from cifake_core.pictures.records import PreparedPicture

#: Pictures in one forward pass; more use more memory and no less time.
_BATCH: Final = 250


class AnsweringNetwork:
    """Trained network, ready for answers; threads may share it.

    It is a `Probe` whose gradients nobody can have: `compiled.CompiledNetwork`, which
    loads TensorFlow, adds them.

    Args:
        name: of the network in its table.
        spec: its row in the table.
        sha256: of the file of its weights.
        runtime: computes its forward pass.
    """

    def __init__(
        self, name: str, *, spec: NetworkSpec, sha256: str, runtime: Runtime
    ) -> None:
        self.name = name
        self.sha256 = sha256
        self.spec = spec
        self.runtime = runtime

    @property
    def parts(self) -> "tuple[AnsweringNetwork, ...]":
        """This network alone."""
        return (self,)

    @property
    def engine(self) -> str:
        """The engine of the runtime, with its version."""
        return self.runtime.describe()

    @property
    def weights(self) -> tuple[float, ...]:
        """The network's logit is its own."""
        return (1.0,)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the logit of REAL for each picture.

        Args:
            images: (N, 32, 32, 3) uint8, RGB.

        Returns:
            (N,) float32.
        """
        return self.answers(images).logits

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits of REAL, the features and the object classes.

        Args:
            images: (N, 32, 32, 3) uint8, RGB.
        """
        starts = range(0, max(len(images), 1), _BATCH)
        return _joined(
            [
                self.runtime.run(self.inputs(images[start : start + _BATCH]))
                for start in starts
            ]
        )

    def predict(self, *pictures: PreparedPicture) -> Answers:
        """Return the same for N >= 1 prepared pictures, not filtered again."""
        kind = self.spec.input_kind
        inputs = [picture_input(kind, picture) for picture in pictures]
        return self.runtime.run(np.concatenate(inputs))

    def inputs(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the network's input for `images`, float32 0 to 255."""
        return network_input(self.spec.input_kind, images)

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Return the logit of REAL for each of N network inputs, in one batch.

        Args:
            inputs: (N, ...) float32, 0 to 255, N times what `inputs` gives for one
                picture, changed or not.

        Returns:
            (N,) float32.
        """
        return self.runtime.run(np.asarray(inputs, np.float32)).logits

    def gradients(self, inputs: Floats) -> Floats:
        """Refuse: see the class.

        Raises:
            ModelUnavailableError: Always.
        """
        del inputs
        self._refuse()

    def activations(self, picture: PreparedPicture) -> Activations:
        """Refuse: see the class.

        Raises:
            ModelUnavailableError: Always.
        """
        del picture
        self._refuse()

    def _refuse(self) -> NoReturn:
        """Raise the sentence on what was asked of the wrong engine."""
        msg = (
            f"The {self.spec.title} was loaded for answers alone. Expected no question "
            "on how it came to them; explain a picture with `explain`."
        )
        raise ModelUnavailableError(msg)


def load_answering(
    folder: Path, *, num_threads: int | None = None
) -> AnsweringNetwork | None:
    """Return the network of a folder on LiteRT, or None if it was not converted.

    Args:
        folder: of the network, with its card.
        num_threads: as in `LiteRTRuntime`.

    Raises:
        ModelUnavailableError: If the card or the converted file cannot be used.
    """
    content = store.read_runtime_file(folder)
    if content is None:
        return None
    card = store.load_card(folder)
    return AnsweringNetwork(
        card.name,
        spec=lookup(NETWORKS, card.name, kind="network"),
        sha256=card.model_sha256,
        runtime=LiteRTRuntime(content, num_threads=num_threads),
    )


def _joined(answers: Sequence[Answers]) -> Answers:
    """Return one record of the answers to one batch after the other."""
    features = [each.features for each in answers if each.features is not None]
    objects = [each.objects for each in answers if each.objects is not None]
    return Answers(
        logits=np.concatenate([each.logits for each in answers]),
        features=np.concatenate(features) if features else None,
        objects=np.concatenate(objects) if objects else None,
    )
