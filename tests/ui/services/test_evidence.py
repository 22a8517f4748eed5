"""What pages ask about explanations: asked of the core once, of the right network."""

import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from cifake_core.basics.labels import LABELS
from cifake_core.explain import channel_values
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.inputs import network_input
from cifake_core.networks.inspection.convolution import meets
from cifake_core.trust import table as trust_table
from cifake_core.ui.services import evidence, services
from tests.cards import network_card
from tests.fakes import LinearProbe
from tests.ui import records


class ProbeDetector:
    """A judge whose networks are worked by hand."""

    def __init__(self, probes: dict[str, LinearProbe]) -> None:
        self._probes = probes

    def network(self, name: str) -> LinearProbe:
        """Return the network of that name."""
        return self._probes[name]


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, LinearProbe]]:
    """Return the networks that are asked, which count what they score."""
    probes = {"cnn": records.probe("cnn"), "cnn3d": records.plane_probe("cnn3d")}
    judge = ProbeDetector(probes)
    monkeypatch.setattr(services, "judge", lambda: judge)
    monkeypatch.setattr(store, "available", lambda: ("cnn", "cnn3d"))
    monkeypatch.setattr(store, "revision", records.sha256)
    _clear_caches()
    yield probes
    _clear_caches()


def _clear_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def test_a_map_is_tested_once(probes: dict[str, LinearProbe]):
    """The same map is tested once, and tells how far that is; another one again."""
    image, shares = records.picture(), []
    maps = {label: records.explanation("cnn", "gradcam", label) for label in LABELS}

    first = evidence.trust(image, maps["REAL"], progress=shares.append)
    again = evidence.trust(image, maps["REAL"])
    calls = len(probes["cnn"].calls)
    other = evidence.trust(image, maps["FAKE"])

    assert again is first
    assert (first.label, other.label) == LABELS[::-1]
    assert len(probes["cnn"].calls) == 2 * calls
    assert shares[-1] == 1.0


def test_equal_maps_of_two_methods_are_not_mixed_up(probes: dict[str, LinearProbe]):
    """Two methods with the same map each have a record of their own."""
    found = [
        evidence.trust(records.picture(), records.explanation("cnn", method, "REAL"))
        for method in ("gradcam", "hirescam")
    ]

    assert [trust.method for trust in found] == ["gradcam", "hirescam"]
    assert probes["cnn"].calls


def test_channels_are_those_of_the_card(
    probes: dict[str, LinearProbe], monkeypatch: pytest.MonkeyPatch
):
    """The values rest on the card's means and are computed once a question."""
    asked = []

    def means(name):
        asked.append(name)
        return np.full(6, 100.0)

    monkeypatch.setattr(channel_values, "stored_means", means)

    found = [
        evidence.channel_values(
            records.picture(), network="cnn3d", label="REAL", replacement=replacement
        )
        for replacement in ("training_mean", "training_mean", "blurred_noise")
    ]

    assert asked == ["cnn3d", "cnn3d"]
    assert probes["cnn3d"].calls == [64, 64]
    assert found[0].values.sum() == pytest.approx(found[0].full - found[0].baseline)
    assert found[2].replacement == "blurred_noise"


def test_stability_is_weighed_once(probes: dict[str, LinearProbe]):
    """A picture and its twenty variants are scored in one batch, once."""
    for _ in range(2):
        stability = evidence.stability(records.picture(), network="cnn")

    assert stability.network == "cnn"
    assert probes["cnn"].calls == [21]


@pytest.mark.usefixtures("probes")
def test_the_steps_of_gradcam_are_those_of_the_network():
    """What is bright on the right speaks for REAL, and so against FAKE."""
    image = records.picture()

    real, fake = (
        services.cam_steps(image, network="cnn", label=label) for label in LABELS[::-1]
    )

    assert (real.layer, real.label, fake.label) == ("places", "REAL", "FAKE")
    assert real.weights.tolist() == [1, -1]
    assert fake.weights.tolist() == [-1, 1]
    np.testing.assert_array_equal(fake.evidence, -real.evidence)
    assert (real.evidence[:, :4] == 0).all()
    assert (real.evidence[:, 4:] > 0).all()
    assert real.heatmap.max() == 1
    assert not fake.heatmap.any()


