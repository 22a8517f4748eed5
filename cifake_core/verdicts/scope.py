"""Scope of the verdicts: which generators they know, and how blind they are to others.

A network finds what the generators it learnt from leave behind. Of a picture by
another one it may well say REAL, so a verdict of REAL is no more than "no trace of the
generators it knows", and the card here says how much that is worth, measured. The
sentences that go with every verdict are made here, too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import Decision
from cifake_core.basics.text import PERCENT, in_words
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import NETWORKS, store
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR, knows

#: The card in the folder of shipped networks.
SCOPE_FILE: Final = "scope.json"
_MEASURING: Final = "python -m cifake_core evaluate cnn_multi --fakes FOLDER --save"

#: What a page, a file and a terminal say where a decision is given. REAL stays the
#: name of the label: of a picture as a whole nobody can say more than this.
HEADLINES: Final[Mapping[Decision, str]] = {
    "REAL": "No trace of the generators it knows",
    "FAKE": "FAKE: made like the fakes of the generators it knows",
    "UNSURE": "UNSURE: the networks can't be relied on here",
}
#: The same below a small picture.
SHORT_HEADLINES: Final[Mapping[Decision, str]] = {
    "REAL": "No trace of known generators",
    "FAKE": "FAKE, like known fakes",
    "UNSURE": "UNSURE",
}
#: Shares below have a decimal.
_SMALL: Final = 0.1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class UnseenRow:
    """What is found of `n` fakes by one generator that no network learnt from.

    `recall` is the share of them that is flagged where 2 % of CIFAKE's REAL test
    pictures are, `roc_auc` the area under the curve against those; `verdicts` counts
    the decisions by name.
    """

    n: int
    recall: Estimate
    roc_auc: Estimate
    verdicts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ScopeCard:
    """What `evaluate cnn_multi --fakes FOLDER --save` found of unseen generators.

    `known` names the generators whose fakes the networks learnt from, the one of
    CIFAKE first; `unseen` has a row for each generator they did not, by its name.
    `unseen_recall` is the share of all `n_unseen` fakes by these that get the verdict
    FAKE, with its 95 % interval. `model_sha256` names the weights of our own networks,
    `fakes` and `fakes_digest` the pictures: their folder's name and the SHA-256 over
    their sorted names and hashes.
    """

    SCHEMA: ClassVar[int] = 1

    known: tuple[str, ...]
    unseen: Mapping[str, UnseenRow]
    n_unseen: int
    unseen_recall: Estimate
    model_sha256: Mapping[str, str]
    fakes: str
    fakes_digest: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scope:
    """What a verdict rests on: the generators it knows, and what it finds of others.

    `known` names the generators that one of our networks learnt from, CIFAKE's first,
    also those of data sets of one's own. `card` is None where nothing was measured of
    others with the weights in use.
    """

    known: tuple[str, ...]
    card: ScopeCard | None = None

    @property
    def sentences(self) -> tuple[str, str]:
        """The sentences that go with a verdict: what it knows, and how blind it is."""
        return f"It {knows(self.known, whole=True)}.", self._unseen()

    def _unseen(self) -> str:
        """Sentence on the fakes of generators that no network learnt from."""
        card = self.card
        if card is None:
            return (
                "How many fakes of other generators it finds is not known: "
                f"`{_MEASURING}` measures it."
            )
        num = len(card.unseen)
        return (
            f"Of {card.n_unseen:,} fakes by {in_words(num)} "
            f"generator{'s' * (num != 1)} it never met, it finds "
            f"{_share(card.unseen_recall)}."
        )


def known_generators(network: str, models: Path) -> tuple[str, ...]:
    """Generators from whose fakes a network, or a member of it, has learnt.

    CIFAKE's comes first, those of data sets of one's own last. A generator of such a
    set that is called as one of ours is told from it by the name of the set.

    Raises:
        ModelUnavailableError: If a card is missing or not readable.
    """
    members = NETWORKS[network].members or (network,)
    cards = [store.load_card(models / member) for member in members]
    ours = [name for card in cards for name in card.generators]
    taught = [
        f"{name} ({dataset})" if name in {*GENERATORS, CIFAKE_GENERATOR} else name
        for card in cards
        for dataset, names in card.datasets.items()
        for name in names
    ]
    return tuple(dict.fromkeys((CIFAKE_GENERATOR, *ours, *taught)))


def known_to_any(networks: Iterable[str], models: Path) -> tuple[str, ...]:
    """Generators from whose fakes at least one of the networks has learnt.

    Raises:
        ModelUnavailableError: If a card is missing or not readable.
    """
    learnt = [each for name in networks for each in known_generators(name, models)]
    return tuple(dict.fromkeys(learnt))


def scope_of(model_sha256: Mapping[str, str], models: Path) -> Scope:
    """Scope of the verdicts by these networks of our own.

    A card that is missing, damaged or made with other weights measures nothing.

    Args:
        model_sha256: the hash of each network that the verdict rests on.
        models: the folder of networks.

    Raises:
        ModelUnavailableError: If a network's card is missing or not readable.
    """
    try:
        card = read(model_sha256, models)
    except ModelUnavailableError:
        card = None
    measured = card if card is not None and card.n_unseen else None
    return Scope(known=known_to_any(model_sha256, models), card=measured)


def scope_to_json(scope: Scope) -> dict[str, Any]:  # of JSON values
    """The key `scope` for a program; nothing where nothing was measured."""
    card = scope.card
    if card is None:
        return {}
    recall = card.unseen_recall
    found = {
        "known": list(scope.known),
        "unseen_recall": recall.value,
        "unseen_recall_ci95": [recall.low, recall.high],
        "n_unseen": card.n_unseen,
    }
    return {"scope": found}


def read(model_sha256: Mapping[str, str], models: Path) -> ScopeCard:
    """Card of the networks in `models`.

    Args:
        model_sha256: the hash of each of our own networks that is in use.
        models: the folder of networks.

    Raises:
        ModelUnavailableError: If the card is missing, damaged or made with other
            weights.
    """
    artefact = _artefact(models)
    card = artefact.read(ScopeCard)
    artefact.check_weights(card.model_sha256, model_sha256)
    return card


def write(card: ScopeCard, folder: Path) -> Path:
    """Write the card to its file in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    return _artefact(folder).write(card)


def _artefact(folder: Path) -> Artefact:
    """The card in `folder`."""
    return Artefact(
        folder / SCOPE_FILE,
        what="card on the scope of verdicts",
        remedy=f"Make it with `{_MEASURING}`.",
    )


def _share(estimate: Estimate) -> str:
    """Share in percent with its interval; small ones with a decimal."""
    digits = 0 if estimate.value >= _SMALL else 1
    value, low, high = (
        f"{100 * share:.{digits}f}"
        for share in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value}{PERCENT} (95{PERCENT} interval {low} to {high}{PERCENT})"
