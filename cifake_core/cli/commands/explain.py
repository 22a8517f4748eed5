"""`explain`: which pixels spoke for a label, as a picture and as numbers."""

import hashlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
from cyclopts import Parameter

from cifake_core.basics.arrays import SIDE, Floats, Rgb
from cifake_core.basics.labels import LABELS, Label
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.output import print_json, write_file
from cifake_core.cli.terminal.parameters import Flag, FromDoor, Seed, Settings
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS, store
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.reports.findings import MapFinding
from cifake_core.trust.measure import Trust, by_replacement, trust_to_json

if TYPE_CHECKING:
    from cifake_core.workbench.workbench import Workbench

_OPACITY: Final = 0.6
_SIZE: Final = 16 * SIDE


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
        network: cnn, cnn3d, ensemble, or a paper's network.
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
    read = read_picture(picture)
    bench = context.workbench
    prepared = bench.prepare(read.pixels)
    with progress_bar(explainer.title) as progress:
        explanation = bench.explain(
            prepared,
            network=network,
            method=method,
            label=label or _own_label(bench, network, prepared.pixels),
            seed=seed,
            settings=chosen,
            progress=progress,
        )
    with progress_bar("Testing the map") as progress:
        trust = bench.trust(prepared, explanation, seed=seed, progress=progress)
    _write_map(prepared.pixels, explanation, out=out, map_file=map_file)
    if report is not None:
        found = MapFinding(explanation=explanation, trust=trust)
        page = _page(bench, read, found, name=picture.name, seed=seed)
        write_file(report, page.encode())
    if json:
        print_json(_record(explanation, trust))
    else:
        print(f"{out}: {_in_words(explanation, trust)}")


def _own_label(bench: "Workbench", network: str, pixels: Rgb) -> Label:
    """Return the network's own label of the 32x32 picture."""
    return LABELS[int(bench.pool.network(network).logits(pixels[None])[0] >= 0)]


def _write_map(
    pixels: Rgb, explanation: Explanation, *, out: Path, map_file: Path | None
) -> None:
    """Write the map over the picture and, if asked, the map itself."""
    from cifake_core import figures  # noqa: PLC0415 - imports slowly

    overlay = figures.overlay(pixels, explanation, opacity=_OPACITY, size=_SIZE)
    if map_file is not None:
        file = BytesIO()
        np.save(file, _heatmap(explanation))
        write_file(map_file, file.getvalue())
    write_file(out, figures.png_bytes(overlay))


def _page(
    bench: "Workbench", picture: Picture, found: MapFinding, *, name: str, seed: int
) -> str:
    """Return all that is found on the picture as a page, with today's date."""
    from cifake_core.reports import render_report  # noqa: PLC0415 - imports slowly

    findings = bench.findings(picture.pixels, maps=[found], seed=seed)
    today = datetime.now().astimezone().date()
    return render_report(findings, name=name, picture=picture, made=today)


def _heatmap(explanation: Explanation) -> Floats:
    """Return the map as it is written and hashed: little-endian float32."""
    return explanation.heatmap.astype("<f4")


def _sha256(explanation: Explanation) -> str:
    """Return the hash of the map."""
    return hashlib.sha256(_heatmap(explanation).tobytes()).hexdigest()


def _in_words(explanation: Explanation, trust: Trust) -> str:
    """Return the map's facts in words, for a person."""
    return (
        f"{EXPLAINERS[explanation.method].title} for {explanation.label}, "
        f"{NETWORKS[explanation.network].title}, seed {explanation.seed}, "
        f"{explanation.seconds:.2f} s, map {_sha256(explanation)[:12]}\n"
        f"The map is {trust.word}: score {trust.score:+.2f}, where maps in random "
        f"places are spread by {trust.spread:.2f}"
    )


def _record(explanation: Explanation, trust: Trust) -> dict[str, object]:
    """Return the map's facts as JSON values, for a program.

    The areas are means over what stands where pixels are taken away, of which each
    has its own in `replacements`; they are in units of the logit.
    """
    return {
        "network": explanation.network,
        "method": explanation.method,
        "label": explanation.label,
        "seed": explanation.seed,
        "settings": dict(explanation.settings),
        "heatmap_sha256": _sha256(explanation),
        **trust_to_json(trust),
        "replacements": {
            name: trust_to_json(part) for name, part in by_replacement(trust).items()
        },
        "seconds": explanation.seconds,
    }
