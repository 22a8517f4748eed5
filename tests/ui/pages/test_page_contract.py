"""What every page owes a visitor, whatever is missing: a sentence and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.places import MODELS_VARIABLE
from tests import made_data
from tests.ui.reading import ROOT, OpenApp, at, labels, opens

NO_NETWORKS = "no trained networks"
NO_DATA = "not on this machine"
NOT_VOUCHED = "not the ones their card vouches for"
CUT_OFF = "is not a zip"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """What a page owes where something is missing.

    `says` is in one of its sentences, or there is nothing to say if it is empty;
    `keeps` are parts that are there all the same: kinds of elements.
    """

    says: str = ""
    keeps: tuple[str, ...] = ()


#: By page, with the address at which it asks for most.
PAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "analyze": {},
    "batch": {},
    "explain": {"picture": "7"},
    "history": {},
    "test_set": {"network": "cnn", "picture": "7"},
    "compare": {"picture": "7"},
    "robustness": {"picture": "7"},
    "data": {},
    "data_sets": {},
    "teach": {},
    "embedding_map": {"network": "cnn"},
    "attention": {"network": "cnn3d"},
    "networks": {},
    "generators": {},
    "papers": {"network": "pavani"},
    "beat_the_model": {},
    "how_it_works": {"step": "4", "picture": "test:7"},
    "about": {},
}
#: The pages that show nothing of the networks' scores.
NO_SCORES: Final = {
    "analyze": Owed(),
    "batch": Owed(keeps=("button", "file_uploader")),
    "explain": Owed(keeps=("plotly_chart", "download_button")),
    "history": Owed(keeps=("button", "page_link")),
    "test_set": Owed(says="no table of test scores", keeps=("selectbox",)),
    "compare": Owed(says="no table of test scores", keeps=("selectbox",)),
    "robustness": Owed(says="no table of test scores", keeps=("selectbox",)),
    "data": Owed(says="no table of test scores", keeps=("plotly_chart", "metric")),
    "data_sets": Owed(keeps=("button", "text_input")),
    "teach": Owed(keeps=("segmented_control", "page_link")),
    "embedding_map": Owed(says="no table of test scores", keeps=("selectbox",)),
    "attention": Owed(says="no table of test scores", keeps=("selectbox",)),
    "networks": Owed(keeps=("plotly_chart",)),
    "generators": Owed(keeps=("plotly_chart", "button")),
    "papers": Owed(keeps=("plotly_chart", "dataframe")),
    "beat_the_model": Owed(says="no table of test scores"),
    "how_it_works": Owed(keeps=("plotly_chart",)),
    "about": Owed(keeps=("page_link",)),
}
NO_NETWORK: Final = {
    "analyze": Owed(says=NO_NETWORKS, keeps=("segmented_control",)),
    "batch": Owed(says=NO_NETWORKS),
    "explain": Owed(says=NO_NETWORKS),
    "history": Owed(keeps=("button", "page_link")),
    "test_set": Owed(says=NO_NETWORKS),
    "compare": Owed(says="two trained networks"),
    "robustness": Owed(says=NO_NETWORKS),
    "data": Owed(says="facts on the data set"),
    "data_sets": Owed(keeps=("button", "text_input")),
    "teach": Owed(says=NO_NETWORKS),
    "embedding_map": Owed(says=NO_NETWORKS),
    "attention": Owed(says=NO_NETWORKS),
    "networks": Owed(says=NO_NETWORKS),
    "generators": Owed(keeps=("plotly_chart", "segmented_control")),
    "papers": Owed(says="Its weights are not here", keeps=("dataframe",)),
    "beat_the_model": Owed(says=NO_NETWORKS),
    "how_it_works": Owed(says="no such network", keeps=("segmented_control",)),
    "about": Owed(says=NO_NETWORKS, keeps=("page_link",)),
}
NO_DATA_SET: Final = {
    "analyze": Owed(),
    "batch": Owed(keeps=("button", "file_uploader")),
    "explain": Owed(says="which are not on this machine", keeps=("button",)),
    "history": Owed(keeps=("button", "page_link")),
    "test_set": Owed(says=NO_DATA, keeps=("button",)),
    "compare": Owed(says=NO_DATA, keeps=("button",)),
    "robustness": Owed(says=NO_DATA, keeps=("button",)),
    "data": Owed(says=NO_DATA, keeps=("plotly_chart", "metric", "button")),
    "data_sets": Owed(keeps=("button", "text_input")),
    "teach": Owed(keeps=("segmented_control", "page_link")),
    "embedding_map": Owed(says=NO_DATA, keeps=("plotly_chart", "button")),
    "attention": Owed(says=NO_DATA, keeps=("plotly_chart", "button")),
    "networks": Owed(keeps=("plotly_chart",)),
    "generators": Owed(keeps=("plotly_chart", "button")),
    "papers": Owed(keeps=("plotly_chart", "dataframe")),
    "beat_the_model": Owed(says=NO_DATA, keeps=("button",)),
    "how_it_works": Owed(says=NO_DATA, keeps=("button", "segmented_control")),
    "about": Owed(keeps=("page_link",)),
}
DAMAGED_DATA_SET: Final = {
    "analyze": Owed(),
    "batch": Owed(keeps=("button", "file_uploader")),
    "explain": Owed(says=CUT_OFF, keeps=("button",)),
    "history": Owed(keeps=("button", "page_link")),
    "test_set": Owed(says=CUT_OFF, keeps=("button",)),
    "compare": Owed(says=CUT_OFF, keeps=("button",)),
    "robustness": Owed(says=CUT_OFF, keeps=("button",)),
    "data": Owed(says=CUT_OFF, keeps=("plotly_chart", "metric")),
    "data_sets": Owed(keeps=("button", "text_input")),
    "teach": Owed(keeps=("segmented_control", "page_link")),
    "embedding_map": Owed(says=CUT_OFF, keeps=("plotly_chart",)),
    "attention": Owed(says=CUT_OFF, keeps=("plotly_chart",)),
    "networks": Owed(keeps=("plotly_chart",)),
    "generators": Owed(says=CUT_OFF, keeps=("plotly_chart", "button")),
    "papers": Owed(keeps=("plotly_chart", "dataframe")),
    "beat_the_model": Owed(says=CUT_OFF),
    "how_it_works": Owed(says=CUT_OFF, keeps=("segmented_control",)),
    "about": Owed(keeps=("page_link",)),
}
DAMAGED_WEIGHTS: Final = {
    "analyze": Owed(says=NOT_VOUCHED, keeps=("segmented_control",)),
    "batch": Owed(keeps=("button", "file_uploader")),
    "explain": Owed(says=NOT_VOUCHED),
    "history": Owed(keeps=("button", "page_link")),
    "test_set": Owed(says=NOT_VOUCHED, keeps=("button",)),
    "compare": Owed(says=NOT_VOUCHED, keeps=("button",)),
    "robustness": Owed(says=NOT_VOUCHED, keeps=("button",)),
    "data": Owed(keeps=("plotly_chart", "metric")),
    "data_sets": Owed(keeps=("button", "text_input")),
    "teach": Owed(keeps=("segmented_control", "page_link")),
    "embedding_map": Owed(says=NOT_VOUCHED, keeps=("selectbox",)),
    "attention": Owed(keeps=("plotly_chart", "button")),
    "networks": Owed(keeps=("plotly_chart",)),
    "generators": Owed(keeps=("plotly_chart", "button")),
    "papers": Owed(says=NOT_VOUCHED, keeps=("plotly_chart", "dataframe")),
    "beat_the_model": Owed(keeps=("button",)),
    "how_it_works": Owed(says=NOT_VOUCHED, keeps=("segmented_control",)),
    "about": Owed(keeps=("page_link",)),
}
#: By page, an address with one fault, and what is kept of the page.
BAD_ADDRESSES: Final[Mapping[str, tuple[dict[str, str], str]]] = {
    "batch": ({"job": "gone"}, "button"),
    "explain": ({"picture": "7", "network": "vgg"}, "plotly_chart"),
    "history": ({"decision": "MAYBE"}, "button"),
    "test_set": ({"label": "CAT"}, "plotly_chart"),
    "compare": ({"network": "vgg"}, "plotly_chart"),
    "robustness": ({"corruption": "rain"}, "plotly_chart"),
    "data": ({"object_class": "cow"}, "plotly_chart"),
    "data_sets": ({"set": "old"}, "button"),
    "teach": ({"part": "zoo"}, "segmented_control"),
    "embedding_map": ({"label": "CAT"}, "plotly_chart"),
    "attention": ({"part": "zoo-1"}, "plotly_chart"),
    "generators": ({"part": "zoo"}, "plotly_chart"),
    "papers": ({"network": "cnn"}, "dataframe"),
    "beat_the_model": ({"game": "x"}, "button"),
}


def visit(open_app: OpenApp, page: str) -> AppTest:
    """Return a page as somebody sees it who has a picture open in Analyze."""
    app = open_app()
    app.file_uploader[0].upload("cat.jpg", made_data.jpeg(made_data.picture())).run()
    return at(app, f"pages/{page}.py", **PAGES[page])


def check(app: AppTest, owed: Owed) -> None:
    """Assert that a page says what it owes, keeps the rest and fails nowhere."""
    told = [
        each.value for kind in ("info", "warning", "error") for each in app.get(kind)
    ]
    assert [error.value for error in app.exception] == []
    assert app.title
    if owed.says:
        assert any(owed.says in sentence for sentence in told), told
    else:
        assert not app.error
    for kind in owed.keeps:
        assert app.get(kind), kind


def test_every_page_is_under_contract():
    """A new page has its rows here."""
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}

    assert pages == set(PAGES)
    for owed in (NO_SCORES, NO_NETWORK, NO_DATA_SET, DAMAGED_DATA_SET, DAMAGED_WEIGHTS):
        assert set(owed) == pages


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_missing(open_app: OpenApp, with_paper: Path, page: str):
    """Where everything is there, no page complains."""
    del with_paper
    app = visit(open_app, page)

    check(app, Owed())
    assert not app.warning


@pytest.mark.parametrize(("page", "owed"), NO_NETWORK.items())
def test_no_networks(
    open_app: OpenApp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    owed: Owed,
):
    """An empty folder of networks is told, with the way to fill it."""
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))

    check(visit(open_app, page), owed)


@pytest.mark.parametrize(("page", "owed"), NO_SCORES.items())
def test_no_scores(open_app: OpenApp, without_scores: Path, page: str, owed: Owed):
    """Networks that were not tested yet say how to test them."""
    del without_scores

    check(visit(open_app, page), owed)


@pytest.mark.parametrize(("page", "owed"), NO_DATA_SET.items())
def test_no_data_set(open_app: OpenApp, absent_dataset: Path, page: str, owed: Owed):
    """Without pictures there are the stored figures, and a way to get them."""
    del absent_dataset

    app = visit(open_app, page)

    check(app, owed)
    if owed.says == NO_DATA:
        assert "Download the data set" in labels(app, "button")
        assert not opens(app)


@pytest.mark.parametrize(("page", "owed"), DAMAGED_DATA_SET.items())
def test_damaged_data_set(
    open_app: OpenApp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    owed: Owed,
):
    """Pictures that cannot be read are a sentence; the stored figures stay."""
    path = tmp_path / "cut-off.zip"
    path.write_bytes(b"PK\x03\x04 and no more")
    monkeypatch.setenv("CIFAKE_DATA", str(path))

    check(visit(open_app, page), owed)


@pytest.mark.parametrize(("page", "owed"), DAMAGED_WEIGHTS.items())
def test_failing_network(
    open_app: OpenApp, damaged_weights: Path, page: str, owed: Owed
):
    """Weights that nobody vouches for are a sentence; what needs none is there."""
    del damaged_weights

    check(visit(open_app, page), owed)


@pytest.mark.parametrize(
    ("page", "address", "kept"),
    [(page, address, kept) for page, (address, kept) in BAD_ADDRESSES.items()],
)
def test_bad_address(open_app: OpenApp, page: str, address: dict[str, str], kept: str):
    """One bad value is one sentence that names it; the rest of the page is there."""
    app = at(open_app(), f"pages/{page}.py", **address)

    bad = [value for value in address.values() if value != "7"]
    (told,) = (warning.value for warning in app.warning)
    assert f"='{bad[0]}'. Expected" in told
    assert app.get(kept)
    assert not app.error
    assert not app.exception
