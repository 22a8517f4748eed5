"""`evaluate`: a network's figures on the test pictures, made from the pictures."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from cifake_core.basics.errors import CifakeError, DatasetError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.data_set import read_split
from cifake_core.cli.terminal.output import print_json, print_pairs, print_table
from cifake_core.cli.terminal.parameters import Flag, FromDoor
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

#: Figures for a program, and what prints them for a person.
Measured: TypeAlias = tuple[dict[str, object], Callable[[], None]]


def run(  # noqa: PLR0913 - the command's options
    network: str,
    /,
    *,
    data: Path | None = None,
    leak_free: Flag = False,
    corruptions: Flag = False,
    save: Flag = False,
    json: Flag = False,
    context: FromDoor,
) -> None:
    """Measure a network on the test pictures.

    Args:
        network: cnn, cnn3d, ensemble, a paper's network, or the folder of a finished
            run.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        leak_free: leave out test pictures that stand in train/ or stand twice.
        corruptions: on corrupted pictures instead: four kinds of corruption, five
            strengths each; takes twenty times as long.
        save: keep scores and figures beside the weights.
        json: one JSON object on the last line.
        context: has the networks.
    """
    if save and network in NETWORKS:
        _check_has_weights(network)
    folder = _check_trained(network, context.models)
    path = cifake.find(data)
    test = read_split(path, "test")
    train = _training(path, test, needed=leak_free or save)
    if leak_free or save:
        cifake.check_leak_free(test, train, path)
    if save and folder.resolve().parent == context.models.resolve():
        cifake.check_published(
            path,
            cifake.digest(train, test),
            remedy=f"The figures in {folder} are on that alone; leave out --save, or "
            "name the published set.",
        )
    scorer = _load(network, context)
    measure = _measure_corrupted if corruptions else _measure
    place = folder if save else None
    figures, show = measure(scorer, test, train, leak_free=leak_free, folder=place)
    if json:
        print_json({"network": scorer.name, **figures, "model_sha256": scorer.sha256})
    else:
        title = f"{NETWORKS[scorer.name].title} ({scorer.sha256[:12]})"
        kind = "leak-free test" if leak_free else "test"
        print(f"{title} on {figures['n']:,} {kind} pictures")
        show()


def _check_has_weights(name: str) -> None:
    """Raise `CifakeError` if the scores of network `name` follow from others'."""
    members = NETWORKS[name].members
    if members:
        msg = (
            f"The scores of {name} follow from those of {' and '.join(members)}; "
            "save theirs instead."
        )
        raise CifakeError(msg)


def _check_trained(name: str, models: Path) -> Path:
    """Return the folder of a network or run, if something is in it."""
    if name in NETWORKS:
        store.revision(name, models)
        return models / name
    if not Path(name).is_dir():
        lookup(NETWORKS, name, kind="finished run or network")
    store.load_card(Path(name))
    return Path(name)


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


def _load(name: str, context: Context) -> Scorer:
    """Return the network of models/ or of a run, ready to answer."""
    if name in NETWORKS:
        return context.pool.network(name)
    return context.load(Path(name))


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
    return report_to_json(report.metrics), lambda: _show(report.metrics)


def _plane_means(name: str, train: Split) -> tuple[float, ...] | None:
    """Return the mean of each plane over the training pictures; else None."""
    if NETWORKS[name].input_kind != "planes":
        return None
    with progress_bar("Filtering the training pictures") as progress:
        return tuple(plane_means(train, progress=progress).tolist())


def _show(report: Metrics) -> None:
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
        {name: _in_words(figure) for name, figure in estimates.items()}
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
    return figures, lambda: _show_corrupted(report)


def _show_corrupted(report: RobustnessReport) -> None:
    """Print the accuracies under every kind and strength of corruption."""
    print_table(
        ("corruption", "measure", "strength", "accuracy"),
        [
            (
                CORRUPTION_KINDS[kind].title,
                CORRUPTION_KINDS[kind].measure,
                f"{strength:g}",
                _in_words(share),
            )
            for kind, shares in report.accuracy.items()
            for strength, share in shares.items()
        ],
    )


def _in_words(figure: Estimate) -> str:
    """Return a figure with its 95 % interval."""
    return f"{figure.value:.4f}  (95% interval {figure.low:.4f} to {figure.high:.4f})"
