"""The administrator's page: what it shows, does and says, and to whom alone."""

import re

import pytest

from cifake_core.accounts.access import who_has_key
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.links import Links
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.policies import Policies
from cifake_core.accounts.tables import AuditRow
from cifake_core.accounts.users import Users
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.jobs.retention.settings import Retention, read_retention
from cifake_core.jobs.retention.sweeping import sweep
from cifake_core.ui.accounts.administration import PAGE, PEOPLE
from tests.accounts.conftest import ADMIN, PASSWORD, added
from tests.made_history import made_record, switched_on
from tests.ui.accounts.conftest import BOB, fault

pytestmark = pytest.mark.usefixtures("made")


def act(browser, word: str, **fields):
    """What a form of the page answers."""
    return browser.send_form(f"{PEOPLE}/{word}", PEOPLE, **fields)


def told(answer) -> str:
    """What the page says was done, with what it shows this once."""
    assert answer.status_code == 200, answer.text
    found = re.search(
        '<div class="done" role="status">(.*?)</div>', answer.text, re.DOTALL
    )
    assert found, answer.text
    return found[1]


@pytest.mark.parametrize("role", ["viewer", "analyst", None])
def test_it_is_for_administrators_alone(browser, people, role):
    """Neither drawn for others, nor does any form of it do a thing for them."""
    if role:
        browser.log_in(added(people, f"{role}@example.org", role))
        assert "administration" not in browser.get("/account").text
    before = Users(people).listing()

    for path in (PEOPLE, *PAGE.acts):
        if path == PEOPLE:
            refused = browser.get(path)
        else:
            refused = browser.send_form(
                path,
                "/account",
                email=BOB,
                role="administrator",
                active="no",
                typed=BOB,
            )
        if role is None:
            assert refused.headers["location"].startswith("/account/login")
            continue
        assert "right to 'administer'" in fault(refused, 403)
        (line,) = Audit(people).lines(newest=1)
        assert (line.action, line.subject) == ("refused", path)
    assert Users(people).listing() == before


def test_people_are_changed_and_it_is_said(browser, people):
    """Each action says what it did, and is in the audit."""
    browser.log_in()
    shown = browser.get(PEOPLE).text
    assert BOB in shown
    assert "Version 1 of the networks" in shown
    assert "The history is off" in shown

    answer = told(act(browser, "role", email=BOB, role="analyst"))
    assert "was viewer and is analyst now" in answer
    Logins(people).log_in(BOB, PASSWORD, source="")
    assert "1 sessions" in told(act(browser, "sessions", email=BOB))
    assert "undoes it" in told(act(browser, "active", email=BOB, active="no"))
    assert not Users(people).get(BOB).is_active
    assert "let in again" in told(act(browser, "active", email=BOB, active="yes"))
    assert "is open" in told(act(browser, "registration", registration="open"))
    assert Policies(people).registration() == "open"
    code = told(act(browser, "invite", email="eve@example.org", role="viewer"))
    link = re.search(r"http://[^<]*/account/link#([\w-]+)", code)
    assert Links(people).kind(link[1]) == ("invitation", "eve@example.org")
    assert link[1] not in browser.get(PEOPLE).text
    reset = told(act(browser, "reset", email=BOB))
    assert Links(people).kind(re.search("#([\\w-]+)", reset)[1])[0] == "reset"
    lines = [each.action for each in Audit(people).lines()]
    for action in ("user.role", "user.disable", "policy.registration", "session.end"):
        assert action in lines


def test_a_key_is_made_shown_once_and_revoked(browser, people):
    """With the rights that were ticked; bad numbers are told."""
    browser.log_in()
    asked = {"email": ADMIN, "name": "nightly", "may_look": "yes", "per_minute": "9"}

    made = told(act(browser, "key", days="30", **asked))

    key = re.search("cifake_[\\w-]+", made)[0]
    assert who_has_key(people, key, source="").rights == {"look"}
    assert key not in browser.get(PEOPLE).text
    for bad in ("x", "0", "9" * 30, "-1", "²"):
        assert fault(act(browser, "key", days=bad, **asked)).startswith("Expected")
    assert "at once" in told(act(browser, "revoke", prefix=key.split("_")[1]))
    assert Keys(people).listing()[0].revoked


def test_somebody_is_deleted_with_what_is_theirs(browser, people, user_data):
    """Once their e-mail was typed again."""
    number = Users(people).get(BOB).number
    switched_on(user_data)
    History(user_data, number).keep([made_record(1)])
    browser.log_in()

    assert "type that e-mail" in fault(act(browser, "remove", email=BOB, typed="bob"))
    assert "is deleted" in told(act(browser, "remove", email=BOB, typed=BOB))

    assert [each.email for each in Users(people).listing()] == [ADMIN]
    assert History(user_data).counts(HistoryFilter()).total == 0
    last = act(browser, "remove", email=ADMIN, typed=ADMIN)
    assert "last administrator" in fault(last)


def test_days_are_chosen_and_kept_to(browser, people, user_data):
    """What the page promises then is what goes; what is no number of days is told."""
    switched_on(user_data)
    History(user_data).keep([made_record(1)])
    browser.log_in()
    assert "stay until somebody deletes them" in browser.get(PEOPLE).text

    answer = told(act(browser, "retention", records="30", audit="365"))

    assert "records 30 days (before: until it is deleted)" in answer
    assert "audit 365 days" in answer
    shown = browser.get(PEOPLE).text
    assert "go 30 days after they were given" in shown
    assert 'name="records" inputmode="numeric" maxlength="6" value="30"' in shown
    assert read_retention(user_data) == Retention(records=30, audit=365)
    assert sweep(user_data).gone["records"] == 1
    lines = {(each.action, each.subject, each.who) for each in Audit(people).lines()}
    assert ("policy.retention", "records", ADMIN) in lines
    for bad in ("x", "0", "99999999999", "-1", "1.5", "40000"):
        assert fault(act(browser, "retention", records=bad)).startswith("Expected")
    assert read_retention(user_data) == Retention(records=30, audit=365)
    same = act(browser, "retention", records="30", audit="365")
    assert "as long as before" in told(same)


def test_tampering_is_found_on_the_page(browser, people):
    """One changed line."""
    browser.log_in()
    assert "The audit holds" in told(act(browser, "verify"))
    with people.writing() as session:
        session.get(AuditRow, 2).who = "mallory"

    assert "line 2 was changed" in fault(act(browser, "verify"))
