"""A view goes into the address and comes back as it was."""

from dataclasses import fields, replace

import numpy as np
import pytest

from cifake_core.basics.labels import DECISIONS, LABELS, OBJECT_CLASSES
from cifake_core.evaluation.selection import COPIES, ORDERS, Selection
from cifake_core.ui.browse.address import from_query, to_query, whole

NETWORKS = ("cnn", "cnn3d", "ensemble")
FULL = Selection(
    network="cnn3d",
    threshold=0.1,
    pictures="mine",
    object_class="frog",
    label="FAKE",
    called="REAL",
    right=False,
    verdict="UNSURE",
    confidence=(0.5, 0.6),
    p_real=(0.02, 1.0),
    copies="repeats",
    generator="gan",
    order="random",
    seed=7,
    page=3,
)
FULL_QUERY = {
    "network": "cnn3d",
    "threshold": "0.1",
    "pictures": "mine",
    "object_class": "frog",
    "label": "FAKE",
    "called": "REAL",
    "right": "no",
    "verdict": "UNSURE",
    "confidence": "0.5..0.6",
    "p_real": "0.02..1.0",
    "copies": "repeats",
    "generator": "gan",
    "order": "random",
    "seed": "7",
    "page": "3",
}


def drawn(random: np.random.RandomState) -> Selection:
    """Return a view drawn at random."""

    def some(options):
        return [*options][random.randint(len(options))]

    def limits():
        return tuple(sorted(random.rand(2).tolist()))

    return Selection(
        network=some(NETWORKS),
        threshold=some([0.0, 0.5, 1.0, float(random.rand() ** 20)]),
        pictures=some(["official", "leak-free", "mine"]),
        object_class=some([None, *OBJECT_CLASSES]),
        label=some([None, *LABELS]),
        called=some([None, *LABELS]),
        right=some([None, True, False]),
        verdict=some([None, *DECISIONS]),
        confidence=some([(0.0, 1.0), limits()]),
        p_real=some([(0.0, 1.0), limits()]),
        copies=some([None, *COPIES]),
        generator=some([None, "gan"]),
        order=some(ORDERS),
        seed=some([0, 2**32 - 1]),
        page=some([1, 834]),
    )


def test_a_view_has_an_address_that_reads():
    """Every field has its name and a plain word or number."""
    assert to_query(FULL) == FULL_QUERY
    assert set(FULL_QUERY) == {field.name for field in fields(Selection)}


def test_an_address_opens_its_view():
    """What was written by hand is the view, without complaint."""
    assert from_query(FULL_QUERY, networks=NETWORKS, own_sets=("mine",)) == (FULL, ())


@pytest.mark.parametrize("seed", range(40))
def test_every_view_comes_back(seed):
    """Any view survives its address, to the last digit."""
    view = drawn(np.random.RandomState(seed))

    assert from_query(to_query(view), networks=NETWORKS, own_sets=("mine",)) == (
        view,
        (),
    )


def test_what_is_usual_is_left_out():
    """The address of a new view is its network alone, and an empty one opens it."""
    assert to_query(Selection(network="cnn")) == {"network": "cnn"}
    assert from_query({}, networks=NETWORKS, own_sets=("mine",)) == (
        Selection(network="cnn"),
        (),
    )


@pytest.mark.parametrize(
    ("name", "bad", "expected"),
    [
        ("network", "vgg", "one of: cnn, cnn3d, ensemble"),
        ("threshold", "1.5", "a number from 0 to 1"),
        ("threshold", "nan", "a number from 0 to 1"),
        ("threshold", "", "a number from 0 to 1"),
        ("pictures", "absent", "one of: official, leak-free, mine"),
        ("object_class", "Frog", "one of: airplane, automobile"),
        ("label", "UNSURE", "one of: FAKE, REAL"),
        ("called", "fake", "one of: FAKE, REAL"),
        ("right", "1", "one of: yes, no"),
        ("confidence", "0.5", "two numbers from 0 to 1, as 0.5..0.6"),
        ("confidence", "0.6..0.5", "two numbers from 0 to 1"),
        ("p_real", "-1..0.5", "two numbers from 0 to 1"),
        ("p_real", "0.1..nan", "two numbers from 0 to 1"),
        ("p_real", "0.1..0.2..0.3", "two numbers from 0 to 1"),
        ("verdict", "MAYBE", "one of: FAKE, REAL, UNSURE"),
        ("copies", "all", "one of: in_training, repeats"),
        ("order", "best", "one of: most_wrong, least_sure, random, class"),
        ("seed", "-1", "a whole number from 0 to 4294967295"),
        ("seed", str(2**32), "a whole number from 0 to 4294967295"),
        ("page", "0", "a whole number from 1 to 1000000"),
        ("page", "two", "a whole number from 1 to 1000000"),
    ],
)
def test_a_bad_value_is_told_and_the_rest_is_kept(name, bad, expected):
    """One bad value falls back to the usual one; all others are as asked."""
    usual = getattr(Selection(network="cnn"), name)

    view, faults = from_query(
        {**FULL_QUERY, name: bad}, networks=NETWORKS, own_sets=("mine",)
    )

    assert view == replace(FULL, **{name: usual})
    (fault,) = faults
    assert f"{name}={bad!r}. Expected {expected}" in fault


def test_each_bad_value_is_told():
    """Three bad values make three sentences."""
    query = {"threshold": "x", "page": "-4", "network": "", "order": "class"}

    view, faults = from_query(query, networks=NETWORKS, own_sets=("mine",))

    assert view == Selection(network="cnn", order="class")
    assert len(faults) == 3


def test_what_belongs_to_others_is_left_alone():
    """A parameter that is no field is neither read nor complained of."""
    assert from_query({"picture": "4"}, networks=("cnn3d",)) == (
        Selection(network="cnn3d"),
        (),
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("24", 24),
        ("25", None),
        ("-1", None),
        ("2.0", None),
        ("", None),
        ("٣", None),
        ("9" * 5000, None),
    ],
)
def test_whole_numbers_of_an_address(text, number):
    """Anything else, however long, is no number rather than an error."""
    assert whole(text, least=0, most=24) == number


@pytest.mark.parametrize(
    ("query", "pictures"),
    [
        ({"leak_free": "yes"}, "leak-free"),
        ({"leak_free": "no"}, "official"),
        ({"leak_free": "perhaps"}, "official"),
        ({"leak_free": "yes", "pictures": "mine"}, "mine"),
    ],
)
def test_links_of_before_lead_where_they_led(query, pictures):
    """They said whether leaked pictures count, and no more."""
    view, faults = from_query(query, networks=NETWORKS, own_sets=("mine",))

    assert view.pictures == pictures
    assert view.leak_free is (pictures != "official")
    assert faults == ()
