"""One contract for all charts, drawn of the shipped artefacts and of small records."""

import copy
import inspect
import json
from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import cache
from typing import Final

import numpy as np
import plotly.graph_objects as go
import pytest

from cifake_core import figures
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import LABELS
from cifake_core.basics.places import CHECKOUT, user_data_folder
from cifake_core.evaluation.fakes import report_fakes
from cifake_core.evaluation.operating_points import operating_point
from cifake_core.explain.methods.cam import CamSteps
from cifake_core.explain.methods.lime import LineFit
from cifake_core.explain.records import ChannelValues
from cifake_core.networks import NETWORKS
from cifake_core.papers.claims import CLAIMS
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.pictures.statistics import ring_differences
from cifake_core.trust.curves import Curves
from cifake_core.trust.measure import Trust
from cifake_core.workbench import Workbench
from tests.made_records import LIMITS
from tests.made_study import FAMILIES, study_card
from tests.policies import policy_record

Draw = Callable[[], go.Figure]


@cache
def bench() -> Workbench:
    """Return the workbench over the shipped artefacts."""
    return Workbench(CHECKOUT / "models", user_data=user_data_folder())


def curves_chart() -> go.Figure:
    """Return the ROC and precision-recall curves with a point."""
    scores = bench().evaluation.scores("cnn")
    point = operating_point(scores.labels, scores.logits, threshold=0.5)
    report = bench().evaluation.report("cnn", leak_free=False)
    curves = bench().evaluation.curves("cnn", leak_free=False)
    return figures.curves_figure(report, curves, point)


def matrix_chart() -> go.Figure:
    """Return the confusion matrix of one threshold."""
    scores = bench().evaluation.scores("cnn")
    point = operating_point(scores.labels, scores.logits, threshold=0.5)
    return figures.matrix_figure(point, marks=(("a", "b"), ("c", "d")), chosen="b")


def squares_chart() -> go.Figure:
    """Return two squares, one of which has nothing in it."""
    squares = [
        [figures.Square(words="<b>+1</b>", mark="a", amount=1.0)],
        [figures.Square(words="none", mark="b", amount=None)],
    ]
    return figures.squares_figure(
        squares, rows=("some", "none"), columns=("pieces",), chosen="a"
    )


def agreement_chart() -> go.Figure:
    """Return the agreement table of both networks."""
    table = bench().evaluation.comparison("cnn", "cnn3d", leak_free=False)
    return figures.agreement_figure(table, title_a="A", title_b="B", chosen="only_a")


def scatter_chart() -> go.Figure:
    """Return both networks' scores, picture by picture."""
    cells = bench().evaluation.cells("cnn", "cnn3d")
    a, b = (bench().evaluation.scores(name).logits for name in ("cnn", "cnn3d"))
    positions = {name: np.flatnonzero(chosen)[:50] for name, chosen in cells.items()}
    return figures.scatter_figure(positions, a, b, title_a="A", title_b="B")


def histogram_chart() -> go.Figure:
    """Return the histogram of the probability of REAL."""
    curves = bench().evaluation.curves("cnn", leak_free=False)
    marks = {
        label: [f"{label} {number}" for number in range(len(curves.real))]
        for label in LABELS
    }
    return figures.histogram_figure(curves, threshold=0.5, marks=marks, chosen="")


def robustness_chart() -> go.Figure:
    """Return accuracy against blur, of one network."""
    report = bench().robustness.report("cnn", leak_free=False)
    return figures.robustness_figure(
        {"2D-CNN": proportion(985, 1000)},
        {"cnn": report},
        kind="blur",
        lowest=0.5,
        chosen=("cnn", CORRUPTIONS["blur_1"]),
    )


def spread_chart() -> go.Figure:
    """Return the histogram of colour spread."""
    facts, edges = bench().dataset.facts(), (0.0, 2.0, 4.0, 6.0)
    counts = {label: facts.spread_counts(label, edges) for label in LABELS}
    return figures.spread_figure(counts, edges, grey_below=3)


def spectrum_chart() -> go.Figure:
    """Return both mean spectra and their difference."""
    facts = bench().dataset.facts()
    return figures.spectrum_figure(facts.spectra, facts.spectrum_difference)


