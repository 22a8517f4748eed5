"""Bird & Lotfi's search: which 36 networks, in which order, and what is kept."""

from dataclasses import replace

import pytest

from cifake_core.basics.errors import TrainingError
from cifake_core.data import cifake
from cifake_core.papers import bird_lotfi_search
from cifake_core.papers.bird_lotfi_trial import SearchConfig, Topology, Trial, run_trial

QUICK = SearchConfig(num_pictures=8, epochs=1, batch_size=4)


def trial(topology: Topology, accuracy: float, *, parameters: int = 5) -> Trial:
    """Return what a network of the search came to."""
    return Trial(
        topology=topology,
        parameters=parameters,
        multiply_adds=7,
        validation_accuracy=accuracy,
        validation_loss=0.25,
        seconds=60.0,
    )


class Runs(list[Topology]):
    """Instead of training: two convolutions of 32 are best. Lists what was trained."""

    def __call__(self, topology: Topology, *_args: object, **_options: object) -> Trial:
        """Return what the network comes to."""
        self.append(topology)
        best = (topology.convolutions, topology.filters) == (2, 32)
        return trial(topology, 0.9 if best else 0.8)


@pytest.fixture
def runs() -> Runs:
    """Return what stands for training, with nothing trained yet."""
    return Runs()


def test_the_search_is_the_papers(tiny_zip, tmp_path, runs):
    """Twelve without a dense layer, then 24 on the best of them; none comes twice."""
    place = tmp_path / "new" / "ranking.json"

    ranking = bird_lotfi_search.search(tiny_zip, place=place, config=QUICK, run=runs)

    assert len(runs) == len(set(runs)) == len(ranking.trials) == 36
    first, second = runs[:12], runs[12:]
    assert {(t.convolutions, t.filters) for t in first} == {
        (depth, filters) for depth in (1, 2, 3) for filters in (16, 32, 64, 128)
    }
    assert {t.dense_layers for t in first} == {0}
    assert {(t.convolutions, t.filters) for t in second} == {(2, 32)}
    assert {(t.dense_layers, t.units) for t in second} == {
        (depth, 2**power) for depth in (1, 2, 3) for power in range(5, 13)
    }
    assert ranking.num_validation == 2


def test_the_best_comes_first(tiny_zip, tmp_path):
    """By accuracy, then by the smaller network; this is how the file has them."""

    def run(topology, *_args, **_options) -> Trial:
        accuracy = 0.9 if topology.filters == 64 else 0.8
        return trial(topology, accuracy, parameters=topology.convolutions)

    place = tmp_path / "ranking.json"

    trials = bird_lotfi_search.search(
        tiny_zip, place=place, config=QUICK, run=run
    ).trials

    merits = [(-t.validation_accuracy, t.parameters) for t in trials]
    assert merits == sorted(merits)
    assert trials[0].topology.filters == 64
    assert bird_lotfi_search.read_ranking(place).trials == trials


def test_an_interrupted_search_goes_on(tiny_zip, tmp_path, runs):
    """Networks in the file are not trained again, if the recipe is the same."""
    place = tmp_path / "ranking.json"
    full = bird_lotfi_search.search(tiny_zip, place=place, config=QUICK, run=runs)
    held = replace(full, trials=full.trials[:20])
    bird_lotfi_search.write_ranking(held, place)
    runs.clear()

    again = bird_lotfi_search.search(tiny_zip, place=place, config=QUICK, run=runs)
    num_added = len(runs)
    bird_lotfi_search.search(
        tiny_zip, place=place, config=replace(QUICK, epochs=2), run=runs
    )

    assert num_added == 16
    assert set(again.trials) == set(full.trials)
    assert len(runs) == 16 + 36


def test_progress_is_told_in_words(tiny_zip, tmp_path, runs):
    """Which of how many, and how long it may take once that can be guessed."""
    said: list[str] = []

    bird_lotfi_search.search(
        tiny_zip,
        place=tmp_path / "r.json",
        config=QUICK,
        progress=said.append,
        run=runs,
    )

    assert said[0] == "network 1 of 36: 1 x 16 filters, 0 x 0 units"
    assert said[1].endswith("1 x 32 filters, 0 x 0 units; about 35 min left")
    assert said[35].startswith("network 36 of 36: 2 x 32 filters, 3 x 4096 units; ab")
    assert len(said) == len(runs)


def test_a_full_disk_is_told(tiny_zip, tmp_path, runs):
    """A place that cannot be written ends the search with a sentence."""
    (tmp_path / "file").touch()

    with pytest.raises(TrainingError, match="The ranking cannot be written"):
        bird_lotfi_search.search(
            tiny_zip, place=tmp_path / "file" / "r.json", config=QUICK, run=runs
        )


def test_the_pictures_are_half_of_each_label(tiny_zip):
    """As many as asked for, none of them held out."""
    split = cifake.load(tiny_zip, "train")

    training, validation = bird_lotfi_search.divide(split, QUICK)

    assert len(training) == 8
    assert split.labels[training].sum() == 4
    assert not set(training) & set(validation)


@pytest.mark.slow
def test_a_network_of_the_search_is_trained(tiny_zip):
    """A short real training gives finite figures and the right size."""
    split = cifake.load(tiny_zip, "train")
    topology = Topology(convolutions=2, filters=16, dense_layers=1, units=32)
    training, validation = bird_lotfi_search.divide(split, QUICK)

    made = run_trial(topology, split, training, validation, config=QUICK)

    assert made.topology == topology
    assert made.parameters == 448 + 2_320 + (6 * 6 * 16 * 32 + 32) + 33
    assert made.multiply_adds == (
        30 * 30 * 27 * 16 + 13 * 13 * 144 * 16 + 6 * 6 * 16 * 32 + 32
    )
    assert 0 <= made.validation_accuracy <= 1
    assert made.validation_loss > 0
