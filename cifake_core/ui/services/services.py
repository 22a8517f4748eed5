"""What pages ask for, and its caches. Pictures stay in memory.

A key is made of pixels, names and the weights' hash, so that new weights are
never answered from an old cache. `evidence`, `measures` and `neighbours` beside
this module keep their answers in the same way.
"""

import csv
import gc
import hashlib
import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback
from cifake_core.basics.registry import lookup
from cifake_core.data import cifake
from cifake_core.evaluation import comparison, operating_points, scores
from cifake_core.evaluation.records import EvalReport
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.explainer import Question
from cifake_core.explain.methods import cam, lime
from cifake_core.explain.records import Explanation
from cifake_core.networks import store
from cifake_core.networks.inspection.convolution import FeatureMaps
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.ui.services.answer_cache import AnswerCache
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.records import Verdict

if TYPE_CHECKING:
    from cifake_core.networks.inspection.first_layers import Anatomy
from cifake_core.basics import files

_ASSETS = Path(__file__).resolve().parents[3] / "assets"
#: After these the first page is drawn, pictures and charts included.
_SECONDS_TO_DRAW = 3.0


def judge(image: Rgb, *, networks: tuple[str, ...] = ()) -> Verdict:
    """Return the verdict on one picture; the same pixels are judged once.

    It has the predictions of all of ours, then those of `networks` that are not.
    """
    own = store.available()
    further = tuple(dict.fromkeys(name for name in networks if name not in own))
    revisions = (*_revisions(), *map(store.revision, further), _card_revision())
    return _judge(image, digest(image), revisions, (*own, *further))


def verdicts_card() -> policy_card.PolicyCard:
    """Return how verdicts fare, from the card of the networks that are in use."""
    return _verdicts_card((*_revisions(), _card_revision()))


def explain(  # noqa: PLR0913 - what, by whom and how: by keyword
    image: Rgb,
    *,
    network: str,
    method: str,
    label: Label,
    settings: Mapping[str, int] | None = None,
    progress: ProgressCallback | None = None,
) -> Explanation:
    """Return the explanation of `image`; the same question is answered once.

    `settings` are those of the method that are not to have their default;
    `progress` is told the share done, and may raise to stop.
    """
    chosen = lookup(EXPLAINERS, method, kind="method").complete(settings or {})
    key = (digest(image), store.revision(network), label, tuple(chosen.items()))
    return kept().answer(
        ("explain", network, method, *key),
        lambda: judge().explain(
            image,
            network=network,
            method=method,
            label=label,
            settings=chosen,
            progress=progress,
        ),
    )


def judge() -> Judge:
    """Return the one judge of the server, for the weights that are there."""
    return _judge_of(_revisions())


@st.cache_resource(max_entries=1, show_spinner=False)
def kept() -> AnswerCache:
    """Return the maps of the server, and what was measured of them."""
    return AnswerCache(512)


def digest(image: Rgb) -> str:
    """Return the SHA-256 of a picture's shape and pixels."""
    sha256 = hashlib.sha256(str(image.shape).encode())
    sha256.update(np.ascontiguousarray(image).data)  # no copy: it can have 150 MB
    return sha256.hexdigest()


def feature_maps(image: Rgb, *, network: str) -> tuple[FeatureMaps, ...]:
    """Return what a network's first layers make of a 32x32 picture; asked only once."""
    revision = store.revision(network)
    return kept().answer(
        ("layers", network, digest(image), revision),
        lambda: _anatomy(network, revision).maps(image),
    )


def cam_steps(image: Rgb, *, network: str, label: Label) -> cam.CamSteps:
    """Return how Grad-CAM comes to its map of a 32x32 picture; asked only once."""

    def find() -> cam.CamSteps:
        (probe,) = judge().network(network).parts
        return cam.cam_steps(probe, image, label=label)

    key = (digest(image), store.revision(network), label)
    return kept().answer(("steps", network, *key), find)


def fit_line(
    image: Rgb, *, network: str, label: Label, num_samples: int
) -> lime.LineFit:
    """Return what LIME tries with a 32x32 picture, and its line; asked only once."""
    key = (digest(image), store.revision(network), label, num_samples)
    return kept().answer(
        ("line", network, *key),
        lambda: lime.fit_line(
            Question(
                network=judge().network(network),
                image=image,
                label=label,
                seed=0,
                settings={"num_samples": num_samples},
                progress=lambda _share: None,
            )
        ),
    )


def networks() -> tuple[str, ...]:
    """Return the networks that have weights, in menu order."""
    return store.available()


def all_networks() -> tuple[str, ...]:
    """Return the networks that have weights, the papers' after our own."""
    return (*store.available(), *store.available_papers())


def report(network: str, *, leak_free: bool) -> EvalReport:
    """Return how a network does on a test set, from its shipped scores."""
    return _report(network, store.revision(network), leak_free=leak_free)


def test_scores(network: str) -> scores.Scores:
    """Return a network's shipped scores."""
    return _scores(network, store.revision(network))


def curves(network: str, *, leak_free: bool) -> operating_points.Curves:
    """Return what is drawn of a network's scores beside its ROC curve."""
    return _curves(network, store.revision(network), leak_free=leak_free)


def compared(a: str, b: str, *, leak_free: bool) -> comparison.Comparison:
    """Return how two networks differ on a test set."""
    key = (store.revision(a), store.revision(b))
    return _compared(a, b, key, leak_free=leak_free)


