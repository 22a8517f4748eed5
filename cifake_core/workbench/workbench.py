"""Workbench: every question about pictures and networks, answered once.

It knows the folder of trained networks, and nothing of who asks. Answers are kept by
pixels, names and the weights' hashes, so new weights never get an old answer.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from cifake_core.basics.arrays import Floats, Rgb, pixels_sha256
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.basics.registry import lookup
from cifake_core.evaluation.embedding_map import features_of_picture
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.channel_values import channel_values, stored_means
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.networks import store
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.trust import table
from cifake_core.trust.measure import Trust, measure_trust
from cifake_core.trust.table import TrustTable
from cifake_core.verdicts.card import POLICY_FILE, PolicyCard
from cifake_core.verdicts.card import read as read_policy_card
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.records import Stability, Verdict
from cifake_core.verdicts.stability import weigh_stability
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.dataset import DatasetBench
from cifake_core.workbench.evaluation import EvaluationBench
from cifake_core.workbench.findings import gather_findings
from cifake_core.workbench.inspection import InspectionBench
from cifake_core.workbench.papers import PapersBench
from cifake_core.workbench.robustness import RobustnessBench

#: Answers about pictures that are kept: a map has 4 KB, a verdict 10.
_NUM_ANSWERS: Final = 1024
#: Answers about test sets that are kept: scores have 3 MB.
_NUM_TABLES: Final = 96


class Workbench:
    """The application: judge, explain, trust, evaluate, compare, browse.

    Threads and visitors may share it; two who ask the same at once cause one
    computation. `evaluation`, `robustness`, `dataset`, `inspection` and `papers`
    answer what belongs together.

    Args:
        models: the folder of trained networks, with a subfolder for each.
        networks: those networks, ready to answer; loaded from `models` by default.
    """

    def __init__(self, models: Path, *, networks: NetworkPool | None = None) -> None:
        self.models = models
        self.pool = networks or NetworkPool(models)
        self._answers = AnswerCache(_NUM_ANSWERS)
        tables = AnswerCache(_NUM_TABLES)
        self.evaluation = EvaluationBench(models, tables)
        self.robustness = RobustnessBench(models, tables, self.evaluation)
        self.dataset = DatasetBench(models, tables, self.evaluation)
        self.inspection = InspectionBench(self.pool, self._answers)
        self.papers = PapersBench(models)

    def names(self) -> tuple[str, ...]:
        """Our own networks that have weights, in menu order."""
        return store.available(self.models)

    def all_names(self) -> tuple[str, ...]:
        """Networks that have weights, the papers' after our own."""
        return (*self.names(), *store.available_papers(self.models))

    def card(self, network: str) -> NetworkCard:
        """Card of a network that has weights of its own.

        Raises:
            ModelUnavailableError: If it is missing or not readable.
        """
        return store.load_card(self.models / network)

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
            ("judge", *key, further, hashes, self._policy_sha256()),
            lambda _: Judge(self.pool).judge_prepared(
                self._prepare(image, key), networks=(*own, *further)
            ),
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
            lambda tell: explainer.explain(
                self.pool.network(network),
                picture,
                label=label,
                seed=seed,
                settings=chosen,
                progress=tell,
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
            lambda _: weigh_stability(self.pool.network(network), picture)[network],
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

    def findings(
        self, image: Rgb, *, maps: Sequence[MapFinding], seed: int = 0
    ) -> Findings:
        """Return all that a report holds on one picture; see `gather_findings`."""
        return gather_findings(self, image, maps=maps, seed=seed)

    def policy_card(self) -> PolicyCard:
        """Card on the verdicts of our own networks.

        Raises:
            ModelUnavailableError: If the card is missing, damaged or of other weights.
        """
        names = self.names()
        hashes = {name: store.revision(name, self.models) for name in names}
        return self._answers.answer(
            ("policy", tuple(hashes.values()), self._policy_sha256()),
            lambda _: read_policy_card(hashes, self.models),
        )

    def trust_table(self) -> TrustTable | None:
        """Measured trust in each method, or None if there is none."""
        path = self.models / table.TRUST_FILE
        if not path.is_file():
            return None
        with suppress(ModelUnavailableError):  # of other weights: as if not measured
            hashes = tuple(store.revision(name, self.models) for name in self.names())
            return self._answers.answer(
                ("trust table", file_sha256(path), hashes),
                lambda _: table.read(self.models),
            )
        return None

    def warm_up(self) -> None:
        """Load our own networks, so that the first picture does not wait for them."""
        for name in self.names():
            self.pool.network(name)

    def _prepare(self, image: Rgb, key: tuple[tuple[int, ...], str]) -> PreparedPicture:
        """Prepared picture of the image with this `_key`."""
        return self._answers.answer(("prepare", *key), lambda _: prepare(image))

    def _policy_sha256(self) -> str:
        """Hash of the card on verdicts; empty if there is none."""
        path = self.models / POLICY_FILE
        return file_sha256(path) if path.is_file() else ""


def _key(image: Rgb) -> tuple[tuple[int, ...], str]:
    """Key of a picture of any size: its shape and the hash of its pixels."""
    return image.shape, pixels_sha256(image)
