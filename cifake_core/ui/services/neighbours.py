"""What pages ask for about the map: places, features, and who lies next to whom."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import DatasetError
from cifake_core.data.archive import Archive, names_sha256
from cifake_core.evaluation import embedding_map
from cifake_core.networks import store
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from cifake_core.ui.services import services


def embedding_map(network: str) -> embedding_map.EmbeddingMap:
    """Return a network's shipped map of the pictures."""
    return _embedding_map(network, store.revision(network))


def features(image: Rgb, *, network: str) -> Floats:
    """Return (K,) float32, a network's features of one picture of any size."""
    return _features(image, services.digest(image), network, store.revision(network))


def training_pictures(
    path: Path, found: embedding_map.EmbeddingMap, positions: npt.NDArray[np.int64]
) -> list[Rgb]:
    """Return a few training pictures of a map, read from the data set at `path`.

    Raises:
        DatasetError: If they cannot be read, or it holds other pictures.
    """
    archive, members, members_sha256 = _training_files(path)
    if members_sha256 != found.train_sha256:
        msg = f"{path.name} holds other training pictures than those of the map."
        raise DatasetError(msg)
    files = [archive.read(members[position]) for position in positions]
    return [prepare(read_picture(data).pixels).pixels for data in files]


@st.cache_resource(max_entries=4, show_spinner=False)
def _embedding_map(network: str, revision: str) -> embedding_map.EmbeddingMap:
    del revision  # only part of the key
    return embedding_map.read(network)


@st.cache_data(max_entries=512, show_spinner="The network looks at the picture…")
def _features(_image: Rgb, digest: str, network: str, revision: str) -> Floats:
    del digest, revision
    return services.judge().features(_image, network=network)


@st.cache_resource(max_entries=2, show_spinner="Listing the training pictures…")
def _training_files(path: Path) -> tuple[Archive, list[str], str]:
    """Return the data set, its training files and the hash of their order."""
    archive = Archive(path)
    members = archive.members("train")
    return archive, members, names_sha256(members)
