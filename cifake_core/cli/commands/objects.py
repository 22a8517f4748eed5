"""`objects`: the detector of objects on large pictures, got and asked."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cifake_core.cli.app import COMMANDS
from cifake_core.cli.terminal.output import print_json, print_table
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.objects import weights as published
from cifake_core.objects.detector import Detector
from cifake_core.objects.weights import YOLOX_NANO, Weights
from cifake_core.pictures.reading import read_picture

run = App(name="objects", help=COMMANDS["objects"], help_epilogue="")


@run.command
def fetch(
    place: Annotated[str, Parameter(name="PLACE")] = YOLOX_NANO.address,
    /,
    *,
    json: Flag = False,
    context: FromDoor,
    weights: Annotated[Weights, Parameter(parse=False)] = YOLOX_NANO,
) -> None:
    """Get the detector, and keep it if its checksum is that of the published one.

    Args:
        place: an address that begins with https://, or a file; by default the release
            of its authors.
        json: one JSON object on the last line.
        context: has the user's folder.
        weights: what must come.
    """
    path = published.fetch(context.user_data, place, by=context.who, weights=weights)
    if json:
        print_json(
            {
                "path": str(path),
                "place": place,
                "sha256": weights.sha256,
                "bytes": weights.num_bytes,
                "licence": weights.licence,
            }
        )
    else:
        print(f"{weights.title} ({weights.licence}), checked: {path}")


@run.command
def find(
    picture: Annotated[Path, Parameter(name="PICTURE")],
    /,
    *,
    json: Flag = False,
    context: FromDoor,
    weights: Annotated[Weights, Parameter(parse=False)] = YOLOX_NANO,
) -> None:
    """Say which objects are on a picture, and where; no verdict on any of them.

    Args:
        picture: the file.
        json: one JSON object on the last line.
        context: has the user's folder.
        weights: those of the detector.
    """
    detector = Detector(published.read(context.user_data, weights=weights))
    found = detector.find(read_picture(picture).pixels)
    if json:
        objects = [asdict(each) for each in found]
        print_json(
            {"path": str(picture), "objects": objects, "model_sha256": weights.sha256}
        )
    elif found:
        print_table(
            ("object", "score", "top", "left", "height", "width"),
            [
                (each.name, f"{each.score:.2f}", *map(str, astuple(each)[2:]))
                for each in found
            ],
        )
    else:
        print("It finds no object that it knows.")
