"""Scope on every page: no answer REAL, no verdict without what it knows.

The pages are those of the menu, so that a new one is walked, too.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.accounts.records import ANYBODY
from cifake_core.basics.places import (
    MODELS_VARIABLE,
    models_folder,
    user_data_folder,
)
from cifake_core.basics.progress import tell_nobody
from cifake_core.cases.casework import Cases
from cifake_core.cases.settings import HistorySettings
from cifake_core.ui import navigation
from cifake_core.ui.browse.explain_address import SECTIONS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines
from cifake_core.verdicts.scope import SCOPE_FILE
from cifake_core.workbench import Workbench
from tests import made_data, made_scopes
from tests.jobs.made_sources import jpeg_of
from tests.jobs.queue.made_queue import done
from tests.made_datasets import add_set
from tests.stated import lacking, states_answers
from tests.ui.pages.test_page_contract import PAGES
from tests.ui.reading import OpenApp, at, texts
from tests.ui.sections import sections

Act = Callable[[AppTest], object]


def look(app: AppTest) -> None:
    """Do nothing."""
    del app


def answer(app: AppTest) -> None:
    """Answer the question of a game."""
    app.button(key="beat_the_model_answer_6").click().run()


def play(app: AppTest) -> None:
    """Play a round to its end."""
    for _ in range(10):
        answer(app)
        app.button(key="beat_the_model_on").click().run()


def paste(app: AppTest) -> None:
    """Open the playground that pastes pictures."""
    app.toggle(key="explain_paste").set_value(True).run()


def open_two(app: AppTest) -> None:
    """Open a second picture beside the first."""
    app.file_uploader[0].upload("two.jpg", made_data.jpeg(made_data.picture(seed=2)))
    app.run()


def open_set(app: AppTest) -> None:
    """Open a data set of one's own."""
    add_set(user_data_folder(), user_data_folder() / "pictures")
    app.run()


def keep_two(app: AppTest) -> None:
    """Keep verdicts on two pictures in the history, and open it as the address says."""
    address = dict(app.query_params)
    bench().history.switch(HistorySettings(on=True), by=ANYBODY)
    at(app, "pages/analyze.py")
    open_two(app)
    at(app, "pages/history.py", **address)


def judge_again(app: AppTest) -> None:
    """Keep verdicts, and judge the picture of the open record again."""
    keep_two(app)
    app.button(key="history_again_ask").click().run()


def open_case(app: AppTest) -> None:
    """Keep verdicts, put one into a case, and open that."""
    cases = Cases(user_data_folder())
    keep_two(app)
    case = cases.create("Harbour")
    cases.add(case.id, [1])
    at(app, "pages/history.py", part="cases", opened_case=str(case.id))


def open_job(app: AppTest) -> None:
    """Open a job on pictures, one of which gets a verdict, that is done."""
    places = user_data_folder(), models_folder()
    pictures = [("a.jpg", made_data.jpeg(made_data.picture())), ("b.jpg", jpeg_of(2))]
    job = done(*places, pictures)
    at(app, "pages/batch.py", job=job.id)
    assert states_answers(" ".join(each.text for each in sections(app)))


#: By page, further ways in which it answers: an address, and what is done there.
FURTHER: Final[Mapping[str, tuple[tuple[dict[str, str], Act], ...]]] = {
    "analyze": (({}, open_two),),
    "history": (
        ({}, keep_two),
        ({"record": "1"}, keep_two),
        ({"record": "1"}, judge_again),
        ({"part": "cases"}, open_case),
    ),
    "batch": (({}, open_job),),
    "beat_the_model": (
        ({}, answer),
        ({}, play),
        ({"fakes": "generators"}, answer),
        ({"fakes": "generators"}, play),
    ),
    "generators": (
        ({"picture": "flow:1"}, look),
        *(({"part": part}, look) for part in ("found", "study", "difference")),
    ),
    "how_it_works": tuple(({"step": str(number)}, look) for number in (1, 2, 3, 5, 6)),
    "explain": (
        ({"picture": "40"}, paste),
        *(({"picture": "40", "section": each}, look) for each in SECTIONS),
    ),
    "teach": tuple(({"part": part}, look) for part in ("versions", "costs", "label")),
    "data_sets": (({}, open_set),),
}


