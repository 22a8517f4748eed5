"""What the test set is like: its copies, greys, frequencies, means and samples."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.data.facts import GREY_BELOW, DataFacts, Part
from cifake_core.networks import NETWORKS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import thumbnails
from cifake_core.ui.widgets.components import chart_width
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import interval, table
from cifake_core.ui.widgets.thumbnails import Thumbnail

#: Of the histogram of colour spreads; the last bar has no end.
_EDGES: Final = tuple(range(0, 161, 2))
#: Width on the screen of a mean picture.
_MEAN: Final = 96


def measured() -> list[str]:
    """Networks that have scores; say which don't."""
    found = []
    for name in bench().all_names():
        try:
            bench().evaluation.scores(name)
        except CifakeError as error:
            st.info(str(error))
        else:
            found.append(name)
    return found


def show_counts(facts: DataFacts) -> None:
    """Say how many pictures there are."""
    test = sum(facts.counts[f"test/{label}"] for label in LABELS)
    train = sum(facts.counts[f"train/{label}"] for label in LABELS)
    st.markdown(
        f"**{test:,} pictures to test on, {facts.counts['test/REAL']:,} photographs "
        f"(REAL) and {facts.counts['test/FAKE']:,} generated ones (FAKE)**, all 32x32 "
        f"pixels, of ten kinds of object; {train:,} more to train on. The photographs "
        "are those of CIFAR-10, the others were made by Stable Diffusion 1.4."
    )


def show_copies(facts: DataFacts, networks: Sequence[str]) -> None:
    """Duplicate files, and what they do to each network's accuracy."""
    found = facts.duplicates
    titles = {
        "Also in training": found["pairs_across"],
        "Twice in the test set": found["pairs_within_test"],
        "Twice in training": found["pairs_within_train"],
        "Leak-free test pictures": found["leak_free_test"],
    }
    row = st.container(horizontal=True)
    for title, count in titles.items():
        row.metric(title, f"{count:,}", border=True, width="content")
    rows = [
        {
            "Truth": each.label,
            "Object": each.object_class,
            "Also in training": f"{each.across:,}",
            "Twice in the test set": f"{each.within_test:,}",
            "Twice in training": f"{each.within_train:,}",
        }
        for each in facts.copies
    ]
    if rows:
        st.markdown(
            "Pairs of files that are the same byte for byte, by kind of picture:"
        )
        st.markdown(table(rows))
    if networks:
        _show_copy_parts(networks)
        st.page_link(
            "pages/test_set.py",
            label="See the pictures that also stand in training",
            icon=":material/grid_view:",
            query_params={"network": networks[0], "copies": "in_training"},
        )


def _show_copy_parts(networks: Sequence[str]) -> None:
    """Each network's accuracy with and without the copies."""
    heads = {
        "official": "All, as published",
        "leak_free": "Leak-free",
        "in_training": "Those also in training",
        "repeats": "Second copies",
    }
    rows, gains = [], []
    for name in networks:
        parts = bench().dataset.copy_parts(name)
        gain = parts["official"].accuracy.value - parts["leak_free"].accuracy.value
        gains.append(100 * gain)
        rows.append(
            {"Network": NETWORKS[name].title}
            | {_head(heads[key], parts[key]): _in_words(parts[key]) for key in heads}
            | {"Owed to copies": f"{100 * gain:+.2f} points"}
        )
    st.markdown(
        "**How much of a network's accuracy is owed to them?** At most "
        f"{max(0.0, *gains):.2f} of its points:"
    )
    st.markdown(table(rows))


