"""How figures are computed: no chart, map or other figure lacks it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cifake_core import figures
from cifake_core.basics.places import CHECKOUT
from cifake_core.explain import EXPLAINERS
from cifake_core.figures.computing import COMPUTATIONS

UI = sorted((CHECKOUT / "cifake_core" / "ui").rglob("*.py"))
CHARTS = {name for name in figures.__all__ if name.endswith("_figure")}
#: Figures that are neither charts nor maps.
OTHERS = {"attention_maps", "stability", "splice"}
#: Where charts are drawn, with how they are computed below them.
PLACE = "cifake_core/ui/widgets/computing.py"


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Return what a module calls, by the last part of its name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "attr", getattr(function, "id", "")), node


def test_every_figure_is_said_how_and_nothing_else():
    """All charts, all methods of explanation, and the others, by their names."""
    assert set(COMPUTATIONS) == CHARTS | set(EXPLAINERS) | OTHERS


@pytest.mark.parametrize("name", COMPUTATIONS)
def test_each_has_words_formula_and_source(name: str):
    """None is empty, sentences end, and brackets of the formula are closed."""
    how = COMPUTATIONS[name]

    assert how.words.endswith(".")
    assert how.words.count("$") % 2 == 0
    assert how.formula
    assert how.formula.count("{") == how.formula.count("}")
    assert how.source
    assert not how.source.endswith(".")


@pytest.mark.parametrize("name", COMPUTATIONS)
def test_none_states_an_answer(name: str):
    """They speak of photographs, so that no word on scope is owed beside them."""
    how = COMPUTATIONS[name]

    assert not {"REAL", "UNSURE"} & set(
        re.findall(r"[A-Z]+", f"{how.words} {how.formula}")
    )


def test_charts_are_drawn_where_that_stands_below_them():
    """No page draws a chart past it."""
    drawing = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (*UI, *(CHECKOUT / "pages").glob("*.py"))
        if any(
            name.endswith("_chart") and name != "show_chart" for name, _ in calls(path)
        )
    }

    assert drawing == {PLACE}


def test_each_chart_names_itself():
    """The name that goes with a chart is that of the function which draws it."""
    drawn = {}
    for path in UI:
        for name, call in calls(path):
            if name == "show_chart":
                what = call.args[0]
                assert isinstance(what, ast.Constant), path
                text = path.read_text("utf-8")
                assert f"figures.{what.value}(" in text, (path, what.value)
                drawn[what.value] = path

    assert set(drawn) == CHARTS


def test_modules_that_lay_maps_over_pictures_say_how():
    """Each says beside its maps how the method computes them."""
    laying = {"overlay", "laid_over", "map_picture"}
    silent = []
    for path in UI:
        called = {name for name, _ in calls(path)}
        if called & laying and "show_how" not in called:
            silent.append(path.name)

    assert not silent
