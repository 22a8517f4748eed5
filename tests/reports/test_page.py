"""The report: all that was found, on one page that asks nothing of any network."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from cifake_core import __version__
from cifake_core.basics.arrays import SIDE
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.pictures.reading import read_picture
from cifake_core.provenance.records import Generated
from cifake_core.reports.drawings import channel_bars, trust_panels
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.reports.sentences import sentences
from cifake_core.verdicts.scope import HEADLINES
from tests.fakes import noise
from tests.findings import (
    FULL,
    HASHES,
    channels_of,
    map_of,
    page_of,
    trust_of,
    verdict_of,
)
from tests.made_files import FILE

BARE = Findings(verdict=verdict_of({"cnn": 3.0}, decision="REAL"))


class Elements(HTMLParser):
    """All elements of a page with their attributes, and all its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Keep its words, if a person can read them."""
        if self.found and self.found[-1][0] != "style":
            self.words.append(data)

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        """Yield the attributes of every element of one kind."""
        return (attributes for name, attributes in self.found if name == tag)


def words_of(page: str) -> str:
    """Return what a person reads, with plain spaces."""
    return plain_spaces(" ".join(Elements(page).words)).replace(" .", ".")


def plain_spaces(text: str) -> str:
    """Return a text with single spaces, none of which holds a line together."""
    return " ".join(text.split())


@pytest.mark.parametrize("findings", [FULL, BARE])
def test_the_same_findings_give_the_same_page(findings):
    """Letter by letter, however long anything took."""
    predictions = findings.verdict.predictions.items()
    slower = replace(
        findings,
        verdict=replace(
            findings.verdict,
            predictions={
                n: replace(each, milliseconds=987.5) for n, each in predictions
            },
        ),
        maps=tuple(
            replace(
                each,
                explanation=replace(each.explanation, seconds=9.9),
                trust=each.trust and replace(each.trust, seconds=9.9),
            )
            for each in findings.maps
        ),
        channels=findings.channels and replace(findings.channels, seconds=9.9),
        stability=findings.stability and replace(findings.stability, seconds=9.9),
    )

    assert page_of(findings) == page_of(slower)


@pytest.mark.parametrize("findings", [FULL, BARE])
def test_nothing_is_asked_from_outside(findings):
    """Every address on the page holds its own data, and the page forbids others."""
    page = page_of(findings)

    elements = Elements(page)
    addresses = [
        value
        for _, attributes in elements.found
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "data", "action"}
    ]
    assert addresses
    assert all(str(address).startswith("data:") for address in addresses)
    assert "url(" not in page
    assert not list(elements.all("script"))
    policy = next(e["content"] for e in elements.all("meta") if "http-equiv" in e)
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_every_picture_and_chart_has_words():
    """No image is without its alternative text, no curve without its label."""
    elements = Elements(page_of())

    alts = [each["alt"] for each in elements.all("img")]
    assert len(alts) == 1 + 2 * 3 + 6 + 20
    assert all(alts)
    charts = [each for each in elements.all("svg") if "aria-hidden" not in each]
    assert len(charts) == 2
    assert all(each["role"] == "img" and each["aria-label"] for each in charts)


def test_a_name_is_only_a_name():
    """Whatever a file is called, it stands on the page as text."""
    name = "<script>alert('x')</script> & \"cat\".png"

    page = page_of(name=name, notes=("<i>turned</i>",))

    assert "<script" not in page
    assert "<i>" not in page
    assert name in words_of(page)
    assert "<i>turned</i>" in words_of(page)


@pytest.mark.parametrize(
    ("decision", "reasons"),
    [("REAL", ()), ("FAKE", ()), ("UNSURE", ("The networks disagree.", "Too large."))],
)
def test_the_verdict_leads_with_its_reasons(decision, reasons):
    """It is in the title, and a person reads it before anything else."""
    findings = replace(FULL, verdict=verdict_of(decision=decision, reasons=reasons))

    words = words_of(page_of(findings))

    top = words[: words.index("In words")]
    assert top.count(HEADLINES[decision]) == 2
    for sentence in findings.verdict.scope.sentences:
        assert plain_spaces(sentence) in top
    for reason in reasons:
        assert reason in top


def test_all_that_was_found_is_told():
    """Sentences, predictions, maps with trust, channels, and every variant."""
    words = words_of(page_of())

    for sentence in sentences(FULL):
        assert " ".join(sentence.split()) in words
    assert "LIME, 2D-CNN, evidence for FAKE." in words
    assert "How far to trust this map: faithful. Score +8.50" in words
    assert "where maps in random places are spread by 3.03" in words
    assert "CLAHE −0.25 −0.12" in words  # noqa: RUF001 - a true minus
    assert "All six +2.50" in words
    for name in FULL.stability.names:
        assert f"{name} FAKE" in words
    assert words.count("✓ kept") == 18
    assert words.count("✗ lost") == 2
    assert words.count("weakest") == 1


def test_it_says_how_to_repeat_it():
    """Hashes, seeds, settings, versions, date and the command of each map."""
    words = words_of(page_of())

    for sha256 in HASHES.values():
        assert sha256 in words
    assert (
        "python -m cifake_core explain PICTURE --network cnn --method lime "
        "--label FAKE --seed 5 --set num_samples=300 --out map.png --json" in words
    )
    assert "Settings: num_samples 300, pieces 24" in words
    assert "Trust: seed 8, 10 maps in random places" in words
    assert "Blurred noise, seed 3" in words
    assert "Changed versions seed 7" in words
    assert f"cifake_core {__version__}, tensorflow 2." in words
    assert "Date 2026-03-01" in words


def test_what_was_not_measured_is_not_there():
    """No heading, table or figure stands for a part that is missing."""
    words = words_of(page_of(BARE))

    for missing in ("Where the evidence", "Fall without", "hold?", "seed", "3D-CNN"):
        assert missing not in words
    assert all(text.title in words for text in FILTER_TEXTS.values())
    assert "2D-CNN REAL only Stable Diffusion 1.4 5 % 95 % +3.00 ship, 80 %" in words


def test_a_map_that_shows_nothing_says_so():
    """And a network that names no object is not said to see one."""
    nothing = MapFinding(explanation=map_of(np.zeros((SIDE, SIDE))))
    verdict = verdict_of({"cnn": 3.0})
    blind = replace(verdict.predictions["cnn"], object_prediction=None)
    findings = replace(
        BARE, maps=(nothing,), verdict=replace(verdict, predictions={"cnn": blind})
    )

    words = words_of(page_of(findings))

    assert "Nothing here speaks for FAKE." in words
    assert "not taught" in words


def test_a_large_picture_is_shown_as_given_too():
    """It is made to fit, in proportion; what the networks see stands beside it."""
    large = np.full((400, 1000, 3), 77, np.uint8)
    findings = replace(BARE, verdict=verdict_of(image=large))

    page = page_of(findings, image=large)

    given = next(e for e in Elements(page).all("img") if "as given" in str(e["alt"]))
    data = b64decode(str(given["src"]).partition(",")[2])
    assert read_picture(data).pixels.shape == (256, 640, 3)
    assert "As given: PNG, 1000x400 pixels" in words_of(page)


def test_the_picture_on_the_page_is_the_one_that_was_seen():
    """Its 32x32 pixels stand there unchanged."""
    image = noise()
    findings = replace(BARE, verdict=verdict_of(image=image))

    sources = [e["src"] for e in Elements(page_of(findings, image=image)).all("img")]

    seen = read_picture(b64decode(str(sources[0]).partition(",")[2])).pixels
    np.testing.assert_array_equal(seen, image)


def points(text: str) -> np.ndarray:
    """Return the points of an SVG line."""
    return np.array([pair.split(",") for pair in text.split()], float)


def test_curves_fill_their_panel():
    """The highest logit is at the top, the lowest at the foot, the ends meet."""
    gone, come = trust_panels(trust_of(8, 2, -4))

    own, mean, band = map(points, (come.of_map, come.of_random, come.band))
    assert (come.low, come.high) == (-8, 16)
    assert own[0].tolist() == [0, 0]
    assert own[-1].tolist() == [200, pytest.approx(66.7)]
    assert mean[0].tolist() == [0, pytest.approx(100 * (16 + 2) / 24)]
    assert band[:, 1].min() == pytest.approx(50)
    assert band[:, 1].max() == 100
    assert len(band) == 2 * len(own)
    assert (gone.low, gone.high) == (-16, 8)


def test_even_curves_are_drawn_flat():
    """A network that says the same of everything breaks nothing."""
    panel, _ = trust_panels(trust_of(0, 0, 0))

    assert set(points(panel.of_map)[:, 1]) == {0}


def test_bars_share_one_scale():
    """The largest reaches the edge; what is negative goes to the left."""
    bars = channel_bars(channels_of([2.0, -1.0, 0, 0, 0, 0.5]))

    assert [bar.title for bar in bars] == [t.title for t in FILTER_TEXTS.values()]
    assert (bars[0].value.start, bars[0].value.length) == (50, 50)
    assert (bars[1].value.start, bars[1].value.length) == (25, 25)
    assert (bars[1].drop.start, bars[1].drop.length) == (37.5, 12.5)
    assert bars[2].value.length == 0


def test_channels_without_effect_have_no_bars():
    """Nothing is divided by nothing."""
    bars = channel_bars(channels_of([0.0] * 6))

    assert {bar.value.length for bar in bars} == {0}


def test_light_and_dark_are_both_there():
    """The reader's system chooses; paper is always light."""
    page = page_of()

    assert re.search(r"@media screen and \(prefers-color-scheme: dark\)", page)
    assert "@media print" in page


def test_the_file_speaks_line_by_line():
    """With place and strength, escaped; the sentence that sums up stands in words."""
    sign = Generated(
        where="PNG text “a<b”", quote="<script>alert(1)</script>", tool=None
    )
    page = page_of(replace(FULL, file=replace(FILE, generated=(sign,))))

    words = words_of(page)

    assert "What the file itself says" in words
    assert "A program: “<script>alert(1)</script>” PNG text “a<b” Weak: " in words
    assert "<script>" not in page
    assert "the file says, where anyone can write it, that it was made by AI" in words
    assert FILE.sha256 in words


def test_a_picture_without_a_file_has_no_such_part():
    """Pixels out of a set say nothing, and nothing is said."""
    assert "What the file itself says" not in page_of(FULL)
