"""From opinions to a ruling: the whole truth table."""

import numpy as np
import pytest

from cifake_core.policy import rule
from cifake_core.preprocess import prepare
from cifake_core.results import Opinion


def opinions_of(logits: dict[str, float]) -> dict[str, Opinion]:
    """Return opinions with these logits."""
    return {
        name: Opinion(
            network=name,
            logit=logit,
            p_real=float(1 / (1 + np.exp(-logit))),
            milliseconds=1.0,
            model_sha256="d4",
        )
        for name, logit in logits.items()
    }


def prepared_from(height: int, width: int):
    """Return what the networks would see of a flat picture of this size."""
    return prepare(np.full((height, width, 3), 60, np.uint8))


@pytest.mark.parametrize(
    ("cnn", "cnn3d", "native", "ruling", "num_reasons"),
    [
        (2.0, 3.0, True, "REAL", 0),
        (-2.0, -0.1, True, "FAKE", 0),
        (2.0, -2.0, True, "UNSURE", 1),
        (-2.0, 2.0, True, "UNSURE", 1),
        (2.0, 3.0, False, "UNSURE", 1),
        (-2.0, -0.1, False, "UNSURE", 1),
        (2.0, -2.0, False, "UNSURE", 2),
        (-2.0, 2.0, False, "UNSURE", 2),
    ],
)
def test_the_truth_table(cnn, cnn3d, native, ruling, num_reasons):
    """Only networks that agree on a 32x32 picture give a ruling."""
    logits = {"cnn": cnn, "cnn3d": cnn3d, "ensemble": (cnn + cnn3d) / 2}
    prepared = prepared_from(32, 32) if native else prepared_from(48, 64)

    given, reasons = rule(opinions_of(logits), prepared)

    assert given == ruling
    assert len(reasons) == num_reasons


@pytest.mark.parametrize(("logit", "ruling"), [(1.0, "REAL"), (-1.0, "FAKE")])
def test_one_network_has_nobody_to_disagree_with(logit, ruling):
    """Where only one is trained, its word is the ruling."""
    given, reasons = rule(opinions_of({"cnn": logit}), prepared_from(32, 32))

    assert (given, reasons) == (ruling, ())


def test_a_tie_is_real():
    """Logit 0 is REAL, and so agrees with a network that says REAL."""
    ruling, reasons = rule(
        opinions_of({"cnn": 0.0, "cnn3d": 1.0}), prepared_from(32, 32)
    )

    assert (ruling, reasons) == ("REAL", ())


def test_disagreement_is_told_in_full():
    """The reason names each network, its label and its confidence."""
    logits = {"cnn": np.log(9), "cnn3d": -np.log(3)}

    _, reasons = rule(opinions_of(logits), prepared_from(32, 32))

    words = "the 2D-CNN says REAL (90%), the 3D-CNN says FAKE (75%)"
    assert reasons == (f"The networks disagree: {words}.",)


def test_disagreement_is_between_networks_with_weights():
    """The ensemble is not a third voice, and nobody is said to be 100% sure."""
    logits = {"cnn": 12.0, "cnn3d": -1.0, "ensemble": 5.5}

    _, (reason,) = rule(opinions_of(logits), prepared_from(32, 32))

    assert "Ensemble" not in reason
    assert "the 2D-CNN says REAL (over 99%)" in reason


@pytest.mark.parametrize(
    ("height", "width"), [(31, 31), (33, 33), (32, 40), (40, 32), (480, 640)]
)
def test_every_other_size_is_a_reason(height, width):
    """The reason gives width x height; a crop to 32x32 counts as well."""
    ruling, (reason,) = rule(opinions_of({"cnn": 5.0}), prepared_from(height, width))

    assert ruling == "UNSURE"
    assert f"{width}x{height} pixels" in reason
