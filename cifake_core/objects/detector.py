"""Object detector YOLOX: from a picture of any size to named boxes."""

import threading
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb, check_rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.objects.names import NAMES
from cifake_core.objects.records import DetectedObject

Boxes: TypeAlias = npt.NDArray[np.float64]

#: Pixels to a side of what the network sees.
SIDE: Final = 416
#: Pixels between its places, from the fine map to the coarse.
STRIDES: Final = (8, 16, 32)
#: What it is shown where a picture does not reach.
_GREY: Final = 114
#: From which score on an object is told, and how much two boxes may overlap.
#: Source: the authors' own demonstration.
LEAST_SCORE: Final = 0.3
_MOST_OVERLAP: Final = 0.45
#: Objects that are told at most, the surest first.
MOST: Final = 12


class Detector:
    """Detector of objects; several threads may share it.

    Args:
        weights: an ONNX file. It is fed (1, 3, 416, 416) float32, blue before green
            before red, 0 to 255, and answers (1, 3549, 85): for each place the
            middle, the size, whether there is an object, and which of 80.

    Raises:
        ModelUnavailableError: If that is no such network.
    """

    def __init__(self, weights: bytes) -> None:
        try:
            self._network = cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8))
        except cv2.error as error:
            msg = "The object detector is no network that OpenCV can read."
            raise ModelUnavailableError(msg) from error
        self._lock = threading.Lock()

    def find(self, image: Rgb) -> tuple[DetectedObject, ...]:
        """Return the objects on a picture, the surest first, at most 12.

        Args:
            image: (H, W, 3) uint8, RGB.

        Raises:
            InvalidImageError: If `image` is not an RGB picture.
            ModelUnavailableError: If the network answers in another form.
        """
        check_rgb(image)
        share = SIDE / max(image.shape[:2])
        answers = self._answers(_letterboxed(image, share))
        boxes, scores, kinds = decoded(answers)
        kept = cv2.dnn.NMSBoxes(
            boxes.tolist(), scores.tolist(), LEAST_SCORE, _MOST_OVERLAP
        )
        found = [
            _object(boxes[row] / share, float(scores[row]), int(kinds[row]), image)
            for row in np.asarray(kept, np.int64).ravel()
        ]
        return tuple(each for each in found if each.height and each.width)[:MOST]

    def _answers(self, inputs: Floats) -> Floats:
        """The network's answers, (3549, 85)."""
        expected = (sum((SIDE // stride) ** 2 for stride in STRIDES), 5 + len(NAMES))
        try:
            with self._lock:
                self._network.setInput(inputs)
                answers = np.asarray(self._network.forward(), np.float32)
        except cv2.error as error:
            msg = "The object detector cannot look at pictures of 416x416 pixels."
            raise ModelUnavailableError(msg) from error
        if answers.shape != (1, *expected):
            msg = (
                "The object detector answers in another form. Expected shape "
                f"{(1, *expected)}, received {answers.shape}."
            )
            raise ModelUnavailableError(msg)
        return answers[0]


def decoded(
    answers: Floats,
) -> tuple[Boxes, npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return what each place sees: box, score and kind.

    Middles are told from a place's corner, in its stride, sizes as logarithms.

    Args:
        answers: (3549, 85) float32, as the network gives them.

    Returns:
        (N, 4) left, top, width and height in pixels of 416; (N,) scores, 0 to 1; (N,)
        numbers in `NAMES`.

    Source: Ge et al. 2021, arXiv:2107.08430, section 2.
    """
    corners, strides = _grid()
    middles = (answers[:, :2] + corners) * strides
    sizes = np.exp(np.minimum(answers[:, 2:4], np.log(SIDE))) * strides
    by_kind = answers[:, 4:5] * answers[:, 5:]
    boxes = np.concatenate([middles - sizes / 2, sizes], axis=1).astype(np.float64)
    return boxes, by_kind.max(axis=1).astype(np.float64), by_kind.argmax(axis=1)


def _grid() -> tuple[Floats, Floats]:
    """Corner of each place in its stride, (3549, 2), x before y; its stride, (N, 1)."""
    corners, strides = [], []
    for stride in STRIDES:
        side = SIDE // stride
        rows, columns = np.divmod(np.arange(side**2), side)
        corners.append(np.stack([columns, rows], axis=1))
        strides.append(np.full((side**2, 1), stride))
    return (
        np.concatenate(corners).astype(np.float32),
        np.concatenate(strides).astype(np.float32),
    )


def _letterboxed(image: Rgb, share: float) -> Floats:
    """Picture at the top left of a grey square, as the network is fed."""
    height, width = (max(1, round(each * share)) for each in image.shape[:2])
    square = np.full((SIDE, SIDE, 3), _GREY, np.uint8)
    square[:height, :width] = cv2.resize(
        image, (width, height), interpolation=cv2.INTER_LINEAR
    )
    blue_first = square[..., ::-1].transpose(2, 0, 1)
    return np.ascontiguousarray(blue_first[np.newaxis], np.float32)


def _object(box: Boxes, score: float, kind: int, image: Rgb) -> DetectedObject:
    """Object in whole pixels of the picture, cut where that ends."""
    left, top, width, height = box
    rows, columns = image.shape[:2]
    begin = max(0, round(top)), max(0, round(left))
    end = min(rows, round(top + height)), min(columns, round(left + width))
    return DetectedObject(
        name=NAMES[kind],
        score=score,
        top=begin[0],
        left=begin[1],
        height=max(0, end[0] - begin[0]),
        width=max(0, end[1] - begin[1]),
    )
