"""Data sets: explained, added, refused, looked at, forgotten and brought back."""

import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.accounts.records import ANYBODY
from cifake_core.ui.pages.datasets.adding import _Wanted
from cifake_core.ui.services.bench import bench
from tests.made_data import jpeg
from tests.made_datasets import PER_LABEL, write_set
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    labels,
    row_tables,
    tables,
    texts,
    unfold,
)

PAGE = "pages/data_sets.py"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder of pictures of two generators, with an unreadable file."""
    folder = write_set(tmp_path / "p", generators=("gan", "flow"), num_unlabelled=2)
    (folder / "gan" / "bad.jpg").write_bytes(b"no picture")
    return folder


def add(app: AppTest, name: str, path: Path) -> AppTest:
    """The page after somebody had a set added by its path."""
    app.text_input(key="data_sets_name").input(name)
    app.text_input(key="data_sets_path").input(str(path)).run()
    button(app, "Check and add").click().run()
    assert not app.exception
    return app


def button(app: AppTest, label: str):
    """The button with this label."""
    (found,) = (each for each in app.button if each.label == label)
    return found


def test_an_empty_page_says_what_to_do(open_app: OpenApp):
    """What a set looks like, what it needs, and that nothing can be added yet."""
    app = open_app(PAGE)

    said = texts(app)
    assert "None yet" in said
    assert "at least 50 pictures of either label" in said
    assert "UNLABELLED/" in app.code[0].value
    assert button(app, "Check and add").disabled
    assert not row_tables(app)
    assert not app.exception


def test_a_set_is_added_and_opened(open_app: OpenApp, folder: Path):
    """Counts by part and generator, checks, what was left out, and some pictures."""
    app = add(open_app(PAGE), "new", folder)

    assert app.query_params["set"] == "new"
    assert app.text_input(key="data_sets_name").value == ""
    assert "Add a data set" in [each.label for each in app.expander]
    (listed,) = row_tables(app)
    assert listed.iloc[0].to_dict() == {
        "Name": "new",
        "Pictures": "122",
        "Photographs": "60",
        "Fakes": "60",
        "Not labelled": "2",
        "Generators": "flow, gan",
        "Left out": "1",
    }
    counts, checked = tables(app)
    assert counts["Pictures"].tolist()[:3] == [
        "Photographs",
        "Fakes of flow",
        "Fakes of gan",
    ]
    assert counts["All"].tolist() == ["60", "30", "30", "2", "122"]
    assert set(checked["Result"]) == {"✓\N{NO-BREAK SPACE}passed"}
    assert "All came with 32x32 pixels" in texts(app)
    shown = alts(app)
    assert sum(each.startswith("Photograph: REAL/") for each in shown) == 8
    assert sum(each.startswith("Fake of gan: gan/") for each in shown) == 8
    assert "Download as CSV" in labels(app, "download_button")
    unfold(app, "data_sets_left_out_new")
    assert app.dataframe[0].value["File"].tolist() == ["gan/bad.jpg"]


def test_sealed_pictures_are_not_shown(open_app: OpenApp, folder: Path):
    """The examples are of the training part alone."""
    add(open_app(PAGE), "new", folder)

    sealed = set(bench().datasets.pictures("new", parts=("test",)).members)
    found = bench().datasets.examples("new", count=PER_LABEL)
    assert not sealed & {file for each in found.values() for file, _ in each}


def test_a_refusal_is_told_with_its_checks(open_app: OpenApp, tmp_path):
    """In a sentence with the figures, until it was read; nothing is left."""
    folder = write_set(
        tmp_path / "p",
        save=lambda label, image: jpeg(image, quality=75 if label == "REAL" else 90),
    )
    app = add(open_app(PAGE), "new", folder)

    assert "The data set new is refused" in app.error[0].value
    assert "balanced accuracy of 100.0" in app.error[0].value
    (checked,) = tables(app)
    assert checked["Check"].iloc[0] == "File form"
    assert checked["Result"].tolist().count("✗\N{NO-BREAK SPACE}failed") == 1
    assert bench().datasets.listing() == ()
    button(app, "Understood").click().run()
    assert not app.error
    assert not tables(app)


def test_a_place_without_pictures_is_told(open_app: OpenApp, tmp_path):
    """In one sentence; the form keeps what was typed."""
    app = add(open_app(PAGE), "new", tmp_path / "nowhere")

    assert "There is nothing at" in app.error[0].value
    assert app.text_input(key="data_sets_name").value == "new"


def test_what_was_stopped_can_go_on_or_be_given_up(open_app: OpenApp, folder: Path):
    """Given up, it is forgotten, and can be begun anew."""
    app = open_app(PAGE)
    wanted = _Wanted(name="new", path=folder)
    app.session_state["data_sets_wanted"] = wanted
    app.session_state["data_sets_adding_stopped"] = wanted  # as the button does
    app.run()
    assert "Stopped: Reading and checking new" in texts(app)
    assert {"Go on", "Give up"} <= set(labels(app, "button"))

    button(app, "Give up").click().run()

    assert "Give up" not in labels(app, "button")
    assert bench().datasets.listing() == ()
    add(app, "new", folder)
    assert [card.name for card in bench().datasets.listing()] == ["new"]


def test_a_zip_is_uploaded(open_app: OpenApp, folder: Path, user_data: Path, tmp_path):
    """It is kept among the user's data, and the page says so."""
    app = upload(open_app(PAGE), "new", zipped(folder, tmp_path / "some.zip"))

    (kept,) = (user_data / "uploads").iterdir()
    assert kept.name.startswith("new-")
    assert bench().datasets.card("new").source == str(kept)
    assert len(row_tables(app)) == 1


