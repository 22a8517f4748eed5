"""A verdict on a page: the decision, the predictions, the picture."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import Decision
from cifake_core.networks import NETWORKS
from cifake_core.pictures.records import Picture
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.visit import Chosen
from cifake_core.ui.widgets import components
from cifake_core.ui.widgets.texts import likeness, percent, plain
from cifake_core.verdicts.records import ObjectPrediction, Prediction, Verdict

#: Predictions side by side at the most.
_BESIDE: Final = 3


COLORS: Mapping[Decision, str] = {"REAL": "blue", "FAKE": "orange", "UNSURE": "gray"}


_MEANINGS: Mapping[Decision, str] = {
    "REAL": "Most likely a photograph:",
    "FAKE": "Most likely made by an AI:",
    "UNSURE": "The networks can't be relied on here:",
}


def show(chosen: Chosen, verdict: Verdict) -> None:
    """A picture with the decision on it, and each network's prediction."""
    if chosen.truth is not None:
        st.caption(f"From the CIFAKE test set. The truth: {chosen.truth}.")
    pictures, decision = st.columns([3, 2])
    with pictures:
        show_pictures(chosen.picture, verdict, name=chosen.name)
    with decision:
        show_decision(verdict)
    show_predictions(verdict)


def show_decision(verdict: Verdict) -> None:
    """Decision with its reasons."""
    with st.container(border=True):
        st.markdown(f"## :{COLORS[verdict.decision]}[{verdict.decision}]")
        st.markdown(_MEANINGS[verdict.decision])
        for reason in verdict.reasons:
            st.markdown(f"- {reason}")
        if verdict.decision != "UNSURE":
            _show_record()
        object_prediction = _object_prediction(verdict)
        if object_prediction is not None:
            st.markdown(f"**{likeness(object_prediction)}**")
            st.caption(
                "The networks know ten kinds of object and name one of them for "
                "every picture, even for one that shows none."
            )


def _show_record() -> None:
    """Say how often such verdicts are right; without a card, nothing."""
    try:
        row = bench().policy_card().of_set("official")
    except CifakeError:
        return
    st.caption(
        f"Of such verdicts on CIFAKE's {row.n:,} test pictures "
        f"{percent(row.accuracy.value)} are right. Of pictures made in another way but "
        "saved in the same, nothing is known. *About* says more."
    )


def _object_prediction(verdict: Verdict) -> ObjectPrediction | None:
    """Object prediction of the ensemble, or else of the first network."""
    predictions = verdict.predictions.values()
    ensembles_first = sorted(predictions, key=lambda o: not NETWORKS[o.network].members)
    return next(
        (o.object_prediction for o in ensembles_first if o.object_prediction), None
    )


def show_pictures(picture: Picture, verdict: Verdict, *, name: str) -> None:
    """Picture as it was given and as the networks see it."""
    prepared = verdict.prepared
    size = (prepared.original_width, prepared.original_height)
    given, seen = st.columns(2)
    with given:
        width = max(1, round(components.LARGE * min(1, size[0] / size[1])))
        alt = f"The picture as given: {name}."
        sharp = figures.fit(picture.pixels, side=2 * components.LARGE)
        st.image(sharp, width=width, alt=alt)
        st.caption(f"As given: {picture.format}, {size[0]}x{size[1]} pixels")
    with seen:
        enlarged = figures.enlarge(prepared.pixels, size=components.LARGE)
        alt = f"{name} as the networks see it: 32x32 pixels, enlarged in blocks."
        st.image(enlarged, width=components.LARGE, alt=alt, output_format="PNG")
        named = prepared.sha256[:16]  # the report has the whole hash
        st.caption(f"As the networks see it: 32x32 pixels (SHA-256 `{named}`)")
    for note in (*picture.notes, *prepared.notes):
        st.caption(note)


def show_predictions(verdict: Verdict) -> None:
    """Card for each network and a badge that says whether they agree."""
    predictions = verdict.predictions.values()
    single = [o for o in predictions if not NETWORKS[o.network].members]
    if len(single) > 1:
        if len({prediction.label for prediction in single}) == 1:
            st.badge("The networks agree", icon=":material/check:", color="gray")
        else:
            st.badge("The networks disagree", icon=":material/close:", color="violet")
    everyone, beside = list(predictions), min(len(predictions), _BESIDE)
    for start in range(0, len(everyone), _BESIDE):
        row = everyone[start : start + _BESIDE]
        for column, prediction in zip(st.columns(beside), row, strict=False):
            with column:
                _show_prediction(prediction)


def _show_prediction(prediction: Prediction) -> None:
    """One network's card."""
    spec = NETWORKS[prediction.network]
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{spec.title}**")
        st.markdown(f"### :{COLORS[prediction.label]}[{prediction.label}]")
        st.markdown(f"**{percent(prediction.confidence)}** probability")
        st.progress(prediction.p_fake, f"FAKE {percent(prediction.p_fake)}")
        if prediction.object_prediction is not None:
            st.markdown(likeness(prediction.object_prediction))
        st.caption(
            f"{spec.summary} {prediction.milliseconds:.0f} ms · weights "
            f"`{prediction.model_sha256[:8]}`"
        )


def show_strip(
    names: Sequence[str],
    verdicts: Sequence[Verdict],
    *,
    opened: int,
    on_open: Callable[[int], None],
) -> None:
    """Each picture small, with its decision and both verdicts, to be opened."""
    with st.container(horizontal=True):
        for position, (name, verdict) in enumerate(zip(names, verdicts, strict=True)):
            labels = {
                NETWORKS[prediction.network].title: prediction.label
                for prediction in verdict.predictions.values()
                if not NETWORKS[prediction.network].members
            }
            words = [f"{title}: {label}" for title, label in labels.items()]
            with st.container(border=True, width=components.CELL):
                alt = f"{name}. {verdict.decision}. {', '.join(words)}."
                components.show_thumbnail(verdict.prepared.pixels, alt=alt)
                st.markdown("  \n".join((f"**{verdict.decision}**", *words)))
                st.button(
                    plain(name),
                    key=f"analyze_open_{position}",
                    icon=":material/visibility:" if position == opened else None,
                    on_click=on_open,
                    args=(position,),
                    width="stretch",
                    wrap=False,
                )
