"""The table of trust: means by hand, a file that comes back, and its winner."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.estimates import Estimate
from cifake_core.data import cifake
from cifake_core.explain import EXPLAINERS
from cifake_core.trust.journal import Journal
from cifake_core.trust.study import study
from cifake_core.trust.summary import tabulate
from cifake_core.trust.table import (
    TRUST_FILE,
    SanityRow,
    TrustTable,
    best_method,
    read,
    write,
)
from tests.cards import put_ensemble, put_network
from tests.subjects import SMALL, few_methods, subjects

NAMES = ("cnn", "cnn3d", "ensemble")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return what a small study finds, and its table."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        few_methods(monkeypatch)
        studied = subjects()
        rows = study(
            studied,
            SMALL,
            notebook=Journal(tmp_path_factory.mktemp("parts")),
            progress=lambda _share: None,
        )
    return rows, tabulate(rows, studied, SMALL)


@pytest.fixture
def table(found) -> TrustTable:
    """Return the table of a small study."""
    return found[1]


@pytest.fixture
def models(table, tmp_path) -> Path:
    """Return a folder with the table and the cards of its networks."""
    for name in ("cnn", "cnn3d"):
        put_network(tmp_path, name, table.model_sha256[name])
    put_ensemble(tmp_path)
    write(table, tmp_path)
    return tmp_path


def with_rows(table: TrustTable, **methods: tuple[float, float]) -> TrustTable:
    """Return a table of "cnn" with a score and a last correlation for each method."""
    row, sane = table.curves[0], table.sanity[0]

    def exactly(value: float) -> Estimate:
        return Estimate(value=value, low=value, high=value)

    return replace(
        table,
        curves=tuple(
            replace(row, method=name, replacement=replacement, score=exactly(score))
            for name, (score, _) in methods.items()
            for replacement in ("all", "blurred")
        ),
        sanity=tuple(
            replace(sane, method=name, correlations=(exactly(1), exactly(last)))
            for name, (_, last) in methods.items()
        ),
    )


def test_the_table_says_how_to_repeat_it(table):
    """Settings, pictures, weights, data and versions stand in it."""
    studied = subjects()

    assert table.settings == asdict(SMALL)
    assert len(table.positions) == 4
    assert table.num_errors == 1
    assert table.model_sha256 == {
        name: network.sha256 for name, network in studied.networks.items()
    }
    assert table.data_digest == cifake.digest(studied.train, studied.test)
    assert {"cifake_core", "keras", "lime"} < table.versions.keys()
    assert table.seconds > 0


def test_rows_are_means_over_the_pictures(found):
    """Each figure on curves is the mean of its column, for each of three rows."""
    rows, table = found

    assert len(table.curves) == len(NAMES) * 2 * 3
    for row in table.curves:
        pictures = [
            each
            for each in rows.curves
            if (each["network"], each["method"], each["replacement"])
            == (row.network, row.method, row.replacement)
        ]
        assert row.n == len(pictures) == 4
        for name, figure in (
            ("trust_score", row.score),
            ("trust_spread", row.spread),
            ("trust_beaten", row.beaten),
            ("deletion_auc", row.deletion_auc),
            ("random_insertion_auc", row.random_insertion_auc),
        ):
            values = [each[name] for each in pictures]
            assert figure.value == pytest.approx(np.mean(values))
            assert figure.low <= figure.value <= figure.high
        words = [each["trust"] for each in pictures]
        assert row.faithful.value == pytest.approx(words.count("faithful") / 4)


def test_patches_have_a_row(found):
    """One for each network and method; the area is the mean over the three sizes."""
    rows, table = found

    assert len(table.splices) == len(NAMES) * 2
    for name in NAMES:
        for method, row in table.patches(name).items():
            mine = [
                each
                for each in rows.splices
                if (each["network"], each["method"]) == (name, method)
            ]
            assert row.n == len(mine) == 12
            assert row.share.value == pytest.approx(np.mean([r["share"] for r in mine]))
            assert row.area == pytest.approx((64 + 144 + 256) / 3 / 1024)


def test_correlations_go_step_by_step(found):
    """As many as the network has layers to forget, each a mean over two pictures."""
    (rows, table), studied = found, subjects()

    assert len(table.sanity) == len(NAMES) * 2
    for name in NAMES:
        for method, row in table.forgetting(name).items():
            assert row.layers == studied.forgotten(name)
            assert len(row.correlations) == len(row.layers)
            assert row.n == 2
            for step, figure in enumerate(row.correlations, start=1):
                pair = [
                    each["correlation"]
                    for each in rows.sanity
                    if (each["network"], each["method"], each["step"])
                    == (name, method, step)
                ]
                assert len(set(pair)) == 2
                assert figure.value == pytest.approx(np.mean(pair))
                assert -1 <= figure.low <= figure.value <= figure.high <= 1


def test_a_map_that_stays_does_not_fall(table):
    """Half of the original order left at the end is too much."""
    tables = with_rows(table, lime=(1, 0.49), shap=(1, 0.5))

    assert {row.method: row.falls for row in tables.sanity} == {
        "lime": True,
        "shap": False,
    }
    assert isinstance(tables.sanity[0], SanityRow)


@pytest.mark.parametrize(
    ("methods", "best"),
    [
        ({"lime": (1, 0), "shap": (2, 0.1)}, "shap"),
        ({"lime": (1, 0), "shap": (2, 0.9)}, "lime"),
        ({"lime": (1, 0.8), "shap": (2, 0.9)}, "shap"),
        ({"lime": (1, 0), "shap": (1, 0)}, "lime"),
    ],
)
def test_the_winner_has_the_highest_score(table, methods, best):
    """Among those whose maps fall, if there are any; of equals, the first."""
    assert with_rows(table, **methods).best_method("cnn") == best


def test_a_table_comes_back(table, models):
    """What is read is what was written."""
    again = read(models)

    assert asdict(again) == asdict(table)
    assert again.best_method("cnn") == best_method("cnn", models)
    assert json.loads((models / TRUST_FILE).read_text("utf-8"))["num_errors"] == 1


def test_the_first_method_stands_in_for_the_winner(models, tmp_path):
    """Without a table, and for a network that is not in it."""
    first = next(iter(EXPLAINERS))

    assert best_method("cnn", tmp_path / "nowhere") == first
    assert best_method("pavani", models) == first
