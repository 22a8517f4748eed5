"""The part of the workbench on objects: where they are on a large picture."""

import hashlib
from pathlib import Path

from cifake_core.accounts.records import Who
from cifake_core.basics.arrays import Rgb, pixels_sha256
from cifake_core.objects.detector import Detector
from cifake_core.objects.records import DetectedObject
from cifake_core.objects.weights import YOLOX_NANO, Weights, fetch, read
from cifake_core.workbench.answer_cache import AnswerCache


class ObjectsBench:
    """Objects on pictures, by a detector that a person gets if they like.

    Args:
        user_data: the user's folder, where its weights may lie.
        answers: where answers are kept.
        weights: those of the detector.
    """

    def __init__(
        self, user_data: Path, answers: AnswerCache, *, weights: Weights = YOLOX_NANO
    ) -> None:
        self.weights = weights
        self._user_data = user_data
        self._answers = answers

    def find(self, image: Rgb) -> tuple[DetectedObject, ...]:
        """Objects on a picture, the surest first.

        Args:
            image: (H, W, 3) uint8, RGB.

        Raises:
            NotMadeError: If there is no detector.
            ModelUnavailableError: If it is damaged.
            InvalidImageError: If `image` is not an RGB picture.
        """
        held = read(self._user_data, weights=self.weights)
        sha256 = hashlib.sha256(held).hexdigest()
        return self._answers.answer(
            ("objects", image.shape, pixels_sha256(image), sha256),
            lambda _: self._detector(held, sha256).find(image),
        )

    def fetch(self, *, by: Who) -> Path:
        """Get the detector from its address; return its file.

        Raises:
            SettingError: If it cannot be had or kept, or another came.
        """
        address = self.weights.address
        return fetch(self._user_data, address, by=by, weights=self.weights)

    def _detector(self, held: bytes, sha256: str) -> Detector:
        """The detector of these weights, loaded once."""
        return self._answers.answer(("detector", sha256), lambda _: Detector(held))
