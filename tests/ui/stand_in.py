"""Services that need neither a network nor the data set, and what pages show."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from streamlit.testing.v1 import AppTest

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.labels import Label
from cifake_core.data import facts
from cifake_core.data.cifake import Split
from cifake_core.data.facts import DataFacts, Part
from cifake_core.evaluation import game
from cifake_core.evaluation.comparison import Cell, Comparison, cells, compare
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.evaluation.operating_points import Curves, curves
from cifake_core.evaluation.records import EvalReport, RobustnessReport
from cifake_core.evaluation.robustness import CorruptionScores, after
from cifake_core.evaluation.scores import Scores
from cifake_core.explain import channel_values as channels
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.networks import OWN
from cifake_core.pictures.corruptions import Corruption
from cifake_core.trust.measure import Trust, measure_trust
from cifake_core.trust.table import TrustTable
from cifake_core.verdicts.card import PolicyCard
from cifake_core.verdicts.records import ObjectPrediction, Stability, Verdict
from cifake_core.verdicts.stability import weigh_stability
from tests.ui import records

if TYPE_CHECKING:
    from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation import subgroups

ROOT = Path(__file__).resolve().parents[2]

OpenApp = Callable[..., AppTest]


class StandIn:
    """What the services answer; a test changes it before it opens the app."""

    def __init__(self) -> None:
        self.logits: Mapping[str, float] = {"cnn": 2.0, "cnn3d": 3.0, "ensemble": 2.5}
        self.object_predictions: Mapping[str, ObjectPrediction] = {}
        self.cards = {name: records.card(name) for name in ("cnn", "cnn3d")}
        self.wrong: Mapping[int, float] = {0: 4.0, 7: 2.0, 40: -9.0}
        self.wrong_of: dict[str, Mapping[int, float]] = {}
        self.flips: Mapping[str, Mapping[int, float]] = {
            "jpeg_50": {3: 1.0, 0: 0.5, 35: -2.0, 40: 3.0},
            "blur_0.8": {7: 4.0, 36: -5.0},
        }
        self.data: Path | None = Path("cifake.zip")
        self.split = records.split()
        self.facts = records.data_facts()
        self.failures: dict[str, CifakeError] = {}
        self.explained: list[tuple[str, str, Label]] = []
        self.settings: dict[str, Mapping[str, int]] = {}
        self.table: TrustTable | None = None

    def judge(self, image: Rgb, *, networks: tuple[str, ...] = ()) -> Verdict:
        """Return the verdict that follows from `logits`: ours, then those asked for."""
        self._fail("judge")
        names = dict.fromkeys((*(n for n in self.logits if n in OWN), *networks))
        logits = {name: self.logits[name] for name in names}
        return records.verdict(image, logits, self.object_predictions)

    def verdicts_card(self) -> PolicyCard:
        """Return a card on verdicts."""
        self._fail("verdicts_card")
        return records.verdicts_card()

    def explain(  # noqa: PLR0913 - as the service
        self,
        image: Rgb,
        *,
        network: str,
        method: str,
        label: Label,
        settings: Mapping[str, int] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Explanation:
        """Return a map, half of it first, and remember which was asked for."""
        self._fail("explain")
        assert image.shape == (32, 32, 3)
        self.explained.append((network, method, label))
        self.settings[method] = dict(settings or {})
        if progress is not None:
            progress(0.5)
            progress(1.0)
        return records.explanation(network, method, label)

    def trust(
        self,
        image: Rgb,
        explanation: Explanation,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Trust:
        """Return the trust in a map of a network whose right half speaks for REAL."""
        self._fail("trust")
        probe = records.probe(explanation.network)
        return measure_trust(probe, image, explanation, progress=progress)

    def measured_methods(self) -> TrustTable | None:
        """Return `table`."""
        return self.table

    def channel_values(
        self, image: Rgb, *, network: str, label: Label, replacement: str
    ) -> ChannelValues:
        """Return the values of a network that weighs the last channel most."""
        self._fail("channel_values")
        return channels.channel_values(
            records.plane_probe(network),
            image,
            label=label,
            means=np.full(6, 128.0),
            replacement=replacement,
        )

    def stability(self, image: Rgb, *, network: str) -> Stability:
        """Return how the word of that network stands up to changes."""
        self._fail("stability")
        return weigh_stability(records.probe(network), image)[network]

    def networks(self) -> tuple[str, ...]:
        """Return those of our own with logits."""
        return tuple(name for name in self.logits if name in OWN)

    def all_networks(self) -> tuple[str, ...]:
        """Return the networks with logits; at first there are no papers' ones."""
        return tuple(self.logits)

    def curves(self, network: str, *, leak_free: bool) -> Curves:
        """Return the curves of these scores."""
        scores = self.test_scores(network)
        chosen = scores.chosen(leak_free=leak_free)
        return curves(scores.labels[chosen], scores.logits[chosen])

    def test_scores(self, network: str) -> Scores:
        """Return scores with the errors of `wrong`, or of the network's own."""
        self._fail("test_scores")
        return records.scores(network, wrong=self.wrong_of.get(network, self.wrong))

    def compared(self, a: str, b: str, *, leak_free: bool) -> Comparison:
        """Return how these scores differ."""
        return compare(self.test_scores(a), self.test_scores(b), leak_free=leak_free)

    def cells(self, a: str, b: str) -> Mapping[Cell, npt.NDArray[np.bool_]]:
        """Return the cells of these scores."""
        return cells(self.test_scores(a), self.test_scores(b))

    def robustness_report(self, network: str, *, leak_free: bool) -> RobustnessReport:
        """Return the report on scores with the errors of `flips`."""
        return self._damaged_scores(network).report(leak_free=leak_free)

    def corrupted(self, network: str, corruption: Corruption) -> Scores:
        """Return what these say after one corruption."""
        answers = self._damaged_scores(network)
        return after(corruption, self.test_scores(network), answers)

    def flipped(self, network: str, corruption: Corruption) -> npt.NDArray[np.bool_]:
        """Return the pictures that these call wrongly after one corruption alone."""
        after = self.corrupted(network, corruption)
        return cells(self.test_scores(network), after)["only_a"]

    def loss(
        self, network: str, corruption: Corruption, *, leak_free: bool
    ) -> Comparison:
        """Return how they differ after one corruption."""
        after = self.corrupted(network, corruption)
        return compare(after, self.test_scores(network), leak_free=leak_free)

    def report(self, network: str, *, leak_free: bool) -> EvalReport:
        """Return the report on these scores."""
        return self.test_scores(network).report(leak_free=leak_free)

    def stored_facts(self) -> DataFacts:
        """Return the facts on the pictures of `split`."""
        self._fail("stored_facts")
        return self.facts

    def facts_split(self, path: Path) -> Split:
        """Return `split`, if the facts are on its pictures."""
        split = self.test_split(path)
        facts.check_same_pictures(self.facts, split.members)
        return split

    def copy_parts(self, network: str) -> dict[str, Part]:
        """Return the parts of these scores."""
        return subgroups.copy_parts(self.test_scores(network))

    def grey_parts(self, network: str) -> dict[tuple[bool, Label], Part]:
        """Return the parts of these scores."""
        return subgroups.grey_parts(self.facts, self.test_scores(network))

    def tallies(
        self, rounds: Sequence[game.Round], networks: Sequence[str], *, player: str
    ) -> dict[str, game.Tally]:
        """Return the tallies of these scores."""
        scores = {name: self.test_scores(name) for name in networks}
        return game.tallies(rounds, scores, player=player)

    def card(self, network: str) -> dict[str, object]:
        """Return a card of `cards`."""
        self._fail(f"card {network}")
        return self.cards[network]

    def history(self, network: str) -> dict[str, list[float]]:
        """Return the learning curves of two epochs, for one network."""
        names = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")
        curves = {name: [0.1, 0.2] for name in (*names, "object_accuracy")}
        return curves if network == "cnn" else {}

    def data_path(self) -> Path | None:
        """Return where the data set would be."""
        return self.data

    def test_split(self, path: Path) -> Split:
        """Return `split`."""
        assert path == self.data
        self._fail("test_split")
        return self.split

    def embedding_map(self, network: str) -> EmbeddingMap:
        """Return the map of `records`."""
        self._fail("embedding_map")
        return records.embedding_map(network)

    def features(self, image: Rgb, *, network: str) -> Floats:
        """Return the coordinates of a picture: between two training pictures."""
        assert image.ndim == 3
        self._fail(f"features {network}")
        return np.array([0.25, 0], np.float32)

    def training_pictures(
        self, path: Path, found: EmbeddingMap, positions: npt.NDArray[np.int64]
    ) -> list[Rgb]:
        """Return as many pictures as were asked for."""
        assert path == self.data
        assert len(found.train) > positions.max()
        self._fail("training_pictures")
        return [records.picture(int(position)) for position in positions]

    def download_data(self, progress: Callable[[float], None]) -> None:
        """Let the data set appear, half of it first."""
        self._fail("download_data")
        progress(0.5)
        self.data = Path("downloaded.zip")

    def warm_up(self) -> None:
        """Do nothing: no test of a page loads TensorFlow."""

    def _damaged_scores(self, network: str) -> CorruptionScores:
        self._fail(f"damaged_scores {network}")
        return records.corruption_scores(network, flips=self.flips)

    def _fail(self, name: str) -> None:
        if name in self.failures:
            raise self.failures[name]


