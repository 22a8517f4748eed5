"""Records of verdicts: predictions, decision, stability."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import LABELS, Decision, Label
from cifake_core.networks import OWN
from cifake_core.pictures.records import PreparedPicture
from cifake_core.verdicts.scope import HEADLINES, SHORT_HEADLINES, Scope, scope_to_json
from cifake_core.verdicts.scope_words import knows


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
    `model_sha256` names the weights, `known` the generators whose fakes it learnt from.
    """

    network: str
    logit: float
    p_real: float
    milliseconds: float
    model_sha256: str
    known: tuple[str, ...]
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

    @property
    def knows(self) -> str:
        """The words that go with the label: "knows only Stable Diffusion 1.4"."""
        return knows(self.known)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Verdict:
    """Verdict on one picture: the decision, its reasons, scope and predictions.

    `reasons` are sentences: those for abstaining if `decision` is UNSURE, those that
    support it otherwise. `scope` is what the decision rests on; who shows the decision
    shows its `headline` and the scope's sentences. `predictions` is in the order asked
    for.
    """

    decision: Decision
    reasons: tuple[str, ...]
    scope: Scope
    predictions: Mapping[str, Prediction]
    prepared: PreparedPicture

    @property
    def headline(self) -> str:
        """The decision in words that claim no more than it can."""
        return HEADLINES[self.decision]

    @property
    def speaker(self) -> str:
        """The first network that labels the picture as decided, or else the first."""
        names = [n for n, p in self.predictions.items() if p.label == self.decision]
        return names[0] if names else next(iter(self.predictions))

    @property
    def decided_by(self) -> str:
        """The network of ours on whose label the decision rests.

        That is the last, the ensemble if it is there, unless another one found what
        that one calls otherwise.
        """
        last = [name for name in self.predictions if name in OWN][-1]
        if self.decision in ("UNSURE", self.predictions[last].label):
            return last
        return self.speaker

    @property
    def short_headline(self) -> str:
        """The headline for below a small picture."""
        return SHORT_HEADLINES[self.decision]

    def to_json(self, network: str) -> dict[str, Any]:  # of JSON values
        """The verdict and one network's prediction, for a program.

        The key `scope` is absent where nothing was measured.
        """
        prediction = self.predictions[network]
        record = {
            "network": prediction.network,
            "label": prediction.label,
            "verdict": self.decision,
            "p_fake": prediction.p_fake,
            "p_real": prediction.p_real,
            "reasons": list(self.reasons),
            "milliseconds": prediction.milliseconds,
            "knows": list(prediction.known),
            **scope_to_json(self.scope),
        }
        seen = prediction.object_prediction
        if seen is not None:
            record["object_class"] = seen.object_class
            record["object_probability"] = seen.probability
        return record


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
