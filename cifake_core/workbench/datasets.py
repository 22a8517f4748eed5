"""Data sets of one's own on the workbench: listed, added, looked at, removed."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from cifake_core.accounts.records import Who
from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.files import write_whole
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.datasets import changes, index, library
from cifake_core.data.datasets.records import PARTS, DataSetCard, DataSetPictures, Part
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.dataset import DatasetBench

#: Sets whose pictures are kept in memory: 3 KB a picture.
_NUM_LOADED: Final = 4
#: In the user's folder: zips that data sets were uploaded as.
UPLOADS: Final = "uploads"


class DatasetsBench:
    """Data sets of one's own: their cards and pictures, the way in and out.

    Args:
        user_data: the user's folder.
        cifake: knows where CIFAKE lies, among whose pictures copies are looked for.
    """

    def __init__(self, user_data: Path, cifake: DatasetBench) -> None:
        self.root = user_data / library.FOLDER
        self.uploads = user_data / UPLOADS
        self._user_data = user_data
        self._cifake = cifake
        self._loaded = AnswerCache(_NUM_LOADED)

    def listing(self) -> tuple[DataSetCard, ...]:
        """Cards of all data sets, by name; small files, read each time.

        Raises:
            ModelUnavailableError: If a card is damaged.
        """
        return library.listing(self.root)

    def names(self) -> list[str]:
        """Names of all data sets, sorted, of those with damaged cards, too."""
        return index.names(self.root)

    def card(self, name: str) -> DataSetCard:
        """Card of one data set.

        Raises:
            DatasetError: If there is none of that name.
            ModelUnavailableError: If it is damaged.
        """
        return library.card(name, self.root)

    def add(
        self,
        name: str,
        path: Path,
        *,
        by: Who,
        progress: ProgressCallback = tell_nobody,
    ) -> DataSetCard:
        """Check a data set and keep its card; see `changes.add`."""
        return changes.add(
            name,
            path,
            user_data=self._user_data,
            by=by,
            cifake=self._cifake.path(),
            progress=progress,
        )

    def keep_upload(self, name: str, data: bytes) -> Path:
        """Keep an uploaded zip among the user's data; return its place.

        Args:
            name: of the set that is to be made of it.
            data: the bytes of the zip.

        Raises:
            DatasetError: If there is a set of that name, or no room.
        """
        library.check_new(name, self.root)
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.uploads / f"{name}-{sha256[:8]}.zip"
        try:
            self.uploads.mkdir(parents=True, exist_ok=True)
            with write_whole(place) as scratch:
                scratch.write_bytes(data)
        except OSError as error:
            msg = f"The zip cannot be kept in {self.uploads}: {error}. Make room there."
            raise DatasetError(msg) from error
        return place

    def discard_upload(self, place: Path) -> None:
        """Delete an uploaded zip of which no set was made; other files stay."""
        if place.parent == self.uploads:
            place.unlink(missing_ok=True)

    def remove(self, name: str, *, by: Who) -> None:
        """Forget a data set; see `changes.remove`."""
        changes.remove(name, user_data=self._user_data, by=by)

    def restore(self, name: str, *, by: Who) -> DataSetCard:
        """Take a removal back; see `changes.restore`."""
        return changes.restore(name, user_data=self._user_data, by=by)

    def forget(self, *, older: float) -> int:
        """Forget sets in memory that nobody asked for so many seconds; how many."""
        return self._loaded.forget(older=older)

    def pictures(
        self,
        name: str,
        *,
        parts: Sequence[Part] = PARTS,
        progress: ProgressCallback = tell_nobody,
    ) -> DataSetPictures:
        """Labelled pictures of a set or of some parts; as `library.load`."""
        digest = self.card(name).digest
        return self._loaded.answer(
            ("pictures", name, digest, tuple(parts)),
            lambda tell: library.load(name, root=self.root, parts=parts, progress=tell),
            progress=progress,
        )

    def examples(
        self, name: str, *, count: int, progress: ProgressCallback = tell_nobody
    ) -> Mapping[str, Sequence[tuple[str, Rgb]]]:
        """Some training pictures with their paths: REAL first, then by generator.

        Args:
            name: of the set.
            count: pictures of each at most.
            progress: told the share done, 0 to 1, while pictures are decoded.
        """
        found = self.pictures(name, parts=("training",), progress=progress)
        kinds = np.where(found.labels == LABELS.index("REAL"), "REAL", found.generators)
        return {
            str(kind): [
                (str(found.members[at]), found.images[at])
                for at in np.flatnonzero(kinds == kind)[:count]
            ]
            for kind in sorted(set(kinds), key=lambda kind: (kind != "REAL", kind))
        }
