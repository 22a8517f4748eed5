"""`evaluate`: a network's figures on the test pictures, made from the pictures."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np

from cifake_core.basics.errors import CifakeError, DatasetError
from cifake_core.basics.registry import lookup
from cifake_core.cli.commands import corruptions
from cifake_core.cli.terminal.data_set import read_split
from cifake_core.cli.terminal.output import import_tensorflow, print_json, share_line
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.data.plane_means import plane_means
from cifake_core.evaluation.latency import latency
from cifake_core.evaluation.metrics import report_to_json
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.scores import keep, score
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.protocols import Scorer
from cifake_core.verdicts.judge import Judge


def run(options: Namespace) -> int:
    """Score every test picture afresh and print the report."""
    if options.save and options.network in NETWORKS:
        _check_has_weights(options.network)
    folder = _check_trained(options.network)
    data = cifake.find(options.data)
    test = read_split(data, "test")
    compared = options.leak_free or options.save
    train = _training(data, test, needed=compared)
    if compared:
        _check_leak_free(test, train, data)
    if options.save:
        _check_may_save(folder, data, cifake.digest(train, test))
    network = _load_network(options.network)
    measure = corruptions.measure if options.corruptions else _measure
    figures, words = measure(
        network,
        test,
        train,
        leak_free=options.leak_free,
        folder=folder if options.save else None,
    )
    if options.json:
        print_json({"network": network.name, **figures, "model_sha256": network.sha256})
    else:
        title = f"{NETWORKS[network.name].title} ({network.sha256[:12]})"
        kind = "leak-free test" if options.leak_free else "test"
        print(f"{title} on {figures['n']:,} {kind} pictures\n{words}")
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


def _check_may_save(folder: Path, data: Path, digest: str) -> None:
    """Raise `CifakeError` if shipped figures would come from another data set."""
    shipped = folder.resolve().parent == store.MODELS.resolve()
    if shipped and digest != cifake.PUBLISHED_DIGEST:
        msg = (
            f"{data} is not CIFAKE as published (content digest {digest[:12]}…, "
            f"expected {cifake.PUBLISHED_DIGEST[:12]}…), and the figures in {folder} "
            "are on that alone; leave out --save, or name the published set."
        )
        raise CifakeError(msg)


def _load_network(name: str) -> Scorer:
    """Return the network of models/ or of a run, ready to answer."""
    import_tensorflow()
    from cifake_core.networks.runtimes.compiled import compile_folder  # noqa: PLC0415 - loads TensorFlow

    if name in NETWORKS:
        return Judge(store.MODELS).network(name)
    return compile_folder(Path(name))


def _check_leak_free(test: Split, train: Split, data: Path) -> None:
    """Raise `DatasetError` if no picture of some label is free of leaks."""
    kept = test.labels[cifake.leak_free(test, train)]
    if len(np.unique(kept)) < len(np.unique(test.labels)):
        msg = (
            f"All test pictures of a label in {data} stand in train/ too, so there is "
            "no leak-free test set; evaluate without --leak-free and --save."
        )
        raise DatasetError(msg)


def _measure(
    network: Scorer, test: Split, train: Split, *, leak_free: bool, folder: Path | None
) -> tuple[dict[str, object], str]:
    """Return the figures for a program and for a person; keep them in `folder`."""
    with share_line("Scoring the test pictures") as progress:
        scores = score(network, test, train, progress=progress)
    if folder is not None:
        means = _plane_means(network.name, train)
        keep(scores, folder, data_digest=cifake.digest(train, test))
        facts = means | latency(network, test.images)
        store.write_card(folder, store.load_card(folder) | facts)
    report = scores.report(leak_free=leak_free)
    return report_to_json(report), _in_words(report)


def _plane_means(name: str, train: Split) -> dict[str, list[float]]:
    """Return the fact on what a network on planes was fed; for another, none."""
    if NETWORKS[name].input_kind != "planes":
        return {}
    with share_line("Filtering the training pictures") as progress:
        return {"plane_means": plane_means(train, progress=progress).tolist()}


def _in_words(report: EvalReport) -> str:
    """Return the figures as a small table."""
    estimates = {
        "accuracy": report.accuracy,
        "precision": report.precision,
        "recall": report.recall,
        "F1": report.f1,
        "ROC AUC": report.roc_auc,
    }
    if report.objects is not None:
        estimates["objects"] = report.objects.accuracy
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
    return "\n".join(lines)
