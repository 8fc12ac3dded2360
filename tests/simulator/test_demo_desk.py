"""The demo's desk: an evening in the middle, with something of everything, and nothing that could be real."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from callcenter.care.priority import clock, cutoffs
from callcenter.desk.matches import matches
from callcenter.desk.session import Desk
from callcenter.journal import history
from callcenter.reference import Reference
from callcenter.simulator.demo_desk import make_demo
from callcenter.store import reads
from callcenter.text.moments import moment
from tests.simulator.conftest import NOW
from tests.simulator.invariants import broken


def test_the_same_seed_makes_the_same_desk_to_the_last_digest(made: Path, tmp_path: Path, demo: Desk) -> None:
    def digests(desk: Desk) -> list[bytes]:
        return [entry.digest for entry in history.entries(desk.connection)]

    again = make_demo(tmp_path / "again.db", demo.reference, Random(7), NOW)
    other = make_demo(tmp_path / "other.db", demo.reference, Random(9), NOW)
    assert digests(again) == digests(demo)
    assert digests(other) != digests(demo)
    again.close()
    other.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_desk_is_sound(tmp_path: Path, data: Reference, seed: int) -> None:
    desk = make_demo(tmp_path / "desk.db", data, Random(seed), NOW)
    assert broken(desk.connection) == {}
    desk.close()


def test_the_queue_holds_something_of_everything(demo: Desk) -> None:
    rows = reads.open_requests(demo.connection, cutoffs(NOW))
    states = [row.state for row in rows]
    assert 11 <= len(rows) <= 14
    assert {"open", "matching", "offered", "accepted", "held"} == set(states)
    assert [row.urgency for row in rows].count("emergency") == 1
    assert rows[0].urgency == "emergency"
    assert [person.name for person in reads.people(demo.connection)] == ["김상담", "박상담", "이팀장"]


def test_two_offers_wait_and_their_clocks_still_run(demo: Desk) -> None:
    pending = reads.pending_offers(demo.connection)
    assert len(pending) == 2
    assert {clock("offer", moment(offer.expires_at), NOW).state for offer in pending} <= {"ok", "soon"}


def test_nothing_has_happened_after_now(demo: Desk) -> None:
    assert max(entry.at for entry in history.entries(demo.connection)) <= NOW.timestamp() * 1000


def test_one_guardian_asked_three_times_before(demo: Desk) -> None:
    rows = reads.open_requests(demo.connection, cutoffs(NOW))
    histories = [
        reads.requests_of_guardian(demo.connection, request.guardian_id, 9)
        for row in rows
        if (request := reads.request(demo.connection, row.id)) is not None
    ]
    longest = max(histories, key=len)
    assert len(longest) >= 4
    assert len({tuple(reads.children_of_request(demo.connection, row.id)) for row in longest}) == 1


def test_some_open_requests_can_be_placed_now_and_one_cannot(demo: Desk) -> None:
    fitting = {}
    for row in reads.open_requests(demo.connection, cutoffs(NOW)):
        request = reads.request(demo.connection, row.id)
        assert request is not None
        if row.state == "open":
            children = reads.children_of_request(demo.connection, row.id)
            found = matches(demo.connection, demo.reference, demo.programs, request, children, NOW)
            fitting[row.number] = found.ranking.fitting
    assert sum(count > 0 for count in fitting.values()) >= 3
    assert 0 in fitting.values()


def test_confirmations_of_places_are_fresh_old_and_missing(demo: Desk) -> None:
    ids = [provider.id for provider in reads.providers(demo.connection)]
    groups = reads.groups_of(demo.connection, ids)
    ages = [NOW - moment(group.confirmed_at) for group in groups if group.confirmed_at is not None]
    assert any(age <= timedelta(hours=1) for age in ages)
    assert any(age > timedelta(hours=4) for age in ages)
    assert any(group.confirmed_at is None for group in groups)
    assert any(group.places is None for group in groups)
