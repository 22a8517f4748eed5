"""`generators study`: what networks find of a family that they never met."""

from pathlib import Path

from cifake_core.basics.artefacts import to_json
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.data_set import read_split
from cifake_core.cli.terminal.drawing import drawn_fakes
from cifake_core.cli.terminal.output import percent, print_json, print_table, tell
from cifake_core.cli.terminal.parameters import Epochs, Flag, FromDoor, Numbers
from cifake_core.cli.terminal.progress import TrainingBars
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.data import cifake
from cifake_core.evaluation import leave_one_out
from cifake_core.evaluation.leave_one_out import StudyCard
from cifake_core.generators import service
from cifake_core.training.recipes import RECIPES, TrainConfig, short, varied
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR

_COLUMNS = ("left out", "tested", "learnt", "n", "ROC AUC", "found")


def study(  # noqa: PLR0913 - the command's options
    *,
    network: str = "cnn",
    epochs: Epochs = None,
    settings: Numbers = (),
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
) -> None:
    """Train short networks without one family each, and see what they find of it.

    Args:
        network: the network to train once for each family.
        epochs: times over all pictures, if not as in the study's recipe.
        settings: a number of the recipe, such as num_generated=6000; an unknown name is
            answered with the list.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the folder of generators.
    """
    recipe = short(lookup(RECIPES, network, kind="network that can be trained"))
    changes = dict(settings) | ({"epochs": epochs} if epochs else {})
    config = varied(recipe, changes)
    path = cifake.find(data)
    read_split(path, "train")
    card = _make(network, config, path, context)
    if json:
        print_json(to_json(card))
    else:
        _show(card)


def _make(network: str, config: TrainConfig, data: Path, context: Context) -> StudyCard:
    """Make the study, with bars, and write it beside the generators."""
    folder = context.models / service.FOLDER
    in_use = {
        each.name: each.card.weights_sha256
        for each in service.listing(folder)
        if each.card is not None and each.generator.settings
    }
    import_tensorflow()
    from cifake_core.training import generator_study  # noqa: PLC0415 - loads TensorFlow

    tell("If this is stopped, start the same command again: it goes on where it was.")
    card = generator_study.study(
        generator_study.Study(
            network=network,
            config=config,
            data=data,
            fakes=drawn_fakes(data, folder),
            generator_sha256=in_use,
            cifake_generator=CIFAKE_GENERATOR,
        ),
        progress=lambda family: TrainingBars(f"Without {family}, "),
    )
    leave_one_out.write(card, folder)
    return card


def _show(card: StudyCard) -> None:
    """Print the table of what was learnt and what was tested."""
    rows = [
        (
            row.left_out,
            name,
            "yes" if name in row.learnt else "never",
            f"{cell.n:,}",
            _area(cell.roc_auc),
            percent(cell.recall),
        )
        for row in card.rows
        for name, cell in row.tested.items()
    ]
    print_table(_COLUMNS, rows)
    share, count = f"{card.max_flagged:.0%}", f"{card.n_real:,}"
    print(f"Found: where {share} of {count} photographs are flagged.")


def _area(area: Estimate) -> str:
    """An area under a curve with its interval."""
    return f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f})"
