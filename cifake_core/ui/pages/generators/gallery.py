"""Gallery of the generators: their family tree, their cards, their pictures."""

from typing import Final

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.basics.labels import LABELS
from cifake_core.figures import Leaf
from cifake_core.generators.catalogue import GENERATORS, Generator
from cifake_core.generators.service import Listed
from cifake_core.ui.browse import views
from cifake_core.ui.browse.generators_address import PAGE, View
from cifake_core.ui.pages.generators import drawing
from cifake_core.ui.services import generated
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.generated import Generated
from cifake_core.ui.widgets import components, guards, thumbnails
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.thumbnails import Cell, Thumbnail
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.workbench.generators import titles

#: Pictures of each generator where all are on show.
_FEW: Final = 7


def show(view: View) -> None:
    """The tree, and below it all generators or the one that was chosen."""
    _show_tree(view)
    listed = {each.name: each for each in bench().generators.listing()}
    if view.generator is None:
        for name in titles():
            _show_generator(name, listed.get(name), most=_FEW)
        return
    st.button(
        "Show all generators again",
        icon=":material/arrow_back:",
        on_click=views.put,
        args=(PAGE,),
        kwargs={"generator": None},
    )
    _show_generator(view.generator, listed.get(view.generator), most=None)


def show_pictures(name: str, *, most: int | None = None) -> None:
    """Pictures of one of our generators; a click opens one.

    Args:
        name: the generator.
        most: how many; of photographs passed through, which take seconds, none are
            drawn unless all are asked for.
    """
    if most is not None and GENERATORS[name].kind == "photograph":
        return
    with guards.told():
        found = drawing.drawn(name)
        if found is None:
            return
        if found.originals is not None:
            st.caption("On the left the photograph, on the right what came out.")
        thumbnails.show_grid(
            [_cell(found, number) for number in range(len(found.images))][:most],
            key=f"{PAGE}_pictures_{name}",
            on_open=lambda n: views.put(PAGE, picture=generated.address(name, n)),
        )


def facts(listed: Listed) -> str:
    """What the card of a generator says, in one line."""
    known, card = listed.generator, listed.card
    if card is None:
        owner = listed.name if known.settings else known.needs
        return f"Not trained yet: `python -m cifake_core generators train {owner}`."
    if known.settings is None:
        share = " to ".join(
            f"{s:.0%}" for s in (known.strengths[0], known.strengths[-1])
        )
        return f"Uses the weights of `{known.needs}`; {share} noise is added."
    learnt_from = f"{card.training.num_pictures:,} photographs"
    words = [
        f"{card.parameters:,} parameters",
        f"trained for {card.seconds:,.0f} s on {learnt_from}",
    ]
    if card.distance is not None:
        words.append(
            f"Fréchet distance to the photographs {card.distance.frechet:.1f} (other "
            f"photographs: {card.distance.frechet_of_photographs:.1f})"
        )
    return " · ".join((*words, f"weights `{card.weights_sha256[:8]}`"))


def _show_tree(view: View) -> None:
    """Family tree; a click on a leaf shows its pictures."""
    leaves = [_leaf(name, title) for name, title in titles().items()]
    key = f"{PAGE}_tree_{view.generator}"
    sources = {"noise": "noise", "photograph": "photographs"}
    words = [f"{o.title} ({o.family}, from {sources[o.kind]})" for o in leaves]

    def choose() -> None:
        for point in st.session_state[key]["selection"]["points"]:
            views.put(PAGE, generator=point["customdata"][0])

    show_chart(
        "tree_figure",
        figures.tree_figure(leaves, chosen=view.generator or ""),
        key=key,
        on_select=choose,
        alt=f"Family tree of {len(leaves)} generators: {'; '.join(words)}.",
    )
    st.caption(
        "All but Stable Diffusion 1.4 are small ones of our own, trained on CIFAKE's "
        "photographs. A click on a mark shows that generator alone, one on a picture "
        "opens it with verdicts and maps. Below a picture stands what was asked for."
    )


def _leaf(name: str, title: str) -> Leaf:
    """Leaf of one generator."""
    if name == CIFAKE_GENERATOR:
        return Leaf(name=name, title=title, family="diffusion", kind="noise")
    known = GENERATORS[name]
    return Leaf(name=name, title=title, family=known.family, kind=known.kind)


def _show_generator(name: str, listed: Listed | None, *, most: int | None) -> None:
    """One generator: its place, its card, its pictures."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.subheader(titles()[name], width="content")
    if most is not None:
        row.button(
            "All its pictures",
            key=f"{PAGE}_all_{name}",
            on_click=views.put,
            args=(PAGE,),
            kwargs={"generator": name},
        )
    if listed is None:
        show_cifake(most)
        return
    st.markdown(f"{_place(listed.generator)}: {listed.generator.description}.")
    st.caption(facts(listed))
    if listed.card is not None:
        show_pictures(name, most=most)


def _place(known: Generator) -> str:
    """Place of a generator in the tree, in words."""
    made = "from noise" if known.kind == "noise" else "photographs passed through"
    return f"**{known.family}**, {made}"


def show_cifake(most: int | None = None) -> None:
    """Fakes of CIFAKE itself, where they are on this machine."""
    st.markdown(
        "**diffusion**, from noise and words. Made the fakes of CIFAKE, which all "
        "networks learnt from."
    )
    path = bench().dataset.path()
    if path is None:
        if most is None:
            components.offer_data_set(key=f"{PAGE}_data")
        return
    with guards.told():
        split = bench().dataset.test_split(path)
        fakes = np.flatnonzero(split.labels == LABELS.index("FAKE"))[: most or 3 * _FEW]
        thumbnails.show(
            *(
                Thumbnail(image=np.array(split.images[each]), alt="A FAKE of CIFAKE.")
                for each in fakes
            )
        )
    if bench().all_names():
        st.page_link(
            "pages/test_set.py",
            label="All of them, with verdicts and maps, in Test set",
            icon=":material/grid_view:",
            query_params={"network": bench().all_names()[0], "label": "FAKE"},
        )


def _cell(found: Generated, number: int) -> Cell:
    """One picture, beside the photograph that it comes of, if there is one."""
    title = titles()[found.name]
    word = found.words[number]
    picture = Thumbnail(
        image=found.images[number],
        alt=f"Picture {number} by {title}, {word}." if word else f"By {title}.",
        lines=[] if found.originals is not None or not word else [word],
    )
    if found.originals is None:
        return Cell(number=number, pictures=[picture])
    original = Thumbnail(
        image=found.originals[number], alt=f"The photograph of picture {number}."
    )
    return Cell(number=number, pictures=[original, picture], line=word)
