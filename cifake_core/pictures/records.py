"""Records of pictures: as decoded, and as the networks see them."""

from dataclasses import dataclass
from typing import Literal

from cifake_core.basics.arrays import Rgb


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """A decoded file.

    `pixels` is (H, W, 3) uint8 RGB, upright; `format` is the container's name
    ("JPEG", "PNG", ...); `notes` are sentences on what reading it changed.
    """

    pixels: Rgb
    format: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PreparedPicture:
    """A picture as the networks see it, and how it got there.

    `pixels` is (32, 32, 3) uint8 RGB. `crop` is (top, left, side) in pixels of
    the original; `kernel` is "none" if no pixel's value was computed: after a crop
    to 32x32, or if the original was that enlarged in blocks. `notes` are sentences
    for a person.
    """

    pixels: Rgb
    original_height: int
    original_width: int
    crop: tuple[int, int, int]
    kernel: Literal["none", "area", "bicubic"]
    notes: tuple[str, ...] = ()

    @property
    def was_resized(self) -> bool:
        """Whether the original was anything but 32x32."""
        return (self.original_height, self.original_width) != self.pixels.shape[:2]
