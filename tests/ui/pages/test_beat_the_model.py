"""Beat the model: a round from the first picture to the result, and its address."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.evaluation import scores
from cifake_core.evaluation.game import draw
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import NETWORKS, OWN
from cifake_core.ui.services.bench import bench
from cifake_core.workbench.generators import titles
from tests.models import Remake
from tests.ui.reading import OpenApp, alts, at, labels, tables, texts

PAGE = "pages/beat_the_model.py"
KEY = "beat_the_model"


def answer(app: AppTest, key: int) -> AppTest:
    """Give one of the six answers to the picture in question."""
    return app.button(key=f"{KEY}_answer_{key}").click().run()


def go_on(app: AppTest) -> AppTest:
    """Read the answer and go on."""
    return app.button(key=f"{KEY}_on").click().run()


def first_of() -> int:
    """Return the first picture of the first round."""
    return int(draw(bench().evaluation.scores("cnn"), game=1, number=1)[0])


def play(app: AppTest, keys: list[int]) -> AppTest:
    """Answer as many pictures, one after the other."""
    for key in keys:
        answer(app, key)
        go_on(app)
    return app


def truths(*, game: int = 1, number: int = 1) -> list[int]:
    """Return the labels of a round."""
    scores = bench().evaluation.scores("cnn")
    return scores.labels[draw(scores, game=game, number=number)].tolist()


def test_a_question_gives_nothing_away(open_app: OpenApp):
    """Before the guess there is no truth, no verdict, no map and no name."""
    app = open_app(PAGE)

    answers = [b for b in app.button if (b.key or "").startswith(f"{KEY}_answer")]
    assert [b.proto.shortcut for b in answers] == ["1", "2", "3", "6", "5", "4"]
    assert "FAKE" in answers[0].label
    assert "95%" in answers[0].label
    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert "truth" not in texts(app)
    assert not tables(app)
    assert not app.exception


def test_a_guess_reveals_truth_verdicts_and_maps(open_app: OpenApp):
    """Then the truth, all verdicts with their points, and each network's map."""
    app = open_app(PAGE)
    truth = ("FAKE", "REAL")[truths()[0]]

    answer(app, 6)

    table = tables(app)[0]
    right = truth == "REAL"
    assert f"The truth: :{'blue' if right else 'orange'}[{truth}]" in texts(app)
    assert table["Who"].tolist()[0] == "**You**"
    assert len(table) == 5
    assert table["Points"].tolist()[0] == ("+99" if right else "-261")
    assert ("right" if right else "wrong") in table["Right?"].tolist()[0]
    maps = [alt.split(" for")[0] for alt in alts(app)[1:]]
    titles = [NETWORKS[name].title for name in OWN]
    assert maps == [f"Grad-CAM of the {title}" for title in titles]
    assert not any(b.key == f"{KEY}_answer_1" for b in app.button)
    assert not app.exception


def test_near_certainty_is_no_quotation(open_app: OpenApp, remake: Remake):
    """A table reads "> 99.9 %" as it stands, not as Markdown for a quotation."""
    remake(wrong={"cnn": {first_of(): 20.0}})
    app = open_app(PAGE)

    answer(app, 6)

    assert tables(app)[0]["How sure"].tolist()[1].startswith("\\> 99.9")
    assert not app.exception


def test_a_whole_round(open_app: OpenApp):
    """Ten answers end in a count that is right, with interval and calibration."""
    app = open_app(PAGE)
    real = sum(truths())

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
def test_who_won(open_app: OpenApp, remake: Remake, turn, words):
    """With every answer right one beats networks that err, and loses otherwise."""
    real = truths()
    if not turn:
        wrong = {first_of(): -2.0 if real[0] else 2.0}
        remake(wrong=dict.fromkeys(OWN, wrong))
    app = open_app(PAGE)

    play(app, [6 if bool(label) != turn else 1 for label in real])

    assert words in "".join(str(e.value) for e in (*app.success, *app.info))
    assert not app.exception


