"""Sample pictures that come with the app."""

import json
from typing import Final

import streamlit as st

from cifake_core.basics.places import ASSETS
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture

_LIST: Final = ASSETS / "samples.json"


@st.cache_data(max_entries=1, show_spinner=False)
def entries() -> list[dict[str, str]]:
    """File, title, alternative text, source and licence of each sample."""
    return list(json.loads(_LIST.read_text("utf-8")))


def source(file: str) -> bytes:
    """The bytes of the sample called `file`."""
    return (ASSETS / "samples" / file).read_bytes()


@st.cache_data(max_entries=64, show_spinner=False)
def picture(file: str) -> Picture:
    """The sample picture called `file`."""
    return read_picture(source(file))
