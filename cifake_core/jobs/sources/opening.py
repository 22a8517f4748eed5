"""Which source a place is: a bucket's URL, a folder, a zip or a file."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from cifake_core.basics.errors import JobError
from cifake_core.jobs.sources.bucket import open_bucket
from cifake_core.jobs.sources.folder import FileSource, FolderSource
from cifake_core.jobs.sources.protocol import Source
from cifake_core.jobs.sources.zip import ZipSource, is_zip


def open_many(place: str) -> Source:
    """Source of many pictures.

    Args:
        place: a folder, a zip, or a URL of a bucket. A URL of files is a folder's.

    Raises:
        JobError: If it is none of these.
    """
    url = urlsplit(place)
    if "://" in place and url.scheme != "file":
        return open_bucket(place)
    path = Path(unquote(url.path) if url.scheme == "file" else place).expanduser()
    try:
        if path.is_dir():
            return FolderSource(path)
        if path.is_file() and is_zip(path):
            return ZipSource(path)
    except (OSError, ValueError) as error:
        msg = f"{place} cannot be read: {error}. Check its name and permissions."
        raise JobError(msg) from error
    found = "a file that is no zip" if path.exists() else "nothing"
    msg = f"There is {found} at {place}. Expected a folder, a zip or a bucket's URL."
    raise JobError(msg)


def open_any(place: str) -> Source:
    """Source of many pictures, or the one file at `place`, which may be missing.

    Raises:
        JobError: If a bucket cannot be opened.
    """
    path = Path(place)
    try:
        is_many = "://" in place or path.is_dir() or (path.is_file() and is_zip(path))
    except (OSError, ValueError):  # the row of the file says it
        is_many = False
    return open_many(place) if is_many else FileSource(path)
