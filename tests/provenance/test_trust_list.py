"""Trust list: got from a file or an address, kept with its place and its date."""

import base64
from datetime import date

import pytest

from cifake_core.basics.errors import ModelUnavailableError, NotMadeError, SettingError
from cifake_core.provenance.trust_list import TrustList, artefact, fetch
from tests.made_signatures import authority, signed
from tests.provenance.reading import facts

TODAY = date(2026, 11, 27)


def test_a_file_is_kept_with_its_place_and_date(tmp_path):
    """Words between the certificates, and what is none, are left out."""
    ours, others = authority(), authority()
    broken = "-----BEGIN CERTIFICATE-----\nno base64!\n-----END CERTIFICATE-----"
    file = tmp_path / "list.pem"
    file.write_text(f"## A list\n{ours.root}{broken}\n# 2{others.root}", "utf-8")

    found = fetch(str(file), today=TODAY)
    artefact(tmp_path).write(found)
    read = artefact(tmp_path).read(TrustList)

    assert read == found
    assert (read.place, read.fetched) == (str(file), "2026-11-27")
    assert len(read.certificates) == 2
    assert facts(signed(ours), read).signed.state == "trusted"
    assert facts(signed(others), read).signed.state == "trusted"
    assert facts(signed(authority()), read).signed.state == "untrusted"


def test_certificates_of_anything_trust_nobody(tmp_path):
    """Base64 that is no certificate does not stand in the way of the others."""
    ours, noise = authority(), base64.encodebytes(bytes(300)).decode()
    file = tmp_path / "list.pem"
    odd = f"-----BEGIN CERTIFICATE-----\n{noise}-----END CERTIFICATE-----\n"
    file.write_text(odd + ours.root, "utf-8")

    found = fetch(str(file), today=TODAY)

    assert len(found.certificates) == 1
    assert facts(signed(ours), found).signed.state == "trusted"


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (b"", "holds no certificates"),
        (b"\xff\xfe picture", "holds no certificates"),
        (bytes(5 * 1024**2), "more than 4,194,304 bytes"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path, held, words):
    """In a sentence that says what was expected."""
    file = tmp_path / "list.pem"
    file.write_bytes(held)

    with pytest.raises(SettingError, match=words):
        fetch(str(file), today=TODAY)


@pytest.mark.parametrize(
    "place", ["/nowhere/list.pem", "http://127.0.0.1/list.pem", "\0"]
)
def test_a_place_that_is_none_is_refused(place):
    """Addresses without encryption are taken for names of files."""
    with pytest.raises(SettingError, match="name a PEM file, or an address"):
        fetch(place, today=TODAY)


def test_an_address_that_does_not_answer_is_a_sentence():
    """It says how to do without."""
    with pytest.raises(SettingError, match="name it in the place of the address"):
        fetch("https://127.0.0.1:9/list.pem", today=TODAY)


def test_no_list_and_a_damaged_one_say_how_to_get_it(tmp_path):
    """The command is named."""
    kept = artefact(tmp_path)

    with pytest.raises(NotMadeError, match="signers fetch"):
        kept.read(TrustList)
    kept.path.write_text("{", "utf-8")
    with pytest.raises(ModelUnavailableError, match="signers fetch"):
        kept.read(TrustList)
