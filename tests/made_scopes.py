"""Scope as tests need it: cards and lists of generators, with figures made by hand."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from cifake_core.basics.estimates import proportion
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.verdicts import scope
from cifake_core.verdicts.scope import Scope, ScopeCard, UnseenRow
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR

#: Of generators that no network met: fakes, those found at 2 %, those called FAKE.
_UNSEEN: Final = {"dcgan": (64, 10, 8), "edm": (36, 2, 4)}
#: What networks are made to know, each its own, so that one's words are no other's.
LEARNT: Final[Mapping[str, tuple[str, ...]]] = {
    "cnn": (),
    "cnn3d": ("gan_resize", "flow"),
}


def scope_card(model_sha256: Mapping[str, str], *learnt: str) -> ScopeCard:
    """Card that finds 12 of 100 fakes by two generators."""
    found = sum(called for _, _, called in _UNSEEN.values())
    total = sum(n for n, _, _ in _UNSEEN.values())
    return ScopeCard(
        known=(CIFAKE_GENERATOR, *learnt),
        unseen={
            name: UnseenRow(
                n=n,
                recall=proportion(flagged, n),
                roc_auc=proportion(n // 2, n),
                verdicts={"FAKE": called, "REAL": n - called, "UNSURE": 0},
            )
            for name, (n, flagged, called) in _UNSEEN.items()
        },
        n_unseen=total,
        unseen_recall=proportion(found, total),
        model_sha256=model_sha256,
        fakes="generators.zip",
        fakes_digest="f1",
    )


def made_scope(*learnt: str) -> Scope:
    """Scope of a verdict, with that card."""
    return Scope(known=(CIFAKE_GENERATOR, *learnt), card=scope_card({}, *learnt))


def write_scope(models: Path) -> None:
    """Write the card of the networks in `models`."""
    learnt = [n for own in OWN if _there(models, own) for n in _learnt(models, own)]
    scope.write(scope_card(store.revisions(models), *dict.fromkeys(learnt)), models)


def teach(models: Path, learnt: Mapping[str, tuple[str, ...]] = LEARNT) -> None:
    """Write into the cards of networks in `models` what they have learnt."""
    for name, generators in learnt.items():
        card = store.load_card(models / name)
        config = dict(card.config) | {"generators": list(generators)}
        store.write_card(models / name, replace(card, config=config))


def _there(models: Path, name: str) -> bool:
    """Whether a network with weights of its own has its card."""
    return not NETWORKS[name].members and (models / name / store.CARD_FILE).is_file()


def _learnt(models: Path, name: str) -> tuple[str, ...]:
    """Generators that a network's card names."""
    return scope.known_generators(name, models)[1:]
