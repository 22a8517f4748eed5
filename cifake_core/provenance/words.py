"""Words on what a file says: each line with its place, and how strong it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cifake_core.provenance.records import FileFacts, Generated, Saved, Signed
from cifake_core.provenance.trust_list import FETCH

WEAK: Final = "Weak: anyone can write it, and anyone can remove it."
MEASURED: Final = "Measured: it tells how it was saved, not who made it."
NOTHING: Final = "No sign of anything: most sites remove what a file says."

#: What IPTC's digital source types mean, in words that go after "it was".
SOURCE_TYPES: Final[Mapping[str, str]] = {
    "trainedAlgorithmicMedia": "made by AI",
    "compositeWithTrainedAlgorithmicMedia": "made in part by AI",
    "compositeSynthetic": "put together from parts, some of them made by AI",
    "algorithmicMedia": "drawn by a program without AI",
    "digitalCapture": "taken by a camera",
    "computationalCapture": "taken by a camera that computes several shots into one",
    "humanEdits": "edited by a person",
    "compositeCapture": "put together from photographs",
    "digitalCreation": "drawn by a person with a program",
    "screenCapture": "taken from a screen",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line on a file: what about, what it says, where that stands, how strong."""

    about: str
    says: str
    where: str
    strength: str


def lines(facts: FileFacts) -> tuple[Line, ...]:
    """All that a file says, line by line; what is absent is said, too."""
    return (
        _signed(facts.signed),
        *_generated(facts),
        _camera(facts),
        *_saved(facts.saved),
        *_fingerprints(facts),
        *(
            Line(about="Not read", says=note, where="The file", strength=NOTHING)
            for note in facts.notes
        ),
    )


def strength_of(signed: Signed) -> str:
    """How strong a signed statement is."""
    if signed.address:
        return "Not checked: nothing is fetched because a file says so."
    return {
        "none": NOTHING,
        "broken": "Weak: what was signed is not what is here.",
        "trusted": (
            "Strong: a change would show, and who signed is on the list of trusted "
            f"signers of {signed.list_date}."
        ),
        "untrusted": (
            "Fair: a change would show. Who signed is not on the list of trusted "
            f"signers of {signed.list_date}: anyone can sign under any name."
        ),
        "unchecked": (
            "Fair: a change would show. Who signed is not checked: there is no list "
            f"of trusted signers here; `{FETCH}` gets it."
        ),
    }[signed.state]


def _signed(signed: Signed) -> Line:
    """The line on the signed origin."""
    where = "C2PA statement in the file"
    if signed.address:
        where = "XMP provenance"
        says = f"Its signed origin is said to lie at {signed.address}."
    elif signed.state == "none":
        where = "No C2PA statement in the file"
        says = "It has no signed origin."
    elif signed.state == "broken":
        says = f"Its signature is broken: {'; '.join(signed.changed)}."
        says += f" {_by(signed)}"
    else:
        says = f"Nothing has changed since it was signed. {_by(signed)}"
    return Line(
        about="Signed origin",
        says=says.strip(),
        where=where,
        strength=strength_of(signed),
    )


def _by(signed: Signed) -> str:
    """Sentences on who signed, with what and when, and what the statement says."""
    words = [f"Signed by {signed.signer}"] if signed.signer else ["Signed"]
    words += [f"with {signed.tool}"] if signed.tool else []
    words += [f"on {signed.time[:10]}"] if signed.time else []
    kind = signed.digital_source_type
    said = f" It says that it was {SOURCE_TYPES.get(kind, kind)}." if kind else ""
    return f"{' '.join(words)}.{said}"


def _generated(facts: FileFacts) -> Iterator[Line]:
    """The lines on being generated."""
    for sign in facts.generated:
        yield Line(
            about="Says it was generated",
            says=f"{sign.tool or 'A program'}: “{sign.quote}”",
            where=sign.where,
            strength=_inside(facts.signed) if _is_signed(sign) else WEAK,
        )
    if not facts.generated:
        yield Line(
            about="Says it was generated",
            says="Nothing in the file says so.",
            where="Texts, EXIF and XMP",
            strength=NOTHING,
        )


def _inside(signed: Signed) -> str:
    """How strong a sign in the signed statement is: no more than the signature."""
    word, _, _ = strength_of(signed).partition(":")
    return f"{word}: it stands in the signed statement above."


def _is_signed(sign: Generated) -> bool:
    """Whether a sign stands in the signed statement."""
    return sign.where.startswith("C2PA")


def _camera(facts: FileFacts) -> Line:
    """The line on being a photograph."""
    camera = facts.camera
    words = [camera.named, camera.lens, camera.exposure]
    words += [SOURCE_TYPES[camera.source_type]] if camera.source_type else []
    words += [f"taken at {camera.time.replace('T', ' ')}"] if camera.time else []
    said = ", ".join(word for word in words if word)
    return Line(
        about="Says it is a photograph",
        says=f"{said}." if said else "It names no camera.",
        where="EXIF and XMP",
        strength=WEAK if said else NOTHING,
    )


def _saved(saved: Saved) -> Iterator[Line]:
    """The lines on how it was saved."""
    words = [saved.format, f"{saved.width}x{saved.height} pixels"]
    if saved.tables == "standard":
        words.append(f"quality {saved.quality} with libjpeg's tables")
    elif saved.tables == "own":
        words.append(f"a program's own tables, about quality {saved.quality}")
    words += [f"colours {saved.subsampling}"] if saved.subsampling else []
    yield Line(
        about="How it was saved",
        says=f"{', '.join(words)}.",
        where=f"{saved.format} header",
        strength=MEASURED,
    )
    if saved.twice:
        yield Line(
            about="How it was saved",
            says="It was saved as JPEG at least twice, before with a lower quality.",
            where="Gaps in its coefficients",
            strength=MEASURED,
        )
    if saved.thumbnail != "none":
        says = "The small preview in the file shows the same picture."
        if saved.thumbnail == "differs":
            says = (
                "The small preview in the file shows something else: the picture was "
                "changed by a program that left the old preview."
            )
        yield Line(
            about="How it was saved",
            says=says,
            where="EXIF thumbnail",
            strength=MEASURED,
        )


def _fingerprints(facts: FileFacts) -> Iterator[Line]:
    """The lines to find the file again by."""
    prints = {
        "SHA-256 of the file": facts.sha256,
        "SHA-256 of its pixels": facts.pixels_sha256,
        "dHash, alike for what looks alike": facts.dhash,
    }
    for where, value in prints.items():
        yield Line(
            about="Fingerprint", says=value, where=where, strength="Computed here."
        )
