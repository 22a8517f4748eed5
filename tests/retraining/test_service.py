"""Teaching through the service: a real short retraining ends in a candidate."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cifake_core.accounts.records import ANYBODY
from cifake_core.basics.errors import DatasetError, SettingError, UnknownNameError
from cifake_core.basics.files import file_sha256
from cifake_core.data.datasets import library
from cifake_core.data.datasets.library import FOLDER
from cifake_core.evaluation import scores
from cifake_core.networks import OWN, store
from cifake_core.retraining import run_control
from cifake_core.retraining.run_control import RunStoppedError, read_progress
from cifake_core.retraining.service import Teaching, teach
from cifake_core.training import run_folder
from cifake_core.training.replay import no_fakes
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis
from cifake_core.versions.registry import VersionRegistry
from tests.made_teaching import CONFIG, POLICY, add_mine, trained_models

ADA = replace(ANYBODY, name="ada")


@pytest.fixture(scope="module")
def shipped(made_models, made_dataset, tmp_path_factory) -> Path:
    """Return the networks in use."""
    models = tmp_path_factory.mktemp("shipped") / "models"
    return trained_models(made_models, made_dataset, models)


@pytest.fixture(scope="module")
def home(made_dataset, tmp_path_factory) -> Path:
    """Return a user's folder with a data set "mine" of two generators."""
    home = tmp_path_factory.mktemp("home")
    add_mine(home, made_dataset, home / "pictures")
    return home


@pytest.fixture(scope="module")
def registry(home, shipped) -> VersionRegistry:
    """Return the versions of that user."""
    return VersionRegistry(home, shipped)


@pytest.fixture(scope="module")
def teaching(home, made_dataset) -> Teaching:
    """Return what the 2D-CNN is to learn."""
    return Teaching(
        network="cnn",
        on=("mine",),
        datasets=home / FOLDER,
        data=made_dataset,
        fakes=no_fakes,
        base=CONFIG,
        policy=POLICY,
    )


