"""Records of pictures: as decoded, and as prepared for the networks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cifake_core.basics.arrays import Plane, Planes, Rgb, Rgb32

#: Resampling kernel that made the 32x32 pixels; "none" if no value was computed.
Kernel: TypeAlias = Literal["none", "area", "bicubic"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """Decoded file.

    `pixels` is (H, W, 3) uint8 RGB, upright; `format` is the container's name
    ("JPEG", "PNG", ...); `alpha` is (H, W) uint8, how opaque the file's pixels were,
    None if wholly; `notes` are sentences on what reading it changed.
    """

    pixels: Rgb
    format: str
    alpha: Plane | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PreparedPicture:
    """Picture as the networks see it, and how it got there.

    Made by `preprocessing.prepare`, once for a picture; its arrays are read-only.

    `pixels` is (32, 32, 3) uint8 RGB, `planes` are its six filtered channels, (6, 32,
    32) uint8, `sha256` is the hash of its pixels and `grid_distance` its distance to
    the grid of CIFAKE's compression (`jpeg_grid`). `crop` is (top, left, side) in
    pixels of the original. `kernel` is "none" if no pixel's value was computed: after
    a crop to 32x32, or if the original was that enlarged in blocks; else `resampled`
    is what each of `preprocessing.KERNELS` makes of the crop, by its name. `notes`
    are sentences for a person.
    """

    pixels: Rgb32
    planes: Planes
    sha256: str
    grid_distance: float
    original_height: int
    original_width: int
    crop: tuple[int, int, int]
    kernel: Kernel
    resampled: Mapping[str, Rgb32]
    notes: tuple[str, ...] = ()

    @property
    def was_resized(self) -> bool:
        """Whether the original was anything but 32x32."""
        return (self.original_height, self.original_width) != self.pixels.shape[:2]
