"""The command line: what it refuses, with which status, and what it loads."""

import importlib
import importlib.machinery
import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.basics.errors import CifakeError
from cifake_core.cli.app import COMMANDS, build_app

ROOT = Path(__file__).parents[2]
CAT = ROOT / "assets" / "samples" / "cat_32.png"
#: A command whose picture is not there, to which tests add what is wrong before.
EXPLAIN = (
    *("explain", "none.png", "--out", "a.png"),
    *("--network", "cnn", "--method", "lime"),
)
#: A command that draws, to which tests add what is wrong.
SAMPLE = ("generators", "sample", "flow", "--out", "a")


def python(program: str, *words: str, cwd: Path = ROOT, **env: str) -> tuple[int, str]:
    """Run a program in a fresh process; return its status and its stderr."""
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=cwd,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["paint"], "no command called 'paint'. Choose one of: data, filters"),
        (["data", "eat"], 'Unknown command "eat"'),
        (["data", "download", "--data", "x"], "Unknown option: --data"),
        (["filters", "a.png"], "--out requires an argument"),
        (["predict"], "PICTURE requires an argument"),
        (["predict", "a.png", "--jsn"], "Did you mean --json?"),
        (["train", "cnn", "--epochs", "0"], "whole number from 1 to 10000"),
        (["train", "cnn", "--epochs", "1.5"], "received '1.5'"),
        (["train", "cnn", "--set", "corrupted"], "NAME=NUMBER, received 'corrupted'"),
        (["train", "cnn", "--set", "corrupted=-1"], "number from 0, received '-1'"),
        (["train", "cnn", "--set", "corrupted=all"], "number from 0, received 'all'"),
        ([*EXPLAIN, "--seed", "-1"], "whole number from 0 to 4294967295"),
        ([*EXPLAIN, "--label", "CAT"], 'Choose from: "FAKE", "REAL"'),
        ([*EXPLAIN, "--set", "num_samples"], "expected NAME=NUMBER, received 'num_s"),
        ([*EXPLAIN, "--set", "=3"], "expected NAME=NUMBER, received '=3'"),
        ([*EXPLAIN, "--set", "num_samples=many"], "received 'many'"),
        ([*SAMPLE, "--n", "0", "--seed", "1"], "whole number from 1 to 100000"),
        ([*SAMPLE, "--n", "1", "--seed", "-1"], "whole number from 0 to 4294967295"),
        ([*SAMPLE, "--n", "1", "--seed", "1", "--form", "gif"], '"jpeg", "png"'),
    ],
)
def test_a_wrong_command_is_one_sentence(arguments, complaint, models, refusal):
    """What makes no command ends with status 2, one line and what to do."""
    status = cli.main(arguments, models)

    sentence = refusal()
    assert status == 2
    assert complaint in sentence
    assert f"cifake_core {arguments[0]} " in sentence or "Choose one of" in sentence


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["filters", "none.png", "--out", "six"], "no file at 'none.png'"),
        (["data", "info", "--data", "none.zip"], "no data set at none.zip"),
        (["data", "info"], "not on this machine"),
        (["train"], "either the name of a network"),
        (["train", "cnn", "--promote", "run"], "either the name of a network"),
        (["train", "--promote", "run", "--resume"], "either the name of a network"),
        (["train", "vit"], "no network called 'vit'"),
        (["train", "cnn", "--data", "none.zip"], "no data set at none.zip"),
        (["evaluate", "vit"], "no finished run or network called 'vit'"),
        (["evaluate", "vit", "--json"], "no finished run or network called 'vit'"),
        (["evaluate", "cnn3d"], "Train it with `python -m cifake_core train cnn3d`"),
        (["evaluate", "ensemble", "--save"], "follow from those of cnn and cnn3d"),
        (["predict", "cat.png"], "no trained networks"),
        (["ensemble", "vit"], "no ensemble called 'vit'"),
        (["trust"], "train cnn"),
        (["policy"], "train cnn"),
        ([*EXPLAIN, "--method", "magic"], "no method called 'magic'"),
        ([*EXPLAIN, "--network", "vit"], "no network called 'vit'"),
        ([*EXPLAIN, "--set", "num_samples=7"], "from 100 to 5000 in steps of 100"),
        ([*EXPLAIN, "--set", "side=8"], "no setting of LIME called 'side'"),
        (["benchmark"], "no trained networks"),
        (["generators", "train", "vae"], "no generator called 'vae'"),
        (["generators", "measure", "vae"], "no generator called 'vae'"),
        (["generators", "promote", "run"], "run holds no finished generator"),
    ],
)
def test_bad_input_is_one_sentence(arguments, complaint, models, refusal, monkeypatch):
    """What a person can mend ends with status 2 and one line on stderr."""
    monkeypatch.chdir(models.parent)

    status = cli.main(arguments, models)

    assert status == 2
    assert complaint in refusal()


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_lists_every_command(words, models, capsys):
    """No command at all is a question, not a fault."""
    status = cli.main(words, models)

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert {f"{name}: {purpose}" for name, purpose in COMMANDS.items()} <= set(lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, models, capsys):
    """It names the program, and what the docstring says stands in the list too."""
    status = cli.main([name, "--help"], models)

    run = importlib.import_module(f"cifake_core.cli.commands.{name}").run
    grouped = name in {
        *("accounts", "audit", "data", "generators", "objects"),
        *("retention", "scan", "signers", "versions"),
    }
    purpose = run.help if grouped else inspect.getdoc(run).splitlines()[0]
    captured = capsys.readouterr()
    assert status == 0
    assert captured.out.startswith(f"Usage: python -m cifake_core {name}")
    assert purpose == COMMANDS[name]


