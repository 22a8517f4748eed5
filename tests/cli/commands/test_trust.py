"""`trust`: the study as a command, on linear networks and the tiny data set."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cifake_core.basics import places
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import trust
from cifake_core.cli.context import Context
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.ensemble import Ensemble
from cifake_core.trust import table as trust_table
from cifake_core.trust.trials import Subjects
from tests.cards import put_ensemble, put_network
from tests.fakes import LinearProbe
from tests.subjects import (
    FAST,
    SMALL,
    LinearCascade,
    colour_probe,
    few_methods,
    subjects,
)

ESTIMATES = (
    "score",
    "score_blurred",
    "score_mean_colour",
    "spread",
    "deletion_auc",
    "insertion_auc",
    "random_deletion_auc",
    "random_insertion_auc",
    "beaten",
    "faithful",
    "splice_share",
    "splice_maximum_inside",
    "correlation_after_forgetting",
)


CONFIG = replace(SMALL, num_splices=2)
MEMBERS = tuple(name for name in OWN if not NETWORKS[name].members)


@pytest.fixture
def context(models, monkeypatch) -> Context:
    """Return the folder of the networks that are studied, by two methods."""
    few_methods(monkeypatch)
    for name in MEMBERS:
        put_network(models, name, all_subjects().networks[name].sha256)
    put_ensemble(models)
    return Context(shipped=models, user_data=user_data_folder())


def all_subjects() -> Subjects:
    """Return linear networks for all of our own, the expert beside the others."""
    found = subjects()
    expert = colour_probe("rgb", 3, name="cnn_multi")
    forgetful = LinearCascade("rgb", ("top", "bottom"), name=expert.name)
    networks = {**found.networks, expert.name: expert}
    cascades = {**found.cascades, expert.name: forgetful}
    return replace(
        found,
        networks={name: networks[name] for name in OWN},
        cascades={name: cascades[name] for name in MEMBERS},
    )


def load(_context, train, test, _seed) -> Subjects:
    """Return linear networks on these pictures."""
    return replace(all_subjects(), test=test, train=train)


def study(context: Context, data: Path, *, json: bool = False, load=load) -> None:
    """Run the command on few pictures."""
    trust.run(data=data, json=json, context=context, config=CONFIG, load=load)


def test_the_table_is_shipped_beside_the_networks(context, published, capsys):
    """The file can be read, the object names the winners, the parts are gone."""
    study(context, published, json=True)

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    table = trust_table.read(context.models)
    assert list(record) == [
        "path",
        "n",
        "num_errors",
        "num_splices",
        "seconds",
        "networks",
    ]
    assert record["path"] == str(context.models / "trust.json")
    assert (record["n"], record["num_errors"], record["num_splices"]) == (3, 0, 2)
    assert [each["network"] for each in record["networks"]] == list(OWN)
    for each in record["networks"]:
        name = each["network"]
        assert each["model_sha256"] == store.revision(name, context.models)
        assert each["best_method"] == table.best_method(name)
        assert list(each["methods"]) == list(FAST)
        for method, figures in each["methods"].items():
            assert set(figures) == {
                "splice_area",
                *ESTIMATES,
                *(f"{figure}_ci95" for figure in ESTIMATES),
            }
            assert figures["score"] == table.scores(name)[method].score.value
            halves = figures["score_blurred"], figures["score_mean_colour"]
            assert figures["score"] == pytest.approx(sum(halves) / 2)
    assert not list((places.cache_folder() / "trust").iterdir())


def test_other_pictures_leave_the_networks_alone(context, tiny_dataset, capsys):
    """Their table goes to the user's cache; a person reads a line for each method."""
    study(context, tiny_dataset)

    lines = capsys.readouterr().out.splitlines()
    place = places.cache_folder() / "trust" / "trust.json"
    assert lines[-1] == str(place)
    assert place.is_file()
    assert not (context.models / "trust.json").exists()
    assert lines[0].startswith("3 pictures (0 errors), 2 patches, seed 0, ")
    heads = [line for line in lines if "): best is " in line]
    assert [head.split(" (")[0] for head in heads] == [
        NETWORKS[name].title for name in OWN
    ]
    assert len([line for line in lines if line.startswith("Gradient x input")]) == 4


class Interrupted(LinearCascade):
    """A network that is interrupted by Ctrl-C when it begins to forget."""

    def network(self, count: int) -> LinearProbe:
        """Stop."""
        raise KeyboardInterrupt(count)


def test_a_stopped_command_goes_on(context, tiny_dataset, capsys):
    """Ctrl-C is answered by a sentence; what is kept is not computed again."""
    asked: list[Subjects] = []

    def load_watched(*words) -> Subjects:
        asked.append(load(*words))
        return asked[-1]

    def load_interrupted(*words) -> Subjects:
        cascades = {
            name: Interrupted(NETWORKS[name].input_kind, cascade.layers, name=name)
            for name, cascade in all_subjects().cascades.items()
        }
        return replace(load_watched(*words), cascades=cascades)

    with pytest.raises(KeyboardInterrupt, match="The same command goes on where"):
        study(context, tiny_dataset, load=load_interrupted)
    first = capsys.readouterr().err
    study(context, tiny_dataset, json=True, load=load_watched)

    captured = capsys.readouterr()
    assert "Going on" not in first
    assert "Going on where the last run was stopped." in captured.err
    assert json.loads(captured.out)["n"] == 3
    before, after = (sum(each.networks["cnn"].calls) for each in asked)
    assert after < before / 10


@pytest.mark.slow
def test_our_own_networks_are_studied(random_models):
    """All are asked, and each member can forget all of its layers."""
    from cifake_core.trust.randomization import Cascade

    splits = subjects()

    studied = trust.load_subjects(
        Context(shipped=random_models, user_data=user_data_folder()),
        splits.train,
        splits.test,
        3,
    )

    assert list(studied.networks) == list(OWN)
    assert isinstance(studied.networks["ensemble"], Ensemble)
    assert tuple(studied.cascades) == MEMBERS
    for cascade in studied.cascades.values():
        assert isinstance(cascade, Cascade)
        assert cascade.layers[0] == "logit"
    assert studied.forgotten("ensemble")[0] == "logit + logit"
