"""`data add|list|show|remove`: data sets of one's own."""

from collections.abc import Mapping
from pathlib import Path

from cifake_core.basics.artefacts import to_json
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.output import print_json, print_pairs, print_table
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data.datasets import changes, library
from cifake_core.data.datasets.records import PARTS, DataSetCard

#: Files that are named of those that are left out; --json has them all.
_FEW = 10


def add(
    name: str,
    path: Path,
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
) -> None:
    """Check a data set of your own and note it; its pictures stay where they are.

    Args:
        name: what it is called from now on: small letters, digits, - and _.
        path: a folder or zip with REAL/ and FAKE/, or with REAL/ and a folder for each
            generator, and perhaps UNLABELLED/; or a CSV file with the columns path and
            label, and if known generator and object.
        data: CIFAKE, among whose pictures copies are looked for; by default
            CIFAKE_DATA, data/ in the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    cifake = data or context.workbench.dataset.path()
    with progress_bar(f"Reading and checking {name}") as progress:
        card = changes.add(
            name,
            path,
            user_data=context.user_data,
            by=context.who,
            cifake=cifake,
            progress=progress,
        )
    _print(card, json=json)


def listing(*, json: Flag = False, context: FromDoor) -> None:
    """List the data sets of your own.

    Args:
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    cards = library.listing(_root(context))
    if json:
        print_json({"data_sets": [to_json(card) for card in cards]})
    elif cards:
        print_table(
            ("Name", *PARTS, "Generators", "Source"),
            [
                (
                    card.name,
                    *(f"{sum(card.counts[part].values()):,}" for part in PARTS),
                    ", ".join(card.generators),
                    card.source,
                )
                for card in cards
            ],
        )
    else:
        print("There is none yet. Add one with `python -m cifake_core data add`.")


def show(name: str, *, json: Flag = False, context: FromDoor) -> None:
    """Show what a data set of your own holds, and what was checked.

    Args:
        name: of the data set.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    _print(library.card(name, _root(context)), json=json)


def remove(name: str, *, json: Flag = False, context: FromDoor) -> None:
    """Forget a data set of your own; its pictures stay where they are.

    Args:
        name: of the data set.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    changes.remove(name, user_data=context.user_data, by=context.who)
    if json:
        print_json({"name": name})
    else:
        print(f"The data set {name} is forgotten; its pictures stay where they are.")


def _root(context: Context) -> Path:
    """The folder of data sets."""
    return context.user_data / library.FOLDER


def _print(card: DataSetCard, *, json: bool) -> None:
    """Print a card for a program or for a person."""
    if json:
        print_json(to_json(card))
        return
    print_pairs(
        {
            "Data set": f"{card.name} ({card.layout}), added {card.added}",
            "Source": card.source,
            **{part: _listed(card.counts[part]) for part in PARTS},
            "Sizes": _listed(card.sizes),
            "Left out": f"{len(card.left_out):,} files",
            **{check.name: check.sentence for check in card.checks},
        }
    )
    for file, why in list(card.left_out.items())[:_FEW]:
        print(f"- {file}: {why}")
    if len(card.left_out) > _FEW:
        print(f"- and {len(card.left_out) - _FEW:,} more, all of them with --json")


def _listed(counts: Mapping[str, int]) -> str:
    """Return names with their counts, the first few."""
    shown = [f"{name} {count:,}" for name, count in list(counts.items())[:_FEW]]
    more = [f"{len(counts) - _FEW:,} more"] if len(counts) > _FEW else []
    return ", ".join(shown + more) or "none"
