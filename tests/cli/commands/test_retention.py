"""`retention`: days said and chosen, and what is older deleted, as cron calls it."""

import json

import pytest

from cifake_core import cli
from cifake_core.cases.filters import HistoryFilter
from cifake_core.data.datasets import library
from cifake_core.jobs.retention.promises import PROMISES
from cifake_core.jobs.retention.settings import RETENTION_FILE, read_retention
from tests.made_history import made_record, switched_on


def test_days_are_chosen_said_and_kept_to(models, user_data, capsys):
    """What `show` says is what `run` does."""
    history = switched_on(user_data)
    history.keep([made_record(0)])
    assert cli.main(["retention", "run", "--json"], models) == 0
    assert not any(json.loads(capsys.readouterr().out).values())

    assert cli.main(["retention", "keep", "records", "30"], models) == 0
    assert "records: kept for 30 days." in capsys.readouterr().out
    assert cli.main(["retention", "show"], models) == 0
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == len(PROMISES)
    assert shown[0].startswith("Verdicts of History go 30 days after")
    assert cli.main(["retention", "show", "--json"], models) == 0
    assert json.loads(capsys.readouterr().out) == {
        "records": 30,
        **dict.fromkeys(("pictures", "bin", "jobs", "audit")),
    }
    assert cli.main(["retention", "run", "--json"], models) == 0

    assert json.loads(capsys.readouterr().out)["records"] == 1
    assert history.counts(HistoryFilter()).total == 0
    assert cli.main(["retention", "run"], models) == 0
    assert "deleted" in capsys.readouterr().out
    assert cli.main(["retention", "keep", "records"], models) == 0
    assert read_retention(user_data).records is None


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("keep", "records", "0"), "whole number from 1 to 36500"),
        (("keep", "records", "soon"), "whole number from 1 to 36500"),
        (("keep", "faces", "3"), "Choose from"),
        (("keep",), "requires an argument"),
    ],
)
def test_bad_input_is_one_sentence(words, complaint, models, refusal):
    """On stderr, with status 2."""
    assert cli.main(["retention", *words], models) == 2
    assert complaint in refusal()


def test_what_cannot_go_is_told_after_the_rest_went(models, user_data, capsys):
    """With status 2, so that cron writes to somebody."""
    damaged = user_data / library.FOLDER / "mine"
    damaged.mkdir(parents=True)
    (damaged / "card.json").write_text("no card")

    assert cli.main(["retention", "run", "--json"], models) == 2

    captured = capsys.readouterr()
    assert "removed jobs" in json.loads(captured.out)
    assert "Of uploads nothing goes now" in captured.err


def test_damaged_settings_delete_nothing(models, user_data, refusal):
    """And are told with what to do."""
    (user_data / RETENTION_FILE).write_text("{}")

    assert cli.main(["retention", "run"], models) == 2

    assert "choose the days again" in refusal()
