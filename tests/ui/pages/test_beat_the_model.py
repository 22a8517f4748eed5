"""Beat the model: a round from the first picture to the result, and its address."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.evaluation.game import draw
from cifake_core.ui.services import services
from tests.ui import records
from tests.ui.reading import OpenApp, StandIn, alts, at, labels, tables, texts

PAGE = "pages/beat_the_model.py"
KEY = "beat_the_model"


def answer(app: AppTest, key: int) -> AppTest:
    """Give one of the six answers to the picture in question."""
    return app.button(key=f"{KEY}_answer_{key}").click().run()


def go_on(app: AppTest) -> AppTest:
    """Read the answer and go on."""
    return app.button(key=f"{KEY}_on").click().run()


def play(app: AppTest, keys: list[int]) -> AppTest:
    """Answer as many pictures, one after the other."""
    for key in keys:
        answer(app, key)
        go_on(app)
    return app


def truths(stand_in: StandIn, *, game: int = 1, number: int = 1) -> list[int]:
    """Return the labels of a round."""
    scores = stand_in.test_scores("cnn")
    return scores.labels[draw(scores, game=game, number=number)].tolist()


def test_a_question_gives_nothing_away(open_app: OpenApp, stand_in: StandIn):
    """Before the guess there is no truth, no verdict, no map and no name."""
    app = open_app(PAGE)

    answers = [b for b in app.button if (b.key or "").startswith(f"{KEY}_answer")]
    assert [b.proto.shortcut for b in answers] == ["1", "2", "3", "6", "5", "4"]
    assert "FAKE" in answers[0].label
    assert "95%" in answers[0].label
    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert "truth" not in texts(app)
    assert not tables(app)
    assert stand_in.explained == []
    assert not app.exception


def test_a_guess_reveals_truth_verdicts_and_maps(open_app: OpenApp, stand_in: StandIn):
    """Then the truth, all verdicts with their points, and each network's map."""
    app = open_app(PAGE)
    truth = ("FAKE", "REAL")[truths(stand_in)[0]]

    answer(app, 6)

    table = tables(app)[0]
    right = truth == "REAL"
    assert f"The truth: :{'blue' if right else 'orange'}[{truth}]" in texts(app)
    assert table["Who"].tolist()[0] == "**You**"
    assert len(table) == 4
    assert table["Points"].tolist()[0] == ("+99" if right else "-261")
    assert ("right" if right else "wrong") in table["Right?"].tolist()[0]
    assert [network for network, _, _ in stand_in.explained] == list(stand_in.logits)
    assert alts(app)[1].startswith("Grad-CAM of the 2D-CNN for")
    assert not any(b.key == f"{KEY}_answer_1" for b in app.button)
    assert not app.exception


def test_near_certainty_is_no_quotation(open_app: OpenApp, stand_in: StandIn):
    """A table reads "> 99.9 %" as it stands, not as Markdown for a quotation."""
    scores = stand_in.test_scores("cnn")
    position = int(draw(scores, game=1, number=1)[0])
    stand_in.wrong = {position: 20.0}
    app = open_app(PAGE)

    answer(app, 6)

    assert tables(app)[0]["How sure"].tolist()[1].startswith("\\> 99.9")
    assert not app.exception


def test_a_whole_round(open_app: OpenApp, stand_in: StandIn):
    """Ten answers end in a count that is right, with interval and calibration."""
    app = open_app(PAGE)
    real = sum(truths(stand_in))

    play(app, [6] * 10)

    assert f"Round 1: {real} of 10 right" in texts(app)
    assert tables(app)[0]["Right"].tolist()[0] == f"{real} of 10"
    assert " to " in tables(app)[0]["Accuracy"].tolist()[0]
    chart = app.get("plotly_chart")[0].proto.alt
    assert f"You: 95% sure, {real / 10:.0%} right (10)." in chart
    assert "Download the results as CSV" in labels(app, "download_button")
    assert not app.exception


@pytest.mark.parametrize(
    ("turn", "words"), [(False, "You beat"), (True, "The best network had")]
)
def test_who_won(open_app: OpenApp, stand_in: StandIn, turn, words):
    """With every answer right one beats networks that err, and loses otherwise."""
    app = open_app(PAGE)
    real = truths(stand_in)
    scores = stand_in.test_scores("cnn")
    first = int(draw(scores, game=1, number=1)[0])
    if not turn:
        stand_in.wrong = {first: -2.0 if real[0] else 2.0}

    play(app, [6 if bool(label) != turn else 1 for label in real])

    assert words in "".join(str(e.value) for e in (*app.success, *app.info))
    assert not app.exception


def test_level_with_the_best(open_app: OpenApp, stand_in: StandIn):
    """As many right as the best network is told as such."""
    stand_in.wrong = {}
    app = open_app(PAGE)

    play(app, [5 if label else 2 for label in truths(stand_in)])

    assert "Level with the best" in app.info[0].value
    assert not app.exception


