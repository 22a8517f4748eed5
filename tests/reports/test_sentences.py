"""An explanation in sentences: each part is told with its figure, or not at all."""

import re

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.pictures.saliency import standing_out
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.reports.sentences import quarter_shares, sentences
from tests.findings import channels_of, map_of, spot, stability_of, trust_of, verdict_of

BETTER = trust_of(9, *range(-4, 6))
CHANCE = trust_of(3, *range(-4, 6))


def quarters(upper_left=0.0, upper_right=0.0, lower_left=0.0, lower_right=0.0):
    """Return a map of one value in each quarter."""
    values = np.array([[upper_left, upper_right], [lower_left, lower_right]])
    return np.kron(values, np.ones((SIDE // 2, SIDE // 2)))


def told(**parts) -> str:
    """Return all sentences on these findings, without no-break spaces."""
    findings = Findings(verdict=parts.pop("verdict", verdict_of()), **parts)
    return " ".join(sentences(findings)).replace("\N{NO-BREAK SPACE}", " ")


def told_of(heatmap, *, trust=None, image=None, **facts) -> str:
    """Return what is said of a map, without what the networks say."""
    verdict = verdict_of({"cnn": 0.0}, image=image)
    tested = MapFinding(explanation=map_of(heatmap, **facts), trust=trust)
    return told(verdict=verdict, maps=(tested,)).split("the generators it knows. ")[1]


def test_every_part_is_told_with_its_figure():
    """Of all parts together there are seven sentences, and each has a number."""
    findings = Findings(
        verdict=verdict_of(),
        maps=(MapFinding(explanation=map_of(quarters(lower_left=1)), trust=BETTER),),
        channels=channels_of([0.1, 0.2, 0, 0, 0.3, 2.0]),
        stability=stability_of([0.1] * 18 + [0.6, 0.7], original=0.02),
    )

    found = sentences(findings)

    assert len(found) == 7
    for sentence in found:
        assert re.search(r"\d", sentence)
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_what_was_not_measured_is_not_told():
    """Of a verdict alone, only the networks' words are given."""
    assert told() == (
        "The 2D-CNN says FAKE and is 98 % sure, the 3D-CNN says FAKE and is 82 % "
        "sure, the Ensemble says FAKE and is over 99 % sure. FAKE: made like "
        "the fakes of the generators it knows."
    )


def test_networks_that_disagree_keep_their_words():
    """UNSURE stands beside what each says."""
    verdict = verdict_of({"cnn": 2.0, "cnn3d": -1.0}, decision="UNSURE")

    assert told(verdict=verdict).startswith(
        "The 2D-CNN says REAL and is 88 % sure, the 3D-CNN says FAKE and is 73 % "
        "sure. UNSURE: the networks can't be relied on here."
    )


@pytest.mark.parametrize(
    ("heatmap", "place", "share"),
    [
        (quarters(upper_left=1), "upper left", 100),
        (quarters(upper_left=1, upper_right=3), "upper right", 75),
        (quarters(lower_left=0.4, lower_right=0.6), "lower right", 60),
        (quarters(0.2, 0.2, 0.4, 0.2), "lower left", 40),
        (quarters(upper_left=-1, lower_left=0.1), "lower left", 100),
    ],
)
def test_the_quarter_with_most_evidence_is_named(heatmap, place, share):
    """What speaks against the label is no evidence for it."""
    words = told_of(heatmap)

    assert words.startswith(
        f"The {place} quarter of the picture holds {share} % of the evidence for FAKE, "
        "the most of the four (LIME of the 2D-CNN)."
    )


def test_quarters_add_up():
    """Each pixel of a map counts in one quarter."""
    heatmap = np.zeros((4, 4), np.float32)
    heatmap[0, 1], heatmap[1, 2], heatmap[3, 3], heatmap[2, 0] = 1, 2, 5, -9

    shares = quarter_shares(heatmap)

    np.testing.assert_allclose(shares, [[1 / 8, 2 / 8], [0, 5 / 8]])


@pytest.mark.parametrize(
    ("inside", "outside", "words"),
    [
        (1.0, 0.0, "which so is denser there than on the background"),
        (0.5, 0.3, "which so is denser there than on the background"),
        (0.5, 0.45, "which so is about as dense there as on the background"),
        (0.4, 0.5, "which so is about as dense there as on the background"),
        (0.3, 0.5, "which so is denser on the background than there"),
        (0.0, 1.0, "which so is denser on the background than there"),
    ],
)
def test_evidence_is_on_the_object_or_behind_it(inside, outside, words):
    """The share on what stands out is told beside that part's share of the area."""
    out = standing_out(spot())
    heatmap = np.where(out, inside, outside)

    said = told_of(heatmap)

    area, share = out.mean(), heatmap[out].sum() / heatmap.sum()
    assert f"covers {area:.0%} of it and holds {share:.0%} of that".replace(
        "%", " %"
    ) in (said)
    assert words in said


def test_an_even_picture_has_no_object():
    """Where nothing stands out, nothing is said of it."""
    even = np.full((SIDE, SIDE, 3), 80, np.uint8)

    said = told_of(quarters(upper_left=1), image=even)

    assert said.startswith("The upper left quarter")
    assert "stands out" not in said


def test_a_map_without_evidence_is_told_as_one():
    """There is no place of what is not there."""
    said = told_of(quarters(lower_left=-1), trust=BETTER)

    assert said == "By LIME of the 2D-CNN, 0 of 1,024 pixels speak for FAKE."


def test_a_map_no_better_than_chance_shows_no_place():
    """It is said that it cannot tell, with the count, and nothing else."""
    said = told_of(quarters(lower_left=1), trust=CHANCE)

    assert said == (
        "Where the evidence lies cannot be said: the map of LIME for the 2D-CNN is "
        "better than only 7.5 of 10 maps in random places."
    )


@pytest.mark.parametrize(
    ("trust", "word"), [(BETTER, "faithful"), (trust_of(5.5, *range(-4, 6)), "weak")]
)
def test_a_map_that_was_tested_says_so(trust, word):
    """The place is followed by how far the map is to be trusted."""
    said = told_of(quarters(lower_left=1), trust=trust)

    assert said.startswith("The lower left quarter")
    assert said.endswith(
        f"That map is {word}: it is better than 10 of 10 maps in random places."
    )


def test_the_first_map_is_spoken_of():
    """A second is for the eye alone."""
    maps = (
        MapFinding(explanation=map_of(quarters(upper_right=1), method="gradcam")),
        MapFinding(explanation=map_of(quarters(lower_left=1), network="cnn3d")),
    )

    said = told(maps=maps)

    assert "Grad-CAM of the 2D-CNN" in said
    assert "LIME" not in said


def test_the_channel_that_counted_most_is_named():
    """With what it moved the score by, and all six together."""
    said = told(channels=channels_of([0.5, -0.25, 0, 0.25, 0, 2.0]))

    assert said.endswith(
        "Of the six channels Sobel counted most in the 3D-CNN: it moved the score by "
        "2.0 towards FAKE; all six together moved it by 2.5 towards FAKE."
    )


def test_a_channel_may_count_against_the_label():
    """The largest effect is named, whichever way it goes."""
    said = told(channels=channels_of([0.5, -3.0, 0, 0, 0, 0]))

    assert said.endswith(
        "CLAHE counted most in the 3D-CNN: it moved the score by 3.0 away from FAKE; "
        "all six together moved it by 2.5 away from FAKE."
    )


def test_channels_that_moved_nothing_are_not_ranked():
    """None is called the strongest of six that would all be shown as 0.0."""
    assert "channel" not in told(channels=channels_of([0.01, 0, 0, 0.04, 0, 0]))


def test_a_verdict_that_is_lost_is_doubtful_there():
    """The weakest change is named with the probability that it leaves."""
    p_real = [0.1] * 17 + [0.5, 0.6, 0.75]

    said = told(stability=stability_of(p_real, original=0.03))

    assert said.endswith(
        "The Ensemble keeps saying FAKE for 17 of 20 slightly changed versions of the "
        "picture. What makes it doubtful: after the change “change 19” it is only 25 % "
        "sure of FAKE (of the picture itself: 97 %)."
    )


def test_a_verdict_that_holds_is_weakest_somewhere():
    """Nothing is called doubtful where every change leaves the label."""
    said = told(stability=stability_of([0.999, 0.9, 0.8], original=0.995))

    assert said.endswith(
        "The Ensemble keeps saying REAL for 3 of 3 slightly changed versions of the "
        "picture. It is least sure of REAL after the change “change 2”, and still "
        "80 % sure (of the picture itself: over 99 %)."
    )
    assert "doubtful" not in said
