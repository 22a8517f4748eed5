"""`generators`: our own generators: what there is, training, pictures, distances."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cifake_core.basics.artefacts import to_json
from cifake_core.cli.app import COMMANDS
from cifake_core.cli.evaluating.study import study
from cifake_core.cli.terminal.output import (
    command_line,
    duration,
    print_json,
    print_pairs,
    print_table,
    tell,
)
from cifake_core.cli.terminal.parameters import Flag, FromDoor, Seed, whole_number
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.data import cifake
from cifake_core.evaluation.embedding_map import features_of
from cifake_core.generators import gallery as galleries
from cifake_core.generators import service
from cifake_core.generators.card import Distance
from cifake_core.generators.catalogue import GENERATORS, generator
from cifake_core.generators.files import Form, write
from cifake_core.generators.service import DistanceConfig, FeatureNetwork, Listed

run = App(name="generators", help=COMMANDS["generators"], help_epilogue="")
run.command(study)

#: The network by whose features the cards' distances are measured.
_NETWORK = "cnn"
_MAX_PICTURES = 100_000
_CARDS = DistanceConfig()
Count = Annotated[int, Parameter(converter=whole_number(1, _MAX_PICTURES))]


@run.command(name="list")
def list_(*, json: Flag = False, context: FromDoor) -> None:
    """List the generators, and what the cards say of those that are trained.

    Args:
        json: one JSON object on the last line.
        context: has the folder of generators.
    """
    listed = service.listing(context.models / service.FOLDER)
    if json:
        print_json({"generators": [_record(each) for each in listed]})
    else:
        columns = ("generator", "family", "from", "parameters", "trained", "distance")
        print_table(columns, map(_row, listed))


def _record(listed: Listed) -> dict[str, object]:
    """A generator for a program; one that uses another's weights has no card."""
    known, card = listed.generator, listed.card
    own = card is not None and known.settings is not None
    return {
        "name": listed.name,
        "title": known.title,
        "family": known.family,
        "kind": known.kind,
        "description": known.description,
        "available": card is not None,
        **({"needs": known.needs} if known.needs else {}),
        **({"card": to_json(card)} if own else {}),
    }


def _row(listed: Listed) -> tuple[str, ...]:
    """A generator as cells of a table."""
    known, card = listed.generator, listed.card
    first = (listed.name, known.family, known.kind)
    if card is None:
        return (*first, "-", "no", "-")
    if known.settings is None:
        return (*first, "-", f"with {known.needs}", "-")
    distance = f"{card.distance.frechet:.1f}" if card.distance else "-"
    return (*first, f"{card.parameters:,}", duration(card.seconds), distance)


@run.command
def train(
    name: str,
    /,
    *,
    minutes: float = 60.0,
    resume: Flag = False,
    data: Path | None = None,
    context: FromDoor,
) -> None:
    """Train a generator on the photographs of the training pictures.

    Args:
        name: the generator to train.
        minutes: how long; the learning rate falls over that time.
        resume: go on after the last checkpoint of an interrupted run.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        context: has the folder of generators.
    """
    generator(name)
    path = _read_training(data)
    given = ("--data", str(data)) if data else ()
    words = ("train", name, "--minutes", f"{minutes:g}", "--resume", *given)
    go_on = command_line("generators", *words)
    tell(f"If this is stopped, go on after the last checkpoint: {go_on}")
    import_tensorflow()
    with progress_bar(f"Training {name}") as progress:
        place = service.train(
            name,
            data=path,
            models=context.models / service.FOLDER,
            minutes=minutes,
            resume=resume,
            report=lambda share, _losses: progress(share),
        )
    promoting = command_line("generators", "promote", str(place))
    print(f"The finished generator lies in {place}. Ship it:\n  {promoting}")


@run.command
def promote(finished: Path, /, *, context: FromDoor) -> None:
    """Put the generator of a finished run in the place of the shipped one.

    Args:
        finished: the folder that `generators train` named.
        context: has the folder of generators.
    """
    place = service.promote(finished, context.models / service.FOLDER)
    print(f"{place} now holds the generator of {finished}.")


