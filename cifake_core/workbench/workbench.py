"""Workbench: every question about pictures and networks, answered once.

It knows the folder of trained networks, and nothing of who asks. Answers are kept by
pixels, names and the weights' hashes, so new weights never get an old answer.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.files import file_sha256
from cifake_core.data.datasets.records import CIFAKE_SETS
from cifake_core.networks import store
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.pool import NetworkPool
from cifake_core.provenance.records import FileFacts
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.trust import table
from cifake_core.trust.table import TrustTable
from cifake_core.verdicts.card import POLICY_FILE, PolicyCard
from cifake_core.verdicts.card import read as read_policy_card
from cifake_core.versions.registry import VersionRegistry
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.chosen_pictures import ChosenPictures, CifakeTest
from cifake_core.workbench.costs import CostsBench
from cifake_core.workbench.dataset import DatasetBench
from cifake_core.workbench.datasets import DatasetsBench
from cifake_core.workbench.evaluation import EvaluationBench
from cifake_core.workbench.findings import gather_findings
from cifake_core.workbench.game import GameBench
from cifake_core.workbench.generators import GeneratorsBench
from cifake_core.workbench.history import HistoryBench
from cifake_core.workbench.inspection import InspectionBench
from cifake_core.workbench.labelling import LabellingBench
from cifake_core.workbench.objects import ObjectsBench
from cifake_core.workbench.own_sets import OwnSetsBench
from cifake_core.workbench.papers import PapersBench
from cifake_core.workbench.pictures import PictureBench
from cifake_core.workbench.provenance import ProvenanceBench
from cifake_core.workbench.robustness import RobustnessBench
from cifake_core.workbench.scope import ScopeBench

#: Answers about test sets that are kept: scores have 3 MB.
_NUM_TABLES: Final = 96


class Workbench(PictureBench):
    """The application: judge, explain, trust, evaluate, compare, browse.

    Threads and visitors may share it; two who ask the same at once cause one
    computation. `evaluation`, `robustness`, `dataset`, `datasets`, `own_sets`,
    `inspection`, `papers`, `generators`, `game`, `scope` and `labelling` answer what
    belongs together, all of them by one version of the networks; `versions` are those
    there are, `costs` compares them. `history` has the verdicts that were kept, and
    `provenance` asks files and no network, `objects` a detector that may be absent.

    Args:
        shipped: the folder of trained networks that is version 1, with a subfolder
            for each.
        user_data: the user's folder for data sets and versions.
        networks: the networks, ready to answer; by default those of the version that
            is in use now. To answer by another, open another workbench.
    """

    def __init__(
        self, shipped: Path, *, user_data: Path, networks: NetworkPool | None = None
    ) -> None:
        self.user_data = user_data
        self.versions = VersionRegistry(user_data, shipped)
        super().__init__(networks or NetworkPool(self.versions.models()))
        models = self.models
        tables = AnswerCache(_NUM_TABLES)
        self.evaluation = EvaluationBench(models, tables)
        self.robustness = RobustnessBench("cifake", tables, self.evaluation)
        self.dataset = DatasetBench(models, tables, self.evaluation)
        self.datasets = DatasetsBench(user_data, self.dataset)
        self.own_sets = OwnSetsBench(self.datasets, self.pool, tables)
        self.inspection = InspectionBench(self.pool, self._answers)
        self.papers = PapersBench(models)
        self.provenance = ProvenanceBench(user_data, self._answers)
        self.objects = ObjectsBench(user_data, self._answers)
        self.scope = ScopeBench(models)
        self.generators = GeneratorsBench(models, tables, self.evaluation)
        self.game = GameBench(
            self.pool, tables, self.evaluation, self.dataset, self.generators
        )
        self.labelling = LabellingBench(self.pool, user_data)
        self.costs = CostsBench(self.versions, self.datasets.root, tables)
        self.history = HistoryBench(user_data, models)

    def all_names(self) -> tuple[str, ...]:
        """Networks that have weights, the papers' after our own."""
        return (*self.names(), *store.available_papers(self.models))

    def card(self, network: str) -> NetworkCard:
        """Card of a network that has weights of its own.

        Raises:
            ModelUnavailableError: If it is missing or not readable.
        """
        return store.load_card(self.models / network)

    def on(self, pictures: str) -> ChosenPictures:
        """What networks say of CIFAKE's test set, or of a data set of one's own.

        Args:
            pictures: a name of `selection.CIFAKE_SETS`, or a data set's.

        Raises:
            DatasetError: If there is no such data set.
        """
        if pictures not in CIFAKE_SETS:
            return self.own_sets.find(pictures)
        return CifakeTest(
            pictures,
            evaluation=self.evaluation,
            robustness=self.robustness,
            dataset=self.dataset,
            policy=self.policy_card,
        )

    def findings(
        self,
        image: Rgb,
        *,
        maps: Sequence[MapFinding],
        seed: int = 0,
        file: FileFacts | None = None,
    ) -> Findings:
        """Return all that a report holds on one picture; see `gather_findings`."""
        return gather_findings(self, image, maps=maps, seed=seed, file=file)

    def policy_card(self) -> PolicyCard:
        """Card on the verdicts of our own networks.

        Raises:
            ModelUnavailableError: If the card is missing, damaged or of other weights.
        """
        hashes = store.revisions(self.models)
        return self._answers.answer(
            ("policy", tuple(hashes.values()), self._sha256(POLICY_FILE)),
            lambda _: read_policy_card(hashes, self.models),
        )

    def trust_table(self) -> TrustTable | None:
        """Measured trust in each method, or None if there is none."""
        path = self.models / table.TRUST_FILE
        if not path.is_file():
            return None
        with suppress(ModelUnavailableError):  # of other weights: as if not measured
            hashes = tuple(store.revision(name, self.models) for name in self.names())
            return self._answers.answer(
                ("trust table", file_sha256(path), hashes),
                lambda _: table.read(self.models),
            )
        return None

    def forget(self, *, older: float) -> int:
        """Forget answers on pictures, and pictures of data sets; how many.

        Args:
            older: seconds since they were last asked for.
        """
        return self._answers.forget(older=older) + self.datasets.forget(older=older)

    def warm_up(self) -> None:
        """Load our own networks, so that the first picture does not wait for them."""
        for name in self.names():
            self.pool.network(name)
