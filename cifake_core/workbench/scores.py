"""Scores on the workbench: reports, curves and comparisons on the same pictures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.evaluation import operating_points, robustness
from cifake_core.evaluation.comparison import Cell, Comparison, cells, compare
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.robustness import CorruptionScores
from cifake_core.evaluation.scores import Scores, read
from cifake_core.networks import store
from cifake_core.workbench.answer_cache import AnswerCache


class ScoreSource(Protocol):
    """Where scores on some pictures come from."""

    @property
    def key(self) -> str:
        """What names the pictures."""

    def revision(self, network: str) -> str:
        """SHA-256 of a network's weights, or of what makes an ensemble."""

    def scores(self, network: str, progress: ProgressCallback) -> Scores:
        """Network's scores on the pictures."""

    def corruption_scores(
        self, network: str, progress: ProgressCallback
    ) -> CorruptionScores:
        """Network's scores on the pictures after every corruption."""


class StoredScores:
    """Scores on CIFAKE's test set, which lie beside the networks in `models`."""

    key = "cifake"

    def __init__(self, models: Path) -> None:
        self._models = models

    def revision(self, network: str) -> str:
        """SHA-256 of a network's weights, or of what makes an ensemble."""
        return store.revision(network, self._models)

    def scores(self, network: str, progress: ProgressCallback) -> Scores:
        """Network's stored scores on the test set."""
        del progress  # there at once
        return read(network, self._models)

    def corruption_scores(
        self, network: str, progress: ProgressCallback
    ) -> CorruptionScores:
        """Network's stored scores on the corrupted test set."""
        del progress
        return robustness.read(network, self._models)


class ScoresBench:
    """How networks do on some pictures, from their scores on these.

    Args:
        source: of the scores.
        answers: where answers are kept.
    """

    def __init__(self, source: ScoreSource, answers: AnswerCache) -> None:
        self._source = source
        self._answers = answers

    def revision(self, network: str) -> str:
        """SHA-256 of a network's weights, or of what makes an ensemble."""
        return self._source.revision(network)

    def scores(
        self, network: str, *, progress: ProgressCallback = tell_nobody
    ) -> Scores:
        """Network's scores on the pictures."""
        return self._answers.answer(
            ("scores", *self._who(network)),
            lambda tell: self._source.scores(network, tell),
            progress=progress,
        )

    def corruption_scores(
        self, network: str, *, progress: ProgressCallback = tell_nobody
    ) -> CorruptionScores:
        """Network's scores on the pictures after every corruption."""
        return self._answers.answer(
            ("corruptions", *self._who(network)),
            lambda tell: self._source.corruption_scores(network, tell),
            progress=progress,
        )

    def report(self, network: str, *, leak_free: bool) -> EvalReport:
        """Network's metrics, with or without leaked and repeated pictures."""
        return self._answers.answer(
            ("report", *self._who(network), leak_free),
            lambda _: self.scores(network).report(leak_free=leak_free),
        )

    def curves(self, network: str, *, leak_free: bool) -> operating_points.Curves:
        """Precision-recall, threshold and histogram curves of the scores."""

        def find(_: object) -> operating_points.Curves:
            scores = self.scores(network)
            chosen = scores.chosen(leak_free=leak_free)
            return operating_points.curves(scores.labels[chosen], scores.logits[chosen])

        return self._answers.answer(("curves", *self._who(network), leak_free), find)

    def comparison(self, a: str, b: str, *, leak_free: bool) -> Comparison:
        """Paired comparison of two networks (McNemar, DeLong)."""
        return self._answers.answer(
            ("comparison", *self._who(a), *self._who(b), leak_free),
            lambda _: compare(self.scores(a), self.scores(b), leak_free=leak_free),
        )

    def cells(self, a: str, b: str) -> Mapping[Cell, npt.NDArray[np.bool_]]:
        """Pictures of each cell of the agreement table of two networks."""
        return self._answers.answer(
            ("cells", *self._who(a), *self._who(b)),
            lambda _: cells(self.scores(a), self.scores(b)),
        )

    def _who(self, network: str) -> tuple[str, str, str]:
        """The pictures, the network's name and the hash of its weights."""
        return self._source.key, network, self.revision(network)
