"""What is different about a generator's pictures: their mean spectrum."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import Estimate
from cifake_core.pictures.statistics import Spectrum, ring_differences
from cifake_core.ui.browse import views
from cifake_core.ui.browse.generators_address import PAGE, View
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import table
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.workbench.generators import titles

#: Decibels that have the full colour, the same for every generator.
_EXTENT: Final = 6.0


def show(view: View) -> None:
    """Spectrum of one generator beside that of photographs, and all in a table."""
    with guards.needed():
        facts = bench().dataset.facts()
    spectra = {CIFAKE_GENERATOR: facts.spectra["FAKE"]} | _galleries()
    ordered = [name for name in titles() if name in spectra]
    name = view.generator if view.generator in spectra else ordered[0]
    st.selectbox(
        "Generator",
        ordered,
        format_func=titles().__getitem__,
        key=views.held(PAGE, "generator", name),
        on_change=lambda: views.put(
            PAGE, generator=st.session_state[f"{PAGE}_generator"]
        ),
        width=420,
    )
    photographs = facts.spectra["REAL"]
    gaps = {each: ring_differences(spectra[each], photographs) for each in ordered}
    _show_gap(name, gaps, spectra[name].decibels - photographs.decibels)
    _show_table(gaps, {each: spectra[each].n for each in ordered})
    st.markdown(
        "Which photographs a picture resembles most, and where the networks see its "
        "evidence, stands with each picture: open one in the gallery."
    )


def _show_gap(
    name: str, gaps: Mapping[str, Sequence[Estimate]], decibels: Floats
) -> None:
    """What one generator has more and less of than photographs."""
    frequency, gap = _largest(gaps[name])
    st.markdown(
        f"**{titles()[name]} differs most from photographs at {frequency:.2f} cycles a "
        f"pixel, by {gap.value:+.1f} decibels.**"
    )
    show_chart(
        "spectrum_gap_figure",
        figures.spectrum_gap_figure(
            {titles()[each]: found for each, found in gaps.items()},
            decibels,
            chosen=titles()[name],
            extent=_EXTENT,
        ),
        key=f"{PAGE}_spectrum_{name}",
        alt=f"Mean spectrum of {titles()[name]}, less that of photographs. They "
        f"differ most at {frequency:.3f} cycles a pixel, by {gap.value:+.1f} decibels.",
    )
    st.caption(
        "How strong coarse and fine patterns are in the brightness of the pictures, on "
        "average, less what photographs have, with 95 % intervals; the thin lines are "
        "the other generators. On the right by direction, the coarsest in the middle, "
        "green where the fakes have more. A network that judges by such traces alone "
        "knows nothing of generators that leave others."
    )


def _galleries() -> dict[str, Spectrum]:
    """Spectra of our own generators; say which lack one."""
    found = {}
    for each in bench().generators.listing():
        try:
            found[each.name] = bench().generators.gallery(each.name).spectrum
        except CifakeError as error:
            st.info(str(error))
    return found


def _show_table(gaps: Mapping[str, Sequence[Estimate]], n: Mapping[str, int]) -> None:
    """Line for each generator: where it differs most, and by how much."""
    rows = []
    for name, found in gaps.items():
        frequency, gap = _largest(found)
        rows.append(
            {
                "Generator": titles()[name],
                "Pictures": f"{n[name]:,}",
                "Differs most at, cycles a pixel": f"{frequency:.2f}",
                "there, decibels": _in_words(gap),
                "at the finest, decibels": _in_words(found[-1]),
            }
        )
    st.markdown(table(rows))


def _largest(gaps: Sequence[Estimate]) -> tuple[float, Estimate]:
    """Frequency at which two spectra differ most, and by how many decibels."""
    number = max(range(len(gaps)), key=lambda each: abs(gaps[each].value))
    return (number + 1) / SIDE, gaps[number]


def _in_words(gap: Estimate) -> str:
    """Difference in decibels with its interval."""
    return f"{gap.value:+.1f} ({gap.low:+.1f} to {gap.high:+.1f})"
