"""What the first view of a server would wait for, done before anybody comes."""

import inspect
from contextlib import suppress

from cifake_core import figures, scores, thresholds
from cifake_core.errors import CifakeError
from cifake_core.marks import matrix_marks
from cifake_core.networks import store


def prepare() -> None:
    """Draw charts of a network's scores for nobody.

    What reads, counts and draws loads the rest of itself when it first does so.
    """
    # Streamlit asks once who calls it, for which Python looks up all modules' files
    inspect.stack()
    with suppress(CifakeError):  # told where a visitor asks for scores
        for name in store.available()[:1]:
            found = scores.read(name)
            point = thresholds.operating_point(
                found.labels, found.logits, threshold=thresholds.EVEN
            )
            curves = thresholds.curves(found.labels, found.logits)
            figures.curves_figure(found.report(leak_free=False), curves, point)
            figures.matrix_figure(point, marks=matrix_marks(), chosen="").to_json()
