"""Scope on every command: no answer REAL, no verdict without what it knows.

Each command of the registry has a call here, or says why it answers on no picture.
"""

import json
import shlex
from collections.abc import Mapping
from typing import Final

import pytest

from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.places import ASSETS, user_data_folder
from cifake_core.cli.app import COMMANDS
from cifake_core.networks.pool import NetworkPool
from cifake_core.workbench import Workbench
from tests import made_scopes
from tests.jobs.made_runs import put_run
from tests.jobs.made_sources import put_folder
from tests.stated import lacking, states_answers

CAT: Final = ASSETS / "samples" / "cat_32.png"
#: Words of a call, with places for the picture, the data set and a folder; or None for
#: a command that measures many pictures whose truth is known, or makes something.
CALLS: Final[Mapping[str, str | None]] = {
    "data": "info --data {data}",
    "filters": "{cat} --out {folder}",
    "predict": "{cat}",
    "scan": "report {run}",
    "explain": "{cat} --network cnn --method gradcam --out {folder}/map.png",
    "train": None,
    "ensemble": None,
    "evaluate": "cnn --data {data}",
    "compare": "cnn cnn3d",
    "reproduce": None,
    "layers": None,
    "trust": None,
    "map": None,
    "attention": None,
    "policy": None,
    "examples": None,
    "generators": "list",
    "retrain": None,
    "gate": None,
    "versions": "list",
    "signers": None,
    "objects": None,
    "serve": None,
    "accounts": None,
    "audit": None,
    "retention": None,
    "benchmark": None,
}
ANSWERING: Final = ("predict", "explain")


@pytest.fixture
def scanned(models, probes, tmp_path):
    """A scan that is done, by networks that know different generators."""
    made_scopes.teach(models, {"cnn": ("vqgan",), "cnn3d": ("gan_resize", "flow")})
    made_scopes.write_scope(models)
    pool = NetworkPool(models, load=lambda folder: probes[folder.name])
    source = put_folder(tmp_path / "pictures", good=2, bad=1)
    return put_run(tmp_path / "run", source, pool)


@pytest.fixture
def call(command, scanned, tiny_dataset, tmp_path, capsys):
    """A function that calls a command on those networks."""
    places = {"cat": CAT, "data": tiny_dataset, "folder": tmp_path, "run": scanned}

    def call(name: str, *more: str) -> str:
        words = shlex.split(str(CALLS[name]).format(**places))
        assert command(name, *words, *more) == 0
        return capsys.readouterr().out

    return call


def test_every_command_is_walked():
    """A new command has its row here."""
    assert list(CALLS) == list(COMMANDS)


@pytest.mark.parametrize("name", [name for name, words in CALLS.items() if words])
def test_no_command_answers_without_scope(call, models, name):
    """What is printed for a person has the words that must go with it."""
    bench = Workbench(models, user_data=user_data_folder())
    known = {each: bench.scope.known(each) for each in bench.names()}

    text = call(name)

    assert lacking(text, bench.scope.of_verdicts(), known) == []
    if name in {"predict", "scan"}:
        assert states_answers(text)


@pytest.mark.parametrize("name", ANSWERING)
def test_a_program_reads_the_scope(call, models, name):
    """Each object with an answer has the key on what its network knows."""
    scope = Workbench(models, user_data=user_data_folder()).scope

    lines = [json.loads(line) for line in call(name, "--json").splitlines()]

    assert lines
    for line in lines:
        assert tuple(line["knows"]) == scope.known(line["network"])
        if "verdict" in line:
            assert line["verdict"] in DECISIONS
            assert line["scope"] == {
                "known": ["Stable Diffusion 1.4", "vqgan", "gan_resize", "flow"],
                "unseen_recall": 0.12,
                "unseen_recall_ci95": pytest.approx([0.07, 0.198], abs=1e-3),
                "n_unseen": 100,
            }


def test_without_a_card_the_key_is_absent(call, models):
    """No figure is made up where none was measured; the words name the command."""
    (models / "scope.json").unlink()

    objects = call("predict", "--json").splitlines()
    words = call("predict")

    assert not any("scope" in json.loads(line) for line in objects)
    assert "evaluate cnn_multi --fakes FOLDER --save" in words
    assert "it never met" not in words
