"""Comparison of a candidate with the version in use: their scores to checks."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import share_of, sigmoid
from cifake_core.basics.labels import LABELS
from cifake_core.evaluation import generator_scores, scores
from cifake_core.evaluation.comparison import compare
from cifake_core.evaluation.dataset_report import threshold_on
from cifake_core.evaluation.fakes import report_fakes
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.retraining.forgetting import column
from cifake_core.retraining.gate_checks import (
    accuracy_checks,
    auc_check,
    calibration_check,
    photographs_check,
    policy_check,
    recall_check,
    unmeasured,
)
from cifake_core.retraining.gate_measures import Contender, calibration_sample
from cifake_core.retraining.gate_records import GateCheck
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.card import PolicyCard
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR

_FAKE, _REAL = LABELS.index("FAKE"), LABELS.index("REAL")
_Marks = npt.NDArray[np.bool_]


def of_cifake(old: Contender, new: Contender) -> tuple[GateCheck, ...]:
    """Checks on leak-free CIFAKE: of the network, and of an ensemble it is part of."""
    name = new.scorer.name
    checks: tuple[GateCheck, ...] = accuracy_checks(
        compare(new.cifake, old.cifake, leak_free=True)
    )
    for whole in OWN:
        if name in NETWORKS[whole].members:
            both = (scores.read(whole, each.models) for each in (new, old))
            checks += accuracy_checks(compare(*both, leak_free=True), of=whole)
    return checks


def of_forgetting(old: Contender, new: Contender) -> Iterator[GateCheck]:
    """Check on each generator that the version in use learnt.

    The fakes of a data set are told from its own photographs, all others from CIFAKE's.
    """
    yield _auc(
        CIFAKE_GENERATOR,
        *((each.photographs, each.leak_free(_FAKE)) for each in (old, new)),
    )
    if old.generators and new.generators:
        generator_scores.check_same_pictures([old.generators, new.generators])
        for name in old.card.generators:
            yield _auc(
                name,
                (old.photographs, old.generators.test[name]),
                (new.photographs, new.generators.test[name]),
            )
    for name in old.card.datasets:
        if name not in new.sealed:
            continue
        before, now = old.sealed[name], new.sealed[name]
        for title, chosen in _by_generator(name, now):
            yield _auc(
                title,
                *(
                    (each.logits[each.labels == _REAL], each.logits[chosen])
                    for each in (before, now)
                ),
            )


def of_learning(
    old: Contender, new: Contender, taught: Sequence[str]
) -> Iterator[GateCheck]:
    """Checks that more fakes of each taught data set are found, and by generator."""
    for name in taught:
        found = [_flagged(each, each.sealed[name]) for each in (old, new)]
        labels = new.sealed[name].labels
        yield recall_check(name, *(each[labels == _FAKE] for each in found))
        by_generator = list(_by_generator(name, new.sealed[name]))
        for title, chosen in by_generator if len(by_generator) > 1 else []:
            yield recall_check(title, *(each[chosen] for each in found), whole=False)


def of_verdicts(old: Contender, new: Contender) -> Iterator[GateCheck]:
    """Checks on the verdicts: thresholds and domain, and photographs called FAKE."""
    before = _policy(old)
    try:
        now = _policy(new)
        mahalanobis.read(_members(new), new.models)
    except ModelUnavailableError as error:
        yield unmeasured("policy", f"{error} Teach it again: they go with a version.")
        return
    yield policy_check(before.of_set("official"), now.of_set("official"))
    for name, what, rows in (
        ("ordinary", "ordinary", (before.ordinary, now.ordinary)),
        ("strangers", "saved as CIFAKE's are", (before.strangers, now.strangers)),
    ):
        yield photographs_check(
            name,
            *(row.called_fake for row in rows),
            what=f"the verdict on {rows[1].n:,} pictures from elsewhere, {what}, for",
        )


def of_photographs(
    old: Contender,
    new: Contender,
    taught: Sequence[str],
    strangers: npt.NDArray[np.uint8],
) -> Iterator[GateCheck]:
    """Checks on labels of photographs: from elsewhere, and sealed ones of taught sets.

    Verdicts, of which `of_verdicts` asks, abstain from most photographs from elsewhere.
    So their labels are asked, too: who was taught swapped labels calls more of them
    FAKE, which the set's own test part, as it is swapped as well, cannot show.
    """
    found = [each.scorer.logits(strangers) for each in (old, new)]
    yield photographs_check(
        "labels",
        *(share_of(each < 0) for each in found),
        what=f"the label of {len(strangers):,} photographs from elsewhere for",
    )
    for name in taught:
        logits = [
            each.sealed[name].logits[each.sealed[name].labels == _REAL]
            for each in (old, new)
        ]
        yield photographs_check(
            name,
            *(share_of(each < 0) for each in logits),
            what=f"the label of {logits[1].size:,} sealed photographs of {name} for",
        )


def of_calibration(
    old: Contender, new: Contender, held_out: Mapping[str, int]
) -> GateCheck:
    """Check on the calibration error over all that the candidate learnt."""
    before, now = (
        calibration_sample(each, generators=new.card.generators, held_out=held_out)
        for each in (old, new)
    )
    return calibration_check(before.error, now.error, n=now.labels.size)


def _auc(
    name: str, old: tuple[Floats, Floats], new: tuple[Floats, Floats]
) -> GateCheck:
    """Check on a generator, from logits of photographs and of its fakes by each."""
    before, now = (
        report_fakes(real, {name: fake}).generators[name] for real, fake in (old, new)
    )
    return auc_check(name, before.roc_auc, now.roc_auc, n=now.n)


def _by_generator(name: str, found: Scores) -> Iterator[tuple[str, _Marks]]:
    """Title and marks of the fakes of each generator of a data set."""
    made_by, fakes = np.asarray(found.generators), found.labels == _FAKE
    for generator in np.unique(made_by[fakes]).tolist():
        yield column(name, generator), fakes & (made_by == generator)


def _flagged(contender: Contender, found: Scores) -> _Marks:
    """(N,) True for the pictures flagged where few of CIFAKE's photographs are."""
    threshold = threshold_on(contender.cifake)
    return np.asarray(sigmoid(found.logits) < threshold)


def _policy(contender: Contender) -> PolicyCard:
    """Card on verdicts of the networks beside a contender."""
    models = contender.models
    return policy_card.read(store.revisions(models), models)


def _members(contender: Contender) -> dict[str, str]:
    """SHA-256 of each network with weights of its own, by its name."""
    found = store.revisions(contender.models)
    return {name: sha for name, sha in found.items() if not NETWORKS[name].members}
