"""Examples on the workbench: stored answers on sample pictures, there at once.

*Analyze* opens on one of them before any network is loaded. What is stored is what
the networks said when `python -m cifake_core examples` asked them. It is handed out
only while weights and cards are those of then; otherwise the networks are asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb, pixels_sha256
from cifake_core.basics.artefacts import Arrays, Artefact
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.labels import Decision, Label
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture
from cifake_core.verdicts import scope
from cifake_core.verdicts.card import POLICY_FILE
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.mahalanobis import DOMAIN_FILE
from cifake_core.verdicts.records import Prediction, Stability, Verdict
from cifake_core.verdicts.scope import SCOPE_FILE
from cifake_core.verdicts.stability import VARIANTS, make_variants, weigh_stability
from cifake_core.workbench.answer_cache import AnswerCache

#: In the folder of networks.
EXAMPLES_FILE: Final = "examples.npz"
#: The samples that are stored, by their file in assets/samples; the app opens on the
#: first. Two are fakes by generators of ours, three come from photographs, one is
#: drawn: it is out of distribution.
EXAMPLES: Final = (
    "fake_diffusion_32.png",
    "fake_gan_32.png",
    "cat_32.png",
    "rocket_32.png",
    "coffee.jpg",
    "checkerboard_32.png",
)
#: The map that is stored of each: a method without settings, with the usual seed.
_METHOD: Final = "gradcam"
_SEED: Final = 0
#: What verdicts rest on besides the weights.
_CARDS: Final = (POLICY_FILE, SCOPE_FILE, DOMAIN_FILE)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MapFacts:
    """Fields of a stored `Explanation` but the map itself."""

    network: str
    model_sha256: str
    label: Label
    signed: bool
    seconds: float
    settings: Mapping[str, float | str]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StabilityFacts:
    """Fields of a stored `Stability` but what became of each change."""

    network: str
    model_sha256: str
    original_p_real: float
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Example:
    """Stored answers on one picture: verdict, one heat map, one network's stability.

    `given` names the picture as it was given, `pixels_sha256` its 32x32 pixels.
    """

    given: str
    pixels_sha256: str
    decision: Decision
    reasons: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    map: MapFacts
    stability: StabilityFacts


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Examples:
    """Header of the stored answers: SHA-256 by network and card, and the examples.

    In the arrays beside it `heatmaps` is (N, 32, 32) float32 and `p_real`, after each
    change, (N, 20) float64.
    """

    SCHEMA: ClassVar[int] = 1

    made_with: Mapping[str, str]
    examples: tuple[Example, ...]


class ExamplesBench:
    """Stored answers, each only as long as networks and cards would still give it.

    Args:
        pool: the networks.
        answers: where what was read is kept.
    """

    def __init__(self, pool: NetworkPool, answers: AnswerCache) -> None:
        self._pool = pool
        self._models = pool.models
        self._answers = answers

    def verdict(self, image: Rgb, picture: PreparedPicture) -> Verdict | None:
        """Stored verdict by our own networks on a picture, or None.

        Args:
            image: (H, W, 3) uint8, RGB, as given.
            picture: the same, prepared.
        """
        given = _given(image)
        for example in self._held()[0].examples:
            if example.given == given:
                return self._verdict(example, picture)
        return None

    def _verdict(self, example: Example, picture: PreparedPicture) -> Verdict:
        """Stored verdict, with what the networks' cards say today of what they know."""
        by_network = {
            each.network: replace(
                each, known=scope.known_generators(each.network, self._models)
            )
            for each in example.predictions
        }
        hashes = {name: each.model_sha256 for name, each in by_network.items()}
        return Verdict(
            decision=example.decision,
            reasons=example.reasons,
            scope=scope.scope_of(hashes, self._models),
            predictions=by_network,
            prepared=picture,
        )

    def explanation(
        self,
        picture: PreparedPicture,
        network: str,
        method: str,
        label: Label,
        seed: int,
    ) -> Explanation | None:
        """Stored heat map, asked for as in `Workbench.explain`, or None."""
        held, arrays = self._held()
        for number, example in enumerate(held.examples):
            facts = example.map
            asked = (picture.sha256, network, method, label, seed)
            kept = (example.pixels_sha256, facts.network, _METHOD, facts.label, _SEED)
            if asked == kept:
                return Explanation(
                    heatmap=arrays["heatmaps"][number],
                    label=label,
                    signed=facts.signed,
                    method=method,
                    network=network,
                    model_sha256=facts.model_sha256,
                    seed=_SEED,
                    seconds=facts.seconds,
                    settings=facts.settings,
                )
        return None

    def stability(self, picture: PreparedPicture, *, network: str) -> Stability | None:
        """Stored stability of a network's label of a picture, or None."""
        held, arrays = self._held()
        for number, example in enumerate(held.examples):
            facts = example.stability
            if (example.pixels_sha256, facts.network) == (picture.sha256, network):
                return Stability(
                    names=tuple(VARIANTS),
                    pictures=make_variants(picture.pixels, seed=_SEED),
                    p_real=arrays["p_real"][number],
                    original_p_real=facts.original_p_real,
                    network=network,
                    model_sha256=facts.model_sha256,
                    seed=_SEED,
                    seconds=facts.seconds,
                )
        return None

    def make(self, images: Sequence[Rgb]) -> Path:
        """Ask the networks about pictures, and store what they say; return the file.

        Args:
            images: each (H, W, 3) uint8, RGB.

        Raises:
            ModelUnavailableError: If the weights of a network cannot be used.
            OSError: If the file cannot be written.
        """
        answered = [_answers_on(image, self._pool) for image in images]
        header = Examples(
            made_with=_made_with(self._models),
            examples=tuple(example for example, _, _ in answered),
        )
        arrays: Arrays = {
            "heatmaps": np.stack([heatmap for _, heatmap, _ in answered]),
            "p_real": np.stack([p_real for _, _, p_real in answered]),
        }
        return _artefact(self._models).write_arrays(header, arrays)

    def _held(self) -> tuple[Examples, Arrays]:
        """What is stored and still true; nothing where there is no such file."""
        path = self._models / EXAMPLES_FILE
        nothing: tuple[Examples, Arrays] = (Examples(made_with={}, examples=()), {})
        try:
            in_use = _made_with(self._models)
            if not path.is_file():
                return nothing
            return self._answers.answer(
                ("examples", file_sha256(path), tuple(in_use.items())),
                lambda _: _read(self._models, in_use),
            )
        except ModelUnavailableError:  # the networks are asked, as if it were not there
            return nothing


