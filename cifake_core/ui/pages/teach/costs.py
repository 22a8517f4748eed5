"""What teaching costs and does not do: each version's area for each generator."""

import streamlit as st

from cifake_core.basics.text import in_words
from cifake_core.networks import NETWORKS
from cifake_core.retraining.forgetting import Detection, ForgettingTable, VersionRow
from cifake_core.ui.browse.teach_address import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work, texts
from cifake_core.workbench.generators import titles

_NOT_MEASURED = "\N{EN DASH}"


def show() -> None:
    """The table of versions and generators, and what was forgotten."""
    networks = bench().costs.networks()
    if not networks:
        st.info(
            "Nothing was taught yet. Afterwards a table here shows for each version "
            "and each generator how well its fakes are told from photographs: what "
            "was gained, what was lost, and what no version knows.",
            icon=":material/balance:",
        )
        return
    network = networks[0]
    if len(networks) > 1:
        network = st.selectbox(
            "Network",
            networks,
            format_func=lambda name: NETWORKS[name].title,
            key=f"{PAGE}_costs_network",
            persist_state="session",
            width=260,
        )
    found = slow_work.run(
        f"{PAGE}_costs",
        network,
        "Every version looks at the sealed pictures…",
        lambda tell: bench().costs.table(network, progress=tell),
    )
    if found is not None:
        _show(found)


def _show(found: ForgettingTable) -> None:
    """What was forgotten, the table, and what it does not do."""
    for trouble in found.troubles:
        st.warning(texts.plain(trouble))
    st.markdown("\n".join(_forgotten(row) for row in found.rows if row.version > 1))
    st.markdown(texts.table(_rows(found)))
    st.caption(
        "Area under the ROC curve of each generator's fakes against photographs, with "
        "its 95 % interval: 0.5 is chance, 1 tells all apart. CIFAKE's and our own "
        "generators by test pictures, those of your data sets by their sealed part."
    )
    st.markdown(
        "**What it does not do:** a network that was taught one generator does not "
        "know the next. Where a cell says *never met*, the network may well take a "
        "fake for a photograph, whatever it was taught besides."
    )


def _rows(found: ForgettingTable) -> list[dict[str, str]]:
    """Generators as rows, versions as columns."""
    words = titles()
    return [
        {"Fakes by": texts.plain(words.get(name, name))}
        | {
            f"Version {row.version}, {row.state}": _cell(row.found.get(name))
            for row in found.rows
        }
        for name in found.generators
    ]


def _cell(detection: Detection | None) -> str:
    """An area, and whether the generator was learnt: by a word and a sign."""
    if detection is None:
        return _NOT_MEASURED
    area = texts.area(detection.roc_auc) if detection.roc_auc else _NOT_MEASURED
    if detection.learnt:
        return f"{area} :material/school: learnt"
    return f"{area} :material/help: *never met*"


def _forgotten(row: VersionRow) -> str:
    """Sentence on what a version has forgotten."""
    lost, mean = row.forgetting, row.mean_forgetting
    if mean is None:
        return f"- **Version {row.version}:** nothing that was learnt before is stored."
    worst = max(lost, key=lambda name: lost[name])
    return (
        f"- **Version {row.version}, forgetting:** of {in_words(len(lost))} "
        f"generator{'s' * (len(lost) != 1)} learnt before, {_points(mean)} on average; "
        f"{_points(lost[worst])} at the worst "
        f"({texts.plain(titles().get(worst, worst))})."
    )


def _points(lost: float) -> str:
    """Points of area that were lost, or gained."""
    return f"{abs(100 * lost):.2f} points {'lost' if lost >= 0 else 'gained'}"
