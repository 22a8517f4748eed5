"""The download: whole and checked or not at all, and every failure a sentence."""

import shutil
import zipfile
from pathlib import Path

import kagglehub
import pytest
import requests
from kagglehub.exceptions import DataCorruptionError, KaggleApiHTTPError

from cifake_core.basics.errors import DatasetError
from cifake_core.data import cifake, download


@pytest.fixture
def kaggle(tiny_dataset, monkeypatch) -> list[str]:
    """Let Kaggle hand out the tiny data set, as the published one."""
    splits = [cifake.load(tiny_dataset, split) for split in ("train", "test")]
    monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", cifake.digest(*splits))
    monkeypatch.setattr(cifake, "PUBLISHED_COUNTS", {"train": 14, "test": 6})
    handles: list[str] = []

    def hand_out(handle: str, *, output_dir: str) -> str:
        handles.append(handle)
        return str(shutil.copytree(tiny_dataset, output_dir))

    monkeypatch.setattr(kagglehub, "dataset_download", hand_out)
    return handles


def failing(monkeypatch, error: Exception) -> None:
    """Let Kaggle write half a file and then fail with `error`."""

    def fail(_handle: str, *, output_dir: str) -> str:
        Path(output_dir).mkdir()
        (Path(output_dir) / "half.archive").write_bytes(b"half")
        raise error

    monkeypatch.setattr(kagglehub, "dataset_download", fail)


def test_a_download_is_found_afterwards(kaggle, own_cache, monkeypatch, tmp_path):
    """The data set lands in the cache, where `find` looks, and loads."""
    monkeypatch.setattr(cifake, "__file__", str(tmp_path / "core" / "dataset.py"))

    path = download.download()

    assert kaggle == [download.HANDLE]
    assert path == own_cache / "data" == cifake.find()
    assert len(cifake.load(path, "test").labels) == 12
    assert not list(own_cache.glob(".download-*"))


def test_an_existing_data_set_is_not_replaced(kaggle, own_cache):
    """What a person put there stays."""
    (own_cache / "data").mkdir(parents=True)

    with pytest.raises(DatasetError, match=r"There is a data set in .* Delete it"):
        download.download()

    assert not kaggle


def test_something_else_than_cifake_is_not_kept(kaggle, own_cache, monkeypatch):
    """What does not verify is removed."""
    monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", "0" * 64)

    with pytest.raises(DatasetError, match="is not CIFAKE as published"):
        download.download()

    assert kaggle
    assert not (own_cache / "data").exists()
    assert not list(own_cache.glob(".download-*"))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (requests.ConnectionError("Max retries"), "Kaggle cannot be reached"),
        (requests.Timeout("slow"), "Kaggle cannot be reached"),
        (
            KaggleApiHTTPError("403 Client Error.\n\nYou don't have permission"),
            r"Kaggle refused the download \(403 Client Error\.\)",
        ),
        (DataCorruptionError("MD5"), "What arrived from Kaggle is damaged"),
        (zipfile.BadZipFile("bad"), "What arrived from Kaggle is damaged"),
        (ValueError("Unsupported archive type."), "arrived from Kaggle is damaged"),
        (OSError(28, "No space left on device"), r"cannot be kept in .*No space left"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(
    monkeypatch, own_cache, error, message
):
    """Each way to fail has its own words, and no half download stays."""
    failing(monkeypatch, error)

    with pytest.raises(DatasetError, match=message):
        download.download()

    assert not list(own_cache.iterdir())


def test_a_person_can_help_themselves(monkeypatch):
    """Without a network the message names the page with the zip."""
    failing(monkeypatch, requests.ConnectionError("Max retries"))

    with pytest.raises(DatasetError, match=r"kaggle.com/datasets/birdy654.*--data"):
        download.download()
