"""Labelling on the workbench: which pictures of a data set to label next."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.accounts.records import Who
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.datasets import changes, library
from cifake_core.data.datasets.records import UNLABELLED, DataSetPictures
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.retraining.active_learning import (
    PoolAnswers,
    Query,
    Strategy,
    ask_networks,
    choose,
    values_of,
)
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.mahalanobis import Domain


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Asked:
    """A picture to be labelled: its file's hash, its pixels, and why it is asked about.

    `image` is (32, 32, 3) uint8, RGB.
    """

    sha256: str
    image: npt.NDArray[np.uint8]
    query: Query


@dataclass(slots=True, eq=False)
class _Unlabelled:
    """Pictures of a set as they were, and what networks say of them.

    `answered` has the hashes of those that somebody was asked about since.
    """

    pictures: DataSetPictures
    answers: PoolAnswers
    model_sha256: dict[str, str]
    digest: str
    answered: set[str] = field(default_factory=set)


class LabellingBench:
    """What to label next, and the labels that are given.

    Args:
        pool: the trained networks.
        user_data: the user's folder, with the data sets.
    """

    def __init__(self, pool: NetworkPool, user_data: Path) -> None:
        self._pool = pool
        self._user_data = user_data
        self._datasets = user_data / library.FOLDER
        self._unlabelled: dict[str, _Unlabelled] = {}
        self._lock = threading.RLock()

    def counts(self) -> dict[str, int]:
        """Number of pictures without a label of each data set.

        Raises:
            ModelUnavailableError: If a set's card is damaged.
        """
        return {
            card.name: sum(part.get("UNLABELLED", 0) for part in card.counts.values())
            for card in library.listing(self._datasets)
        }

    def ask(
        self,
        name: str,
        *,
        strategy: Strategy = "mix",
        progress: ProgressCallback = tell_nobody,
    ) -> tuple[Asked, ...]:
        """Pictures of a data set to label next, at most 20, the first first.

        The networks look at all of its unlabelled pictures the first time.

        Args:
            name: of the data set.
            strategy: what ranks the pictures.
            progress: told the share done, 0 to 1; what it raises comes through.

        Raises:
            DatasetError: If there is no such set, or a picture of it is gone.
            ModelUnavailableError: If there are no networks, or `strategy` needs what
                is not there.
        """
        with self._lock:
            found = self._looked_at(name, progress)
            hashes = found.pictures.hashes
            queries = choose(
                values_of(found.answers, self._domain(found.model_sha256)),
                found.answers.features,
                strategy=strategy,
                labelled=[n for n, sha in enumerate(hashes) if sha in found.answered],
            )
            return tuple(
                Asked(
                    sha256=str(hashes[query.position]),
                    image=found.pictures.images[query.position],
                    query=query,
                )
                for query in queries
            )

    def label(self, name: str, sha256: str, label: int, *, by: Who) -> None:
        """Give a picture its label by hand, or take it back.

        Args:
            name: of the data set.
            sha256: of the picture's file.
            label: FAKE = 0, REAL = 1; UNLABELLED = -1 takes it back.
            by: who labels.

        Raises:
            DatasetError: If there is no such picture.
        """
        with self._lock:
            place = self._user_data
            card = changes.label(name, sha256, label, user_data=place, by=by)
            found = self._unlabelled.get(name)
            if found is not None:
                found.digest = card.digest
                change = set.discard if label == UNLABELLED else set.add
                change(found.answered, sha256)

    def skip(self, name: str, sha256: str) -> None:
        """Leave a picture without a label, and ask about it no more for now."""
        with self._lock:
            if name in self._unlabelled:
                self._unlabelled[name].answered.add(sha256)

    def _looked_at(self, name: str, progress: ProgressCallback) -> _Unlabelled:
        """Unlabelled pictures of a set, with what the networks in use say of them."""
        hashes = {
            network: sha256
            for network, sha256 in store.revisions(self._pool.models).items()
            if not NETWORKS[network].members
        }
        digest = library.card(name, self._datasets).digest
        found = self._unlabelled.get(name)
        if found and (found.digest, found.model_sha256) == (digest, hashes):
            return found
        pictures = library.unlabelled(name, root=self._datasets)
        networks = [self._pool.network(network) for network in hashes]
        found = _Unlabelled(
            pictures=pictures,
            answers=ask_networks(networks, pictures.images, progress=progress),
            model_sha256=hashes,
            digest=digest,
        )
        self._unlabelled[name] = found
        return found

    def _domain(self, model_sha256: dict[str, str]) -> Domain | None:
        """Domain of the networks' features, or None where there is none of these."""
        try:
            return mahalanobis.read(model_sha256, self._pool.models)
        except ModelUnavailableError:
            return None
