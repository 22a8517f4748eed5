"""Frozen records: what one part of the product hands to the next.

A record holds arrays and what is needed to make them again. None of them draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Planes, Rgb

Label: TypeAlias = Literal["FAKE", "REAL"]
Ruling: TypeAlias = Literal["FAKE", "REAL", "UNSURE"]

#: The position is the class number: FAKE = 0, REAL = 1.
LABELS: Final[tuple[Label, Label]] = ("FAKE", "REAL")
#: Likewise, for what the product says of a picture.
RULINGS: Final[tuple[Ruling, ...]] = (*LABELS, "UNSURE")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """A decoded file.

    `pixels` is (H, W, 3) uint8 RGB, upright; `format` is the container's name
    ("JPEG", "PNG", ...); `notes` are sentences on what reading it changed.
    """

    pixels: Rgb
    format: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Prepared:
    """A picture as the networks see it, and how it got there.

    `pixels` is (32, 32, 3) uint8 RGB. `crop` is (top, left, side) in pixels of
    the original; `kernel` is "none" if no pixel's value was computed: after a crop
    to 32x32, or if the original was that enlarged in blocks. `notes` are sentences
    for a person.
    """

    pixels: Rgb
    original_height: int
    original_width: int
    crop: tuple[int, int, int]
    kernel: Literal["none", "area", "bicubic"]
    notes: tuple[str, ...] = ()

    @property
    def was_resized(self) -> bool:
        """Whether the original was anything but 32x32."""
        return (self.original_height, self.original_width) != self.pixels.shape[:2]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Answers:
    """What a network says of N pictures.

    `logits` is (N,) float32, for REAL; `objects` is (N, 10) float32, the
    probabilities of the object classes in the order of `dataset.OBJECT_CLASSES`,
    or None for a network that was not taught them. `features` is (N, K) float32,
    what the last layer but one holds, or None for an ensemble.
    """

    logits: Floats
    objects: Floats | None = None
    features: Floats | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Sighting:
    """What a network takes the object in a picture for, and how surely, 0 to 1."""

    object_class: str
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Opinion:
    """What one network says of one picture.

    `logit` is the network's output for REAL; `p_real` is its calibrated
    probability, 0 to 1; `sighting` is the object it sees, if it was taught to
    name one; `milliseconds` is the time of the forward pass with its filtering;
    `model_sha256` names the weights.
    """

    network: str
    logit: float
    p_real: float
    milliseconds: float
    model_sha256: str
    sighting: Sighting | None = None

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
    """What the product says of one picture.

    `reasons` are sentences: what speaks against the networks' word if `ruling` is
    UNSURE, what speaks for it otherwise. `opinions` is in the order asked for.
    """

    ruling: Ruling
    reasons: tuple[str, ...]
    opinions: Mapping[str, Opinion]
    prepared: Prepared
    planes: Planes


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Explanation:
    """Which pixels of one picture spoke for `label`, and how that was computed.

    `heatmap` is (H, W) float32 on the pixels of the image: 0 to 1, or -1 to 1
    if `signed`, where a negative pixel speaks against `label`. `plane_maps`,
    where the method gives them, is (6, H, W) float32 on the six filtered planes
    and on one common scale with the same sign rule.
    """

    heatmap: Floats
    label: Label
    signed: bool
    method: str
    network: str
    model_sha256: str
    seed: int
    seconds: float
    settings: Mapping[str, float | str]
    plane_maps: Floats | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ChannelValues:
    """How much each filtered channel of one picture added to the score of `label`.

    The score is the network's logit for REAL, or its negative for FAKE: `full` for
    the picture, `baseline` with every channel left out. `values` are the channels'
    exact Shapley values, which add up to `full - baseline`; `drops` is by how much
    the score falls if that channel alone is left out. Both are (6,) float64 in the
    order of `filters.FILTERS`. `replacement` names what stands where a channel is
    left out, and `seed` drew it.
    """

    values: npt.NDArray[np.float64]
    drops: npt.NDArray[np.float64]
    baseline: float
    full: float
    label: Label
    network: str
    model_sha256: str
    replacement: str
    seed: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stability:
    """How one network's word on a picture stands up to N small changes of it.

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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliabilityBin:
    """The `n` pictures on which a network's confidence lies in (`low`, `high`].

    `confidence` is their mean confidence, `accuracy` the share rightly called;
    a calibrated network has the two alike.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ObjectReport:
    """How often a network rightly names the object in a picture, of `n` pictures.

    `confusion` is 10x10 counts in the order of `dataset.OBJECT_CLASSES`: rows are
    the truth, columns what the network sees.
    """

    n: int
    accuracy: Estimate
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EvalReport:
    """How one set of scores does against the truth.

    REAL is the positive class. `confusion` is [[FAKE called FAKE, FAKE called
    REAL], [REAL called FAKE, REAL called REAL]]. `ece` is the expected
    calibration error over 15 equal bins, of which `reliability` has those with
    pictures in them. `roc_fpr` and `roc_tpr` are the points
    of the ROC curve, 0 to 1. `objects` is None for a network that names none.
    """

    n: int
    accuracy: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    ece: float
    reliability: tuple[ReliabilityBin, ...]
    confusion: tuple[tuple[int, int], tuple[int, int]]
    roc_fpr: npt.NDArray[np.float64]
    roc_tpr: npt.NDArray[np.float64]
    objects: ObjectReport | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RobustnessReport:
    """How often a network is right on `n` pictures, damaged in every way.

    `accuracy` leads from a kind of `corruptions.CORRUPTIONS` and a strength of it
    to the share rightly called.
    """

    n: int
    accuracy: Mapping[str, Mapping[float, Estimate]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TrainingProgress:
    """Where a training run stands; loss and accuracies are running means.

    `seconds_left` is the estimate for the whole run. The validation figures are
    those of the last finished epoch, or None before the first.
    """

    epoch: int
    num_epochs: int
    batch: int
    num_batches: int
    loss: float
    accuracy: float
    seconds_left: float
    validation_accuracy: float | None
