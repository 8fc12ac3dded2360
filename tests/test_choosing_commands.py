"""`callcenter request choices`, `separate` and `relink`: what was seen, and families and providers kept apart."""

from contextlib import closing
from pathlib import Path

import pytest

from callcenter.desk.choosing import choices
from callcenter.desk.placing import place
from callcenter.desk.session import open_desk
from callcenter.reference import Reference
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.test_cli import Run, path, refused, run

__all__ = ["path", "run"]


def test_what_the_operator_saw_is_told_with_the_reason(run: Run, path: Path, data: Reference) -> None:
    with closing(open_desk(path, data)) as desk:
        wishes.have(desk, wishes.CENTRE, wishes.ONE_PLACE)
        taken = wishes.take(desk)
        request = reads.request(desk.connection, taken.request_id)
        assert request is not None
        children = reads.children_of_request(desk.connection, request.id)
        found = choices(desk.connection, data, desk.programs, request, children, NOW)
        second = list(found.options)[1]
        place(desk, OPERATOR, NOW, request.id, found, second, "guardian")
        name = found.ranking.matches[1].candidate.name
    ran = run("request", "choices", taken.number, "--json")
    assert ran.code == 0
    lines = ran.lines
    assert [line["rank"] for line in lines] == list(range(1, min(10, len(found.options)) + 1))
    chosen = [line for line in lines if line["taken"]]
    assert [(line["provider"], line["why"], line["operator"]) for line in chosen] == [
        (name, "The guardian wishes it", OPERATOR.name)
    ]
    assert lines[0]["points"]["free"] == 4.0
    assert lines[0]["why"] is None
    assert name in run("request", "choices", taken.number).out
    refused(run("request", "choices", "A-0000-000"), "The request is not there")


def test_a_family_is_separated_and_linked_again(run: Run, path: Path, data: Reference) -> None:
    with closing(open_desk(path, data)) as desk:
        wishes.have(desk, wishes.CENTRE)
        number = wishes.take(desk).number
        person = run("person", "add", OPERATOR.name)
    assert person.code == 0
    words = (number, wishes.CENTRE.id, "--reason", "법원 명령")
    refused(run("request", "separate", *words, "--operator", OPERATOR.name), "nocontact.write")
    assert run("request", "separate", *words, "--operator", SUPERVISOR.name).code == 0
    refused(run("request", "separate", number, "nowhere", "--reason", "x"), "The provider is not there")
    shown = run("journal", "show", "--json")
    assert "nocontact.set" in shown.out
    assert "법원" not in shown.out
    assert run("request", "relink", *words).code == 0
    refused(run("request", "relink", *words), "is not there")


@pytest.mark.parametrize("command", ["separate", "relink"])
def test_a_reason_is_asked_for(run: Run, path: Path, command: str) -> None:
    assert run("request", command, "A-1124-001", "centre").code == 2
