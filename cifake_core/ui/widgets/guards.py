"""Guards of a page: the sentence it says, and its end, where something is missing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import streamlit as st

from cifake_core.accounts.errors import UnknownCallerError
from cifake_core.accounts.roles import Right
from cifake_core.basics.errors import CifakeError, NotMadeError
from cifake_core.ui.services import caller
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.texts import plain


def need_networks() -> None:
    """End of a page that has no trained network to show."""
    if not bench().all_names():
        end("There are no trained networks yet. README says how to train them.")


def end(sentence: str) -> NoReturn:
    """End of a page with a sentence that says what to do."""
    st.info(sentence)
    st.stop()


def expect_still(right: Right) -> None:
    """The whole page anew, from a part that is drawn by itself, if it is not allowed.

    Such a part goes on in a window that was left open; the page then says why.
    """
    with suppress(UnknownCallerError):
        if caller.may(right):
            return
    st.rerun()


def tell(faults: Iterable[str]) -> None:
    """Warnings, one for each bad value in the page's address."""
    for sentence in faults:
        st.warning(plain(sentence))


@contextmanager
def told() -> Iterator[None]:
    """A part of a page that is left out, with a sentence, if it cannot be made."""
    try:
        yield
    except CifakeError as error:
        _say(error)


@contextmanager
def needed(otherwise: Callable[[], object] | None = None) -> Iterator[None]:
    """A part without which the page ends, with a sentence.

    Args:
        otherwise: draws the way to something else, such as another network.
    """
    try:
        yield
    except CifakeError as error:
        if otherwise is not None:
            otherwise()
        _say(error)
        st.stop()


def _say(error: CifakeError) -> None:
    """The sentence of a fault; what was only not made yet is no error."""
    if isinstance(error, NotMadeError):
        st.info(str(error))
    else:
        st.error(str(error))
