"""What all explainers share: checked settings, scaling, progress and a way to stop."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.explain import EXPLAINERS, Explainer, Setting
from cifake_core.explain.explainer import BATCH, Question, RawMap
from cifake_core.pictures.preprocessing import prepare
from tests.fakes import LinearProbe, constant_probe, noise, noise_picture, random_probe

WIDTH = Setting(name="width", title="Width", low=2, high=10, step=4, default=6)
SLOW = [name for name, explainer in EXPLAINERS.items() if explainer.slow]


class StopError(Exception):
    """What a visitor's click raises."""


def explainer(heatmap=None, *, signed=True, planes=None) -> Explainer:
    """Return a method that finds what the test says."""
    found = np.zeros((SIDE, SIDE), np.float32) if heatmap is None else heatmap
    return Explainer(
        name="told",
        title="Told",
        shows="What it was told.",
        method=lambda question: RawMap(
            heatmap=found,
            plane_maps=planes,
            facts={"asked": question.settings["width"]},
        ),
        signed=signed,
        settings=(WIDTH,),
    )


def question(network, image=None, **changes) -> Question:
    """Return a question that nobody waits for."""
    asked = {"label": "REAL", "seed": 0, "settings": {}, "progress": lambda _: None}
    picture = prepare(noise() if image is None else image)
    return Question(network=network, picture=picture, **(asked | changes))


def test_evidence_is_scaled_by_its_largest():
    """The strongest place is 1 or -1, and planes have one scale of their own."""
    heatmap = np.zeros((SIDE, SIDE), np.float32)
    heatmap[3, 4], heatmap[5, 6] = 2, -8
    planes = np.zeros((6, SIDE, SIDE), np.float32)
    planes[0, 0, 0], planes[5, 0, 0] = 4, 1

    told = explainer(heatmap, planes=planes)
    explanation = told.explain(random_probe("rgb", 1), noise_picture(), label="FAKE")

    assert explanation.heatmap[3, 4] == 0.25
    assert explanation.heatmap[5, 6] == -1
    assert explanation.plane_maps[5, 0, 0] == 0.25
    assert explanation.heatmap.dtype == explanation.plane_maps.dtype == np.float32


def test_no_evidence_stays_none():
    """A map of zeros is not divided by zero."""
    explanation = explainer().explain(
        random_probe("rgb", 1), noise_picture(), label="REAL"
    )

    np.testing.assert_array_equal(explanation.heatmap, 0)
    assert explanation.plane_maps is None


@pytest.mark.parametrize("signed", [True, False])
def test_the_record_has_all_it_takes(signed):
    """Names, weights, seed, settings and what the method adds to them."""
    network = random_probe("rgb", 1)

    explanation = explainer(signed=signed).explain(
        network, noise_picture(), label="FAKE", seed=5, settings={"width": 10}
    )

    assert (explanation.method, explanation.network) == ("told", "cnn")
    assert (explanation.label, explanation.seed) == ("FAKE", 5)
    assert explanation.signed is signed
    assert explanation.model_sha256 == network.sha256
    assert explanation.settings == {"width": 10, "asked": 10}
    assert explanation.seconds > 0


@pytest.mark.parametrize(
    ("given", "complete"),
    [({}, 6), ({"width": 2}, 2), ({"width": 10}, 10), ({"width": np.int64(6)}, 6)],
)
def test_settings_are_completed(given, complete):
    """What is not given has its default; the ends of the range may be chosen."""
    settings = explainer().complete(given)

    assert settings == {"width": complete}
    assert type(settings["width"]) is int


@pytest.mark.parametrize("value", [1, 11, 4, -6, 6.5, float("nan"), "6"])
def test_a_setting_out_of_range_is_refused(value):
    """The sentence gives the range and what was received."""
    told = explainer()

    with pytest.raises(
        SettingError,
        match=f"^Expected width of Told from 2 to 10 in steps of 4. .*{value}",
    ):
        told.explain(
            random_probe("rgb", 1),
            noise_picture(),
            label="REAL",
            settings={"width": value},
        )


def test_an_unknown_setting_is_refused():
    """The sentence names those there are, or says that there are none."""
    with pytest.raises(UnknownNameError, match=r"no setting of Told .*'x'.*: width"):
        explainer().complete({"x": 6})
    with pytest.raises(UnknownNameError, match=r"Grad-CAM has no settings. .* 'x'"):
        EXPLAINERS["gradcam"].complete({"x": 6})


def test_a_score_is_for_its_label():
    """The score of FAKE is the negative of the logit, which is for REAL."""
    network, images = random_probe("rgb", 1), np.stack([noise(1), noise(2)])

    real = question(network).scores(images)
    fake = question(network, label="FAKE").scores(images)

    np.testing.assert_array_equal(real, network.logits(images))
    np.testing.assert_array_equal(fake, -real)


def test_the_flat_picture_has_the_mean_colour():
    """Each colour is averaged and rounded, and the picture's size is kept."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[: SIDE // 2] = 100, 31, 255

    flat = question(random_probe("rgb", 1), image).flat

    assert flat.shape == image.shape
    assert flat.dtype == np.uint8
    assert {tuple(pixel) for pixel in flat.reshape(-1, 3).tolist()} == {(50, 16, 128)}


def test_parts_of_a_picture_are_scored_in_batches():
    """What is not kept shows the rest; progress is told before each batch."""
    weights = np.zeros((SIDE, SIDE, 3))
    weights[7, 8, 0] = 1
    network, shares = LinearProbe(weights), []
    image, rest = np.full((2, SIDE, SIDE, 3), [[[[9]]], [[[4]]]], np.uint8)
    kept = np.zeros((BATCH + 50, SIDE, SIDE), np.bool_)
    kept[::2, 7, 8] = True

    asked = question(network, image, label="FAKE", progress=shares.append)
    scores = asked.scores_of_parts(kept, rest)

    np.testing.assert_array_equal(scores, np.tile([-9, -4], len(kept) // 2))
    assert network.calls == [BATCH, 50]
    assert shares == [0, BATCH / len(kept), 1]


@pytest.mark.parametrize("method", EXPLAINERS)
def test_progress_grows_to_the_whole(method):
    """A slow method tells its share, never less than before, up to 1."""
    shares = []
    network = random_probe("rgb", 1)

    EXPLAINERS[method].explain(
        network, noise_picture(), label="REAL", progress=shares.append
    )

    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    if method in SLOW:
        assert shares[0] == 0
        assert shares[-1] == 1
        assert len(shares) > 1


@pytest.mark.parametrize("method", SLOW)
def test_what_progress_raises_stops_the_work(method):
    """No picture is scored after it, and it comes through as it is."""
    network, told = constant_probe("rgb", 1.0), []

    def stop_in_between(share):
        told.append(len(network.calls))
        if share > 0:
            raise StopError

    with pytest.raises(StopError):
        EXPLAINERS[method].explain(
            network, noise_picture(), label="REAL", progress=stop_in_between
        )

    assert len(network.calls) == told[-1]
