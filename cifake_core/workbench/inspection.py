"""Inspection on the workbench: feature maps, Grad-CAM and LIME step by step."""

from typing import TYPE_CHECKING

from cifake_core.basics.labels import Label
from cifake_core.explain.explainer import Question
from cifake_core.explain.methods import cam, lime
from cifake_core.networks import store
from cifake_core.networks.inspection.convolution import FeatureMaps
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.records import PreparedPicture
from cifake_core.workbench.answer_cache import AnswerCache

if TYPE_CHECKING:
    from cifake_core.networks.inspection.first_layers import Anatomy


class InspectionBench:
    """Inspection of the first layers, Grad-CAM and LIME on a prepared picture.

    Args:
        pool: the trained networks.
        answers: where answers are kept.
    """

    def __init__(self, pool: NetworkPool, answers: AnswerCache) -> None:
        self._pool = pool
        self._answers = answers

    def feature_maps(
        self, picture: PreparedPicture, *, network: str
    ) -> tuple[FeatureMaps, ...]:
        """Feature maps of a network's first convolutions."""
        return self._answers.answer(
            ("feature maps", *self._key(picture, network)),
            lambda _: self._anatomy(network).maps(picture),
        )

    def cam_steps(
        self, picture: PreparedPicture, *, network: str, label: Label
    ) -> cam.CamSteps:
        """Grad-CAM with all that it computes on the way."""

        def find(_: object) -> cam.CamSteps:
            (probe,) = self._pool.network(network).parts
            return cam.cam_steps(probe, picture, label=label)

        return self._answers.answer(
            ("steps", *self._key(picture, network), label), find
        )

    def fit_line(
        self,
        picture: PreparedPicture,
        *,
        network: str,
        label: Label,
        num_samples: int,
        seed: int = 0,
    ) -> lime.LineFit:
        """LIME's changed pictures and the line that is fitted to them."""
        return self._answers.answer(
            ("line", *self._key(picture, network), label, num_samples, seed),
            lambda tell: lime.fit_line(
                Question(
                    network=self._pool.network(network),
                    picture=picture,
                    label=label,
                    seed=seed,
                    settings={"num_samples": num_samples},
                    progress=tell,
                )
            ),
        )

    def _anatomy(self, network: str) -> "Anatomy":
        from cifake_core.networks.inspection.first_layers import (  # noqa: PLC0415 - loads Keras
            open_folder,
        )

        folder = self._pool.models / network
        return self._answers.answer(
            ("anatomy", network, store.revision(network, self._pool.models)),
            lambda _: open_folder(folder),
        )

    def _key(self, picture: PreparedPicture, network: str) -> tuple[str, str, str]:
        """Hashes of a picture and of a network's weights, and its name."""
        sha256 = store.revision(network, self._pool.models)
        return picture.sha256, network, sha256
