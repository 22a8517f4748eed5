"""Data sets of one's own on the workbench: pictures, scores, verdicts.

Of a set only what is not sealed is shown. Where a network in use was taught the set,
its training part is marked as pictures that were learnt from, for all networks: they
are then compared on the same pictures, which none of them learnt.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.datasets.records import DataSetCard, DataSetPictures, Part
from cifake_core.evaluation import dataset_report, dataset_scores
from cifake_core.evaluation.robustness import CorruptionScores
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts import dataset_verdicts
from cifake_core.verdicts.dataset_verdicts import VerdictReport
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.datasets import DatasetsBench
from cifake_core.workbench.robustness import RobustnessBench
from cifake_core.workbench.scores import ScoresBench

#: The parts of a set that anybody may look at.
OPEN: Final[tuple[Part, ...]] = ("training", "validation")
#: Share of the time until scores are there in which pictures are read.
_READ: Final = 0.2


class OwnSet:
    """What pages ask of one data set; see `chosen_pictures.ChosenPictures`.

    Args:
        card: of the set, as it is now.
        datasets: has its pictures.
        pool: the networks in use.
        answers: where answers are kept.
    """

    has_copies = False

    def __init__(
        self,
        card: DataSetCard,
        datasets: DatasetsBench,
        pool: NetworkPool,
        answers: AnswerCache,
    ) -> None:
        self.card = card
        self.name = card.name
        self._datasets = datasets
        self._pool = pool
        self._answers = answers

    @cached_property
    def key(self) -> str:
        """What names the pictures, and which of them count."""
        return f"{self.name} {self.card.digest} {self.is_taught}"

    @cached_property
    def is_taught(self) -> bool:
        """Whether a network in use has learnt from the training part."""
        names = [name for name in self._pool.names() if not NETWORKS[name].members]
        cards = [store.load_card(self._pool.models / name) for name in names]
        return dataset_scores.is_taught(cards, name=self.name, digest=self.card.digest)

    @property
    def evaluation(self) -> ScoresBench:
        """The networks' scores on the pictures."""
        return ScoresBench(self, self._answers)

    @property
    def robustness(self) -> RobustnessBench:
        """Their scores after corruptions."""
        return RobustnessBench(self.key, self._answers, self.evaluation)

    def pictures(self, progress: ProgressCallback = tell_nobody) -> DataSetPictures:
        """Pictures of the set that are not sealed.

        Raises:
            DatasetError: If a file is gone or has changed.
        """
        return self._datasets.pictures(self.name, parts=OPEN, progress=progress)

    def revision(self, network: str) -> str:
        """SHA-256 of a network's weights, or of what makes an ensemble."""
        return store.revision(network, self._pool.models)

    def scores(self, network: str, progress: ProgressCallback) -> Scores:
        """Network's scores on the pictures.

        Raises:
            DatasetError: If pictures cannot be read, or one label alone is left.
        """
        progress(0.0)  # the network may have to be loaded
        pictures = self.pictures(part_of(progress, 0, _READ))
        found = dataset_scores.score(
            self._pool.network(network),
            pictures,
            taught=self.is_taught,
            progress=part_of(progress, _READ, 1),
        )
        dataset_report.check_both_labels(found)
        return found

    def corruption_scores(
        self, network: str, progress: ProgressCallback
    ) -> CorruptionScores:
        """Network's scores on the pictures after every corruption."""
        return dataset_scores.score_corrupted(
            self._pool.network(network),
            self.pictures(),
            taught=self.is_taught,
            progress=progress,
        )

    def decisions(self) -> npt.NDArray[np.int64] | None:
        """Decision on each picture by its number, if they are in the cache."""
        with suppress(ModelUnavailableError):  # there is no card on verdicts
            if dataset_verdicts.are_decided(self._pool, self.pictures()):
                return self.decide(tell_nobody)
        return None

    def decide(self, progress: ProgressCallback) -> npt.NDArray[np.int64]:
        """Decision on each picture by its number; it may take minutes.

        Raises:
            ModelUnavailableError: If there is no card on verdicts.
        """
        return dataset_verdicts.decide_all(
            self._pool, self.pictures(), progress=progress
        )

    def verdicts(self, given: npt.NDArray[np.int64]) -> VerdictReport:
        """How these decisions fare on the pictures that nobody was taught."""
        pictures = self.pictures()
        counted = ~((pictures.parts == "training") & self.is_taught)
        return dataset_verdicts.report(
            given[counted], pictures.labels[counted], pictures.generators[counted]
        )


class OwnSetsBench:
    """The user's data sets, as networks in use see them.

    Args:
        datasets: their cards and pictures.
        pool: the networks.
        answers: where answers are kept.
    """

    def __init__(
        self, datasets: DatasetsBench, pool: NetworkPool, answers: AnswerCache
    ) -> None:
        self._datasets = datasets
        self._pool = pool
        self._answers = answers

    def names(self) -> Sequence[str]:
        """Names of all data sets, sorted."""
        return self._datasets.names()

    def find(self, name: str) -> OwnSet:
        """One data set.

        Raises:
            DatasetError: If there is none of that name.
            ModelUnavailableError: If its card is damaged.
        """
        card = self._datasets.card(name)
        return OwnSet(card, self._datasets, self._pool, self._answers)

    def position(self, name: str, sha256: str) -> tuple[DataSetPictures, int]:
        """Pictures of a set, and the place of one among them by its file's hash.

        Args:
            name: of the set.
            sha256: the beginning of the hash.

        Raises:
            DatasetError: If there is no such set or picture.
        """
        pictures = self.find(name).pictures()
        found = np.flatnonzero(np.char.startswith(pictures.hashes, sha256))
        if not found.size:
            msg = (
                f"The data set {name!r} has no picture {sha256!r} outside its sealed "
                "part; choose another one on the page Test set."
            )
            raise DatasetError(msg)
        return pictures, int(found[0])
