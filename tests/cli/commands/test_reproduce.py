"""`reproduce`: which networks are made, what is said of them, and where they go."""

import re
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import reproduce as command
from cifake_core.cli.commands.reproduce import Work
from cifake_core.cli.context import Context
from cifake_core.data import cifake
from cifake_core.networks import PAPERS, store
from cifake_core.papers import bird_lotfi_search, reproduction
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import Topology, Trial
from cifake_core.training.records import TrainingProgress
from tests.cards import metrics, network_card

STATE = TrainingProgress(
    epoch=1,
    num_epochs=1,
    batch=1,
    num_batches=1,
    loss=0.5,
    accuracy=0.5,
    seconds_left=0,
    validation_accuracy=None,
)


def make_ready() -> None:
    """Load nothing: no network is made here."""


@pytest.fixture
def asked() -> list[str]:
    """Return which networks the command asked for."""
    return []


@pytest.fixture
def work(tmp_path, asked) -> Work:
    """Return work of a moment; the weights of one network are too large to ship."""

    def reproduce(name, *, progress, scoring, **_where) -> Path:
        asked.append(name)
        progress(STATE)
        scoring(0.5)
        run = tmp_path / name
        run.mkdir()
        test = {"official": metrics(), "leak_free": metrics()}
        store.write_card(run, network_card(name, test=test, epochs=1, seconds=2.0))
        if name != "hosen_cnn3d":
            (run / store.WEIGHTS_FILE).touch()
        return run

    def search(_data, *, place, config, progress) -> Ranking:
        asked.append("b-search")
        progress("network 1 of 1: 2 x 32 filters")
        best = Trial(
            topology=Topology(convolutions=2, filters=32),
            parameters=5,
            multiply_adds=7,
            validation_accuracy=0.9,
            validation_loss=0.25,
            seconds=60.0,
        )
        place.parent.mkdir(parents=True)
        place.write_text("{}")
        return Ranking(
            config=config, train_digest="d", num_validation=20, trials=(best,)
        )

    return Work(prepare=make_ready, reproduce=reproduce, search=search)


def test_all_networks_are_meant_by_none(models, tiny_zip, work, asked, capsys):
    """Without a name every network is made, and the search; weights may stay."""
    command.run(
        data=tiny_zip,
        context=Context(shipped=models, user_data=user_data_folder()),
        work=work,
    )

    captured = capsys.readouterr()
    after = re.findall(r"accuracy .*, after 1 epochs in 2 s", captured.out)
    assert asked == [*PAPERS, "b-search"]
    assert len(after) == len(PAPERS)
    assert captured.out.count("too large to ship") == 1
    assert f"b-search ({len(asked)} of {len(asked)}), network 1 of 1" in captured.err


@pytest.mark.parametrize("published", [True, False])
def test_the_ranking_is_shipped_with_the_published_set(  # noqa: PLR0913, PLR0917
    models, tiny_zip, work, monkeypatch, capsys, published
):
    """On CIFAKE as published the file goes to models/, else it stays in the cache."""
    train, test = (cifake.load(tiny_zip, split) for split in ("train", "test"))
    if published:
        digest = cifake.digest(train, test)
        monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", digest)

    command.run(
        ["b-search"],
        data=tiny_zip,
        context=Context(shipped=models, user_data=user_data_folder()),
        work=work,
    )

    shipped = models / bird_lotfi_search.RANKING_FILE
    cached = reproduction.run_folder("b-search", train) / shipped.name
    out = capsys.readouterr().out
    assert shipped.exists() is published
    assert "best of 1 is 2 x 32 filters" in out
    assert str(shipped if published else cached) in out


def test_a_wrong_name_stops_before_the_work(models, tiny_zip, refusal):
    """The first name is not begun if the second is unknown."""
    words = ["reproduce", "pavani", "vgg", "--data", str(tiny_zip)]

    status = cli.main(words, models)

    assert status == 2
    assert "'vgg'. Choose one of: bird_lotfi" in refusal()


def test_an_interruption_says_how_to_go_on(models, tiny_zip):
    """Ctrl-C ends in one sentence."""

    def interrupt(*_args: object, **_options: object) -> Path:
        raise KeyboardInterrupt

    work = Work(prepare=make_ready, reproduce=interrupt)

    with pytest.raises(KeyboardInterrupt, match="The same command goes on after"):
        command.run(
            ["pavani"],
            data=tiny_zip,
            context=Context(shipped=models, user_data=user_data_folder()),
            work=work,
        )
