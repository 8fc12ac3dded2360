"""Families and providers that are kept apart: supervisors only, with a reason, gone with the family."""

import pytest

from callcenter.desk.guardians import erase_guardian
from callcenter.desk.no_contact import ReasonMissing, guardian_of, lift_no_contact, set_no_contact
from callcenter.desk.offers import RulesForbid, make_offer
from callcenter.desk.permission import NotPermitted
from callcenter.desk.session import Desk, NotFound
from callcenter.store.no_contact import kept_apart, no_contacts
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk.wishes import CENTRE, state, take


def test_kept_apart_and_linked_again(desk: Desk) -> None:
    taken = take(desk)
    guardian = guardian_of(desk.connection, taken.number)
    set_no_contact(desk, SUPERVISOR, NOW, guardian, CENTRE.id, "법원 명령")
    (row,) = no_contacts(desk.connection, guardian)
    assert row == (guardian, CENTRE.id, "법원 명령", int(NOW.timestamp()), SUPERVISOR.name)
    with pytest.raises(RulesForbid):
        make_offer(desk, OPERATOR, NOW, taken.request_id, CENTRE.id)
    lift_no_contact(desk, SUPERVISOR, NOW, guardian, CENTRE.id, "명령이 끝남")
    make_offer(desk, OPERATOR, NOW, taken.request_id, CENTRE.id)
    assert (state(desk, taken.request_id), no_contacts(desk.connection)) == ("offered", [])


def test_only_a_supervisor_may(desk: Desk) -> None:
    guardian = guardian_of(desk.connection, take(desk).number)
    with pytest.raises(NotPermitted):
        set_no_contact(desk, OPERATOR, NOW, guardian, CENTRE.id, "이유")
    with pytest.raises(NotPermitted):
        lift_no_contact(desk, OPERATOR, NOW, guardian, CENTRE.id, "이유")


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_not_without_a_reason(desk: Desk, reason: str) -> None:
    guardian = guardian_of(desk.connection, take(desk).number)
    with pytest.raises(ReasonMissing):
        set_no_contact(desk, SUPERVISOR, NOW, guardian, CENTRE.id, reason)
    assert not kept_apart(desk.connection, guardian)


def test_nobody_is_kept_apart_from_nobody(desk: Desk) -> None:
    guardian = guardian_of(desk.connection, take(desk).number)
    for who, whom in ((guardian, "nowhere"), ("nobody", CENTRE.id)):
        with pytest.raises(NotFound):
            set_no_contact(desk, SUPERVISOR, NOW, who, whom, "이유")
    with pytest.raises(NotFound):
        lift_no_contact(desk, SUPERVISOR, NOW, guardian, CENTRE.id, "이유")
    with pytest.raises(NotFound):
        guardian_of(desk.connection, "A-0000-000")


def test_what_kept_a_family_apart_goes_with_it(desk: Desk) -> None:
    guardian = guardian_of(desk.connection, take(desk).number)
    set_no_contact(desk, SUPERVISOR, NOW, guardian, CENTRE.id, "비밀 이유")
    erase_guardian(desk, SUPERVISOR, NOW, guardian, "requested")
    assert no_contacts(desk.connection) == []
    bodies = [row[0] for row in desk.connection.execute("SELECT body FROM entry") if row[0]]
    assert not [body for body in bodies if "비밀 이유" in body]
