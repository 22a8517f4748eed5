"""Pictures on the workbench: prepared, judged, explained, and the answers kept."""

from collections.abc import Mapping, Sequence
from typing import Final

from cifake_core.basics.arrays import Floats, Rgb, pixels_sha256
from cifake_core.basics.files import file_sha256
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.basics.registry import lookup
from cifake_core.evaluation.embedding_map import features_of_picture
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.channel_values import channel_values, stored_means
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture
from cifake_core.trust.measure import Trust, measure_trust
from cifake_core.verdicts.card import POLICY_FILE
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.records import Stability, Verdict
from cifake_core.verdicts.scope import SCOPE_FILE
from cifake_core.verdicts.stability import weigh_stability
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.examples import ExamplesBench

#: Answers about pictures that are kept: a map has 4 KB, a verdict 10.
_NUM_ANSWERS: Final = 1024


class PictureBench:
    """What networks say of one picture, and why; the workbench is one of these.

    `examples` are answers on samples that are stored.

    Args:
        pool: the networks, ready to answer.
    """

    def __init__(self, pool: NetworkPool) -> None:
        self.pool = pool
        self.models = pool.models
        self._answers = AnswerCache(_NUM_ANSWERS)
        self.examples = ExamplesBench(pool, self._answers)

    def names(self) -> tuple[str, ...]:
        """Our own networks that have weights, in menu order."""
        return store.available(self.models)

    def prepare(self, image: Rgb) -> PreparedPicture:
        """Picture of any size as the networks see it, 32x32 pixels.

        Raises:
            InvalidImageError: If `image` is not a usable picture.
        """
        return self._prepare(image, _key(image))

    def judge(self, image: Rgb, *, networks: Sequence[str] = ()) -> Verdict:
        """Verdict on a picture of any size.

        Args:
            image: (H, W, 3) uint8, RGB.
            networks: whose predictions it has besides those of our own.

        Raises:
            InvalidImageError: If `image` is not a usable picture.
            ModelUnavailableError: If there are no trained networks.
            UnknownNameError: If `networks` holds a name without weights.
        """
        own = self.names()
        further = tuple(dict.fromkeys(name for name in networks if name not in own))
        hashes = tuple(store.revision(name, self.models) for name in (*own, *further))
        key = _key(image)
        return self._answers.answer(
            ("judge", *key, further, hashes, self._sha256(POLICY_FILE, SCOPE_FILE)),
            lambda _: self._judge(image, self._prepare(image, key), own, further),
        )

    def _judge(
        self,
        image: Rgb,
        picture: PreparedPicture,
        own: tuple[str, ...],
        further: tuple[str, ...],
    ) -> Verdict:
        """Verdict that is stored, or else by asking the networks."""
        stored = None if further else self.examples.verdict(image, picture)
        return stored or Judge(self.pool).judge_prepared(
            picture, networks=(*own, *further)
        )

    def explain(  # noqa: PLR0913 - what, by whom and how: by keyword
        self,
        picture: PreparedPicture,
        *,
        network: str,
        method: str,
        label: Label,
        seed: int = 0,
        settings: Mapping[str, int] | None = None,
        progress: ProgressCallback = tell_nobody,
    ) -> Explanation:
        """Heat map of the evidence for `label`; see `Explainer.explain`.

        Raises:
            ModelUnavailableError: If the network's weights cannot be used.
            SettingError: If a setting is out of its range.
            UnknownNameError: If a name is unknown.
        """
        explainer = lookup(EXPLAINERS, method, kind="method")
        chosen = explainer.complete(settings or {})
        sha256 = store.revision(network, self.models)
        return self._answers.answer(
            (
                "explain",
                picture.sha256,
                sha256,
                method,
                label,
                seed,
                tuple(chosen.items()),
            ),
            lambda tell: (
                self.examples.explanation(picture, network, method, label, seed)
                or explainer.explain(
                    self.pool.network(network),
                    picture,
                    label=label,
                    seed=seed,
                    settings=chosen,
                    progress=tell,
                )
            ),
            progress=progress,
        )

    def trust(
        self,
        picture: PreparedPicture,
        explanation: Explanation,
        *,
        seed: int = 0,
        progress: ProgressCallback = tell_nobody,
    ) -> Trust:
        """Trust score of a heat map, by deletion and insertion.

        Args:
            picture: as the networks saw it.
            explanation: of that picture.
            seed: draws the maps in random places.
            progress: told the share done, 0 to 1; what it raises comes through.
        """
        who = (explanation.network, explanation.model_sha256, explanation.method)
        what = (explanation.heatmap.tobytes(), explanation.label)
        return self._answers.answer(
            ("trust", picture.sha256, *who, *what, seed),
            lambda tell: measure_trust(
                self.pool.network(explanation.network),
                picture,
                explanation,
                seed=seed,
                progress=tell,
            ),
            progress=progress,
        )

    def channel_values(
        self,
        picture: PreparedPicture,
        *,
        network: str,
        label: Label,
        replacement: str = "training_mean",
        seed: int = 0,
    ) -> ChannelValues:
        """Shapley value of each filtered channel for the score of `label`.

        Raises:
            ModelUnavailableError: If the network's card lacks the channels' means.
        """
        means = stored_means(network, self.models)  # before the network is loaded
        sha256 = store.revision(network, self.models)
        return self._answers.answer(
            ("channels", picture.sha256, sha256, label, replacement, seed),
            lambda _: channel_values(
                self.pool.network(network),
                picture,
                label=label,
                means=means,
                replacement=replacement,
                seed=seed,
            ),
        )

    def stability(self, picture: PreparedPicture, *, network: str) -> Stability:
        """Stability of the label of a picture under small changes."""
        sha256 = store.revision(network, self.models)
        return self._answers.answer(
            ("stability", picture.sha256, network, sha256),
            lambda _: (
                self.examples.stability(picture, network=network)
                or weigh_stability(self.pool.network(network), picture)[network]
            ),
        )

    def features(self, picture: PreparedPicture, *, network: str) -> Floats:
        """(K,) float32, a network's features of one picture.

        Raises:
            TypeError: If the network is an ensemble: those have no features.
        """
        sha256 = store.revision(network, self.models)
        return self._answers.answer(
            ("features", picture.sha256, sha256),
            lambda _: features_of_picture(self.pool.network(network), picture),
        )

    def _prepare(self, image: Rgb, key: tuple[tuple[int, ...], str]) -> PreparedPicture:
        """Prepared picture of the image with this `_key`."""
        return self._answers.answer(("prepare", *key), lambda _: prepare(image))

    def _sha256(self, *files: str) -> tuple[str, ...]:
        """Hashes of cards on verdicts; empty where there is none."""
        paths = [self.models / file for file in files]
        return tuple(file_sha256(path) if path.is_file() else "" for path in paths)


def _key(image: Rgb) -> tuple[tuple[int, ...], str]:
    """Key of a picture of any size: its shape and the hash of its pixels."""
    return image.shape, pixels_sha256(image)
