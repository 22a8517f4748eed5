"""What teaching cost, on the workbench: what each version finds of each generator."""

from pathlib import Path

from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.datasets import library
from cifake_core.networks.pool import load_network
from cifake_core.retraining.forgetting import ForgettingTable, forgetting_table
from cifake_core.versions.registry import VersionRegistry
from cifake_core.workbench.answer_cache import AnswerCache


class CostsBench:
    """What every version of a network finds, and what was lost on the way.

    Args:
        versions: those that there are.
        datasets: the folder of data sets.
        answers: where answers are kept.
    """

    def __init__(
        self, versions: VersionRegistry, datasets: Path, answers: AnswerCache
    ) -> None:
        self._versions = versions
        self._datasets = datasets
        self._answers = answers

    def networks(self) -> tuple[str, ...]:
        """Networks that a version taught."""
        taught = (each.network for each in self._versions.listing() if each.network)
        return tuple(dict.fromkeys(taught))

    def table(
        self, network: str, *, progress: ProgressCallback = tell_nobody
    ) -> ForgettingTable:
        """Versions of a network by generator; those never asked of a set are asked.

        Raises:
            CifakeError: If data sets or versions cannot be listed.
        """
        versions = tuple(
            (each.number, each.state, each.model_sha256)
            for each in self._versions.listing()
        )
        sets = tuple(each.digest for each in library.listing(self._datasets))
        return self._answers.answer(
            ("costs", network, versions, sets),
            lambda tell: forgetting_table(
                network,
                registry=self._versions,
                datasets_root=self._datasets,
                load=load_network,
                progress=tell,
            ),
            progress=progress,
        )