@pytest.fixture(scope="module")
def hashes(shipped) -> dict[str, str]:
    """Return the hash of every shipped file, before anything is taught."""
    return {str(p): file_sha256(p) for p in shipped.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def candidate(teaching, registry, hashes, tmp_path_factory):
    """Return the candidate of a whole teaching, and its run folder."""
    assert hashes
    run = tmp_path_factory.mktemp("runs") / "first"
    version = teach(teaching, registry=registry, run=run, by=ADA)
    return version, run


def test_it_ends_in_a_candidate_that_is_not_in_use(candidate, registry):
    """Number, parent, what it was taught and by whom are written down."""
    version, _ = candidate

    assert (version.number, version.network, version.parent) == (2, "cnn", 1)
    assert (version.state, version.who) == ("candidate", "ada")
    assert list(version.datasets) == ["mine"]
    assert registry.in_use().number == 1
    assert registry.models() == registry.shipped


def test_what_is_shipped_stays_byte_for_byte(candidate, hashes):
    """The candidate's tree is another one."""
    assert candidate
    now = {path: file_sha256(Path(path)) for path in hashes}

    assert now == hashes


def test_the_tree_holds_what_rests_on_the_new_weights(candidate, registry, shipped):
    """Weights, runtime, scores, ensemble, domain and policy are all of one piece."""
    version, _ = candidate
    tree = registry.folder(version.number)
    now = {name: store.revision(name, tree) for name in OWN}
    then = {name: store.revision(name, shipped) for name in OWN}

    assert now["cnn"] == version.model_sha256 != then["cnn"]
    assert now["ensemble"] != then["ensemble"]
    assert now["cnn3d"] == then["cnn3d"]
    assert policy_card.read(now, tree).model_sha256 == now
    features = {name: now[name] for name in ("cnn", "cnn3d", "cnn_multi")}
    assert mahalanobis.read(features, tree)
    assert scores.read("ensemble", tree).model_sha256 == now["ensemble"]
    assert scores.read("cnn", tree, store.VALIDATION_FILE).labels.size
    assert store.load_card(tree / "cnn").test is not None


def test_the_card_says_what_was_learnt(candidate, registry, home):
    """Digest and generators of the data set, and the weights it started from."""
    version, _ = candidate
    card = store.load_card(registry.folder(version.number) / "cnn")
    digest = library.card("mine", home / FOLDER).digest

    assert json.loads(json.dumps(card.config["datasets"])) == {
        "mine": {"digest": digest, "generators": ["dalle", "flux"]}
    }
    assert card.config["parent"] == store.revision("cnn", registry.shipped)


def test_metrics_before_and_after_stand_beside_each_other(candidate):
    """Of each generator of the set, and of CIFAKE."""
    version, _ = candidate

    for when in ("before", "validation"):
        found = version.metrics[when]
        assert set(found["sets"]["mine"]["generators"]) == {"dalle", "flux"}
        assert 0 <= found["accuracy"] <= 1
    assert version.metrics["seconds"] > 0


def test_the_run_says_that_it_is_done(candidate):
    """And makes room for the next."""
    version, run = candidate
    found = read_progress(run)

    assert (found.state, found.share, found.version) == ("done", 1.0, version.number)
    assert not (run / run_folder.CHECKPOINT_FILE).exists()


@pytest.mark.parametrize(
    ("where", "words", "kept"), [("training", "Epoch 2", 1), ("finishing", "", 2)]
)
def test_a_stopped_run_goes_on_where_it_was(  # noqa: PLR0913, PLR0917 - fixtures
    teaching, registry, tmp_path, monkeypatch, where, words, kept
):
    """Stopped in an epoch it keeps those before, stopped later all; resumed it ends."""
    run = tmp_path / "stopped"
    told = run_control.RunControl.tell

    def stop_there(self, state, share, sentence, **further):
        if state == where and sentence.startswith(words) and not resumed:
            (run / run_control.STOP_FILE).touch()
        told(self, state, share, sentence, **further)

    monkeypatch.setattr(run_control.RunControl, "tell", stop_there)
    resumed = False
    with pytest.raises(RunStoppedError, match="--resume"):
        teach(teaching, registry=registry, run=run, by=ADA)
    assert read_progress(run).state == "stopped"
    assert len(run_folder.read_checkpoint(run).history) == kept
    before = len(registry.listing())

    resumed = True
    version = teach(teaching, registry=registry, run=run, by=ADA, resume=True)

    assert len(registry.listing()) == before + 1
    assert version.state == "candidate"
    rows = (run / store.HISTORY_FILE).read_text("utf-8").splitlines()
    assert len(rows) == 3


def test_few_minutes_make_a_short_run(teaching, registry, tmp_path):
    """A thousandth of a minute is one step."""
    quick = replace(teaching, minutes=0.001)

    version = teach(quick, registry=registry, run=tmp_path / "quick", by=ADA)

    assert version.recipe["epochs"] == 1
    assert version.recipe["num_batches"] == 1


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"network": "ensemble"}, UnknownNameError, "network that can be taught"),
        ({"network": "nonsense"}, UnknownNameError, "network that can be taught"),
        ({"on": ("nowhere",)}, DatasetError, "nowhere"),
        ({"minutes": -1.0}, SettingError, "minutes"),
        ({"minutes": float("nan")}, SettingError, "minutes"),
    ],
)
def test_bad_requests_get_a_sentence(  # noqa: PLR0913, PLR0917 - fixtures
    teaching, registry, tmp_path, changes, error, words
):
    """Nothing is registered, and the run says that it failed."""
    before = len(registry.listing())

    with pytest.raises(error, match=words):
        teach(replace(teaching, **changes), registry=registry, run=tmp_path, by=ADA)

    assert len(registry.listing()) == before
    assert read_progress(tmp_path).state == "failed"
