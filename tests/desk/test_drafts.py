"""Drafts: kept with each key, offered to the right people, forgotten in time and with the person."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callcenter.desk import drafts
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import open_request
from callcenter.desk.permission import Actor
from callcenter.desk.requests import UnknownReason, load
from callcenter.desk.session import Desk, seconds
from callcenter.store.drafts import DraftRow
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

DAY = timedelta(days=1)
OTHER = Actor("최야간", "operator")


def typed(draft_id: str = "d1", minutes: int = 0, **raw: str) -> DraftRow:
    at = seconds(NOW + timedelta(minutes=minutes))
    return DraftRow(draft_id, OPERATOR.name, None, None, at, json.dumps({"raw": raw}, ensure_ascii=False))


def kept(desk: Desk, actor: Actor, minutes: int = 0) -> list[str]:
    return [draft.id for draft in drafts.offered(desk.connection, actor, NOW + timedelta(minutes=minutes))]


def test_the_newest_state_is_what_stands(desk: Desk) -> None:
    drafts.save(desk.connection, [typed(line="수"), typed("d2", 1)])
    drafts.save(desk.connection, [typed(line="수원")])
    assert kept(desk, OPERATOR) == ["d2", "d1"]
    assert json.loads(drafts.offered(desk.connection, OPERATOR, NOW)[1].body) == {"raw": {"line": "수원"}}
    drafts.save(desk.connection, [], ["d2", "nobody's"])
    assert kept(desk, OPERATOR) == ["d1"]


def test_who_is_offered_a_draft(desk: Desk) -> None:
    drafts.save(desk.connection, [typed()])
    assert kept(desk, OPERATOR) == ["d1"]
    assert kept(desk, OTHER, 60) == []
    assert [kept(desk, SUPERVISOR, minutes) for minutes in (9, 10)] == [[], ["d1"]]
    assert not drafts.take_over(desk.connection, OTHER, NOW + timedelta(hours=1), "d1")
    assert not drafts.take_over(desk.connection, SUPERVISOR, NOW, "d1")
    assert drafts.take_over(desk.connection, SUPERVISOR, NOW + timedelta(minutes=11), "d1")
    assert (kept(desk, OPERATOR), kept(desk, SUPERVISOR)) == ([], ["d1"])


def told(desk: Desk, now: datetime) -> datetime | None:
    return drafts.tell_old(desk.connection, drafts.offered(desk.connection, OPERATOR, now), now, DAY)


def test_a_draft_is_not_forgotten_before_somebody_was_told_that_it_is_old(desk: Desk) -> None:
    drafts.save(desk.connection, [typed(), typed("d2", 30)])
    later = NOW + timedelta(days=9)
    assert drafts.forget_old(desk.connection, later, DAY) == 0
    assert kept(desk, OPERATOR) == ["d2", "d1"]
    assert told(desk, later) == later + DAY
    assert told(desk, later + DAY / 2) == later + DAY
    assert drafts.forget_old(desk.connection, later + DAY, DAY) == 0
    assert drafts.forget_old(desk.connection, later + 1.1 * DAY, DAY) == 2
    assert kept(desk, OPERATOR) == []


def test_a_draft_somebody_goes_on_with_is_not_old(desk: Desk) -> None:
    drafts.save(desk.connection, [typed()])
    assert told(desk, NOW + DAY / 2) is None
    later = NOW + 2 * DAY
    assert told(desk, later) == later + DAY
    assert drafts.take_over(desk.connection, OPERATOR, later, "d1")
    assert told(desk, later) is None
    assert drafts.forget_old(desk.connection, later + 2 * DAY, DAY) == 0
    assert told(desk, later + 2 * DAY) == later + 3 * DAY
    drafts.save(desk.connection, [typed("d1", 60 * 24 * 4, line="수원")])
    assert told(desk, later + 2 * DAY) is None


def test_a_draft_ends_with_its_request_and_not_with_a_refusal(desk: Desk) -> None:
    drafts.save(desk.connection, [typed(), typed("d2")])
    with pytest.raises(UnknownReason):
        open_request(desk, OPERATOR, NOW, wishes.wish(draft="d1", reason="no such"))
    assert kept(desk, OPERATOR) == ["d1", "d2"]
    open_request(desk, OPERATOR, NOW, wishes.wish(draft="d1"))
    assert kept(desk, OPERATOR) == ["d2"]


def test_erasing_a_person_takes_the_drafts_along(desk: Desk, tmp_path: Path) -> None:
    request_id = wishes.take(desk, guardian=wishes.mother("010-0000-4321")).request_id
    guardian_id = load(desk, request_id).guardian_id
    drafts.save(
        desk.connection,
        [
            typed("by number", phone="01000004321"),
            typed("in the line", line="수원 황보찌르레기 010 0000 4321"),
            typed("by name", guardian_id=guardian_id),
            typed("another", phone="010-0000-1234", line="20-23"),
        ],
    )
    erase_guardian(desk, SUPERVISOR, NOW, guardian_id, "requested")
    assert kept(desk, OPERATOR) == ["another"]
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "찌르레기".encode() not in desk.path.read_bytes()
