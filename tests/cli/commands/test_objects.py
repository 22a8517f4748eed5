"""`objects`: the detector got and asked from the command line."""

import json

import pytest
from PIL import Image

from cifake_core.basics.errors import SettingError
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import objects as command_module
from cifake_core.cli.context import Context
from tests import made_detector
from tests.made_detector import street


@pytest.fixture
def context(models) -> Context:
    """A context with a user's folder of its own."""
    return Context(shipped=models, user_data=user_data_folder())


@pytest.fixture
def file(tmp_path):
    """The tiny detector as a file."""
    path = tmp_path / "tiny.onnx"
    path.write_bytes(made_detector.detector())
    return path


def test_got_and_asked(context, file, tmp_path, capsys):
    """What `fetch` kept `find` asks; a table for people, JSON for programs."""
    image = street(416, 416)
    image[64:96, 128:160] = (255, 0, 0)
    picture = tmp_path / "street.png"
    Image.fromarray(image).save(picture)
    tiny = made_detector.weights()

    command_module.fetch(str(file), json=True, context=context, weights=tiny)
    fetched = json.loads(capsys.readouterr().out)
    command_module.find(picture, json=True, context=context, weights=tiny)
    found = json.loads(capsys.readouterr().out)
    command_module.find(picture, context=context, weights=tiny)
    told = capsys.readouterr().out

    assert fetched.keys() == {"path", "place", "sha256", "bytes", "licence"}
    assert found["path"] == str(picture)
    assert found["model_sha256"] == fetched["sha256"]
    (dog,) = found["objects"]
    assert dog.keys() == {"name", "score", "top", "left", "height", "width"}
    assert (dog["name"], dog["top"], dog["left"]) == ("dog", 48, 96)
    assert "dog" in told
    assert "416" not in told


def test_an_empty_street(context, file, tmp_path, capsys):
    """Nothing found is said, and is no error."""
    picture = tmp_path / "street.png"
    Image.fromarray(street(200, 300)).save(picture)
    tiny = made_detector.weights()
    command_module.fetch(str(file), context=context, weights=tiny)

    command_module.find(picture, context=context, weights=tiny)

    assert "no object" in capsys.readouterr().out


def test_other_weights_are_refused(context, file):
    """By default it is the published file that must come."""
    with pytest.raises(SettingError, match=r"YOLOX-nano as published"):
        command_module.fetch(str(file), context=context)


def test_without_a_detector_it_says_how_to_get_one(command, tmp_path, refusal):
    """Before the picture is looked for."""
    assert command("objects", "find", tmp_path / "none.png") == 2

    assert "`python -m cifake_core objects fetch`" in refusal()
