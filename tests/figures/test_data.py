"""The charts of the data set's facts: what they show, read back as data."""

import numpy as np
import pytest

from cifake_core import figures
from cifake_core.basics.estimates import Estimate
from cifake_core.pictures.statistics import Spectrum


@pytest.fixture
def spectra():
    """Return two flat spectra; FAKE is stronger by 2 decibels."""
    return {
        label: Spectrum(
            n=7,
            decibels=np.full((32, 32), level, np.float32),
            rings=tuple(
                Estimate(value=level - k, low=level - k - 1, high=level - k + 2)
                for k in range(16)
            ),
        )
        for label, level in (("FAKE", 22.0), ("REAL", 20.0))
    }


def test_spreads_stand_above_each_other_on_one_scale():
    """REAL is above FAKE, each with its own counts; a line bounds the grey ones."""
    counts = {"FAKE": np.array([9, 1, 0]), "REAL": np.array([1, 4, 5])}

    figure = figures.spread_figure(counts, (0, 2, 4, 6), grey_below=3)

    real, fake = figure.data
    assert (real.y, fake.y) == ((1, 4, 5), (9, 1, 0))
    assert real.x == (1, 3, 5)
    assert figure.layout.yaxis2.matches or figure.layout.yaxis.matches
    assert {shape.x0 for shape in figure.layout.shapes} == {3}
    assert [note.text for note in figure.layout.annotations] == [
        "REAL pictures",
        "FAKE pictures",
        "← almost grey",
    ]


def test_spectra_stand_beside_their_difference(spectra):
    """REAL and FAKE share a scale; that of the difference has 0 in its middle."""
    difference = np.full((32, 32), 2, np.float32)
    difference[16, 16] = -3

    figure = figures.spectrum_figure(spectra, difference)

    real, fake, third = figure.data
    assert (real.z[0][0], fake.z[0][0], third.z[0][0]) == (20, 22, 2)
    assert real.coloraxis == fake.coloraxis != third.coloraxis
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 22)
    assert (figure.layout.coloraxis2.cmin, figure.layout.coloraxis2.cmax) == (-3, 3)
    assert (third.x[16], third.x[0], third.y[24]) == (0, -0.5, 0.25)


def test_rings_differ_by_dash_and_marker(spectra):
    """Each label has its line with intervals, n in the legend."""
    figure = figures.rings_figure(spectra)

    real, fake = figure.data
    assert (real.name, fake.name) == ("REAL (n = 7)", "FAKE (n = 7)")
    assert real.line.dash != fake.line.dash
    assert real.marker.symbol != fake.marker.symbol
    assert real.x[7] == 0.25
    assert fake.y[2] == 20
    assert set(real.error_y.array) == {2}
    assert set(real.error_y.arrayminus) == {1}
