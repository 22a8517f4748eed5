"""`data`: CIFAKE, what it holds and is like, getting it; and sets of one's own."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from cyclopts import App

from cifake_core.basics.labels import LABELS
from cifake_core.cli.app import COMMANDS
from cifake_core.cli.datasets import library
from cifake_core.cli.terminal.data_set import findings_folder, read_both
from cifake_core.cli.terminal.output import percent, print_json, print_pairs
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake, facts_study, verification
from cifake_core.data import download as kaggle
from cifake_core.data import facts as data_facts
from cifake_core.data.facts import DataFacts
from cifake_core.data.verification import DatasetFacts

run = App(name="data", help=COMMANDS["data"], help_epilogue="")
run.command(library.add)
run.command(library.listing, name="list")
run.command(library.show)
run.command(library.remove)


@run.command
def info(*, data: Path | None = None, json: Flag = False) -> None:
    """Say what the data set holds.

    Args:
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
    """
    with progress_bar("Reading the pictures") as progress:
        facts = verification.describe(cifake.find(data), progress=progress)
    published = facts.content_digest == cifake.PUBLISHED_DIGEST
    if json:
        print_json(
            {
                "path": str(facts.path),
                "counts": dict(facts.counts),
                "object_classes": dict(facts.object_classes),
                "duplicates": dict(facts.duplicates),
                "num_bytes": facts.num_bytes,
                "content_digest": facts.content_digest,
                "is_published": published,
            }
        )
    else:
        _show(facts, published=published)


def _show(facts: DatasetFacts, *, published: bool) -> None:
    """Print the facts as a few lines."""
    origin = "CIFAKE as published" if published else "not CIFAKE as published"
    print_pairs(
        {
            "Data set": f"{facts.path} ({facts.num_bytes / 1e6:,.0f} MB)",
            "Pictures": _listed(facts.counts),
            "Object classes": _listed(facts.object_classes),
            "Duplicates": _listed(facts.duplicates),
            "Content digest": f"{facts.content_digest} ({origin})",
        }
    )


def _listed(counts: Mapping[str, int]) -> str:
    """Return names with their counts."""
    return ", ".join(
        f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items()
    )


@run.command
def download(*, json: Flag = False) -> None:
    """Get the data set from Kaggle, without an account, into the user's cache.

    Args:
        json: one JSON object on the last line.
    """
    path = kaggle.download()
    if json:
        print_json({"path": str(path)})
    else:
        print(f"CIFAKE lies in {path}, whole and checked.")


@run.command
def verify(*, data: Path | None = None, json: Flag = False) -> None:
    """Read every file and compare with the published set.

    Args:
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
    """
    path = cifake.find(data)
    with progress_bar("Reading every file") as progress:
        digest = verification.verify(path, progress=progress)
    if json:
        print_json({"path": str(path), "content_digest": digest})
    else:
        print(f"{path} is CIFAKE as published (content digest {digest}).")


@run.command
def facts(*, data: Path | None = None, json: Flag = False, context: FromDoor) -> None:
    """Compute what the page on the data set shows, in a minute.

    Args:
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the folder of what is shipped.
    """
    train, test = read_both(cifake.find(data))
    with progress_bar("Looking at the pictures") as progress:
        found = facts_study.study(train, test, progress=progress)
    digest = found.data_digest
    folder = findings_folder("facts", context.models, data_digest=digest)
    path = data_facts.write(found, folder)
    if json:
        print_json({"path": str(path), **_record(found)})
    else:
        _show_facts(found)
        print(path)


def _record(found: DataFacts) -> dict[str, object]:
    """Return the facts for a program."""
    shares = {label: found.grey_share(label) for label in LABELS}
    return {
        "counts": dict(found.counts),
        "duplicates": dict(found.duplicates),
        "copies": [asdict(row) for row in found.copies],
        "near_grey": {label: asdict(share) for label, share in shares.items()},
        "cues": {name: asdict(part) for name, part in found.cues.items()},
        "data_digest": found.data_digest,
    }


def _show_facts(found: DataFacts) -> None:
    """Print the shares of near-greyscale pictures and of what simple cues tell."""
    print_pairs(
        {
            f"almost grey, of {label}": percent(found.grey_share(label))
            for label in LABELS
        }
        | {
            f"least squares on {name}": f"{percent(part.accuracy)} right of {part.n:,}"
            for name, part in found.cues.items()
        }
    )
