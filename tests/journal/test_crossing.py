"""Two desks that went on with one request without knowing of each other: what stands, and what people hear of."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.care_telling import release_places
from callcenter.desk.conflicts import conflicts
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.requests import add_note, amend_request, cancel_request, leave_unplaced, reopen_request
from callcenter.desk.reservations import reserve_places
from callcenter.desk.session import Desk
from callcenter.desk.setup import init_desk
from callcenter.journal import bodies
from callcenter.reference import Reference
from callcenter.store import reads, stays
from callcenter.store.crossed import crossed
from callcenter.store.placements import placements
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.journal.evenings import folded
from tests.journal.together import agree, exchange

EARLY, LATE, LATEST = (NOW + timedelta(minutes=minutes) for minutes in (10, 20, 30))


class Two:
    """Two desks that know one request and its provider's offer; then each works alone."""

    def __init__(self, folder: Path, data: Reference) -> None:
        self.desks = []
        for name in "AB":
            desk = init_desk(
                folder / f"{name}.db",
                data,
                NOW,
                name=name,
                programs=["gyeongsan-119"],
                supervisor=SUPERVISOR.name,
                entropy=Random(name).randbytes,
            )
            wishes.have(desk, wishes.CENTRE, wishes.ONE_PLACE)
            self.desks.append(desk)
        self.a, self.b = self.desks
        self.request = wishes.take(self.a).request_id
        self.child = reads.children_of_request(self.a.connection, self.request)[0].id
        self.meet()

    def meet(self) -> None:
        exchange([desk.connection for desk in self.desks], Random(3))
        agree([desk.connection for desk in self.desks])

    def offered(self) -> str:
        """The offer of desk A that both know."""
        offer = make_offer(self.a, OPERATOR, NOW, self.request, wishes.CENTRE.id).offer_id
        self.meet()
        return offer

    def accepted(self) -> str:
        offer = self.offered()
        answer_offer(self.a, OPERATOR, NOW, offer, "accepted")
        self.meet()
        return offer

    @property
    def state(self) -> str:
        return wishes.state(self.a, self.request)

    def heard(self) -> set[tuple[str, str, str]]:
        return {(row.what, row.offer_id, row.desk) for row in crossed(self.a.connection, self.request)}

    def owed(self) -> set[str]:
        return {row.offer_id for row in stays.open_notices(self.a.connection, 10)}

    def placed(self) -> list[tuple[str, bool]]:
        rows = placements(self.a.connection, self.request)
        return [(row.offer_id, row.confirmed_at is not None) for row in rows]


@pytest.fixture
def two(tmp_path: Path, data: Reference) -> Iterator[Two]:
    made = Two(tmp_path, data)
    yield made
    for desk in made.desks:
        desk.close()


def cancel(desk: Desk, at: datetime, request: str) -> None:
    cancel_request(desk, OPERATOR, at, request, "withdrawn")


def confirm(desk: Desk, at: datetime, request: str) -> None:
    confirm_request(desk, OPERATOR, at, request)


@pytest.mark.parametrize(("first", "second"), list(permutations([cancel, confirm])))
def test_a_guardian_who_cancels_at_one_desk_and_agrees_at_another_is_heard_of(
    two: Two, first: Callable[[Desk, datetime, str], None], second: Callable[[Desk, datetime, str], None]
) -> None:
    offer = two.accepted()
    first(two.a, EARLY, two.request)
    second(two.b, LATE, two.request)
    two.meet()
    assert (two.state, two.placed(), two.owed()) == ("cancelled", [], {offer})
    assert {(what, of) for what, of, _ in two.heard()} == {
        ("confirmed" if first is cancel else "cancelled", offer),
    }


def test_whoever_cancels_knowing_of_the_yes_makes_nobody_ring(two: Two) -> None:
    offer = two.accepted()
    confirm(two.b, EARLY, two.request)
    two.meet()
    cancel(two.a, LATE, two.request)
    two.meet()
    assert (two.state, two.heard(), two.owed()) == ("cancelled", set(), {offer})


def test_a_confirmed_child_keeps_its_place_from_who_did_not_know(two: Two) -> None:
    offer = two.accepted()
    confirm(two.a, EARLY, two.request)
    answer_offer(two.b, OPERATOR, LATE, offer, "withdrawn")
    two.meet()
    assert (two.state, two.placed(), two.heard()) == ("confirmed", [(offer, True)], {("withdrawn", offer, "B")})
    answer_offer(two.b, OPERATOR, LATEST, offer, "withdrawn")
    two.meet()
    assert (two.state, two.placed()) == ("matching", [])


