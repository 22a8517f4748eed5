"""Panel *File* on *Analyze*: what a file says, and what newcomers make of it."""

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.places import user_data_folder
from cifake_core.provenance.trust_list import artefact
from tests import made_data
from tests.made_signatures import authority, signed, trust_list
from tests.provenance.reading import exif, with_exif, with_texts
from tests.provenance.test_camera import DETAILS, IMAGE, PLACE
from tests.provenance.test_generated import A1111
from tests.ui.reading import OpenApp, labels, texts


def uploaded(app: AppTest, name: str, data: bytes) -> AppTest:
    """The page after a file was given."""
    app.file_uploader[0].upload(name, data)
    return app.run()


def test_a_picture_of_a_web_ui(open_app: OpenApp):
    """The program is named, its settings are quoted, and it is a hint and no proof."""
    app = uploaded(open_app(), "duck.png", with_texts(parameters=A1111))

    said = texts(app)
    assert "File" in [header.value for header in app.header]
    assert "Stable Diffusion web UI (AUTOMATIC1111) made it" in said
    assert "a hint and no proof" in said
    assert "a duck Negative prompt" in said
    assert "PNG text “parameters”" in said
    assert "**File:** The networks abstain, and the file says" in said  # at the top
    assert not app.exception


def test_a_signed_picture_with_a_list_and_without(open_app: OpenApp):
    """Who signed is not checked until there is a list; then its date stands there."""
    ours = authority()
    before = uploaded(open_app(), "signed.jpg", signed(ours))
    assert "who was not checked" in texts(before)

    artefact(user_data_folder()).write(trust_list(ours))
    after = texts(before.run())

    assert "Example Camera Ltd, Example Camera (a trusted signer)" in after
    assert "trusted signers of 2026-11-01" in after
    assert not before.exception


def test_the_place_is_shown_on_demand_alone(open_app: OpenApp):
    """Before the button is pressed no coordinate is on the page, nor after a rerun."""
    file = with_exif(exif(IMAGE, DETAILS, PLACE))
    app = uploaded(open_app(), "photo.jpg", file)
    assert "Canon EOS 5D, EF 50 mm" in texts(app)
    assert "33.86" not in texts(app)

    app.button(key="analyze_location").click().run()
    assert "33.86000° S, 151.20000° E" in texts(app)

    assert "33.86" not in texts(app.run())


def test_a_silent_file_is_no_sign_of_anything(open_app: OpenApp):
    """Without metadata the panel says what that means, and offers no place."""
    app = uploaded(open_app(), "plain.png", made_data.png(made_data.noise()))

    assert "which is no sign of anything, as most sites remove it" in texts(app)
    assert "**File:**" not in texts(app)
    assert "Show where it says it was taken" not in labels(app, "button")


def test_metadata_leave_the_verdict_as_it_is(open_app: OpenApp):
    """The same pixels get the same verdict, whatever their file says."""
    plain = uploaded(open_app(), "a.png", made_data.png(made_data.noise()))
    told = uploaded(open_app(), "b.png", with_texts(parameters=A1111))

    def verdict(app: AppTest) -> str:
        return next(each.value for each in app.markdown if each.value.startswith("## "))

    assert verdict(plain) == verdict(told)


@pytest.mark.parametrize("name", ["a|b`c.png", "<b>x</b>.png"])
def test_hostile_words_are_shown_as_they_are(open_app: OpenApp, name: str):
    """Neither HTML nor Markdown of a file is drawn."""
    nasty = f"![x](http://a.example/b.png) <script>|`*a* {A1111}"

    app = uploaded(open_app(), name, with_texts(parameters=nasty))

    table = next(each.value for each in app.markdown if "| About |" in each.value)
    assert r"!\[x\](http" in table
    assert r"\<script\>" in table
    assert not app.exception
