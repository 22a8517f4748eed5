"""Map: which pictures a network takes for alike, and where one's own belongs."""

import streamlit as st

from cifake_core.basics.errors import CifakeError, NotMadeError
from cifake_core.ui.browse import gallery, opened_picture, views
from cifake_core.ui.pages import embedding_map, evaluation
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import picture_sources, texts

st.title("Which pictures are alike to a network?")
if not embedding_map.networks():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

selection, faults = embedding_map.current()
for sentence in faults:
    st.warning(texts.plain(sentence))
if "picture" not in views.query(embedding_map.PAGE):
    embedding_map.ask_view(selection)
try:
    found = bench().evaluation.embedding_map(selection.network)
    scores = bench().evaluation.scores(selection.network)
    positions = embedding_map.positions(found, scores, selection)
    position = opened_picture.position_of(embedding_map.PAGE, scores)
    if position is None:
        with st.expander("Give a picture, to see where it belongs"):
            picture_sources.ask_for_pictures()
        picture = embedding_map.own_picture(found)
except NotMadeError as error:
    st.info(str(error))
    st.stop()
except CifakeError as error:
    st.error(str(error))
    st.stop()

if position is not None:
    networks = (selection.network,)
    opened_picture.show(
        embedding_map.PAGE, scores, positions, position, networks=networks
    )
    picture = embedding_map.placed(
        found, found.test[position], name=f"test picture {position}"
    )
    embedding_map.show_neighbours(found, picture)
    st.header("Its place on the map", divider="gray")
    embedding_map.show_map(found, scores, selection, picture)
    st.stop()

embedding_map.show_map(found, scores, selection, picture)
if picture is not None:
    embedding_map.show_neighbours(found, picture)

st.header("The pictures", divider="gray")
evaluation.ask_filters(embedding_map.PAGE, selection, embedding_map.FILTERS)
gallery.show(embedding_map.PAGE, scores, positions, selection)
