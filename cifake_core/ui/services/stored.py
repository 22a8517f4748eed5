"""What pages ask for about corruption, data, games and papers: from stored figures.

As in `services`, a key has the weights' hash or that of the facts.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.basics import files
from cifake_core.basics.labels import Label
from cifake_core.data import facts
from cifake_core.data.cifake import Split
from cifake_core.data.facts import DataFacts, Part
from cifake_core.evaluation import comparison, game, robustness, subgroups
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import store
from cifake_core.networks.inspection import layer_summary
from cifake_core.papers import bird_lotfi_search, leaderboard
from cifake_core.pictures.corruptions import CORRUPTIONS, Corruption
from cifake_core.ui.services import services


def robustness_report(network: str, *, leak_free: bool) -> RobustnessReport:
    """Return a network's accuracies after every corruption, from its shipped answers."""
    return _robustness_report(network, store.revision(network), leak_free=leak_free)


def corrupted(network: str, corruption: Corruption) -> Scores:
    """Return what a network says of the test pictures after `corruption`."""
    return _corrupted(network, store.revision(network), corruption.name)


def flipped(network: str, corruption: Corruption) -> npt.NDArray[np.bool_]:
    """Return the pictures, (N,), right as they are and wrong after `corruption`."""
    return _flipped(network, store.revision(network), corruption.name)


def loss(
    network: str, corruption: Corruption, *, leak_free: bool
) -> comparison.Comparison:
    """Return how a network after `corruption`, as A, differs from itself without, as B."""
    revision = store.revision(network)
    return _loss(network, revision, corruption.name, leak_free=leak_free)


def stored_facts() -> DataFacts:
    """Return what the test set is like, as it was computed."""
    return _stored_facts(_facts_revision())


def facts_split(path: Path) -> Split:
    """Return the test split at `path`.

    Raises:
        DatasetError: If it cannot be read, or the facts are on other pictures.
    """
    split = services.test_split(path)
    _check_split(path, _facts_revision(), split)
    return split


def copy_parts(network: str) -> dict[str, Part]:
    """Return a network's accuracy with and without the copies, and on them alone."""
    return _copy_parts(network, store.revision(network))


def grey_parts(network: str) -> dict[tuple[bool, Label], Part]:
    """Return a network's accuracy on almost grey and other pictures of each label.

    Raises:
        DatasetError: If its scores are on other pictures than the facts.
    """
    return _grey_parts(network, store.revision(network), _facts_revision())


def tallies(
    rounds: Sequence[game.Round], networks: Sequence[str], *, player: str
) -> dict[str, game.Tally]:
    """Return how the player and each network did on what was played, by name."""
    revisions = tuple((name, store.revision(name)) for name in networks)
    return _tallies(tuple(rounds), revisions, player)


def leaderboard_entries() -> dict[str, leaderboard.LeaderboardEntry]:
    """Return where our networks and the papers' stand; small files, read each time."""
    return leaderboard.read(store.MODELS)


def paper_layers(network: str) -> tuple[layer_summary.Layer, ...]:
    """Return the layers of one of the papers' networks."""
    return layer_summary.read(store.MODELS)[network]


def ranking() -> bird_lotfi_search.Ranking:
    """Return how Bird & Lotfi's networks did in the search."""
    return bird_lotfi_search.read_ranking(store.MODELS / bird_lotfi_search.RANKING_FILE)


@st.cache_resource(max_entries=8, show_spinner=False)
def _answers(network: str, revision: str) -> robustness.CorruptionScores:
    del revision  # new weights have an answer of their own
    return robustness.read(network)


@st.cache_data(max_entries=16, show_spinner=False)
def _robustness_report(
    network: str, revision: str, *, leak_free: bool
) -> RobustnessReport:
    return _answers(network, revision).report(leak_free=leak_free)


@st.cache_resource(max_entries=64, show_spinner=False)
def _corrupted(network: str, revision: str, corruption: str) -> Scores:
    answers = _answers(network, revision)
    return robustness.after(
        CORRUPTIONS[corruption], services.test_scores(network), answers
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _flipped(network: str, revision: str, corruption: str) -> npt.NDArray[np.bool_]:
    after = _corrupted(network, revision, corruption)
    return comparison.cells(services.test_scores(network), after)["only_a"]


@st.cache_data(max_entries=128, show_spinner=False)
def _loss(
    network: str, revision: str, corruption: str, *, leak_free: bool
) -> comparison.Comparison:
    after = _corrupted(network, revision, corruption)
    return comparison.compare(after, services.test_scores(network), leak_free=leak_free)


@st.cache_resource(max_entries=1, show_spinner=False)
def _stored_facts(revision: str) -> DataFacts:
    del revision  # facts that were made again are read again
    return facts.read(store.MODELS)


@st.cache_data(max_entries=4, show_spinner=False)
def _check_split(path: Path, revision: str, _split: Split) -> None:
    del path  # stands for the split
    facts.check_same_pictures(_stored_facts(revision), _split.members)


@st.cache_data(max_entries=16, show_spinner=False)
def _copy_parts(network: str, revision: str) -> dict[str, Part]:
    del revision
    return subgroups.copy_parts(services.test_scores(network))


@st.cache_data(max_entries=16, show_spinner=False)
def _grey_parts(
    network: str, revision: str, facts_revision: str
) -> dict[tuple[bool, Label], Part]:
    del revision
    scores = services.test_scores(network)
    return subgroups.grey_parts(_stored_facts(facts_revision), scores)


@st.cache_data(max_entries=512, show_spinner=False)
def _tallies(
    rounds: tuple[game.Round, ...],
    revisions: tuple[tuple[str, str], ...],
    player: str,
) -> dict[str, game.Tally]:
    scores = {name: services.test_scores(name) for name, _ in revisions}
    return game.tallies(rounds, scores, player=player)


def _facts_revision() -> str:
    """Return the hash of the facts; empty if there are none."""
    path = store.MODELS / facts.FACTS_FILE
    return files.file_sha256(path) if path.is_file() else ""
