"""Facts of a file, made by hand: one that says nothing."""

from typing import Final

from cifake_core.provenance.records import Camera, FileFacts, Saved, Signed

FILE: Final = FileFacts(
    signed=Signed(state="none"),
    generated=(),
    camera=Camera(),
    saved=Saved(format="PNG", width=32, height=32),
    sha256="a" * 64,
    pixels_sha256="b" * 64,
    dhash="c" * 16,
)
