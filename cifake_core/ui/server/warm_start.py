"""What the first views of a server would wait for, done before anybody comes."""

import inspect
from contextlib import suppress

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation import operating_points
from cifake_core.ui.browse.chart_filters import matrix_marks
from cifake_core.ui.services import services, stored


def prepare() -> None:
    """Read and count what pages show of our networks, and draw some of it for nobody.

    Answers are kept for visitors, and what reads, counts and draws loads the rest of
    itself when it first does so.
    """
    # Streamlit asks once who calls it, for which Python looks up all modules' files
    inspect.stack()
    names = services.networks()
    for name in names:
        with suppress(CifakeError):  # told where a visitor asks for it
            services.report(name, leak_free=False)
            services.curves(name, leak_free=False)
            stored.robustness_report(name, leak_free=False)
    for name in names[:1]:
        with suppress(CifakeError):
            _draw(name)


def _draw(network: str) -> None:
    """Draw charts of a network's scores."""
    found = services.test_scores(network)
    report = services.report(network, leak_free=False)
    curves = services.curves(network, leak_free=False)
    point = operating_points.operating_point(
        found.labels, found.logits, threshold=operating_points.EVEN
    )
    figures.curves_figure(report, curves, point)
    figures.matrix_figure(point, marks=matrix_marks(), chosen="").to_json()
