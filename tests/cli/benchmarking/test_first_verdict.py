"""First verdict: real processes, timed by a clock that is handed in."""

from itertools import count

import pytest

from cifake_core.basics.errors import CifakeError
from cifake_core.cli.benchmarking.first_verdict import first_verdict_seconds
from cifake_core.cli.benchmarking.samples import sample_files


@pytest.mark.slow
def test_the_time_ends_with_the_verdict(random_models):
    """One look at the clock before, one after."""
    picture = sample_files()[0]

    seconds = first_verdict_seconds(
        random_models, picture, repetitions=1, clock=count(5, 7).__next__
    )

    assert seconds == 7


def test_a_process_without_a_verdict_is_told(tmp_path):
    """A failing start is not a fast one: here there are no networks."""
    with pytest.raises(CifakeError, match="gave no verdict"):
        first_verdict_seconds(tmp_path, sample_files()[0], repetitions=1)


def test_a_picture_that_is_none_is_told(tmp_path):
    """Nor is the complaint about a picture a verdict."""
    with pytest.raises(CifakeError, match="gave no verdict"):
        first_verdict_seconds(tmp_path, tmp_path / "none.png", repetitions=1)
