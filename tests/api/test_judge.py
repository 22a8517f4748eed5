"""`POST /judge`: the rows of `predict --json`, over a real socket."""

import json
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cifake_core import cli
from cifake_core.api.records import ErrorRow, VerdictRow
from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.places import CHECKOUT
from cifake_core.networks import OWN
from cifake_core.pictures.reading import MAX_BYTES, read_picture
from tests.api.conftest import CAT, SAMPLES, problem, upload
from tests.made_signatures import authority, signed
from tests.provenance.reading import exif, with_exif, with_texts
from tests.provenance.test_camera import DETAILS, IMAGE, PLACE
from tests.provenance.test_generated import A1111

pytestmark = pytest.mark.slow

PICTURES = sorted(each for each in SAMPLES.iterdir() if each.suffix in {".png", ".jpg"})


def png(height: int, width: int) -> bytes:
    """A PNG file of one colour."""
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A PNG file of a few bytes that says it has 10,000 megapixels."""
    data = bytearray(png(8, 8))
    data[16:24] = (100_000).to_bytes(4) * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    return bytes(data)


NOISE = np.random.RandomState(0).bytes(3000)
#: Files that are no usable picture, by what is wrong with them.
BAD = {
    "empty": b"",
    "text": b"no picture at all",
    "noise": NOISE,
    "cut off": (SAMPLES / "cat.jpg").read_bytes()[:2000],
    "a head alone": b"\x89PNG\r\n\x1a\n" + NOISE,
    "spoilt": CAT.read_bytes()[:60] + NOISE,
    "too small": png(4, 4),
    "too long": png(8, 8 * 21),
    "too many bytes": png(8, 8) + bytes(MAX_BYTES),
    "too many pixels": png(10_000, 10_000),
    "a bomb": bomb(),
}


def untimed(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows without the time that each took."""
    return [
        {key: value for key, value in row.items() if key != "milliseconds"}
        for row in rows
    ]


def test_the_rows_are_those_of_the_command_line(client, shipped, capsys):
    """The same keys, values and order for several pictures, but for path and time."""
    pool = shipped()[0].pool
    words = ["predict", *map(str, PICTURES), "--json"]
    assert (
        cli.main(
            words, CHECKOUT / "models", load=lambda folder: pool.network(folder.name)
        )
        == 0
    )
    expected = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for row in expected:
        row["path"] = row["path"].rpartition("/")[2]

    response = client.post("/judge", files=upload(*PICTURES))

    assert response.status_code == 200
    assert response.json().keys() == {"results"}
    assert untimed(response.json()["results"]) == untimed(expected)


def test_one_network_is_asked(client):
    """A row a picture then, with the verdict of all."""
    form = {"network": "cnn3d"}
    response = client.post("/judge", files=upload(CAT, PICTURES[0]), data=form)

    rows = response.json()["results"]
    assert [row["path"] for row in rows] == [CAT.name, PICTURES[0].name]
    assert [row["network"] for row in rows] == ["cnn3d"] * 2


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_picture_is_a_row_with_its_sentence(client, kind):
    """The sentence of the page; the pictures before and after it are judged."""
    with pytest.raises(InvalidImageError) as error:
        read_picture(BAD[kind])

    response = client.post("/judge", files=upload(CAT, BAD[kind], CAT))

    assert response.status_code == 200
    before, bad, after = np.split(
        np.array(response.json()["results"]), [len(OWN), len(OWN) + 1]
    )
    assert bad.tolist() == [{"path": "1.bin", "error": str(error.value)}]
    assert ErrorRow.model_validate(bad[0])
    assert untimed(before) == untimed(after)
    for row in before:
        assert VerdictRow.model_validate(row)


def test_odd_names_of_files_come_back(client):
    """They are names alone: nothing is opened by them."""
    names = ["../../etc/passwd", "ä 猫.png", "a" * 300]
    files = [("files", (name, CAT.read_bytes())) for name in names]

    rows = client.post("/judge", files=files, data={"network": "cnn"}).json()["results"]

    assert [row["path"] for row in rows] == names


def test_an_unknown_network_is_refused(client):
    """With the names there are."""
    response = client.post("/judge", files=upload(CAT), data={"network": "vit"})

    assert "There is no network called 'vit'. Choose one of: cnn," in problem(
        response, 422
    )


def test_what_is_no_form_is_refused(client):
    """No files, another type, a form cut off, one without boundary."""
    form = "multipart/form-data; boundary=x"
    cut = b"--x\r\nContent-Disposition: form-data; name=files; filename=a\r\n"
    nameless = b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"

    def post(kind: str, body: bytes) -> str:
        return client.post("/judge", content=body, headers={"Content-Type": kind})

    assert "`files`: Field required" in problem(
        client.post("/judge", files={"network": (None, "cnn")}), 422
    )
    assert "`files`" in problem(
        client.post("/judge", files={"files": (None, "words")}), 422
    )
    assert "multipart/form-data" in problem(post("image/png", CAT.read_bytes()), 415)
    assert "multipart/form-data" in problem(
        post("application/x-www-form-urlencoded", b"files=a"), 415
    )
    assert "Missing boundary" in problem(post("multipart/form-data", b"a"), 400)
    assert "broken" in problem(post(form, b"\xff\x00 no boundary"), 400)
    assert "cut off" in problem(post(form, cut), 400)
    assert "broken" in problem(post(form, nameless), 400)


def test_what_is_not_there_is_told(client):
    """Another address, and an address asked in another way."""
    assert "/api/v1/docs" in problem(client.get("/nowhere"), 404)
    response = client.get("/judge")
    assert "/api/v1/docs" in problem(response, 405)
    assert response.headers["allow"] == "POST"


def test_rows_tell_what_the_file_says(client):
    """A signature, a program and a camera by name; never where it was taken."""
    files = {
        "signed.jpg": signed(authority()),
        "duck.png": with_texts(parameters=A1111),
        "photo.jpg": with_exif(exif(IMAGE, DETAILS, PLACE)),
    }
    parts = [("files", (name, data)) for name, data in files.items()]

    response = client.post("/judge", files=parts, data={"network": "cnn"})

    rows = [VerdictRow.model_validate(row) for row in response.json()["results"]]
    own, web_ui, photo = (row.file for row in rows)
    assert (own.signed.state, own.signed.changed) == ("unchecked", [])
    assert web_ui.generated[0].tool == "Stable Diffusion web UI (AUTOMATIC1111)"
    assert (photo.camera.model, photo.camera.has_location) == ("Canon EOS 5D", True)
    assert "151.2" not in response.text