def test_the_first_yes_has_the_child_and_the_next_moves_up(two: Two) -> None:
    first = make_offer(two.a, OPERATOR, EARLY, two.request, wishes.CENTRE.id).offer_id
    answer_offer(two.a, OPERATOR, EARLY, first, "accepted")
    second = make_offer(two.b, OPERATOR, LATE, two.request, wishes.ONE_PLACE.id).offer_id
    answer_offer(two.b, OPERATOR, LATE, second, "accepted")
    two.meet()
    assert (two.state, two.placed()) == ("accepted", [(first, False)])
    answer_offer(two.a, OPERATOR, LATEST, first, "withdrawn")
    two.meet()
    assert (two.state, two.placed()) == ("accepted", [(second, False)])


@pytest.mark.parametrize("given_up", [0, 1])
def test_of_two_offers_that_guardians_agreed_to_nobody_decides_once_one_is_left(two: Two, given_up: int) -> None:
    offers = []
    for desk, at, provider in ((two.a, EARLY, wishes.CENTRE), (two.b, LATE, wishes.ONE_PLACE)):
        offers.append(make_offer(desk, OPERATOR, at, two.request, provider.id).offer_id)
        answer_offer(desk, OPERATOR, at, offers[-1], "accepted")
        confirm(desk, at, two.request)
    two.meet()
    assert (two.placed(), two.heard()) == ([(offers[0], True)], {("beside", offers[1], "B")})
    (conflict,) = conflicts(two.a.connection, SUPERVISOR)
    assert (conflict.why, conflict.refused.offer.id) == ("child", offers[1])
    assert conflict.other is not None
    assert conflict.other.offer.id == offers[0]
    answer_offer(two.a, OPERATOR, LATEST, offers[given_up], "withdrawn")
    two.meet()
    assert (two.state, two.placed(), two.heard()) == ("confirmed", [(offers[1 - given_up], True)], set())


def test_a_yes_to_an_offer_that_was_given_up_is_no_yes_but_its_provider_is_told(two: Two) -> None:
    offer = two.offered()
    answer_offer(two.a, OPERATOR, EARLY, offer, "declined")
    answer_offer(two.b, OPERATOR, LATE, offer, "accepted")
    confirm_request(two.b, OPERATOR, LATEST, two.request)
    two.meet()
    assert (two.state, two.placed(), two.owed()) == ("matching", [], {offer})
    assert two.heard() == {("accepted", offer, "B"), ("confirmed", offer, "B")}
    with two.a.writing("김상담", LATEST) as chain:
        chain.append(two.request, bodies.ConflictDecided(offer=offer, how="agreed"))
    two.meet()
    assert two.heard() == set()


def test_a_no_after_a_yes_is_heard_and_an_unanswered_call_is_not(two: Two) -> None:
    offer = two.offered()
    answer_offer(two.a, OPERATOR, EARLY, offer, "accepted")
    answer_offer(two.b, OPERATOR, LATE, offer, "no_answer")
    two.meet()
    assert (two.state, two.heard()) == ("accepted", set())


def test_an_offer_for_a_request_that_was_cancelled_asks_nobody_any_more(two: Two) -> None:
    cancel(two.a, EARLY, two.request)
    offer = make_offer(two.b, OPERATOR, LATE, two.request, wishes.CENTRE.id).offer_id
    two.meet()
    assert (two.state, wishes.taken(two.a)) == ("cancelled", [])
    assert (two.heard(), two.owed()) == ({("made", offer, "B")}, {offer})
    reopen_request(two.b, OPERATOR, LATEST, two.request)
    assert make_offer(two.b, OPERATOR, LATEST, two.request, wishes.CENTRE.id).offer_id


def test_a_place_kept_for_a_request_that_was_cancelled_is_free_again_and_nobody_need_hear_of_it(two: Two) -> None:
    cancel(two.a, EARLY, two.request)
    reserve_places(two.b, OPERATOR, LATE, two.request, wishes.ONE_PLACE.id)
    two.meet()
    assert (two.state, wishes.taken(two.a), two.heard(), two.owed()) == ("cancelled", [], set(), set())


@pytest.mark.parametrize("unplaced_first", [True, False])
def test_a_request_that_was_given_up_goes_on_where_another_desk_found_somebody(two: Two, unplaced_first: bool) -> None:
    leave_unplaced(two.a, OPERATOR, EARLY if unplaced_first else LATEST, two.request, "all_full")
    offer = make_offer(two.b, OPERATOR, LATE, two.request, wishes.CENTRE.id).offer_id
    two.meet()
    assert (two.state, two.heard()) == ("offered", set())
    answer_offer(two.a, OPERATOR, LATEST, offer, "accepted")
    two.meet()
    assert (two.state, two.placed()) == ("accepted", [(offer, False)])


