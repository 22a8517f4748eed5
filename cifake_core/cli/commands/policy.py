"""`policy`: choose where doubt begins, and measure how the verdicts fare."""

from argparse import Namespace
from dataclasses import asdict
from itertools import chain
from typing import Final

from cifake_core.basics.estimates import Estimate
from cifake_core.cli.terminal.data_set import home_of, read_both
from cifake_core.cli.terminal.output import (
    duration,
    import_tensorflow,
    print_json,
    share_line,
)
from cifake_core.data import cifake
from cifake_core.networks import OWN, store
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.card import PolicyCard
from cifake_core.verdicts.rule import AbstainThresholds
from cifake_core.verdicts.threshold_study import PolicyConfig, study

_TITLES: Final = {
    "validation": "held out of training",
    "official": "official test set",
    "leak_free": "leak-free test set",
}


def run(options: Namespace) -> int:
    """Choose thresholds on validation, try them on all else, and write the card."""
    for name in OWN:
        store.revision(name, store.MODELS)
    train, test = read_both(cifake.find(options.data))
    import_tensorflow()
    with share_line("Trying the verdicts") as progress:
        card, known = study(
            store.MODELS, train, test, config=PolicyConfig(), progress=progress
        )
    home = home_of("policy", data_digest=card.data_digest)
    mahalanobis.write(known, home)
    path = policy_card.write(card, home)
    if options.json:
        print_json({"path": str(path), **_record(card)})
    else:
        print(f"{_in_words(card)}\n{path}")
    return 0


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
                **_share("coverage", row.coverage),
                **_share("accuracy", row.accuracy),
            }
            for row in card.sets
        },
        "forms": {
            row.form: {"n": row.n, **_share("kept", row.kept)} for row in card.forms
        },
        "ordinary": {"n": ordinary.n, **_share("judged", ordinary.judged)},
        "out_of_distribution": [
            {
                "kind": row.kind,
                "tuned": row.tuned,
                "marked": row.marked,
                "n": row.n,
                **_share("judged", row.judged),
            }
            for row in card.out_of_distribution
        ],
        **_share("clear_kept", card.clear_kept),
        "seconds": card.seconds,
    }


def _share(name: str, estimate: Estimate) -> dict[str, object]:
    """Return the JSON keys of a share with its interval."""
    return {name: estimate.value, f"{name}_ci95": [estimate.low, estimate.high]}


def _in_words(card: PolicyCard) -> str:
    """Return the card as lines for a person."""
    parts = (
        (_rule_in_words(card.thresholds),),
        (
            f"{_TITLES[row.name]}: {row.n:,} pictures, {_words(row.coverage)} get a "
            f"verdict, {_words(row.accuracy)} of these are right"
            for row in card.sets
        ),
        (
            f"{row.form}: {_words(row.kept)} of {row.n:,} keep their verdict"
            for row in card.forms
        ),
        (
            (
                f"After small changes, {_words(card.clear_kept)} of "
                f"{card.settings['num_clear']:.0f} clear verdicts would stand"
            ),
            "",
            "From outside, judged all the same (* looked at before):",
        ),
        (
            f"{row.kind}{'*' * row.tuned}: {_words(row.judged)} of {row.n:,}"
            for row in (*card.out_of_distribution, card.ordinary)
        ),
        ("", duration(card.seconds)),
    )
    return "\n".join(chain.from_iterable(parts))


def _rule_in_words(thresholds: AbstainThresholds) -> str:
    """Return where doubt begins."""
    return (
        f"UNSURE: further than {thresholds.max_grid_distance:.3f} from the grid of "
        f"CIFAKE's compression; {thresholds.max_feature_distance:.3f} from what the "
        f"networks saw in training; less than {thresholds.min_confidence:.0%} sure; or "
        f"less than {thresholds.clear_confidence:.0%} sure and either not agreed on or "
        f"left as it is by fewer than {thresholds.min_kept} small changes"
    )


def _words(estimate: Estimate) -> str:
    """Return a share in percent with its interval."""
    value, low, high = (
        100 * share for share in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value:.2f}% ({low:.2f} to {high:.2f})"
