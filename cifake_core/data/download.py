"""Download of the data set from Kaggle, without an account."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.places import cache_folder
from cifake_core.data.verification import verify

HANDLE: Final = "birdy654/cifake-real-and-ai-generated-synthetic-images"
PAGE: Final = f"https://www.kaggle.com/datasets/{HANDLE}"

_BY_HAND = f"Or get the zip by hand from {PAGE} and name it with --data."


def download() -> Path:
    """Put CIFAKE into the user's cache, whole and checked or not at all.

    While it downloads, kagglehub shows a bar of its own on stderr; the check of
    every file follows without one.

    Returns:
        The folder with train/ and test/, where `cifake.find` looks.

    Raises:
        DatasetError: If there is a data set already, there is no network,
            Kaggle refuses, the disk is full, or what arrived is not CIFAKE.
    """
    import kagglehub  # noqa: PLC0415 - half a second, and only a download needs it

    target = cache_folder() / "data"
    if target.exists():
        msg = f"There is a data set in {target}. Delete it to download it afresh."
        raise DatasetError(msg)
    with _translated(), _scratch_folder(target.parent) as scratch:
        fetched = scratch / "data"
        kagglehub.dataset_download(HANDLE, output_dir=str(fetched))
        verify(fetched)
        fetched.rename(target)
    return target


@contextmanager
def _scratch_folder(parent: Path) -> Iterator[Path]:
    """Make a folder beside the target, and remove it whatever happens."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=".download-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what kagglehub, requests and the disk raise into one sentence."""
    import requests  # noqa: PLC0415 - see above
    from kagglehub.exceptions import DataCorruptionError  # noqa: PLC0415 - see above

    try:
        yield
    except requests.HTTPError as error:
        reason = str(error).strip().splitlines()[0]
        msg = f"Kaggle refused the download ({reason}). Try again later. {_BY_HAND}"
        raise DatasetError(msg) from error
    except requests.RequestException as error:
        msg = (
            "Kaggle cannot be reached: there is no network, or it does not let this "
            f"machine through. Check the connection and try again. {_BY_HAND}"
        )
        raise DatasetError(msg) from error
    except (DataCorruptionError, zipfile.BadZipFile, ValueError) as error:
        msg = f"What arrived from Kaggle is damaged. Try again. {_BY_HAND}"
        raise DatasetError(msg) from error
    except OSError as error:
        msg = f"The data set cannot be kept in {cache_folder()}: {error}."
        raise DatasetError(msg) from error
