"""Data: what the test set is like, with its pictures and without them."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.data import facts
from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    sources,
    tables,
    texts,
)

PAGE = "pages/data.py"


def samples(app: AppTest) -> list[str]:
    """Return the words of the sample pictures."""
    return [alt for alt in alts(app) if alt.startswith("A ")]


def test_copies_and_their_worth_are_told(open_app: OpenApp):
    """Counts by kind, and each network's accuracy with, without and on them."""
    app = open_app(PAGE)

    pairs, accuracies, _ = tables(app)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Also in training"] == "1"
    assert figures["Leak-free test pictures"] == "56"
    assert pairs["Object"].tolist() == ["cat"]
    assert pairs["Also in training"].tolist() == ["1"]
    first = accuracies.iloc[0]
    assert first["All, as published, n = 60"].startswith("95.0")
    assert first["Leak-free, n = 59"].startswith("96.6")
    assert first["Those also in training, n = 1"].startswith("0.0")
    assert first["Second copies, n = 0"] == "none"
    assert first["Owed to copies"] == "-1.61 points"
    assert "At most 0.00 of its points" in texts(app)
    assert not app.exception


def test_grey_pictures_are_told_apart(open_app: OpenApp):
    """Shares with intervals, a chart, and the accuracy on either kind."""
    app = open_app(PAGE)

    greys = tables(app)[2].iloc[0]
    assert (
        "Almost grey are 10.0\N{NO-BREAK SPACE}% (3.5 to 25.6) of FAKE"
        in charts(app)[0]
    )
    assert "but only 3.3" in texts(app)
    assert greys["Almost grey FAKE, n = 3"].startswith("66.7")
    assert greys["Almost grey REAL, n = 1"].startswith("100.0")
    assert greys["Other REAL, n = 29"].startswith("96.6")
    assert not app.exception


def test_spectra_and_means_have_words(open_app: OpenApp):
    """The charts say where the labels differ; each mean says what it is of."""
    app = open_app(PAGE)

    _, rings, spectra = charts(app)
    assert "REAL: 20.0, 10.0, 6.7" in rings
    assert "they differ most at 0.031 cycles a pixel, where FAKE has +1.0" in spectra
    assert "at 0.03 cycles a pixel, where FAKE is 1.0 decibels stronger" in texts(app)
    means = [alt for alt in alts(app) if alt.startswith("The mean of all")]
    assert len(means) == 20
    assert means[0] == "The mean of all REAL pictures of the class airplane."
    assert "8 figures on colour of a picture: 68.3" in texts(app)
    assert "60 pictures to test on, 30 photographs" in texts(app)
    assert not app.exception


def test_samples_stand_side_by_side(open_app: OpenApp):
    """There are eight of either label; others come with another seed."""
    app = open_app(PAGE)
    first = sources(app)[:16]

    next(b for b in app.button if b.label == "Others").click().run()

    assert samples(app) == ["A REAL cat."] * 8 + ["A FAKE cat."] * 8
    assert sources(app)[:16] != first
    assert app.query_params == {"seed": "1"}
    assert not app.exception


def test_an_address_opens_its_samples(open_app: OpenApp):
    """A link opens class, grey ones and seed; what there is none of is said."""
    app = open_app(PAGE)

    at(app, grey="yes", object_class="cat", seed="3")
    greys = samples(app)
    at(app, object_class="dog")

    assert greys == ["A REAL cat."] + ["A FAKE cat."] * 3
    assert samples(app) == []
    assert [info.value for info in app.info] == ["There is no such picture."] * 2
    assert not app.warning
    assert not app.exception


def test_choices_go_into_the_address(open_app: OpenApp):
    """Class and grey ones are written there, and taken out again."""
    app = open_app(PAGE)

    app.selectbox(key="data_object_class").select("cat").run()
    app.toggle(key="data_grey").set_value(v=True).run()
    both = dict(app.query_params)
    app.toggle(key="data_grey").set_value(v=False).run()

    assert both == {"object_class": "cat", "grey": "yes"}
    assert app.query_params == {"object_class": "cat"}
    assert not app.exception


def test_bad_addresses_are_told(open_app: OpenApp):
    """An unknown class is a sentence, and all are shown."""
    app = at(open_app(PAGE), object_class="cow")

    assert "='cow'. Expected one of: airplane" in app.warning[0].value
    assert len(samples(app)) == 16
    assert not app.exception


def test_pictures_of_another_set_are_not_shown(
    open_app: OpenApp, tiny_dataset: Path, monkeypatch: pytest.MonkeyPatch
):
    """Samples are only of the pictures that the facts are on."""
    monkeypatch.setenv("CIFAKE_DATA", str(tiny_dataset))

    app = open_app(PAGE)

    assert "on other test pictures" in app.error[0].value
    assert samples(app) == []
    assert not app.exception


def test_scores_on_other_pictures_are_told(open_app: OpenApp, remake: Remake):
    """A network's accuracy on grey pictures is never mixed with other facts."""
    models = remake()
    facts.write(replace(facts.read(models), members_sha256="other"), models)

    app = open_app(PAGE)

    assert len(app.info) == 4
    assert "on other test pictures" in app.info[0].value
    assert len(tables(app)) == 2
    assert not app.exception


def test_missing_facts_say_how_to_make_them(open_app: OpenApp, remake: Remake):
    """Without the stored facts there is the sentence with the command, and no more."""
    remake("data*")

    app = open_app(PAGE)

    assert "no file of facts on the data set" in app.info[0].value
    assert not tables(app)
    assert not app.exception


def test_the_leaked_pictures_are_a_link_away(open_app: OpenApp):
    """The link leads to the test set with the filter set."""
    app = open_app(PAGE)

    (link,) = [
        each for each in app.get("page_link") if each.proto.page.endswith("test_set")
    ]
    assert link.proto.query_string == "network=cnn&copies=in_training"
    assert not app.exception
