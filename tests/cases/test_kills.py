"""Processes that are killed while they write history, and that write at once."""

import os
import subprocess
import sys

import numpy as np
import pytest

from cifake_core.basics.places import CHECKOUT
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from tests.cases.killed import check, kill_once
from tests.made_history import switched_on

#: How often a process is killed; `CIFAKE_KILLS` names another number.
KILLS = int(os.environ.get("CIFAKE_KILLS", "3"))


@pytest.mark.usefixtures("database")
def test_a_kill_loses_nothing_and_leaves_nothing_half(user_data):
    """Killed at random moments: what was told to be kept is there, and whole."""
    draw, told = np.random.RandomState(0), {}

    for _ in range(KILLS):
        told |= kill_once(user_data, draw)
        check(user_data, told)

    assert told


@pytest.mark.usefixtures("database")
def test_processes_at_once_keep_what_each_keeps(user_data):
    """None is lost, none is there twice, and the counts are right."""
    switched_on(user_data)
    code = (
        "import sys; from pathlib import Path;"
        "from cifake_core.cases.history import History;"
        "from tests.made_history import made_record;"
        "history = History(Path(sys.argv[1]));"
        "print(*[history.keep([made_record(n)])[0] for n in range(10)])"
    )

    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, user_data],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate()[0].split() for process in both]

    numbers = sorted(map(int, told[0] + told[1]))
    assert len(set(numbers)) == 20
    history = History(user_data)
    assert sorted(each.id for each in history.page(HistoryFilter()).records) == numbers
    assert history.counts(HistoryFilter()).total == 20
