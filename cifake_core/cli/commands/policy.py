"""`policy`: choose when verdicts abstain, and measure how they fare."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.basics.labels import DECISIONS
from cifake_core.cli.terminal.data_set import findings_folder, read_both
from cifake_core.cli.terminal.output import (
    duration,
    percent,
    print_json,
    print_table,
)
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.data.out_of_distribution import out_of_distribution_sets
from cifake_core.evaluation.metrics import with_ci95
from cifake_core.networks import OWN, store
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.card import GuardCurve, OutOfDistributionRow, PolicyCard
from cifake_core.verdicts.generator_fakes import held_out
from cifake_core.verdicts.rule import EXPERT, AbstainThresholds
from cifake_core.verdicts.threshold_choice import PolicyConfig
from cifake_core.verdicts.threshold_study import FakeSets, OutsideSets, study

_CONFIG: Final = PolicyConfig()
#: Of the limits tried every so manieth is printed.
_THINNED: Final = 4
_TITLES: Final = {
    "validation": "held out of training",
    "official": "official test set",
    "leak_free": "leak-free test set",
}


def run(  # noqa: PLR0913 - the options of a command, and what tests hand in
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[PolicyConfig, Parameter(parse=False)] = _CONFIG,
    outside: Annotated[OutsideSets, Parameter(parse=False)] = out_of_distribution_sets,
    fakes: Annotated[FakeSets | None, Parameter(parse=False)] = None,
) -> None:
    """Choose when verdicts abstain, and measure them; takes minutes.

    Args:
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the networks.
        config: how much is asked, and tried.
        outside: draws the out-of-distribution pictures.
        fakes: gives the generators' pictures; by default those that were drawn when
            the networks were asked about them.
    """
    for name in OWN:
        store.revision(name, context.models)
    path = cifake.find(data)
    train, test = read_both(path)
    with progress_bar("Trying the verdicts") as progress:
        card, known = study(
            context.pool,
            train,
            test,
            fakes=fakes or partial(held_out, models=context.models, data=path),
            config=config,
            progress=progress,
            outside=outside,
        )
    folder = findings_folder("policy", context.models, data_digest=card.data_digest)
    mahalanobis.write(known, folder)
    path = policy_card.write(card, folder)
    if json:
        print_json({"path": str(path), **_record(card)})
    else:
        _show(card)
        print(path)


def _record(card: PolicyCard) -> dict[str, object]:
    """Return the thresholds and all shares, for a program."""
    return {
        "thresholds": asdict(card.thresholds),
        "model_sha256": card.model_sha256,
        "sets": {
            row.name: {
                "n": row.n,
                "num_changed": row.num_changed,
                **with_ci95("coverage", row.coverage),
                **with_ci95("accuracy", row.accuracy),
            }
            for row in card.sets
        },
        "forms": {
            row.form: {"n": row.n, **with_ci95("kept", row.kept)} for row in card.forms
        },
        "ordinary": _shares(card.ordinary),
        "strangers": _shares(card.strangers),
        "out_of_distribution": [
            {
                "kind": row.kind,
                "tuned": row.tuned,
                "marked": row.marked,
                **_shares(row),
            }
            for row in card.out_of_distribution
        ],
        "generators": [
            {
                "generator": row.generator,
                "part": row.part,
                "n": row.n,
                "verdicts": row.verdicts,
                **with_ci95("labelled_fake", row.labelled_fake),
                **with_ci95("expert_fake", row.expert_fake),
            }
            for row in card.generators
        ],
        "guard": asdict(card.guard),
        **with_ci95("clear_kept", card.clear_kept),
        "seconds": card.seconds,
    }


def _shares(row: OutOfDistributionRow) -> dict[str, object]:
    """Return the number of pictures and what is said of them."""
    return {
        "n": row.n,
        **with_ci95("judged", row.judged),
        **with_ci95("called_fake", row.called_fake),
        **with_ci95("labelled_fake", row.labelled_fake),
        **with_ci95("expert_fake", row.expert_fake),
    }


def _show(card: PolicyCard) -> None:
    """Print the card as tables for a person."""
    print(f"{_rule_in_words(card.thresholds)}\n")
    print_table(
        ("pictures", "number", "get a verdict", "of these right"),
        [
            (
                _TITLES[row.name],
                f"{row.n:,}",
                percent(row.coverage),
                percent(row.accuracy),
            )
            for row in card.sets
        ],
    )
    print()
    print_table(
        ("saved anew", "number", "keep their verdict"),
        [(row.form, f"{row.n:,}", percent(row.kept)) for row in card.forms],
    )
    print(
        f"\nAfter small changes, {percent(card.clear_kept)} of "
        f"{card.settings['num_clear']:.0f} clear verdicts would stand\n"
    )
    print_table(
        (
            "out of distribution",
            "number",
            "judged all the same",
            "called FAKE",
            "FAKE to the ensemble",
            "to the expert",
            "looked at before",
        ),
        [
            (
                row.kind,
                f"{row.n:,}",
                percent(row.judged),
                percent(row.called_fake),
                percent(row.labelled_fake),
                percent(row.expert_fake),
                "yes" if row.tuned else "no",
            )
            for row in (*card.out_of_distribution, card.ordinary, card.strangers)
        ],
    )
    _show_generators(card)
    _show_guard(card.guard)
    print(f"\n{duration(card.seconds)}")


def _show_generators(card: PolicyCard) -> None:
    """Print the verdicts on the generators' fakes, if there are any."""
    if not card.generators:
        print("\nNo fakes of generators: first `evaluate NETWORK --generators --save`")
        return
    print()
    print_table(
        ("fakes by", "part", "number", *DECISIONS, "FAKE to the ensemble", "expert"),
        [
            (
                row.generator,
                row.part,
                f"{row.n:,}",
                *(f"{row.verdicts[decision]:,}" for decision in DECISIONS),
                percent(row.labelled_fake),
                percent(row.expert_fake),
            )
            for row in card.generators
        ],
    )


def _show_guard(guard: GuardCurve) -> None:
    """Print what other limits on the feature distance would come to."""
    columns = (guard.accepted, guard.coverage, guard.strangers)
    further = (guard.strangers_fake, guard.fakes_real)
    print("\nOther limits on the feature distance, on validation and tuned strangers:")
    print_table(
        (
            "validation within",
            "get a verdict",
            f"so do of {guard.n_strangers:,} strangers",
            "called FAKE",
            f"of {guard.n_fakes:,} generators' fakes called REAL",
            "",
        ),
        [
            (
                *(f"{share:.2%}" for share in shares),
                "chosen" if place == guard.chosen else "",
            )
            for place, shares in enumerate(zip(*columns, *further, strict=True))
            if place == guard.chosen or place % _THINNED == 0
        ],
    )


def _rule_in_words(thresholds: AbstainThresholds) -> str:
    """Return the thresholds of abstaining."""
    return (
        f"UNSURE: further than {thresholds.max_grid_distance:.3f} from the grid of "
        f"CIFAKE's compression; {thresholds.max_feature_distance:.3f} from what the "
        f"networks saw in training; less than {thresholds.min_confidence:.0%} sure; or "
        f"less than {thresholds.clear_confidence:.0%} sure and either not agreed on or "
        f"left as it is by fewer than {thresholds.min_kept} small changes\n"
        f"The expert ({EXPERT}): above {thresholds.expert_fake:.1%} FAKE by it the "
        "verdict is FAKE, whatever the others say; above "
        f"{thresholds.expert_doubt:.1%} their REAL is UNSURE, and below "
        f"{thresholds.expert_veto:.1%} their FAKE is"
    )
