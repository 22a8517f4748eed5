"""Beat the model: a class guesses on test pictures, and so did the networks."""

import numpy as np
import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.game import draw
from cifake_core.ui.browse import gallery
from cifake_core.ui.pages.game import results
from cifake_core.ui.pages.game import round as game
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts

st.title("Can you beat the networks?")
if not bench().names():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()
try:
    scores = game.test_scores()
except CifakeError as error:
    st.error(str(error))
    st.stop()
first = next(iter(scores.values()))
split = gallery.test_split(first)
if split is None:
    st.stop()

opened, faults = game.current(first)
for sentence in faults:
    st.warning(texts.plain(sentence))
stage = visit.stage(opened)
if stage == "result":
    results.show_result(opened, scores)
else:
    positions = draw(first, game=opened.game, number=opened.number)
    number = len(opened.guesses) - (stage == "answer")
    image = np.array(split.images[positions[number]])
    if stage == "answer":
        game.show_answer(opened, image, scores)
    else:
        game.show_question(opened, image)
results.show_session(scores)

game.ask_round(opened, first)
game.show_rules(first)
