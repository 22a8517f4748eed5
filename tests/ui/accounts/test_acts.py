"""Acts of administrators, each by both of its doors: every one is in the audit."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core import cli
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.records import AuditLine
from cifake_core.accounts.store import Store
from cifake_core.cli.commands import objects, retrain
from cifake_core.cli.context import Context
from cifake_core.cli.guard import COMMAND_LINE, KEY_VARIABLE, NEEDS
from cifake_core.data.datasets import library
from cifake_core.networks.pool import load_network
from cifake_core.versions.registry import VersionRegistry
from tests import made_data, made_detector
from tests.accounts.conftest import ADMIN, ROOT, added
from tests.made_datasets import write_set
from tests.made_teaching import CONFIG, POLICY, trained_models
from tests.made_versions import ANN
from tests.ui.pages.test_teach import add_candidate, report
from tests.ui.reading import ROOT as CHECKOUT
from tests.ui.reading import OpenApp

pytestmark = pytest.mark.usefixtures("as_served")

_DIGEST = "[0-9a-f]{64}"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What an act finds: a data set "mine", a version 2 that may be promoted.

    `pictures` is a folder of which no data set was made, `detector` a file that can be
    fetched, `data` CIFAKE.
    """

    open_app: OpenApp
    user_data: Path
    models: Path
    data: Path
    pictures: Path
    detector: Path

    @property
    def versions(self) -> VersionRegistry:
        """The versions of the networks."""
        return VersionRegistry(self.user_data, self.models)

    def at(self, page: str, **query: str) -> AppTest:
        """A page at an address."""
        app = self.open_app(f"pages/{page}.py")
        app.query_params = query
        return app.run()

    def click(self, key: str, page: str, **query: str) -> AppTest:
        """A page after a click."""
        return self.at(page, **query).button(key=key).click().run()


@dataclass(frozen=True, kw_only=True)
class Act:
    """Act that the audit is to have: its line, and how it is done by each door.

    `before` is done without accounts; `result` is a pattern.
    """

    action: str
    subject: str
    result: str
    page: Callable[[Scene], object] | None = None
    command: tuple[str, ...] | Callable[[Scene], object] | None = None
    before: Callable[[Scene], object] = lambda _: None


def promote(scene: Scene) -> None:
    """Put version 2 to use on the page."""
    app = scene.at("teach")
    app.text_input(key="teach_why_2").set_value("finds it").run()
    app.button(key="teach_promote_2").click().run()


def promoted(scene: Scene) -> None:
    """Let version 2 be in use."""
    scene.versions.promote(2, why="finds it", by=ANN)


def add(scene: Scene) -> None:
    """Add a data set on the page."""
    app = scene.at("data_sets")
    app.text_input(key="data_sets_name").input("new")
    app.text_input(key="data_sets_path").input(str(scene.pictures)).run()
    (button,) = (each for each in app.button if each.label == "Check and add")
    button.click().run()


def restore(scene: Scene) -> None:
    """Forget a data set on the page, and take that back."""
    app = scene.click("data_sets_remove", "data_sets", set="mine")
    app.button(key="data_sets_undo").click().run()


def fetch_on_the_page(scene: Scene) -> None:
    """Get the detector by the button below a picture."""
    app = scene.at("analyze")
    app.file_uploader[0].upload(
        "street.png", made_data.png(made_detector.street(416, 416))
    )
    app.run().button(key="analyze_objects_fetch").click().run()


def fetch_by_command(scene: Scene) -> None:
    """Get it from a file."""
    context = Context(shipped=scene.models, user_data=scene.user_data)
    tiny = made_detector.weights()
    objects.fetch(str(scene.detector), context=context, weights=tiny)


def teach_by_command(scene: Scene) -> None:
    """Teach the 2D-CNN by a short recipe."""
    models = trained_models(scene.models, scene.data, scene.pictures / "models")
    context = Context(shipped=models, user_data=scene.user_data, load=load_network)
    retrain.run(
        "cnn",
        on=("mine",),
        data=scene.data,
        out=scene.pictures / "run",
        context=context,
        config=CONFIG,
        policy=POLICY,
    )


