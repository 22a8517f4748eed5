"""Records of verdicts: predictions, decision, stability."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import LABELS, Decision, Label
from cifake_core.pictures.records import PreparedPicture


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ObjectPrediction:
    """Object class that a network predicts, and its probability, 0 to 1."""

    object_class: str
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Prediction:
    """Prediction of one network for one picture.

    `logit` is the network's output for REAL; `p_real` is its calibrated
    probability, 0 to 1; `object_prediction` is the object it sees, if it was taught to
    name one; `milliseconds` is the time of the forward pass with its filtering;
    `model_sha256` names the weights.
    """

    network: str
    logit: float
    p_real: float
    milliseconds: float
    model_sha256: str
    object_prediction: ObjectPrediction | None = None

    @property
    def p_fake(self) -> float:
        """The probability of FAKE, 0 to 1."""
        return 1.0 - self.p_real

    @property
    def label(self) -> Label:
        """The more probable label; a tie is REAL, as logit 0 is."""
        return LABELS[int(self.logit >= 0)]

    @property
    def confidence(self) -> float:
        """The probability of `label`, 0.5 to 1."""
        return max(self.p_real, self.p_fake)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Verdict:
    """Verdict on one picture: the decision, its reasons and the predictions.

    `reasons` are sentences: those for abstaining if `decision` is UNSURE, those that
    support it otherwise. `predictions` is in the order asked for.
    """

    decision: Decision
    reasons: tuple[str, ...]
    predictions: Mapping[str, Prediction]
    prepared: PreparedPicture


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stability:
    """Stability of one network's label for a picture under N small changes of it.

    `names` says what was changed, in words; `pictures` is (N, 32, 32, 3) uint8 RGB;
    `p_real` is (N,) float64, the network's probability of REAL for each, and
    `original_p_real` that for the picture itself. `seed` drew the noise; `seconds`
    is the time for all networks that were asked at once.
    """

    names: tuple[str, ...]
    pictures: npt.NDArray[np.uint8]
    p_real: npt.NDArray[np.float64]
    original_p_real: float
    network: str
    model_sha256: str
    seed: int
    seconds: float

    @property
    def label(self) -> Label:
        """The more probable label of the picture itself; a tie is REAL."""
        return LABELS[int(self.original_p_real >= 0.5)]

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """(N,) True where the network still says `label`."""
        return np.asarray((self.p_real >= 0.5) == (self.label == "REAL"), np.bool_)

    @property
    def weakest(self) -> int:
        """The position of the change after which `label` is least probable."""
        p_label = self.p_real if self.label == "REAL" else 1 - self.p_real
        return int(p_label.argmin())
