"""Trials of the decision rule: other file forms, and out-of-distribution pictures."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.estimates import proportion
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.out_of_distribution import OutOfDistributionSet
from cifake_core.pictures.reading import read_picture
from cifake_core.verdicts.card import FormRow, OutOfDistributionRow
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.rule import EXPERT, TOGETHER

_ENLARGED: Final = 8


def _as_png(image: Rgb) -> Rgb:
    """Return a picture after it was saved as PNG and read again."""
    data = cv2.imencode(".png", image[:, :, ::-1])[1]
    return read_picture(data.tobytes()).pixels


def _enlarged(image: Rgb) -> Rgb:
    """Return a picture enlarged in blocks, by nearest neighbour."""
    return _as_png(image.repeat(_ENLARGED, axis=0).repeat(_ENLARGED, axis=1))


_FORMS: Final[Mapping[str, Callable[[Rgb], Rgb]]] = {
    "PNG": _as_png,
    "PNG, enlarged eightfold by nearest neighbour": _enlarged,
}


def try_forms(
    judge: Judge,
    images: npt.NDArray[np.uint8],
    given: npt.NDArray[np.int64],
    progress: ProgressCallback,
) -> tuple[FormRow, ...]:
    """Return the share of verdicts that outlast another form of the picture.

    Args:
        judge: asked again.
        images: (N, 32, 32, 3) uint8, RGB.
        given: (N,) numbers of `labels.DECISIONS`: the decisions on them as they are.
        progress: told the share done, 0 to 1.
    """
    rows = []
    for place, (form, change) in enumerate(_FORMS.items()):
        progress(place / len(_FORMS))
        kept = sum(
            judge.judge(change(image)).decision == DECISIONS[number]
            for image, number in zip(images, given, strict=True)
        )
        rows.append(
            FormRow(form=form, n=len(images), kept=proportion(kept, len(images)))
        )
    return tuple(rows)


def try_out_of_distribution(
    judge: Judge, groups: tuple[OutOfDistributionSet, ...], progress: ProgressCallback
) -> tuple[OutOfDistributionRow, ...]:
    """Return the coverage of out-of-distribution pictures, which should have none."""
    rows = []
    for number, group in enumerate(groups):
        progress(number / len(groups))
        verdicts = [judge.judge(picture) for picture in group.pictures]
        given = [verdict.decision for verdict in verdicts]
        labelled_fake, expert_fake = (
            sum(verdict.predictions[name].label == "FAKE" for verdict in verdicts)
            for name in (TOGETHER, EXPERT)
        )
        n = len(verdicts)
        rows.append(
            OutOfDistributionRow(
                kind=group.kind,
                tuned=group.tuned,
                marked=group.marked,
                n=n,
                judged=proportion(n - given.count("UNSURE"), n),
                called_fake=proportion(given.count("FAKE"), n),
                labelled_fake=proportion(labelled_fake, n),
                expert_fake=proportion(expert_fake, n),
            )
        )
    return tuple(rows)
