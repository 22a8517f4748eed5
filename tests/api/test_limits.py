"""Limits: 413 and 429 in time, and nobody pays for another's slow or broken upload."""

import socket
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from io import BytesIO

import httpx
import numpy as np
import pytest
from PIL import Image

from cifake_core.api.limits import Limits, read_limits
from cifake_core.basics.errors import SettingError
from tests.api.conftest import CAT, client_of, problem, upload

pytestmark = pytest.mark.slow

HEAD = (
    "POST /api/v1/judge HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
)
PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'


@contextmanager
def unfinished(client: httpx.Client, *, length: int = 1000) -> Iterator[socket.socket]:
    """An upload that began and sends nothing more for now."""
    place = (client.base_url.host, client.base_url.port)
    with socket.create_connection(place, timeout=60) as connection:
        connection.sendall(HEAD.format(length=length).encode() + PART)
        yield connection


def judged(client: httpx.Client) -> bool:
    """Whether the cat is judged."""
    response = client.post("/judge", files=upload(CAT), data={"network": "cnn"})
    return response.status_code == 200 and response.json()["results"][0]["p_real"] > 0.5


def wait_until_refused(client: httpx.Client) -> httpx.Response:
    """The first refusal, soon after what leads to it was sent."""
    for _ in range(200):
        response = client.post("/judge", files=upload(CAT))
        if response.status_code != 200:
            return response
        time.sleep(0.01)
    pytest.fail("Nothing was refused.")


def test_too_many_pictures_are_refused(serve):
    """As many as are allowed are judged."""
    with serve(Limits(max_files=3)) as client:
        assert client.post("/judge", files=upload(*[CAT] * 3)).status_code == 200
        response = client.post("/judge", files=upload(*[CAT] * 4))

    assert "may have 3 pictures at most" in problem(response, 413)


@pytest.mark.parametrize("told", [True, False], ids=["told before", "found on the way"])
def test_too_many_bytes_are_refused(serve, told):
    """Whether or not the request says how many there are, and the client hears it."""
    with serve(Limits(max_body_bytes=1_000_000)) as client:
        request = client.build_request(
            "POST", "/judge", files=upload(bytes(20_000_000), CAT)
        )
        body = request.read()
        headers = {"Content-Type": request.headers["Content-Type"]}
        content = body if told else iter([body[:500_000], body[500_000:]])

        response = client.post("/judge", content=content, headers=headers)

        assert "may have 1,000,000 bytes at most" in problem(response, 413)
        assert judged(client)


def test_too_many_or_too_long_fields_are_refused(client):
    """No form has them."""
    fields = {f"field{number}": (None, "x") for number in range(100)}
    problem(client.post("/judge", files=fields), 400)
    problem(client.post("/judge", files={"network": (None, "x" * 100_000)}), 400)


def test_who_asks_too_fast_is_told_when_to_come_back(serve):
    """Others are answered meanwhile."""
    with serve(Limits(requests_per_minute=3)) as client:
        assert [judged(client) for _ in range(3)] == [True] * 3

        response = client.post("/judge", files=upload(CAT))

        assert "At most 3 requests a minute" in problem(response, 429)
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert client.get("/health").status_code == 200
        with client_of(str(client.base_url), sender="127.0.0.2") as other:
            assert judged(other)


def test_a_client_has_so_much_under_way_at_once(serve):
    """Uploads that hang count for it, not for others; once they end, it goes on."""
    with serve(Limits(max_at_once_per_client=2)) as client:
        with ExitStack() as hanging:
            for _ in range(2):
                hanging.enter_context(unfinished(client))
            response = wait_until_refused(client)
            assert "2 requests of yours are under way" in problem(response, 429)
            assert response.headers["Retry-After"] == "1"
            with client_of(str(client.base_url), sender="127.0.0.2") as other:
                assert judged(other)
        deadline = time.monotonic() + 30
        while not judged(client):  # the server sees soon that they went
            assert time.monotonic() < deadline


def test_all_clients_have_so_much_under_way_at_once(serve):
    """While one request is worked on, the next is told to wait."""
    form = {"network": "cnn", "method": "shap", "seed": "3"}
    with serve(Limits(max_at_once=1)) as client, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client.post, "/explain", files=upload(CAT), data=form)
        with client_of(str(client.base_url), sender="127.0.0.2") as other:
            response = wait_until_refused(other)

        assert "1 requests wait already" in problem(response, 429)
        assert response.headers["Retry-After"] == "1"
        assert slow.result().status_code == 200
        assert judged(client)


def test_a_slow_upload_ends_and_costs_nobody_else(serve):
    """Others are answered while it trickles; it is told that it took too long."""
    with serve(Limits(upload_seconds=3)) as client, unfinished(client) as slow:
        for _ in range(5):
            slow.sendall(b"x")
            assert judged(client)
        answer = b""
        while chunk := slow.recv(4096):
            answer += chunk

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in head
    assert b"was not here after 3 seconds" in body


def test_a_broken_upload_costs_nobody_else(client):
    """One that ends in the middle, and one that is cut while it is refused."""
    for length in (1000, 10**9):
        for _ in range(20):
            with unfinished(client, length=length):
                pass
            assert judged(client)


def test_nothing_is_written_to_the_disk(client, monkeypatch, tmp_path):
    """Also of a large picture, where there is no place for temporary files."""
    noise = np.random.RandomState(0).randint(0, 256, (1300, 1300, 3), np.uint8)
    file = BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    rows = client.post("/judge", files=upload(file.getvalue())).json()["results"]

    assert len(file.getvalue()) > 5_000_000
    assert {row["verdict"] for row in rows} == {"UNSURE"}


def test_limits_are_read_from_the_environment():
    """Each by its name; the others have their defaults."""
    limits = read_limits({"CIFAKE_API_MAX_FILES": "5", "CIFAKE_API_OTHER": "x"})

    assert limits == Limits(max_files=5)
    assert read_limits({}) == Limits()


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "", "²"])
def test_a_limit_that_is_no_number_is_refused(text):
    """With its name, and what it may be."""
    with pytest.raises(SettingError, match="CIFAKE_API_NUM_WORKERS is a whole number"):
        read_limits({"CIFAKE_API_NUM_WORKERS": text})
