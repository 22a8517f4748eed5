"""The services behind the pages: what they ask of the core, and how often."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.data import cifake
from cifake_core.data.archive import names_sha256
from cifake_core.evaluation import embedding_map, scores
from cifake_core.networks import store
from cifake_core.ui.services import neighbours, services
from tests.ui import records


class CountingDetector:
    """A judge that answers at once and remembers what it was asked."""

    asked: list[str]

    def judge(self, image, *, networks):
        """Return a verdict."""
        self.asked.append(" ".join(("judge", *networks)))
        return records.verdict(image, {"cnn": 2.0})

    def explain(  # noqa: PLR0913 - as the judge
        self, image, *, network, method, label, settings, progress
    ):
        """Return a map."""
        del image, progress
        chosen = [f"{name}={value}" for name, value in settings.items()]
        self.asked.append(" ".join(("explain", network, method, label, *chosen)))
        return records.explanation(network, method, label)

    def features(self, image, *, network):
        """Return two features."""
        del image
        self.asked.append(f"features {network}")
        return np.array([1, 2], np.float32)

    def network(self, name):
        """Load a network; there is no 3D-CNN."""
        self.asked.append(f"load {name}")
        if name == "cnn3d":
            msg = "The weights are corrupted."
            raise ModelUnavailableError(msg)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return what the judge was asked; two networks have weights."""
    asked: list[str] = []
    monkeypatch.setattr(CountingDetector, "asked", asked, raising=False)
    monkeypatch.setattr(services, "Judge", CountingDetector)
    monkeypatch.setattr(store, "available", lambda: ("cnn", "cnn3d"))
    monkeypatch.setattr(store, "revision", records.sha256)
    _clear_caches()
    yield asked
    _clear_caches()


def _clear_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def test_same_pixels_are_judged_once(asked: list[str]):
    """Equal pixels share a verdict; one other pixel, or shape, gets its own."""
    image = records.picture(height=40, width=60)
    other = image.copy()
    other[0, 0, 0] += 1

    for picture in (image, image.copy(), other, image.reshape(60, 40, 3)):
        services.judge(picture)

    assert asked == ["judge cnn cnn3d"] * 3


def test_part_of_a_picture_is_judged_like_its_copy(asked: list[str]):
    """How pixels lie in memory makes no difference."""
    image = records.picture(height=40, width=60)[:, 10:50]

    services.judge(image)
    services.judge(np.ascontiguousarray(image))

    assert asked == ["judge cnn cnn3d"]


def test_other_networks_give_another_verdict(asked: list[str]):
    """Who is asked is part of the question."""
    for networks in ((), ("cnn",), ("tulasi",), ("cnn", "tulasi")):
        services.judge(records.picture(), networks=networks)

    assert asked == ["judge cnn cnn3d", "judge cnn cnn3d tulasi"]


def test_new_weights_are_asked_anew(asked: list[str], monkeypatch: pytest.MonkeyPatch):
    """A verdict of old weights never answers for new ones."""
    services.judge(records.picture())

    monkeypatch.setattr(store, "revision", lambda name: records.sha256(name + "new"))
    services.judge(records.picture())

    assert asked == ["judge cnn cnn3d"] * 2


def test_each_explanation_is_computed_once(asked: list[str]):
    """The same question is answered once; another label is another question."""
    image = records.picture()

    for label in ("REAL", "REAL", "FAKE"):
        services.explain(image, network="cnn", method="gradcam", label=label)

    assert asked == ["explain cnn gradcam REAL", "explain cnn gradcam FAKE"]


def test_settings_are_part_of_the_question(asked: list[str]):
    """Other settings give another map; a default that is named is the default."""
    for settings in (None, {"side": 8}, {"side": 4}, {"side": 4}):
        services.explain(
            records.picture(),
            network="cnn",
            method="occlusion",
            label="REAL",
            settings=settings,
        )

    assert asked == [f"explain cnn occlusion REAL side={side}" for side in (8, 4)]


