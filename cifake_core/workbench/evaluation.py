"""Evaluation on the workbench: the networks on CIFAKE, their maps and histories."""

import csv
from collections.abc import Sequence
from pathlib import Path

from cifake_core.attention.records import Attention
from cifake_core.attention.records import read as read_attention
from cifake_core.evaluation import game
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.evaluation.embedding_map import read as read_map
from cifake_core.networks import store
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.scores import ScoresBench, StoredScores


class EvaluationBench(ScoresBench):
    """How networks do on CIFAKE's test set, from their stored scores.

    Args:
        models: the folder of trained networks.
        answers: where answers are kept.
    """

    def __init__(self, models: Path, answers: AnswerCache) -> None:
        super().__init__(StoredScores(models), answers)
        self._models = models

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

    def attention(self, network: str) -> Attention:
        """Network's stored study of attention over many pictures."""
        return self._answers.answer(
            ("attention", network, self.revision(network)),
            lambda _: read_attention(network, self._models),
        )

    def history(self, network: str) -> dict[str, list[float]]:
        """Network's learning curves by column; empty if there are none."""
        path = self._models / network / store.HISTORY_FILE
        if not path.is_file():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {name: [float(row[name]) for row in rows] for name in rows[0]}
