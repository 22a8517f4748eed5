"""`data`: what the set holds and is like, getting it, and whether it is CIFAKE."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS
from cifake_core.cli.terminal.data_set import home_of, read_both
from cifake_core.cli.terminal.output import print_json, share_line
from cifake_core.data import cifake, facts_study
from cifake_core.data import facts as data_facts
from cifake_core.data.download import download
from cifake_core.data.verification import DatasetFacts, describe, verify


def run(options: Namespace) -> int:
    """Describe, download, check or study the data set."""
    actions = {
        "info": _info,
        "download": _download,
        "verify": _verify,
        "facts": _facts,
    }
    facts, text = actions[options.action](options.data)
    if options.json:
        print_json(facts)
    else:
        print(text)
    return 0


def _info(data: Path | None) -> tuple[dict[str, object], str]:
    """Return what the data set holds, for programs and for people."""
    with share_line("Reading the pictures") as progress:
        facts = describe(cifake.find(data), progress=progress)
    published = facts.content_digest == cifake.PUBLISHED_DIGEST
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
    path = cifake.find(data)
    with share_line("Reading every file") as progress:
        digest = verify(path, progress=progress)
    text = f"{path} is CIFAKE as published (content digest {digest})."
    return {"path": str(path), "content_digest": digest}, text


def _facts(data: Path | None) -> tuple[dict[str, object], str]:
    """Compute what the page on the data set shows, and keep it."""
    train, test = read_both(cifake.find(data))
    with share_line("Looking at the pictures") as progress:
        facts = facts_study.study(train, test, progress=progress)
    kept = data_facts.write(facts, home_of("facts", data_digest=facts.data_digest))
    shares = {label: facts.grey_share(label) for label in LABELS}
    record: dict[str, object] = {
        "path": str(kept),
        "counts": dict(facts.counts),
        "duplicates": dict(facts.duplicates),
        "copies": [asdict(row) for row in facts.copies],
        "near_grey": {label: asdict(share) for label, share in shares.items()},
        "cues": {name: asdict(part) for name, part in facts.cues.items()},
        "data_digest": facts.data_digest,
    }
    lines = [
        f"almost grey   {share.value:.1%} of {label} ({share.low:.1%} to "
        f"{share.high:.1%})"
        for label, share in shares.items()
    ]
    lines += [
        f"least squares {part.accuracy.value:.1%} right of {part.n:,}, on {name}"
        for name, part in facts.cues.items()
    ]
    return record, "\n".join((*lines, str(kept)))
