"""Which method explains this picture best: every one of them, tried and ranked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback
from cifake_core.basics.text import signed
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks import NETWORKS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.trust.measure import Trust
from cifake_core.trust.table import TrustTable
from cifake_core.ui.browse.explain_address import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, slow_work, texts
from cifake_core.ui.widgets.computing import show_how

#: In the session: the task, and its rows by method.
_RANKING: Final = f"{PAGE}_ranking"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Row:
    """One method on this picture; `seconds` are those of its map."""

    trust: Trust
    seconds: float


def show(picture: PreparedPicture, *, network: str, label: Label) -> None:
    """Offer to rank the methods for a picture; draw the table once that is wanted.

    How they did on many pictures is there as well, if that was measured.
    """
    _show_measured(network)
    task = (picture.sha256, network, label)
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
        slow_work.run(
            _RANKING,
            task,
            "Trying every method",
            lambda progress: _try_all(picture, network, label, rows, table, progress),
        )


def _show_measured(network: str) -> None:
    """Measured trust in the methods for a network, from the shipped table."""
    table = bench().trust_table()
    if table is None or network not in table.model_sha256:
        return
    patch = next(iter(table.patches(network).values()))

    def draw() -> None:
        st.markdown(texts.table(_measured(table, network)))
        st.caption(
            f"Maps of the {NETWORKS[network].title}; areas with 95 % intervals. Into "
            f"{patch.n} pictures a patch of the other label was pasted; it covers "
            f"{patch.area:.0%} on average, and a map that knows nothing has as much of "
            "its evidence there. What is left after forgetting says how alike a map "
            "is once the network has lost all it learnt: near 0 is good, 1 is a map "
            "that does not depend on what was learnt."
        )
        show_how("trust_figure", key=f"{PAGE}_measured")

    components.show_on_request(
        f"How the methods did on {len(table.positions)} test pictures",
        draw,
        key="explain_methods",
    )


def _measured(table: TrustTable, network: str) -> list[dict[str, str]]:
    """Row for each method, the best first."""
    scores, patches = table.scores(network), table.patches(network)
    forgetting = table.forgetting(network)
    parts = {
        f"With {each.title.lower()}": table.scores(network, replacement=name)
        for name, each in PIXEL_REPLACEMENTS.items()
    }
    return [
        {
            "Method": EXPLAINERS[name].title,
            "Area against chance": _interval(row.score),
            **{title: signed(rows[name].score.value) for title, rows in parts.items()},
            "Spread of chance": f"{row.spread.value:.2f}",
            "Random maps beaten": f"{row.beaten.value:.0%}",
            "Called faithful": f"{row.faithful.value:.0%}",
            "Evidence on the patch": f"{patches[name].share.value:.0%}",
            "Maximum on the patch": f"{patches[name].maximum_inside.value:.0%}",
            "Left after forgetting": signed(forgetting[name].correlations[-1].value),
        }
        for name, row in sorted(scores.items(), key=lambda each: -each[1].score.value)
    ]


def _interval(score: Estimate) -> str:
    """Area with its 95 % interval."""
    return f"{signed(score.value)} ({signed(score.low)} to {signed(score.high)})"


def _try_all(  # noqa: PLR0913, PLR0917 - one loop's needs
    picture: PreparedPicture,
    network: str,
    label: Label,
    rows: dict[str, _Row],
    table: DeltaGenerator,
    progress: ProgressCallback,
) -> dict[str, _Row]:
    """Add a row for each method that has none, and draw the table anew with each."""
    methods = list(EXPLAINERS)

    for position, method in enumerate(methods):
        if method in rows:
            continue

        def tell(share: float, *, first: int = 2 * position) -> None:
            progress((first + share) / (2 * len(methods)))

        explanation = bench().explain(
            picture, network=network, method=method, label=label, progress=tell
        )
        trust = bench().trust(
            picture,
            explanation,
            progress=partial(tell, first=2 * position + 1),
        )
        rows[method] = _Row(trust=trust, seconds=explanation.seconds)
        _draw(table, rows)
    return rows


def _draw(table: DeltaGenerator, rows: Mapping[str, _Row]) -> None:
    """Methods that were tried, the best first."""
    if not rows:
        return
    ranked = sorted(rows, key=lambda name: -rows[name].trust.score)
    cells = [
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
    table.markdown(texts.table(cells))
