"""Records of verdicts, as they are put into the history."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from cifake_core import __version__
from cifake_core.basics.arrays import Rgb32
from cifake_core.cases.records import NewRecord, Source, System
from cifake_core.pictures.perceptual_hash import perceptual_hash
from cifake_core.provenance.records import FileFacts
from cifake_core.verdicts.records import Verdict


def new_record(  # noqa: PLR0913 - the fields of a record, by keyword
    verdict: Verdict,
    *,
    name: str,
    file: bytes,
    source: Source,
    weights: Mapping[str, str],
    policy_sha256: str,
    facts: FileFacts | None = None,
) -> NewRecord:
    """Record of a verdict that was given now.

    Args:
        verdict: with every prediction that is to be kept.
        name: of the file, as the person knows it.
        file: its bytes; the history keeps them only if its settings say so.
        source: of the picture.
        weights: SHA-256 of all networks that are in use, by name.
        policy_sha256: of the card on verdicts, "" if there is none.
        facts: what the file says of itself, None if it was not asked.
    """
    pixels = verdict.prepared.pixels
    predictions = verdict.predictions.values()
    return NewRecord(
        moment=datetime.now(UTC),
        source=source,
        name=name,
        bytes_sha256=hashlib.sha256(file).hexdigest(),
        pixels_sha256=verdict.prepared.sha256,
        perceptual_hash=perceptual_hash(pixels),
        png=as_png(pixels),
        original=file,
        decision=verdict.decision,
        reasons=verdict.reasons,
        predictions=verdict.predictions,
        system=System(
            program=__version__,
            policy_sha256=policy_sha256,
            weights={
                **{each.network: each.model_sha256 for each in predictions},
                **weights,
            },
            known={each.network: each.known for each in predictions},
            scope=verdict.scope.sentences,
        ),
        file=facts,
    )


def as_png(pixels: Rgb32) -> bytes:
    """Picture as a PNG file, the same pixels."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
