"""The commands by name, and how the words that were typed make a call of one."""

from collections.abc import Mapping, Sequence
from typing import Final

from cyclopts import App, CycloptsError, Parameter, UnknownCommandError

from cifake_core import __version__
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.cli.guard import NEEDS

PROGRAM: Final = "python -m cifake_core"

#: What each command is for: the first line of its docstring, so that the list of
#: commands is printed without importing them.
COMMANDS: Final[Mapping[str, str]] = {
    "data": "Describe, download or check CIFAKE, or add data sets of your own.",
    "filters": "Write the six filtered channels of a picture.",
    "predict": "Say whether pictures are REAL or FAKE.",
    "scan": "Judge millions of pictures, shard by shard, also on a cluster.",
    "explain": "Show which pixels spoke for a label.",
    "train": "Train a network, or ship a finished run.",
    "ensemble": "Fit the weights of an ensemble on its members' validation scores.",
    "evaluate": "Measure a network on test pictures, or on fakes by other generators.",
    "compare": "Say where two networks differ, and whether by chance.",
    "reproduce": "Train and measure the papers' networks; takes hours.",
    "layers": "Write down the layers of the papers' networks.",
    "trust": "Measure how far each method's maps can be trusted; takes an hour.",
    "map": "Lay the pictures out as a network sees them; takes minutes.",
    "attention": "Say what a network looks at over many pictures; takes minutes.",
    "policy": "Choose when verdicts abstain, and measure them; takes minutes.",
    "examples": "Judge and explain the samples on which the app opens, and store it.",
    "generators": "List, train or measure our own generators, or draw pictures.",
    "retrain": "Teach a network data sets of one's own; it becomes a candidate.",
    "gate": "Compare a candidate with the version in use; takes minutes.",
    "versions": "List, promote or remove versions of the networks, or go back.",
    "signers": "Get or show the list of trusted signers of pictures (C2PA).",
    "objects": "Get the detector of objects on large pictures, or ask it.",
    "serve": "Answer other programs by REST.",
    "accounts": "Invite users, give them roles, sessions and keys, or end these.",
    "audit": "Show, check or export who did what.",
    "retention": "Choose for how long things are kept, or delete what is older.",
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
        CifakeError: If they make no command, whoever typed it may not call it, or it
            cannot be done.
    """
    app = build_app()
    name = " ".join(app.parse_commands(words)[0])
    try:
        command, bound, unread = app.parse_args(
            words, print_error=False, exit_on_error=False
        )
    except UnknownCommandError as error:
        lookup(COMMANDS, words[0], kind="command")
        raise CifakeError(_sentence(error)) from error
    except CycloptsError as error:
        if name in NEEDS:  # who may not call it is told that first
            context.guard.let_in(name)
        raise CifakeError(_sentence(error)) from error
    if not isinstance(getattr(command, "__self__", None), App):  # of help and version
        context.guard.let_in(name)
    given = {name: context for name, kind in unread.items() if kind is Context}
    return command(*bound.args, **bound.kwargs, **given) or 0


def _sentence(error: CycloptsError) -> str:
    """Return the sentence on words that make no command, and where help is."""
    chain = " ".join((PROGRAM, *(error.command_chain or ()), "--help"))
    return f"{error} See `{chain}`."
