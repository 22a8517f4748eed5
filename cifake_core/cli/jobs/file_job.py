"""`predict --out`: many pictures into one file, with progress and time left."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cifake_core.cli.context import Context
from cifake_core.cli.terminal.output import command_line, print_json, tell
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.jobs.file_job import FileJob
from cifake_core.verdicts.scope import HEADLINES

_BAD_INPUT = 2


def judge_to_file(  # noqa: PLR0913 - the command's options
    places: Sequence[str],
    out: Path,
    *,
    networks: Sequence[str],
    resume: bool,
    json: bool,
    context: Context,
) -> int:
    """Judge all pictures of some places into a file; return the exit status.

    Args:
        places: files, folders, zips, buckets' URLs.
        out: the file.
        networks: whose predictions are given.
        resume: go on with what was begun.
        json: print the summary as one object.
        context: has the networks.

    Raises:
        JobError: If it cannot be done.
        KeyboardInterrupt: With the sentence on how to go on.
    """
    job = FileJob(places, out, pool=context.answering, networks=networks)
    try:
        with progress_bar(f"Judging into {out.name}") as progress:
            summary = job.run(resume=resume, progress=progress)
    except KeyboardInterrupt:
        chosen = ("--network", *networks) if len(networks) == 1 else ()
        words = command_line("predict", *places, *chosen, "--out", str(out), "--resume")
        msg = f"Stopped. Go on with: {words}"
        raise KeyboardInterrupt(msg) from None
    if json:
        print_json(
            {
                "path": str(out),
                "pictures": summary.pictures,
                "errors": summary.errors,
                "verdicts": summary.verdicts,
            }
        )
    else:
        print(f"{out}: {summary.pictures:,} pictures")
        show_verdicts(summary.verdicts, summary.scope.sentences)
    if summary.errors:
        tell(f"{summary.errors:,} of {summary.pictures:,} could not be judged.")
    return _BAD_INPUT if summary.errors else 0


def show_verdicts(verdicts: Mapping[str, int], sentences: Sequence[str]) -> None:
    """Print the number of each decision, in words that claim no more than it can."""
    for decision, headline in HEADLINES.items():
        print(f"  {verdicts[decision]:>9,}  {headline}")
    for sentence in sentences:
        print(f"  {sentence}")
