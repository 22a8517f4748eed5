"""What pages ask about explanations: asked of the core once, of the right network."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from cifake_core.errors import ModelUnavailableError
from cifake_core.explain import channels, trust_table
from cifake_core.networks import store
from cifake_core.results import LABELS
from cifake_core.ui import evidence, services
from tests.app import records
from tests.fakes import LinearProbe


class ProbeDetector:
    """A detector whose networks are worked by hand."""

    def __init__(self, probes: dict[str, LinearProbe]) -> None:
        self._probes = probes

    def network(self, name: str) -> LinearProbe:
        """Return the network of that name."""
        return self._probes[name]


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, LinearProbe]]:
    """Return the networks that are asked, which count what they score."""
    probes = {"cnn": records.probe("cnn"), "cnn3d": records.plane_probe("cnn3d")}
    detector = ProbeDetector(probes)
    monkeypatch.setattr(services, "detector", lambda: detector)
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

    monkeypatch.setattr(channels, "stored_means", means)

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
def test_the_measured_methods_come_from_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Without a file there is no table, nor with one that is not to be used."""
    monkeypatch.setattr(store, "MODELS", tmp_path)
    absent = evidence.measured_methods()
    (tmp_path / trust_table.TRUST_FILE).write_text("{}", "utf-8")
    read = []

    def refuse():
        read.append("refused")
        msg = "It was made with other weights."
        raise ModelUnavailableError(msg)

    monkeypatch.setattr(trust_table, "read", refuse)

    for _ in range(2):
        assert evidence.measured_methods() is None

    assert absent is None
    assert read == ["refused"]
