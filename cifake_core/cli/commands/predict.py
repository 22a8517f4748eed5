"""`predict`: the verdict on each of many pictures."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.output import import_tensorflow, print_json, tell
from cifake_core.networks import NETWORKS, store
from cifake_core.pictures.reading import read_picture
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.records import Prediction, Verdict


def run(options: Namespace) -> int:
    """Judge every picture; one that is unusable does not stop the others."""
    judge = Judge(store.MODELS)
    names = judge.names()
    if options.network != "all":
        lookup(NETWORKS, options.network, kind="network")
        trained = (*names, *store.available_papers(store.MODELS))
        lookup(dict.fromkeys(trained), options.network, kind="trained network")
        names = (options.network,)
    import_tensorflow()
    num_bad = sum(
        not _judge(judge, path, names, as_json=options.json)
        for path in options.pictures
    )
    if num_bad:
        tell(f"{num_bad} of {len(options.pictures)} pictures could not be judged.")
    return 2 if num_bad else 0


def _judge(judge: Judge, path: str, names: Sequence[str], *, as_json: bool) -> bool:
    """Print what the networks say of one picture; return whether it was usable."""
    try:
        pixels = read_picture(Path(path)).pixels
        verdict = judge.judge(pixels, networks=names)
    except InvalidImageError as error:
        if as_json:
            print_json({"path": path, "error": str(error)})
        else:
            print(f"{path}: {error}", flush=True)
        return False
    if as_json:
        _print_records(path, verdict)
    else:
        _print_words(path, verdict)
    return True


def _print_records(path: str, verdict: Verdict) -> None:
    """Print one JSON object for each network."""
    for prediction in verdict.predictions.values():
        record = {
            "path": path,
            "network": prediction.network,
            "label": prediction.label,
            "verdict": verdict.decision,
            "p_fake": prediction.p_fake,
            "p_real": prediction.p_real,
            "reasons": list(verdict.reasons),
            "milliseconds": prediction.milliseconds,
        }
        print_json(record | _object(prediction))


def _object(prediction: Prediction) -> dict[str, str | float]:
    """Return the JSON keys on what the network sees, if it names objects."""
    if prediction.object_prediction is None:
        return {}
    return {
        "object_class": prediction.object_prediction.object_class,
        "object_probability": prediction.object_prediction.probability,
    }


def _print_words(path: str, verdict: Verdict) -> None:
    """Print one line for each network, then the verdict's reasons."""
    for prediction in verdict.predictions.values():
        title = NETWORKS[prediction.network].title
        print(
            f"{path}: {title} says {prediction.label} ({prediction.confidence:.1%}, "
            f"{prediction.milliseconds:.1f} ms), verdict {verdict.decision}",
            flush=True,
        )
    for reason in verdict.reasons:
        print(f"  {reason}", flush=True)
