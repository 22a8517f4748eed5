"""Both doors: beside the pages in Streamlit's server, and alone by `serve`."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import httpx
import pytest

from cifake_core.basics.places import CHECKOUT
from tests.api.conftest import CAT, PATIENCE, problem, upload
from tests.api.test_judge import untimed
from tests.browser import running

COMMAND = [sys.executable, "-m", "cifake_core", "serve"]


@pytest.mark.slow
def test_rest_answers_beside_the_pages(client, tmp_path):
    """In one process: the same answers, documentation, and limits of its environment.

    What is not REST's is a page's.
    """
    environment = {"CIFAKE_API_MAX_FILES": "2"}
    with (
        running.serve(tmp_path, environment=environment) as app,
        httpx.Client(base_url=f"{app.address}/api/v1", timeout=PATIENCE) as beside,
    ):
        assert beside.get("/health").json()["status"] == "ok"
        rows = beside.post("/judge", files=upload(CAT, CAT)).json()["results"]
        refused = beside.post("/judge", files=upload(CAT, CAT, CAT))
        documentation = beside.get("/docs")
        missing = beside.get("/nowhere")
        with urllib.request.urlopen(f"{app.address}/about", timeout=PATIENCE) as page:
            drawn = page.read()

    expected = client.post("/judge", files=upload(CAT, CAT)).json()["results"]
    assert untimed(rows) == untimed(expected)
    assert "2 pictures at most" in problem(refused, 413)
    assert "/api/v1/static-offline-docs/swagger-ui.css" in documentation.text
    assert "nothing at this address" in problem(missing, 404)
    assert b"Streamlit" in drawn


def test_the_pages_do_not_wait_for_rest():
    """Streamlit's app is there before FastAPI is imported."""
    program = "import sys, app; sys.exit('fastapi' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
def test_rest_answers_alone(client):
    """On the loopback, as it says, until it is stopped."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0"], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True
    ) as server:
        said = server.stderr.readline()
        address = said.split()[2].rstrip(",")
        with httpx.Client(base_url=address, timeout=PATIENCE) as alone:
            rows = alone.post("/judge", files=upload(CAT)).json()["results"]
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=PATIENCE)

    assert said.startswith("Listening at http://127.0.0.1:")
    assert "for this machine only" in said
    assert server.returncode == 130
    expected = client.post("/judge", files=upload(CAT)).json()["results"]
    assert untimed(rows) == untimed(expected)


def test_a_port_that_is_taken_is_a_sentence():
    """And so is a limit that is no number."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, "--port", port],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
    wrong = subprocess.run(
        COMMAND,
        cwd=CHECKOUT,
        env=os.environ | {"CIFAKE_API_MAX_FILES": "none"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == wrong.returncode == 2
    assert done.stderr.startswith("The system refused: ")
    assert done.stderr.count("\n") == 1
    assert "CIFAKE_API_MAX_FILES is a whole number" in wrong.stderr