def test_an_offer_beside_a_place_that_the_guardian_agreed_to_lives_until_people_decide(two: Two) -> None:
    first = two.accepted()
    release_places(two.b, OPERATOR, EARLY, two.request, "guardian_refused")
    other = make_offer(two.b, OPERATOR, EARLY, two.request, wishes.ONE_PLACE.id).offer_id
    confirm(two.a, NOW + timedelta(minutes=5), two.request)
    two.meet()
    assert (two.state, two.placed()) == ("confirmed", [(first, True)])
    assert two.heard() == {("withdrawn", first, "B")}
    assert {one.id: one.state for one in reads.live_offers(two.a.connection, two.request)} == {
        first: "accepted",
        other: "pending",
    }
    answer_offer(two.b, OPERATOR, LATE, other, "withdrawn")
    two.meet()
    assert (two.state, two.placed()) == ("confirmed", [(first, True)])


def test_a_child_that_is_in_care_is_not_cancelled_by_who_did_not_know(two: Two) -> None:
    offer = two.accepted()
    confirm(two.a, EARLY, two.request)
    two.meet()
    admit(two.a, OPERATOR, LATE, two.request, two.child, AtTheDoor(temperature=366))
    cancel(two.b, LATEST, two.request)
    two.meet()
    assert (two.state, two.heard()) == ("in_care", {("cancelled", offer, "B")})


def test_a_child_that_came_although_it_was_cancelled_is_heard_of(two: Two) -> None:
    offer = two.accepted()
    confirm(two.a, EARLY, two.request)
    two.meet()
    cancel(two.b, LATE, two.request)
    admit(two.a, OPERATOR, LATEST, two.request, two.child, AtTheDoor(temperature=366))
    two.meet()
    assert (two.state, two.placed(), two.heard()) == ("cancelled", [], {("admitted", offer, "A")})


@pytest.mark.parametrize("amended_first", [True, False])
def test_an_offer_for_another_time_than_was_agreed_meanwhile_is_heard_of(two: Two, amended_first: bool) -> None:
    later = {"end_at": int((wishes.END + timedelta(hours=-1)).timestamp())}
    amend_request(two.a, OPERATOR, EARLY if amended_first else LATEST, two.request, later)  # type: ignore[arg-type] # a literal
    offer = make_offer(two.b, OPERATOR, LATE, two.request, wishes.CENTRE.id).offer_id
    two.meet()
    assert (two.state, two.heard()) == ("offered", {("amended", offer, "B" if amended_first else "A")})


def test_what_one_desk_does_alone_is_as_it_was_once_another_desk_wrote_a_note(two: Two) -> None:
    """The state that follows from offers and care is the one that every step of one desk names."""
    add_note(two.b, OPERATOR, NOW, two.request, "메모")
    alone = wishes.take(two.a, guardian=wishes.mother("010-0000-9999")).request_id
    exchange([two.a.connection, two.b.connection], Random(5))
    steps: list[Callable[[str, datetime], object]] = [
        lambda request, at: reserve_places(two.a, OPERATOR, at, request, wishes.CENTRE.id),
        lambda request, at: make_offer(two.a, OPERATOR, at, request, wishes.CENTRE.id),
        lambda request, at: answer_offer(two.a, OPERATOR, at, live(two.a, request), "conditional", condition="간식"),
        lambda request, at: answer_offer(two.a, OPERATOR, at, live(two.a, request), "accepted"),
        lambda request, at: release_places(two.a, OPERATOR, at, request, "guardian_unreached"),
        lambda request, at: make_offer(two.a, OPERATOR, at, request, wishes.CENTRE.id),
        lambda request, at: answer_offer(two.a, OPERATOR, at, live(two.a, request), "accepted"),
        lambda request, at: confirm_request(two.a, OPERATOR, at, request),
        lambda request, at: cancel(two.a, at, request),
        lambda request, at: reopen_request(two.a, OPERATOR, at, request),
        lambda request, at: leave_unplaced(two.a, OPERATOR, at, request, "all_full"),
    ]
    for number, step in enumerate(steps):
        for request in (two.request, alone):
            step(request, NOW + timedelta(minutes=number + 1))
        rows = {row[0]: row[1:] for row in folded(two.a.connection)["request"]}
        ours, other = rows[two.request], rows[alone]
        named = [one for one in zip(ours, other, strict=True) if one[0] != one[1]]
        assert wishes.state(two.a, two.request) == wishes.state(two.a, alone), (number, named)
    assert crossed(two.a.connection) == []


def live(desk: Desk, request: str) -> str:
    return reads.live_offers(desk.connection, request)[0].id
