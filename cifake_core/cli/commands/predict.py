"""`predict`: the verdict on each of many pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.output import print_json, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.networks import NETWORKS
from cifake_core.pictures.reading import read_picture
from cifake_core.verdicts.records import Prediction, Verdict

_ALL: Final = "all"


def run(
    pictures: Annotated[list[str], Parameter(name="PICTURE")],
    /,
    *,
    network: str = _ALL,
    json: Flag = False,
    context: FromDoor,
) -> int:
    """Say whether pictures are REAL or FAKE.

    One that is not usable does not stop the others. With --json, stdout has JSON
    Lines: one object a picture and network.

    Args:
        pictures: the files to judge.
        network: whose prediction to give: all of ours, cnn, cnn3d, ensemble, or a
            paper's network.
        json: see above.
        context: has the networks.

    Returns:
        The exit status: 2 if a picture was not usable.
    """
    bench = context.workbench
    names: Sequence[str] = bench.pool.names()
    if network != _ALL:
        lookup(NETWORKS, network, kind="network")
        lookup(dict.fromkeys(bench.all_names()), network, kind="trained network")
        names = (network,)
    show, fail = (_show_json, _fail_json) if json else (_show_words, _fail_words)
    num_bad = 0
    for path in pictures:
        try:
            verdict = bench.judge(read_picture(Path(path)).pixels, networks=names)
        except InvalidImageError as error:
            num_bad += 1
            fail(path, error)
        else:
            show(path, verdict, [verdict.predictions[name] for name in names])
    if num_bad:
        tell(f"{num_bad} of {len(pictures)} pictures could not be judged.")
    return 2 if num_bad else 0


def _fail_json(path: str, error: InvalidImageError) -> None:
    """Print what is wrong with a picture as an object."""
    print_json({"path": path, "error": str(error)})


def _fail_words(path: str, error: InvalidImageError) -> None:
    """Print what is wrong with a picture as a line."""
    print(f"{path}: {error}", flush=True)


def _show_json(path: str, verdict: Verdict, predictions: Sequence[Prediction]) -> None:
    """Print one JSON object for each network."""
    for prediction in predictions:
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


def _show_words(path: str, verdict: Verdict, predictions: Sequence[Prediction]) -> None:
    """Print one line for each network, then the verdict's reasons."""
    for prediction in predictions:
        title = NETWORKS[prediction.network].title
        print(
            f"{path}: {title} says {prediction.label} ({prediction.confidence:.1%}, "
            f"{prediction.milliseconds:.1f} ms), verdict {verdict.decision}",
            flush=True,
        )
    for reason in verdict.reasons:
        print(f"  {reason}", flush=True)
