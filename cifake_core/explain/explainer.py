"""Explainer: a method, its settings, and the way to a record."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb32, unit_range
from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.basics.labels import Label, sign_of
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.basics.registry import lookup
from cifake_core.explain.records import Explanation
from cifake_core.explain.replacements import mean_colour
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.records import PreparedPicture

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
    """Question to a method: which pixels of `picture` speak for `label`?

    `settings` has a value for every setting of the method. `progress` is told the
    share done, 0 to 1, and may raise to stop.
    """

    network: Scorer
    picture: PreparedPicture
    label: Label
    seed: int
    settings: Mapping[str, int]
    progress: ProgressCallback

    @property
    def sign(self) -> int:
        """Sign that makes a logit, which is for REAL, a score of `label`."""
        return sign_of(self.label)

    @property
    def pixels(self) -> Rgb32:
        """(32, 32, 3) uint8 RGB."""
        return self.picture.pixels

    @property
    def flat(self) -> Rgb32:
        """Picture of the mean colour of `pixels`, (32, 32, 3) uint8 RGB."""
        return mean_colour(self.pixels)

    def scores(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the score of `label`, (N,) float32, for (N, 32, 32, 3) pictures."""
        return self.sign * self.network.logits(images)

    def scores_of_parts(self, kept: npt.NDArray[np.bool_], rest: Rgb32) -> Floats:
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
            shown = kept[start : start + BATCH, :, :, np.newaxis]
            scores.append(self.scores(np.where(shown, self.pixels, rest)))
        self.progress(1.0)
        return np.concatenate(scores)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RawMap:
    """Evidence that a method found, in the units of the score, before it is scaled.

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
        picture: PreparedPicture,
        *,
        label: Label,
        seed: int = 0,
        settings: Mapping[str, int] | None = None,
        progress: ProgressCallback = tell_nobody,
    ) -> Explanation:
        """Return the heat map of the evidence for `label` in a picture.

        Args:
            network: a compiled network or ensemble.
            picture: the picture that is explained.
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
            picture=picture,
            label=label,
            seed=seed,
            settings=self.complete(settings or {}),
            progress=progress,
        )
        raw = self.method(question)
        planes = raw.plane_maps
        return Explanation(
            heatmap=unit_range(raw.heatmap),
            label=label,
            signed=self.signed,
            method=self.name,
            network=network.name,
            model_sha256=network.sha256,
            seed=seed,
            seconds=time.perf_counter() - started,
            settings={**question.settings, **raw.facts},
            plane_maps=None if planes is None else unit_range(planes),
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
