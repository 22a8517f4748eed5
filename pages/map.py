"""Map: which pictures a network takes for alike, and where one's own belongs."""

import streamlit as st

from cifake_core.errors import CifakeError, NotMadeError
from cifake_core.ui import (
    gallery,
    neighbours,
    opened,
    picture_map,
    services,
    sources,
    test_set,
    texts,
    views,
)

st.title("Which pictures are alike to a network?")
if not picture_map.networks():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

selection, faults = picture_map.current()
for sentence in faults:
    st.warning(texts.plain(sentence))
if "picture" not in views.query(picture_map.PAGE):
    picture_map.ask_view(selection)
try:
    found = neighbours.picture_map(selection.network)
    scores = services.test_scores(selection.network)
    positions = picture_map.positions(found, scores, selection)
    position = opened.position_of(picture_map.PAGE, scores)
    if position is None:
        with st.expander("Give a picture, to see where it belongs"):
            sources.ask_for_pictures()
        picture = picture_map.own_picture(found)
except NotMadeError as error:
    st.info(str(error))
    st.stop()
except CifakeError as error:
    st.error(str(error))
    st.stop()

if position is not None:
    networks = (selection.network,)
    opened.show(picture_map.PAGE, scores, positions, position, networks=networks)
    picture = picture_map.placed(
        found, found.test[position], name=f"test picture {position}"
    )
    picture_map.show_neighbours(found, picture)
    st.header("Its place on the map", divider="gray")
    picture_map.show_map(found, scores, selection, picture)
    st.stop()

picture_map.show_map(found, scores, selection, picture)
if picture is not None:
    picture_map.show_neighbours(found, picture)

st.header("The pictures", divider="gray")
test_set.ask_filters(picture_map.PAGE, selection, picture_map.FILTERS)
gallery.show(picture_map.PAGE, scores, positions, selection)
