"""Buckets as sources: Arrow's file systems, and S3 by a server of its own."""

import os
from urllib.parse import quote

import pytest
from pyarrow import fs

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources.bucket import BucketSource, open_bucket
from cifake_core.jobs.sources.opening import open_many
from cifake_core.pictures.reading import MAX_BYTES
from tests.jobs.made_sources import jpeg_of, put_folder


@pytest.fixture
def bucket(tmp_path):
    """A source on a folder by Arrow, with five files and one that is hidden."""
    root = put_folder(tmp_path / "pictures", good=5, bad=0)
    (root / ".hidden").write_bytes(b"x")
    system = fs.SubTreeFileSystem(str(root), fs.LocalFileSystem())
    return BucketSource("made", system=system, path="")


def test_files_come_sorted(bucket):
    """Every file below the path, however deep, and its bytes by its key."""
    items = list(bucket.items())

    paths = [item.path for item in items]
    assert paths == sorted(paths)
    assert len(paths) == 5
    assert bucket.read("part 1/deep/00001.jpg") == jpeg_of(1)


def test_what_cannot_be_read_is_a_sentence(bucket, tmp_path):
    """Missing, empty and too large files."""
    (tmp_path / "pictures" / "empty.jpg").write_bytes(b"")
    with (tmp_path / "pictures" / "big.jpg").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    for name, sentence in {
        "gone.jpg": "cannot be read",
        "empty.jpg": "is empty",
        "big.jpg": "at most 10 MB",
    }.items():
        with pytest.raises(InvalidImageError, match=sentence):
            bucket.read(name)


def test_a_bucket_that_is_not_there_is_a_sentence(tmp_path):
    """So is a URL that nobody knows."""
    source = BucketSource(
        "gone", system=fs.LocalFileSystem(), path=str(tmp_path / "gone")
    )

    with pytest.raises(JobError, match="gone cannot be listed"):
        list(source.items())
    with pytest.raises(JobError, match="cannot be opened"):
        open_many("nobody://knows/this")


@pytest.fixture
def s3_url(monkeypatch):
    """The URL of a folder in a bucket of a server that speaks S3."""
    server = pytest.importorskip("moto.server", reason="needs moto and Flask")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    place = quote(f"{host}:{port}", safe="")
    url = f"scheme=http&endpoint_override={place}&region=us-east-1"
    system, _ = fs.FileSystem.from_uri(f"s3://pictures?{url}&allow_bucket_creation=1")
    system.create_dir("pictures")
    for number in range(3):
        with system.open_output_stream(f"pictures/in/{number % 2}/{number}.jpg") as out:
            out.write(jpeg_of(number))
    with system.open_output_stream("pictures/elsewhere.jpg") as out:
        out.write(b"x")
    yield f"s3://pictures/in?{url}"
    running.stop()


@pytest.mark.skipif(
    os.environ.get("CI") is None and not hasattr(fs, "S3FileSystem"),
    reason="this pyarrow has no S3",
)
def test_a_bucket_of_s3_is_a_source(s3_url):
    """A real client asks a real server over a real socket."""
    source = open_bucket(s3_url)

    found = {item.path: source.read(item.key) for item in source.items()}

    assert found == {
        "0/0.jpg": jpeg_of(0),
        "0/2.jpg": jpeg_of(2),
        "1/1.jpg": jpeg_of(1),
    }
    with pytest.raises(InvalidImageError, match="cannot be read"):
        source.read("gone.jpg")
