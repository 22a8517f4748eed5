"""Model cards: what vouches for trained weights, with the metrics they came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from cifake_core.basics.estimates import Estimate
from cifake_core.networks.spec import InputKind

#: The official test set, and the one without pictures that stand in training too.
TestSet: TypeAlias = Literal["official", "leak_free"]

TEST_SETS: Final[tuple[TestSet, ...]] = ("official", "leak_free")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReliabilityBin:
    """The `n` pictures on which a network's confidence lies in (`low`, `high`].

    `confidence` is their mean confidence, `accuracy` the share rightly called;
    a calibrated network has the two alike.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ObjectReport:
    """How often a network rightly names the object in a picture, of `n` pictures.

    `confusion` is 10x10 counts in the order of `labels.OBJECT_CLASSES`: rows are
    the truth, columns what the network sees.
    """

    n: int
    accuracy: Estimate
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Metrics:
    """Metrics of a network on `n` pictures, with 95 % intervals.

    REAL is the positive class. `confusion` is [[FAKE called FAKE, FAKE called
    REAL], [REAL called FAKE, REAL called REAL]]. `ece` is the expected
    calibration error over 15 equal bins, of which `reliability` has those with
    pictures in them. `objects` is None for a network that names none.
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
    objects: ObjectReport | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CorruptionAccuracy:
    """Accuracy on pictures after a corruption of one kind and this strength."""

    strength: float
    accuracy: Estimate


#: By kind of corruption.
CorruptionAccuracies: TypeAlias = Mapping[str, tuple[CorruptionAccuracy, ...]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TrainingFacts:
    """What a network was trained on; `train_digest` names CIFAKE's training pictures.

    `num_training` counts every picture once, those of generators and of photographs
    from elsewhere, which `NetworkCard.config` names, among them.
    """

    data_set: str
    train_digest: str
    num_training: int
    num_validation: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RuntimeFile:
    """Converted network beside the weights, as an inference engine runs it.

    `file` is its name in the network's folder. `engine` is the one with which it was
    compared with TensorFlow, `logit_difference` the greatest difference of a logit.
    """

    file: str
    sha256: str
    engine: str
    logit_difference: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NetworkCard:
    """Card of a network with weights of its own.

    `model_sha256` is that of the weights' file. `filters` are the planes it takes, in
    order. `config` is the recipe as JSON values; `temperature` and `logit_shift` are
    the calibration, which the weights have in them: fitted on what CIFAKE and the
    recipe's `generators` hold out, all fakes counting as much as all photographs.
    `milliseconds` is the time of one
    picture, `plane_means` the mean of each plane over the training pictures,
    `corruptions` the accuracies by kind of corruption, `assumed` what a paper leaves
    open, `float16_logit_change` what rounding the weights changed at the most. `engine`
    is that of `milliseconds`, `runtime` the converted file. What is not there is None.
    """

    SCHEMA: ClassVar[int] = 1

    name: str
    input_kind: InputKind
    input_shape: tuple[int, ...]
    filters: tuple[str, ...]
    parameters: int
    multiply_adds: int
    model_sha256: str
    config: Mapping[str, Any]  # JSON: numbers, and those of the augmentation by name
    precision: str
    temperature: float
    logit_shift: float
    epochs: int
    seconds: float
    training: TrainingFacts
    code_version: str
    versions: Mapping[str, str]
    validation: Metrics
    float16_logit_change: float | None = None
    assumed: tuple[str, ...] | None = None
    milliseconds: float | None = None
    plane_means: tuple[float, ...] | None = None
    data_digest: str | None = None
    test: Mapping[TestSet, Metrics] | None = None
    test_scores_sha256: str | None = None
    corruptions: Mapping[TestSet, CorruptionAccuracies] | None = None
    corruption_scores_sha256: str | None = None
    engine: str | None = None
    runtime: RuntimeFile | None = None

    @property
    def generators(self) -> tuple[str, ...]:
        """Names of the generators, besides CIFAKE's, from whose fakes it learnt."""
        return tuple(self.config.get("generators", ()))

    @property
    def datasets(self) -> dict[str, tuple[str, ...]]:
        """Generators of each data set of one's own that it was taught, by its name."""
        held = self.config.get("datasets", {})
        return {name: tuple(each["generators"]) for name, each in held.items()}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EnsembleCard:
    """Card of an ensemble.

    `members` has the SHA-256 of each member's weights, `weights` what its logit
    counts; `model_sha256` is that of the two, see `ensemble.ensemble_sha256`.
    `calibration` says how the weights were chosen.
    """

    SCHEMA: ClassVar[int] = 1

    name: str
    members: Mapping[str, str]
    weights: Mapping[str, float]
    model_sha256: str
    calibration: str
    code_version: str
    versions: Mapping[str, str]
    validation: Metrics
    test: Mapping[TestSet, Metrics] | None = None


Card: TypeAlias = NetworkCard | EnsembleCard
