"""A verdict on a page: the decision, and what each network says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS, Decision, Label
from cifake_core.networks import NETWORKS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, scope_lines
from cifake_core.ui.widgets.texts import likeness, percent, plain
from cifake_core.verdicts.records import ObjectPrediction, Prediction, Verdict

#: Pixels a card of a prediction is wide: four of our own stand side by side.
_CARD: Final = 236

COLORS: Mapping[Decision, str] = {"REAL": "blue", "FAKE": "orange", "UNSURE": "gray"}


def show_decision(verdict: Verdict) -> None:
    """Decision with its scope and its reasons."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"## :{COLORS[verdict.decision]}[{verdict.headline}]")
        scope_lines.show(verdict.scope)
        st.markdown("\n".join(f"- {reason}" for reason in verdict.reasons))
        object_prediction = _object_prediction(verdict)
        if object_prediction is not None:
            st.markdown(
                f"**{likeness(object_prediction)}**",
                help="The networks know ten kinds of object and name one of them for "
                "every picture, even for one that shows none.",
            )


def show_record(verdict: Verdict) -> None:
    """Say how often such verdicts are right; nothing of UNSURE, or without a card."""
    if verdict.decision == "UNSURE":
        return
    try:
        row = bench().policy_card().of_set("official")
    except CifakeError:
        return
    st.caption(
        f"Of such verdicts on CIFAKE's {row.n:,} test pictures "
        f"{percent(row.accuracy.value)} are right: photographs "
        "and fakes by Stable Diffusion 1.4. *About* says more."
    )


def _object_prediction(verdict: Verdict) -> ObjectPrediction | None:
    """Object prediction of the ensemble, or else of the first network."""
    predictions = verdict.predictions.values()
    ensembles_first = sorted(predictions, key=lambda o: not NETWORKS[o.network].members)
    return next(
        (o.object_prediction for o in ensembles_first if o.object_prediction), None
    )


def show_predictions(by_network: Mapping[str, Prediction]) -> None:
    """Card for each network and a badge that says whether they agree."""
    predictions = by_network.values()
    single = [o for o in predictions if not NETWORKS[o.network].members]
    if len(single) > 1:
        _show_agreement([prediction.label for prediction in single])
    with st.container(horizontal=True):
        for prediction in predictions:
            _show_prediction(prediction)


def _show_agreement(labels: Sequence[Label]) -> None:
    """Badge that counts: networks that have learnt more find more, and may differ."""
    if len(set(labels)) == 1:
        st.badge("The networks agree", icon=":material/check:", color="gray")
        return
    counts = " and ".join(f"{labels.count(each)} {each}" for each in LABELS)
    st.badge(
        f"Of {len(labels)} networks {counts}", icon=":material/close:", color="violet"
    )


def _show_prediction(prediction: Prediction) -> None:
    """One network's card."""
    spec = NETWORKS[prediction.network]
    with st.container(border=True, width=_CARD, height="stretch"):
        st.markdown(f"**{spec.title}**")
        st.markdown(f"### :{COLORS[prediction.label]}[{prediction.label}]")
        st.markdown(f"**{percent(prediction.confidence)}** probability")
        st.caption(plain(f"It {prediction.knows}."))
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
    """Each picture small, with its decision and what each network says, to be opened.

    What the verdicts know stands below them all.
    """
    with st.container(horizontal=True):
        for position, (name, verdict) in enumerate(zip(names, verdicts, strict=True)):
            labels = {
                NETWORKS[prediction.network].title: prediction.label
                for prediction in verdict.predictions.values()
                if not NETWORKS[prediction.network].members
            }
            words = [f"{title}: {label}" for title, label in labels.items()]
            with st.container(border=True, width=components.CELL):
                alt = f"{name}. {verdict.short_headline}. {', '.join(words)}."
                components.show_thumbnail(verdict.prepared.pixels, alt=alt)
                st.markdown("  \n".join((f"**{verdict.short_headline}**", *words)))
                st.button(
                    plain(name),
                    key=f"analyze_open_{position}",
                    icon=":material/visibility:" if position == opened else None,
                    on_click=on_open,
                    args=(position,),
                    width="stretch",
                    wrap=False,
                )
    st.caption(" ".join(scope_lines.in_markdown(verdicts[0].scope)))
    scope_lines.show_networks(verdicts[0].predictions)
