"""The strip of changed pictures: every change with its outcome, told in words."""

from streamlit.testing.v1 import AppTest

from tests.ui.reading import alts, texts

_PERCENT = "\N{NO-BREAK SPACE}%"


def page(p_real: list[float], original_p_real: float) -> None:
    """Draw the strip; AppTest runs this function as a page of its own."""
    import numpy as np

    from cifake_core.ui.widgets.stability_strip import show_strip_of_changes
    from cifake_core.verdicts.records import Stability

    show_strip_of_changes(
        Stability(
            names=tuple(f"Change {number}" for number in range(len(p_real))),
            pictures=np.zeros((len(p_real), 32, 32, 3), np.uint8),
            p_real=np.array(p_real),
            original_p_real=original_p_real,
            network="ensemble",
            model_sha256="a",
            seed=0,
            seconds=0.1,
        )
    )


def shown(p_real: list[float], original_p_real: float) -> AppTest:
    """Return the page with the strip of these probabilities."""
    arguments = (p_real, original_p_real)
    app = AppTest.from_function(page, args=arguments, default_timeout=20).run()
    assert not app.exception
    return app


def test_a_photograph_that_falls_once():
    """Each change has its picture in words; the fallen one says what it became."""
    app = shown([0.9, 0.23, 0.6], 0.95)

    assert alts(app) == [
        f"Change 0: still REAL, probability of REAL 90.0{_PERCENT}.",
        f"Change 1: now FAKE, probability of REAL 23.0{_PERCENT}.",
        f"Change 2: still REAL, probability of REAL 60.0{_PERCENT}.",
    ]
    told = texts(app)
    assert f"The Ensemble calls this picture REAL (95.0{_PERCENT})" in told
    assert "**2 of 3** changed copies as well" in told
    assert f"Its weakest: *Change 1*, 23.0{_PERCENT}." in told
    assert f":material/close: FAKE 23.0{_PERCENT} :gray-badge[weakest]" in told
    assert told.count("weakest]") == 1


def test_a_fake_that_holds():
    """For a picture called FAKE, it is the probability of FAKE that is told."""
    app = shown([0.01, 0.3], 0.1)

    told = texts(app)
    assert "**2 of 2** changed copies as well" in told
    assert f"Its weakest: *Change 1*, 70.0{_PERCENT}." in told
    assert f":material/check: 99.0{_PERCENT}" in told
    assert ":material/close:" not in told
