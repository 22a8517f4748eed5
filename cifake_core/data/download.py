"""Download of the data set from Kaggle, without an account."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Final

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.verification import verify

HANDLE: Final = "birdy654/cifake-real-and-ai-generated-synthetic-images"
PAGE: Final = f"https://www.kaggle.com/datasets/{HANDLE}"

#: Size of the archive, for the progress alone.
_ARCHIVE_BYTES = 125_000_000
#: Share of the progress that is the download; the rest is the check.
_DOWNLOAD_SHARE = 0.7
_SECONDS_BETWEEN_LOOKS = 0.3
_BY_HAND = f"Or get the zip by hand from {PAGE} and name it with --data."


def download(*, progress: ProgressCallback | None = None) -> Path:
    """Put CIFAKE into the user's cache, whole and checked or not at all.

    Args:
        progress: told the share done, 0 to 1.

    Returns:
        The folder with train/ and test/, where `dataset.find` looks.

    Raises:
        DatasetError: If there is a data set already, there is no network,
            Kaggle refuses, the disk is full, or what arrived is not CIFAKE.
    """
    target = cache_folder() / "data"
    if target.exists():
        msg = f"There is a data set in {target}. Delete it to download it afresh."
        raise DatasetError(msg)
    with _translated(), _scratch_folder(target.parent) as scratch:
        fetched = scratch / "data"
        _fetch(fetched, progress)
        verify(fetched, progress=_second_part(progress))
        fetched.rename(target)
    return target


def _fetch(folder: Path, progress: ProgressCallback | None) -> None:
    """Let kagglehub fill `folder`, and tell how far it is from the archive's size."""
    import kagglehub  # noqa: PLC0415 - half a second, and only a download needs it

    outcome: Future[str] = Future()

    def work() -> None:
        try:
            outcome.set_result(
                kagglehub.dataset_download(HANDLE, output_dir=str(folder))
            )
        except BaseException as error:  # noqa: BLE001 - raised again by result()
            outcome.set_exception(error)

    # A daemon, so that Ctrl-C does not wait for it
    Thread(target=work, name="kagglehub", daemon=True).start()
    while wait([outcome], timeout=_SECONDS_BETWEEN_LOOKS).not_done:
        if progress is not None:
            share = _largest_file(folder) / _ARCHIVE_BYTES
            progress(_DOWNLOAD_SHARE * min(share, 1.0))
    outcome.result()


def _largest_file(folder: Path) -> int:
    """Return the bytes of the largest file right in `folder`: the growing archive."""
    with suppress(OSError):  # it may vanish while we look
        return max((file.stat().st_size for file in folder.glob("*")), default=0)
    return 0


def _second_part(progress: ProgressCallback | None) -> ProgressCallback | None:
    """Return a callback for the check, which follows the download."""
    if progress is None:
        return None
    return lambda share: progress(_DOWNLOAD_SHARE + (1 - _DOWNLOAD_SHARE) * share)


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
        msg = f"What arrived from Kaggle is corrupted. Try again. {_BY_HAND}"
        raise DatasetError(msg) from error
    except OSError as error:
        msg = f"The data set cannot be kept in {cache_folder()}: {error}."
        raise DatasetError(msg) from error
