"""The engine Ray, where it is installed; and the sentence where it is not."""

import importlib.util
import sys

import pytest

from cifake_core.basics.errors import JobError
from cifake_core.basics.places import CHECKOUT
from cifake_core.jobs.engines.ray import RayEngine
from cifake_core.jobs.scan.manifest import make_plan
from cifake_core.jobs.scan.report import report
from cifake_core.jobs.scan.running import run_scan
from tests.jobs.killed import wrong_rows
from tests.jobs.made_sources import put_folder


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="needs Ray: pip install -r requirements-scale.txt",
)
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_ray_does_the_shards(tmp_path):
    """Its actors make the same files, within the same memory."""
    source = put_folder(tmp_path / "pictures", good=2, bad=10)
    run = tmp_path / "run"
    make_plan(str(source), run, shard_size=3)

    done = run_scan(run, models=CHECKOUT / "models", engine=RayEngine(1))

    assert (done.done, done.given_up) == (4, ())
    assert wrong_rows(run) == []
    assert (report(run).peak_memory_mb or 0) < 500


def test_without_ray_the_sentence_says_how_to_get_it(monkeypatch):
    """And which engine needs none."""
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(JobError, match=r"requirements-scale.txt.*--engine local"):
        RayEngine(2)
