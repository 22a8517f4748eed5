"""On which pictures? CIFAKE's two test sets, or a data set of one's own."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.cifake import Split
from cifake_core.data.labelled_pictures import PictureFiles
from cifake_core.verdicts.card import PolicyCard
from cifake_core.workbench.dataset import DatasetBench
from cifake_core.workbench.evaluation import EvaluationBench
from cifake_core.workbench.robustness import RobustnessBench
from cifake_core.workbench.scores import ScoresBench


class ChosenPictures(Protocol):
    """Pictures that a page is about, and what networks say of them.

    `has_copies` is whether some of them may also stand elsewhere.
    """

    name: str
    has_copies: bool

    @property
    def evaluation(self) -> ScoresBench:
        """The networks' scores on the pictures."""

    @property
    def robustness(self) -> RobustnessBench:
        """Their scores after corruptions."""

    def pictures(self, progress: ProgressCallback = tell_nobody) -> PictureFiles | None:
        """The pictures, or None if they are not on this machine."""

    def decisions(self) -> npt.NDArray[np.int64] | None:
        """Decision on each picture by its number, None if nobody found it yet."""


class CifakeTest:
    """CIFAKE's test set under one of its two names.

    Args:
        name: "official" or "leak-free".
        evaluation: its scores.
        robustness: likewise, after corruptions.
        dataset: its pictures.
        policy: reads the card on verdicts, which has the decisions.
    """

    has_copies = True

    def __init__(
        self,
        name: str,
        *,
        evaluation: EvaluationBench,
        robustness: RobustnessBench,
        dataset: DatasetBench,
        policy: Callable[[], PolicyCard],
    ) -> None:
        self.name = name
        self.evaluation = evaluation
        self.robustness = robustness
        self._dataset = dataset
        self._policy = policy

    def pictures(self, progress: ProgressCallback = tell_nobody) -> Split | None:
        """Test split, or None if the data set is not on this machine.

        Raises:
            DatasetError: If it cannot be read.
        """
        path = self._dataset.path()
        if path is None:
            return None
        return self._dataset.test_split(path, progress=progress)

    def decisions(self) -> npt.NDArray[np.int64] | None:
        """Stored decisions, None if there is no card on verdicts."""
        with suppress(CifakeError):
            return self._policy().numbers()
        return None
