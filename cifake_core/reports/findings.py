"""Findings on one picture: all that sentences and reports speak of."""

from dataclasses import dataclass

from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.provenance.records import FileFacts
from cifake_core.trust.measure import Trust
from cifake_core.verdicts.records import Stability, Verdict


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MapFinding:
    """A map, and how far it is to be trusted, if that was measured."""

    explanation: Explanation
    trust: Trust | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Findings:
    """What was measured of the picture of `verdict`.

    Sentences speak of the first of `maps`. What was not measured is None, or not
    among `maps`, and nothing is said of it. `file` is what its file says, if it came
    as one.
    """

    verdict: Verdict
    maps: tuple[MapFinding, ...] = ()
    channels: ChannelValues | None = None
    stability: Stability | None = None
    file: FileFacts | None = None
