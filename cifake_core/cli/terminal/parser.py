"""Which commands there are and what each of them takes."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from cifake_core.basics.labels import LABELS
from cifake_core.cli.terminal import values
from cifake_core.networks import OWN, PAPERS

_PROGRAM: Final = "python -m cifake_core"
_NAMES: Final = f"{', '.join(OWN)}, or a paper's network"
_EXAMPLES: Final = f"""examples:
  {_PROGRAM} predict cat.jpg dog.png
  {_PROGRAM} explain cat.jpg --network cnn --method gradcam --out why.png
  {_PROGRAM} data download
  {_PROGRAM} evaluate cnn --data cifake.zip --json
  {_PROGRAM} compare cnn cnn3d
"""


class _WideFormatter(argparse.RawDescriptionHelpFormatter):
    """Help that keeps the examples' lines, and each command on one line."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)


class _Parser(argparse.ArgumentParser):
    """A parser that complains in one sentence instead of showing its usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and leave with status 2."""
        complaint = message[:1].upper() + message[1:]
        self.exit(2, f"{complaint}. See `{self.prog} --help`.\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; `command` names the module to run."""
    parser = _Parser(
        prog=_PROGRAM,
        description="Tell photographs (REAL) from AI-generated pictures (FAKE), as "
        "in the CIFAKE data set, and show why.",
        epilog=_EXAMPLES,
        formatter_class=_WideFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_data(commands)
    _add_filters(commands)
    _add_predict(commands)
    _add_explain(commands)
    _add_train(commands)
    _add_evaluate(commands)
    _add_compare(commands)
    _add_reproduce(commands)
    _add(commands, "layers", "write down the layers of the papers' networks")
    _add_trust(commands)
    _add_map(commands)
    _add_policy(commands)
    _add_benchmark(commands)
    return parser


def _add_data(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command on the data set."""
    parser = _add(commands, "data", "describe, download or check the data set")
    parser.add_argument(
        "action",
        choices=("info", "download", "verify", "facts"),
        help="info: what it holds; download: get it from Kaggle, without an account; "
        "verify: read every file and compare with the published set; facts: compute "
        "what the page on the data set shows, in a minute",
    )
    _add_data_option(parser)
    _add_json(parser)


def _add_filters(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that writes the six channels."""
    parser = _add(commands, "filters", "write the six filtered channels of a picture")
    parser.add_argument("picture", metavar="PICTURE", type=Path)
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        required=True,
        help="where to write six 32x32 PNG files, as the networks see them",
    )


def _add_predict(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that judges pictures."""
    parser = _add(commands, "predict", "say whether pictures are REAL or FAKE")
    parser.add_argument("pictures", metavar="PICTURE", nargs="+")
    parser.add_argument(
        "--network",
        metavar="NAME",
        default="all",
        help=f"whose prediction to give: all of ours (the default), {_NAMES}",
    )
    _add_json(parser, "JSON Lines: one object a picture and network")


def _add_explain(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that explains a verdict."""
    parser = _add(commands, "explain", "show which pixels spoke for a label")
    parser.add_argument("picture", metavar="PICTURE", type=Path)
    parser.add_argument("--network", metavar="NAME", required=True, help=_NAMES)
    parser.add_argument(
        "--method",
        metavar="NAME",
        required=True,
        help="gradcam, lime and others; an unknown name is answered with the list",
    )
    _add_set_option(
        parser, "a setting of the method, such as num_samples=300", values.setting
    )
    parser.add_argument(
        "--label",
        choices=LABELS,
        help="what the evidence is for; by default what the network says",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=values.seed,
        default=0,
        help="repeats a method that draws at random (default: 0)",
    )
    parser.add_argument(
        "--out",
        metavar="FILE.png",
        type=Path,
        required=True,
        help="where to draw the map over the picture",
    )
    parser.add_argument(
        "--map",
        metavar="FILE.npy",
        type=Path,
        help="where to write the map itself, (32, 32) float32",
    )
    parser.add_argument(
        "--report",
        metavar="FILE.html",
        type=Path,
        help="where to write all that is found on the picture, as one page",
    )
    _add_json(parser)


def _add_train(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that trains a network or promotes a finished run."""
    parser = _add(commands, "train", "train a network, or ship a finished run")
    parser.add_argument(
        "network", metavar="NETWORK", nargs="?", help="the network to train"
    )
    _add_data_option(parser)
    parser.add_argument(
        "--epochs",
        metavar="N",
        type=values.count,
        help="times over all pictures in all, if not as in the network's recipe",
    )
    _add_set_option(
        parser,
        "a number of the recipe, such as corrupted=0, for a trial",
        values.number,
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on after the last finished epoch of an interrupted run",
    )
    parser.add_argument(
        "--out",
        metavar="RUN",
        type=Path,
        help="the folder of the run; by default one in the user's cache",
    )
    parser.add_argument(
        "--promote",
        metavar="RUN",
        type=Path,
        help="train nothing: put the network of this finished run into models/",
    )


def _add_evaluate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that measures a network on the test pictures."""
    parser = _add(commands, "evaluate", "measure a network on the test pictures")
    parser.add_argument(
        "network",
        metavar="NETWORK",
        help=f"{_NAMES}, or the folder of a finished run",
    )
    _add_data_option(parser)
    parser.add_argument(
        "--leak-free",
        action="store_true",
        help="leave out test pictures that stand in train/ or stand twice",
    )
    parser.add_argument(
        "--corruptions",
        action="store_true",
        help="on corrupted pictures instead: four kinds of corruption, five strengths each; "
        "takes twenty times as long",
    )
    parser.add_argument(
        "--save",
        action="store_true",
        help="keep scores and figures beside the weights",
    )
    _add_json(parser)


def _add_compare(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that sets two networks against each other."""
    parser = _add(
        commands, "compare", "say where two networks differ, and whether by chance"
    )
    for side in "ab":
        parser.add_argument(
            f"network_{side}",
            metavar=side.upper(),
            help=f"{_NAMES}, or the folder of a finished run, with stored scores",
        )
    parser.add_argument(
        "--leak-free",
        action="store_true",
        help="leave out test pictures that stand in train/ or stand twice",
    )
    _add_json(parser)


def _add_reproduce(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that makes the papers' networks."""
    parser = _add(
        commands, "reproduce", "train and measure the papers' networks; takes hours"
    )
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help=f"{', '.join(PAPERS)}, or b-search, the search that Bird & Lotfi's "
        "network is the best of; all of these by default. A stopped command, given "
        "again, goes on after the last finished epoch",
    )
    _add_data_option(parser)
    parser.add_argument(
        "--epochs",
        metavar="N",
        type=values.count,
        help="at most so many times over all pictures, if not as in the recipes",
    )


def _add_trust(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that measures how far explanations are to be trusted."""
    parser = _add(
        commands,
        "trust",
        "measure how far each method's maps can be trusted; takes an hour",
    )
    _add_data_option(parser)
    _add_json(parser)


def _add_map(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that lays the pictures out by a network's features."""
    parser = _add(
        commands, "map", "lay the pictures out as a network sees them; takes minutes"
    )
    parser.add_argument(
        "network",
        metavar="NETWORK",
        help="the network whose map to make; an ensemble has none",
    )
    _add_data_option(parser)
    _add_json(parser)


def _add_policy(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that chooses where doubt begins."""
    parser = _add(
        commands,
        "policy",
        "choose where doubt begins, and measure the verdicts; takes ten minutes",
    )
    _add_data_option(parser)
    _add_json(parser)


def _add_benchmark(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the command that measures speed and memory."""
    parser = _add(commands, "benchmark", "measure speed and memory; takes minutes")
    _add_json(parser)


def _add(
    commands: "argparse._SubParsersAction[_Parser]", name: str, purpose: str
) -> _Parser:
    """Return the parser of a new command."""
    description = f"{purpose[:1].upper()}{purpose[1:]}."
    return commands.add_parser(name, help=purpose, description=description)


def _add_set_option(
    parser: argparse.ArgumentParser, what: str, number: Callable[[str], float]
) -> None:
    """Let a command take numbers by their names."""
    parser.add_argument(
        "--set",
        metavar="NAME=NUMBER",
        type=values.assignment(number),
        action="append",
        default=[],
        dest="settings",
        help=f"{what}; an unknown name is answered with the list",
    )


def _add_data_option(parser: _Parser) -> None:
    """Let a command name the data set."""
    parser.add_argument(
        "--data",
        metavar="PATH",
        type=Path,
        help="the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ "
        "in the checkout, or what `data download` got",
    )


def _add_json(parser: _Parser, text: str = "one JSON object on the last line") -> None:
    """Let a command answer a program instead of a person."""
    parser.add_argument("--json", action="store_true", help=text)
