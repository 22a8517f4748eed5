"""The data set on the workbench: its pictures, its stored facts, its subgroups."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import CifakeError, DatasetError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data import cifake, facts
from cifake_core.data.archive import Archive, names_sha256
from cifake_core.data.cifake import Split
from cifake_core.data.facts import DataFacts, Part
from cifake_core.evaluation import subgroups
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.pictures.reading import read_picture
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.evaluation import EvaluationBench


class DatasetBench:
    """CIFAKE where it lies on this machine, and what is stored about it.

    Args:
        models: the folder of trained networks, with the stored facts.
        answers: where answers are kept.
        evaluation: the networks' scores.
    """

    def __init__(
        self, models: Path, answers: AnswerCache, evaluation: EvaluationBench
    ) -> None:
        self._models = models
        self._answers = answers
        self._evaluation = evaluation

    def path(self) -> Path | None:
        """Place of the data set, or None if it is not on this machine."""
        with suppress(CifakeError):
            path = cifake.find()
            return path if path.exists() else None
        return None

    def test_split(
        self, path: Path, *, progress: ProgressCallback = tell_nobody
    ) -> Split:
        """Test split of the data set at `path`, as a memory map."""
        return self._answers.answer(
            ("split", path),
            lambda tell: cifake.load(path, "test", progress=tell),
            progress=progress,
        )

    def facts(self) -> DataFacts:
        """Stored facts on the test set.

        Raises:
            ModelUnavailableError: If they are missing or damaged.
        """
        return self._answers.answer(
            ("facts", self._facts_sha256()), lambda _: facts.read(self._models)
        )

    def split_of_facts(self, path: Path) -> Split:
        """Test split at `path`.

        Raises:
            DatasetError: If it cannot be read, or the facts are on other pictures.
        """
        split = self.test_split(path)
        self._answers.answer(
            ("facts on split", path, self._facts_sha256()),
            lambda _: facts.check_same_pictures(self.facts(), split.members),
        )
        return split

    def copy_parts(self, network: str) -> dict[str, Part]:
        """Network's accuracy with and without duplicates, and on them."""
        return self._answers.answer(
            ("copies", network, self._evaluation.revision(network)),
            lambda _: subgroups.copy_parts(self._evaluation.scores(network)),
        )

    def grey_parts(self, network: str) -> dict[tuple[bool, Label], Part]:
        """Network's accuracy on near-greyscale and other pictures.

        Raises:
            DatasetError: If its scores are on other pictures than the facts.
        """
        sha256 = self._evaluation.revision(network)
        return self._answers.answer(
            ("grey", network, sha256, self._facts_sha256()),
            lambda _: subgroups.grey_parts(
                self.facts(), self._evaluation.scores(network)
            ),
        )

    def training_pictures(
        self, path: Path, found: EmbeddingMap, positions: npt.NDArray[np.int64]
    ) -> list[Rgb]:
        """A few training pictures of a map, read from the data set at `path`.

        Raises:
            DatasetError: If they cannot be read, or it holds other pictures.
        """
        archive, members, members_sha256 = self._training_files(path)
        if members_sha256 != found.train_sha256:
            msg = f"{path.name} holds other training pictures than those of the map."
            raise DatasetError(msg)
        files = [archive.read(members[position]) for position in positions]
        return [crop_and_resize(read_picture(data).pixels) for data in files]

    def _training_files(self, path: Path) -> tuple[Archive, list[str], str]:
        """Data set, its training files and the hash of their order."""

        def find(_: ProgressCallback) -> tuple[Archive, list[str], str]:
            archive = Archive(path)
            members = archive.members("train")
            return archive, members, names_sha256(members)

        return self._answers.answer(("training files", path), find)

    def _facts_sha256(self) -> str:
        """Hash of the stored facts; empty if there are none."""
        path = self._models / facts.FACTS_FILE
        return file_sha256(path) if path.is_file() else ""