def texts(app: AppTest) -> str:
    """Return all words on the page except those of labels, one element a line."""
    kinds = ("title", "header", "subheader", "markdown", "caption")
    elements = [element for kind in kinds for element in app.get(kind)]
    alerts = [
        element for kind in ("info", "warning", "error") for element in app.get(kind)
    ]
    small = [
        unescape(words).replace("<br>", "\n")
        for words in re.findall("<span>(.*?)</span>", _html(app))
    ]
    shown = [str(element.value) for element in (*elements, *alerts)]
    return "\n".join((*shown, *small))


def alts(app: AppTest) -> list[str]:
    """Return the alternative text of each picture on the page, the small ones last."""
    large = [image.alt for element in app.image for image in element.proto.imgs]
    return [*large, *(unescape(each) for each in re.findall('alt="(.*?)"', _html(app)))]


def sources(app: AppTest) -> list[str]:
    """Return the address of each small picture on the page, which holds it."""
    return re.findall('src="(.*?)"', _html(app))


def _html(app: AppTest) -> str:
    """Return all that the page draws as HTML."""
    texts = [element.proto.body for element in app.get("html")]
    return "".join((*texts, *(cell["html"] for cell in _cells(app))))


def _cells(app: AppTest) -> list[dict[str, Any]]:
    """Return what the gallery draws."""
    grids = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return [cell for grid in grids if isinstance(grid, list) for cell in grid]


