"""Whether places are the desk's own, in words: the marks, both sides of a conflict, and what became of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.console.presentation import claims, queue, request
from callcenter.desk.claim_history import ClaimStep
from callcenter.desk.conflicts import ClaimConflict, Side
from callcenter.desk.link_state import Work
from callcenter.reference import Reference
from callcenter.store.crossed import CrossedRow
from tests.conftest import NOW
from tests.console.presentation.rows import (
    CHILD_ROW,
    GUARDIAN,
    OFFER_ROW,
    QUEUE_ROW,
    REQUEST_ROW,
    assert_fits,
    by_column,
    page,
    stamp,
    view,
)

THEIRS = Work("B", "박상담", NOW, NOW)
MINE = Side(OFFER_ROW._replace(claim="refused", claim_desk="B"), REQUEST_ROW, [CHILD_ROW], hidden=False)
OTHER_OFFER = OFFER_ROW._replace(id="o9", number="B-1124-002", desk="B", operator="박상담", state="accepted")
OTHER = Side(OTHER_OFFER, REQUEST_ROW, [CHILD_ROW], hidden=False)
CONFLICT = ClaimConflict(MINE, OTHER, "B", "place", stamp(NOW), [], ("another", "places", "agreed"))


@pytest.mark.parametrize(
    ("claim", "told"),
    [("alone", ""), ("granted", ""), ("asked", "? Checking: the centre"), ("provisional", "! Provisional: the line")],
)
def test_a_place_that_is_not_sure_is_said(claim: str, told: str) -> None:
    offers = [OFFER_ROW._replace(claim=claim), OFFER_ROW._replace(id="o2", claim=claim)]
    found = page(claims.lines(offers, 200))
    assert found.startswith(told)
    # For both of them once, and for one that is over not at all.
    assert len(found.splitlines()) == bool(told)
    assert claims.lines([one._replace(state="declined") for one in offers], 200) == []


def test_both_sides_of_a_conflict_stand_beside_each_other(data: Reference) -> None:
    told = page(claims.conflict_lines(CONFLICT, "r1", data, NOW, "!", 60)).splitlines()
    assert told[0].startswith("‼ Conflict, ! decides: another child has the place of")
    rows = [[half.strip() for half in line.split("|")] for line in told if "|" in line]
    assert rows == [
        ["A-1124-007", "B-1124-002"],
        ["desk A 김상담", "desk B 박상담"],
        ["주이레 8 y", "주이레 8 y"],
        ["17:38 awaiting an answer", "17:38 accepted"],
    ]


def test_whose_child_has_the_place_is_not_told_of_another_child(data: Reference) -> None:
    other = Side(OTHER_OFFER._replace(request_id="r2"), REQUEST_ROW._replace(id="r2"), [CHILD_ROW], hidden=False)
    told = page(claims.conflict_lines(CONFLICT._replace(other=other), "r2", data, NOW, "!", 90))
    assert told.startswith("‼ Conflict, ! decides: this child's place was offered to A-1124-007 too.")


def test_a_side_that_is_not_known_or_not_to_be_seen(data: Reference) -> None:
    unknown = page(claims.conflict_lines(CONFLICT._replace(other=None), "r1", data, NOW, "!", 60))
    assert "desk B" in unknown
    assert "not known here yet" in unknown
    hidden = unseen(OTHER)
    told = page(claims.conflict_lines(CONFLICT._replace(other=hidden), "r1", data, NOW, "!", 60))
    assert "restricted" in told
    assert told.count("주이레") == 1


def test_what_two_desks_did_with_one_offer_is_told_as_that(data: Reference) -> None:
    row = CrossedRow("e1", "o1", "r1", "accepted", stamp(NOW), "박상담", "B")
    crossed = CONFLICT._replace(other=None, other_desk="", why="crossed", crossed=[row])
    told = page(claims.conflict_lines(crossed, "r1", data, NOW, "!", 90))
    assert "one desk ended the offer of A-1124-007, another went on with it" in told
    assert "desk B 박상담" in told
    assert "not known here yet" not in told


def unseen(side: Side) -> Side:
    return side._replace(request=None, children=[], hidden=True)


@given(width=st.integers(20, 120), korean=st.booleans(), other=st.sampled_from([OTHER, None, unseen(OTHER)]))
def test_it_fits(data: Reference, width: int, korean: bool, other: Side | None) -> None:
    language.use("ko" if korean else "en")
    assert_fits(claims.conflict_lines(CONFLICT._replace(other=other), "r1", data, NOW, "!", width), width)
    steps = [ClaimStep(stamp(NOW), "박상담", "B", "Taken over from 김상담, desk A: it cannot wait")] * 5
    found = claims.step_lines(steps, str, NOW, width)
    assert_fits(found, width)


def test_what_became_of_it_is_told_without_names(data: Reference) -> None:
    step = ClaimStep(stamp(NOW), "박상담", "B", f"Taken over: {GUARDIAN} rang 010-0000-1234")
    found = view()._replace(claims=[step])
    told = page(request.lines(found, data, NOW, 200, False))
    assert "17:40 B 박상담: Taken over: " in told
    assert GUARDIAN not in told
    assert "1234" not in told.split("Taken over")[1]
    assert GUARDIAN in page(request.lines(found, data, NOW, 200, True))


def test_an_offer_that_another_desk_was_faster_with_says_so(data: Reference) -> None:
    gone = OFFER_ROW._replace(state="withdrawn", claim="refused", claim_desk="B")
    assert "주이레 desk B has that place" in page(request.lines(view(offers=[gone]), data, NOW, 200, False))


@pytest.mark.parametrize(
    ("row", "work", "state"),
    [
        (QUEUE_ROW, None, "new"),
        (QUEUE_ROW, THEIRS, "◊B"),
        (QUEUE_ROW, THEIRS._replace(beat=THEIRS.beat.replace(minute=0)), "?B"),
        (QUEUE_ROW._replace(state="offered", claim="asked"), None, "check"),
        (QUEUE_ROW._replace(state="offered", claim="provisional"), None, "prov."),
        (QUEUE_ROW._replace(state="offered", claim="granted"), None, "offer"),
        (QUEUE_ROW._replace(state="offered", claim="refused"), THEIRS, "clash"),
    ],
)
def test_the_queue_marks_it(data: Reference, row: object, work: Work | None, state: str) -> None:
    assert isinstance(row, type(QUEUE_ROW))
    assert by_column(queue.row(row, data, NOW, work), queue.columns())["state"] == state
