"""`evaluate`: a network's figures, made from the pictures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.basics.errors import SettingError
from cifake_core.cli.evaluating import dataset as dataset_mode
from cifake_core.cli.evaluating import fakes as fakes_mode
from cifake_core.cli.evaluating import generators as generators_mode
from cifake_core.cli.evaluating import pictures as pictures_mode
from cifake_core.cli.evaluating.generators import GeneratorsConfig
from cifake_core.cli.evaluating.target import Measured, check_has_weights, find_target
from cifake_core.cli.terminal.output import print_json, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.data.datasets.records import Part
from cifake_core.networks import NETWORKS

_CONFIG: Final = GeneratorsConfig()
#: Options that ask for different pictures, or for what such pictures have not.
_CLASHES: Final = (
    ("--fakes", "--generators"),
    ("--fakes", "--corruptions"),
    ("--fakes", "--leak-free"),
    ("--fakes", "--data"),
    ("--generators", "--corruptions"),
    ("--generators", "--leak-free"),
    *(
        ("--set", each)
        for each in (
            "--fakes",
            "--generators",
            "--corruptions",
            "--leak-free",
            "--data",
            "--save",
        )
    ),
)
#: Options that say more on another, which has to be there.
_NEEDS: Final = {
    "--reals": (
        "--fakes",
        "--reals says what --fakes is against; name a folder of fakes, too.",
    ),
    "--part": ("--set", "--part is one of a data set's; name the set with --set, too."),
}


def run(  # noqa: PLR0913 - the command's options
    network: str,
    /,
    *,
    data: Path | None = None,
    leak_free: Flag = False,
    corruptions: Flag = False,
    generators: Flag = False,
    fakes: Path | None = None,
    reals: Path | None = None,
    data_set: Annotated[str | None, Parameter(name="--set")] = None,
    part: Part | None = None,
    save: Flag = False,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[GeneratorsConfig, Parameter(parse=False)] = _CONFIG,
) -> int:
    """Measure a network on test pictures, or on fakes by other generators.

    Args:
        network: cnn, cnn3d, cnn_multi, ensemble, a paper's network, or the folder of
            a finished run.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        leak_free: leave out test pictures that stand in train/ or stand twice.
        corruptions: on corrupted pictures instead: four kinds of corruption, five
            strengths each; takes twenty times as long.
        generators: on pictures of our own generators instead, each against photographs
            of the same part of CIFAKE. Drawing them takes long and is done once. The
            test part is sealed: note each look at it in models/EXPERIMENTS.md, and
            choose nothing by it.
        fakes: on the fakes of a zip or folder instead, which has <generator>/FAKE/* or
            FAKE/*. They are first brought to the form of CIFAKE's files, 32x32 pixels,
            JPEG of quality 75, as the photographs have it: else the saving would be
            measured. Files that have it stay as they are. Verdicts are those of all our
            own networks, whichever is measured.
        reals: the photographs that --fakes is against, a zip or folder, brought to the
            same form; by default those of CIFAKE's test set, from stored scores.
        data_set: on a data set of one's own instead, which `data add` brought in: on
            its training and validation parts, or on the validation part alone if the
            network was taught the set.
        part: on this part of the set alone. The test part is sealed for the gate: note
            each look at it, and choose nothing by it.
        save: keep scores and figures beside the weights; with --fakes, which takes
            cnn_multi alone, write the card on the scope of verdicts.
        json: one JSON object on the last line.
        context: has the networks.
        config: how many pictures of each generator.

    Returns:
        The exit status: 2 if a picture was not usable.
    """
    _check_options(
        {
            "--data": data is not None,
            "--leak-free": leak_free,
            "--corruptions": corruptions,
            "--generators": generators,
            "--fakes": fakes is not None,
            "--reals": reals is not None,
            "--set": data_set is not None,
            "--part": part is not None,
            "--save": save,
        }
    )
    if save:
        context.guard.expect("administer", what="command evaluate --save")
    if save and fakes is None:
        check_has_weights(network)
    target = find_target(network, context)
    if fakes is not None:
        measured = fakes_mode.measure(target, fakes, reals, save=save)
    elif data_set is not None:
        measured = dataset_mode.measure(target, data_set, part)
    elif generators:
        measured = generators_mode.measure(target, data, save=save, config=config)
    else:
        measured = pictures_mode.measure(
            target, data, leak_free=leak_free, corruptions=corruptions, save=save
        )
    _show(measured, json=json)
    if measured.num_bad:
        tell(f"Pictures that could not be read, and were left out: {measured.num_bad}.")
    return 2 if measured.num_bad else 0


def _check_options(given: Mapping[str, bool]) -> None:
    """Raise `SettingError` if options are given that do not go together."""
    for one, other in _CLASHES:
        if given[one] and given[other]:
            msg = f"{one} and {other} do not go together; leave one of them out."
            raise SettingError(msg)
    for one, (other, msg) in _NEEDS.items():
        if given[one] and not given[other]:
            raise SettingError(msg)


def _show(measured: Measured, *, json: bool) -> None:
    """Print the figures, for a program or for a person."""
    network = measured.network
    if json:
        words = {"network": network.name, **measured.figures}
        print_json(words | {"model_sha256": network.sha256})
    else:
        title = f"{NETWORKS[network.name].title} ({network.sha256[:12]})"
        print(f"{title} on {measured.pictures}")
        measured.show()