def row_tables(app: AppTest) -> list[pd.DataFrame]:
    """Return the tables whose rows can be clicked."""
    drawn = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return [
        pd.DataFrame(each["rows"], columns=each["head"])
        for each in drawn
        if isinstance(each, dict)
    ]


def tables(app: AppTest) -> list[pd.DataFrame]:
    """Return the tables that stand in the page's texts."""
    found = []
    for each in app.markdown:
        if each.value.startswith("| "):
            rows = [
                [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                for line in each.value.splitlines()
            ]
            found.append(pd.DataFrame(rows[2:], columns=rows[0]))
    return found


def unfold(app: AppTest, key: str) -> AppTest:
    """Return the app after what has this key was opened."""
    app.session_state[key] = True
    return app.run()


def labels(app: AppTest, kind: str) -> list[str]:
    """Return the labels of all widgets of one kind."""
    return [element.label for element in app.get(kind)]


def at(app: AppTest, page: str | None = None, /, **query: str) -> AppTest:
    """Return the app at another address, on another page if one is named."""
    app.query_params = query
    return app.switch_page(page).run() if page else app.run()


def opens(app: AppTest) -> list[int]:
    """Return the pictures of the gallery, in order."""
    return [cell["number"] for cell in _cells(app)]


def open_picture(app: AppTest, position: int) -> AppTest:
    """Return the app after a click on a picture of the gallery.

    `AppTest` cannot click there; it goes to the address that a click leads to.
    """
    assert position in opens(app)
    app.query_params["picture"] = str(position)
    return app.run()


def charts(app: AppTest) -> list[str]:
    """Return the alternative text of each chart on the page."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]
