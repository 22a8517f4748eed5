"""`explain`: which pixels spoke for a label, as a picture and as numbers."""

import hashlib
from argparse import Namespace
from datetime import datetime
from io import BytesIO

import numpy as np

from cifake_core import figures
from cifake_core.basics.arrays import SIDE, Rgb
from cifake_core.basics.labels import LABELS, Label
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.output import (
    import_tensorflow,
    print_json,
    share_line,
    write_file,
)
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS, store
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.reports import gather, render_report
from cifake_core.reports.findings import MapFinding
from cifake_core.trust.measure import (
    Trust,
    by_replacement,
    measure_trust,
    trust_to_json,
)
from cifake_core.verdicts.judge import Judge

_OPACITY = 0.6
_SIZE = 16 * SIDE


def run(options: Namespace) -> int:
    """Explain one picture; write the overlay and, if asked, the map."""
    lookup(NETWORKS, options.network, kind="network")
    explainer = lookup(EXPLAINERS, options.method, kind="method")
    settings = explainer.complete(dict(options.settings))
    store.revision(options.network, store.MODELS)
    picture = read_picture(options.picture)
    pixels = prepare(picture.pixels).pixels
    import_tensorflow()
    judge = Judge(store.MODELS)
    with share_line(explainer.title) as progress:
        explanation = judge.explain(
            pixels,
            network=options.network,
            method=options.method,
            label=options.label or _own_label(judge, options.network, pixels),
            seed=options.seed,
            settings=settings,
            progress=progress,
        )
    with share_line("Testing the map") as progress:
        trust = measure_trust(
            judge.network(options.network),
            pixels,
            explanation,
            seed=options.seed,
            progress=progress,
        )
    heatmap = explanation.heatmap.astype("<f4")
    overlay = figures.overlay(pixels, explanation, opacity=_OPACITY, size=_SIZE)
    if options.map is not None:
        file = BytesIO()
        np.save(file, heatmap)
        write_file(options.map, file.getvalue())
    write_file(options.out, figures.png_bytes(overlay))
    if options.report is not None:
        found = MapFinding(explanation=explanation, trust=trust)
        _write_report(options, judge, picture, found)
    sha256 = hashlib.sha256(heatmap.tobytes()).hexdigest()
    if options.json:
        print_json(_record(explanation, trust, sha256))
    else:
        print(
            f"{options.out}: {explainer.title} for "
            f"{explanation.label}, {NETWORKS[options.network].title}, seed "
            f"{explanation.seed}, {explanation.seconds:.2f} s, map {sha256[:12]}\n"
            f"The map is {trust.word}: score {trust.score:+.2f}, where maps in random "
            f"places are spread by {trust.spread:.2f}"
        )
    return 0


def _write_report(
    options: Namespace, judge: Judge, picture: Picture, found: MapFinding
) -> None:
    """Write all that is found on the picture, with today's date."""
    findings = gather(
        judge,
        picture.pixels,
        maps=[found],
        seed=options.seed,
        models=store.MODELS,
    )
    today = datetime.now().astimezone().date()
    name = options.picture.name
    page = render_report(findings, name=name, picture=picture, made=today)
    write_file(options.report, page.encode())


def _own_label(judge: Judge, network: str, pixels: Rgb) -> Label:
    """Return what the network itself calls the 32x32 picture."""
    return LABELS[int(judge.network(network).logits(pixels[None])[0] >= 0)]


def _record(explanation: Explanation, trust: Trust, sha256: str) -> dict[str, object]:
    """Return what a program needs to know of the map.

    The areas are means over what stands where pixels are taken away, of which each
    has its own in `replacements`; they are in units of the logit.
    """
    return {
        "network": explanation.network,
        "method": explanation.method,
        "label": explanation.label,
        "seed": explanation.seed,
        "settings": dict(explanation.settings),
        "heatmap_sha256": sha256,
        **trust_to_json(trust),
        "replacements": {
            name: trust_to_json(part) for name, part in by_replacement(trust).items()
        },
        "seconds": explanation.seconds,
    }
