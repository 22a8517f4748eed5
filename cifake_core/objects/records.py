"""Record of an object that was found on a picture."""

from dataclasses import dataclass

from cifake_core.basics.arrays import Rgb


@dataclass(frozen=True, kw_only=True, slots=True)
class DetectedObject:
    """Object with its name, how sure the detector is, 0 to 1, and its box in pixels."""

    name: str
    score: float
    top: int
    left: int
    height: int
    width: int

    def cut_out(self, pixels: Rgb) -> Rgb:
        """Return the square about the box, as far as the picture reaches.

        The networks look at a square in the middle of what they are given: so the
        whole object is in it, unless the picture itself is too narrow.

        Args:
            pixels: (H, W, 3) uint8, RGB, the picture that the box is on.
        """
        side = max(self.height, self.width)
        top = _begin(self.top + (self.height - side) // 2, side, pixels.shape[0])
        left = _begin(self.left + (self.width - side) // 2, side, pixels.shape[1])
        return pixels[top : top + side, left : left + side].copy()


def _begin(begin: int, side: int, most: int) -> int:
    """Where a line of `side` pixels begins, moved so that it lies in 0 to `most`."""
    return max(0, min(begin, most - side))
