"""A page as the sections between its headings, with all that they show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Dataframe, Table, Widget

#: Where a section begins: st.title and st.header.
_HEADS: Final = ("title", "header")


@dataclass(slots=True)
class Section:
    """A part of a page under one heading: its words, as drawn from top to bottom."""

    head: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(self.words)


def sections(app: AppTest) -> list[Section]:
    """Everything a page shows but the labels of what asks, by heading."""
    found = [Section()]
    for each in _elements(app.main):
        if each.type in _HEADS:
            found.append(Section(head=str(each.value)))
        found[-1].words += _strings(each)
    return found


def _elements(block: Block) -> Iterator[Any]:  # elements of any kind
    """Elements in the order in which they are drawn, without what asks."""
    for place in sorted(block.children):
        child = block.children[place]
        if isinstance(child, Block):
            yield from _elements(child)
        elif not isinstance(child, Widget):
            yield child


def _strings(element: Any) -> list[str]:  # an element of any kind
    """All strings that an element shows, whatever its kind; no pictures."""
    if isinstance(element, (Dataframe, Table)):
        return [element.value.to_csv()]
    held = [*_values(MessageToDict(element.proto))]
    return [re.sub(r'data:image[^"\s]*', "", each) for each in held]


def _values(held: object) -> Iterator[str]:
    """Strings among JSON values."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, (list, dict)):
        for each in held.values() if isinstance(held, dict) else held:
            yield from _values(each)
