"""What a page shows, as AppTest holds it: words, pictures, tables, charts."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]

OpenApp = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    """Return all words on the page except those of labels, one element a line."""
    kinds = ("title", "header", "subheader", "markdown", "caption")
    elements = [element for kind in kinds for element in app.get(kind)]
    alerts = [
        element for kind in ("info", "warning", "error") for element in app.get(kind)
    ]
    small = [
        *map(unescape, re.findall('pre-line">([^<]*)</span>', _html(app))),
        *("\n".join(picture["lines"]) for picture in _gallery(app)),
    ]
    shown = [str(element.value) for element in (*elements, *alerts)]
    return "\n".join((*shown, *small))


def alts(app: AppTest) -> list[str]:
    """Return the alternative text of each picture on the page, the small ones last."""
    large = [image.alt for element in app.image for image in element.proto.imgs]
    small = [unescape(each) for each in re.findall('alt="(.*?)"', _html(app))]
    return [*large, *small, *(picture["alt"] for picture in _gallery(app))]


def sources(app: AppTest) -> list[str]:
    """Return the address of each small picture on the page, which holds it."""
    small = re.findall('src="(.*?)"', _html(app))
    return [*small, *(picture["image"] for picture in _gallery(app))]


def _html(app: AppTest) -> str:
    """Return all that the page draws as HTML."""
    return "".join(element.proto.body for element in app.get("html"))


def _gallery(app: AppTest) -> list[dict[str, Any]]:
    """Return the pictures of the gallery."""
    return [picture for cell in _cells(app) for picture in cell["pictures"]]


def _cells(app: AppTest) -> list[dict[str, Any]]:
    """Return what the gallery draws."""
    return [cell for drawn in _components(app) for cell in drawn.get("cells", ())]


def _components(app: AppTest) -> list[dict[str, Any]]:
    """Return what our components are given to draw."""
    return [json.loads(each.proto.json) for each in app.get("bidi_component")]


def row_tables(app: AppTest) -> list[pd.DataFrame]:
    """Return the tables whose rows can be clicked."""
    return [
        pd.DataFrame(drawn["rows"], columns=drawn["head"])
        for drawn in _components(app)
        if "rows" in drawn
    ]


def tables(app: AppTest) -> list[pd.DataFrame]:
    """Return the tables that stand in the page's texts."""
    found = []
    for each in app.markdown:
        if each.value.startswith("| "):
            rows = [
                [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                for line in each.value.splitlines()
            ]
            found.append(pd.DataFrame(rows[2:], columns=rows[0]))
    return found


def unfold(app: AppTest, key: str) -> AppTest:
    """Return the app after what has this key was opened."""
    app.session_state[key] = True
    return app.run()


def labels(app: AppTest, kind: str) -> list[str]:
    """Return the labels of all widgets of one kind."""
    return [element.label for element in app.get(kind)]


def at(app: AppTest, page: str | None = None, /, **query: str) -> AppTest:
    """Return the app at another address, on another page if one is named."""
    app.query_params = query
    return app.switch_page(page).run() if page else app.run()


def opens(app: AppTest) -> list[int]:
    """Return the pictures of the gallery, in order; maps of many are none."""
    grids = [
        each for each in app.get("bidi_component") if "_maps_" not in each.proto.id
    ]
    drawn = [json.loads(each.proto.json) for each in grids]
    return [cell["number"] for each in drawn for cell in each.get("cells", ())]


def open_picture(app: AppTest, position: int) -> AppTest:
    """Return the app after a click on a picture of the gallery.

    `AppTest` cannot click there; it goes to the address that a click leads to.
    """
    assert position in opens(app)
    app.query_params["picture"] = str(position)
    return app.run()


def charts(app: AppTest) -> list[str]:
    """Return the alternative text of each chart on the page."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]