def _answers_on(
    image: Rgb, pool: NetworkPool
) -> tuple[Example, Floats, npt.NDArray[np.float64]]:
    """What the networks say of one picture: example, heat map, each change's p_real."""
    picture = prepare(image)
    verdict = Judge(pool).judge_prepared(picture)
    found = EXPLAINERS[_METHOD].explain(
        pool.network(verdict.speaker),
        picture,
        label=verdict.predictions[verdict.speaker].label,
        seed=_SEED,
    )
    network = verdict.decided_by
    stability = weigh_stability(pool.network(network), picture, seed=_SEED)[network]
    example = Example(
        given=_given(image),
        pixels_sha256=picture.sha256,
        decision=verdict.decision,
        reasons=verdict.reasons,
        predictions=tuple(verdict.predictions.values()),
        map=MapFacts(
            network=found.network,
            model_sha256=found.model_sha256,
            label=found.label,
            signed=found.signed,
            seconds=found.seconds,
            settings=dict(found.settings),
        ),
        stability=StabilityFacts(
            network=network,
            model_sha256=stability.model_sha256,
            original_p_real=stability.original_p_real,
            seconds=stability.seconds,
        ),
    )
    return example, found.heatmap, stability.p_real


def _read(models: Path, in_use: Mapping[str, str]) -> tuple[Examples, Arrays]:
    """The stored answers, of these weights and cards."""
    artefact = _artefact(models)
    held, arrays = artefact.read_arrays(Examples)
    artefact.check_weights(held.made_with, in_use)
    return held, arrays


def _made_with(models: Path) -> dict[str, str]:
    """SHA-256 of all that verdicts rest on, by network and by card."""
    cards = [models / card for card in _CARDS if (models / card).is_file()]
    return store.revisions(models) | {card.name: file_sha256(card) for card in cards}


def _given(image: Rgb) -> str:
    """Name of a picture as it was given: its size and the hash of its pixels."""
    height, width = image.shape[:2]
    return f"{width}x{height} {pixels_sha256(image)}"


def _artefact(models: Path) -> Artefact:
    """The file in a folder of networks."""
    return Artefact(
        models / EXAMPLES_FILE,
        what="table of answers on samples",
        remedy="Make it with `python -m cifake_core examples`.",
    )
