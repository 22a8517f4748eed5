"""One record in, one drawing out; pages put these together."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Planes, Rgb
from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.records import EvalReport
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.ui.widgets.texts import area, interval, table

#: Pixels on the screen for a 32x32 picture: large, middling and small.
LARGE, MIDDLE, SMALL = 320, 160, 128
#: Width on the screen of a small picture with its words and its button.
CELL = 176
#: Width on the screen of a chart that is as high as it is wide, or has a neighbour.
CHART = 608
#: What is to be known of the colours of a map.
FULL_COLOUR: Final = (
    "The strongest hundredth of a map's pixels has the full colour; the others are in "
    "proportion. That is the same for every method."
)
#: How charts are drawn on every page: without a bar of tools.
PLOT_CONFIG: Final = {"displayModeBar": False}


def show_thumbnail(image: Rgb, *, alt: str) -> None:
    """Picture small, at its 32x32 pixels."""
    small = figures.enlarge(crop_and_resize(image), size=SMALL)
    st.image(small, width=SMALL, alt=alt, output_format="PNG")


@st.fragment
def show_on_request(title: str, draw: Callable[[], object], *, key: str) -> None:
    """Fold that a click on its title opens; until then nothing of it is made."""
    fold = st.expander(title, key=key, on_change="rerun")
    if fold.open:
        with fold:
            draw()


def show_channels(planes: Planes, maps: Explanation | None) -> None:
    """Six channels side by side, and below each what it added.

    Args:
        planes: (6, 32, 32) uint8, in `FILTERS` order.
        maps: gradient x input of a network on the planes, or None.
    """
    for position, column in enumerate(st.columns(len(planes))):
        text = list(FILTER_TEXTS.values())[position]
        with column:
            plane = figures.data_uri(figures.enlarge(planes[position], size=MIDDLE))
            alt = f"The {text.title} channel. {text.shows}"
            st.image(plane, width="stretch", alt=alt)
            if maps is not None and maps.plane_maps is not None:
                strong = figures.emphasize(maps.plane_maps[position])
                colors = figures.colorize(strong, signed=True)
                st.image(
                    figures.data_uri(figures.enlarge(colors, size=MIDDLE)),
                    width="stretch",
                    alt=f"Pixels of the {text.title} channel for and against "
                    f"{maps.label}, by gradient x input of the 3D-CNN.",
                )
            st.markdown(f"**{text.title}**")
            st.caption(text.shows)
    if maps is not None:
        show_legend(maps)
        st.caption(
            "One scale for all six; weak evidence is raised (square root) to be seen."
        )


def show_overlay(image: Rgb, explanation: Explanation, *, opacity: float) -> None:
    """Explanation over the picture, with its legend and a download."""
    method = EXPLAINERS[explanation.method]
    network = NETWORKS[explanation.network].title
    overlay = figures.overlay(image, explanation, opacity=opacity, size=LARGE)
    alt = (
        f"{method.title} of the {network} for {explanation.label}, laid over the "
        f"picture. {method.shows}"
    )
    st.markdown(f"**{method.title}**, {network}, evidence for {explanation.label}")
    st.image(overlay, width=LARGE, alt=alt, output_format="PNG")
    if not explanation.heatmap.any():
        st.info(f"Nothing in this picture speaks for {explanation.label} here.")
    st.caption(
        f"{method.shows} {1000 * explanation.seconds:,.0f} ms.", help=FULL_COLOUR
    )
    show_legend(explanation)
    st.download_button(
        f"Download {method.title} as PNG",
        lambda: figures.png_bytes(overlay),
        file_name=f"{explanation.method}-{explanation.network}-{explanation.label}.png",
        mime="image/png",
        key=f"download_{explanation.method}",
        icon=":material/download:",
        on_click="ignore",
    )


def show_legend(explanation: Explanation) -> None:
    """Legend of a heat map."""
    bar = figures.colorbar(signed=explanation.signed)
    low = f"against {explanation.label}" if explanation.signed else "no evidence"
    high = f"for {explanation.label}"
    st.image(bar, width=LARGE, alt=f"Colours from {low} to {high}.")
    st.caption(f"← {low} · {high} →")


def show_metrics(reports: Mapping[str, EvalReport]) -> None:
    """Figures of several networks as a table, with their intervals."""
    columns = {
        "Accuracy": "accuracy",
        "Precision": "precision",
        "Recall": "recall",
        "F1": "f1",
    }
    rows = []
    for title, report in reports.items():
        row = {"Network": title}
        row |= {head: interval(getattr(report, key)) for head, key in columns.items()}
        row["ROC AUC"] = area(report.roc_auc)
        row["Pictures"] = f"{report.n:,}"
        rows.append(row)
    st.markdown(table(rows))
    st.caption(
        "In brackets the 95 % interval. REAL is the positive class: precision is the "
        "share of pictures called REAL that are, recall the share of REAL pictures "
        "that were called so."
    )


def show_roc(reports: Mapping[str, EvalReport]) -> None:
    """ROC curves, with their areas in the alternative text."""
    areas = "; ".join(
        f"{title} {area(report.roc_auc)}" for title, report in reports.items()
    )
    st.plotly_chart(
        figures.roc_figure(reports),
        key="roc",
        alt=f"ROC curves. Area under the curve: {areas}.",
        config=PLOT_CONFIG,
    )


def offer_data_set(*, key: str = "download_data") -> None:
    """Say that the data set is missing, and offer to get it by a button of this key."""
    st.info(
        "The CIFAKE pictures are not on this machine. They come from Kaggle (about "
        "119 MB) and stay in your cache folder; all charts work without them.",
        icon=":material/cloud_download:",
    )
    if st.button("Download the data set", key=key):
        from cifake_core.data.download import download  # noqa: PLC0415 - rarely needed

        try:
            with st.spinner("Getting CIFAKE from Kaggle, then checking it…"):
                download()
        except CifakeError as error:
            st.error(str(error))
        else:
            st.rerun()
