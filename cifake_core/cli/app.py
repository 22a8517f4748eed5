"""The commands by name, and how the words that were typed make a call of one."""

from collections.abc import Mapping, Sequence
from typing import Final

from cyclopts import App, CycloptsError, Parameter, UnknownCommandError

from cifake_core import __version__
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context

PROGRAM: Final = "python -m cifake_core"

#: What each command is for: the first line of its docstring, so that the list of
#: commands is printed without importing them.
COMMANDS: Final[Mapping[str, str]] = {
    "data": "Describe, download or check the data set.",
    "filters": "Write the six filtered channels of a picture.",
    "predict": "Say whether pictures are REAL or FAKE.",
    "explain": "Show which pixels spoke for a label.",
    "train": "Train a network, or ship a finished run.",
    "ensemble": "Fit the weights of an ensemble on its members' validation scores.",
    "evaluate": "Measure a network on the test pictures.",
    "compare": "Say where two networks differ, and whether by chance.",
    "reproduce": "Train and measure the papers' networks; takes hours.",
    "layers": "Write down the layers of the papers' networks.",
    "trust": "Measure how far each method's maps can be trusted; takes an hour.",
    "map": "Lay the pictures out as a network sees them; takes minutes.",
    "policy": "Choose when verdicts abstain, and measure them; takes minutes.",
    "generators": "List, train or measure our own generators, or draw pictures.",
    "benchmark": "Measure speed and memory; takes minutes.",
}

_EXAMPLES: Final = f"""Examples:
  {PROGRAM} predict cat.jpg dog.png
  {PROGRAM} explain cat.jpg --network cnn --method gradcam --out why.png
  {PROGRAM} data download
  {PROGRAM} evaluate cnn --data cifake.zip --json
  {PROGRAM} compare cnn cnn3d"""


def build_app() -> App:
    """Return the command line; a command's module is imported when it is called."""
    app = App(
        name=PROGRAM,
        help="Tell photographs (REAL) from AI-generated pictures (FAKE), as in the "
        "CIFAKE data set, and show why.",
        help_epilogue=_EXAMPLES,
        help_format="plaintext",
        help_formatter="plain",
        version=__version__,
        default_parameter=Parameter(negative=(), allow_repeating=True),
    )
    for name, purpose in COMMANDS.items():
        place = f"cifake_core.cli.commands.{name}:run"
        app.command(place, name=name, help=purpose)
    return app


def call(words: Sequence[str], context: Context) -> int:
    """Do what the words after the program's name ask for; return the exit status.

    Args:
        words: as typed; none asks for help.
        context: given to the command.

    Raises:
        CifakeError: If they make no command, or it cannot be done.
    """
    try:
        command, bound, unread = build_app().parse_args(
            words, print_error=False, exit_on_error=False
        )
    except UnknownCommandError as error:
        lookup(COMMANDS, words[0], kind="command")
        raise CifakeError(_sentence(error)) from error
    except CycloptsError as error:
        raise CifakeError(_sentence(error)) from error
    given = {name: context for name, kind in unread.items() if kind is Context}
    return command(*bound.args, **bound.kwargs, **given) or 0


def _sentence(error: CycloptsError) -> str:
    """Return the sentence on words that make no command, and where help is."""
    chain = " ".join((PROGRAM, *(error.command_chain or ()), "--help"))
    return f"{error} See `{chain}`."
