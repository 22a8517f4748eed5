"""Intake: where what was uploaded lies, and the source that a job is about."""

import secrets
import shutil
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from filelock import FileLock

from cifake_core.basics.errors import JobError
from cifake_core.basics.files import scratch_folder, write_whole
from cifake_core.jobs.queue.records import Kind
from cifake_core.jobs.sources.opening import open_any
from cifake_core.jobs.sources.protocol import Source
from cifake_core.jobs.sources.uploaded import UploadedSource, put_files
from cifake_core.jobs.sources.zip import ZipSource, is_zip

#: In the user's data folder: a folder for each job with uploads.
FOLDER: Final = "jobs"
_HOME_FILE: Final = "home"
_ZIP_FILE: Final = "upload.zip"


def home_of(user_data: Path) -> str:
    """Name of a folder of user data, which it keeps wherever it is moved.

    Several machines may share a database, and each has folders of its own.

    Raises:
        OSError: If the folder cannot be written.
    """
    path = user_data / FOLDER / _HOME_FILE
    with suppress(FileNotFoundError):
        return path.read_text("ascii")
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            with write_whole(path) as scratch:
                scratch.write_text(secrets.token_hex(16), "ascii")
    return path.read_text("ascii")


def folder_of(user_data: Path, job: str) -> Path:
    """Folder of a job's uploads."""
    return user_data / FOLDER / job


def put_uploads(
    user_data: Path, job: str, files: Sequence[tuple[str, IO[bytes]]]
) -> Kind:
    """Put the uploads of a new job into its folder, whole or not at all.

    Args:
        user_data: the user's folder.
        job: its id.
        files: name and bytes of each; one zip alone is opened as such.

    Raises:
        JobError: If there are no files, or the zip is beyond its bounds.
        OSError: If they cannot be written.
    """
    if not files:
        msg = "There are no files. Expected pictures, or one zip of pictures."
        raise JobError(msg)
    place = folder_of(user_data, job)
    place.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(place) as scratch:
        put_files(scratch, files)
        kind: Kind = "files"
        name = files[0][0]
        alone = scratch / "0"
        if len(files) == 1 and (name.lower().endswith(".zip") or is_zip(alone)):
            kind = "zip"
            alone.rename(scratch / _ZIP_FILE)
        check_source(_opened(kind, scratch, name, ""))
        scratch.rename(place)
    return kind


def open_source(
    user_data: Path, *, job: str, kind: Kind, name: str, place: str
) -> Source:
    """Source of a job's pictures.

    Raises:
        JobError: If it cannot be opened.
    """
    return _opened(kind, folder_of(user_data, job), name, place)


def check_source(source: Source) -> None:
    """Check that a source can be listed and has an item.

    Raises:
        JobError: If it has none, or is beyond its bounds.
    """
    if next(iter(source.items()), None) is None:
        msg = f"{source.place} holds no files. Expected pictures, such as JPEG or PNG."
        raise JobError(msg)


def delete_uploads(user_data: Path, job: str) -> None:
    """Delete what was uploaded for a job."""
    shutil.rmtree(folder_of(user_data, job), ignore_errors=True)


def sweep(user_data: Path, *, kept: Collection[str], older: timedelta) -> None:
    """Delete uploads of all jobs but some, unless they are new."""
    before = time.time() - older.total_seconds()
    for path in (user_data / FOLDER).glob("*/"):
        with suppress(OSError):
            if path.name not in kept and path.stat().st_mtime <= before:
                shutil.rmtree(path)


def _opened(kind: Kind, folder: Path, name: str, place: str) -> Source:
    """Source of this kind; its sentences call an uploaded zip by its own name."""
    if kind == "place":
        return open_any(place)
    if kind == "files":
        return UploadedSource(folder)
    source = ZipSource(folder / _ZIP_FILE)
    source.place = name
    return source
