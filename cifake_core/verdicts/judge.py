"""Judge: predictions of the networks, and a decision with reasons."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import OBJECT_CLASSES, Decision
from cifake_core.basics.registry import lookup
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Scorer
from cifake_core.networks.records import Answers
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture
from cifake_core.verdicts import card, mahalanobis
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.records import ObjectPrediction, Prediction, Verdict
from cifake_core.verdicts.rule import (
    NOT_ASKED,
    AbstainThresholds,
    Signals,
    decide,
    needs_stability,
)
from cifake_core.verdicts.stability import VARIANTS, weigh_stability


class Judge:
    """Judge of pictures: the decision rule, applied to the networks' predictions.

    Args:
        networks: the trained networks; verdicts rest on all of our own.
        thresholds: those of the decision rule, instead of the shipped card's.
        known: the distribution of training features, instead of the shipped one.
    """

    def __init__(
        self,
        networks: NetworkPool,
        *,
        thresholds: AbstainThresholds | None = None,
        known: Domain | None = None,
    ) -> None:
        self._pool = networks
        self._thresholds = thresholds
        self._known = known

    def judge(self, image: Rgb, *, networks: Sequence[str] | None = None) -> Verdict:
        """Return the verdict on one picture of any size.

        The decision rests on every network of our own, whichever are asked for. It is
        UNSURE if there is no card on verdicts for them.

        Args:
            image: (H, W, 3) uint8, RGB.
            networks: whose predictions to give, ours or papers'; all of ours by
                default.

        Raises:
            InvalidImageError: If `image` is not a usable picture.
            ModelUnavailableError: If there are no trained networks.
            UnknownNameError: If `networks` holds a name without weights.
        """
        return self.judge_prepared(prepare(image), networks=networks)

    def judge_prepared(
        self, picture: PreparedPicture, *, networks: Sequence[str] | None = None
    ) -> Verdict:
        """Return the verdict on a prepared picture; see `judge`."""
        names = self._pool.names()
        asked = networks or names
        trained = dict.fromkeys((*names, *store.available_papers(self._pool.models)))
        for name in asked:
            lookup(trained, name, kind="trained network")
        predictions, features = self._predictions(names, picture)
        decision, reasons = self._decide(predictions, features, picture)
        further = [name for name in asked if name not in names]
        predictions |= self._predictions(further, picture)[0]
        return Verdict(
            decision=decision,
            reasons=reasons,
            predictions={name: predictions[name] for name in asked},
            prepared=picture,
        )

    def _decide(
        self,
        predictions: Mapping[str, Prediction],
        features: Mapping[str, Floats],
        picture: PreparedPicture,
    ) -> tuple[Decision, tuple[str, ...]]:
        """Return the decision by our own predictions and features, and its reasons."""
        hashes = {
            name: prediction.model_sha256 for name, prediction in predictions.items()
        }
        try:
            thresholds = (
                self._thresholds or card.read(hashes, self._pool.models).thresholds
            )
            known = self._known or mahalanobis.read(
                {name: hashes[name] for name in features}, self._pool.models
            )
        except ModelUnavailableError as error:
            sentence = "There are no thresholds for abstaining with these networks."
            return "UNSURE", (f"{sentence} {error}",)
        *parts, together = (np.array([o.p_real]) for o in predictions.values())
        network = self._pool.network(list(predictions)[-1])
        signals = Signals(
            p_real=together,
            parts=dict(zip(predictions, parts, strict=False)),
            grid_distance=np.array([picture.grid_distance]),
            feature_distance=known.distances(features),
            kept=np.array([NOT_ASKED]),
            num_changes=len(VARIANTS),
            kernels=_by_kernel(network, picture),
        )
        if needs_stability(signals, thresholds)[0]:
            stability = weigh_stability(network, picture)[network.name]
            signals = replace(signals, kept=np.array([stability.kept.sum()]))
        return decide(signals, thresholds)

    def _predictions(
        self, names: Sequence[str], picture: PreparedPicture
    ) -> tuple[dict[str, Prediction], dict[str, Floats]]:
        """Return every network's prediction, and its (1, K) features if it has any.

        An ensemble's prediction follows from its members'.
        """
        predictions: dict[str, Prediction] = {}
        features: dict[str, Floats] = {}
        for name in names:
            network = self._pool.network(name)
            members = NETWORKS[name].members
            started = time.perf_counter()
            if members:
                votes = [np.array([predictions[m].logit], np.float32) for m in members]
                logit = weighted_sum(votes, network.weights)
                object_prediction = predictions[members[0]].object_prediction
            else:
                answers = network.predict(picture)
                logit, object_prediction = answers.logits, _object_prediction(answers)
                if answers.features is not None:
                    features[name] = answers.features
            spent = 1000 * (time.perf_counter() - started)
            predictions[name] = Prediction(
                network=name,
                logit=float(logit[0]),
                p_real=float(sigmoid(logit)[0]),
                milliseconds=spent + sum(predictions[m].milliseconds for m in members),
                model_sha256=network.sha256,
                object_prediction=object_prediction,
            )
        return predictions, features


def _by_kernel(
    network: Scorer, picture: PreparedPicture
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the probability of REAL by each kernel; none if none was needed."""
    if not picture.resampled:
        return {}
    p_real = sigmoid(network.logits(np.stack(list(picture.resampled.values()))))
    return dict(zip(picture.resampled, p_real[:, np.newaxis], strict=True))


def _object_prediction(answers: Answers) -> ObjectPrediction | None:
    """Return the predicted object class, if the network was taught them."""
    if answers.objects is None:
        return None
    best = int(answers.objects[0].argmax())
    return ObjectPrediction(
        object_class=OBJECT_CLASSES[best], probability=float(answers.objects[0, best])
    )
