"""Words on a file: every line has its place and its strength, and promises no more."""

from dataclasses import replace

import pytest

from cifake_core.provenance.records import (
    SIGNED_STATES,
    Camera,
    Generated,
    Saved,
    Signed,
)
from cifake_core.provenance.words import NOTHING, WEAK, lines
from tests.made_files import FILE

SIGN = Generated(where="PNG text “parameters”", quote="a duck", tool="ComfyUI")


def said(facts, about):
    """The lines about something."""
    return [line for line in lines(facts) if line.about == about]


def test_a_silent_file_is_no_sign_of_anything():
    """What is absent is said, with what that means."""
    for about in ("Signed origin", "Says it was generated", "Says it is a photograph"):
        (line,) = said(FILE, about)
        assert line.strength == NOTHING
        assert line.says.startswith(("It has no", "Nothing", "It names no"))


@pytest.mark.parametrize("state", SIGNED_STATES)
def test_each_state_has_its_strength(state):
    """Only a trusted signer is strong, and its list has a date; none is valid."""
    signed = Signed(
        state=state, signer="A Ltd", tool="App", list_date="2026-11-01", changed=("x",)
    )

    (line,) = said(replace(FILE, signed=signed), "Signed origin")

    assert line.strength.startswith("Strong") == (state == "trusted")
    assert ("2026-11-01" in line.strength) == (state in ("trusted", "untrusted"))
    assert "signers fetch" in line.strength or state != "unchecked"
    assert "valid" not in f"{line.says}{line.strength}".lower()
    assert ("Signed by A Ltd with App." in line.says) == (state != "none")


def test_a_statement_elsewhere_was_not_fetched():
    """The address is quoted."""
    signed = Signed(state="unchecked", address="https://a.example/b")

    (line,) = said(replace(FILE, signed=signed), "Signed origin")

    assert "https://a.example/b" in line.says
    assert "nothing is fetched" in line.strength


def test_a_text_is_weak_and_a_signed_one_as_strong_as_its_signature():
    """Each line on being generated says so by itself."""
    inside = Generated(where="C2PA c2pa.created", quote="x", tool=None)
    signed = Signed(state="trusted", list_date="2026-11-01")

    first, second = said(
        replace(FILE, signed=signed, generated=(SIGN, inside)), "Says it was generated"
    )

    assert (first.says, first.strength) == ("ComfyUI: “a duck”", WEAK)
    assert first.where == "PNG text “parameters”"
    assert second.strength.startswith("Strong")


def test_a_camera_and_how_it_was_saved():
    """In the order in which people say it."""
    camera = Camera(
        maker="Canon",
        model="5D",
        lens="50 mm",
        time="2026-05-01T10:00:00",
        source_type="digitalCapture",
    )
    saved = Saved(
        format="JPEG",
        width=9,
        height=8,
        quality=80,
        subsampling="4:2:0",
        tables="own",
        twice=True,
        thumbnail="differs",
    )
    facts = replace(FILE, camera=camera, saved=saved)

    (taken,) = said(facts, "Says it is a photograph")
    form, twice, preview = said(facts, "How it was saved")

    assert taken.says == (
        "Canon 5D, 50 mm, taken by a camera, taken at 2026-05-01 10:00:00."
    )
    assert taken.strength == WEAK
    assert form.says == (
        "JPEG, 9x8 pixels, a program's own tables, about quality 80, colours 4:2:0."
    )
    assert "at least twice" in twice.says
    assert "something else" in preview.says


def test_notes_are_told():
    """What could not be read is a line of its own."""
    (line,) = said(replace(FILE, notes=("Its header is odd.",)), "Not read")

    assert line.says == "Its header is odd."
