"""`filters`: the six channels of a picture as files."""

from pathlib import Path

from cifake_core.basics.errors import CifakeError
from cifake_core.cli.terminal.output import write_file
from cifake_core.figures import png_bytes
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture


def run(picture: Path, /, *, out: Path) -> None:
    """Write the six filtered channels of a picture.

    Args:
        picture: the file to filter.
        out: the folder to write six 32x32 PNG files to, as the networks see them.
    """
    planes = prepare(read_picture(picture).pixels).planes
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {out} cannot be made: {error}. Name another."
        raise CifakeError(msg) from error
    for number, (name, plane) in enumerate(zip(FILTERS, planes, strict=True), start=1):
        path = out / f"{number}_{name}.png"
        write_file(path, png_bytes(plane))
        print(path)
