"""REST benchmark: 16 clients for a minute, and the pages that are opened meanwhile.

`python -m benchmarks.rest` on a machine with nothing else to do, with Chromium and the
data set (`CIFAKE_DATA`). Each client sends test pictures of its own in turns, more of
them than the app keeps answers on, and holds every answer against what `predict --json`
said before. Pages are opened in a browser by their links: alone, then meanwhile.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import Page

from benchmarks.browser import feel
from benchmarks.browser.habits import HABITS
from cifake_core.basics.arrays import pixels_sha256
from cifake_core.data import cifake
from tests.browser import running

_CLIENTS: Final = 16
_SECONDS: Final = 60
#: Pictures of each client; the app keeps answers on 512 in all.
_PICTURES: Final = 40
_NETWORK: Final = "ensemble"
#: How many times as slow a page may be meanwhile.
_MOST: Final = 1.5
_PAGES: Final = ("Test set", "Data sets", "About")


@dataclass(kw_only=True, slots=True)
class Heard:
    """What the clients heard: seconds of each answer, and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    refused: int = 0
    failed: int = 0


def write_pictures(folder: Path) -> list[Path]:
    """Write the clients' pictures, drawn from the test set, each named by its hash."""
    images = cifake.load(Path(os.environ["CIFAKE_DATA"]), "test").images
    chosen = np.random.RandomState(0).choice(
        len(images), _CLIENTS * _PICTURES, replace=False
    )
    paths = []
    for number in chosen:
        pixels = np.array(images[number])
        path = folder / f"{pixels_sha256(pixels)}.png"
        file = BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        path.write_bytes(file.getvalue())
        paths.append(path)
    return paths


def predict(paths: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return the row of each picture by the command line, by the file's name."""
    command = [sys.executable, "-m", "cifake_core", "predict", "--json"]
    done = subprocess.run(
        [*command, "--network", _NETWORK, *map(str, paths)],
        cwd=running.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = [_untimed(json.loads(line)) for line in done.stdout.splitlines()]
    return {Path(row["path"]).name: row | {"path": None} for row in rows}


def ask(  # noqa: PLR0913, PLR0917 - a process is given them by position
    address: str,
    paths: Sequence[Path],
    expected: dict[str, dict[str, Any]],
    begun: Event,
    over: Event,
    told: "multiprocessing.Queue[Heard]",
) -> None:
    """Ask as all clients at once until it is over, in a process of its own."""
    heard = Heard()
    threads = [
        threading.Thread(
            target=_client, args=(address, paths[n::_CLIENTS], expected, over, heard)
        )
        for n in range(_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    told.put(heard)


def _client(
    address: str,
    paths: Sequence[Path],
    expected: dict[str, dict[str, Any]],
    over: Event,
    heard: Heard,
) -> None:
    """Ask about one picture after another, and check each answer."""
    contents = {path.name: path.read_bytes() for path in paths}
    with httpx.Client(base_url=address, timeout=60) as client:
        for name, content in cycle(contents.items()):
            if over.is_set():
                return
            started = time.perf_counter()
            response = client.post(
                "/judge", files={"files": (name, content)}, data={"network": _NETWORK}
            )
            heard.seconds.append(time.perf_counter() - started)
            if response.status_code != 200:
                heard.failed += response.status_code >= 500
                heard.refused += response.status_code < 500
                continue
            (row,) = response.json()["results"]
            right = expected[name] | {"path": name}
            heard.wrong += _untimed(row) != right


def _untimed(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the time that it took."""
    return {key: value for key, value in row.items() if key != "milliseconds"}


def open_pages(page: Page, seconds: float) -> dict[str, list[float]]:
    """Return the seconds of each visit of each page, for so many seconds or more."""
    habits = [habit for habit in HABITS if habit.title in _PAGES]
    found: dict[str, list[float]] = {habit.title: [] for habit in habits}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for habit in habits:
            found[habit.title].append(feel.visit_page(page, habit))
    return found


@contextmanager
def asking(
    address: str, paths: Sequence[Path], expected: dict[str, dict[str, Any]]
) -> Iterator[list[Heard]]:
    """Let the clients ask; the list has what they heard, once they have ended."""
    spawn = multiprocessing.get_context("spawn")
    begun, over, told = spawn.Event(), spawn.Event(), spawn.Queue()
    clients = spawn.Process(
        target=ask, args=(address, paths, expected, begun, over, told)
    )
    clients.start()
    begun.wait()
    heard: list[Heard] = []
    try:
        yield heard
    finally:
        over.set()
        heard.append(told.get())
        clients.join()


def measure(seconds: int) -> int:
    """Measure, print the figures, and return 1 if one misses its target."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_pictures(Path(folder))
        expected = predict(paths)
        with (
            feel.fresh_app() as server,
            running.browse() as browser,
            feel.new_visitor(browser) as page,
        ):
            address = f"{server.address}/api/v1"
            files = {"files": ("warm", paths[0].read_bytes())}
            httpx.post(f"{address}/judge", files=files, timeout=120)
            page.goto(server.address)
            feel.wait_until_useful(page, HABITS[0].shows)
            open_pages(page, 1)
            alone = open_pages(page, seconds)
            started = time.monotonic()
            with asking(address, paths, expected) as heard:
                meanwhile = open_pages(page, seconds)
            spent = time.monotonic() - started
    return _report(heard[0], spent, alone, meanwhile)


def _report(
    heard: Heard,
    spent: float,
    alone: dict[str, list[float]],
    meanwhile: dict[str, list[float]],
) -> int:
    """Print the figures; return 1 if one misses its target."""
    median, *_ = statistics.quantiles(heard.seconds, n=2)
    last = statistics.quantiles(heard.seconds, n=100)[-1]
    print(
        f"{_CLIENTS} clients, {spent:.0f} s: {len(heard.seconds)} answers "
        f"({len(heard.seconds) / spent:.1f} a second), median {1000 * median:.0f} ms, "
        f"99th percentile {1000 * last:.0f} ms; wrong {heard.wrong}, "
        f"5xx {heard.failed}, 4xx {heard.refused}"
    )
    misses = heard.wrong + heard.failed + heard.refused
    for title, seconds in alone.items():
        first, second = map(statistics.median, (seconds, meanwhile[title]))
        misses += second > _MOST * first
        print(
            f"{title}: {first:.2f} s alone (n = {len(seconds)}), {second:.2f} s "
            f"meanwhile (n = {len(meanwhile[title])}), {second / first:.2f} times"
        )
    print(f"load average {' '.join(f'{each:.1f}' for each in os.getloadavg())}")
    return int(misses > 0)


def main() -> int:
    """Measure for the seconds that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="default 60")
    seconds = parser.parse_args().seconds
    reason = running.lacking()
    if reason is None and not os.environ.get("CIFAKE_DATA"):
        reason = "needs the data set: set CIFAKE_DATA to its zip or folder"
    if reason is not None:
        parser.error(f"This {reason}")
    return measure(seconds)


if __name__ == "__main__":
    sys.exit(main())
