"""3,000 mutated files: each an answer or a sentence, and no memory or time lost."""

import json
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from cifake_core.basics.errors import InvalidImageError
from cifake_core.provenance.records import SIGNED_STATES
from tests.made_signatures import TYPES, Authority, authority, signed, trust_list
from tests.provenance.reading import XMP, exif, facts, with_exif, with_texts, with_xmp
from tests.provenance.test_camera import DETAILS, IMAGE, PLACE
from tests.provenance.test_generated import A1111, GRAPH
from tests.provenance.test_saved import CLEAN, with_thumbnail

_NUM_FILES = 3000
_SLOWEST = 5.0
Random = np.random.RandomState


def originals(ours: Authority) -> Iterator[bytes]:
    """Files with everything in them that the room reads."""
    yield from (signed(ours, kind=kind) for kind in TYPES)
    yield with_texts(parameters=A1111, prompt=GRAPH)
    yield with_thumbnail(CLEAN, CLEAN)
    for kind in ("JPEG", "PNG", "WEBP"):
        yield with_exif(exif(IMAGE, DETAILS, PLACE), kind)
    packet = XMP.format(attributes=' xmp:CreatorTool="Midjourney"', elements="")
    yield with_xmp(packet.encode())


def flipped(data: bytearray, random: Random) -> None:
    """Flip a few bits anywhere."""
    for _ in range(random.randint(1, 9)):
        data[random.randint(len(data))] ^= 1 << random.randint(8)


def flipped_early(data: bytearray, random: Random) -> None:
    """Flip a few bits where headers and metadata lie."""
    for _ in range(random.randint(1, 9)):
        data[random.randint(min(len(data), 2000))] ^= 1 << random.randint(8)


def cut(data: bytearray, random: Random) -> None:
    """Cut the end off."""
    del data[random.randint(len(data)) :]


def doubled(data: bytearray, random: Random) -> None:
    """Put a piece in twice."""
    start = random.randint(len(data))
    piece = data[start : start + random.randint(1, 3000)]
    place = random.randint(len(data))
    data[place:place] = piece


def sized(data: bytearray, random: Random) -> None:
    """Write a number that may be a length: the smallest, the largest, any."""
    start = random.randint(max(1, min(len(data), 4000) - 4))
    numbers = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", random.bytes(4))
    data[start : start + 4] = numbers[random.randint(len(numbers))]


MUTATIONS: tuple[Callable[[bytearray, Random], None], ...] = (
    *(flipped, flipped_early, cut, doubled, sized),
)


@pytest.mark.slow
def test_three_thousand_mutated_files():
    """Facts that are JSON, or one sentence; what is trusted shows the same pixels."""
    ours = authority()
    files, listed = tuple(originals(ours)), trust_list(ours)
    pixels = [facts(file).pixels_sha256 for file in files]
    sentences: set[str] = set()
    answers = dict.fromkeys((*SIGNED_STATES, "refused"), 0)
    for seed in range(_NUM_FILES):
        random = Random(seed)
        data = bytearray(files[seed % len(files)])
        MUTATIONS[seed // len(files) % len(MUTATIONS)](data, random)
        begun = time.process_time()
        try:
            found = facts(bytes(data), listed)
        except InvalidImageError as error:
            sentences.add(str(error))
            answers["refused"] += 1
        else:
            assert json.loads(json.dumps(found.to_json())) == found.to_json()
            answers[found.signed.state] += 1
            if found.signed.state == "trusted":
                assert found.pixels_sha256 == pixels[seed % len(files)], seed
        assert time.process_time() - begun < _SLOWEST, seed

    assert sum(answers.values()) == _NUM_FILES
    assert all(sentence.endswith(".") for sentence in sentences)
    assert answers["unchecked"] == answers["untrusted"] == 0
    assert min(answers["broken"], answers["refused"], answers["none"]) > 100