def map_chart() -> go.Figure:
    """Return an embedding map of four pictures."""
    places = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float32)
    groups = {"FAKE": np.array([0, 1]), "REAL": np.array([2, 3])}
    return figures.map_figure(places, groups, region=((0, 0), (1, 0), (1, 1)))


def weights_chart() -> go.Figure:
    """Return the weights of Grad-CAM's channels."""
    nothing = np.zeros((1, 1, 3), np.float32)
    steps = CamSteps(
        layer="last",
        label="REAL",
        activations=nothing,
        gradients=nothing,
        weights=np.array([0.5, -1, 2], np.float32),
        evidence=nothing[..., 0],
        heatmap=np.zeros((32, 32), np.float32),
    )
    return figures.channel_weights_figure(steps, num_strong=1)


def line_chart() -> go.Figure:
    """Return LIME's fit of three changed pictures."""
    fit = LineFit(
        pieces=np.zeros((32, 32), np.int64),
        kept=np.array([[1, 1], [1, 0], [0, 1]]),
        scores=np.array([3, 2, 1], np.float32),
        nearness=np.array([1, 0.5, 0.5], np.float32),
        weights=np.array([2, 1], np.float32),
        intercept=0.0,
        r_squared=1.0,
    )
    return figures.line_figure(fit, label="REAL")


def trust_chart() -> go.Figure:
    """Return the deletion and insertion curves of a map and of a random one."""
    falls = np.array([[3.0, 1.0, 0.0], [3.0, 2.0, 0.0]])
    trust = Trust(
        curves={"blurred": Curves(deletion=falls, insertion=falls[:, ::-1])},
        label="FAKE",
        method="lime",
        network="cnn",
        model_sha256="a",
        seed=0,
        seconds=0.1,
    )
    return figures.trust_figure(trust, replacement="blurred")


def channels_chart() -> go.Figure:
    """Return the Shapley values of the six channels."""
    amounts = np.array([1.0, -0.5, 0.25, 0.0, 2.0, -1.0])
    values = ChannelValues(
        values=amounts,
        drops=amounts / 2,
        baseline=-1.0,
        full=-1.0 + amounts.sum(),
        label="REAL",
        network="cnn3d",
        model_sha256="a",
        replacement="training_mean",
        seed=0,
        seconds=0.1,
    )
    return figures.channels_figure(values)


def search_chart() -> go.Figure:
    """Return Bird & Lotfi's search."""
    ranking = bench().papers.ranking()
    estimate = Estimate(value=0.9, low=0.88, high=0.92)
    accuracies = {trial.topology: estimate for trial in ranking.trials}
    return figures.search_figure(ranking, accuracies)


def reliability_chart() -> go.Figure:
    """Return the reliability diagram of a network, its bars marked."""
    report = bench().evaluation.report("cnn", leak_free=False)
    figure = figures.reliability_figure(report.reliability, title="cnn", ece=report.ece)
    marks = [str(number) for number in range(len(report.reliability))]
    return figures.marked(figure, marks=marks, chosen=marks[-1])


def tree_chart() -> go.Figure:
    """Return the family tree of three generators."""
    return figures.tree_figure(
        [
            figures.Leaf(name=name, title=name, family=family, kind=kind)
            for name, family, kind in (
                ("gan_resize", "GAN", "noise"),
                ("diffusion", "diffusion", "noise"),
                ("diffusion_pass", "diffusion", "photograph"),
            )
        ],
        chosen="diffusion",
    )


def found_chart() -> go.Figure:
    """Return what two networks find of two generators."""
    reports = report_fakes(
        np.linspace(0, 4, 50, dtype=np.float32),
        {name: np.linspace(-2, 2, 20, dtype=np.float32) for name in FAMILIES.values()},
    ).generators
    return figures.found_figure(
        {"A": reports, "B": reports},
        learnt={"A": (), "B": ("flow",)},
        titles={name: name for name in FAMILIES.values()},
        measure="recall",
    )


def spectrum_gap_chart() -> go.Figure:
    """Return how the spectrum of CIFAKE's fakes differs from that of photographs."""
    facts = bench().dataset.facts()
    rings = ring_differences(facts.spectra["FAKE"], facts.spectra["REAL"])
    return figures.spectrum_gap_figure(
        {"A": rings, "B": rings}, facts.spectrum_difference, chosen="A", extent=3
    )