def cells(a: str, b: str) -> Mapping[comparison.Cell, npt.NDArray[np.bool_]]:
    """Return the pictures of each cell of the agreement table of two networks."""
    return _cells(a, b, (store.revision(a), store.revision(b)))


def card(network: str) -> dict[str, Any]:  # JSON: any value
    """Return the card of a network that has weights of its own."""
    return store.load_card(store.MODELS / network)


def history(network: str) -> dict[str, list[float]]:
    """Return a network's learning curves by column."""
    path = store.MODELS / network / store.HISTORY_FILE
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def data_path() -> Path | None:
    """Return where the data set lies, or None if it is not on this machine."""
    try:
        path = cifake.find()
    except CifakeError:
        return None
    return path if path.exists() else None


@st.cache_resource(max_entries=2, show_spinner="Reading the test pictures…")
def test_split(path: Path) -> cifake.Split:
    """Return the test split of the data set at `path`, as a memory map."""
    return cifake.load(path, "test")


def download_data(progress: ProgressCallback) -> None:
    """Get the data set from Kaggle into the user's cache; tell the share done."""
    from cifake_core.data.download import download  # noqa: PLC0415 - rarely needed

    download(progress=progress)


@st.cache_data(max_entries=1)
def samples() -> list[dict[str, str]]:
    """Return the pictures that come with the app: file, title, alt, source, licence."""
    return list(json.loads((_ASSETS / "samples.json").read_text("utf-8")))


@st.cache_data(max_entries=64, show_spinner=False)
def sample(file: str) -> Picture:
    """Return one of the pictures that come with the app."""
    return read_picture(_ASSETS / "samples" / file)


def warm_up() -> None:
    """Begin to load the networks behind the page, once for the whole server."""
    with suppress(CifakeError):  # told where a visitor asks for a verdict
        _warm_up(_revisions())


@st.cache_resource(max_entries=1, show_spinner=False)
def _warm_up(revisions: tuple[str, ...]) -> None:
    """Load them a little later, as it would keep the first page's pictures waiting."""
    shared = _judge_of(revisions)

    def load() -> None:
        with suppress(CifakeError):
            for name in store.available():
                shared.network(name)
        # Streamlit collects garbage after every view, and walks over whatever was
        # ever loaded: half a second with TensorFlow, while nobody is answered
        gc.collect()
        gc.freeze()

    timer = threading.Timer(_SECONDS_TO_DRAW, load)
    timer.daemon = True
    timer.start()


@st.cache_resource(max_entries=1, show_spinner=False)
def _judge_of(revisions: tuple[str, ...]) -> Judge:
    """Return the one judge of the server, for these weights."""
    del revisions  # only part of the key
    return Judge()


@st.cache_data(max_entries=512, show_spinner="The networks look at the picture…")
def _judge(
    _image: Rgb, digest: str, revisions: tuple[str, ...], networks: tuple[str, ...]
) -> Verdict:
    del digest  # stands for the pixels: Streamlit's own hash samples large arrays
    del revisions  # new weights have an answer of their own
    return judge().judge(_image, networks=networks)


@st.cache_resource(max_entries=4, show_spinner="Opening the network…")
def _anatomy(network: str, revision: str) -> "Anatomy":
    from cifake_core.networks.inspection.first_layers import open_folder  # noqa: PLC0415 - loads Keras

    del revision
    return open_folder(store.MODELS / network)


@st.cache_resource(max_entries=1, show_spinner=False)
def _verdicts_card(revisions: tuple[str, ...]) -> policy_card.PolicyCard:
    del revisions
    return policy_card.read({name: store.revision(name) for name in store.available()})


@st.cache_data(max_entries=16, show_spinner=False)
def _report(network: str, revision: str, *, leak_free: bool) -> EvalReport:
    return _scores(network, revision).report(leak_free=leak_free)


@st.cache_resource(max_entries=32, show_spinner=False)  # *Data* asks for all
def _scores(network: str, revision: str) -> scores.Scores:
    del revision
    return scores.read(network)


@st.cache_data(max_entries=16, show_spinner=False)
def _curves(network: str, revision: str, *, leak_free: bool) -> operating_points.Curves:
    found = _scores(network, revision)
    chosen = found.chosen(leak_free=leak_free)
    return operating_points.curves(found.labels[chosen], found.logits[chosen])


@st.cache_data(max_entries=16, show_spinner=False)
def _compared(
    a: str, b: str, revisions: tuple[str, str], *, leak_free: bool
) -> comparison.Comparison:
    del revisions
    return comparison.compare(test_scores(a), test_scores(b), leak_free=leak_free)


@st.cache_resource(max_entries=4, show_spinner=False)
def _cells(
    a: str, b: str, revisions: tuple[str, str]
) -> Mapping[comparison.Cell, npt.NDArray[np.bool_]]:
    del revisions
    return comparison.cells(test_scores(a), test_scores(b))


def _revisions() -> tuple[str, ...]:
    """Return the hashes of all networks that have weights."""
    return tuple(store.revision(name) for name in store.available())


def _card_revision() -> str:
    """Return the hash of the card on verdicts; empty if there is none."""
    path = store.MODELS / policy_card.POLICY_FILE
    return files.file_sha256(path) if path.is_file() else ""
