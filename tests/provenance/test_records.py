"""Records: the promised keys, small, and read back as they were written."""

import json
from dataclasses import replace

from cifake_core.basics.artefacts import from_json
from cifake_core.provenance.records import FileFacts, Generated, Saved, Signed
from cifake_core.provenance.text import MAX_QUOTE
from tests.made_files import FILE

FULL = replace(
    FILE,
    signed=Signed(state="broken", tool="App", signer="A Ltd", changed=("a", "b")),
    generated=(Generated(where="PNG text", quote=MAX_QUOTE * "q", tool=None),) * 8,
    saved=Saved(format="JPEG", width=9, height=9, quality=75, tables="own", twice=True),
)


def test_the_keys_are_those_promised():
    """The same for a file that says much and one that says nothing."""
    for facts in (FILE, FULL):
        held = facts.to_json()

        assert held.keys() == {
            *("signed", "generated", "camera", "saved"),
            *("sha256", "pixels_sha256", "dhash"),
        }
        assert held["signed"].keys() == {
            *("state", "tool", "signer", "time", "digital_source_type", "changed")
        }
        assert all(
            each.keys() == {"where", "quote", "tool"} for each in held["generated"]
        )


def test_it_is_small_and_read_back_as_it_was():
    """A few kilobytes of JSON at most, so that it can be kept with every picture."""
    text = json.dumps(FULL.to_json())

    assert len(text) < 4096
    assert from_json(json.loads(text), FileFacts) == FULL
