"""The test pictures, as they are and corrupted."""

from dataclasses import replace
from pathlib import Path

from cifake_core.basics.errors import DatasetError
from cifake_core.cli.evaluating.target import Measured, Target, in_words
from cifake_core.cli.terminal.data_set import read_split
from cifake_core.cli.terminal.output import print_pairs, print_table
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.data.plane_means import plane_means
from cifake_core.evaluation import robustness
from cifake_core.evaluation.latency import latency_milliseconds
from cifake_core.evaluation.metrics import report_to_json
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.scores import keep, score
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import Metrics
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.corruptions import CORRUPTION_KINDS


def measure(
    target: Target,
    data: Path | None,
    *,
    leak_free: bool,
    corruptions: bool,
    save: bool,
) -> Measured:
    """Figures on the test pictures, made from the pictures; kept if they are to be."""
    path = cifake.find(data)
    test = read_split(path, "test")
    train = _training(path, test, needed=leak_free or save)
    if leak_free or save:
        cifake.check_leak_free(test, train, path)
    if save:
        target.check_may_save(path, train, test)
    ask = _measure_corrupted if corruptions else _measure
    folder = target.folder if save else None
    return ask(target.load(), test, train, leak_free=leak_free, folder=folder)


def _training(data: Path, test: Split, *, needed: bool) -> Split:
    """Return the training split, or an empty one that is like it if not `needed`."""
    if not needed:
        names = ("images", "labels", "object_classes", "hashes", "members")
        nothing = {name: getattr(test, name)[:0] for name in names}
        return replace(test, name="train", **nothing)
    try:
        return read_split(data, "train")
    except DatasetError as error:
        msg = f"--leak-free and --save compare the test pictures with train/. {error}"
        raise DatasetError(msg) from error


def _measure(
    network: Scorer, test: Split, train: Split, *, leak_free: bool, folder: Path | None
) -> Measured:
    """Return the figures on the pictures as they are; keep them in `folder`."""
    with progress_bar("Scoring the test pictures") as progress:
        scores = score(network, test, train, progress=progress)
    if folder is not None:
        means = _plane_means(network.name, train)
        keep(scores, folder, data_digest=cifake.digest(train, test))
        card = replace(
            store.load_card(folder),
            plane_means=means,
            milliseconds=latency_milliseconds(network, test.images),
            engine=network.engine,
        )
        store.write_card(folder, card)
    report = scores.report(leak_free=leak_free)
    return Measured(
        network=network,
        figures=report_to_json(report.metrics),
        pictures=_in_words(report.n, leak_free=leak_free),
        show=lambda: show_metrics(report.metrics),
    )


def _plane_means(name: str, train: Split) -> tuple[float, ...] | None:
    """Return the mean of each plane over the training pictures; else None."""
    if NETWORKS[name].input_kind != "planes":
        return None
    with progress_bar("Filtering the training pictures") as progress:
        return tuple(plane_means(train, progress=progress).tolist())


def show_metrics(report: Metrics) -> None:
    """Print the figures as a small table."""
    estimates = {
        "accuracy": report.accuracy,
        "precision": report.precision,
        "recall": report.recall,
        "F1": report.f1,
        "ROC AUC": report.roc_auc,
    }
    if report.objects is not None:
        estimates["objects"] = report.objects.accuracy
    (fake_fake, fake_real), (real_fake, real_real) = report.confusion
    print_pairs(
        {name: in_words(figure) for name, figure in estimates.items()}
        | {
            "ECE": f"{report.ece:.4f}",
            "of FAKE": f"{fake_fake:,} called FAKE, {fake_real:,} called REAL",
            "of REAL": f"{real_fake:,} called FAKE, {real_real:,} called REAL",
        }
    )


def _measure_corrupted(
    network: Scorer, test: Split, train: Split, *, leak_free: bool, folder: Path | None
) -> Measured:
    """Return the figures on corrupted pictures; keep them in `folder`."""
    with progress_bar("Scoring the corrupted test pictures") as progress:
        scores = robustness.measure(network, test, train, progress=progress)
    if folder is not None:
        robustness.keep(scores, folder, data_digest=cifake.digest(train, test))
    report = scores.report(leak_free=leak_free)
    figures = {
        "n": report.n,
        "leak_free": leak_free,
        "corruptions": robustness.report_to_json(report),
    }
    return Measured(
        network=network,
        figures=figures,
        pictures=_in_words(report.n, leak_free=leak_free),
        show=lambda: _show_corrupted(report),
    )


def _show_corrupted(report: RobustnessReport) -> None:
    """Print the accuracies under every kind and strength of corruption."""
    print_table(
        ("corruption", "measure", "strength", "accuracy"),
        [
            (
                CORRUPTION_KINDS[kind].title,
                CORRUPTION_KINDS[kind].measure,
                f"{strength:g}",
                in_words(share),
            )
            for kind, shares in report.accuracy.items()
            for strength, share in shares.items()
        ],
    )


def _in_words(n: int, *, leak_free: bool) -> str:
    """Words for what the figures are on."""
    return f"{n:,} {'leak-free test' if leak_free else 'test'} pictures"
