"""`predict`: the verdict on each of many pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cifake_core.basics.errors import InvalidImageError, SettingError
from cifake_core.cli.jobs.file_job import judge_to_file
from cifake_core.cli.terminal.output import print_json, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.networks import NETWORKS
from cifake_core.pictures.reading import read_file, read_picture
from cifake_core.provenance.records import FileFacts
from cifake_core.reports.origin import origin_sentence
from cifake_core.verdicts.records import Verdict
from cifake_core.verdicts.rows import error_row, verdict_rows
from cifake_core.workbench.rows import ALL, asked_networks


def run(  # noqa: PLR0913 - the command's options
    pictures: Annotated[list[str], Parameter(name="PICTURE")],
    /,
    *,
    network: str = ALL,
    json: Flag = False,
    out: Path | None = None,
    resume: Flag = False,
    context: FromDoor,
) -> int:
    """Say whether pictures are REAL or FAKE.

    One that is not usable does not stop the others. With --json, stdout has JSON
    Lines: one object a picture and network. With --out, folders, zips and buckets'
    URLs may stand beside files, and the objects go to FILE, which appears when it is
    whole; stdout then has how many there are. Where the history is on, verdicts on
    files are kept, and those of --out are not; by a key, if it may have a history.

    Args:
        pictures: the files to judge.
        network: whose prediction to give: all of ours, cnn, cnn3d, cnn_multi, ensemble,
            or a paper's network.
        json: see above.
        out: FILE.csv, FILE.jsonl or FILE.parquet.
        resume: go on with a job of the same FILE that was stopped or killed.
        context: has the networks.

    Returns:
        The exit status: 2 if a picture was not usable.
    """
    bench = context.workbench
    names = asked_networks(bench, network)
    if out is not None:
        return judge_to_file(
            pictures, out, networks=names, resume=resume, json=json, context=context
        )
    if resume:
        msg = "--resume goes on with the job of a file. Name it with --out."
        raise SettingError(msg)
    who = context.who  # whose key it is, where there is one
    history = bench.history.of(who.user) if who.may("history") else None
    show, fail = (_show_json, _fail_json) if json else (_show_words, _fail_words)
    num_bad = 0
    for path in pictures:
        try:
            source = read_file(Path(path))
            picture = read_picture(source)
            verdict = bench.judge(picture.pixels, networks=names)
        except InvalidImageError as error:
            num_bad += 1
            fail(path, error)
        else:
            facts = bench.provenance.facts(source, picture)
            show(path, verdict, names, facts)
            if history is not None:
                history.keep(
                    verdict,
                    name=Path(path).name,
                    file=source,
                    source="command",
                    facts=facts,
                )
    if num_bad:
        tell(f"{num_bad} of {len(pictures)} pictures could not be judged.")
    return 2 if num_bad else 0


def _fail_json(path: str, error: InvalidImageError) -> None:
    """Print what is wrong with a picture as an object."""
    print_json(error_row(path, error))


def _fail_words(path: str, error: InvalidImageError) -> None:
    """Print what is wrong with a picture as a line."""
    print(f"{path}: {error}", flush=True)


def _show_json(
    path: str, verdict: Verdict, networks: Sequence[str], file: FileFacts
) -> None:
    """Print one JSON object for each network."""
    for row in verdict_rows(path, verdict, networks, file=file):
        print_json(row)


def _show_words(
    path: str, verdict: Verdict, networks: Sequence[str], file: FileFacts
) -> None:
    """Print a line for each network, the verdict with scope and reasons, the file."""
    for network in networks:
        prediction, title = verdict.predictions[network], NETWORKS[network].title
        print(
            f"{path}: {title} says {prediction.label} ({prediction.confidence:.1%}, "
            f"{prediction.milliseconds:.1f} ms), {prediction.knows}, "
            f"verdict {verdict.decision}",
            flush=True,
        )
    for line in (f"{verdict.headline}.", *verdict.scope.sentences, *verdict.reasons):
        print(f"  {line}", flush=True)
    print(f"  {origin_sentence(verdict.decision, file)}", flush=True)
