"""Labels of points: each where it covers neither a mark nor another label."""

import math
from typing import Final, NamedTuple

import plotly.graph_objects as go

#: Where a label may stand, the best first; each is a pair of signs, right and up.
_PLACES: Final = {
    "middle left": (-1, 0),
    "middle right": (1, 0),
    "top center": (0, 1),
    "bottom center": (0, -1),
    "top right": (1, 1),
    "bottom right": (1, -1),
    "top left": (-1, 1),
    "bottom left": (-1, -1),
}
#: Pixels of a mark's sides, of a letter at 13 pixels of text, and of a line.
_MARK, _LETTER, _LINE = 13.0, 7.0, 13.0


class _Box(NamedTuple):
    """Rectangle on the screen, in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def shared(self, other: "_Box") -> float:
        """Area in both, in square pixels."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)


def place_labels(figure: go.Figure, *, width: int, height: int) -> None:
    """Choose for each label of a point the place where it covers least.

    One label after the other, in the order of the traces, takes the first of eight
    places about its mark that covers no mark and no label before it, or the one that
    covers the smallest area. The horizontal axis is logarithmic, and both have ranges.

    Args:
        figure: its traces with the mode "markers+text" are changed.
        width: pixels of what lies between the axes.
        height: likewise.
    """
    left, right = figure.layout.xaxis.range
    low, high = figure.layout.yaxis.range
    marked = [each for each in figure.data if "markers" in (each.mode or "")]
    points = [
        [
            (
                (math.log10(x) - left) / (right - left) * width,
                (y - low) / (high - low) * height,
            )
            for x, y in zip(trace.x, trace.y, strict=True)
        ]
        for trace in marked
    ]
    taken = [_about(*point) for of_trace in points for point in of_trace]
    for trace, of_trace in zip(marked, points, strict=True):
        if "text" in trace.mode:
            trace.textposition = [
                _place(point, text, taken)
                for point, text in zip(of_trace, trace.text, strict=True)
            ]


def _place(point: tuple[float, float], text: str, taken: list[_Box]) -> str:
    """Place of the label of a point; its box is taken from then on."""
    boxes = {place: _label(*point, text, place) for place in _PLACES}
    costs = {
        place: sum(box.shared(other) for other in taken) for place, box in boxes.items()
    }
    best = min(costs, key=lambda place: costs[place])
    taken.append(boxes[best])
    return best


def _about(x: float, y: float) -> _Box:
    """Box of a mark."""
    half = _MARK / 2
    return _Box(x - half, y - half, x + half, y + half)


def _label(x: float, y: float, text: str, place: str) -> _Box:
    """Box of a label at a place about its mark."""
    across, up = _PLACES[place]
    wide = _LETTER * len(text)
    left = x + across * (_MARK + wide) / 2 - wide / 2
    bottom = y + up * (_MARK + _LINE) / 2 - _LINE / 2
    return _Box(left, bottom, left + wide, bottom + _LINE)
