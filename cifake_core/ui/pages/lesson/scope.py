"""What a verdict rests on, and where it stops."""

import streamlit as st

from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines, slow_work


def show(picture: PreparedPicture) -> None:
    """The verdict on the picture, then what every verdict knows, with the table."""
    with slow_work.waiting("The networks look at the picture…", height=160):
        verdict = bench().judge(picture.pixels)
    st.markdown(
        "A network learns from photographs and from fakes. It finds what the "
        "generators of those fakes leave behind, and nothing else: of a fake by "
        "another generator it may say REAL, and be sure of it. So a verdict is either "
        "*made like the fakes of the generators it knows*, or *no trace* of them, and "
        "the second is no proof that the picture is a photograph.\n\n"
        "The 2D-CNN and 3D-CNN together, the ensemble, know one generator. Beside "
        "them the multi-generator CNN is asked, which has learnt more. What it surely "
        "finds is FAKE, whatever they say; where it sees a weak trace, their REAL does "
        "not stand; where it sees nothing, neither does their FAKE."
    )
    scope_lines.say(verdict, reasons=True)
    scope_lines.show_networks(verdict.predictions)
    st.subheader("What it knows, and what it finds of the rest")
    scope_lines.show_table()