def test_networks_are_loaded_once_for_all(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Warming up loads every network behind the page; a corrupted one is no crash.

    What then stays is not searched for garbage after every view.
    """
    timers = []

    class Timer:
        daemon = False

        def __init__(self, seconds, load):
            assert seconds > 0  # the first page is drawn before
            timers.append((self, load))

        def start(self):
            assert self.daemon  # it does not keep a stopped server alive

    monkeypatch.setattr(services.threading, "Timer", Timer)
    monkeypatch.setattr(services.gc, "freeze", lambda: asked.append("freeze"))

    services.warm_up()
    services.warm_up()
    [(_, load)] = timers
    load()

    assert services.networks() == ("cnn", "cnn3d")
    assert asked == ["load cnn", "load cnn3d", "freeze"]


def test_report_is_that_of_the_scores(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Reports follow from the shipped scores, which are read once."""
    read = []

    def read_scores(name):
        read.append(name)
        return records.scores(name, wrong={0: 3.0})

    monkeypatch.setattr(scores, "read", read_scores)

    official = services.report("cnn", leak_free=False)
    leak_free = services.report("cnn", leak_free=True)

    assert (official.n, leak_free.n) == (60, 59)
    assert leak_free.accuracy.value == 1.0
    assert services.test_scores("cnn").network == "cnn"
    assert read == ["cnn"]
    assert asked == []


def test_comparisons_follow_from_the_scores(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Curves, comparison and cells are those of the shipped scores."""
    wrong: dict[str, dict[int, float]] = {"cnn": {3: 2.0, 4: 2.0}, "cnn3d": {3: 2.0}}
    monkeypatch.setattr(
        scores, "read", lambda name: records.scores(name, wrong=wrong[name])
    )
    monkeypatch.setattr(store, "available_papers", lambda: ("pavani",))

    drawn = services.curves("cnn", leak_free=True)
    found = services.compared("cnn", "cnn3d", leak_free=False)
    only_b = services.cells("cnn", "cnn3d")["only_b"]

    assert (drawn.fake.sum(), drawn.real.sum()) == (29, 30)
    assert (found.only_a, found.only_b, found.both_wrong) == (0, 1, 1)
    assert np.flatnonzero(only_b).tolist() == [4]
    assert services.all_networks() == ("cnn", "cnn3d", "pavani")
    assert asked == []


def test_card_and_history_come_from_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A network's card and curves are read from its folder; curves may be absent."""
    monkeypatch.setattr(store, "MODELS", tmp_path)
    folder = tmp_path / "cnn"
    folder.mkdir()
    store.write_card(folder, records.card("cnn"))
    before = services.history("cnn")

    (folder / store.HISTORY_FILE).write_text("epoch,loss\n1,0.5\n2,0.25\n", "utf-8")

    assert before == {}
    assert services.card("cnn") == records.card("cnn")
    assert services.history("cnn") == {"epoch": [1.0, 2.0], "loss": [0.5, 0.25]}


def test_data_set_is_named_only_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A data set that is named but absent counts as absent."""

    def find() -> Path:
        msg = "It is not on this machine."
        raise DatasetError(msg)

    monkeypatch.setattr(cifake, "find", find)
    nowhere = services.data_path()
    monkeypatch.setattr(cifake, "find", lambda: tmp_path / "cifake.zip")
    absent = services.data_path()
    (tmp_path / "cifake.zip").touch()

    assert nowhere is None
    assert absent is None
    assert services.data_path() == tmp_path / "cifake.zip"


def test_test_pictures_are_those_of_the_data_set(tiny_dataset: Path):
    """The test split is read from the data set, and nothing of the training one."""
    split = services.test_split(tiny_dataset)

    assert split.name == "test"
    assert len(split.labels) == 12


def test_download_is_the_command_lines(monkeypatch: pytest.MonkeyPatch):
    """The page downloads as the command line does, and hears how far it is."""
    from cifake_core.data import download

    shares: list[float] = []
    monkeypatch.setattr(download, "download", lambda *, progress: progress(0.5))

    services.download_data(shares.append)

    assert shares == [0.5]


def test_every_sample_can_be_read():
    """Each sample that comes with the app has a picture, words and a licence."""
    entries = services.samples()

    assert len(entries) > 5
    for entry in entries:
        assert services.sample(entry["file"]).pixels.ndim == 3
        assert all(entry[key] for key in ("title", "alt", "source", "licence"))


def test_a_few_training_pictures_are_read(tiny_zip, tiny_dataset):
    """They are those at the positions asked for, from a zip or a folder."""
    train = cifake.load(tiny_dataset, "train")
    found = replace(
        records.embedding_map("cnn"),
        train_sha256=names_sha256(train.members),
    )

    for path in (tiny_zip, tiny_dataset):
        images = neighbours.training_pictures(path, found, np.array([20, 3]))
        np.testing.assert_array_equal(images, train.images[[20, 3]])


def test_training_pictures_of_another_map_are_refused(tiny_zip):
    """A map says nothing of other pictures at its positions."""
    found = records.embedding_map("cnn")

    with pytest.raises(DatasetError, match=r"tiny\.zip holds other training pictures"):
        neighbours.training_pictures(tiny_zip, found, np.array([0]))


def test_features_and_map_are_those_of_the_weights(asked, monkeypatch):
    """The network looks at a picture once; its map is read once."""
    reads = []

    def read(network):
        reads.append(network)
        return records.embedding_map(network)

    monkeypatch.setattr(embedding_map, "read", read)

    for _ in range(2):
        assert neighbours.features(records.picture(), network="cnn").tolist() == [1, 2]
        assert neighbours.embedding_map("cnn").model_sha256 == records.sha256("cnn")

    assert asked == ["features cnn"]
    assert reads == ["cnn"]