def test_limes_line_is_fitted_once(probes: dict[str, LinearProbe]):
    """The same question is scored once; the other label has the opposite line."""
    image = records.picture()
    logit = probes["cnn"].logits(image[None])[0]
    probes["cnn"].calls.clear()

    first, again, other = (
        services.fit_line(image, network="cnn", label=label, num_samples=100)
        for label in ("REAL", "REAL", "FAKE")
    )

    assert again is first
    assert sum(probes["cnn"].calls) == 2 * 100
    assert first.kept.shape == (100, first.pieces.max() + 1)
    assert first.scores[0] == pytest.approx(logit, rel=1e-5)
    np.testing.assert_allclose(other.scores, -first.scores, rtol=1e-5)
    np.testing.assert_allclose(other.weights, -first.weights, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn", "cnn3d"])
def test_the_first_layers_are_those_of_the_shipped_network(name: str):
    """They are fed the picture, and one value follows from kernel and bias."""
    image = records.picture()
    _clear_caches()

    first, second = services.feature_maps(image, network=name)

    fed = network_input(NETWORKS[name].input_kind, image[None])[0]
    np.testing.assert_allclose(first.given, fed / 127.5 - 1, atol=1e-5)
    assert second.given.shape[-1] == first.convolution.num_filters
    for maps in (first, second):
        opened = maps.convolution
        place = tuple(size // 2 for size in maps.filtered.shape[:-1])
        met = [
            meets(opened, maps.given.shape[axis], place=number, axis=axis)
            for axis, number in enumerate(place)
        ]
        value = opened.bias + sum(
            maps.given[there] @ opened.kernel[slot]
            for slot, there in zip(np.ndindex(opened.size), product(*met), strict=True)
            if None not in there
        )
        np.testing.assert_allclose(maps.filtered[place], value, rtol=1e-4, atol=1e-4)
        assert maps.passed.min() >= 0


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder with the card of one network, in place of the shipped ones."""
    revision, read = store.revision, trust_table.read
    monkeypatch.setattr(store, "MODELS", tmp_path)
    monkeypatch.setattr(store, "available", lambda: ("cnn",))
    # their default folder was set before
    monkeypatch.setattr(
        store, "revision", lambda name, models=tmp_path: revision(name, models)
    )
    monkeypatch.setattr(trust_table, "read", partial(read, tmp_path))
    (tmp_path / "cnn").mkdir()
    card = {"name": "cnn", "model_sha256": records.sha256("cnn")}
    store.write_card(tmp_path / "cnn", card)
    _clear_caches()
    yield tmp_path
    _clear_caches()


def test_the_measured_methods_come_from_their_file(measured: Path):
    """The table is read once, and anew after it was made again."""
    table = records.trust_table("cnn", "hirescam")
    path = trust_table.write(table, measured)

    first, again = evidence.measured_methods(), evidence.measured_methods()
    trust_table.write(replace(table, num_errors=26), measured)
    os.utime(path, ns=(0, 1))  # a coarse clock may give both the same time
    renewed = evidence.measured_methods()

    assert first is not None
    assert asdict(first) == asdict(table)
    assert first.best_method("cnn") == "hirescam"
    assert again is first
    assert renewed is not None
    assert renewed.num_errors == 26


def test_no_table_of_other_weights_is_shown(measured: Path):
    """Weights that came after the table have none."""
    trust_table.write(records.trust_table("cnn", "hirescam"), measured)
    before = evidence.measured_methods()

    store.write_card(measured / "cnn", network_card("cnn", "b2"))

    assert before is not None
    assert evidence.measured_methods() is None


def test_without_a_usable_file_there_is_no_table(measured: Path):
    """Neither where there is none, nor where it is corrupted."""
    absent = evidence.measured_methods()
    (measured / trust_table.TRUST_FILE).write_text("{}", "utf-8")

    assert absent is None
    assert evidence.measured_methods() is None


@pytest.mark.usefixtures("probes")
def test_the_steps_of_gradcam_are_found_once():
    """The same question has the same answer; another label or picture its own."""
    image = records.picture()

    first, again, other = (
        services.cam_steps(image, network="cnn", label=label)
        for label in ("REAL", "REAL", "FAKE")
    )
    elsewhere = services.cam_steps(255 - image, network="cnn", label="REAL")

    assert again is first
    assert other.label == "FAKE"
    np.testing.assert_array_equal(other.weights, -first.weights)
    assert elsewhere is not first


@pytest.mark.usefixtures("probes")
def test_the_maps_of_the_layers_are_found_once(monkeypatch: pytest.MonkeyPatch):
    """A network looks at a picture once, and again when it has other weights."""
    asked = []

    class Anatomy:
        def maps(self, image):
            asked.append(image[0, 0, 0])
            return ()

    monkeypatch.setattr(services, "_anatomy", lambda _name, _revision: Anatomy())
    images = records.picture(), records.picture(), 255 - records.picture()

    found = [services.feature_maps(image, network="cnn") for image in images]
    monkeypatch.setattr(store, "revision", lambda name: records.sha256(f"{name} new"))
    services.feature_maps(images[0], network="cnn")

    assert found == [(), (), ()]
    assert len(asked) == 3