# 41 lines: the options, one a line, are most of it
@run.command
def sample(  # noqa: PLR0913 - the command's options
    name: str,
    /,
    *,
    n: Count,
    seed: Seed,
    out: Path,
    form: Form = "jpeg",
    strength: float = 0.3,
    data: Path | None = None,
    context: FromDoor,
) -> None:
    """Write pictures of a generator to FOLDER/NAME/FAKE, the same for the same seed.

    Args:
        name: the generator.
        n: how many pictures.
        seed: 0 to 999 for training networks, to 1999 for choosing among them, to 2999
            for testing them; where photographs pass through, they are of that part.
        out: the folder to write to.
        form: jpeg as CIFAKE's pictures are saved, or png without loss.
        strength: the share of noise, 0 to 1, where photographs pass through diffusion.
        data: the zip or folder with train/ and test/, for generators that need
            photographs; by default CIFAKE_DATA, data/ in the checkout, or what
            `data download` got.
        context: has the folder of generators.
    """
    needs_photographs = generator(name).kind == "photograph"
    path = cifake.find(data) if needs_photographs else None
    import_tensorflow()
    with progress_bar(f"Drawing with {name}") as progress:
        drawn = service.draw(
            name,
            n=n,
            seed=seed,
            models=context.models / service.FOLDER,
            data=path,
            strength=strength,
            progress=progress,
        )
    print(write(drawn, out, form=form))


@run.command
def gallery(
    *names: str,
    data: Path | None = None,
    context: FromDoor,
    num_measured: Annotated[int, Parameter(parse=False)] = galleries.NUM_MEASURED,
) -> None:
    """Draw the pictures of generators that are shipped, and measure their spectra.

    Args:
        names: the generators; all of them by default.
        data: the zip or folder with train/ and test/, for photographs to pass through;
            by default CIFAKE_DATA, data/ in the checkout, or what `data download` got.
        context: has the folder of generators.
        num_measured: how many pictures a spectrum is the mean of.
    """
    models = context.models / service.FOLDER
    chosen = {name: generator(name).kind for name in names or GENERATORS}
    path = cifake.find(data) if "photograph" in chosen.values() else None
    import_tensorflow()
    for name in chosen:
        with progress_bar(f"Drawing with {name}") as progress:
            made = galleries.make(
                name,
                models=models,
                data=path,
                num_measured=num_measured,
                progress=progress,
            )
        print(galleries.write(made, models))


@run.command
def measure(
    name: str,
    /,
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[DistanceConfig, Parameter(parse=False)] = _CARDS,
) -> None:
    """Measure how far a generator's pictures lie from photographs; takes minutes.

    Args:
        name: the generator, on whose card the distance is written.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the networks and generators.
        config: how many pictures of which seeds.
    """
    generator(name)
    path = _read_training(data)
    network = context.pool.network(_NETWORK)
    import_tensorflow()
    with progress_bar(f"Drawing with {name}") as progress:
        found = service.measure(
            name,
            data=path,
            models=context.models / service.FOLDER,
            network=FeatureNetwork(
                name=network.name,
                model_sha256=network.sha256,
                features=lambda images: features_of(network, images),
            ),
            config=config,
            progress=progress,
        )
    if json:
        print_json({"name": name, **asdict(found)})
    else:
        _show_distance(name, found)


def _show_distance(name: str, found: Distance) -> None:
    """Print a distance beside that of photographs."""
    print_pairs(
        {
            f"{found.n:,} pictures of {name}": f"{found.frechet:.3f}",
            f"{found.n:,} photographs": f"{found.frechet_of_photographs:.3f}",
        }
    )
    print(
        f"Frechet distance to {found.num_photographs:,} photographs, by the features "
        f"of {found.network}"
    )


def _read_training(data: Path | None) -> Path:
    """Place of the data set, its training pictures decoded."""
    path = cifake.find(data)
    with progress_bar("Reading the training pictures, once") as progress:
        cifake.load(path, "train", progress=progress)
    return path
