"""Runs of scans without processes, for what does not depend on them."""

from pathlib import Path

from cifake_core.jobs.engines.protocol import ShardEnd
from cifake_core.jobs.scan.manifest import make_plan
from cifake_core.jobs.scan.running import run_scan
from cifake_core.jobs.scan.worker import ShardJudge
from cifake_core.networks.pool import NetworkPool


class HereEngine:
    """Engine of this process, which does one shard after the other.

    Args:
        networks: those that answer; the fast ones of the run by default.
    """

    def __init__(self, networks: NetworkPool | None = None) -> None:
        self._networks = networks

    def work(self, order, shards):
        """Yield the end of each shard."""
        judge = ShardJudge(order, self._networks)
        for shard in shards:
            judge.scan(shard)
            yield ShardEnd(shard=shard, is_done=True)


def put_run(run: Path, source: Path, networks: NetworkPool) -> Path:
    """Make a run that is done; return its folder."""
    make_plan(str(source), run)
    run_scan(run, models=networks.models, engine=HereEngine(networks))
    return run
