"""Real files: C2PA's own test pictures and those of web UIs, expected and found."""

import zipfile
from datetime import date

import pytest

from benchmarks import provenance
from cifake_core.provenance.trust_list import fetch
from tests.made_signatures import authority, signed
from tests.provenance.reading import facts


@pytest.fixture(scope="module")
def archive(cifake_data):
    """The zip of files beside the data set."""
    path = cifake_data.with_name("provenance.zip")
    if not path.is_file():
        pytest.skip(f"needs {path.name} beside the data set of CIFAKE_DATA")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.mark.data
def test_every_file_is_as_expected(archive):
    """Signature with and without a list, and the program named; all of them."""
    rows = provenance.compare(archive)

    assert [row for row in rows if not row.is_right] == []
    assert len(rows) == 2 * len(provenance.SIGNED) + len(provenance.TOOLS) + 1


@pytest.mark.data
@pytest.mark.parametrize("name", ["anchors.pem", "C2PA-TRUST-LIST.pem"])
def test_published_lists_can_be_used(archive, tmp_path, name):
    """Each certificate counts, and one more at their end is trusted."""
    ours = authority()
    published = archive.read(f"trust/{name}")
    file = tmp_path / name
    file.write_bytes(published + b"\n" + ours.root.encode())

    found = fetch(str(file), today=date(2026, 11, 24))

    assert len(found.certificates) == published.count(b"BEGIN CERTIFICATE") + 1
    assert facts(signed(ours), found).signed.state == "trusted"
    assert facts(signed(authority()), found).signed.state == "untrusted"


@pytest.mark.data
def test_no_file_is_left_out(archive):
    """What lies in the zip is expected to be something."""
    pictures = {
        name
        for name in archive.namelist()
        if name.startswith(("c2pa/", "generators/")) and not name.endswith("/")
    }

    expected = {*provenance.SIGNED, *provenance.TOOLS}

    assert pictures - expected == {"generators/bad_images/empty_file.png"}