ACTS = (
    Act(
        action="version.promote",
        subject="cnn_multi, version 2",
        result="1 -> 2",
        page=promote,
        command=("versions", "promote", "2", "--why", "finds it"),
    ),
    Act(
        action="version.rollback",
        subject="cnn_multi, version 2",
        result="2 -> 1",
        before=promoted,
        page=lambda scene: scene.click("teach_rollback", "teach", part="versions"),
        command=("versions", "rollback", "cnn_multi"),
    ),
    Act(
        action="version.remove",
        subject="cnn_multi, version 2",
        result="done",
        page=lambda scene: scene.click("teach_remove_2", "teach", part="versions"),
        command=("versions", "remove", "2"),
    ),
    Act(
        action="retrain.begin",
        subject="cnn_multi",
        result="on mine",
        page=lambda scene: scene.click("teach_start", "teach"),
    ),
    Act(
        action="retrain.begin",
        subject="cnn",
        result="on mine",
        command=teach_by_command,
    ),
    Act(
        action="dataset.add",
        subject="new",
        result=f"120 pictures, digest {_DIGEST}",
        page=add,
        command=("data", "add", "new", "{pictures}"),
    ),
    Act(
        action="dataset.remove",
        subject="mine",
        result="done",
        page=lambda scene: scene.click("data_sets_remove", "data_sets", set="mine"),
        command=("data", "remove", "mine"),
    ),
    Act(
        action="dataset.restore",
        subject="mine",
        result=f"144 pictures, digest {_DIGEST}",
        page=restore,
    ),
    Act(
        action="dataset.label",
        subject="mine",
        result=f"FAKE for the picture {_DIGEST}",
        page=lambda scene: scene.click("teach_label_FAKE", "teach", part="label"),
    ),
    Act(
        action="history.switch",
        subject="",
        result="on, no end",
        page=lambda scene: scene.click("history_on", "history"),
    ),
    Act(
        action="detector.fetch",
        subject="Tiny",
        result=f"SHA-256 {_DIGEST}",
        page=fetch_on_the_page,
        command=fetch_by_command,
    ),
    Act(  # its page is tested in `test_administration`
        action="policy.retention",
        subject="bin",
        result="until it is deleted -> 30 days",
        command=("retention", "keep", "bin", "30"),
    ),
)
#: Commands for administrators that leave no line of their own: they look, compute what
#: stands beside the weights, or (`accounts`, `audit`) are tested in `tests.accounts`.
NOT_HERE = re.compile(
    "accounts|audit|attention|data (download|facts)|ensemble|examples|gate|generators|"
    "layers|map|policy|reproduce|retention run|serve|signers|train$|trust"
)


@pytest.fixture
def scene(  # noqa: PLR0913, PLR0917 - fixtures
    open_app, made, made_dataset, user_data, tmp_path, monkeypatch, processes
) -> Scene:
    """The scene, before there are accounts."""
    del processes  # ended after the test
    mine = write_set(tmp_path / "mine", num_unlabelled=24)
    library.add("mine", mine, root=user_data / library.FOLDER, cifake=None)
    detector = tmp_path / "tiny.onnx"
    detector.write_bytes(made_detector.detector())
    tiny = replace(made_detector.weights(), address=str(detector))
    made_detector.publish(monkeypatch, tiny)
    scene = Scene(
        open_app=open_app,
        user_data=user_data,
        models=made,
        data=made_dataset,
        pictures=write_set(tmp_path / "new", seed=9000),
        detector=detector,
    )
    add_candidate(scene.versions)
    scene.versions.record_gate(2, report())
    return scene


@pytest.fixture
def prepared(scene, act, request) -> Store:
    """The scene of an act, then accounts that are on, with Ann who administers."""
    act.before(scene)
    store = request.getfixturevalue("store")
    added(store, ADMIN, "administrator")
    return store


def by(door: str) -> list[object]:
    """The acts that are done by a door; the teaching itself takes a while."""
    slow = {teach_by_command: pytest.mark.slow}
    return [
        pytest.param(act, id=act.action, marks=slow.get(done, ()))
        for act in ACTS
        if (done := getattr(act, door))
    ]


def check(store: Store, act: Act, *, source: str) -> None:
    """Check that the audit has one line on an act, by Ann, and that its chain holds."""
    lines = [each for each in Audit(store).lines() if each.action == act.action]
    assert [_told(each) for each in lines] == [(ADMIN, source, act.subject)]
    assert re.fullmatch(act.result, lines[0].result)
    Audit(store).verify()


def _told(line: AuditLine) -> tuple[str, str, str]:
    """Who did it, from where, to what."""
    return line.who, line.source, line.subject


@pytest.mark.parametrize("act", by("page"))
def test_an_act_on_a_page_is_noted(scene, act, prepared, log_in):
    """With who has clicked."""
    log_in(ADMIN)

    act.page(scene)

    check(prepared, act, source="")


@pytest.mark.parametrize("act", by("command"))
def test_an_act_by_a_command_is_noted(scene, act, prepared, monkeypatch):
    """With the owner of the key."""
    key = Keys(prepared).make(
        ADMIN, name="test", scopes=("administer",), days=None, by=ROOT
    )
    monkeypatch.setenv(KEY_VARIABLE, key)

    if callable(act.command):
        act.command(scene)
    else:
        words = [each.format(pictures=scene.pictures) for each in act.command]
        assert cli.main(words, scene.models) == 0

    check(prepared, act, source=COMMAND_LINE)


def test_no_act_is_forgotten():
    """Each that the sources note is in the table, and each command that changes."""
    assert _noted() == {act.action for act in ACTS}
    commands = {" ".join(a.command[:2]) for a in ACTS if isinstance(a.command, tuple)}
    commands |= {"objects fetch", "retrain"}
    changing = {name for name, right in NEEDS.items() if right == "administer"}
    assert {each for each in changing if not NOT_HERE.match(each)} == commands


def _noted() -> set[str]:
    """Every action that a room beside the accounts notes."""
    found = set()
    for file in (CHECKOUT / "cifake_core").rglob("*.py"):
        text = file.read_text("utf-8")
        if "import note_act" not in text:
            continue
        calls = (each for each in ast.walk(ast.parse(text)) if _notes(each))
        words = (each for call in calls for each in ast.walk(call))
        found |= {
            each.value
            for each in words
            if isinstance(each, ast.Constant)
            and re.fullmatch(r"[a-z]+\.[a-z]+", str(each.value))
        }
    return found


def _notes(node: ast.AST) -> bool:
    """Whether a node calls what notes an act."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else ast.unparse(called)
    return name in ("note_act", "_note")
