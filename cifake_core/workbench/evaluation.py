"""Evaluation on the workbench: stored scores, reports, curves, comparisons."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.evaluation import game, operating_points
from cifake_core.evaluation.comparison import Cell, Comparison, cells, compare
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.evaluation.embedding_map import read as read_map
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.scores import Scores, read
from cifake_core.networks import store
from cifake_core.workbench.answer_cache import AnswerCache


class EvaluationBench:
    """How networks do on the test set, from their stored scores.

    Args:
        models: the folder of trained networks.
        answers: where answers are kept.
    """

    def __init__(self, models: Path, answers: AnswerCache) -> None:
        self._models = models
        self._answers = answers

    def revision(self, network: str) -> str:
        """SHA-256 of a network's weights, or of what makes an ensemble."""
        return store.revision(network, self._models)

    def scores(self, network: str) -> Scores:
        """Network's stored scores on the test set."""
        return self._answers.answer(
            ("scores", network, self.revision(network)),
            lambda _: read(network, self._models),
        )

    def report(self, network: str, *, leak_free: bool) -> EvalReport:
        """Network's metrics on the official or the leak-free test set."""
        return self._answers.answer(
            ("report", network, self.revision(network), leak_free),
            lambda _: self.scores(network).report(leak_free=leak_free),
        )

    def curves(self, network: str, *, leak_free: bool) -> operating_points.Curves:
        """Precision-recall, threshold and histogram curves of the scores."""

        def find(_: object) -> operating_points.Curves:
            scores = self.scores(network)
            chosen = scores.chosen(leak_free=leak_free)
            return operating_points.curves(scores.labels[chosen], scores.logits[chosen])

        return self._answers.answer(
            ("curves", network, self.revision(network), leak_free), find
        )

    def comparison(self, a: str, b: str, *, leak_free: bool) -> Comparison:
        """Paired comparison of two networks (McNemar, DeLong)."""
        return self._answers.answer(
            ("comparison", a, b, self.revision(a), self.revision(b), leak_free),
            lambda _: compare(self.scores(a), self.scores(b), leak_free=leak_free),
        )

    def cells(self, a: str, b: str) -> Mapping[Cell, npt.NDArray[np.bool_]]:
        """Pictures of each cell of the agreement table of two networks."""
        return self._answers.answer(
            ("cells", a, b, self.revision(a), self.revision(b)),
            lambda _: cells(self.scores(a), self.scores(b)),
        )

    def tallies(
        self, rounds: Sequence[game.Round], networks: Sequence[str], *, player: str
    ) -> dict[str, game.Tally]:
        """Tallies of the player and each network on what was played, by name."""
        hashes = tuple(map(self.revision, networks))
        return self._answers.answer(
            ("tallies", tuple(rounds), tuple(networks), hashes, player),
            lambda _: game.tallies(
                rounds, {name: self.scores(name) for name in networks}, player=player
            ),
        )

    def embedding_map(self, network: str) -> EmbeddingMap:
        """Network's stored embedding map (UMAP of its features)."""
        return self._answers.answer(
            ("map", network, self.revision(network)),
            lambda _: read_map(network, self._models),
        )

    def history(self, network: str) -> dict[str, list[float]]:
        """Network's learning curves by column; empty if there are none."""
        path = self._models / network / store.HISTORY_FILE
        if not path.is_file():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {name: [float(row[name]) for row in rows] for name in rows[0]}
