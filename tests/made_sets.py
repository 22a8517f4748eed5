"""Pictures of a data set of one's own, made by hand."""

from collections.abc import Sequence

import numpy as np

from cifake_core.basics.labels import LABELS
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.pictures.cifake_form import in_cifake_form
from tests import made_data

_PARTS = (*("training",) * 3, "validation", "test")


def pictures(
    *, n: int = 20, digest: str = "d1", kinds: Sequence[int] = (-1, 3, 5)
) -> DataSetPictures:
    """`n` pictures, of which every second is a photograph; fakes by two generators.

    Of ten, six serve training, two validation and two test, in turn; `kinds` are the
    object classes, in turn.
    """
    numbers = np.arange(n)
    labels = (numbers % 2).astype(np.int8)
    images = [
        in_cifake_form(made_data.png(made_data.picture(LABELS[label], 500 + number)))
        for number, label in enumerate(labels)
    ]
    makers = np.where(numbers % 4 == 0, "gan", "flow")
    return DataSetPictures(
        name="mine",
        digest=digest,
        images=np.stack(images),
        labels=labels,
        object_classes=np.array([kinds[each % len(kinds)] for each in numbers], "i1"),
        generators=np.where(labels == 1, "", makers),
        members=np.array([f"mine/{number}.png" for number in numbers]),
        hashes=np.array([f"{number:064x}" for number in numbers]),
        parts=np.array([_PARTS[number // 2 % len(_PARTS)] for number in numbers]),
    )
