"""Store of the history, on every kind of database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from cifake_core.basics.database import reading
from cifake_core.basics.errors import (
    HistoryError,
    ModelUnavailableError,
    SettingError,
)
from cifake_core.cases.expiry import expire_records
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.settings import SETTINGS_FILE, HistorySettings
from cifake_core.cases.tables import SystemRow
from cifake_core.pictures.perceptual_hash import hamming_distance, perceptual_hash
from tests.made_history import (
    WEIGHTS,
    everything,
    made_history,
    made_record,
    numbers_of,
    odd_record,
    picture,
    switched_on,
)

ALL = HistoryFilter()


@pytest.fixture
def history(database, user_data) -> History:
    """History of 30 records, on each kind of database."""
    assert database in ("sqlite", "postgresql", "mariadb")
    return made_history(user_data)


def test_a_record_says_all_that_was_kept(history):
    """The verdict with every prediction, hashes, what judged, and what was added."""
    kept = odd_record(6)

    found = history.get(7)

    for name in (
        *("moment", "source", "name", "bytes_sha256", "pixels_sha256", "reasons"),
        *("perceptual_hash", "decision", "system", "file"),
    ):
        assert getattr(found, name) == getattr(kept, name), name
    assert list(found.predictions) == list(kept.predictions)
    for name, prediction in kept.predictions.items():
        held = found.predictions[name]
        assert (held.logit, held.p_real) == (prediction.logit, prediction.p_real)
        assert held.known == prediction.known
        assert held.model_sha256 == found.system.weights[name]
        assert held.object_prediction.object_class == "ship"
    assert found.system.weights == WEIGHTS
    assert found.note == "Seen in a newspaper, page 3"
    assert history.pictures([7]) == {7: kept.png}
    assert history.original(7) is None
    assert history.networks() == ("cnn", "cnn3d", "ensemble")


def test_a_finding_stands_beside_the_decision(history):
    """It never replaces it, and can be changed and taken back."""
    before = history.get(2)
    assert before.finding.opinion == "REAL"
    assert before.finding.reason == "The photographer's own file."
    assert before.decision == "REAL"

    history.annotations.find(2, "FAKE", reason="The reflection is wrong.")
    assert history.get(2).finding.opinion == "FAKE"
    assert history.get(2).decision == "REAL"

    history.annotations.find(2, None)
    assert history.get(2).finding is None


def test_what_cannot_be_put_beside_a_record_is_told(history):
    """In one sentence each, and nothing changes."""
    rows = [each.note for each in everything(history)]
    for call, sentence in (
        (lambda: history.annotations.find(1, "FAKE", reason=" "), "reason for the"),
        (lambda: history.annotations.find(1, "BOTH", reason="x"), "REAL, FAKE, CANT"),
        (lambda: history.annotations.note(1, "x" * 4001), "at most 4,000 letters"),
        (lambda: history.annotations.note(1, "x\0y"), "NUL"),
        (lambda: history.annotations.tag([1], " "), "a name for the tag"),
        (lambda: history.annotations.tag([1, 99], "x"), "no record 99"),
        (lambda: history.bin.put([99]), "no record 99"),
        (lambda: history.get(99), "no record 99"),
    ):
        with pytest.raises(HistoryError, match=sentence):
            call()

    assert [each.note for each in everything(history)] == rows
    assert "x" not in history.counts(ALL).tags


def test_tags_come_and_go(history):
    """A tag that no record has is none."""
    history.annotations.tag([1], "Press")  # has it already
    history.annotations.untag([4, 5, 6], "Zürich")

    assert history.counts(ALL).tags == {"Press": 4}
    assert numbers_of(history, HistoryFilter(text="zürich")) == []
    assert history.get(4).tags == ("Press",)


def test_the_bin_can_be_undone_until_it_is_emptied(history):
    """With all a record had; then nothing of it is left, in any table."""
    history.bin.restore([5])
    assert history.get(5).tags == ("Press", "Zürich")
    assert 5 in numbers_of(history, HistoryFilter(tag="Press"))

    history.bin.put([5])
    assert history.bin.purge([1, 5]) == 1  # 1 lies not in it
    assert history.bin.purge() == 2

    assert numbers_of(history, HistoryFilter(in_bin=True)) == []
    assert len(everything(history)) == 27
    assert history.pictures([5, 10, 15]) == {}
    assert history.counts(HistoryFilter(in_bin=True)).total == 0
    with pytest.raises(HistoryError, match="no record 5"):
        history.bin.restore([5])
    (new,) = history.keep([made_record(0)])
    assert new == 31  # never one that was another's


def test_of_what_is_purged_no_byte_stays(user_data):
    """Neither in the file nor in what SQLite writes beside it."""
    history = switched_on(user_data)
    history.switch(HistorySettings(on=True, originals=True))
    secret = replace(made_record(0, name="SECRETNAME.png"), original=b"SECRET" * 5000)
    numbers = history.keep([secret, made_record(1)])
    assert history.original(1) == secret.original

    history.bin.put(numbers[:1])
    history.bin.purge()

    held = b"".join(
        each.read_bytes() for each in user_data.iterdir() if each.name != SETTINGS_FILE
    )
    assert made_record(1).png in held
    for part in (b"SECRET", b"secretname", secret.png[-600:-500]):
        assert part not in held


def test_nothing_is_kept_unless_it_is_switched_on(database, user_data):
    """Nothing is on disk then; who asks is answered all the same."""
    history = History(user_data)

    assert not history.settings().on
    assert history.keep([made_record()]) == ()
    assert history.page(ALL).records == ()
    assert list(history.pages(ALL))[1:] == []
    assert history.counts(ALL).total == 0
    assert history.same("0" * 64) == history.similar("0" * 16) == ()
    assert history.bin.purge() == expire_records(user_data, 1) == 0
    if database == "sqlite":
        assert list(user_data.iterdir()) == []


def test_what_is_switched_off_stays_until_its_time_is_over(user_data):
    """Nothing is added; the files themselves are kept if asked for."""
    history = switched_on(user_data)
    history.keep([made_record()])
    history.switch(HistorySettings(on=False))

    assert history.keep([made_record(1)]) == ()
    assert numbers_of(history, ALL) == [1]
    with pytest.raises(SettingError, match="one day or more"):
        HistorySettings(days=0)


@pytest.mark.usefixtures("database")
def test_what_is_older_than_the_settings_say_goes(user_data):
    """Of itself when something is kept; what is in a case stays."""
    from cifake_core.cases.casework import Cases

    history = switched_on(user_data)
    now = datetime.now(UTC)
    ages = [40, 35, 31, 29, 0]
    history.keep(
        [
            replace(made_record(number), moment=now - timedelta(days=days))
            for number, days in enumerate(ages)
        ]
    )
    cases = Cases(user_data)
    cases.add(cases.create("Kept").id, [2])

    history.switch(HistorySettings(on=True, days=30))
    assert numbers_of(history, ALL) == [5, 4, 3, 2, 1]
    history.keep([replace(made_record(5), moment=now)])
    assert numbers_of(history, ALL) == [6, 5, 4, 2]

    history.switch(HistorySettings(on=True, days=10))
    assert expire_records(user_data, 10) == 1
    assert numbers_of(history, ALL) == [6, 5, 2]


def test_a_picture_is_found_again(history):
    """The same pixels, and what looks nearly like them; what lies in the bin not."""
    kept = made_record(3)
    assert [each.id for each in history.same(kept.pixels_sha256)] == [4]
    changed = picture(3).astype(int) + np.random.RandomState(1).randint(
        -3, 4, (32, 32, 3)
    )
    near = perceptual_hash(changed.clip(0, 255).astype(np.uint8))

    found = history.similar(near)

    assert found[0].record.id == 4
    assert found[0].distance == hamming_distance(near, kept.perceptual_hash) <= 6
    assert [
        each.record.id
        for each in history.similar(odd_record(4).perceptual_hash, distance=0)
    ] == []  # binned
    with pytest.raises(SettingError, match="0 to 11"):
        history.similar(near, distance=12)


@pytest.mark.usefixtures("database")
def test_every_near_hash_is_found(user_data):
    """By bands, as by looking at each: every distance up to the greatest."""
    history = switched_on(user_data)
    random = np.random.RandomState(0)
    wanted = 0xFEDC_BA98_7654_3210
    hashes = []
    for flips in range(16):
        bits = random.choice(64, flips, replace=False)
        hashes.append(wanted ^ sum(1 << int(bit) for bit in bits))
    history.keep(
        [
            replace(made_record(number), perceptual_hash=f"{each:016x}")
            for number, each in enumerate(hashes)
        ]
    )

    for distance in range(12):
        found = history.similar(f"{wanted:016x}", distance=distance)
        assert [each.distance for each in found] == list(range(distance + 1))


@pytest.mark.usefixtures("database")
def test_a_name_that_is_no_text_is_kept_with_a_mark(user_data):
    """A NUL, and bytes that are no letters, which databases refuse."""
    history = switched_on(user_data)
    name = "a\0b\udc80c.png"

    history.keep([made_record(0, name=name), made_record(1, name="x" * 600 + ".png")])

    first, second = (history.get(number) for number in (1, 2))
    assert first.name == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c.png"
    assert second.name == "x" * 496 + ".png"
    assert numbers_of(history, HistoryFilter(name=name)) == [1]
    assert numbers_of(history, HistoryFilter(tag="\0", text="\0")) == []


def test_settings_that_are_damaged_are_told(user_data):
    """Nothing is kept then; the sentence says how to go on."""
    history = switched_on(user_data)
    (user_data / SETTINGS_FILE).write_text('{"schema": 1, "on": "yes"}')

    with pytest.raises(ModelUnavailableError, match="switch the history on again"):
        history.keep([made_record()])


def test_what_judged_is_noted_once(user_data):
    """However many records it has; with another policy it is another."""
    history = switched_on(user_data)
    made = made_record(2)
    other = replace(made, system=replace(made.system, policy_sha256="b" * 64))

    history.keep([made_record(0), made_record(1), other])

    with reading(user_data) as session:
        rows = session.scalars(select(SystemRow)).all()
        assert [row.policy_sha256 for row in rows] == ["a" * 64, "b" * 64]
    assert history.get(3).system == other.system