def ways(file: str) -> list[tuple[str, dict[str, str], Act]]:
    """Each way in which a page is walked: as it is, opened, and those above."""
    addresses = [{}, dict(PAGES.get(file, {}))]
    plain = [(address, look) for address in addresses[: 1 + bool(addresses[1])]]
    return [(file, *way) for way in (*plain, *FURTHER.get(file, ()))]


#: The pages that show pictures of a data set of one's own.
ON_SETS: Final = ("test_set", "compare", "robustness")
WAYS: Final = [
    way
    for pages in navigation.SECTIONS.values()
    for file, _ in pages
    for way in ways(file)
]


@pytest.fixture(scope="session")
def scoped_models(models_with_paper, tmp_path_factory) -> Path:
    """Networks each of which knows other generators; don't change it."""
    models = tmp_path_factory.mktemp("scoped") / "models"
    shutil.copytree(models_with_paper, models)
    made_scopes.teach(models, {"cnn": ("vqgan",), "cnn3d": ("gan_resize", "flow")})
    made_scopes.write_scope(models)
    return models


@pytest.fixture
def scoped(made, scoped_models, monkeypatch) -> Path:
    """Those networks, which the app is given."""
    del made  # the data set is there
    monkeypatch.setenv(MODELS_VARIABLE, str(scoped_models))
    return scoped_models


def walk(open_app: OpenApp, way: tuple[str, dict[str, str], Act]) -> AppTest:
    """Return a page, with a picture open in Analyze that every network calls REAL."""
    file, address, act = way
    app = open_app()
    app.file_uploader[0].upload("cat.jpg", made_data.jpeg(made_data.picture())).run()
    at(app, f"pages/{file}.py", **address)
    act(app)
    assert [error.value for error in app.exception] == []
    return app


def faults(app: AppTest, models: Path) -> list[str]:
    """Return what the page states without its scope."""
    bench = Workbench(models, user_data=user_data_folder())
    known = {name: bench.scope.known(name) for name in bench.all_names()}
    scope = bench.scope.of_verdicts()
    return [
        f"{section.head!r} lacks {words!r}"
        for section in sections(app)
        for words in lacking(section.text, scope, known)
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[1]}")
def test_no_page_answers_without_scope(open_app: OpenApp, scoped: Path, way):
    """Under each heading stands what the networks and verdicts there know."""
    app = walk(open_app, way)

    assert faults(app, scoped) == []


@pytest.mark.parametrize("file", ON_SETS)
def test_no_answer_on_ones_own_pictures_is_without_scope(
    open_app: OpenApp, scoped: Path, user_data: Path, tmp_path: Path, file: str
):
    """Nor on a data set of one's own, its pictures judged, and one of them open."""
    add_set(user_data, tmp_path / "pictures")
    open_app()
    bench().own_sets.find("mine").decide(tell_nobody)

    for opened in ({}, {"picture": "0"}):
        app = walk(open_app, (file, {"pictures": "mine", **opened}, look))
        assert faults(app, scoped) == []


def test_the_walk_meets_answers(open_app: OpenApp, scoped: Path):
    """What is walked is not empty: the picture is called REAL, and by the verdict."""
    del scoped

    app = walk(open_app, ("analyze", {}, look))

    assert any(states_answers(section.text) for section in sections(app))
    assert "No trace of the generators it knows" in texts(app)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (("analyze", {}, look), "show"),
        (("analyze", {}, look), "show_networks"),
        (("explain", {"picture": "40"}, look), "say"),
        (("test_set", {}, look), "show_networks"),
        (("beat_the_model", {}, answer), "show_networks"),
    ],
)
def test_a_door_without_scope_is_found(
    open_app: OpenApp, scoped: Path, monkeypatch: pytest.MonkeyPatch, way, words: str
):
    """Take the words from a page, and the walk says what it lacks."""
    monkeypatch.setattr(scope_lines, words, lambda *_, **__: None)

    assert faults(walk(open_app, way), scoped)


@pytest.mark.parametrize("file", ["analyze", "how_it_works", "about"])
def test_what_was_not_measured_has_no_figure(
    open_app: OpenApp,
    scoped: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
):
    """Without a card the pages say so, and by which command it is measured."""
    models = tmp_path / "models"
    shutil.copytree(scoped, models)
    (models / SCOPE_FILE).unlink()
    monkeypatch.setenv(MODELS_VARIABLE, str(models))

    app = walk(open_app, (file, {"step": "6"}, look))

    assert faults(app, models) == []
    assert "evaluate cnn_multi --fakes FOLDER --save" in texts(app)
    assert "it never met" not in texts(app)
