"""Which channels count when, for a network that sees them."""

from dataclasses import replace

import streamlit as st

from cifake_core.attention import summary
from cifake_core.attention.records import Attention
from cifake_core.basics.labels import LABELS
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection
from cifake_core.networks import NETWORKS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.ui.browse.attention_address import evidence, group, mark, part
from cifake_core.ui.pages.attention import controls, squares


def show(found: Attention, scores: Scores, selection: Selection) -> None:
    """Which channels count when: a row for each truth and call."""
    if not found.sees_channels:
        st.info(
            f"The {NETWORKS[found.network].title} sees colours and no filtered "
            "channels. Choose the 3D-CNN, or the ensemble with it, to see what each "
            "channel adds."
        )
        return
    label = evidence()
    rows, titles = [], []
    for title, view in _whens(selection).items():
        asked = replace(view, network=selection.network)
        chosen = group(found, scores, asked)
        if chosen.any():
            pushes = summary.channel_pushes(found, chosen, label)
            rows.append(
                [
                    squares.of_push(
                        push, mark(view, f"channel-{i}"), "leads in {:,}", crowded=True
                    )
                    for i, push in enumerate(pushes)
                ]
            )
            titles.append(f"{title}<br>n = {pushes[0].n:,}")
    if not rows:
        st.caption("No picture of the study is like this.")
        return
    squares.show(
        "channels",
        rows,
        rows=titles,
        columns=[text.title for text in FILTER_TEXTS.values()],
        chosen=mark(selection, part()),
        alt=f"What each channel adds to the evidence for {label}",
    )
    st.markdown(
        f"**An honest reading:** each square is the mean Shapley value for {label}, "
        "with its 95 % interval, against a channel that is one even grey; the six of a "
        "picture add up to its score less that of six greys. A channel that leads may "
        "still be one that others could stand in for."
    )
    controls.say_scope(found.network)


def _whens(selection: Selection) -> dict[str, Selection]:
    """Groups of the pictures of an object class, by their titles in the chart."""
    only = Selection(network="", object_class=selection.object_class)
    calls = {
        f"is {truth},<br>called {called}": replace(only, label=truth, called=called)
        for truth in LABELS
        for called in LABELS
    }
    unsure = replace(only, verdict="UNSURE")
    return {"all pictures": only, **calls, "decided<br>UNSURE": unsure}
