"""The pages of the app, its menu, and the page that is asked for."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from cifake_core.accounts.errors import UnknownCallerError
from cifake_core.accounts.records import Who
from cifake_core.accounts.roles import Right
from cifake_core.accounts.settings import accounts_mode
from cifake_core.basics.errors import (
    CifakeError,
    DatabaseUnavailableError,
    SettingError,
)

_ICON: Final = Path(__file__).resolve().parents[2] / "assets" / "icon.png"

#: Pixels on the screen for the menu: the least that Streamlit takes.
_MENU_WIDTH: Final = 200
#: The page that is opened without an address.
_FIRST: Final = "analyze"
#: File and title of each page, in the order of the menu, by what one is here for.
SECTIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Judge": (
        ("analyze", "Analyze"),
        ("batch", "Batch"),
        ("explain", "Explain"),
        ("history", "History"),
    ),
    "Study": (
        ("test_set", "Test set"),
        ("compare", "Compare"),
        ("robustness", "Robustness"),
        ("data", "Data"),
        ("embedding_map", "Embedding"),
        ("attention", "Attention"),
        ("networks", "Networks"),
        ("generators", "Generators"),
        ("papers", "Papers"),
    ),
    "Teach": (
        ("data_sets", "Data sets"),
        ("teach", "Teach"),
    ),
    "About": (
        ("how_it_works", "How it works"),
        ("beat_the_model", "Beat the model"),
        ("about", "About"),
    ),
}
#: Addresses that pages had before, and the file of the page they lead to.
MOVED: Final = {
    "map": "embedding_map",
    "damage": "robustness",
    "corruption": "robustness",
}
#: What each page needs where there are accounts: what one may not is in no menu.
NEEDS: Final[Mapping[str, Right]] = {
    "analyze": "judge",
    "batch": "jobs",
    "explain": "judge",
    "history": "history",
    "test_set": "look",
    "compare": "look",
    "robustness": "look",
    "data": "look",
    "embedding_map": "look",
    "attention": "look",
    "networks": "look",
    "generators": "look",
    "papers": "look",
    "data_sets": "administer",
    "teach": "administer",
    "how_it_works": "look",
    "beat_the_model": "judge",
    "about": "look",
}


def draw() -> None:
    """Page that is asked for."""
    try:
        import cv2  # noqa: F401, PLC0415 - to say what to install if it cannot load
    except ImportError as error:
        st.error(
            f"OpenCV cannot load ({error}). On Debian or Ubuntu install what it needs "
            "with: apt install libgl1 libglib2.0-0"
        )
        st.stop()

    from cifake_core.ui import frontend  # noqa: PLC0415 - only where pages are drawn
    from cifake_core.ui.server import warm_start  # noqa: PLC0415 - needs OpenCV
    from cifake_core.ui.services import caller  # noqa: PLC0415
    from cifake_core.ui.services.bench import pinned  # noqa: PLC0415
    from cifake_core.ui.widgets import text_size  # noqa: PLC0415

    st.set_page_config(
        page_title="CIFAKE: real or generated?",
        page_icon=str(_ICON),
        layout="wide",
        initial_sidebar_state=_MENU_WIDTH,
    )
    try:
        who = caller.current()
    except (UnknownCallerError, SettingError, DatabaseUnavailableError) as error:
        _shut(error)
        return
    sections = _sections(who)
    tour = _tour_page()
    hidden = [*_moved_pages(who), *_refused_pages(who), tour]
    page = st.navigation({"": hidden, **sections}, position="hidden")
    frontend.show("primary_text.html.jinja", {})
    with st.sidebar:
        _show_menu(sections, tour)
        text_size.ask_text_size()
        if who.user is not None:
            frontend.show("account_corner.html.jinja", {"email": who.name})
    try:
        with pinned() as (workbench, trouble):
            if trouble:
                st.warning(trouble)
            try:
                page.run()
            finally:  # also if it stops early: the networks load while it is read
                warm_start.load_networks(workbench)
    except DatabaseUnavailableError as error:
        st.error(str(error))


def _shut(error: CifakeError) -> None:
    """Say why there is no page; there is none to run by its address either."""
    from cifake_core.ui import frontend  # noqa: PLC0415 - as above

    is_unknown = isinstance(error, UnknownCallerError)
    ways = _ways_in() if is_unknown else []
    page = st.navigation([st.Page(_nothing, title="Log in"), *ways], position="hidden")
    if not is_unknown:
        st.error(str(error))
    elif page.url_path:
        page.run()
    else:
        frontend.show("log_in_first.html.jinja", {})


def _ways_in() -> list[st.Page]:
    """The page of Streamlit's own login, where a provider says who somebody is."""
    if accounts_mode(os.environ) != "oidc":
        return []
    from cifake_core.ui.accounts import by_provider  # noqa: PLC0415 - as above

    path = by_provider.LOG_IN_PAGE.removeprefix("/")
    return [st.Page(by_provider.draw, title="Log in", url_path=path)]


def _nothing() -> None:
    """Page of who is not known."""


def _sections(who: Who) -> dict[str, list[st.Page]]:
    """The pages that somebody may open by section, in order; the first is opened."""
    seen = {
        section: [
            st.Page(f"pages/{file}.py", title=title, default=file == _FIRST)
            for file, title in pages
            if who.may(NEEDS[file])
        ]
        for section, pages in SECTIONS.items()
    }
    return {section: pages for section, pages in seen.items() if pages}


def _show_menu(sections: Mapping[str, list[st.Page]], tour: st.Page) -> None:
    """Links to all pages: they stay in sight, and usable, while a page is drawn.

    Streamlit's own menus do not do: in the bar their lists close whenever a page is
    drawn, and beside the page they begin with the names of files.
    """
    st.logo(str(_ICON), size="large")
    for section, pages in sections.items():
        with st.container(gap="xxsmall"):
            st.caption(f"**{section}**")
            for page in pages:
                st.page_link(page)
    st.page_link(tour, icon=":material/explore:")


def _tour_page() -> st.Page:
    """The way to the tour, which begins on the first page."""
    return st.Page(
        partial(st.switch_page, f"pages/{_FIRST}.py", query_params={"tour": "yes"}),
        title="Tour",
        url_path="tour",
        visibility="hidden",
    )


def _moved_pages(who: Who) -> list[st.Page]:
    """Pages that are in no menu: each leads from an old address to the new one."""
    return [
        st.Page(
            partial(_lead_to, f"pages/{file}.py"),
            title=file,
            url_path=address,
            visibility="hidden",
        )
        for address, file in MOVED.items()
        if who.may(NEEDS[file])
    ]


def _refused_pages(who: Who) -> list[st.Page]:
    """Pages that somebody may not open: by its address each says whom it is for."""
    from cifake_core.ui.pages import refused  # noqa: PLC0415 - as in `draw`

    return [
        st.Page(
            partial(refused.show, title, NEEDS[file]),
            title=title,
            url_path=file,
            visibility="hidden",
        )
        for pages in SECTIONS.values()
        for file, title in pages
        if not who.may(NEEDS[file])
    ]


def _lead_to(page: str) -> None:
    """Open a page with the parameters of the address that led here."""
    st.switch_page(page, query_params=st.query_params.to_dict())
