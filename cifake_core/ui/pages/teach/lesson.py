"""The lesson: which network is taught what, how far it is, and what came of it."""

from typing import Final

import streamlit as st

from cifake_core.data.datasets.records import DataSetCard
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.teach_address import PAGE
from cifake_core.ui.pages.teach import acting, candidates, progress
from cifake_core.ui.services import administered, caller
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.teaching import retraining
from cifake_core.ui.widgets import components
from cifake_core.verdicts.rule import EXPERT

#: The page on which data sets are added.
DATA_SETS_PAGE: Final = "pages/data_sets.py"
#: Minutes at first: what 2,000 new pictures may take on two cores, and the most.
_MINUTES, _MOST_MINUTES = 60, 720


def show() -> None:
    """Controls, jobs and candidates."""
    known = administered.datasets().listing()
    jobs = retraining().jobs()
    if not known:
        st.info(
            "There is no data set of your own yet. Add one first: a folder with "
            "photographs in REAL/ and generated pictures in FAKE/, or in a folder for "
            "each generator.",
            icon=":material/folder_open:",
        )
        st.page_link(
            DATA_SETS_PAGE, label="Add a data set", icon=":material/add_circle:"
        )
    elif bench().dataset.path() is None:
        st.markdown(
            "To keep what it learnt before, a network sees CIFAKE again while it is "
            "taught."
        )
        components.offer_data_set(key=f"{PAGE}_download")
    elif not any(job.is_at_work for job in jobs):
        _ask(known)
    progress.show(jobs)
    candidates.show()


def _ask(known: tuple[DataSetCard, ...]) -> None:
    """Ask what to teach whom for how long; the button begins."""
    names = [name for name in bench().names() if not NETWORKS[name].members]
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    network = row.selectbox(
        "Network",
        names,
        index=names.index(EXPERT) if EXPERT in names else 0,
        format_func=lambda name: NETWORKS[name].title,
        key=f"{PAGE}_network",
        persist_state="session",
        width=260,
    )
    chosen = row.multiselect(
        "Data sets to teach",
        [card.name for card in known],
        default=[known[0].name] if len(known) == 1 else [],
        key=f"{PAGE}_data_sets",
        persist_state="session",
        placeholder="Choose one or more",
        width=360,
    )
    minutes = row.number_input(
        "Minutes, at the most",
        min_value=1,
        max_value=_MOST_MINUTES,
        value=_MINUTES,
        key=f"{PAGE}_minutes",
        persist_state="session",
        width=180,
        help="For the training alone: scores, thresholds and the gate take a while "
        "after it.",
    )
    row.button(
        "Teach",
        key=f"{PAGE}_start",
        type="primary",
        icon=":material/school:",
        on_click=lambda: acting.act(
            lambda: retraining().start(
                network, chosen, minutes=minutes, by=caller.current()
            )
        ),
    )
    for card in known:
        if card.name in chosen:
            st.caption(_in_words(card))
    st.caption(
        f"It goes on from version {administered.versions().current().number}, which is "
        "in use. All layers learn: half of each batch is new, half shows again what "
        "the network learnt before, photographs and every generator, so that it does "
        "not forget. What comes of it is a candidate: it is used only when the gate "
        "lets it pass and somebody promotes it."
    )


def _in_words(card: DataSetCard) -> str:
    """What a data set holds, in one sentence."""
    parts = ", ".join(
        f"{sum(n for name, n in counts.items() if name != 'UNLABELLED'):,} for {part}"
        for part, counts in card.counts.items()
    )
    makers = ", ".join(card.generators) or "no generator"
    return f"{card.name}: {parts}; fakes by {makers}."
