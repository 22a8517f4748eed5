"""One record in, one drawing out; pages put these together."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.records import EvalReport
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.ui.widgets.computing import show_chart, show_how
from cifake_core.ui.widgets.texts import area, interval, table

#: Pixels on the screen for a 32x32 picture: large, in a result that fits one screen,
#: middling, small, and a sample to be chosen.
LARGE, TILE, MIDDLE, SMALL, TINY = 320, 224, 160, 128, 64
#: Width on the screen of a small picture with its words and its button.
CELL = 176
_CHART: Final = 560
#: What is to be known of the colours of a map.
FULL_COLOUR: Final = (
    "The strongest hundredth of a map's pixels has the full colour; the others are in "
    "proportion. That is the same for every method."
)


def chart_width() -> int:
    """Width on the screen of a chart that is about square, or has a neighbour."""
    return round(_CHART * figures.TEXT_SCALE.get())


def show_thumbnail(image: Rgb, *, alt: str, size: int = SMALL) -> None:
    """Picture small, at its 32x32 pixels, `size` pixels wide on the screen."""
    small = figures.enlarge(crop_and_resize(image), size=size)
    st.image(small, width=size, alt=alt, output_format="PNG")


@st.fragment
def show_on_request(title: str, draw: Callable[[], object], *, key: str) -> None:
    """Fold that a click on its title opens; until then nothing of it is made."""
    fold = st.expander(title, key=key, on_change="rerun")
    if fold.open:
        with fold:
            draw()


def show_overlay(image: Rgb, explanation: Explanation, *, opacity: float) -> None:
    """Explanation over the picture, with its legend and a download."""
    show_map(image, explanation, opacity=opacity)
    explain_map(explanation)
    offer_map(image, explanation, opacity=opacity)


def show_map(
    image: Rgb, explanation: Explanation, *, opacity: float, size: int = LARGE
) -> None:
    """Explanation over the picture, `size` pixels wide, with its legend."""
    method = EXPLAINERS[explanation.method]
    network = NETWORKS[explanation.network].title
    alt = (
        f"{method.title} of the {network} for {explanation.label}, laid over the "
        f"picture. {method.shows}"
    )
    st.markdown(f"**{method.title}**, {network}, evidence for {explanation.label}")
    overlay = figures.overlay(image, explanation, opacity=opacity, size=size)
    st.image(overlay, width=size, alt=alt, output_format="PNG")
    if not explanation.heatmap.any():
        st.info(f"Nothing in this picture speaks for {explanation.label} here.")
    show_legend(explanation, size=size)
    show_how(explanation.method, key=f"map_{explanation.method}")


def explain_map(explanation: Explanation) -> None:
    """Say what a map shows, and how long it took."""
    shows = EXPLAINERS[explanation.method].shows
    st.caption(f"{shows} {1000 * explanation.seconds:,.0f} ms.", help=FULL_COLOUR)


def offer_map(image: Rgb, explanation: Explanation, *, opacity: float) -> None:
    """Button that saves an explanation over the picture."""
    title = EXPLAINERS[explanation.method].title
    st.download_button(
        f"Download {title} as PNG",
        lambda: figures.png_bytes(
            figures.overlay(image, explanation, opacity=opacity, size=LARGE)
        ),
        file_name=f"{explanation.method}-{explanation.network}-{explanation.label}.png",
        mime="image/png",
        key=f"download_{explanation.method}",
        icon=":material/download:",
        on_click="ignore",
    )


def show_legend(explanation: Explanation, *, size: int = LARGE) -> None:
    """Legend of a heat map, `size` pixels wide."""
    bar = figures.colorbar(signed=explanation.signed)
    low = f"against {explanation.label}" if explanation.signed else "no evidence"
    high = f"for {explanation.label}"
    st.image(bar, width=size, alt=f"Colours from {low} to {high}.")
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
    show_chart(
        "roc_figure",
        figures.roc_figure(reports),
        key="roc",
        alt=f"ROC curves. Area under the curve: {areas}.",
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
