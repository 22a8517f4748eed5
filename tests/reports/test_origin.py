"""Origin in one sentence: networks, file, and where they disagree."""

from dataclasses import replace

import pytest

from cifake_core.basics.labels import DECISIONS
from cifake_core.provenance.records import Camera, Generated, Signed
from cifake_core.reports.origin import origin_sentence, says_something
from tests.made_files import FILE

SIGN = Generated(where="PNG text “parameters”", quote="a duck", tool="ComfyUI")
GENERATED = replace(FILE, generated=(SIGN,))
PHOTOGRAPH = replace(FILE, camera=Camera(maker="Canon", model="Canon 5D"))
BOTH = replace(GENERATED, camera=PHOTOGRAPH.camera)


def signed(state, kind="trainedAlgorithmicMedia", **rest):
    """Facts of a file that is signed."""
    rest = {"signer": "A Ltd", "list_date": "2026-11-01"} | rest
    return replace(FILE, signed=Signed(state=state, digital_source_type=kind, **rest))


@pytest.mark.parametrize(
    ("decision", "facts", "sentence"),
    [
        (
            "UNSURE",
            GENERATED,
            (
                "The networks abstain, and the file says, where anyone can write "
                "it, that ComfyUI made it: only the file answers, which is a hint "
                "and no proof."
            ),
        ),
        (
            "REAL",
            GENERATED,
            (
                "The networks find no trace of the generators they know, but the "
                "file says, where anyone can write it, that ComfyUI made it: they "
                "disagree, and the verdict stays as it is, which is a hint and no "
                "proof."
            ),
        ),
        (
            "FAKE",
            PHOTOGRAPH,
            (
                "The networks find the trace of a generator, but the file says, "
                "where anyone can write it, that a camera took it (Canon 5D): they "
                "disagree, and the verdict stays as it is, which is a hint and no "
                "proof."
            ),
        ),
        (
            "FAKE",
            signed("trusted"),
            (
                "The networks find the trace of a generator, and the file says, "
                "signed by A Ltd (a trusted signer) and unchanged since, that it "
                "was made by AI: they agree."
            ),
        ),
        (
            "UNSURE",
            signed("untrusted", "digitalCapture"),
            (
                "The networks abstain, and the file says, signed by A Ltd (a signer"
                " not on the list) and unchanged since, that it was taken by a "
                "camera: only the file answers, which is a hint and no proof."
            ),
        ),
        (
            "REAL",
            BOTH,
            (
                "The networks find no trace of the generators they know, and the "
                "file says, where anyone can write it, both that ComfyUI made it "
                "and that a camera took it (Canon 5D): the file contradicts itself,"
                " which is a hint and no proof."
            ),
        ),
        (
            "UNSURE",
            FILE,
            (
                "The networks abstain, and the file says nothing of its origin, "
                "which is no sign of anything, as most sites remove it."
            ),
        ),
        (
            "UNSURE",
            signed("broken", None, changed=("the picture's bytes were changed",)),
            (
                "The networks abstain, and the file's signature is broken: the "
                "picture's bytes were changed."
            ),
        ),
        (
            "UNSURE",
            signed("unchecked", None),
            (
                "The networks abstain, and the file is unchanged since A Ltd (a "
                "signer who was not checked) signed it, but does not say how it was"
                " made."
            ),
        ),
        (
            "UNSURE",
            signed("unchecked", "algorithmicMedia"),
            (
                "The networks abstain, and the file is unchanged since A Ltd (a "
                "signer who was not checked) signed it, and says that it was drawn "
                "by a program without AI."
            ),
        ),
        (
            "UNSURE",
            signed("unchecked", None, address="https://a.example"),
            (
                "The networks abstain, and the file names a signed origin "
                "elsewhere, which was not fetched."
            ),
        ),
    ],
)
def test_the_sentence(decision, facts, sentence):
    """It says what networks say, what the file says, and where they disagree."""
    assert origin_sentence(decision, facts) == sentence


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize(
    "facts", [FILE, GENERATED, PHOTOGRAPH, BOTH, signed("broken"), signed("trusted")]
)
def test_it_is_one_sentence_that_promises_nothing(decision, facts):
    """One full stop; nothing is valid, and only a trusted claim is no hint."""
    sentence = origin_sentence(decision, facts)

    assert sentence.count(". ") == 0
    assert sentence.endswith(".")
    assert "valid" not in sentence
    claims = "the file says, " in sentence
    assert ("no proof" in sentence) == (claims and facts.signed.state != "trusted")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (FILE, False),
        (GENERATED, True),
        (PHOTOGRAPH, True),
        (signed("broken", None, changed=("the picture's bytes were changed",)), True),
        (signed("unchecked", None), True),
        (replace(FILE, signed=Signed(state="none", address="https://a.example")), True),
    ],
)
def test_a_file_says_something_or_nothing(facts, says):
    """A signature alone is something; how it was saved is nothing of its origin."""
    assert says_something(facts) is says