CHARTS: Final[Mapping[str, Draw]] = {
    "agreement_figure": agreement_chart,
    "channel_weights_figure": weights_chart,
    "channels_figure": channels_chart,
    "cost_figure": lambda: figures.cost_figure(
        bench().papers.leaderboard(), [each for each in CLAIMS if each.about_cifake]
    ),
    "curves_figure": curves_chart,
    "found_figure": found_chart,
    "histogram_figure": histogram_chart,
    "history_figure": lambda: figures.history_figure(bench().evaluation.history("cnn")),
    "learning_figure": lambda: figures.learning_figure(
        {name: bench().evaluation.history("cnn") for name in NETWORKS}
    ),
    "line_figure": line_chart,
    "map_figure": map_chart,
    "matrix_figure": matrix_chart,
    "object_confusion_figure": lambda: figures.object_confusion_figure(
        bench().evaluation.report("cnn", leak_free=False).objects, title="cnn"
    ),
    "players_figure": lambda: figures.players_figure(
        {"You": bench().evaluation.report("cnn", leak_free=False).reliability}
    ),
    "guard_figure": lambda: figures.guard_figure(policy_record(LIMITS, {}).guard),
    "reliability_figure": reliability_chart,
    "rings_figure": lambda: figures.rings_figure(bench().dataset.facts().spectra),
    "risk_figure": lambda: figures.risk_figure(
        bench().policy_card().curve, bench().policy_card().of_set("official")
    ),
    "robustness_figure": robustness_chart,
    "roc_figure": lambda: figures.roc_figure(
        {"cnn": bench().evaluation.report("cnn", leak_free=False)}
    ),
    "scatter_figure": scatter_chart,
    "search_figure": search_chart,
    "spectrum_figure": spectrum_chart,
    "spectrum_gap_figure": spectrum_gap_chart,
    "spread_figure": spread_chart,
    "squares_figure": squares_chart,
    "study_figure": lambda: figures.study_figure(
        study_card({}),
        titles={name: name for name in FAMILIES.values()},
        measure="roc_auc",
        chosen="GAN:flow",
    ),
    "tree_figure": tree_chart,
    "trust_figure": trust_chart,
}


def test_every_chart_is_under_contract():
    """Whatever the room offers by the name of a figure is drawn here."""
    offered = {
        name
        for name, each in vars(figures).items()
        if inspect.isfunction(each) and name.endswith("_figure")
    }

    assert offered == set(CHARTS)


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_chart_fits_every_page(draw):
    """No background, valid JSON, axes that say what they show, room for words."""
    figure = draw()

    layout = figure.layout
    assert figure.data
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color is None
    assert json.loads(figure.to_json())["data"]
    assert layout.height >= 250
    assert layout.margin.l
    assert layout.margin.b


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_legend_names_all_that_it_shows(draw):
    """Where there is a legend, each of its entries has a name, and no two the same."""
    figure = draw()

    if figure.layout.showlegend:
        names = [each.name for each in figure.data if each.showlegend is not False]
        assert names
        assert all(names)
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_lines_and_points_differ_without_colour(draw):
    """No two entries of a legend look alike but for their colour."""
    figure = draw()

    looks = [
        (each.type, each.mode, each.line.dash, str(each.marker.symbol))
        for each in figure.data
        if figure.layout.showlegend
        and each.showlegend is not False
        and each.type in {"scatter", "scattergl"}
    ]

    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_projector_gets_larger_words(draw):
    """Charts for a wall have larger text, and more room for it."""

    def enlarged() -> go.Figure:
        figures.TEXT_SCALE.set(1.5)
        return draw()

    usual, large = draw(), copy_context().run(enlarged)

    assert large.layout.legend.font.size > usual.layout.legend.font.size
    assert large.layout.margin.b > usual.layout.margin.b


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_drawing_changes_no_record(draw):
    """The same records give the same chart a second time."""
    first = copy.deepcopy(draw().to_plotly_json())

    assert json.dumps(first, default=str) == json.dumps(
        draw().to_plotly_json(), default=str
    )