def test_a_zip_that_is_refused_is_not_kept(open_app: OpenApp, user_data, tmp_path):
    """Nothing of it stays on this machine."""
    folder = write_set(tmp_path / "p", per_label=3)
    app = upload(open_app(PAGE), "new", zipped(folder, tmp_path / "some.zip"))

    assert "rarer label has 3 pictures" in app.error[0].value
    assert list((user_data / "uploads").iterdir()) == []


def zipped(folder: Path, path: Path) -> bytes:
    """The bytes of a zip of a folder."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.jpg"):
            archive.write(file, file.relative_to(folder).as_posix())
    return path.read_bytes()


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    """The page after somebody had a zip added."""
    app.text_input(key="data_sets_name").input(name)
    app.segmented_control(key="data_sets_way").set_value("upload").run()
    assert "uploads" in texts(app)
    app.file_uploader[0].upload("some.zip", data).run()
    button(app, "Check and add").click().run()
    assert not app.exception
    return app


def test_a_set_is_forgotten_and_brought_back(open_app: OpenApp, folder: Path):
    """After it was asked; the pictures stay, and one click takes it back."""
    app = add(open_app(PAGE), "new", folder)

    app.button(key="data_sets_remove").click().run()
    assert bench().datasets.listing() == ()
    assert "None yet" in texts(app)
    assert "was forgotten; its pictures stay" in app.info[0].value
    assert (folder / "REAL" / "000.jpg").is_file()
    app.button(key="data_sets_undo").click().run()

    assert [card.name for card in bench().datasets.listing()] == ["new"]
    assert not app.info
    assert not app.exception


def test_the_address_opens_a_set(open_app: OpenApp, folder: Path, tmp_path):
    """Of several none is open by itself; a name that is none is told."""
    other = write_set(tmp_path / "other", seed=9000)
    app = add(add(open_app(PAGE), "new", folder), "other", other)
    at(app, PAGE)
    assert app.header.values == ["other"]  # the one that was opened last
    at(app, PAGE, set="new")
    assert app.header.values == ["new"]
    at(app, PAGE, set="old")
    assert "set='old'. Expected one of: new, other" in app.warning[0].value
    assert "Click a row" in texts(app)
    assert not app.exception


def test_a_set_whose_pictures_are_gone_is_told(open_app: OpenApp, folder: Path):
    """The rest of the card is there, and it can be forgotten."""
    bench().datasets.add("new", folder, by=ANYBODY)
    (folder / "REAL" / "000.jpg").unlink()

    app = open_app(PAGE)

    assert "There is no file REAL/000.jpg" in app.error[0].value
    assert len(tables(app)) == 2
    assert app.button(key="data_sets_remove")
    assert not app.exception


def test_a_damaged_card_is_told(open_app: OpenApp, folder: Path, user_data: Path):
    """With the command that forgets it."""
    app = add(open_app(PAGE), "new", folder)
    (user_data / "datasets" / "new" / "card.json").write_text("{")
    at(app, PAGE)

    assert "data remove new" in app.error[0].value
    assert not app.exception
