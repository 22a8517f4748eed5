"""`filters`: the six channels of a picture as files."""

from argparse import Namespace

from cifake_core.basics.errors import CifakeError
from cifake_core.cli.terminal.output import write_file
from cifake_core.figures import png_bytes
from cifake_core.pictures.filters import FILTERS, stack
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture


def run(options: Namespace) -> int:
    """Write one PNG a filter, numbered in channel order, and print their paths."""
    planes = stack(prepare(read_picture(options.picture).pixels).pixels)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {options.out} cannot be made: {error}. Name another."
        raise CifakeError(msg) from error
    for number, (name, plane) in enumerate(zip(FILTERS, planes, strict=True), start=1):
        path = options.out / f"{number}_{name}.png"
        write_file(path, png_bytes(plane))
        print(path)
    return 0