def test_the_next_round_and_both_together(open_app: OpenApp, stand_in: StandIn):
    """The address follows; two rounds add up and are compared."""
    app = open_app(PAGE)
    real = sum(truths(stand_in)) + sum(truths(stand_in, number=2))

    play(app, [6] * 10)
    app.button(key=f"{KEY}_next").click().run()
    query = dict(app.query_params)
    play(app, [6] * 10)

    assert query == {"game": "1", "round": "2"}
    assert tables(app)[1]["Right"].tolist()[0] == f"{real} of 20"
    rounds = tables(app)[2]["Round"].tolist()
    assert rounds == ["Game 1, round 1", "Game 1, round 2"]
    assert not app.exception


def test_all_rounds_can_be_forgotten(open_app: OpenApp):
    """Afterwards the same round begins again."""
    app = open_app(PAGE)
    play(app, [3] * 10)

    app.button(key=f"{KEY}_forget").click().run()

    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert not tables(app)
    assert not app.exception


def test_an_address_opens_its_round(open_app: OpenApp, stand_in: StandIn):
    """Game and round of a link are on the page, and their picture."""
    app = open_app(PAGE)

    at(app, game="77", round="3")
    answer(app, 1)

    truth = ("FAKE", "REAL")[truths(stand_in, game=77, number=3)[0]]
    assert app.number_input(key=f"{KEY}_game").value == 77
    assert app.number_input(key=f"{KEY}_round").value == 3
    assert f"[{truth}]" in texts(app)
    assert not app.warning
    assert not app.exception


def test_numbers_open_another_round(open_app: OpenApp):
    """A new game begins with its first round; what was played stays played."""
    app = open_app(PAGE)
    answer(app, 2)

    app.number_input(key=f"{KEY}_round").set_value(4).run()
    fourth = dict(app.query_params)
    app.number_input(key=f"{KEY}_game").set_value(5).run()
    fifth = dict(app.query_params)
    at(app, game="1", round="1")

    assert fourth == {"game": "1", "round": "4"}
    assert fifth == {"game": "5", "round": "1"}
    assert "The truth" in texts(app)
    assert not app.exception


@pytest.mark.parametrize("query", [{"game": "x"}, {"round": "6"}, {"round": "0"}])
def test_a_bad_address_is_told(open_app: OpenApp, query):
    """What makes no sense in an address is a sentence, and the game goes on."""
    app = open_app(PAGE)

    at(app, **query)

    assert "Expected a whole number from" in app.warning[0].value
    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert not app.exception


def test_the_last_round_has_no_next(open_app: OpenApp):
    """59 leak-free pictures make five rounds."""
    app = open_app(PAGE)
    at(app, game="1", round="5")

    play(app, [4] * 10)

    assert app.button(key=f"{KEY}_next").disabled
    assert not app.exception


def test_without_maps_the_game_goes_on(open_app: OpenApp, stand_in: StandIn):
    """Networks that cannot be loaded take away the maps alone."""
    stand_in.failures["explain"] = ModelUnavailableError("There are no weights.")
    app = open_app(PAGE)

    answer(app, 1)

    assert app.warning[0].value == "There are no weights."
    assert len(tables(app)[0]) == 4
    assert len(alts(app)) == 1
    assert alts(go_on(app)) == ["Picture 2 of 10, enlarged."]
    assert not app.exception


def test_without_the_data_set(open_app: OpenApp, stand_in: StandIn):
    """Without pictures the page says how to get them, and asks nothing."""
    stand_in.data = None

    app = open_app(PAGE)

    assert "not on this machine" in app.info[0].value
    assert labels(app, "button") == ["Download the data set"]
    assert not app.exception


def test_without_networks(open_app: OpenApp, stand_in: StandIn):
    """Without networks there is nobody to beat."""
    stand_in.logits = {}

    app = open_app(PAGE)

    assert "no trained networks" in app.info[0].value
    assert not app.button
    assert not app.exception


def test_bad_scores_are_told(open_app: OpenApp, stand_in: StandIn):
    """The core's own sentence, and no picture."""
    stand_in.failures["test_scores"] = ModelUnavailableError("Scores are missing.")

    app = open_app(PAGE)

    assert app.error[0].value == "Scores are missing."
    assert not alts(app)
    assert not app.exception


def test_networks_scored_on_other_pictures(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    """Networks that saw different pictures cannot play together."""

    def scores(network: str):
        found = records.scores(network, wrong={})
        other = np.array([f"test/REAL/{n}.jpg" for n in range(60)])
        return replace(found, members=other) if network == "cnn3d" else found

    monkeypatch.setattr(services, "test_scores", scores)

    app = open_app(PAGE)

    assert "are not on the same pictures" in app.error[0].value
    assert not alts(app)
    assert not app.exception