def test_level_with_the_best(open_app: OpenApp, remake: Remake):
    """As many right as the best network is told as such."""
    remake(wrong={})
    app = open_app(PAGE)

    play(app, [5 if label else 2 for label in truths()])

    assert "Level with the best" in app.info[0].value
    assert not app.exception


def test_the_next_round_and_both_together(open_app: OpenApp):
    """The address follows; two rounds add up and are compared."""
    app = open_app(PAGE)
    real = sum(truths()) + sum(truths(number=2))

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


def test_an_address_opens_its_round(open_app: OpenApp):
    """Game and round of a link are on the page, and their picture."""
    app = open_app(PAGE)

    at(app, game="77", round="3")
    answer(app, 1)

    truth = ("FAKE", "REAL")[truths(game=77, number=3)[0]]
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


def test_without_maps_the_game_goes_on(open_app: OpenApp, remake: Remake):
    """Networks that cannot be loaded take away the maps alone."""
    remake(damaged=("cnn/model.keras",))
    app = open_app(PAGE)

    answer(app, 1)

    assert "not the ones their card vouches for" in app.warning[0].value
    assert len(tables(app)[0]) == 5
    assert len(alts(app)) == 1
    assert alts(go_on(app)) == ["Picture 2 of 10, enlarged."]
    assert not app.exception


def test_networks_scored_on_other_pictures(open_app: OpenApp, remake: Remake):
    """Networks that saw different pictures cannot play together."""
    models = remake()
    found = scores.read("cnn3d", models)
    other = np.array([f"test/REAL/{n}.jpg" for n in range(60)])
    scores.write(replace(found, members=other), models / "cnn3d")

    app = open_app(PAGE)

    assert "are not on the same pictures" in app.error[0].value
    assert not alts(app)
    assert not app.exception


def test_a_round_over_generators(open_app: OpenApp):
    """Nothing is told before the guess; then who made it, and who fooled whom."""
    app = at(open_app(), PAGE, fakes="generators")
    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert not any(each.title in texts(app) for each in GENERATORS.values())
    assert "by 6 generators, of each as many" in texts(app)

    mixed = bench().game.generator_set(bench().dataset.path())
    first = mixed.scores["cnn"]
    drawn = draw(first, game=1, number=1)
    for position in drawn:
        answer(app, 6)
        maker = mixed.makers[position]
        assert ("Made by" in texts(app)) == bool(maker)
        go_on(app)

    fooled = tables(app)[1].set_index("Made by")
    fakes = [mixed.makers[each] for each in drawn if mixed.makers[each]]
    assert len(fooled) == len({mixed.makers[each] for each in drawn})
    for maker in set(fakes):
        count = fakes.count(maker)
        assert fooled.loc[titles()[maker], "You fooled"] == f"{count} of {count}"
    assert f"{10 - len(fakes)} of 10 right" in texts(app)
    assert dict(app.query_params) == {"fakes": "generators"}
    app.button(key=f"{KEY}_next").click().run()
    assert dict(app.query_params)["fakes"] == "generators"
    assert not app.exception


def test_rounds_with_other_fakes_are_other_rounds(open_app: OpenApp):
    """What was guessed in one stays there; a bad value in the address is told."""
    app = open_app(PAGE)
    answer(app, 1)

    app.segmented_control(key=f"{KEY}_fakes").set_value("generators").run()
    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert "The truth" not in texts(app)
    app.segmented_control(key=f"{KEY}_fakes").set_value("cifake").run()
    assert "The truth" in texts(app)

    at(app, fakes="everybody")
    assert "fakes='everybody'. Expected one of" in app.warning[0].value
    assert not app.exception


def test_without_galleries_there_is_a_way_back(open_app: OpenApp, remake: Remake):
    """The sentence says how to make them; the test set can be chosen again."""
    remake("generators/flow/gallery.npz")
    app = at(open_app(), PAGE, fakes="generators")

    assert "generators gallery flow" in app.info[0].value
    app.segmented_control(key=f"{KEY}_fakes").set_value("cifake").run()
    assert alts(app) == ["Picture 1 of 10, enlarged."]
    assert not app.exception
