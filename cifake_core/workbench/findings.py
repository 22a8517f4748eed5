"""Findings on one picture, gathered for its report."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import Label
from cifake_core.explain.records import ChannelValues
from cifake_core.networks import NETWORKS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.provenance.records import FileFacts
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.verdicts.records import Stability, Verdict


class Bench(Protocol):
    """The part of the workbench that findings are gathered from."""

    def names(self) -> tuple[str, ...]:
        """Our own networks that have weights."""

    def judge(self, image: Rgb, *, networks: Sequence[str]) -> Verdict:
        """Verdict on a picture of any size."""

    def stability(self, picture: PreparedPicture, *, network: str) -> Stability:
        """Stability of a network's label under small changes."""

    def channel_values(
        self, picture: PreparedPicture, *, network: str, label: Label, seed: int
    ) -> ChannelValues:
        """Shapley values of the channels."""


def gather_findings(
    bench: Bench,
    image: Rgb,
    *,
    maps: Sequence[MapFinding],
    seed: int,
    file: FileFacts | None = None,
) -> Findings:
    """Return all that a report holds on one picture, besides `maps`.

    The network by which it was decided is asked if its label holds; the channels are
    for the label of the first map.

    Args:
        bench: answers what is not there yet.
        image: (H, W, 3) uint8, RGB.
        maps: at least one, of this picture.
        seed: draws what takes the place of absent channels.
        file: what the picture's file says of itself.
    """
    first = maps[0].explanation
    verdict = bench.judge(image, networks=(first.network,))
    picture = verdict.prepared
    return Findings(
        verdict=verdict,
        maps=tuple(maps),
        channels=_channels(bench, picture, label=first.label, seed=seed),
        stability=bench.stability(picture, network=verdict.decided_by),
        file=file,
    )


def _channels(
    bench: Bench, picture: PreparedPicture, *, label: Label, seed: int
) -> ChannelValues | None:
    """Return the channels' values by our network on the planes, if there is one."""
    for name in bench.names():
        if NETWORKS[name].input_kind == "planes":
            with suppress(ModelUnavailableError):  # a card without channel means
                return bench.channel_values(
                    picture, network=name, label=label, seed=seed
                )
    return None
