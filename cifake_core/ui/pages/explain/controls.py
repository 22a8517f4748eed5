"""The controls of the *Explain* page, and the one or two questions they ask."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from cifake_core.basics.labels import LABELS
from cifake_core.basics.text import signed
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.explain_address import PAGE, SECTIONS, View
from cifake_core.ui.browse.explained_map import Side
from cifake_core.ui.services.bench import bench
from cifake_core.verdicts.records import Verdict

#: Stands for no second map, or no single section: None is a choice not made.
_NOTHING: Final = ""
_METHODS_HELP = "\n".join(
    f"- **{method.title}**: {method.shows}" for method in EXPLAINERS.values()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One map or two, and a name of `PIXEL_REPLACEMENTS` for the curves."""

    sides: tuple[Side, ...]
    replacement: str


def networks(view: View) -> tuple[str, ...]:
    """Networks whose predictions the page needs."""
    shown = (view.network, view.beside)
    return tuple(name for name in bench().all_names() if name in shown)


def ask_section(view: View) -> tuple[str, ...]:
    """Sections to show, names of `SECTIONS`: all of them, or one that is asked for."""
    st.segmented_control(
        "Show",
        (_NOTHING, *SECTIONS),
        required=True,
        format_func=lambda name: SECTIONS.get(name, "Everything"),
        key=views.held(PAGE, "section", view.section or _NOTHING),
        on_change=_moved,
        args=("section",),
        label_visibility="collapsed",
    )
    return tuple(SECTIONS) if view.section is None else (view.section,)


def ask(view: View, verdict: Verdict) -> Asked:
    """Maps of the picture that are asked for."""
    best, why = _best(view.network)
    method = view.method or best
    label = view.label or verdict.predictions[view.network].label
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        _ask_name("Network", "network", bench().all_names(), view.network)
        _ask_name("Method", "method", tuple(EXPLAINERS), method)
        st.segmented_control(
            "Evidence for",
            LABELS,
            required=True,
            key=views.held(PAGE, "label", label),
            on_change=_moved,
            args=("label",),
        )
        beside = _ask_beside(view, method)
    if view.method is None:
        st.caption(f"{EXPLAINERS[method].title}: {why}")
    pairs = [(view.network, method)]
    if beside is not None:
        is_method = beside in EXPLAINERS
        pairs.append((view.network, beside) if is_method else (beside, method))
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        settings = {
            name: _ask_settings(name) for name in dict.fromkeys(m for _, m in pairs)
        }
        replacement = _ask_replacement()
    return Asked(
        sides=tuple(
            Side(network=network, method=name, label=label, settings=settings[name])
            for network, name in pairs
        ),
        replacement=replacement,
    )


def _ask_replacement() -> str:
    """Ask what stands where pixels are taken away."""
    return st.segmented_control(
        "Where pixels are taken away, there stands",
        tuple(PIXEL_REPLACEMENTS),
        default=next(iter(PIXEL_REPLACEMENTS)),
        required=True,
        format_func=lambda name: PIXEL_REPLACEMENTS[name].title,
        key=f"{PAGE}_replacement",
        persist_state="session",
    )


def _best(network: str) -> tuple[str, str]:
    """Method that explains a network unless another is asked, and why."""
    table = bench().trust_table()
    if table is None or network not in table.model_sha256:
        return next(iter(EXPLAINERS)), (
            "the first of the list, as it is not measured yet which method does best "
            "for this network."
        )
    name = table.best_method(network)
    row = table.scores(network)[name]
    low, high = signed(row.score.low), signed(row.score.high)
    return name, (
        f"it did best for this network on {row.n} test pictures. The area between "
        f"its curves and chance was {signed(row.score.value)} on average "
        f"({low} to {high}), and on {row.faithful.value:.0%} of them its map was "
        "faithful."
    )


def _ask_name(title: str, name: str, options: tuple[str, ...], value: str) -> None:
    """Ask for a network or a method; the address holds the answer."""
    st.selectbox(
        title,
        options,
        format_func=_title,
        key=views.held(PAGE, name, value),
        on_change=_moved,
        args=(name,),
        help=_METHODS_HELP if name == "method" else None,
        width=220,
    )


def _ask_beside(view: View, method: str) -> str | None:
    """Ask for the method or network of a second map; None is no second map."""
    methods = tuple(name for name in EXPLAINERS if name != method)
    others = tuple(name for name in bench().all_names() if name != view.network)
    beside = view.beside if view.beside in {*methods, *others} else None
    st.selectbox(
        "Beside it",
        (_NOTHING, *methods, *others),
        format_func=_title_beside,
        key=views.held(PAGE, "beside", beside or _NOTHING),
        on_change=_moved,
        args=("beside",),
        width=260,
    )
    return beside


def _ask_settings(method: str) -> dict[str, int]:
    """Ask for each setting that a method declares."""
    return {
        setting.name: st.slider(
            f"{EXPLAINERS[method].title}: {setting.title.lower()}",
            min_value=setting.low,
            max_value=setting.high,
            value=setting.default,
            step=setting.step,
            key=f"{PAGE}_{method}_{setting.name}",
            persist_state="session",
            width=300,
        )
        for setting in EXPLAINERS[method].settings
    }


def _title(name: str) -> str:
    """Title of a method or a network."""
    return EXPLAINERS[name].title if name in EXPLAINERS else NETWORKS[name].title


def _title_beside(name: str) -> str:
    """Title of what may stand beside a map."""
    if name == _NOTHING:
        return "Nothing"
    return f"{'Method' if name in EXPLAINERS else 'Network'}: {_title(name)}"


def _moved(name: str) -> None:
    """Write into the address what a control was moved to."""
    views.put(PAGE, **{name: st.session_state[f"{PAGE}_{name}"] or None})
