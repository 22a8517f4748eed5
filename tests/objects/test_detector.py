"""The detector on a tiny network of the same form: boxes stand where patches are."""

import threading

import numpy as np
import pytest

from cifake_core.basics.errors import InvalidImageError, ModelUnavailableError
from cifake_core.objects.detector import MOST, SIDE, STRIDES, Detector, decoded
from cifake_core.objects.names import NAMES
from cifake_core.objects.records import DetectedObject
from tests import made_detector
from tests.made_detector import HEIGHT, WIDTH, street

RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture(scope="module")
def tiny() -> Detector:
    """The tiny detector, loaded as the published one is."""
    return Detector(made_detector.detector())


def with_patch(image, place, colour, *, side):
    """Return a picture with a square of a colour at a place of the coarsest map."""
    row, column = place
    top, left = row * side, column * side
    image[top : top + side, left : left + side] = colour
    return image


def test_a_box_stands_about_its_patch(tiny):
    """A picture of twice the network's size: everything is twice as large."""
    image = with_patch(street(832, 832), (5, 8), RED, side=64)

    (found,) = tiny.find(image)

    assert found.name == "dog"
    assert found.score > 0.9
    middle = found.top + found.height / 2, found.left + found.width / 2
    assert middle == pytest.approx((5.5 * 64, 8.5 * 64), abs=1)
    assert (found.height, found.width) == pytest.approx((2 * HEIGHT, 2 * WIDTH), abs=1)


@pytest.mark.parametrize(("height", "width"), [(416, 832), (832, 300), (1200, 1600)])
def test_other_shapes_keep_their_proportions(tiny, height, width):
    """The picture lies at the top left of the square that the network sees."""
    side = 32 * max(height, width) / SIDE
    image = street(height, width)
    image[round(3 * side) : round(4 * side), round(2 * side) : round(3 * side)] = BLUE

    (found,) = tiny.find(image)

    assert found.name == "cat"
    middle = found.top + found.height / 2, found.left + found.width / 2
    assert middle == pytest.approx((3.5 * side, 2.5 * side), abs=2)


def test_red_and_blue_are_not_taken_for_each_other(tiny):
    """The network is fed blue first."""
    image = with_patch(street(416, 416), (2, 2), RED, side=32)
    image = with_patch(image, (9, 9), BLUE, side=32)

    found = {each.name: each.top for each in tiny.find(image)}

    assert found["dog"] < found["cat"]


def test_overlapping_boxes_are_one_object(tiny):
    """Of two places beside each other the surer is kept, those far away both."""
    image = with_patch(street(416, 416), (6, 5), RED, side=32)
    image = with_patch(image, (6, 6), (240, 0, 0), side=32)

    near = tiny.find(image)
    far = tiny.find(with_patch(image, (11, 11), RED, side=32))

    assert len(near) == 1
    assert len(far) == 2
    assert far[0].score >= far[1].score


def test_boxes_end_where_the_picture_ends(tiny):
    """At its corners nothing is negative or beyond."""
    image = with_patch(street(416, 416), (0, 0), RED, side=32)
    image = with_patch(image, (12, 12), RED, side=32)

    for found in tiny.find(image):
        assert 0 <= found.top < found.top + found.height <= 416
        assert 0 <= found.left < found.left + found.width <= 416


def test_nothing_is_found_on_grey_and_never_more_than_twelve(tiny):
    """A picture without objects has none; of many the surest are told."""
    image = street(416, 416)
    for row in range(0, 13, 3):
        for column in range(0, 13, 4):
            with_patch(image, (row, column), RED, side=32)

    assert tiny.find(street(300, 500)) == ()
    assert len(tiny.find(image)) == MOST


def test_threads_share_a_detector(tiny):
    """Each gets the answer to its own picture."""
    answers = {}

    def ask(row):
        image = with_patch(street(416, 416), (row, 6), RED, side=32)
        answers[row] = [tiny.find(image)[0].top for _ in range(3)]

    threads = [threading.Thread(target=ask, args=(row,)) for row in (2, 5, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {row: set(tops) for row, tops in answers.items()} == {
        row: {32 * row + 16 - HEIGHT // 2} for row in (2, 5, 9)
    }


def test_answers_are_decoded_place_by_place():
    """Worked by hand: the second place of the second row of the coarsest map."""
    answers = np.full((3549, 85), -9.0, np.float32)
    answers[:, 4:] = 0
    place = 52**2 + 26**2 + 13 + 1
    answers[place, :5] = 0.5, 0.25, np.log(2), np.log(3), 0.5
    answers[place, 5 + 16] = 0.8

    boxes, scores, kinds = decoded(answers)

    assert boxes[place] == pytest.approx((48 - 32, 40 - 48, 64, 96))
    assert scores[place] == pytest.approx(0.4)
    assert NAMES[kinds[place]] == "dog"
    assert scores.argmax() == place
    assert len(boxes) == sum((SIDE // stride) ** 2 for stride in STRIDES)


def test_wild_answers_are_finite():
    """A size that no picture has does not overflow."""
    boxes, _, _ = decoded(np.full((3549, 85), 500, np.float32))

    assert np.isfinite(boxes).all()


@pytest.mark.parametrize("data", [b"", b"no network", made_detector.detector()[:500]])
def test_what_is_no_network_is_refused(data):
    """In a sentence, and no crash."""
    with pytest.raises(ModelUnavailableError, match="OpenCV"):
        Detector(data)


def test_another_form_of_answer_is_refused():
    """Its boxes would mean nothing."""
    detector = Detector(made_detector.detector(num_kinds=20))

    with pytest.raises(ModelUnavailableError, match=r"received \(1, 3549, 25\)"):
        detector.find(street(100, 100))


def test_only_pictures_are_looked_at(tiny):
    """A plane is none."""
    with pytest.raises(InvalidImageError):
        tiny.find(np.zeros((50, 50), np.uint8))


def test_parts_are_squares_about_their_objects():
    """Within the picture, the whole object in it."""
    image = np.arange(100 * 200 * 3, dtype=np.uint32).reshape(100, 200, 3).astype("u1")
    box = {"name": "dog", "score": 1.0}

    wide = DetectedObject(**box, top=40, left=100, height=20, width=60)
    corner = DetectedObject(**box, top=90, left=195, height=10, width=5)
    wider = DetectedObject(**box, top=0, left=0, height=100, width=180)

    assert (wide.cut_out(image) == image[20:80, 100:160]).all()
    assert (corner.cut_out(image) == image[90:100, 190:200]).all()
    assert wider.cut_out(image).shape == (100, 180, 3)
    assert not np.shares_memory(wide.cut_out(image), image)
