"""Content credentials: files that the tests sign, change and strip themselves."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import c2pa
import pytest

from tests import made_signatures
from tests.made_signatures import Authority, authority, signed, trust_list
from tests.provenance.reading import facts, stripped


@pytest.fixture(scope="module")
def ours() -> Authority:
    """An authority, made once."""
    return authority()


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and what it was asked for."""
    paths: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_POST = do_GET  # noqa: N815 - as the server calls it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", made_signatures.TYPES)
def test_a_whole_signature_in_every_format(ours, kind):
    """It is whole, tells tool, signer and source, and is trusted by its list alone."""
    file = signed(ours, kind=kind)

    unchecked = facts(file).signed
    trusted = facts(file, trust_list(ours)).signed
    untrusted = facts(file, trust_list(authority())).signed

    assert [each.state for each in (unchecked, trusted, untrusted)] == [
        *("unchecked", "trusted", "untrusted")
    ]
    for each in (unchecked, trusted, untrusted):
        assert each.tool == "Example App 1.0"
        assert each.signer == "Example Camera Ltd, Example Camera"
        assert each.digital_source_type == "trainedAlgorithmicMedia"
        assert each.changed == ()
    assert (unchecked.list_date, trusted.list_date) == (None, "2026-11-01")


def test_a_signed_statement_that_ai_made_it_is_a_sign(ours):
    """The action is quoted with its tool; a camera's statement is none."""
    (sign,) = facts(signed(ours)).generated

    assert (sign.where, sign.tool) == ("C2PA c2pa.created", "Example Painter")
    assert "trainedAlgorithmicMedia" in sign.quote
    assert not facts(signed(ours, source_type=made_signatures.CAPTURE)).generated


def test_changed_pixels_break_it(ours):
    """One flipped bit behind the statement is told in words."""
    file = bytearray(signed(ours))
    file[-100] ^= 1

    found = facts(bytes(file), trust_list(ours)).signed

    assert found.state == "broken"
    assert found.changed == ("the picture's bytes were changed after it was signed",)


def test_a_changed_statement_breaks_it(ours):
    """Another tool's name in the signed part is told in words."""
    file = signed(ours).replace(b"Example App", b"Xxample App")

    found = facts(file, trust_list(ours)).signed

    assert found.state == "broken"
    assert found.changed
    assert any("statement" in each for each in found.changed)


def test_a_statement_moved_to_another_picture_is_broken(ours):
    """The segments of one file put into another vouch for nothing."""
    one = signed(ours)
    start, end = one.index(b"\xff\xeb"), one.rindex(b"\xff\xeb")
    end += 2 + int.from_bytes(one[end + 2 : end + 4])
    other = stripped(one)[:2] + one[start:end] + stripped(one)[2:]

    assert facts(other, trust_list(ours)).signed.state == "broken"


def test_a_stripped_file_says_nothing(ours):
    """Saved again, there is no signature and no sign."""
    found = facts(stripped(signed(ours)), trust_list(ours))

    assert found.signed.state == "none"
    assert found.generated == ()


def test_nothing_is_fetched(asked):
    """Neither a statement that lies elsewhere nor a certificate's state is asked for.

    The library by itself does ask, so the server would have heard it.
    """
    address, paths = asked
    ours = authority(ocsp=f"{address}/ocsp")
    elsewhere = signed(ours, remote=f"{address}/manifest", embedded=False)
    both = signed(ours, remote=f"{address}/manifest")

    found = facts(elsewhere, trust_list(ours)).signed
    assert (found.state, found.address) == ("unchecked", f"{address}/manifest")
    assert facts(both, trust_list(ours)).signed.state == "trusted"
    assert paths == []
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader("image/jpeg", BytesIO(elsewhere))
    assert paths == ["/manifest"]
