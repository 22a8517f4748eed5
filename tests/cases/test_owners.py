"""Owners: nobody sees a record of another, whatever number or filter they ask with."""

import itertools
from pathlib import Path

import pytest

from cifake_core.basics.errors import GoneError, HistoryError
from cifake_core.cases.casework import Cases
from cifake_core.cases.export import export
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from tests.made_history import made_record, switched_on

pytestmark = pytest.mark.usefixtures("database")

ANN, BOB, EVE = 1, 2, 3
#: Every filter that could let a record through, one by one and two together.
PARTS = (
    {"decision": "FAKE"},
    {"network": "cnn", "label": "FAKE"},
    {"tag": "shared word"},
    {"case": "harbour"},
    {"name": "photo_1.png"},
    {"text": "photo"},
    {"finding": "FAKE"},
    {"in_bin": True},
)


@pytest.fixture
def kept(user_data: Path) -> dict[int, int]:
    """Number of the one record of each, alike in all but its owner; Ann's in a case."""
    switched_on(user_data)
    numbers = {}
    for owner in (ANN, BOB, EVE):
        history = History(user_data, owner)
        (numbers[owner],) = history.keep([made_record(1)])
        history.annotations.tag([numbers[owner]], "shared word")
        history.annotations.find(numbers[owner], "FAKE", reason="seen")
    case = Cases(user_data, ANN).create("harbour")
    Cases(user_data, ANN).add(case.id, [numbers[ANN]])
    return numbers


def test_no_filter_shows_a_record_of_another(user_data, kept):
    """Alone and two at once, in pages, counts, exports and numbers."""
    filters = [HistoryFilter()]
    for one, other in itertools.combinations_with_replacement(PARTS, 2):
        filters.append(HistoryFilter(**{**one, **other}))
    pixels = History(user_data, ANN).get(kept[ANN]).pixels_sha256
    filters.append(HistoryFilter(hash=pixels))

    history = History(user_data, BOB)
    for wanted in filters:
        numbers = {each.id for each in history.page(wanted).records}
        assert numbers <= {kept[BOB]}, wanted
        assert {*history.numbers(wanted, most=9)} == numbers, wanted
        counts = history.counts(wanted)
        assert counts.total == len(numbers), wanted
        assert sum(counts.months.values()) == len(numbers), wanted
        assert counts.cases == {}, wanted
        assert counts.tags.get("shared word", 0) <= 1, wanted
        assert sum(counts.decisions.values()) <= 1, wanted
    path = user_data / "out.jsonl"
    assert export(history, HistoryFilter(), path, kind="jsonl").count == 1
    record = made_record(1)
    assert [each.id for each in history.same(record.pixels_sha256)] == [kept[BOB]]
    similar = history.similar(record.perceptual_hash)
    assert [each.record.id for each in similar] == [kept[BOB]]


def test_no_number_opens_or_changes_a_record_of_another(user_data, kept):
    """It is gone for others, in words that tell nothing."""
    history = History(user_data, BOB)
    number = kept[ANN]
    own = Cases(user_data, BOB).create("mine")
    for do in (
        lambda: history.get(number),
        lambda: history.annotations.note(number, "x"),
        lambda: history.annotations.find(number, None),
        lambda: history.annotations.tag([number], "x"),
        lambda: history.annotations.untag([number], "shared word"),
        lambda: history.bin.put([number]),
        lambda: history.bin.restore([kept[BOB], number]),
        lambda: Cases(user_data, BOB).add(own.id, [number]),
    ):
        with pytest.raises(GoneError, match="There is no record"):
            do()
    assert history.pictures([number]) == {}
    assert history.original(number) is None
    History(user_data, ANN).bin.put([number])
    assert history.bin.purge() == 0
    assert history.bin.purge([number]) == 0
    assert History(user_data, ANN).get(number).tags == ("shared word",)


def test_a_case_is_seen_by_its_members_alone(user_data, kept):
    """With all records in it, which they may judge; they cannot take it away."""
    (case,) = Cases(user_data, ANN).listing()
    theirs = Cases(user_data, BOB)
    for do in (
        lambda: theirs.get(case.id),
        lambda: theirs.close(case.id),
        lambda: theirs.change(case.id, notes="x"),
        lambda: theirs.add(case.id, [kept[BOB]]),
        lambda: theirs.delete(case.id),
        lambda: theirs.members(case.id),
        lambda: theirs.share(case.id, BOB, is_member=True),
    ):
        with pytest.raises(GoneError, match="There is no case"):
            do()
    assert theirs.listing() == ()

    Cases(user_data, ANN).share(case.id, BOB, is_member=True)
    Cases(user_data, ANN).share(case.id, BOB, is_member=True)

    assert theirs.members(case.id) == (BOB,)
    theirs.add(case.id, [kept[BOB]])
    history, inside = History(user_data, BOB), HistoryFilter(case="harbour")
    assert {each.id for each in history.page(inside).records} == {kept[ANN], kept[BOB]}
    assert history.counts(inside).total == 2
    assert history.counts(HistoryFilter()).total == 1
    assert history.counts(HistoryFilter()).cases == {"harbour": 2}
    history.annotations.note(kept[ANN], "agreed")
    assert history.pictures([kept[ANN]]).keys() == {kept[ANN]}
    with pytest.raises(GoneError):
        history.bin.put([kept[ANN]])
    with pytest.raises(HistoryError, match="is another's"):
        theirs.delete(case.id)
    with pytest.raises(HistoryError, match="is another's"):
        theirs.share(case.id, EVE, is_member=True)
    assert History(user_data, EVE).page(inside).records == ()

    Cases(user_data, ANN).share(case.id, BOB, is_member=False)
    assert theirs.listing() == ()
    assert history.page(inside).records[0].id == kept[BOB]


def test_who_leaves_takes_all_along(user_data, kept):
    """Records, cases and memberships; others keep theirs."""
    (case,) = Cases(user_data, ANN).listing()
    Cases(user_data, ANN).share(case.id, BOB, is_member=True)
    Cases(user_data, BOB).add(case.id, [kept[BOB]])

    assert History(user_data, ANN).forget_owner() == 1

    everybody = History(user_data)
    assert everybody.counts(HistoryFilter()).total == 2
    assert Cases(user_data).listing() == ()
    assert History(user_data, BOB).get(kept[BOB]).cases == ()
    assert History(user_data, BOB).forget_owner() == 1
    assert everybody.forget_owner() == 0


def test_without_accounts_everything_is_everybodys(user_data, kept):
    """And what was kept before belongs to nobody once there are some."""
    history = History(user_data)
    (number,) = history.keep([made_record(2)])

    assert history.counts(HistoryFilter()).total == 4
    assert history.get(kept[ANN]).id == kept[ANN]
    with pytest.raises(GoneError):
        History(user_data, ANN).get(number)
