"""Which method explains this picture best: every one of them, tried and ranked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cifake_core.arrays import Rgb
from cifake_core.dataset import ProgressCallback
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.trust import Trust
from cifake_core.results import Label
from cifake_core.ui import evidence, services, work
from cifake_core.ui.explain_address import PAGE
from cifake_core.words import signed

#: In the session: the task, and its rows by method.
_RANKING: Final = f"{PAGE}_ranking"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Row:
    """One method on this picture; `seconds` are those of its map."""

    trust: Trust
    seconds: float


def show(image: Rgb, *, network: str, label: Label) -> None:
    """Offer to rank the methods for a picture; draw the table once that is wanted."""
    task = (services.digest(image), network, label)
    wanted, rows = st.session_state.get(_RANKING, (None, {}))
    if wanted != task:
        st.button(
            "Rank the methods for this picture",
            key=f"{PAGE}_rank",
            icon=":material/leaderboard:",
            on_click=st.session_state.__setitem__,
            args=(_RANKING, (task, {})),
        )
        st.caption(
            "Each method explains the picture and its map is tested; that takes some "
            "seconds."
        )
        return
    bar, table = st.container(), st.empty()
    _draw(table, rows)
    with bar:
        work.run(
            _RANKING,
            task,
            "Trying every method",
            lambda progress: _try_all(image, network, label, rows, table, progress),
        )


def _try_all(  # noqa: PLR0913, PLR0917 - one loop's needs
    image: Rgb,
    network: str,
    label: Label,
    rows: dict[str, _Row],
    table: DeltaGenerator,
    progress: ProgressCallback,
) -> dict[str, _Row]:
    """Add a row for each method that has none, and draw the table anew with each."""
    methods = [name for name, each in EXPLAINERS.items() if network in each.networks]

    for position, method in enumerate(methods):
        if method in rows:
            continue

        def tell(share: float, *, first: int = 2 * position) -> None:
            progress((first + share) / (2 * len(methods)))

        explanation = services.explain(
            image, network=network, method=method, label=label, progress=tell
        )
        trust = evidence.trust(
            image,
            explanation,
            progress=partial(tell, first=2 * position + 1),
        )
        rows[method] = _Row(trust=trust, seconds=explanation.seconds)
        _draw(table, rows)
    return rows


def _draw(table: DeltaGenerator, rows: Mapping[str, _Row]) -> None:
    """Draw the methods that were tried, the best first."""
    if not rows:
        return
    ranked = sorted(rows, key=lambda name: -rows[name].trust.score)
    table.table(
        [
            {
                "Method": EXPLAINERS[name].title,
                "Area against chance": signed(rows[name].trust.score),
                "Spread of chance": f"{rows[name].trust.spread:.2f}",
                "Random maps beaten": f"{rows[name].trust.beaten:.0%}",
                "In a word": rows[name].trust.word,
                "Seconds": f"{rows[name].seconds:.2f}",
            }
            for name in ranked
        ]
    )
