"""Provenance benchmark: what files say, as expected and as found, and what it costs.

`python -m benchmarks.provenance provenance.zip` reads C2PA's own test pictures and
those of web UIs from a zip that is no part of the repository, with and without a trust
list; measures how often double compression is found in pictures of scikit-image; and
times the reading of a file beside a verdict on it, in turns. It ends with status 1 if
anything is not as expected.
"""

import argparse
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import skimage.data
from PIL import Image

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.places import CHECKOUT
from cifake_core.cli.terminal.output import print_table
from cifake_core.pictures.double_compression import saved_twice
from cifake_core.pictures.file_form import file_form
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.provenance import generated, trust_list
from cifake_core.provenance.reading import read_facts
from cifake_core.provenance.records import FileFacts
from cifake_core.provenance.trust_list import TrustList
from cifake_core.workbench import Workbench

_READING: Final = "c2pa/files-for-reading-tests/"
_WEB_UIS: Final = "generators/parsers/"
#: Signed state with a list of signers, by file. Without one, whole is "unchecked".
#: The pictures' authors name them: E- is an error of theirs, X another program's, and
#: CIE has an ingredient with an error; `cloud` names its statement elsewhere.
SIGNED: Final[Mapping[str, str]] = {
    "c2pa/A.jpg": "none",
    "c2pa/A_thumbnail.jpg": "none",
    "c2pa/C.jpg": "untrusted",
    "c2pa/C_with_CAWG_data.jpg": "untrusted",
    "c2pa/cloud.jpg": "unchecked",
    "c2pa/file_with_wrong_extension.xyz.jpg": "untrusted",
    f"{_READING}CA.jpg": "untrusted",
    f"{_READING}CACAE-uri-CA.jpg": "untrusted",
    f"{_READING}CA_ct.jpg": "untrusted",
    f"{_READING}CIE-sig-CA.jpg": "broken",
    f"{_READING}E-sig-CA.jpg": "broken",
    f"{_READING}XCA.jpg": "broken",
    f"{_READING}boxhash.jpg": "untrusted",
    f"{_READING}cloud.jpg": "unchecked",
    f"{_READING}legacy_ingredient_hash.jpg": "untrusted",
}
#: The first program named, by file; none where nothing says so.
TOOLS: Final[Mapping[str, str | None]] = {
    "generators/bad_images/empty_image.jpg": None,
    "generators/bad_images/empty_image.png": None,
    "generators/bad_images/text_after_idat.png": generated.A1111,
    f"{_WEB_UIS}AUTOMATIC1111/automatic1111_cropped.jpg": generated.A1111,
    f"{_WEB_UIS}AUTOMATIC1111/automatic1111_cropped.png": generated.A1111,
    f"{_WEB_UIS}AUTOMATIC1111/automatic1111_stealth.png": generated.A1111,
    f"{_WEB_UIS}ComfyUI/img2img_cropped.png": generated.COMFYUI,
    f"{_WEB_UIS}ComfyUI/night_evening_day_morning_cropped.png": generated.COMFYUI,
    f"{_WEB_UIS}ComfyUI/noisy_latents_3_subjects_cropped.png": generated.COMFYUI,
    f"{_WEB_UIS}ComfyUI/unclip_2pass_cropped.png": generated.COMFYUI,
    f"{_WEB_UIS}Fooocus/fooocus1_cropped.png": generated.FOOOCUS,
    f"{_WEB_UIS}InvokeAI/invokeai_dream1.png": generated.INVOKEAI,
    f"{_WEB_UIS}InvokeAI/invokeai_imeta1.png": generated.INVOKEAI,
    f"{_WEB_UIS}InvokeAI/invokeai_sdmeta1.png": generated.INVOKEAI,
    f"{_WEB_UIS}NovelAI/novelai1_cropped.png": generated.NOVELAI,
}
_LIST: Final = "trust/C2PA-TRUST-LIST.pem"
_PHOTOGRAPHS: Final = ("astronaut", "chelsea", "coffee", "rocket", "camera", "coins")
_SINGLE: Final = (60, 75, 85, 90, 95)
_DOUBLE: Final = ((50, 80), (60, 90), (75, 90), (75, 95), (85, 95), (90, 98))
#: Height and width of the pictures that reading and verdict are timed on.
_SIZES: Final = ((32, 32), (480, 640), (1024, 1024), (3000, 4000))
_TURNS: Final = 15
_MOST: Final = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """What was expected of a file, and what was found."""

    file: str
    about: str
    expected: str
    found: str

    @property
    def is_right(self) -> bool:
        """Whether it is as expected."""
        return self.expected == self.found


