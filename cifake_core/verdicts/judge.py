"""Judge: predictions of the networks, and a decision with reasons."""

import time
from collections.abc import Hashable, Iterable, Mapping, Sequence
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
from cifake_core.verdicts import card, mahalanobis, scope
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.records import ObjectPrediction, Prediction, Verdict
from cifake_core.verdicts.rule import (
    EXPERT,
    NOT_ASKED,
    TOGETHER,
    AbstainThresholds,
    Signals,
    needs_stability,
)
from cifake_core.verdicts.sentences import decide
from cifake_core.verdicts.stability import VARIANTS, weigh_stability


class Judge:
    """Judge of pictures: the decision rule, applied to the networks' predictions.

    What it decides by is read once for the networks' weights: a judge of many pictures
    judges them all alike. Threads may share it.

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
        self._rules: dict[Hashable, tuple[AbstainThresholds, Domain]] = {}

    def judge(self, image: Rgb, *, networks: Sequence[str] | None = None) -> Verdict:
        """Return the verdict on one picture of any size.

        The decision rests on the ensemble and the expert, whichever are asked for. It
        is UNSURE if one of them has no weights, or there is no card on verdicts.

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
        [verdict] = self.judge_all([picture], networks=networks)
        return verdict

    def judge_all(
        self,
        pictures: Sequence[PreparedPicture],
        *,
        networks: Sequence[str] | None = None,
    ) -> list[Verdict]:
        """Return the verdict on each of many prepared pictures; see `judge`.

        The time of a prediction is then the picture's share of that of them all.
        """
        if not pictures:
            return []
        names = self._pool.names()
        asked = networks or names
        trained = dict.fromkeys((*names, *store.available_papers(self._pool.models)))
        for name in asked:
            lookup(trained, name, kind="trained network")
        predictions, features = self._predictions(names, pictures)
        hashes = {name: each[0].model_sha256 for name, each in predictions.items()}
        decided = self._decide(predictions, features, hashes, pictures)
        known = scope.scope_of(hashes, self._pool.models)
        further = [name for name in asked if name not in names]
        predictions |= self._predictions(further, pictures)[0]
        return [
            Verdict(
                decision=decision,
                reasons=reasons,
                scope=known,
                predictions={name: predictions[name][number] for name in asked},
                prepared=pictures[number],
            )
            for number, (decision, reasons) in enumerate(decided)
        ]

    def _decide(
        self,
        predictions: Mapping[str, Sequence[Prediction]],
        features: Mapping[str, Floats],
        hashes: Mapping[str, str],
        pictures: Sequence[PreparedPicture],
    ) -> list[tuple[Decision, tuple[str, ...]]]:
        """Return each decision by our own predictions and features, and its reasons."""
        try:
            network = self._pool.network(TOGETHER)
            self._pool.network(EXPERT)
            thresholds, known = self._rule(hashes, features)
        except ModelUnavailableError as error:
            sentence = "There are no thresholds for abstaining with these networks."
            return [("UNSURE", (f"{sentence} {error}",))] * len(pictures)
        distances = known.distances(features)
        return [
            _decide_one(
                network,
                picture,
                p_real={
                    name: np.array([each[number].p_real])
                    for name, each in predictions.items()
                },
                feature_distance=distances[number : number + 1],
                thresholds=thresholds,
            )
            for number, picture in enumerate(pictures)
        ]

    def _rule(
        self, hashes: Mapping[str, str], with_features: Iterable[str]
    ) -> tuple[AbstainThresholds, Domain]:
        """Return thresholds and domain for networks of these hashes.

        Raises:
            ModelUnavailableError: If they are missing or made with other weights.
        """
        key = tuple(hashes.items())
        found = self._rules.get(key)
        if found is None:
            models = self._pool.models
            found = self._rules[key] = (
                self._thresholds or card.read(hashes, models).thresholds,
                self._known
                or mahalanobis.read(
                    {name: hashes[name] for name in with_features}, models
                ),
            )
        return found

    def _predictions(
        self, names: Sequence[str], pictures: Sequence[PreparedPicture]
    ) -> tuple[dict[str, list[Prediction]], dict[str, Floats]]:
        """Return every network's predictions, and its (N, K) features if it has any.

        An ensemble's predictions follow from its members'.
        """
        predictions: dict[str, list[Prediction]] = {}
        features: dict[str, Floats] = {}
        for name in names:
            network = self._pool.network(name)
            members = NETWORKS[name].members
            started = time.perf_counter()
            if members:
                votes = [_logits(predictions[member]) for member in members]
                logits = weighted_sum(votes, network.weights)
                objects = [each.object_prediction for each in predictions[members[0]]]
            else:
                answers = network.predict(*pictures)
                logits, objects = answers.logits, _object_predictions(answers)
                if answers.features is not None:
                    features[name] = answers.features
            spent = 1000 * (time.perf_counter() - started) / len(pictures)
            spent += sum(predictions[m][0].milliseconds for m in members)
            known = scope.known_generators(name, self._pool.models)
            predictions[name] = [
                Prediction(
                    network=name,
                    logit=float(logit),
                    p_real=float(p_real),
                    milliseconds=spent,
                    model_sha256=network.sha256,
                    known=known,
                    object_prediction=seen,
                )
                for logit, p_real, seen in zip(
                    logits, sigmoid(logits), objects, strict=True
                )
            ]
        return predictions, features


def _decide_one(
    network: Scorer,
    picture: PreparedPicture,
    *,
    p_real: Mapping[str, npt.NDArray[np.float64]],
    feature_distance: npt.NDArray[np.float64],
    thresholds: AbstainThresholds,
) -> tuple[Decision, tuple[str, ...]]:
    """Return the decision on one picture and its reasons; all arrays are (1,)."""
    signals = Signals(
        p_real=p_real[TOGETHER],
        parts={name: p_real[name] for name in NETWORKS[TOGETHER].members},
        expert=p_real[EXPERT],
        grid_distance=np.array([picture.grid_distance]),
        feature_distance=feature_distance,
        kept=np.array([NOT_ASKED]),
        num_changes=len(VARIANTS),
        kernels=_by_kernel(network, picture),
    )
    if needs_stability(signals, thresholds)[0]:
        stability = weigh_stability(network, picture)[network.name]
        signals = replace(signals, kept=np.array([stability.kept.sum()]))
    return decide(signals, thresholds)


def _by_kernel(
    network: Scorer, picture: PreparedPicture
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the probability of REAL by each kernel; none if none was needed."""
    if not picture.resampled:
        return {}
    p_real = sigmoid(network.logits(np.stack(list(picture.resampled.values()))))
    return dict(zip(picture.resampled, p_real[:, np.newaxis], strict=True))


def _logits(predictions: Sequence[Prediction]) -> Floats:
    """Return the logits of a network's predictions, (N,) float32."""
    return np.array([each.logit for each in predictions], np.float32)


def _object_predictions(answers: Answers) -> list[ObjectPrediction | None]:
    """Return each predicted object class, None where the network was taught none."""
    if answers.objects is None:
        return [None] * len(answers.logits)
    best = answers.objects.argmax(axis=1)
    return [
        ObjectPrediction(
            object_class=OBJECT_CLASSES[number], probability=float(row[number])
        )
        for row, number in zip(answers.objects, best, strict=True)
    ]