def test_the_readmes_commands_are_commands():
    """Every line of README that calls the program can be typed as it stands."""
    pattern = r"^python -m cifake_core (.*?)(?: +#.*)?$"
    text = (ROOT / "README.md").read_text("utf-8")

    calls = re.findall(pattern, text, flags=re.MULTILINE)

    assert len(calls) > 10
    for call in calls:
        build_app().parse_args(
            shlex.split(call), print_error=False, exit_on_error=False
        )


def test_light_commands_do_not_load_tensorflow(tmp_path, tiny_dataset):
    """Help, lists, `filters`, `data` and `compare` answer before the slow import."""
    program = (
        "import sys\n"
        "from cifake_core.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "heavy = {'keras', 'tensorflow', 'streamlit'} & set(sys.modules)\n"
        "sys.exit(f'loads {sorted(heavy)}' if heavy else status)\n"
    )
    commands = (
        ["--help"],
        ["filters", str(CAT), "--out", str(tmp_path)],
        ["data", "info", "--data", str(tiny_dataset)],
        ["compare", "cnn", "cnn3d", "--json"],
        ["generators", "list"],
    )

    assert [python(program, *words) for words in commands] == [(0, "")] * 5


def test_the_list_of_commands_is_printed_without_importing_them():
    """Who asks what there is does not wait for pandas."""
    program = (
        "import sys\n"
        "from cifake_core.cli import main\n"
        "main(['--help'])\n"
        "sys.exit(any('cli.commands.' in each for each in sys.modules))\n"
    )

    assert python(program) == (0, "")


def test_opencv_without_libgl_is_one_sentence(tmp_path):
    """A library that OpenCV misses is told with the packages to install."""
    broken = tmp_path / f"cv2{importlib.machinery.EXTENSION_SUFFIXES[0]}"
    broken.write_bytes(b"")
    program = "import sys; from cifake_core.cli import main; sys.exit(main())"

    status, told = python(
        program, "filters", str(CAT), "--out", "six", PYTHONPATH=str(tmp_path)
    )

    assert status == 2
    assert told.count("\n") == 1
    assert "apt install libgl1 libglib2.0-0" in told


def failing(error: BaseException) -> int:
    """Fail as a command may."""
    raise error


def test_another_missing_package_is_not_blamed_on_opencv():
    """An import error that is not OpenCV's is left as it is."""
    error = ImportError("No module named 'plotly'", name="plotly")

    with pytest.raises(ImportError, match="plotly"):
        cli.guarded(lambda: failing(error))


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (KeyboardInterrupt("Stopped. Go on."), 130, "Stopped. Go on."),
        (CifakeError("One.\nTwo."), 2, "One. Two."),
        (PermissionError(13, "No entry"), 2, "The system refused: [Errno 13] No entry"),
        (MemoryError(), 2, "too little memory. Close other programs"),
    ],
)
def test_no_failure_shows_a_traceback(error, status, words, refusal):
    """Ctrl-C, a message of two lines and the system's refusal are one line each."""
    returned = cli.guarded(lambda: failing(error))

    assert returned == status
    assert words in refusal()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_a_reader_who_has_had_enough_is_no_fault(tiny_dataset):
    """`... | head -0` ends in silence."""
    words = [sys.executable, "-m", "cifake_core", "data", "info", "--data"]

    with subprocess.Popen(
        [*words, str(tiny_dataset)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        told = process.stderr.read()

    assert (process.returncode, told) == (0, b"")
