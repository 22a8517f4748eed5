"""The address of *Robustness*: pictures, network, corruption and lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.selection import Selection
from cifake_core.pictures.corruptions import CORRUPTIONS, Corruption
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.services.bench import bench

PAGE: Final = "robustness"
#: What is looked at before anyone clicks a point.
_FIRST: Final = "jpeg_50"
_BETWEEN: Final = " "
#: What the address called the corruption in links of before.
_FORMERLY: Final = "damage"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What the page shows: pictures that flip for one network, lines for several.

    `selection` says which network and pictures, `corruption` what was done to them;
    `networks` have lines in the charts. `faults` are sentences on the address.
    """

    selection: Selection
    corruption: Corruption
    networks: tuple[str, ...]
    faults: tuple[str, ...]


def current() -> View:
    """View that the address opens."""
    selection, faults = views.current(PAGE)
    parameters = views.query(PAGE)
    name = parameters.get("corruption", parameters.get(_FORMERLY, _FIRST))
    known = bench().all_names()
    lines = parameters.get("lines")
    asked = _first_lines(selection) if lines is None else lines.split()
    sentences = list(faults)
    if name not in CORRUPTIONS:
        sentences.append(fault("corruption", name, expected=_one_of(CORRUPTIONS)))
    sentences += [
        fault("lines", each, expected=_one_of(known))
        for each in asked
        if each not in known
    ]
    return View(
        selection=replace(selection, threshold=EVEN),
        corruption=CORRUPTIONS.get(name, CORRUPTIONS[_FIRST]),
        networks=tuple(each for each in known if each in asked),
        faults=tuple(sentences),
    )


def _first_lines(selection: Selection) -> Sequence[str]:
    """Networks in the charts before anyone chooses: our own.

    Of CIFAKE those whose figures are stored; if there is none, all, which then say
    what is missing.
    """
    own = bench().names()
    if not selection.of_cifake:
        return own
    return [name for name in own if _has_figures(name, selection)] or own


def _has_figures(network: str, selection: Selection) -> bool:
    """Whether a network's scores on corrupted pictures are stored."""
    chosen = bench().on(selection.pictures)
    try:
        chosen.robustness.report(network, leak_free=selection.leak_free)
    except CifakeError:
        return False
    return True


def _one_of(choices: Iterable[str]) -> str:
    """Words for what is expected: one of several names."""
    return f"one of: {', '.join(choices)}"


def put_lines(networks: Iterable[str]) -> None:
    """Put the networks in the charts into the address."""
    views.put(PAGE, lines=_BETWEEN.join(networks))


def put_point(mark: str) -> None:
    """Put the point of a chart into the address: a network and a corruption."""
    network, corruption = mark.split(_BETWEEN)
    views.change(PAGE, network=network)
    put_corruption(corruption)


def put_corruption(name: str) -> None:
    """Put a corruption into the address."""
    views.put(PAGE, corruption=name, **{_FORMERLY: None})
