"""One's own account: sessions, password, picture, name, and the way to leave."""

import re
from io import BytesIO

import pytest
from PIL import Image

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.users import Users
from cifake_core.basics.places import ASSETS
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT
from tests.ui.accounts.conftest import BOB, browser_at, fault

CAT = ASSETS / "samples" / "cat_32.png"
ACCOUNT = "/account"


def act(browser, word: str, **fields):
    """What a form of the account answers."""
    return browser.send_form(f"{ACCOUNT}/{word}", ACCOUNT, **fields)


def test_sessions_are_listed_and_ended(browser, people, address):
    """One's own; another's has no number here."""
    browser.log_in(BOB)
    with browser_at(address, "127.0.0.5") as other:
        other.log_in(BOB)
        browser_of_ann = Logins(people).log_in(ADMIN, PASSWORD, source="")
        shown = browser.get(ACCOUNT).text
        assert shown.count("<td>\nthis one") == 1
        assert "127.0.0.5" in shown
        (number,) = re.findall('name="session" value="([0-9]+)"', shown)

        ended = act(browser, "session", session=number)
        assert "is ended" in browser.get(ended.headers["location"]).text
        assert other.get("/").status_code == 303
    (ann,) = Logins(people).listing(ADMIN)
    for bad in (str(ann.number), "", "x", "9" * 30, "-1", "²"):
        assert "no session" in fault(act(browser, "session", session=bad))
    assert browser_of_ann
    assert len(Logins(people).listing(ADMIN)) == 1


def test_a_password_is_changed_by_who_knows_it(browser, people):
    """A wrong one is told, and counted as an attempt."""
    new = "copper window thistle 5"
    browser.log_in(BOB)

    wrong = act(browser, "password", old=new, password=new, again=new)
    assert "present password is another" in fault(wrong)
    differ = act(browser, "password", old=PASSWORD, password=new, again="x")
    assert "two passwords differ" in fault(differ)
    for _ in range(4):
        wrong = act(browser, "password", old="x", password=new, again=new)
    assert "Try again in" in fault(wrong, 429)
    assert Users(people).get(BOB)


def test_a_picture_is_small_and_only_pixels(browser, people):
    """What else its file says does not stay; what is no picture is refused."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera's maker"
    Image.open(CAT).convert("RGB").resize((640, 480)).save(out, "JPEG", exif=exif)
    browser.log_in()
    assert browser.get(f"{ACCOUNT}/picture.png").status_code == 404

    kept = act(browser, "picture", files={"picture": ("me.jpg", out.getvalue())})

    assert "Your picture is kept" in browser.get(kept.headers["location"]).text
    shown = browser.get(f"{ACCOUNT}/picture.png")
    assert shown.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(shown.content)).size == (128, 128)
    assert b"maker" not in shown.content
    for bad in (b"<html><script>", b"", b"\x89PNG broken"):
        refused = act(browser, "picture", files={"picture": ("x.png", bad)})
        assert fault(refused).endswith(".")
    assert browser.get(f"{ACCOUNT}/picture.png").content == shown.content
    act(browser, "picture", files={"picture": ("", b"")}, remove="yes")
    assert Users(people).picture(ADMIN) is None


def test_a_name_is_changed(browser, people):
    """A name that looks like HTML is only text."""
    browser.log_in(BOB)

    act(browser, "name", name="<b>Robert</b>")

    assert Users(people).get(BOB).name == "<b>Robert</b>"
    assert "&lt;b&gt;Robert&lt;/b&gt;" in browser.get(ACCOUNT).text
    assert "Expected a name" in fault(act(browser, "name", name=" "))


@pytest.mark.usefixtures("people")
def test_who_is_not_known_has_no_account(browser):
    """Every form leads to the log-in, and the picture is not there."""
    for word in (
        "logout",
        "logout-everywhere",
        "session",
        "name",
        "password",
        "delete",
    ):
        refused = browser.send_form(f"{ACCOUNT}/{word}", "/account/login")
        assert refused.headers["location"].startswith("/account/login")
    assert browser.get(f"{ACCOUNT}/picture.png").status_code == 404


def test_one_can_leave_with_ones_data(browser, people):
    """By e-mail and password; the last administrator cannot; the audit remembers."""
    Keys(people).make(BOB, name="x", scopes=["look"], days=None, by=ROOT)
    browser.log_in(BOB)
    refused = act(browser, "delete", email="bob", password=PASSWORD)
    assert "type its e-mail" in fault(refused)
    wrong = {"email": BOB, "password": "x"}
    assert "is another" in fault(act(browser, "delete", **wrong))

    left = act(browser, "delete", email=f" {BOB.upper()} ", password=PASSWORD)

    assert left.headers["location"] == "/account/login"
    assert browser.get("/").status_code == 303
    assert [each.email for each in Users(people).listing()] == [ADMIN]
    assert Keys(people).listing() == []
    (line,) = Audit(people).lines(newest=1)
    assert (line.who, line.action, line.subject) == (BOB, "user.remove", BOB)
    browser.log_in()
    last = act(browser, "delete", email=ADMIN, password=PASSWORD)
    assert "last administrator" in fault(last)
