"""The app's workbench: that of the version in use, also after another is promoted."""

import gc
import shutil
from pathlib import Path
from weakref import ref

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.places import DATABASE_FILE
from cifake_core.networks import store
from cifake_core.ui.services.bench import bench, pinned
from cifake_core.versions.registry import VersionRegistry
from tests import made_data, made_gates
from tests.made_versions import ANN, contents
from tests.ui.reading import OpenApp, texts

PICTURE = made_data.jpeg(made_data.picture("REAL"))


@pytest.fixture
def registry(made: Path, made_dataset: Path, user_data: Path) -> VersionRegistry:
    """The registry with a version 2 whose 2D-CNN says FAKE of everything."""
    return made_gates.with_blind_version(made, made_dataset, user_data)


def judged(app: AppTest) -> AppTest:
    """The page with a verdict on one picture."""
    app.file_uploader[0].upload("cat.png", PICTURE)
    return app.run()


def shows(app: AppTest, models: Path) -> bool:
    """True if what answers on the page is the 2D-CNN of this folder, and no other."""
    assert not app.exception
    assert not app.error
    shown = texts(app)
    return f"`{store.revision('cnn', models)[:8]}`" in shown


def test_a_promoted_version_answers_the_next_run(registry, made, open_app: OpenApp):
    """And the former one does not; after going back it is the other way round."""
    before, taught = contents(made), registry.folder(2)
    app = judged(open_app())
    assert shows(app, made)

    registry.promote(2, why="finds it", by=ANN)
    app.run()
    assert shows(app, taught)
    assert not shows(app, made)
    assert shows(judged(open_app()), taught)  # another visitor

    registry.rollback("cnn", why="", by=ANN)
    app.run()
    assert shows(app, made)
    assert not shows(app, taught)
    assert contents(made) == before


def test_the_former_versions_answers_and_networks_go(registry, made):
    """A workbench stays as long as its version is in use, then all it holds goes."""
    former = bench()
    network = ref(former.pool.network("cnn"))
    logits = ref(former.evaluation.scores("cnn").logits)
    assert former.models == made
    assert bench() is former

    registry.promote(2, why="finds it", by=ANN)
    assert bench().models == registry.folder(2)
    assert bench() is bench()

    del former
    gc.unfreeze()
    gc.collect()
    assert network() is None
    assert logits() is None


def test_one_version_answers_a_page_from_top_to_bottom(registry, made):
    """Also if another is promoted while it is drawn; the next page has that one."""
    with pinned() as (first, trouble):
        registry.promote(2, why="finds it", by=ANN)
        assert bench() is first
        assert first.models == made

    assert trouble == ""
    assert bench().models == registry.folder(2)


def test_a_version_whose_tree_is_gone_is_told_on_the_page(registry, open_app: OpenApp):
    """The shipped one answers meanwhile."""
    registry.promote(2, why="finds it", by=ANN)
    shutil.rmtree(registry.folder(2))

    app = open_app()

    assert "Version 2 is in use, but its folder" in app.warning[0].value
    assert app.title[0].value == "Photograph or AI-generated?"


def test_a_database_that_cannot_be_read_is_one_sentence(user_data, open_app: OpenApp):
    """No page can answer then, as nobody knows by which version."""
    (user_data / DATABASE_FILE).write_bytes(b"no database at all" * 100)

    app = open_app()

    assert "cannot be used" in app.error[0].value
    assert not app.exception
    assert not app.title
