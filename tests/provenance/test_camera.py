"""Camera: what EXIF says of a photograph, and the place, which is told apart."""

import json

import pytest
from PIL import ExifTags

from cifake_core.provenance.camera import location
from cifake_core.provenance.records import Camera
from tests import made_data
from tests.provenance.reading import exif, facts, with_exif

Base, GPS = ExifTags.Base, ExifTags.GPS
IMAGE = {Base.Make: "Canon", Base.Model: "Canon EOS 5D\0"}
DETAILS = {
    Base.LensModel: "EF 50 mm",
    Base.ExposureTime: 1 / 250,
    Base.FNumber: 2.8,
    Base.ISOSpeedRatings: 100,
    Base.FocalLength: 50.0,
    Base.DateTimeOriginal: "2026:05:01 12:30:00",
    Base.OffsetTimeOriginal: "+02:00",
}
PLACE = {
    GPS.GPSLatitudeRef: "S",
    GPS.GPSLatitude: (33.0, 51.0, 36.0),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (151.0, 12.0, 0.0),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_says_how_it_was_taken(kind):
    """Maker, model, lens, exposure and time are read from each format."""
    camera = facts(with_exif(exif(IMAGE, DETAILS), kind)).camera

    assert camera == Camera(
        maker="Canon",
        model="Canon EOS 5D",
        lens="EF 50 mm",
        exposure="1/250 s, f/2.8, ISO 100, 50 mm",
        time="2026-05-01T12:30:00+02:00",
    )
    assert camera.named == "Canon EOS 5D"
    assert camera.speaks


def test_a_file_without_exif_names_no_camera():
    """Nothing is made up."""
    camera = facts(made_data.png(made_data.noise())).camera

    assert camera == Camera()
    assert not camera.speaks


def test_the_place_is_told_to_who_asks_and_kept_nowhere():
    """The record says that there is one; only `location` says which."""
    file = with_exif(exif(IMAGE, DETAILS, PLACE))

    found = facts(file)
    place = location(file)

    assert found.camera.has_location
    assert place.latitude == pytest.approx(-33.86)
    assert place.longitude == pytest.approx(151.2)
    assert "33." not in json.dumps(found.to_json()["camera"])
    assert "151" not in json.dumps(found.to_json()["camera"])


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {**PLACE, GPS.GPSLatitude: (133.0, 0.0, 0.0)},
        {**PLACE, GPS.GPSLongitude: 7.0},
        {GPS.GPSLatitude: (1.0, 2.0, 3.0)},
    ],
)
def test_no_place_on_earth_is_none(tags):
    """Half a place, or one beyond the poles, is not told."""
    assert location(with_exif(exif(IMAGE, location=tags))) is None


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_impossible_exposures_are_left_out(value):
    """No division by nothing."""
    tags = {Base.FNumber: 4.0, Base.FocalLength: value}

    assert facts(with_exif(exif(details=tags))).camera.exposure == "f/4"


def test_long_exposures_are_seconds():
    """Not a fraction of 1."""
    tags = {Base.ExposureTime: 30.0}

    assert facts(with_exif(exif(details=tags))).camera.exposure == "30 s"
