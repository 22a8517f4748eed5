"""Networks: cards, curves and figures of each, as AppTest sees the page."""

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from cifake_core.networks import NETWORKS, OWN, store
from tests.cards import network_card
from tests.models import Remake
from tests.ui.reading import OpenApp, tables, texts

PAGE = "pages/networks.py"
TITLES = [NETWORKS[name].title for name in OWN if not NETWORKS[name].members]


def headers(app: AppTest) -> list[str]:
    """Return the networks that have a section."""
    return [header.value for header in app.header]


def forget_objects(folder: Path, *sets: str) -> None:
    """Take what was measured of object classes on these sets from the card."""
    card = store.load_card(folder)
    test = {
        name: replace(found, objects=None) if name in sets else found
        for name, found in card.test.items()
    }
    store.write_card(folder, replace(card, test=test))


def table(app: AppTest, number: int) -> str:
    """Return the words of a table."""
    return tables(app)[number].to_string()


def test_each_trained_network_has_a_section(open_app: OpenApp):
    """Networks with weights of their own have a card; the ensemble has none."""
    app = open_app(PAGE)

    assert headers(app) == TITLES
    assert len(tables(app)) == 12
    assert "Ensemble" not in texts(app)
    assert not app.error
    assert not app.exception


def test_accuracies_have_intervals(open_app: OpenApp):
    """Validation and both test sets give n, accuracy, calibration and objects."""
    app = open_app(PAGE)

    shown = tables(app)[0]
    assert list(shown["Set"]) == [
        "Held out of training",
        "Official test set",
        "Leak-free test set",
    ]
    assert list(shown["Pictures"]) == ["60", "60", "59"]
    assert shown["Accuracy"][1] == "95.0\N{NO-BREAK SPACE}% (86.3 to 98.3)"
    assert shown["Object rightly named"][1] == "75.0\N{NO-BREAK SPACE}% (62.8 to 84.2)"
    assert shown["Calibration error"][0] == shown["Calibration error"][1]
    assert "not measured" not in table(app, 0)
    assert not app.exception


def test_facts_and_recipe_are_in_words(open_app: OpenApp, made: Path):
    """Facts, recipe and changes to pictures stand in words, unknown ones as named."""
    app = open_app(PAGE)

    facts, recipe, changes = (table(app, number) for number in (1, 2, 3))
    for words in (store.revision("cnn", made)[:16], "38.6 million", "60 min", "1.250"):
        assert words in facts
    assert "keras 3.15.1, numpy 2.4.6" in facts
    for words in ("Epochs", "12", "Learning rate, at its highest", "Seed", "7"):
        assert words in recipe
    assert "New setting" in recipe
    assert "40% of the pictures" in changes
    assert "quality 30 or better" in changes
    assert "augmentation" not in recipe.lower()
    assert not app.exception


def test_charts_have_words(open_app: OpenApp):
    """Each chart tells its figures in words; without a history there are no curves."""
    app = open_app(PAGE)

    words = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(words) == 7
    assert words[0] == (
        "Learning curves of the 2D-CNN. After 2 epochs, on held-out pictures: "
        "loss 0.200, accuracy 20.0%, object rightly named 20.0%."
    )
    assert words[1].startswith("Reliability of the 2D-CNN (")
    assert "82% sure, 100% right (57 pictures)" in words[1]
    assert "cat 45 of 60" in words[2]
    assert words[3].startswith("Reliability of the 3D-CNN (")
    assert not app.exception


def test_curves_without_objects_say_nothing_of_them(open_app: OpenApp, remake: Remake):
    """A history from before objects were learned has two panels and their words."""
    path = remake() / "cnn" / store.HISTORY_FILE
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines), "utf-8")

    app = open_app(PAGE)

    alt = app.get("plotly_chart")[0].proto.alt
    assert alt.endswith("loss 0.200, accuracy 20.0%.")
    assert not app.exception


def test_absent_facts_are_left_out(open_app: OpenApp, remake: Remake):
    """A network that was not tested yet has its training alone on the page."""
    models = remake()
    sha256 = store.revision("cnn3d", models)
    store.write_card(models / "cnn3d", network_card("cnn3d", sha256))

    app = open_app(PAGE)

    assert headers(app) == TITLES
    assert len(tables(app)) == 11
    assert list(tables(app)[4]["Set"]) == ["Held out of training"]
    assert sha256[:16] in table(app, 5)
    assert len(app.get("plotly_chart")) == 5
    assert not app.error
    assert not app.exception


def test_objects_may_be_unmeasured(open_app: OpenApp, remake: Remake):
    """A set on which objects were not counted says so; no matrix is drawn of it."""
    forget_objects(remake() / "cnn", "official")

    app = open_app(PAGE)

    named = tables(app)[0]["Object rightly named"]
    assert named[1] == "not measured"
    assert named[2] != "not measured"
    alts = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert not any("Object classes as the 2D-CNN" in alt for alt in alts)
    assert not app.exception


def test_networks_without_objects_have_no_column_for_them(
    open_app: OpenApp, remake: Remake
):
    """A network that was measured but names no object is shown without that."""
    folder = remake() / "cnn"
    forget_objects(folder, "official", "leak_free")
    card = store.load_card(folder)
    held_out = replace(card.validation, objects=None)
    store.write_card(folder, replace(card, validation=held_out))

    app = open_app(PAGE)

    assert list(tables(app)[0].columns) == [
        "Set",
        "Pictures",
        "Accuracy",
        "Calibration error",
    ]
    assert "Naming the object" in texts(app)  # the 3D-CNN's
    assert len(app.get("plotly_chart")) == 6
    assert not app.exception


def test_unreadable_card_is_told(open_app: OpenApp, remake: Remake):
    """A card that cannot be read is a sentence; the other cards are shown."""
    remake(damaged=("cnn/card.json",))

    app = open_app(PAGE)

    assert "cnn/card.json cannot be read" in app.error[0].value
    assert headers(app) == TITLES[1:]
    assert not app.exception
