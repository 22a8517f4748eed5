"""Robustness on the workbench: stored scores under corruptions."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.evaluation import comparison, robustness
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.scores import Scores
from cifake_core.pictures.corruptions import Corruption
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.evaluation import EvaluationBench


class RobustnessBench:
    """How networks do on corrupted test pictures, from their stored scores.

    Args:
        models: the folder of trained networks.
        answers: where answers are kept.
        evaluation: the scores without corruption.
    """

    def __init__(
        self, models: Path, answers: AnswerCache, evaluation: EvaluationBench
    ) -> None:
        self._models = models
        self._answers = answers
        self._clean = evaluation

    def report(self, network: str, *, leak_free: bool) -> RobustnessReport:
        """Network's accuracy under every kind and strength of corruption."""
        return self._answers.answer(
            ("robustness", *self._who(network), leak_free),
            lambda _: self._scores(network).report(leak_free=leak_free),
        )

    def corrupted(self, network: str, corruption: Corruption) -> Scores:
        """Network's scores on the test pictures after `corruption`."""
        return self._answers.answer(
            ("corrupted", *self._who(network), corruption.name),
            lambda _: robustness.after(
                corruption, self._clean.scores(network), self._scores(network)
            ),
        )

    def flipped(self, network: str, corruption: Corruption) -> npt.NDArray[np.bool_]:
        """Pictures, (N,), right as they are and wrong after `corruption`."""
        return self._answers.answer(
            ("flipped", *self._who(network), corruption.name),
            lambda _: comparison.cells(
                self._clean.scores(network), self.corrupted(network, corruption)
            )["only_a"],
        )

    def loss(
        self, network: str, corruption: Corruption, *, leak_free: bool
    ) -> comparison.Comparison:
        """Network after `corruption`, as A, against itself without, as B."""
        return self._answers.answer(
            ("loss", *self._who(network), corruption.name, leak_free),
            lambda _: comparison.compare(
                self.corrupted(network, corruption),
                self._clean.scores(network),
                leak_free=leak_free,
            ),
        )

    def _scores(self, network: str) -> robustness.CorruptionScores:
        return self._answers.answer(
            ("corruptions", *self._who(network)),
            lambda _: robustness.read(network, self._models),
        )

    def _who(self, network: str) -> tuple[str, str]:
        """Network's name and the hash of its weights."""
        return network, self._clean.revision(network)
