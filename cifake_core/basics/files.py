"""Files: written whole or not at all, named by their SHA-256."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Place beside `path` to write to; renamed to `path` if all goes well.

    Whatever happens, nothing stays beside it, and what stood in `path` stays until
    the new file is whole.

    Yields:
        A path that ends in the name of `path`, as some writers go by the suffix.

    Raises:
        OSError: If the file cannot be written.
    """
    scratch = path.with_name(f"part.{path.name}")
    try:
        yield scratch
        scratch.replace(path)
    finally:
        with suppress(OSError):  # never in the place of what went wrong before
            scratch.unlink(missing_ok=True)


@contextmanager
def scratch_folder(place: Path) -> Iterator[Path]:
    """New folder beside `place`, for a folder that is to be moved there whole.

    What is not moved away is deleted.

    Raises:
        OSError: If it cannot be made.
    """
    scratch = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".part-{place.name}-"))
    try:
        scratch.chmod(0o755)  # mkdtemp's own would hide it from other users
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def replace_folder(new: Path, place: Path) -> None:
    """Move the folder `new` to `place`; what stood there goes only after that."""
    old = place.with_name(f".old-{place.name}")
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
