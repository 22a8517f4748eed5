"""Fakes of a folder by generator, against photographs; and the scope of verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import ModelUnavailableError, SettingError
from cifake_core.cli.context import Context
from cifake_core.cli.evaluating.target import Measured, Target, in_short
from cifake_core.cli.terminal.output import percent, print_table, tell
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data.picture_folders import Fakes, read_fakes, read_photographs
from cifake_core.evaluation.fakes import (
    FLAGGED,
    FakesReport,
    GeneratorReport,
    ask,
    fakes_to_json,
    generator_to_json,
    report_fakes,
)
from cifake_core.evaluation.metrics import with_ci95
from cifake_core.networks import store
from cifake_core.networks.protocols import Scorer
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import scope
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.rule import EXPERT
from cifake_core.verdicts.scope_study import (
    Counts,
    check_unseen,
    count_verdicts,
    found_fake,
    num_judged,
    scope_card,
)

_FORM: Final = (
    "Fakes and photographs alike have the form of CIFAKE's files: 32x32 pixels, JPEG "
    "of quality 75."
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Found:
    """What a network and the verdicts make of fakes; `against` says what else."""

    report: FakesReport
    against: str
    verdicts: Mapping[str, Counts] | None


def measure(target: Target, path: Path, reals: Path | None, *, save: bool) -> Measured:
    """Figures on the fakes in `path`; the scope card is written if it is to be."""
    if save:
        _check_may_save(target, reals)
    with progress_bar("Reading the fakes") as progress:
        fakes = read_fakes(path, progress)
    if save:
        _check_fakes(fakes, target.context)
    bad = _told(path, fakes.unreadable)
    network = target.load()
    real, more = _photographs(target, network, reals)
    with progress_bar("Scoring the fakes") as progress:
        logits = ask(network, fakes.images, progress)
    found = _Found(
        report=report_fakes(real, logits),
        against=f"{len(real):,} photographs of {reals or 'the test set'}",
        verdicts=_judged(target.context, fakes, needed=save),
    )
    if save:
        _save(found, fakes, target.context)
    return Measured(
        network=network,
        figures=_figures(found, fakes),
        pictures=_in_words(found),
        show=lambda: _show(found),
        num_bad=bad + more,
    )


def _check_may_save(target: Target, reals: Path | None) -> None:
    """Raise `SettingError` unless the figures can stand on the scope card."""
    if target.name != EXPERT:
        msg = (
            f"Of our own networks {EXPERT} knows most generators, so the card on the "
            f"scope of verdicts has its figures. Name {EXPERT} instead of "
            f"{target.name}, or leave out --save."
        )
        raise SettingError(msg)
    if reals is not None:
        msg = (
            "The card on the scope of verdicts is against the photographs of the "
            "official test set. Leave out --reals or --save."
        )
        raise SettingError(msg)


def _check_fakes(fakes: Fakes, context: Context) -> None:
    """Raise `CifakeError` unless all fakes are there, and by generators never met."""
    check_unseen(fakes.images, scope.known_to_any(context.pool.names(), context.models))
    if fakes.unreadable:
        first, why = next(iter(fakes.unreadable.items()))
        msg = (
            f"{len(fakes.unreadable)} of the fakes cannot be read, such as {first}: "
            f"{why} A card is on all of them; mend the folder or leave out --save."
        )
        raise SettingError(msg)


def _photographs(
    target: Target, network: Scorer, reals: Path | None
) -> tuple[Floats, int]:
    """Logits of photographs, and how many of their files cannot be read."""
    if reals is None:
        return target.photographs(store.SCORES_FILE), 0
    with progress_bar("Reading the photographs") as progress:
        found = read_photographs(reals, progress)
    with progress_bar("Scoring the photographs") as progress:
        logits = ask(network, {"REAL": found.images}, progress)["REAL"]
    return logits, _told(reals, found.unreadable)


def _told(place: Path, unreadable: Mapping[str, str]) -> int:
    """Number of files that cannot be read, each of which is told."""
    for member, why in unreadable.items():
        tell(f"{place / member}: {why}")
    return len(unreadable)


def _judged(
    context: Context, fakes: Fakes, *, needed: bool
) -> Mapping[str, Counts] | None:
    """Verdicts on the fakes; None, which is told, if they would all be UNSURE.

    Raises:
        ModelUnavailableError: If they are `needed` and there is no card on verdicts
            for our own networks.
    """
    try:
        policy_card.read(store.revisions(context.models), context.models)
    except ModelUnavailableError as error:
        if needed:
            raise
        tell(f"There are no verdicts to count. {error}")
        return None
    with progress_bar("Judging the fakes") as progress:
        return count_verdicts(Judge(context.pool), fakes.images, progress)


def _save(found: _Found, fakes: Fakes, context: Context) -> None:
    """Write the card on the scope of verdicts."""
    if found.verdicts is not None:
        card = scope_card(
            found.report,
            found.verdicts,
            known=scope.known_to_any(context.pool.names(), context.models),
            model_sha256=store.revisions(context.models),
            fakes=fakes.name,
            fakes_digest=fakes.digest,
        )
        tell(f"Written to {scope.write(card, context.models)}.")


def _figures(found: _Found, fakes: Fakes) -> dict[str, object]:
    """All figures for a program."""
    verdicts = found.verdicts
    generators = {
        name: generator_to_json(row)
        | ({"verdicts": verdicts[name]} if verdicts else {})
        for name, row in found.report.generators.items()
    }
    return {
        **fakes_to_json(found.report),
        "generators": generators,
        **(with_ci95("verdict_fake", found_fake(verdicts)) if verdicts else {}),
        "fakes": fakes.name,
        "fakes_digest": fakes.digest,
    }


def _in_words(found: _Found) -> str:
    """Words for what the figures are on."""
    rows = found.report.generators.values()
    by = f"{len(rows)} generator{'s' * (len(rows) != 1)}"
    return f"{sum(row.n for row in rows):,} fakes by {by}, against {found.against}"


def _show(found: _Found) -> None:
    """Print a table of the generators, the best found first, and what it says."""
    report, verdicts = found.report, found.verdicts
    print_table(
        (
            "generator",
            "fakes",
            f"found at {FLAGGED:.0%}",
            "ROC AUC",
            *(("FAKE", "REAL", "UNSURE") if verdicts else ()),
        ),
        [
            (
                name,
                f"{row.n:,}",
                percent(row.recall),
                in_short(row.roc_auc),
                *(_counts(verdicts[name]) if verdicts else ()),
            )
            for name, row in sorted(report.generators.items(), key=_best_first)
        ],
    )
    print(
        f"Mean over the generators: found {percent(report.mean_recall)}, ROC AUC "
        f"{in_short(report.mean_roc_auc)}"
    )
    print(
        f"Found at {FLAGGED:.0%}: flagged where {FLAGGED:.0%} of the photographs are. "
        f"Labelled FAKE are {percent(report.real_called_fake)} of the photographs."
    )
    if verdicts:
        share, n = percent(found_fake(verdicts)), num_judged(verdicts)
        print(
            f"Verdict FAKE: {share} of {n:,} fakes. Verdicts rest on all our own "
            "networks, whichever is measured."
        )
    print(_FORM)


def _best_first(item: tuple[str, GeneratorReport]) -> tuple[float, float, str]:
    """Order of the table: most found, then the larger area, then by name."""
    name, row = item
    return -row.recall.value, -row.roc_auc.value, name


def _counts(verdicts: Counts) -> tuple[str, ...]:
    """Cells with the counts of the decisions."""
    return tuple(f"{verdicts[each]:,}" for each in ("FAKE", "REAL", "UNSURE"))
