"""Report page: one self-contained HTML file on one picture."""

from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cifake_core import __version__, figures
from cifake_core.basics.arrays import SIDE, Rgb, pixels_sha256
from cifake_core.basics.text import signed, whole_percent
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.channel_values import CHANNEL_REPLACEMENTS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.pictures.records import Picture
from cifake_core.provenance.words import lines
from cifake_core.reports.drawings import PANEL_SIZE, channel_bars, trust_panels
from cifake_core.reports.findings import Findings
from cifake_core.reports.sentences import sentences
from cifake_core.verdicts.scope_words import described

_PACKAGES: Final = ("tensorflow", "keras", "numpy", "opencv-python")
#: Pixels to a side of a map over the picture, and at most of the picture as given.
_LARGE: Final = 10 * SIDE
_GIVEN: Final = 640
_OPACITY: Final = 0.6


def render_report(
    findings: Findings, *, name: str, picture: Picture, made: date
) -> str:
    """Return a page with all that was found, to be opened without a network.

    The same findings, name, picture and date give the same page, letter by letter:
    no time that anything took is on it.

    Args:
        findings: on `picture`.
        name: of the picture, as a person knows it; any text.
        picture: as it was given.
        made: the date on the page.
    """
    return _ENVIRONMENT.get_template("report.html.jinja").render(
        findings=findings,
        sentences=sentences(findings),
        name=name,
        picture=picture,
        made=made,
        versions={"cifake_core": __version__} | {n: version(n) for n in _PACKAGES},
    )


def _overlay(explanation: Explanation, image: Rgb) -> Rgb:
    """Return a map over the 32x32 picture."""
    return figures.overlay(image, explanation, opacity=_OPACITY, size=_LARGE)


def _command(explanation: Explanation) -> str:
    """Return the command that makes the map again."""
    known = {setting.name for setting in EXPLAINERS[explanation.method].settings}
    words = [
        "python -m cifake_core explain PICTURE",
        f"--network {explanation.network} --method {explanation.method}",
        f"--label {explanation.label} --seed {explanation.seed}",
        *(f"--set {k}={v}" for k, v in explanation.settings.items() if k in known),
        "--out map.png --json",
    ]
    return " ".join(words)


def _environment() -> Environment:
    """Return the templates; whatever is put into them is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "EXPLAINERS": EXPLAINERS,
        "FILTER_TEXTS": list(FILTER_TEXTS.values()),
        "NETWORKS": NETWORKS,
        "PANEL_SIZE": PANEL_SIZE,
        "CHANNEL_REPLACEMENTS": CHANNEL_REPLACEMENTS,
    }
    environment.filters |= {
        "alone": lambda explanation: figures.map_picture(explanation, size=_LARGE),
        "channel_bars": channel_bars,
        "colorbar": lambda signed: figures.colorbar(signed=signed),
        "command": _command,
        "data_uri": figures.data_uri,
        "described": described,
        "file_lines": lines,
        "fit": lambda image: figures.fit(image, side=_GIVEN),
        "over": _overlay,
        "percent": whole_percent,
        "pixels_sha256": pixels_sha256,
        "signed": signed,
        "trust_panels": trust_panels,
    }
    return environment


_ENVIRONMENT: Final = _environment()
