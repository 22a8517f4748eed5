"""`examples`: answers on the samples on which the app opens, stored to be at once."""

from cifake_core.basics.places import ASSETS
from cifake_core.cli.terminal.output import print_json, print_table
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.pictures.reading import read_picture
from cifake_core.workbench.examples import EXAMPLES


def run(*, json: Flag = False, context: FromDoor) -> None:
    """Judge and explain the samples on which the app opens, and store it.

    It takes seconds, once the networks are loaded. Run it when weights, `policy.json`
    or `scope.json` have changed: until then the app asks the networks itself.

    Args:
        json: one JSON object on the last line.
        context: has the networks.
    """
    images = [read_picture(ASSETS / "samples" / file).pixels for file in EXAMPLES]
    path = context.workbench.examples.make(images)
    verdicts = [context.workbench.judge(image) for image in images]
    decisions = {
        file: verdict.decision for file, verdict in zip(EXAMPLES, verdicts, strict=True)
    }
    if json:
        print_json({"path": str(path), "verdicts": decisions})
    else:
        print_table(("sample", "verdict"), decisions.items())
        print(path)