def show_greys(facts: DataFacts, networks: Sequence[str]) -> None:
    """Histogram of colour spreads, and the networks' accuracy on grey pictures."""
    shares = [
        f"{interval(facts.grey_share(label))} of {label}" for label in ("FAKE", "REAL")
    ]
    counts = {label: facts.spread_counts(label, _EDGES) for label in LABELS}
    show_chart(
        "spread_figure",
        figures.spread_figure(counts, _EDGES, grey_below=GREY_BELOW),
        key="data_spreads",
        alt="How many pictures have which colour spread, REAL above FAKE. Almost grey "
        f"are {' and '.join(shares)} pictures.",
    )
    st.markdown(
        f"**Almost grey are {shares[0]} pictures, but only {shares[1]}.** A picture's "
        "colour spread is the largest less the smallest of red, green and blue, on "
        f"average over its pixels; almost grey means less than {GREY_BELOW:g} of 255. "
        "In brackets, here and below, 95 % intervals."
    )
    rows = []
    for name in networks:
        try:
            parts = bench().dataset.grey_parts(name)
        except CifakeError as error:
            st.info(str(error))
            continue
        rows.append(
            {"Network": NETWORKS[name].title}
            | {
                _head(f"{'Almost grey' if grey else 'Other'} {label}", part): _in_words(
                    part
                )
                for (grey, label), part in parts.items()
            }
        )
    if rows:
        st.markdown(table(rows))


def _head(title: str, part: Part) -> str:
    """Head of a column: all networks are tried on the same pictures."""
    return f"{title}, n = {part.n:,}"


def _in_words(part: Part) -> str:
    """Accuracy with its interval."""
    return interval(part.accuracy) if part.n else "none"


def show_frequencies(facts: DataFacts) -> None:
    """Mean spectra and what sets them apart."""
    real, fake = (facts.spectra[label].rings for label in ("REAL", "FAKE"))
    number = int(
        np.argmax([abs(f.value - r.value) for f, r in zip(fake, real, strict=True)])
    )
    gap = fake[number].value - real[number].value
    row = st.container(horizontal=True, gap="medium")
    show_chart(
        "spectrum_figure",
        figures.spectrum_figure(facts.spectra, facts.spectrum_difference),
        key="data_spectra",
        alt="Mean spectra of REAL and FAKE pictures and their difference. Averaged "
        f"over directions, they differ most at {(number + 1) / SIDE:.3f} cycles a "
        f"pixel, where FAKE has {gap:+.1f} decibels.",
    )
    with row.container(width=chart_width()):
        show_chart(
            "rings_figure",
            figures.rings_figure(facts.spectra),
            key="data_rings",
            alt="Strength by frequency, from coarse to fine. REAL: "
            + ", ".join(f"{each.value:.1f}" for each in real)
            + " decibels. FAKE: "
            + ", ".join(f"{each.value:.1f}" for each in fake)
            + " decibels.",
        )
    with row.container(width=chart_width() - 200):
        st.markdown(
            "A picture is a sum of waves, coarse and fine. The curve shows how strong "
            "they are in the brightness of the pictures, on average, with 95 % "
            "intervals; below, the same by direction, with the coarsest in the "
            "middle.\n\n"
            f"**The labels differ most at {(number + 1) / SIDE:.2f} cycles a pixel, "
            f"where FAKE is {abs(gap):.1f} decibels "
            f"{'stronger' if gap > 0 else 'weaker'}.**"
        )


def show_means(facts: DataFacts) -> None:
    """Mean picture of each label and object class."""
    row = st.container(horizontal=True)
    for object_class in OBJECT_CLASSES:
        with row.container(width=_MEAN):
            means = [
                Thumbnail(
                    image=facts.mean_picture(label, object_class),
                    alt=f"The mean of all {label} pictures of the class "
                    f"{object_class}.",
                    lines=[object_class] if label == LABELS[0] else [],
                )
                for label in reversed(LABELS)
            ]
            thumbnails.show(*means, size=_MEAN)
    st.caption("Above REAL, below FAKE.")


def show_cues(facts: DataFacts) -> None:
    """Say how far simple figures get without any network."""
    for name, part in facts.cues.items():
        st.markdown(f"- {name} of a picture: {_in_words(part)}, n = {part.n:,}")
    st.caption(
        "Accuracy on the test pictures, in percent, of a straight-line (least-squares) "
        "fit to the training pictures; guessing gives 50."
    )
