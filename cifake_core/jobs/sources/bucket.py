"""Buckets and other stores of Arrow's file systems as sources."""

from collections.abc import Iterator

from pyarrow import ArrowException
from pyarrow.fs import FileInfo, FileSelector, FileSystem, FileType

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources.folder import is_stray
from cifake_core.jobs.sources.protocol import Item
from cifake_core.pictures.reading import MAX_BYTES, check_num_bytes


def open_bucket(url: str) -> "BucketSource":
    """Source at a URL such as s3://bucket/folder?region=eu-west-1.

    Which schemes there are, and where keys come from, is Arrow's to say:
    arrow.apache.org/docs/python/filesystems.html.

    Raises:
        JobError: If Arrow cannot open it.
    """
    try:
        system, path = FileSystem.from_uri(url)
    except (ArrowException, OSError, ValueError) as error:
        msg = (
            f"{url} cannot be opened: {_one_line(error)}. Expected a folder, a zip, or "
            "a URL such as s3://bucket/folder?region=eu-west-1."
        )
        raise JobError(msg) from error
    return BucketSource(url, system=system, path=path)


class BucketSource:
    """All files below a path of an Arrow file system.

    Args:
        place: what a person named.
        system: the file system.
        path: in it, without a slash at its end.
    """

    def __init__(self, place: str, *, system: FileSystem, path: str) -> None:
        self.place = place
        self._system = system
        self._path = path.strip("/") if system.type_name != "local" else path

    def items(self) -> Iterator[Item]:
        """Every file, sorted by its path."""
        try:
            selector = FileSelector(self._path, recursive=True)
            found = self._system.get_file_info(selector)
        except (ArrowException, OSError) as error:
            msg = f"{self.place} cannot be listed: {_one_line(error)}."
            raise JobError(msg) from error
        start = len(self._path) + 1 if self._path else 0
        keys = sorted(each.path[start:] for each in found if _is_file(each))
        for key in keys:
            if not any(map(is_stray, key.split("/"))):
                yield Item(path=key, key=key)

    def read(self, key: str) -> bytes:
        """Bytes of the file at the path `key`."""
        path = f"{self._path}/{key}" if self._path else key
        try:
            with self._system.open_input_file(path) as file:
                check_num_bytes(file.size())
                data: bytes = file.read(MAX_BYTES + 1)
        except (ArrowException, OSError) as error:
            msg = f"The file cannot be read: {_one_line(error)}; try again later."
            raise InvalidImageError(msg) from error
        check_num_bytes(len(data))
        return data


def _is_file(info: FileInfo) -> bool:
    """Whether something listed is a file."""
    return bool(info.type == FileType.File)


def _one_line(error: Exception) -> str:
    """What Arrow says, on one line and without a full stop."""
    return " ".join(str(error).split()).rstrip(".")
