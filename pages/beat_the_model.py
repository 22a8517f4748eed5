"""Beat the model: a class guesses on test pictures, and so did the networks."""

import streamlit as st

from cifake_core.ui.browse import game_address
from cifake_core.ui.pages.game import pictures, results
from cifake_core.ui.pages.game import round as game
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("Can you beat the networks?")
if not bench().names():
    guards.end("There are no trained networks yet. README says how to train them.")
fakes, bad = game_address.fakes()
guards.tell(bad)
with guards.needed(otherwise=lambda: game.ask_fakes(game_address.first(fakes))):
    found = pictures.find(fakes)
if found is None:
    st.stop()

opened, faults = game_address.current(found.first, fakes)
guards.tell(faults)
stage = visit.stage(opened)
if stage == "result":
    results.show_result(opened, found)
elif stage == "answer":
    game.show_answer(opened, found)
else:
    game.show_question(opened, found)
results.show_session(opened, found)
game.ask_round(opened, found.first)
game.show_rules(found)
