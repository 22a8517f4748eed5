"""What the verdicts rest on, and how they fare: the policy's shipped card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import DECISIONS
from cifake_core.evaluation.generator_scores import HeldOut
from cifake_core.verdicts.rule import AbstainThresholds

SetName: TypeAlias = Literal["validation", "official", "leak_free"]

#: The card in the folder of shipped networks.
POLICY_FILE: Final = "policy.json"

_LETTERS: Final = "".join(decision[0] for decision in DECISIONS)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SetRow:
    """How the verdicts fare on the `n` pictures of one set.

    `coverage` is the share that gets a verdict, `accuracy` the share of those
    verdicts that are right. `abstain_reasons` counts the pictures to which each of
    `rule.ABSTAIN_REASONS` applies; several can apply to one. `num_changed` is the
    number of pictures whose stability was measured, as the verdict depended on it.
    """

    name: SetName
    n: int
    coverage: Estimate
    accuracy: Estimate
    abstain_reasons: Mapping[str, int]
    num_changed: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FormRow:
    """How many of `n` test pictures that have a verdict keep it in another form."""

    form: str
    n: int
    kept: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class OutOfDistributionRow:
    """How many of `n` pictures from outside CIFAKE get a verdict all the same.

    `tuned` and `marked` are as in `out_of_distribution.OutOfDistributionSet`. `judged`
    is the share that gets a verdict, `called_fake` the share whose verdict is FAKE, and
    `labelled_fake` that whose label is by the ensemble and `expert_fake` by the expert:
    what would be said if nobody abstained.
    """

    kind: str
    tuned: bool
    marked: bool
    n: int
    judged: Estimate
    called_fake: Estimate
    labelled_fake: Estimate
    expert_fake: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GeneratorRow:
    """Verdicts on `n` fakes by one generator, of the validation or the test part.

    `verdicts` counts them by the name of the decision; `labelled_fake` is the share
    whose label is FAKE by the ensemble, `expert_fake` by the expert.
    """

    generator: str
    part: HeldOut
    n: int
    verdicts: Mapping[str, int]
    labelled_fake: Estimate
    expert_fake: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GuardCurve:
    """What tighter and looser limits on the feature distance come to; one is chosen.

    Each of the tuples has a place for each limit tried: `accepted` is the share of
    validation that lies within it, `coverage` the share that gets a verdict,
    `strangers` the share of `n_strangers` tuned pictures with CIFAKE's marks from
    elsewhere that gets one, `strangers_fake` that which is called FAKE, and
    `fakes_real` the share of `n_fakes` validation fakes of the generators that is
    called REAL. `chosen` is the place of the limit in use.
    """

    accepted: tuple[float, ...]
    coverage: tuple[float, ...]
    strangers: tuple[float, ...]
    strangers_fake: tuple[float, ...]
    fakes_real: tuple[float, ...]
    n_strangers: int
    n_fakes: int
    chosen: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RiskCurve:
    """How often verdicts are right if only the surest are given, on the official set.

    `coverage` and `accuracy` are alike in length, coverage rising to 1.
    """

    coverage: tuple[float, ...]
    accuracy: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PolicyCard:
    """What `python -m cifake_core policy` found, and what it takes to find it again.

    `settings` are those of `threshold_choice.PolicyConfig`; `model_sha256` names the
    weights of our own networks. `clear_kept` is the share of `settings["num_clear"]`
    clear test pictures which the small changes, had they been asked for, would have
    left their verdict. `generators` is empty where the networks were not asked about
    generators; those of the test part were looked at after all was chosen, and so was
    all that is not `tuned`. `test_decisions` has a letter, F, R or U, for each test
    picture in the order of the scores.
    """

    SCHEMA: ClassVar[int] = 1

    thresholds: AbstainThresholds
    settings: Mapping[str, int | float]
    model_sha256: Mapping[str, str]
    data_digest: str
    versions: Mapping[str, str]
    seconds: float
    sets: tuple[SetRow, ...]
    forms: tuple[FormRow, ...]
    out_of_distribution: tuple[OutOfDistributionRow, ...]
    generators: tuple[GeneratorRow, ...]
    guard: GuardCurve
    clear_kept: Estimate
    curve: RiskCurve
    test_decisions: str

    def of_set(self, name: SetName) -> SetRow:
        """Row of one set: coverage and accuracy of the verdicts there."""
        return next(row for row in self.sets if row.name == name)

    @property
    def ordinary(self) -> OutOfDistributionRow:
        """All pictures that nobody looked at before and that bear no mark, as one."""
        return self._together("All ordinary pictures together", marked=False)

    @property
    def strangers(self) -> OutOfDistributionRow:
        """All pictures that nobody looked at before and that bear the mark, as one."""
        return self._together("All of these saved as CIFAKE's are", marked=True)

    def _together(self, kind: str, *, marked: bool) -> OutOfDistributionRow:
        """Pictures that nobody looked at before, with or without the mark, as one."""
        rows = [
            row
            for row in self.out_of_distribution
            if not row.tuned and row.marked == marked
        ]
        n = sum(row.n for row in rows)

        def share(of: Callable[[OutOfDistributionRow], Estimate]) -> Estimate:
            return proportion(sum(round(row.n * of(row).value) for row in rows), n)

        return OutOfDistributionRow(
            kind=kind,
            tuned=False,
            marked=marked,
            n=n,
            judged=share(lambda row: row.judged),
            called_fake=share(lambda row: row.called_fake),
            labelled_fake=share(lambda row: row.labelled_fake),
            expert_fake=share(lambda row: row.expert_fake),
        )

    def numbers(self) -> npt.NDArray[np.int64]:
        """Return the number in `results.DECISIONS` of each test picture's decision."""
        return np.array([_LETTERS.index(letter) for letter in self.test_decisions])


def letters(decisions: npt.NDArray[np.integer]) -> str:
    """Return the letter of each decision, as for `PolicyCard.test_decisions`."""
    return "".join(_LETTERS[number] for number in decisions)


def read(model_sha256: Mapping[str, str], models: Path) -> PolicyCard:
    """Card of the networks in `models`.

    Args:
        model_sha256: the hash of each of our own networks that is in use.
        models: the folder of networks.

    Raises:
        ModelUnavailableError: If the card is missing, damaged or made with other
            weights.
    """
    artefact = _artefact(models)
    card = artefact.read(PolicyCard)
    artefact.check_weights(card.model_sha256, model_sha256)
    return card


def write(card: PolicyCard, folder: Path) -> Path:
    """Write the card to its file in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    return _artefact(folder).write(card)


def _artefact(folder: Path) -> Artefact:
    """The card in `folder`."""
    return Artefact(
        folder / POLICY_FILE,
        what="card on verdicts",
        remedy="Make it with `python -m cifake_core policy`.",
    )
