"""Every use case names the permission it needs, and a role has it or not."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

import callcenter.desk
from callcenter.desk.permission import CENTRE_ROLE, GATEWAY, OPERATOR, ROLES, SUPERVISOR, USE_CASES, Actor, NotPermitted
from callcenter.desk.session import Desk
from tests.conftest import NOW
from tests.desk import wishes


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in pkgutil.iter_modules(callcenter.desk.__path__, "callcenter.desk."):
        for name, found in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if not name.startswith("_") and found.__module__ == module.name:
                yield f"{module.name}.{name}", found


def takes_an_actor(function: Callable[..., Any]) -> bool:
    return list(inspect.signature(function).parameters)[:3] == ["desk", "actor", "now"]


CASES = {name: function for name, function in public_functions() if takes_an_actor(function)}


def test_every_use_case_declares_a_permission_that_somebody_has() -> None:
    assert set(CASES) == set(USE_CASES)
    assert len(CASES) >= 20
    assert set(USE_CASES.values()) == OPERATOR | SUPERVISOR | GATEWAY | CENTRE_ROLE


def test_a_function_that_writes_takes_an_actor() -> None:
    exempt = {"callcenter.desk.setup.init_desk"}
    for name, function in public_functions():
        if ".writing(" in inspect.getsource(inspect.unwrap(function)):
            assert name in exempt or name in CASES, name


def test_a_machine_may_do_what_it_is_there_for_and_nobody_else_may() -> None:
    assert {"application.accept", "telephone.tell", "message.send"} == GATEWAY
    assert {"claim.settle"} == CENTRE_ROLE
    assert not (GATEWAY | CENTRE_ROLE) & (OPERATOR | SUPERVISOR)
    assert not GATEWAY & CENTRE_ROLE


SUPERVISORS_ONLY = {"person.erase", "nocontact.write", "provider.write", "people.write", "incident.acknowledge"}


@pytest.mark.parametrize("name", sorted(CASES))
def test_without_the_permission_nothing_is_even_looked_at(desk: Desk, name: str) -> None:
    before = wishes.entries(desk.connection)
    use_case, permission = CASES[name], USE_CASES[name]
    assert (permission in ROLES["operator"]) is (permission not in SUPERVISORS_ONLY | GATEWAY | CENTRE_ROLE)
    assert (permission in ROLES["supervisor"]) is (permission not in GATEWAY | CENTRE_ROLE)
    # Arguments of the wrong number: whoever is permitted gets as far as the function itself.
    for role in ROLES:
        expected = TypeError if permission in ROLES[role] else NotPermitted
        with pytest.raises(expected):
            use_case(desk, Actor("김상담", role), NOW + timedelta(hours=1), *range(50))
    assert wishes.entries(desk.connection) == before
