"""What every explainer is: a method, its settings, and the way to a record."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback
from cifake_core.basics.registry import lookup
from cifake_core.explain.records import Explanation
from cifake_core.explain.replacements import mean_colour
from cifake_core.networks.protocols import Scorer

#: Pictures scored at a time; between two batches progress is told.
BATCH = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A whole number that a person may choose: `low`, `low + step` ... `high`."""

    name: str
    title: str
    low: int
    high: int
    step: int
    default: int

    @property
    def values(self) -> range:
        """Every value that may be chosen."""
        return range(self.low, self.high + 1, self.step)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Question:
    """What a method is asked: why would `network` call `image` `label`?

    `image` is (32, 32, 3) uint8 RGB. `settings` has a value for every setting of
    the method. `progress` is told the share done, 0 to 1, and may raise to stop.
    """

    network: Scorer
    image: Rgb
    label: Label
    seed: int
    settings: Mapping[str, int]
    progress: ProgressCallback

    @property
    def sign(self) -> int:
        """What makes a logit, which is for REAL, a score of `label`."""
        return 1 if self.label == "REAL" else -1

    @property
    def flat(self) -> Rgb:
        """A picture like `image` that is nothing but its mean colour."""
        return mean_colour(self.image)

    def scores(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the score of `label`, (N,) float32, for (N, 32, 32, 3) pictures."""
        return self.sign * self.network.logits(images)

    def scores_of_parts(self, kept: npt.NDArray[np.bool_], rest: Rgb) -> Floats:
        """Return the score of `label` where only parts of the picture are left.

        Args:
            kept: (N, 32, 32) bool; elsewhere `rest` shows.
            rest: (32, 32, 3) uint8, RGB.

        Returns:
            (N,) float32.
        """
        scores = []
        for start in range(0, len(kept), BATCH):
            self.progress(start / len(kept))
            shown = kept[start : start + BATCH, :, :, None]
            scores.append(self.scores(np.where(shown, self.image, rest)))
        self.progress(1.0)
        return np.concatenate(scores)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RawMap:
    """What a method found, in the units of the score, before it is scaled.

    `heatmap` is (32, 32) float32, for the label of the question; `plane_maps`,
    where there are any, is (6, 32, 32). `facts` stand beside the settings in the
    record: what a reader of the map should know.
    """

    heatmap: Floats
    plane_maps: Floats | None = None
    facts: Mapping[str, float | str] = field(default_factory=dict)


Method: TypeAlias = Callable[[Question], RawMap]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explainer:
    """One method; `shows` says how to read its map.

    A `signed` map has what speaks against the label, too. A `slow` method may take
    over half a second and tells how far it is.
    """

    name: str
    title: str
    shows: str
    method: Method
    signed: bool
    slow: bool = False
    settings: tuple[Setting, ...] = ()

    def explain(  # noqa: PLR0913 - who, what, for which label, and how: by keyword
        self,
        network: Scorer,
        image: Rgb,
        *,
        label: Label,
        seed: int = 0,
        settings: Mapping[str, int] | None = None,
        progress: ProgressCallback | None = None,
    ) -> Explanation:
        """Return why `network` would call `image` `label`.

        Args:
            network: a compiled network or ensemble.
            image: (32, 32, 3) uint8, RGB.
            label: what the evidence is for; the score is the logit of REAL, or its
                negative for FAKE.
            seed: repeats the map of a method that draws at random.
            settings: those that are not to have their default, by name.
            progress: told the share done, 0 to 1, now and then. What it raises
                stops the work and comes through; nothing is kept.

        Raises:
            SettingError: If a setting is out of its range.
            UnknownNameError: If there is no such setting.
        """
        started = time.perf_counter()
        question = Question(
            network=network,
            image=image,
            label=label,
            seed=seed,
            settings=self.complete(settings or {}),
            progress=progress or _tell_nobody,
        )
        raw = self.method(question)
        planes = raw.plane_maps
        return Explanation(
            heatmap=_scaled(raw.heatmap),
            label=label,
            signed=self.signed,
            method=self.name,
            network=network.name,
            model_sha256=network.sha256,
            seed=seed,
            seconds=time.perf_counter() - started,
            settings={**question.settings, **raw.facts},
            plane_maps=None if planes is None else _scaled(planes),
        )

    def complete(self, settings: Mapping[str, int]) -> dict[str, int]:
        """Return a value for every setting: the one given, or its default.

        Raises:
            SettingError: If a value is not one of those that may be chosen.
            UnknownNameError: If there is no such setting.
        """
        known = {setting.name: setting for setting in self.settings}
        for name, value in settings.items():
            if not known:
                msg = f"{self.title} has no settings. Leave out {name!r}."
                raise UnknownNameError(msg)
            setting = lookup(known, name, kind=f"setting of {self.title}")
            if value not in setting.values:
                msg = (
                    f"Expected {name} of {self.title} from {setting.low} to "
                    f"{setting.high} in steps of {setting.step}. Received {value}."
                )
                raise SettingError(msg)
        return {name: int(settings.get(name, known[name].default)) for name in known}


def _scaled(evidence: Floats) -> Floats:
    """Return `evidence` divided by its largest size, so that it lies in -1 to 1."""
    largest = np.abs(evidence).max()
    return np.asarray(evidence / largest if largest > 0 else evidence, np.float32)


def _tell_nobody(_share: float) -> None:
    """Let the work go on."""
