"""Scans: plan, run and report on the shipped networks, which workers hold."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from cifake_core import cli
from cifake_core.basics.errors import CifakeError, JobError
from cifake_core.basics.places import CHECKOUT, user_data_folder
from cifake_core.jobs.engines.local import LocalEngine
from cifake_core.jobs.engines.protocol import ShardEnd
from cifake_core.jobs.judging import rows_of
from cifake_core.jobs.locking import only_one
from cifake_core.jobs.scan import worker
from cifake_core.jobs.scan.columns import rows_of_shard
from cifake_core.jobs.scan.manifest import items_of, make_plan, read_plan
from cifake_core.jobs.scan.records import ScanOrder, shard_file
from cifake_core.jobs.scan.report import report
from cifake_core.jobs.scan.running import run_scan
from cifake_core.networks import OWN
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.runtimes.answering import load_answering
from cifake_core.verdicts.judge import Judge
from cifake_core.workbench import Workbench
from tests.jobs.killed import wrong_rows
from tests.jobs.made_runs import HereEngine
from tests.jobs.made_sources import put_folder, put_zip
from tests.stated import lacking

MODELS = CHECKOUT / "models"
#: A worker's memory in MB, at most.
MOST_MEMORY = 500


@pytest.fixture
def source(tmp_path):
    """A folder of three pictures and four files that are none."""
    return put_folder(tmp_path / "pictures", good=3, bad=4)


@pytest.fixture
def run(source, tmp_path):
    """A run that is planned: four shards of two, the last of one."""
    make_plan(str(source), tmp_path / "run", shard_size=2)
    return tmp_path / "run"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """A run that is done by two processes; read it, don't change it."""
    root = tmp_path_factory.mktemp("scanned")
    source = put_folder(root / "pictures", good=3, bad=4)
    make_plan(str(source), root / "run", shard_size=2)
    run_scan(root / "run", models=MODELS, engine=LocalEngine(2))
    return root / "run"


def copied_models(folder: Path) -> Path:
    """A copy of the networks that scans ask, with what decides."""
    for name in OWN:
        shutil.copytree(
            MODELS / name, folder / name, ignore=shutil.ignore_patterns("*.npz")
        )
    for file in ("policy.json", "domain.npz", "scope.json"):
        shutil.copy(MODELS / file, folder / file)
    return folder


def test_the_plan_has_every_item_once(run):
    """In order, in shards of the size that was asked for."""
    plan = read_plan(run)

    shards = [items_of(run, shard) for shard in range(plan.num_shards)]

    assert [len(shard) for shard in shards] == [2, 2, 2, 1]
    paths = [item.path for shard in shards for item in shard]
    assert paths == sorted(paths)
    assert (plan.num_items, len(set(paths))) == (7, 7)


def test_a_folder_that_is_there_is_not_planned_over(source, run):
    """Nor is one made of an empty source."""
    with pytest.raises(JobError, match="is there already"):
        make_plan(str(source), run)
    empty = run.parent / "empty"
    empty.mkdir()
    with pytest.raises(JobError, match="holds no files"):
        make_plan(str(empty), run.parent / "other")
    assert not (run.parent / "other").exists()


def test_a_manifest_that_was_changed_is_refused(run):
    """The shards would not be those that were planned."""
    manifest = run / "manifest.parquet"
    manifest.write_bytes(manifest.read_bytes() + b"x")

    with pytest.raises(JobError, match="not the one that was planned"):
        run_scan(run, models=MODELS, engine=HereEngine())


@pytest.mark.slow
def test_every_row_is_that_of_predict(scanned):
    """Columns hold the keys and values of `predict --json`, each picture once."""
    pool = NetworkPool(MODELS, load=load_answering)
    source = worker.open_many(read_plan(scanned).place)
    judge = Judge(pool)
    for shard in range(4):
        [batch] = worker.judge_items(judge, source, items_of(scanned, shard))
        expected = [row for judged in batch for row in rows_of(judged)]

        found = list(rows_of_shard(shard_file(scanned, shard)))

        for one, other in zip(found, expected, strict=True):
            assert one.keys() == other.keys()
            for key in one.keys() - {"milliseconds"}:
                expected_value = other[key]
                if isinstance(expected_value, float):
                    expected_value = pytest.approx(expected_value, abs=1e-6)
                assert one[key] == expected_value
    assert wrong_rows(scanned) == []


