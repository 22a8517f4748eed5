"""The pictures of our own generators, those for choosing and the sealed ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate
from cifake_core.cli.evaluating.target import Measured, Target, in_short
from cifake_core.cli.terminal.data_set import read_both
from cifake_core.cli.terminal.output import percent, print_table
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.data import cifake
from cifake_core.evaluation import generator_scores
from cifake_core.evaluation.fakes import (
    FLAGGED,
    VISIBLE_BELOW,
    FakesReport,
    fakes_to_json,
    generator_to_json,
    recall_at,
    report_fakes,
)
from cifake_core.evaluation.generator_scores import HELD_OUT, GeneratorScores, HeldOut
from cifake_core.evaluation.metrics import with_ci95
from cifake_core.generators import collection, service
from cifake_core.generators.catalogue import GENERATORS, generator
from cifake_core.networks import store
from cifake_core.pictures.statistics import Pile, peak_signal_to_noise

_FILES: Final[Mapping[HeldOut, str]] = {
    "validation": store.VALIDATION_FILE,
    "test": store.SCORES_FILE,
}
_HEADS: Final[Mapping[HeldOut, str]] = {
    "validation": "Validation, for choosing: against {} photographs that were held out",
    "test": "Test, SEALED: nothing may be chosen by it, and this look at it belongs in "
    "models/EXPERIMENTS.md; against {} photographs of the test set",
}
_COLUMNS: Final = ("generator", "n", f"found at {FLAGGED:.0%}", "ROC AUC")
_PASSED: Final = ("PSNR", "visible", "of these found")

_Decibels = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratorsConfig:
    """How many pictures of each generator are asked, in each part."""

    n: int = 1000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Part:
    """What a network says of one part.

    `logits` are those of the fakes by generator; `psnr` has the peak signal-to-noise
    ratio of each, in decibels, for those that are photographs passed through.
    """

    name: HeldOut
    report: FakesReport
    logits: Mapping[str, npt.NDArray[np.float32]]
    psnr: Mapping[str, _Decibels]


def measure(
    target: Target, data: Path | None, *, save: bool, config: GeneratorsConfig
) -> Measured:
    """Figures on the generators' pictures; their scores are kept if they are to be."""
    path = cifake.find(data)
    train, test = read_both(path)
    if save:
        target.check_may_save(path, train, test)
    real = {part: target.photographs(file) for part, file in _FILES.items()}
    pictures = _draw(target, path, config)
    network = target.load()
    with progress_bar("Scoring the generators' pictures") as progress:
        scores = generator_scores.score(network, **pictures, progress=progress)
    if save:
        generator_scores.write(scores, target.folder)
    parts = [
        _Part(
            name=part,
            report=report_fakes(real[part], scores.part(part)),
            logits=scores.part(part),
            psnr=_changes(part, pictures[part], path),
        )
        for part in HELD_OUT
    ]
    return Measured(
        network=network,
        figures=_figures(scores, parts),
        pictures=f"{2 * config.n:,} pictures of each of our generators",
        show=lambda: _show(parts),
    )


def _draw(
    target: Target, data: Path, config: GeneratorsConfig
) -> dict[HeldOut, dict[str, Pile]]:
    """Pictures of every generator by part; those that were drawn before are kept."""
    import_tensorflow()
    found: dict[HeldOut, dict[str, Pile]] = {part: {} for part in HELD_OUT}
    for part in HELD_OUT:
        for name in GENERATORS:
            with progress_bar(f"Drawing with {name} for {part}") as progress:
                found[part][name] = collection.pictures(
                    name,
                    part,
                    n=config.n,
                    data=data,
                    models=target.context.models / service.FOLDER,
                    progress=progress,
                )
    return found


def _changes(
    part: HeldOut, pictures: Mapping[str, Pile], data: Path
) -> dict[str, _Decibels]:
    """How far photographs that were passed through lie from their originals."""
    return {
        name: peak_signal_to_noise(
            images, collection.originals(name, part, n=len(images), data=data)
        )
        for name, images in pictures.items()
        if generator(name).kind == "photograph"
    }


def _figures(scores: GeneratorScores, parts: list[_Part]) -> dict[str, object]:
    """All figures for a program."""
    return {
        "parts": {
            part.name: {
                "sealed": part.name == "test",
                **fakes_to_json(part.report),
                "generators": {
                    name: generator_to_json(row) | _passed_to_json(part, name)
                    for name, row in part.report.generators.items()
                },
            }
            for part in parts
        },
        "pictures_sha256": scores.pictures_sha256,
    }


def _passed_to_json(part: _Part, name: str) -> dict[str, object]:
    """`psnr`, the median, and recall on `visible` changes, of photographs alone."""
    if name not in part.psnr:
        return {}
    n, found = _visible(part, name)
    recall = with_ci95("recall", found) if n else {}
    return {"psnr": float(np.median(part.psnr[name])), "visible": {"n": n, **recall}}


def _visible(part: _Part, name: str) -> tuple[int, Estimate]:
    """Number of visible changes, and recall on these pictures."""
    chosen = part.psnr[name] < VISIBLE_BELOW
    found = recall_at(part.report.threshold, part.logits[name][chosen])
    return int(chosen.sum()), found


def _show(parts: list[_Part]) -> None:
    """Print a table for each part, the sealed one last."""
    for part in parts:
        report = part.report
        print(f"\n{_HEADS[part.name].format(f'{report.n_real:,}')}")
        print_table((*_COLUMNS, *_PASSED), _rows(part))
        print(
            f"Labelled FAKE are {percent(report.real_called_fake)} of the photographs"
        )
    print(
        f"\nFound at {FLAGGED:.0%}: flagged where {FLAGGED:.0%} of photographs are. "
        "PSNR: median, in dB, to\nthe photograph that was passed through; the eye sees "
        f"a change below {VISIBLE_BELOW:.0f} dB."
    )


def _rows(part: _Part) -> Iterator[tuple[str, ...]]:
    """Cells of each generator's row."""
    for name, row in part.report.generators.items():
        first = (name, f"{row.n:,}", percent(row.recall), in_short(row.roc_auc))
        if name not in part.psnr:
            yield (*first, "-", "-", "-")
            continue
        n, found = _visible(part, name)
        median = f"{np.median(part.psnr[name]):.1f}"
        yield (*first, median, f"{n:,}", percent(found) if n else "-")
