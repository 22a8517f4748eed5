"""Fixtures that several test files share: data sets, and a cache of one's own."""

import os
import signal
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from PIL import Image

from cifake_core.basics import places

pytest_plugins = ["tests.models", "tests.processes", "tests.servers"]

#: Pictures in each class folder of the tiny data set; 40 in all.
TINY_COUNTS = {"train": 14, "test": 6}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the quick files of the core for the end, so that workers end together."""
    long = {each.path for each in items if each.get_closest_marker("slow")}
    items.sort(
        key=lambda each: (
            not {"ui", "browser"} & set(each.path.parts) and each.path not in long
        )
    )


@pytest.fixture(scope="session")
def cifake_data() -> Path:
    """Return the real data set; mark tests that ask for it `data`."""
    path = os.environ.get("CIFAKE_DATA")
    if not path:
        reason = "needs the real data set: set CIFAKE_DATA to its zip or folder"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Path(path)


@pytest.fixture(scope="session")
def tiny_dataset(tmp_path_factory) -> Path:
    """Return a folder laid out and named like CIFAKE; read it, don't change it.

    FAKE pictures are reddish and flat, REAL ones greenish and grainy. One pair of
    the same bytes lies within train, one within test, one goes across.
    """
    root = tmp_path_factory.mktemp("tiny") / "cifake"
    for split, count in TINY_COUNTS.items():
        for label in ("FAKE", "REAL"):
            folder = root / split / label
            folder.mkdir(parents=True)
            for index in range(count):
                data = tiny_picture(split, label, index)
                (folder / tiny_name(split, label, index)).write_bytes(data)
    train, test = root / "train" / "FAKE", root / "test" / "FAKE"
    first, second, third, *_ = sorted(train.iterdir())
    second.write_bytes(first.read_bytes())
    one, two, three, *_ = sorted(test.iterdir())
    two.write_bytes(one.read_bytes())
    three.write_bytes(third.read_bytes())
    return root


@pytest.fixture(scope="session")
def tiny_zip(tiny_dataset, tmp_path_factory) -> Path:
    """Return the tiny data set as a zip; read it, don't change it."""
    path = tmp_path_factory.mktemp("zip") / "tiny.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(tiny_dataset.rglob("*.jpg")):
            archive.write(file, file.relative_to(tiny_dataset).as_posix())
    return path


@pytest.fixture(scope="session", autouse=True)
def _tests_cache(tmp_path_factory) -> Iterator[None]:
    """Keep fixtures of any scope out of the user's cache."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _move_cache(monkeypatch, tmp_path_factory.mktemp("cache"))
        monkeypatch.setenv(places.USER_DATA_VARIABLE, str(tmp_path_factory.mktemp("u")))
        yield


@pytest.fixture(autouse=True)
def user_data(tmp_path_factory, monkeypatch) -> Path:
    """Give each test an empty folder for data sets and versions.

    The next test gets the same one while it stays empty, so that the app under test
    need not load its networks again.
    """
    if not _EMPTY or any(_EMPTY[0].iterdir()):
        _EMPTY[:] = [tmp_path_factory.mktemp("user")]
    monkeypatch.setenv(places.USER_DATA_VARIABLE, str(_EMPTY[0]))
    monkeypatch.delenv(places.DATABASE_URL_VARIABLE, raising=False)
    return places.user_data_folder()


_EMPTY: list[Path] = []


@pytest.fixture(autouse=True)
def _own_main(monkeypatch) -> None:
    """Give the process its own main module back after a page ran in its place.

    A script that Streamlit's tests run from a function is gone afterwards, but a child
    process that starts anew would look for it.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def own_cache(request, tmp_path_factory, monkeypatch) -> Path:
    """Give each test an empty user's cache, and no data set from outside.

    Tests marked `data` keep the real ones, so that 100,000 pictures are decoded
    once and not in every run.
    """
    if request.node.get_closest_marker("data"):
        monkeypatch.setattr(places, "user_cache_path", platformdirs.user_cache_path)
        _restore(monkeypatch, "XDG_CACHE_HOME")
    else:
        _move_cache(monkeypatch, tmp_path_factory.mktemp("cache"))
        monkeypatch.delenv("CIFAKE_DATA", raising=False)
    return places.cache_folder()


_OUTSIDE = dict(os.environ)


def _move_cache(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Let this process, and those it starts, keep its cache in `home`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.setattr(places, "user_cache_path", lambda *_, **__: home / "cifake")


def _restore(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Give an environment variable the value it had before the tests."""
    if name in _OUTSIDE:
        monkeypatch.setenv(name, _OUTSIDE[name])
    else:
        monkeypatch.delenv(name, raising=False)


def tiny_name(split: str, label: str, index: int) -> str:
    """Return a file's name as CIFAKE gives it: the object class is in brackets."""
    number, object_class = divmod(index, 10)
    if split == "train" and label == "FAKE":
        number += 1000
    stem = f"{number:04}" if label == "REAL" else str(number)
    return f"{stem} ({object_class + 1}).jpg" if object_class else f"{stem}.jpg"


def tiny_picture(split: str, label: str, index: int) -> bytes:
    """Return a 32x32 JPEG that gives its label away and equals no other."""
    random = np.random.RandomState(1000 * index + 10 * len(split) + len(label + split))
    fake = label == "FAKE"
    colour = np.array([170, 90, 80] if fake else [80, 150, 100])
    noise = random.normal(0, 4 if fake else 30, (32, 32, 3))
    pixels = colour + random.randint(-25, 26, 3) + noise
    file = BytesIO()
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    image.save(file, "JPEG", quality=75)
    return file.getvalue()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C be heard, here and in processes: a job in the background is deaf."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
