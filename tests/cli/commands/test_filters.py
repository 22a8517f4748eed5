"""`filters`: six files that hold what the networks see."""

from pathlib import Path

import numpy as np

from cifake_core import cli
from cifake_core.basics.places import ASSETS
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture

CAT = ASSETS / "samples" / "cat_32.png"


def test_filters_writes_the_six_channels_in_order(models, tmp_path, capsys):
    """The files are numbered and hold, byte for byte, what the networks see."""
    expected = prepare(read_picture(CAT).pixels).planes
    out = tmp_path / "new" / "six"

    status = cli.main(["filters", str(CAT), "--out", str(out)], models)

    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    numbered = [f"{number}_{name}.png" for number, name in enumerate(FILTERS, 1)]
    assert status == 0
    assert [path.name for path in paths] == numbered
    assert sorted(path.name for path in out.iterdir()) == numbered
    for path, plane in zip(paths, expected, strict=True):
        pixels = read_picture(path).pixels
        assert np.array_equal(pixels, np.stack([plane] * 3, axis=2))


def test_filters_refuses_a_folder_that_is_a_file(models, tmp_path, refusal):
    """Where no folder can be made, that is said."""
    file = tmp_path / "taken"
    file.write_text("")

    status = cli.main(["filters", str(CAT), "--out", str(file)], models)

    assert status == 2
    assert "cannot be made" in refusal()
