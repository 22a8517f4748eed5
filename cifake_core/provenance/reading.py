"""Reading of all that a picture's file says of itself."""

import hashlib

from cifake_core.basics.arrays import pixels_sha256
from cifake_core.pictures.perceptual_hash import difference_hash
from cifake_core.pictures.records import Picture
from cifake_core.provenance import generated
from cifake_core.provenance.camera import camera
from cifake_core.provenance.content_credentials import read_signed
from cifake_core.provenance.metadata import Metadata, read_metadata
from cifake_core.provenance.records import FileFacts
from cifake_core.provenance.saved import saved
from cifake_core.provenance.stealth import hidden_text
from cifake_core.provenance.trust_list import TrustList
from cifake_core.provenance.xmp import Property, XmpError, properties


def read_facts(
    source: bytes, picture: Picture, *, trust_list: TrustList | None
) -> FileFacts:
    """All that a file says of its origin; nothing is fetched, nothing is believed.

    Args:
        source: the bytes of the file.
        picture: as `pictures.reading.read_picture` read it from them.
        trust_list: of signers, if the user has one.
    """
    metadata = read_metadata(source)
    packet = _properties(metadata)
    signed, claims = read_signed(source, picture.format, trust_list, properties=packet)
    hidden = hidden_text(picture.alpha)
    texts = (*metadata.texts, hidden) if hidden else metadata.texts
    return FileFacts(
        signed=signed,
        generated=(*claims, *generated.signs(texts, packet)),
        camera=camera(metadata, packet),
        saved=saved(source, metadata, picture.pixels),
        sha256=hashlib.sha256(source).hexdigest(),
        pixels_sha256=pixels_sha256(picture.pixels),
        dhash=difference_hash(picture.pixels),
        notes=tuple(metadata.notes),
    )


def _properties(metadata: Metadata) -> tuple[Property, ...]:
    """Properties of the XMP packet; none, with a note, where it can't be read."""
    try:
        return properties(metadata.xmp)
    except XmpError as error:
        metadata.notes.append(f"Its XMP packet was left out: {error}.")
        return ()
