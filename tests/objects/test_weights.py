"""Weights of the detector: kept if they are the published ones, else a sentence."""

from dataclasses import replace

import pytest

from cifake_core.accounts.records import ANYBODY
from cifake_core.basics.errors import ModelUnavailableError, NotMadeError, SettingError
from cifake_core.objects import weights
from cifake_core.objects.weights import WEIGHTS_FILE, YOLOX_NANO
from tests import made_detector


@pytest.fixture
def file(tmp_path):
    """The tiny detector as a file that a person got by another way."""
    path = tmp_path / "tiny.onnx"
    path.write_bytes(made_detector.detector())
    return path


def test_the_right_file_is_kept(file, tmp_path):
    """It is read as it came; getting it again changes nothing."""
    folder = tmp_path / "user" / "data"
    tiny = made_detector.weights()

    for _ in range(2):
        path = weights.fetch(folder, str(file), by=ANYBODY, weights=tiny)

    assert path == folder / WEIGHTS_FILE
    assert weights.read(folder, weights=tiny) == made_detector.detector()
    assert [each.name for each in folder.iterdir()] == [WEIGHTS_FILE]


def test_another_file_is_not_kept(file, tmp_path):
    """What was there before stays."""
    tiny = made_detector.weights()
    weights.fetch(tmp_path / "user", str(file), by=ANYBODY, weights=tiny)
    data = bytearray(made_detector.detector())
    data[100] ^= 1
    file.write_bytes(data)

    with pytest.raises(SettingError, match="expected SHA-256"):
        weights.fetch(tmp_path / "user", str(file), by=ANYBODY, weights=tiny)

    assert weights.read(tmp_path / "user", weights=tiny) == made_detector.detector()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("nowhere.onnx", "can't be read; name a file, or an address"),
        ("https://127.0.0.1:9/tiny.onnx", "there is no network, or it refuses"),
        ("\0", "can't be read"),
    ],
)
def test_what_cannot_be_had_is_a_sentence(place, words, tmp_path):
    """With what to do instead; nothing lies there afterwards."""
    with pytest.raises(SettingError, match=words):
        weights.fetch(
            tmp_path / "user", place, by=ANYBODY, weights=made_detector.weights()
        )

    assert not (tmp_path / "user").exists()


def test_too_large_a_file_is_not_read_on(file, tmp_path):
    """It cannot be the one."""
    small = replace(made_detector.weights(), num_bytes=1000)

    with pytest.raises(SettingError, match="more than 1,000 bytes"):
        weights.fetch(tmp_path / "user", str(file), by=ANYBODY, weights=small)


def test_a_full_folder_is_a_sentence(file, tmp_path):
    """Where a file stands in the folder's place."""
    (tmp_path / "user").write_text("in the way", "utf-8")

    with pytest.raises(SettingError, match="cannot be kept"):
        weights.fetch(
            tmp_path / "user", str(file), by=ANYBODY, weights=made_detector.weights()
        )


def test_absent_weights_say_how_to_get_them(tmp_path):
    """They are an offer and no error; damaged ones are told apart."""
    with pytest.raises(NotMadeError, match="objects fetch"):
        weights.read(tmp_path)

    (tmp_path / WEIGHTS_FILE).write_bytes(b"not what it was")
    with pytest.raises(ModelUnavailableError, match=r"damaged.*objects fetch") as told:
        weights.read(tmp_path)
    assert not isinstance(told.value, NotMadeError)


def test_the_published_ones_are_named_for_good():
    """By an address that does not move, whole hash and size."""
    assert "/releases/download/0.1.1rc0/" in YOLOX_NANO.address
    assert len(YOLOX_NANO.sha256) == 64
    assert YOLOX_NANO.licence == "Apache-2.0"
