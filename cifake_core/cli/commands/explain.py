"""`explain`: which pixels spoke for a label, as a picture and as numbers."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated

import numpy as np
from cyclopts import Parameter

from cifake_core.basics.labels import Label
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.output import print_json, write_file
from cifake_core.cli.terminal.parameters import Flag, FromDoor, Seed, Settings
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS, store
from cifake_core.pictures.reading import read_file, read_picture
from cifake_core.pictures.records import Picture, PreparedPicture
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.trust.measure import Trust
from cifake_core.verdicts.scope import known_generators
from cifake_core.verdicts.scope_words import networks_know
from cifake_core.workbench.heat_maps import (
    map_facts,
    overlay_png,
    own_label,
)


# 43 lines: the options, one a line, are most of it
def run(  # noqa: PLR0913 - the command's options
    picture: Path,
    /,
    *,
    network: str,
    method: str,
    out: Path,
    settings: Settings = (),
    label: Label | None = None,
    seed: Seed = 0,
    map_file: Annotated[Path | None, Parameter(name="--map")] = None,
    report: Path | None = None,
    json: Flag = False,
    context: FromDoor,
) -> None:
    """Show which pixels spoke for a label.

    Args:
        picture: the file to explain.
        network: cnn, cnn3d, cnn_multi, ensemble, or a paper's network.
        method: gradcam, lime and others; an unknown name is answered with the list.
        out: the PNG file for the map over the picture.
        settings: a setting of the method, such as num_samples=300; an unknown name is
            answered with the list.
        label: what the evidence is for; by default what the network says.
        seed: repeats a method that draws at random.
        map_file: the NPY file for the map itself, (32, 32) float32.
        report: the HTML file for all that is found on the picture, as one page.
        json: one JSON object on the last line.
        context: has the networks.
    """
    lookup(NETWORKS, network, kind="network")
    explainer = lookup(EXPLAINERS, method, kind="method")
    chosen = explainer.complete(dict(settings))
    store.revision(network, context.models)
    known = known_generators(network, context.models)
    source = read_file(picture)
    read = read_picture(source)
    bench = context.workbench
    prepared = bench.prepare(read.pixels)
    with progress_bar(explainer.title) as progress:
        explanation = bench.explain(
            prepared,
            network=network,
            method=method,
            label=label or own_label(bench, network, prepared),
            seed=seed,
            settings=chosen,
            progress=progress,
        )
    with progress_bar("Testing the map") as progress:
        trust = bench.trust(prepared, explanation, seed=seed, progress=progress)
    _write_map(prepared, explanation, out=out, map_file=map_file)
    if report is not None:
        found = MapFinding(explanation=explanation, trust=trust)
        file = bench.provenance.facts(source, read)
        findings = bench.findings(read.pixels, maps=[found], seed=seed, file=file)
        page = _page(findings, read, name=picture.name)
        write_file(report, page.encode())
    if json:
        print_json(map_facts(explanation, trust, knows=known))
    else:
        print(f"{out}: {_in_words(explanation, trust)}")
        print(networks_know({network: known}))


def _write_map(
    picture: PreparedPicture,
    explanation: Explanation,
    *,
    out: Path,
    map_file: Path | None,
) -> None:
    """Write the map over the picture and, if asked, the map itself."""
    overlay = overlay_png(picture, explanation)
    if map_file is not None:
        file = BytesIO()
        np.save(file, explanation.values)
        write_file(map_file, file.getvalue())
    write_file(out, overlay)


def _page(findings: Findings, picture: Picture, *, name: str) -> str:
    """Return all that is found on the picture as a page, with today's date."""
    from cifake_core.reports import render_report  # noqa: PLC0415 - imports slowly

    today = datetime.now().astimezone().date()
    return render_report(findings, name=name, picture=picture, made=today)


def _in_words(explanation: Explanation, trust: Trust) -> str:
    """Return the map's facts in words, for a person."""
    return (
        f"{EXPLAINERS[explanation.method].title} for {explanation.label}, "
        f"{NETWORKS[explanation.network].title}, seed {explanation.seed}, "
        f"{explanation.seconds:.2f} s, map {explanation.sha256[:12]}\n"
        f"The map is {trust.word}: score {trust.score:+.2f}, where maps in random "
        f"places are spread by {trust.spread:.2f}"
    )
