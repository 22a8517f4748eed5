"""One picture of a selection, large, with every network's verdict and map."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.basics.labels import LABELS
from cifake_core.data.datasets.records import OFFICIAL
from cifake_core.data.labelled_pictures import PictureFiles
from cifake_core.evaluation import robustness
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import place_of
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS
from cifake_core.pictures.corruptions import Corruption
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse import explain_address, gallery, views
from cifake_core.ui.browse.address import whole
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, scope_lines, slow_work, verdict_view
from cifake_core.ui.widgets.computing import show_how
from cifake_core.ui.widgets.texts import percent, plain
from cifake_core.verdicts.records import Prediction, Verdict

#: Maps that are there at once; the others are in Analyze.
_METHODS: Final = tuple(name for name, each in EXPLAINERS.items() if not each.slow)
#: Width on the screen of a map; four stand side by side.
_MAP: Final = 288


def position_of(page: str, scores: Scores) -> int | None:
    """Picture that the address opens, or None if it opens none."""
    text = views.query(page).get("picture", "")
    return whole(text, least=0, most=len(scores.labels) - 1)


def show(  # noqa: PLR0913 - a picture among others, and what is said of it
    page: str,
    scores: Scores,
    positions: npt.NDArray[np.int64],
    *,
    pictures: str = OFFICIAL,
    networks: tuple[str, ...] = (),
    corruption: Corruption | None = None,
) -> bool:
    """The picture that the page's address opens, with the ways to its neighbours.

    Args:
        page: whose address holds the view.
        scores: tell what the picture is.
        positions: (K,) the selection that "next" goes through.
        pictures: among which it is, as in `Selection`.
        networks: shown beside our own.
        corruption: done to the picture that is shown below it.

    Returns:
        Whether there is such a picture; else nothing is drawn.
    """
    position = position_of(page, scores)
    if position is None:
        return False
    lead(page, positions, position)
    found = gallery.scored_pictures(bench().on(pictures), scores)
    if found is not None:
        with guards.told():
            _show(page, scores, found, position, networks, corruption)
    return True


def _show(  # noqa: PLR0913, PLR0917 - a picture, and what is said of it
    page: str,
    scores: Scores,
    pictures: PictureFiles,
    position: int,
    networks: tuple[str, ...],
    corruption: Corruption | None,
) -> None:
    """The picture with truth, verdicts and maps, as it is and corrupted."""
    truth = LABELS[scores.labels[position]]
    kind = gallery.noun(scores, position)
    images = {"As it is": np.array(pictures.images[position])}
    if corruption is not None:
        images[corruption.title] = robustness.corrupted(pictures, position, corruption)
    st.subheader(f"{plain(kind[0].upper() + kind[1:])}; the truth: {truth}")
    _show_marks(scores, position)
    method = ask_method(page)
    for title, image in images.items():
        with slow_work.waiting("The networks look at the picture…", height=320):
            verdict = bench().judge(image, networks=networks)
        if corruption is not None:
            st.markdown(f"#### {title}")
        alt = f"The {kind}, {truth}, enlarged: {title}."
        show_maps(verdict, method=method, alt=alt)
        scope_lines.say(verdict, reasons=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = visit.labelled_picture(pictures, position)
        explain_address.link(chosen.address, network=scores.network)
        _offer_analysis(chosen, image, corruption)
    with st.expander("What each network says, in full"):
        verdict_view.show_predictions(verdict.predictions)


def lead(
    page: str,
    positions: npt.NDArray[np.int64],
    position: int,
    *,
    address: Callable[[int], str] = str,
) -> None:
    """Place of the picture in its selection, and the ways on and back.

    Args:
        page: whose address holds the view.
        positions: (K,) the selection.
        position: the picture that is open.
        address: what the page's address calls a picture.
    """
    place = place_of(positions, position)
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Back to the selection",
        key=f"{page}_close",
        icon=":material/arrow_back:",
        shortcut="Esc",
        on_click=views.put,
        args=(page,),
        kwargs={"picture": None},
    )
    ways = {
        "Previous picture": ("Left", place.previous if place else None),
        "Next picture": ("Right", place.following if place else None),
    }
    for label, (key, target) in ways.items():
        row.button(
            label,
            key=f"{page}_{key}",
            shortcut=key,
            disabled=target is None,
            on_click=views.put,
            args=(page,),
            kwargs={"picture": None if target is None else address(target)},
        )
    where = "Not in this selection"
    if place is not None:
        where = f"Picture {place.number:,} of {place.total:,} in this selection"
    row.markdown(where)


def _show_marks(scores: Scores, position: int) -> None:
    """Say whether the picture's bytes stand elsewhere too."""
    if scores.in_training[position]:
        st.caption(
            "The same file also stands in the training set."
            if scores.generators is None
            else "A network in use was taught this very picture."
        )
    if scores.repeats[position]:
        st.caption("The same file also stands earlier in the test set.")


def _offer_analysis(
    chosen: visit.Chosen, image: Rgb, corruption: Corruption | None
) -> None:
    """Button to Analyze with this picture, as it is or corrupted."""
    if st.button("More on this picture in Analyze", icon=":material/image_search:"):
        if corruption is not None:
            chosen = replace(
                chosen,
                name=f"{chosen.name}, {corruption.title}",
                picture=replace(chosen.picture, pixels=image),
                address=None,
            )
        visit.choose([chosen])
        st.switch_page("pages/analyze.py")


def ask_method(page: str) -> str:
    """Method by which the maps are to be made, and how it computes them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = st.segmented_control(
            "Where is the evidence for the verdict?",
            _METHODS,
            default=_METHODS[0],
            required=True,
            format_func=lambda name: EXPLAINERS[name].title,
            key=f"{page}_method",
            persist_state="session",
        )
        show_how(method, key=f"{page}_map")
    return method


def show_maps(verdict: Verdict, *, method: str, alt: str) -> None:
    """Picture, and beside it where each network sees its evidence."""
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=_MAP):
        st.image(
            figures.enlarge(verdict.prepared.pixels, size=_MAP),
            width=_MAP,
            alt=alt,
            output_format="PNG",
        )
        st.markdown("As the networks see it")
    for prediction in verdict.predictions.values():
        with row.container(width=_MAP):
            _show_map(verdict.prepared, prediction, method=method)
            title = NETWORKS[prediction.network].title
            sure = percent(prediction.confidence)
            st.markdown(f"**{title}**: {prediction.label}, {sure}")
            st.caption(plain(f"It {prediction.knows}."))


def _show_map(seen: PreparedPicture, prediction: Prediction, *, method: str) -> None:
    """One network's map for the label it gave."""
    title = NETWORKS[prediction.network].title
    explanation = bench().explain(
        seen, network=prediction.network, method=method, label=prediction.label
    )
    nothing = "" if explanation.heatmap.any() else " It shows nothing here."
    st.image(
        figures.overlay(seen.pixels, explanation, opacity=0.6, size=_MAP),
        width=_MAP,
        alt=f"{EXPLAINERS[method].title} of the {title} for {prediction.label}."
        f"{nothing}",
        output_format="PNG",
    )