def compare(archive: zipfile.ZipFile) -> list[Row]:
    """Every expectation beside what is found; what cannot be read, too."""
    with tempfile.TemporaryDirectory() as folder:
        listed = trust_list.fetch(
            archive.extract(_LIST, folder), today=date(2026, 11, 24)
        )
    rows = []
    for file, state in SIGNED.items():
        source = archive.read(file)
        with_list = facts_of(source, listed).signed.state
        without = facts_of(source, None).signed.state
        alone = "unchecked" if state == "untrusted" else state
        rows.append(Row(file, "signed, with a list", state, with_list))
        rows.append(Row(file, "signed, without", alone, without))
    for file, tool in TOOLS.items():
        signs = facts_of(archive.read(file), None).generated
        found = signs[0].tool if signs else None
        rows.append(Row(file, "program", str(tool), str(found)))
    empty = archive.read("generators/bad_images/empty_file.png")
    try:
        read_picture(empty)
        said = "read"
    except InvalidImageError as error:
        said = "a sentence" if str(error).endswith(".") else "no sentence"
    rows.append(
        Row("generators/bad_images/empty_file.png", "empty", "a sentence", said)
    )
    return rows


def facts_of(source: bytes, listed: TrustList | None) -> FileFacts:
    """What a file says, also where its pixels are fewer than a verdict needs."""
    try:
        picture = read_picture(source)
    except InvalidImageError:
        with Image.open(BytesIO(source)) as image:
            pixels = np.array(image.convert("RGB"))
            picture = Picture(pixels=pixels, format=str(image.format))
    return read_facts(source, picture, trust_list=listed)


def double_compression() -> Iterator[Sequence[str]]:
    """How many of the photographs are said to be saved twice, by qualities."""
    pictures = [_photograph(name) for name in _PHOTOGRAPHS]
    for quality in _SINGLE:
        found = sum(_is_twice(_jpeg(image, quality)) for image in pictures)
        yield f"once, {quality}", f"{found} of {len(pictures)}"
    for first, second in _DOUBLE:
        pixels = [read_picture(_jpeg(image, first)).pixels for image in pictures]
        found = sum(_is_twice(_jpeg(image, second)) for image in pixels)
        yield f"{first}, then {second}", f"{found} of {len(pictures)}"


def _photograph(name: str) -> Rgb:
    """A photograph, halved so that no trace of its own compression is left."""
    image = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    return np.asarray(half)


def _jpeg(image: Rgb, quality: int) -> bytes:
    """A picture as JPEG."""
    file = BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return file.getvalue()


def _is_twice(source: bytes) -> bool:
    """Whether a file is said to be saved twice."""
    return saved_twice(read_picture(source).pixels, file_form(source).tables[0])


def costs() -> Iterator[tuple[str, float, float]]:
    """Median milliseconds of a verdict and of reading the file, by size, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(CHECKOUT / "models", user_data=Path(folder))
        bench.warm_up()
        random = np.random.RandomState(0)
        for height, width in _SIZES:
            verdicts, files = [], []
            for _ in range(_TURNS):
                small = random.randint(0, 256, (height // 16, width // 16, 3), np.uint8)
                image = Image.fromarray(small).resize((width, height))
                source = _jpeg(np.asarray(image), 85)
                begun = time.perf_counter()
                picture = read_picture(source)
                bench.judge(picture.pixels)
                judged = time.perf_counter()
                bench.provenance.facts(source, picture)
                verdicts.append(judged - begun)
                files.append(time.perf_counter() - judged)
            yield (
                f"{width}x{height}",
                1000 * statistics.median(verdicts),
                1000 * statistics.median(files),
            )


def main() -> int:
    """Print the tables; 1 if anything is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, help="provenance.zip")
    with zipfile.ZipFile(parser.parse_args().archive) as archive:
        rows = compare(archive)
    print_table(
        ("file", "what", "expected", "found", ""),
        [
            (row.file, row.about, row.expected, row.found, "" if row.is_right else "NO")
            for row in rows
        ],
    )
    print_table(
        ("saved as JPEG with quality", "said to be twice"), double_compression()
    )
    measured = list(costs())
    print_table(
        ("pixels", "verdict, ms", "file, ms", "ratio"),
        [
            (size, f"{verdict:.1f}", f"{file:.1f}", f"{file / verdict:.3f}")
            for size, verdict, file in measured
        ],
    )
    wrong = sum(not row.is_right for row in rows)
    slow = sum(file > _MOST * verdict for _, verdict, file in measured)
    print(f"{len(rows) - wrong} of {len(rows)} as expected; {slow} sizes too slow.")
    return int(bool(wrong or slow))


if __name__ == "__main__":
    sys.exit(main())