@pytest.mark.slow
def test_the_report_counts(scanned, capsys):
    """The keys that programs read, and words that claim no more than they can."""
    assert cli.main(["scan", "report", str(scanned), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert cli.main(["scan", "report", str(scanned)]) == 0
    words = capsys.readouterr().out

    bench = Workbench(MODELS, user_data=user_data_folder())
    known = {name: bench.scope.known(name) for name in bench.names()}
    assert lacking(words, bench.scope.of_verdicts(), known) == []
    assert (told["pictures"], told["errors"], told["shards"]) == (7, 4, 4)
    assert set(told["verdicts"]) == {"REAL", "FAKE", "UNSURE"}
    assert sum(told["verdicts"].values()) == 3
    assert told["seconds"] > 0


@pytest.mark.slow
def test_a_worker_stays_small(scanned):
    """Its most memory, as it was measured, is below the limit."""
    peak = report(scanned).peak_memory_mb

    assert peak is None or 50 < peak < MOST_MEMORY


@pytest.mark.slow
def test_a_worker_loads_no_tensorflow(run, source):
    """All that a shard needs is there without it."""
    program = (
        "import sys; from pathlib import Path;"
        "from cifake_core.jobs.scan.records import ScanOrder;"
        "from cifake_core.jobs.scan.worker import ShardJudge;"
        "order = ScanOrder(run=Path(sys.argv[1]), place=sys.argv[2],"
        " models=Path(sys.argv[3]));"
        "ShardJudge(order).scan(0);"
        "heavy = {'keras', 'tensorflow', 'streamlit'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, run, source, MODELS],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert shard_file(run, 0).is_file()


@pytest.mark.slow
def test_what_is_done_is_not_done_again(run):
    """A file that exists is done; one that is gone is made again."""
    first = run_scan(run, models=MODELS, engine=HereEngine())
    kept = shard_file(run, 0).read_bytes()
    shard_file(run, 2).unlink()

    second = run_scan(run, models=MODELS, engine=HereEngine())

    assert (first.done, first.done_before) == (4, 0)
    assert (second.done, second.done_before) == (1, 3)
    assert shard_file(run, 0).read_bytes() == kept


@pytest.mark.slow
def test_another_key_is_refused(run, tmp_path):
    """Other weights or another policy would make other shards."""
    models = copied_models(tmp_path / "models")
    run_scan(run, models=models, engine=HereEngine())
    shard_file(run, 0).unlink()
    policy = models / "policy.json"
    policy.write_bytes(policy.read_bytes() + b"\n")

    with pytest.raises(JobError, match="another policy"):
        run_scan(run, models=models, engine=HereEngine())
    run_scan(run, models=MODELS, engine=HereEngine())


def test_two_at_once_are_refused(run):
    """The second is told so, and the first is not disturbed."""
    with (
        only_one(run, "The scan"),
        pytest.raises(JobError, match="under way in another process"),
    ):
        run_scan(run, models=MODELS, engine=HereEngine())


@pytest.mark.slow
def test_a_worker_that_cannot_work_says_why(run, source):
    """The sentence comes through from the process."""
    shutil.rmtree(source)

    with pytest.raises(JobError, match="There is nothing at"):
        run_scan(run, models=MODELS, engine=LocalEngine(1))


def test_networks_that_were_not_converted_are_refused(run, made_models):
    """Workers have no TensorFlow to fall back on."""
    order = ScanOrder(run=run, place=read_plan(run).place, models=made_models)

    with pytest.raises(CifakeError, match="no converted file"):
        worker.ShardJudge(order)


@pytest.mark.slow
def test_a_zip_is_scanned(tmp_path):
    """Entries are found again by their number in the zip."""
    place = put_zip(tmp_path / "p.zip", {f"{n}.jpg": b"no" for n in range(5)})
    make_plan(str(place), tmp_path / "run", shard_size=2)

    run_scan(tmp_path / "run", models=MODELS, engine=HereEngine())

    assert wrong_rows(tmp_path / "run") == []
    assert report(tmp_path / "run").errors == 5


@pytest.mark.slow
def test_a_damaged_shard_is_a_sentence(run):
    """It says how to have it made again."""
    run_scan(run, models=MODELS, engine=HereEngine())
    shard_file(run, 1).write_bytes(b"PAR1")

    with pytest.raises(JobError, match="is damaged"):
        report(run)


@pytest.mark.slow
def test_columns_can_be_read_alone(scanned):
    """As programs that know Parquet read them."""
    with parquet.ParquetFile(shard_file(scanned, 0)) as file:
        table = file.read(columns=["path", "cnn.p_real", "ensemble.label"])

    assert table.column_names == ["path", "cnn", "ensemble"]
    assert json.loads(table.schema.metadata[b"made"])["worker"]


def test_a_worker_that_dies_leaves_no_part_of_a_file(run):
    """What it had begun to write is gone when the scan has ended."""

    class Dying:
        """Engine whose worker dies at each shard, in the middle of writing."""

        def work(self, order, shards):
            for shard in shards:
                place = shard_file(order.run, shard)
                place.parent.mkdir(exist_ok=True)
                place.with_name(f"part.dead.{place.name}").write_bytes(b"half")
                yield ShardEnd(shard=shard, is_done=False)

    ended = run_scan(run, models=MODELS, engine=Dying())

    assert len(ended.given_up) == read_plan(run).num_shards
    assert not list(run.rglob("part.*"))
