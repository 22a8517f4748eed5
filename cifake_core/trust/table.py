"""How far each method is to be trusted for each network: the shipped table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import Estimate
from cifake_core.explain.registry import EXPLAINERS
from cifake_core.networks import store
from cifake_core.trust.curves import ALL_REPLACEMENTS

#: The table in the folder of shipped networks.
TRUST_FILE: Final = "trust.json"
#: A map that is still so like its original, when the network has forgotten all,
#: does not show what the network has learnt.
MAX_CORRELATION: Final = 0.5


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TrustRow:
    """The curves of one network's maps by one method, means over `n` pictures.

    `replacement` is a name of `curves.REPLACEMENTS`, or `ALL_REPLACEMENTS`.
    All but the shares is in units of the logit: the areas under the curves of a map
    and of its random maps, `score` the area between them, `spread` its standard
    deviation over the random maps of a picture. `beaten` is the share of random
    maps that are worse than the map, by chance 0.5, `faithful` the share of pictures
    whose map is called so, see `trust.Trust.word`.
    """

    network: str
    method: str
    replacement: str
    n: int
    deletion_auc: Estimate
    insertion_auc: Estimate
    random_deletion_auc: Estimate
    random_insertion_auc: Estimate
    score: Estimate
    spread: Estimate
    beaten: Estimate
    faithful: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SpliceRow:
    """How one network's maps by one method find `n` patches of all kinds.

    `share` is the part of the positive evidence that lies on the patch, `area` the
    patch's part of the picture; `maximum_inside` says how often the map's maximum
    lies on it. 0 to 1.
    """

    network: str
    method: str
    n: int
    share: Estimate
    area: float
    maximum_inside: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SanityRow:
    """What is left of one network's maps by one method as the network forgets.

    Entry `k` of `correlations` is the rank correlation with the original maps, mean
    over `n` pictures, once all of the first `k + 1` entries of `layers` are drawn
    anew.
    """

    network: str
    method: str
    n: int
    layers: tuple[str, ...]
    correlations: tuple[Estimate, ...]

    @property
    def falls(self) -> bool:
        """Whether the maps show what the network has learnt."""
        return self.correlations[-1].value < MAX_CORRELATION


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TrustTable:
    """What `python -m cifake_core trust` found, and what it takes to find it again.

    `settings` are those of `trials.StudyConfig`; `positions` are the pictures'
    places in the test split, `num_errors` says how many of them every network gets
    wrong. `model_sha256` names the weights of each network.
    """

    SCHEMA: ClassVar[int] = 1

    settings: Mapping[str, int | float]
    model_sha256: Mapping[str, str]
    data_digest: str
    versions: Mapping[str, str]
    seconds: float
    num_errors: int
    positions: tuple[int, ...]
    curves: tuple[TrustRow, ...]
    splices: tuple[SpliceRow, ...]
    sanity: tuple[SanityRow, ...]

    def scores(
        self, network: str, *, replacement: str = ALL_REPLACEMENTS
    ) -> dict[str, TrustRow]:
        """Return each method's row on the curves of a replacement, or of all."""
        return {
            row.method: row
            for row in self.curves
            if (row.network, row.replacement) == (network, replacement)
        }

    def patches(self, network: str) -> dict[str, SpliceRow]:
        """Return each method's row on the patches."""
        return {row.method: row for row in self.splices if row.network == network}

    def forgetting(self, network: str) -> dict[str, SanityRow]:
        """Return each method's row on the network's forgetting."""
        return {row.method: row for row in self.sanity if row.network == network}

    def best_method(self, network: str) -> str:
        """Return the method with the highest score; see `scores`.

        One whose maps hardly change as the network forgets comes after all others.
        """
        scores, forgetting = self.scores(network), self.forgetting(network)
        return max(
            scores, key=lambda name: (forgetting[name].falls, scores[name].score.value)
        )


def best_method(network: str, models: Path) -> str:
    """Return the method to explain `network` by, if nobody asks for another.

    It is the winner of the table of `models`; where that is not to be had, or does
    not have the network, the first method of the menu.
    """
    try:
        table = read(models)
    except ModelUnavailableError:
        return next(iter(EXPLAINERS))
    if network not in table.model_sha256:
        return next(iter(EXPLAINERS))
    return table.best_method(network)


def read(models: Path) -> TrustTable:
    """Table of the networks in `models`.

    Raises:
        ModelUnavailableError: If it is missing, damaged or made with other weights.
    """
    artefact = _artefact(models)
    table = artefact.read(TrustTable)
    in_use = {name: store.revision(name, models) for name in table.model_sha256}
    artefact.check_weights(table.model_sha256, in_use)
    return table


def write(table: TrustTable, folder: Path) -> Path:
    """Write the table to its file in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    return _artefact(folder).write(table)


def _artefact(folder: Path) -> Artefact:
    """The table in `folder`."""
    return Artefact(
        folder / TRUST_FILE,
        what="table on the methods' trust",
        remedy="Make it with `python -m cifake_core trust`.",
    )
