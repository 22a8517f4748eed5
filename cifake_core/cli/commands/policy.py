"""`policy`: choose when verdicts abstain, and measure how they fare."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

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
from cifake_core.verdicts.card import PolicyCard
from cifake_core.verdicts.rule import AbstainThresholds
from cifake_core.verdicts.threshold_study import OutsideSets, PolicyConfig, study

_CONFIG: Final = PolicyConfig()
_TITLES: Final = {
    "validation": "held out of training",
    "official": "official test set",
    "leak_free": "leak-free test set",
}


def run(
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[PolicyConfig, Parameter(parse=False)] = _CONFIG,
    outside: Annotated[OutsideSets, Parameter(parse=False)] = out_of_distribution_sets,
) -> None:
    """Choose when verdicts abstain, and measure them; takes minutes.

    Args:
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the networks.
        config: how much is asked, and tried.
        outside: draws the out-of-distribution pictures.
    """
    for name in OWN:
        store.revision(name, context.models)
    train, test = read_both(cifake.find(data))
    with progress_bar("Trying the verdicts") as progress:
        card, known = study(
            context.pool,
            train,
            test,
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
    ordinary = card.ordinary
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
        "ordinary": {"n": ordinary.n, **with_ci95("judged", ordinary.judged)},
        "out_of_distribution": [
            {
                "kind": row.kind,
                "tuned": row.tuned,
                "marked": row.marked,
                "n": row.n,
                **with_ci95("judged", row.judged),
            }
            for row in card.out_of_distribution
        ],
        **with_ci95("clear_kept", card.clear_kept),
        "seconds": card.seconds,
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
        ("out of distribution", "number", "judged all the same", "looked at before"),
        [
            (row.kind, f"{row.n:,}", percent(row.judged), "yes" if row.tuned else "no")
            for row in (*card.out_of_distribution, card.ordinary)
        ],
    )
    print(f"\n{duration(card.seconds)}")


def _rule_in_words(thresholds: AbstainThresholds) -> str:
    """Return the thresholds of abstaining."""
    return (
        f"UNSURE: further than {thresholds.max_grid_distance:.3f} from the grid of "
        f"CIFAKE's compression; {thresholds.max_feature_distance:.3f} from what the "
        f"networks saw in training; less than {thresholds.min_confidence:.0%} sure; or "
        f"less than {thresholds.clear_confidence:.0%} sure and either not agreed on or "
        f"left as it is by fewer than {thresholds.min_kept} small changes"
    )
