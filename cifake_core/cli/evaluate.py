"""`evaluate`: a network's figures on the test pictures, made from the pictures."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np

from cifake_core import dataset
from cifake_core.archive import SplitName
from cifake_core.cli.output import import_tensorflow, print_json, share_line
from cifake_core.dataset import Split
from cifake_core.detector import Detector
from cifake_core.errors import CifakeError, DatasetError
from cifake_core.evaluation import report_to_json
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.protocols import Scorer
from cifake_core.registry import lookup
from cifake_core.results import EvalReport
from cifake_core.scores import Scores, score, write


def run(options: Namespace) -> int:
    """Score every test picture afresh and print the report."""
    if options.save and options.network in NETWORKS:
        _check_has_weights(options.network)
    folder = _check_trained(options.network)
    data = dataset.find(options.data)
    test = _load(data, "test")
    train = _training(data, test, needed=options.leak_free or options.save)
    if options.save:
        _check_may_save(folder, data, dataset.digest(train, test))
    network = _load_network(options.network)
    with share_line("Scoring the test pictures") as progress:
        scores = score(network, test, train, progress=progress)
    if options.leak_free or options.save:
        _check_leak_free(scores, data)
    report = scores.report(leak_free=options.leak_free)
    if options.save:
        _save(scores, folder, dataset.digest(train, test))
    if options.json:
        figures = report_to_json(report)
        print_json({"network": network.name, **figures, "model_sha256": network.sha256})
    else:
        print(_in_words(network, report))
    return 0


def _check_has_weights(name: str) -> None:
    """Raise `CifakeError` if the scores of network `name` follow from others'."""
    members = NETWORKS[name].members
    if members:
        msg = (
            f"The scores of {name} follow from those of {' and '.join(members)}; "
            "save theirs instead."
        )
        raise CifakeError(msg)


def _check_trained(name: str) -> Path:
    """Return the folder of a network or run, if something is in it."""
    if name in NETWORKS:
        store.revision(name, store.MODELS)
        return store.MODELS / name
    if not Path(name).is_dir():
        lookup(NETWORKS, name, kind="finished run or network")
    store.load_card(Path(name))
    return Path(name)


def _load(data: Path, split: SplitName) -> Split:
    """Return one split, and show how far decoding it is."""
    with share_line(f"Reading the pictures of {split}/, once") as progress:
        return dataset.load(data, split, progress=progress)


def _training(data: Path, test: Split, *, needed: bool) -> Split:
    """Return the training split, or an empty one that is like it if not `needed`."""
    if not needed:
        names = ("images", "labels", "object_classes", "hashes", "members")
        nothing = {name: getattr(test, name)[:0] for name in names}
        return replace(test, name="train", **nothing)
    try:
        return _load(data, "train")
    except DatasetError as error:
        msg = f"--leak-free and --save compare the test pictures with train/. {error}"
        raise DatasetError(msg) from error


def _check_may_save(folder: Path, data: Path, digest: str) -> None:
    """Raise `CifakeError` if shipped figures would come from another data set."""
    shipped = folder.resolve().parent == store.MODELS.resolve()
    if shipped and digest != dataset.PUBLISHED_DIGEST:
        msg = (
            f"{data} is not CIFAKE as published (content digest {digest[:12]}…, "
            f"expected {dataset.PUBLISHED_DIGEST[:12]}…), and the figures in {folder} "
            "are on that alone; leave out --save, or name the published set."
        )
        raise CifakeError(msg)


def _load_network(name: str) -> Scorer:
    """Return the network of models/ or of a run, ready to answer."""
    import_tensorflow()
    from cifake_core.networks.compiled import (  # noqa: PLC0415 - loads TensorFlow
        compile_folder,
    )

    if name in NETWORKS:
        return Detector(store.MODELS).network(name)
    return compile_folder(Path(name))


def _check_leak_free(scores: Scores, data: Path) -> None:
    """Raise `DatasetError` if no picture of some label is free of leaks."""
    if len(np.unique(scores.labels[scores.leak_free])) < len(np.unique(scores.labels)):
        msg = (
            f"All test pictures of a label in {data} stand in train/ too, so there is "
            "no leak-free test set; evaluate without --leak-free and --save."
        )
        raise DatasetError(msg)


def _save(scores: Scores, folder: Path, digest: str) -> None:
    """Put the scores beside the weights, and their figures on the card."""
    write(scores, folder)
    sets = {"official": False, "leak_free": True}
    reports = {
        name: report_to_json(scores.report(leak_free=leak_free))
        for name, leak_free in sets.items()
    }
    facts = {
        "test": reports,
        "test_scores_sha256": store.file_sha256(folder / store.SCORES_FILE),
        "data_digest": digest,
    }
    store.write_card(folder, store.load_card(folder) | facts)


def _in_words(network: Scorer, report: EvalReport) -> str:
    """Return the figures as a small table."""
    estimates = {
        "accuracy": report.accuracy,
        "precision": report.precision,
        "recall": report.recall,
        "F1": report.f1,
        "ROC AUC": report.roc_auc,
    }
    lines = [
        f"{name:<10} {figure.value:.4f}  (95% interval {figure.low:.4f} to "
        f"{figure.high:.4f})"
        for name, figure in estimates.items()
    ]
    (fake_fake, fake_real), (real_fake, real_real) = report.confusion
    lines += [
        f"{'ECE':<10} {report.ece:.4f}",
        f"of FAKE    {fake_fake:,} called FAKE, {fake_real:,} called REAL",
        f"of REAL    {real_fake:,} called FAKE, {real_real:,} called REAL",
    ]
    title = f"{NETWORKS[network.name].title} ({network.sha256[:12]})"
    return "\n".join((f"{title} on {report.n:,} test pictures", *lines))
