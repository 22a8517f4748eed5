"""What pages draw as HTML and by scripts of their own: text stays text."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.reading import ROOT

FRONTEND = ROOT / "cifake_core" / "ui" / "frontend"
#: What makes elements of a text.
MARKUP = re.compile(r"(inner|outer)HTML|insertAdjacentHTML|document\.write|eval\(")


def two_thumbnails() -> None:
    """Draw one picture whose words look like HTML, and a place without a picture."""
    import numpy as np

    from cifake_core.ui.widgets import thumbnails

    image = np.zeros((32, 32, 3), np.uint8)
    thumbnails.show(
        thumbnails.Thumbnail(
            image=image, alt='"quoted"', lines=["<b>cat</b>", "1 < 2"]
        ),
        thumbnails.Thumbnail(image=None, alt="none"),
        size=64,
    )


def test_words_below_a_picture_are_escaped():
    """A name that looks like HTML is shown as it is written."""
    [drawn] = AppTest.from_function(two_thumbnails).run().get("html")

    body = drawn.proto.body
    assert "&lt;b&gt;cat&lt;/b&gt;\n1 &lt; 2</span>" in body
    assert 'alt="&#34;quoted&#34;" width="64" height="64"' in body
    assert body.count("<img") == 1
    assert body.count("width: 64px") == 2


@pytest.mark.parametrize("name", [each.name for each in FRONTEND.glob("*.js")])
def test_scripts_build_elements_and_parse_no_html(name: str):
    """A text that is data never becomes an element."""
    assert not MARKUP.search((FRONTEND / name).read_text("utf-8"))
