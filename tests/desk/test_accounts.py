"""The desk's people."""

import pytest

from callcenter.desk.accounts import NamelessPerson, NameTaken, NobodyThere, actor_named, add_operator
from callcenter.desk.permission import Actor, NotPermitted
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes


def test_who_is_added_can_be_found(desk: Desk) -> None:
    add_operator(desk, SUPERVISOR, NOW, " 김상담\u200b ", "operator")
    assert actor_named(desk.connection, "김상담", "supervisor") == OPERATOR
    assert actor_named(desk.connection, None, "operator") == OPERATOR
    assert actor_named(desk.connection, None, "supervisor") == SUPERVISOR


def test_nobody_of_that_name_is_refused_with_the_names_there_are(desk: Desk) -> None:
    with pytest.raises(NobodyThere) as refusal:
        actor_named(desk.connection, "홍길동", "operator")
    assert "이팀장" in str(refusal.value)
    with pytest.raises(NobodyThere):
        actor_named(desk.connection, None, "operator")


def test_a_name_is_one_persons(desk: Desk) -> None:
    add_operator(desk, SUPERVISOR, NOW, "김상담", "operator")
    before = wishes.entries(desk.connection)
    with pytest.raises(NameTaken):
        add_operator(desk, SUPERVISOR, NOW, "김상담 ", "supervisor")
    with pytest.raises(NamelessPerson):
        add_operator(desk, SUPERVISOR, NOW, " \u3164 ", "operator")
    with pytest.raises(NotPermitted):
        add_operator(desk, Actor("김상담", "operator"), NOW, "최상담", "operator")
    assert wishes.entries(desk.connection) == before
