"""Beat the model: a class guesses on test pictures, and so did the networks."""

import streamlit as st

from cifake_core.ui.browse import gallery, game_address
from cifake_core.ui.pages.game import results
from cifake_core.ui.pages.game import round as game
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("Can you beat the networks?")
if not bench().names():
    guards.end("There are no trained networks yet. README says how to train them.")
with guards.needed():
    scores = game.test_scores()
first = next(iter(scores.values()))
split = gallery.test_split(first)
if split is None:
    st.stop()

opened, faults = game_address.current(first)
guards.tell(faults)
stage = visit.stage(opened)
if stage == "result":
    results.show_result(opened, scores)
elif stage == "answer":
    game.show_answer(opened, split, scores)
else:
    game.show_question(opened, split, first)
results.show_session(scores)
game.ask_round(opened, first)
game.show_rules(first)
