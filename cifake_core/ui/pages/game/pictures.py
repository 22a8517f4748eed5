"""What is played with: the test set, or photographs and fakes by several generators."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cifake_core.data.datasets.records import OFFICIAL
from cifake_core.evaluation.game import Fakes
from cifake_core.evaluation.generator_game import GeneratorSet
from cifake_core.evaluation.score_files import check_same_pictures
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import store
from cifake_core.ui.browse import gallery
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GamePictures:
    """Pictures of a game, (N, 32, 32, 3) uint8, and each network's scores on them.

    `mixed` has also who made each, where there are several generators.
    """

    images: npt.NDArray[np.uint8]
    scores: Mapping[str, Scores]
    mixed: GeneratorSet | None = None

    @property
    def first(self) -> Scores:
        """Scores of one network, for what the pictures are."""
        return next(iter(self.scores.values()))


def find(fakes: Fakes) -> GamePictures | None:
    """Pictures that are played with; None, having said why, where they are missing.

    Raises:
        CifakeError: If scores, or what the generators left, cannot be used.
    """
    scores = _test_scores()
    split = gallery.scored_pictures(bench().on(OFFICIAL), next(iter(scores.values())))
    path = bench().dataset.path()
    if split is None or path is None:
        return None
    if fakes == "cifake":
        return GamePictures(images=split.images, scores=scores)
    with slow_work.waiting(
        "The networks look at the generators' pictures…", height=320
    ):
        mixed = bench().game.generator_set(path)
    return GamePictures(images=mixed.images, scores=mixed.scores, mixed=mixed)


def _test_scores() -> dict[str, Scores]:
    """Test scores of each of our networks, by name.

    Raises:
        ModelUnavailableError: If the scores of one cannot be used, or are on other
            pictures than the rest.
    """
    scores = {name: bench().evaluation.scores(name) for name in bench().names()}
    members = {name: each.members for name, each in scores.items()}
    first = next(iter(members.values()))
    if not all(np.array_equal(first, each) for each in members.values()):
        check_same_pictures(members, store.SCORES_FILE)
    return scores
