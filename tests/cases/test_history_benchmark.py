"""The history that `benchmarks.history` fills by statements is one of the store's."""

from benchmarks import history as benchmark
from cifake_core.cases.filters import HistoryFilter


def test_it_is_filled_and_answers(user_data):
    """As many records as asked for, counted by everything, found by name and word."""
    history = benchmark.filled(user_data, 100)

    counts = history.counts(HistoryFilter())
    assert counts.total == 100
    page = history.page(HistoryFilter(tag="doubtful"))
    assert [each.id % 10 for each in page.records[:-1]] == [0] * 10
    assert page.records[-1].id == 1
    named = history.page(benchmark.QUESTIONS["name"]).records
    worded = history.page(HistoryFilter(text="photo 77")).records
    assert [each.id for each in named] == [each.id for each in worded] == [77]
    for _, ask in benchmark.questions():
        ask(history)
