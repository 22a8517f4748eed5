"""README: its figures are those that the command writes from the shipped artefacts."""

from benchmarks import readme_figures
from cifake_core.basics.places import CHECKOUT, user_data_folder
from cifake_core.workbench import Workbench


def test_figures_are_those_of_the_shipped_artefacts():
    """`python -m benchmarks.readme_figures` would change nothing."""
    text = readme_figures.README.read_text("utf-8")

    assert (
        readme_figures.written(
            text, Workbench(CHECKOUT / "models", user_data=user_data_folder())
        )
        == text
    )


def test_a_figure_typed_by_hand_is_found():
    """A digit that is not the artefacts' is written over."""
    text = readme_figures.README.read_text("utf-8")
    changed = text.replace("98.47 (98.30", "98.57 (98.30", 1)
    assert changed != text

    assert (
        readme_figures.written(
            changed, Workbench(CHECKOUT / "models", user_data=user_data_folder())
        )
        == text
    )
