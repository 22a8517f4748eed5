"""Robustness on the workbench: scores under corruptions."""

import numpy as np
import numpy.typing as npt

from cifake_core.evaluation import comparison, robustness
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.scores import Scores
from cifake_core.pictures.corruptions import Corruption
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.scores import ScoresBench


class RobustnessBench:
    """How networks do on corrupted pictures, from their scores on these.

    Args:
        key: names the pictures.
        answers: where answers are kept.
        scores: with and without corruption.
    """

    def __init__(self, key: str, answers: AnswerCache, scores: ScoresBench) -> None:
        self._key = key
        self._answers = answers
        self._scores = scores

    def report(self, network: str, *, leak_free: bool) -> RobustnessReport:
        """Network's accuracy under every kind and strength of corruption."""
        return self._answers.answer(
            ("robustness", *self._who(network), leak_free),
            lambda _: self._scores.corruption_scores(network).report(
                leak_free=leak_free
            ),
        )

    def corrupted(self, network: str, corruption: Corruption) -> Scores:
        """Network's scores on the pictures after `corruption`."""
        return self._answers.answer(
            ("corrupted", *self._who(network), corruption.name),
            lambda _: robustness.after(
                corruption,
                self._scores.scores(network),
                self._scores.corruption_scores(network),
            ),
        )

    def flipped(self, network: str, corruption: Corruption) -> npt.NDArray[np.bool_]:
        """Pictures, (N,), right as they are and wrong after `corruption`."""
        return self._answers.answer(
            ("flipped", *self._who(network), corruption.name),
            lambda _: comparison.cells(
                self._scores.scores(network), self.corrupted(network, corruption)
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
                self._scores.scores(network),
                leak_free=leak_free,
            ),
        )

    def _who(self, network: str) -> tuple[str, str, str]:
        """The pictures, the network's name and the hash of its weights."""
        return self._key, network, self._scores.revision(network)
