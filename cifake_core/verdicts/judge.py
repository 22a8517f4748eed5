"""The façade that pages and commands call: from a picture to a verdict and why."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import ModelUnavailableError, UnknownNameError
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import OBJECT_CLASSES, Label, Ruling
from cifake_core.basics.progress import ProgressCallback
from cifake_core.basics.registry import lookup
from cifake_core.evaluation.embedding_map import features_of
from cifake_core.evaluation.scores import ensemble_weights
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.ensemble import Ensemble, weighted_sum
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.networks.records import Answers
from cifake_core.pictures import filters
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import by_kernel, prepare
from cifake_core.pictures.records import Prepared
from cifake_core.verdicts import card, mahalanobis
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.records import Opinion, Sighting, Verdict
from cifake_core.verdicts.rule import (
    NOT_ASKED,
    Evidence,
    Thresholds,
    rule,
    worth_changing,
)
from cifake_core.verdicts.stability import VARIANTS, weigh_stability


class Detector:
    """The trained networks of one folder; several sessions may share it.

    A network is loaded and traced when it is first asked, and only once.

    Args:
        models: the folder of networks, with the card that says where doubt begins.
        thresholds: where doubt begins instead.
        known: where the networks know their way, instead of the shipped one.
    """

    def __init__(
        self,
        models: Path = store.MODELS,
        *,
        thresholds: Thresholds | None = None,
        known: Domain | None = None,
    ) -> None:
        self._models = models
        self._thresholds = thresholds
        self._known = known
        self._networks: dict[str, Probe] = {}
        self._weights = cache(partial(ensemble_weights, models=models))
        self._loading = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """Return our own networks that have weights, in menu order.

        Raises:
            ModelUnavailableError: If none has.
        """
        names = store.available(self._models)
        if not names:
            msg = (
                f"There are no trained networks in {self._models}. Train them with "
                "`python -m cifake_core train cnn` and `... train cnn3d`, then "
                "promote the runs."
            )
            raise ModelUnavailableError(msg)
        return names

    def network(self, name: str) -> Scorer:
        """Return the network or ensemble `name`, ready to answer.

        Raises:
            UnknownNameError: If there is no such network.
            ModelUnavailableError: If its weights, or a member's, cannot be used.
        """
        spec = lookup(NETWORKS, name, kind="network")
        parts = [self._part(member) for member in spec.members or (name,)]
        if not spec.members:
            return parts[0]
        return Ensemble(name, parts, weights=self._weights(name))

    def judge(self, image: Rgb, *, networks: Sequence[str] | None = None) -> Verdict:
        """Return the verdict on one picture of any size.

        The ruling rests on every network of our own, whichever are asked for. It is
        UNSURE if there is no card on verdicts for them.

        Args:
            image: (H, W, 3) uint8, RGB.
            networks: whose opinions to give, ours or papers'; all of ours by
                default.

        Raises:
            InvalidImageError: If `image` is not a usable picture.
            ModelUnavailableError: If there are no trained networks.
            UnknownNameError: If `networks` holds a name without weights.
        """
        prepared = prepare(image)
        names = self.names()
        asked = networks or names
        trained = dict.fromkeys((*names, *store.available_papers(self._models)))
        for name in asked:
            lookup(trained, name, kind="trained network")
        opinions, features = self._opinions(names, prepared.pixels)
        ruling, reasons = self._rule(opinions, features, image, prepared)
        further = [name for name in asked if name not in names]
        opinions |= self._opinions(further, prepared.pixels)[0]
        return Verdict(
            ruling=ruling,
            reasons=reasons,
            opinions={name: opinions[name] for name in asked},
            prepared=prepared,
            planes=filters.stack(prepared.pixels),
        )

    def explain(  # noqa: PLR0913 - what, by whom and how: by keyword
        self,
        image: Rgb,
        *,
        network: str,
        method: str,
        label: Label,
        seed: int = 0,
        settings: Mapping[str, int] | None = None,
        progress: ProgressCallback | None = None,
    ) -> Explanation:
        """Return why `network` would call a picture `label`.

        Args:
            image: (H, W, 3) uint8, RGB; the map is on its 32x32 version.
            network: a name of `NETWORKS`.
            method: a name of `EXPLAINERS`.
            label: what the evidence is for.
            seed: repeats the map of a method that draws at random.
            settings: those of the method that are not to have their default.
            progress: told the share done, 0 to 1. What it raises stops the work
                and comes through; nothing is kept.

        Raises:
            InvalidImageError: If `image` is not a usable picture.
            ModelUnavailableError: If the network's weights cannot be used.
            SettingError: If a setting is out of its range.
            UnknownNameError: If a name is unknown, or the method does not explain
                this network.
        """
        lookup(NETWORKS, network, kind="network")
        explainer = lookup(EXPLAINERS, method, kind="method")
        if network not in explainer.networks:
            choices = ", ".join(explainer.networks)
            msg = (
                f"{explainer.title} does not explain {network!r}. Choose one of: "
                f"{choices}."
            )
            raise UnknownNameError(msg)
        settings = explainer.complete(settings or {})
        pixels = prepare(image).pixels
        return explainer.explain(
            self.network(network),
            pixels,
            label=label,
            seed=seed,
            settings=settings,
            progress=progress,
        )

    def features(self, image: Rgb, *, network: str) -> Floats:
        """Return (K,) float32, what the last layer but one holds of a picture.

        Args:
            image: (H, W, 3) uint8, RGB.
            network: a name of `NETWORKS`, of no ensemble.

        Raises:
            InvalidImageError: If `image` is not a usable picture.
            ModelUnavailableError: If the network's weights cannot be used.
        """
        return features_of(self.network(network), prepare(image).pixels[None])[0]

    def _rule(
        self,
        opinions: Mapping[str, Opinion],
        features: Mapping[str, Floats],
        image: Rgb,
        prepared: Prepared,
    ) -> tuple[Ruling, tuple[str, ...]]:
        """Return the ruling by our own opinions and features, and why."""
        hashes = {name: opinion.model_sha256 for name, opinion in opinions.items()}
        try:
            thresholds = self._thresholds or card.read(hashes, self._models).thresholds
            known = self._known or mahalanobis.read(
                {name: hashes[name] for name in features}, self._models
            )
        except ModelUnavailableError as error:
            sentence = "Where doubt begins is not known for these networks."
            return "UNSURE", (f"{sentence} {error}",)
        *parts, together = (np.array([o.p_real]) for o in opinions.values())
        network = self.network(list(opinions)[-1])
        evidence = Evidence(
            p_real=together,
            parts=dict(zip(opinions, parts, strict=False)),
            grid_distance=grid_distance(prepared.pixels[None]),
            feature_distance=known.distances(features),
            kept=np.array([NOT_ASKED]),
            num_changes=len(VARIANTS),
            kernels=_by_kernel(network, image, prepared),
        )
        if worth_changing(evidence, thresholds)[0]:
            stability = weigh_stability(network, prepared.pixels)[network.name]
            evidence = replace(evidence, kept=np.array([stability.kept.sum()]))
        return rule(evidence, thresholds)

    def _part(self, name: str) -> Probe:
        """Return a network that has weights of its own, loaded at most once."""
        from cifake_core.networks.runtimes.compiled import compile_folder  # noqa: PLC0415 - loads Keras

        with self._loading:
            if name not in self._networks:
                self._networks[name] = compile_folder(self._models / name)
            return self._networks[name]

    def _opinions(
        self, names: Sequence[str], pixels: Rgb
    ) -> tuple[dict[str, Opinion], dict[str, Floats]]:
        """Return every network's opinion, and its (1, K) features if it has any.

        An ensemble's opinion follows from its members'.
        """
        opinions: dict[str, Opinion] = {}
        features: dict[str, Floats] = {}
        for name in names:
            network = self.network(name)
            members = NETWORKS[name].members
            started = time.perf_counter()
            if members:
                votes = [np.array([opinions[m].logit], np.float32) for m in members]
                logit = weighted_sum(votes, network.weights)
                sighting = opinions[members[0]].sighting
            else:
                answers = network.answers(pixels[None])
                logit, sighting = answers.logits, _sighting(answers)
                if answers.features is not None:
                    features[name] = answers.features
            spent = 1000 * (time.perf_counter() - started)
            opinions[name] = Opinion(
                network=name,
                logit=float(logit[0]),
                p_real=float(sigmoid(logit)[0]),
                milliseconds=spent + sum(opinions[m].milliseconds for m in members),
                model_sha256=network.sha256,
                sighting=sighting,
            )
        return opinions, features


def _by_kernel(
    network: Scorer, image: Rgb, prepared: Prepared
) -> dict[str, npt.NDArray[np.float64]]:
    """Return what each kernel makes of the answer; nothing if none was needed."""
    if prepared.kernel == "none":
        return {}
    pictures = by_kernel(image, prepared)
    p_real = sigmoid(network.logits(np.stack(list(pictures.values()))))
    return dict(zip(pictures, p_real[:, None], strict=True))


def _sighting(answers: Answers) -> Sighting | None:
    """Return what the first picture shows, if the network can say."""
    if answers.objects is None:
        return None
    best = int(answers.objects[0].argmax())
    return Sighting(
        object_class=OBJECT_CLASSES[best], probability=float(answers.objects[0, best])
    )
