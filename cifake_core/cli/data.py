"""`data`: what the data set holds, getting it, and whether it is the published one."""

from argparse import Namespace
from pathlib import Path

from cifake_core import dataset
from cifake_core.cli.output import print_json, share_line
from cifake_core.dataset_report import DatasetFacts, describe, verify
from cifake_core.download import download
from cifake_core.errors import CifakeError


def run(options: Namespace) -> int:
    """Describe, download or check the data set."""
    actions = {"info": _info, "download": _download, "verify": _verify}
    facts, text = actions[options.action](options.data)
    if options.json:
        print_json(facts)
    else:
        print(text)
    return 0


def _info(data: Path | None) -> tuple[dict[str, object], str]:
    """Return what the data set holds, for programs and for people."""
    with share_line("Reading the pictures") as progress:
        facts = describe(dataset.find(data), progress=progress)
    published = facts.content_digest == dataset.PUBLISHED_DIGEST
    record: dict[str, object] = {
        "path": str(facts.path),
        "counts": dict(facts.counts),
        "object_classes": dict(facts.object_classes),
        "duplicates": dict(facts.duplicates),
        "num_bytes": facts.num_bytes,
        "content_digest": facts.content_digest,
        "is_published": published,
    }
    return record, _in_words(facts, published=published)


def _in_words(facts: DatasetFacts, *, published: bool) -> str:
    """Return the facts as a few lines."""

    def listed(counts: dict[str, int]) -> str:
        return ", ".join(
            f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items()
        )

    origin = "CIFAKE as published" if published else "not CIFAKE as published"
    return "\n".join(
        (
            f"Data set        {facts.path} ({facts.num_bytes / 1e6:,.0f} MB)",
            f"Pictures        {listed(dict(facts.counts))}",
            f"Object classes  {listed(dict(facts.object_classes))}",
            f"Duplicates      {listed(dict(facts.duplicates))}",
            f"Content digest  {facts.content_digest} ({origin})",
        )
    )


def _download(data: Path | None) -> tuple[dict[str, object], str]:
    """Get the data set and return where it lies."""
    if data is not None:
        msg = (
            "The download goes to the user's cache, where every command finds it. "
            "Leave out --data."
        )
        raise CifakeError(msg)
    with share_line("Downloading and checking CIFAKE") as progress:
        path = download(progress=progress)
    return {"path": str(path)}, f"CIFAKE lies in {path}, whole and checked."


def _verify(data: Path | None) -> tuple[dict[str, object], str]:
    """Compare the data set with the published one."""
    path = dataset.find(data)
    with share_line("Reading every file") as progress:
        digest = verify(path, progress=progress)
    text = f"{path} is CIFAKE as published (content digest {digest})."
    return {"path": str(path), "content_digest": digest}, text
