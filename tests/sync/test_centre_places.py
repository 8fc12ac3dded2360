"""Claims on a real server: a place is one offer's, and the same question has the same answer."""

import pytest

from tests.sync.conftest import Centre
from tests.sync.questions import CHILD, NEXT_PLACE, NEXT_SLOT, SEAT, Two, granted, held, item, push, refused, two_desks
from tests.sync.wire import call, calls


@pytest.fixture
def two(centre: Centre) -> Two:
    """Desks A and B, greeted."""
    return two_desks(centre)


def test_a_refused_offer_that_is_over_gives_its_places_back_by_the_same_clock(two: Two) -> None:
    centre, a, b = two
    push(a, "A", item("o1", SEAT))
    push(b, "B", item("o2", NEXT_SLOT, request="r2"))
    # Another desk, whose clock is ahead, wanted more for the offer; the first learns of that clock and gives all back.
    assert push(b, "B", item("o1", SEAT, NEXT_SLOT, hlc=9)) == [refused("o1", "o2", "B")]
    push(a, "A", item("o1", hlc=9))
    assert held(centre) == {NEXT_SLOT: "o2"}


def leases(centre: Centre) -> dict[str, bool]:
    rows = centre.admin().execute("SELECT offer_id, lease_until IS NOT NULL FROM callcenter.claim").fetchall()
    return {row[0]: row[1] for row in rows}


def lapse(centre: Centre) -> None:
    """Two minutes go by for every lease."""
    centre.admin().execute("UPDATE callcenter.claim SET lease_until = lease_until - interval '2 minutes'")


def test_the_first_has_it_and_the_second_hears_who(two: Two) -> None:
    centre, a, b = two
    assert call(a, "claim", item("o1", SEAT, NEXT_SLOT)) == granted("o1")
    assert call(b, "claim", item("o2", NEXT_SLOT, request="r2")) == refused("o2", "o1", "A")
    assert call(b, "claim", item("o3", NEXT_PLACE, request="r2")) == granted("o3")
    assert held(centre) == {SEAT: "o1", NEXT_SLOT: "o1", NEXT_PLACE: "o3"}


def test_all_or_none(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", NEXT_SLOT))
    assert call(b, "claim", item("o2", SEAT, NEXT_SLOT, NEXT_PLACE))["outcome"] == "refused"
    assert held(centre) == {NEXT_SLOT: "o1"}


def test_the_same_question_has_the_same_answer_whatever_happened_meanwhile(two: Two) -> None:
    centre, a, b = two
    assert call(a, "claim", item("o1", SEAT)) == granted("o1")
    assert call(b, "claim", item("o2", SEAT, hlc=5)) == refused("o2", "o1", "A")
    call(a, "claim", item("o1", hlc=2))
    assert call(b, "claim", item("o2", SEAT, hlc=5)) == refused("o2", "o1", "A")
    assert push(b, "B", item("o2", SEAT, hlc=5)) == [refused("o2", "o1", "A")]
    assert held(centre) == {}
    # What it asks anew is another question.
    assert call(b, "claim", item("o2", SEAT, hlc=6)) == granted("o2")


def test_an_older_question_changes_nothing(two: Two) -> None:
    centre, a, _b = two
    call(a, "claim", item("o1", SEAT, hlc=9))
    assert call(a, "claim", item("o1", NEXT_PLACE, hlc=8)) == granted("o1")
    assert push(a, "A", item("o1", hlc=3)) == [granted("o1")]
    assert held(centre) == {SEAT: "o1"}


def test_a_newer_question_moves_the_offer_and_a_refused_one_leaves_it_where_it_is(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT, NEXT_SLOT, hlc=1))
    call(b, "claim", item("o2", ("g", 102, 1)))
    # An extension by one slot that another offer has.
    longer = item("o1", SEAT, NEXT_SLOT, ("g", 102, 1), hlc=2)
    assert push(a, "A", longer) == [refused("o1", "o2", "B")]
    assert held(centre) == {SEAT: "o1", NEXT_SLOT: "o1", ("g", 102, 1): "o2"}
    assert push(a, "A", item("o1", NEXT_PLACE, hlc=3)) == [granted("o1")]
    assert held(centre) == {NEXT_PLACE: "o1", ("g", 102, 1): "o2"}
    assert push(a, "A", item("o1", hlc=4)) == [granted("o1")]
    assert held(centre) == {("g", 102, 1): "o2"}


def test_a_child_that_has_been_placed_is_told_before_the_place(two: Two) -> None:
    _centre, a, b = two
    push(a, "A", item("o1", SEAT, CHILD))
    assert push(b, "B", item("o2", NEXT_PLACE, CHILD)) == [refused("o2", "o1", "A", why="child")]
    assert push(b, "B", item("o2", SEAT, CHILD, hlc=2)) == [refused("o2", "o1", "A", why="child")]
    assert push(b, "B", item("o3", NEXT_PLACE, ("child:r2:c1", 0, 0), request="r2")) == [granted("o3")]


def test_several_questions_are_settled_in_their_order(two: Two) -> None:
    centre, a, _b = two
    call(a, "claim", item("o1", SEAT))
    assert calls(a, "claim", [item("o1", hlc=2), item("o2", SEAT, hlc=2)]) == [granted("o1"), granted("o2")]
    assert held(centre) == {SEAT: "o2"}


def test_a_claim_is_a_lease_until_its_entry_arrives(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT))
    assert leases(centre) == {"o1": True}
    assert push(a, "A", item("o1", SEAT)) == [granted("o1")]
    assert leases(centre) == {"o1": False}
    lapse(centre)
    assert call(b, "claim", item("o2", SEAT)) == refused("o2", "o1", "A")


def test_a_lapsed_lease_gives_way_and_its_desk_hears_it_when_it_comes_back(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT, NEXT_SLOT))
    lapse(centre)
    assert call(b, "claim", item("o2", SEAT)) == granted("o2")
    assert held(centre) == {SEAT: "o2"}
    assert push(a, "A", item("o1", SEAT, NEXT_SLOT)) == [refused("o1", "o2", "B")]


def test_a_lapsed_lease_in_nobodys_way_is_good_and_asking_again_renews_it(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT))
    lapse(centre)
    assert call(a, "claim", item("o1", SEAT)) == granted("o1")
    assert call(b, "claim", item("o2", SEAT)) == refused("o2", "o1", "A")
    lapse(centre)
    assert push(a, "A", item("o1", SEAT)) == [granted("o1")]
    assert held(centre) == {SEAT: "o1"}


def test_one_lapsed_lease_does_not_open_a_place_that_another_holds(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT))
    lapse(centre)
    push(a, "A", item("o2", NEXT_SLOT))
    assert call(b, "claim", item("o3", SEAT, NEXT_SLOT)) == refused("o3", "o2", "A")
    assert NEXT_SLOT in held(centre)
    assert "o3" not in held(centre).values()


def test_a_refusal_that_people_decided_is_no_conflict_any_more(two: Two) -> None:
    centre, a, b = two
    push(a, "A", item("o1", SEAT))
    push(b, "B", item("o2", SEAT))

    def conflicts() -> int:
        row = centre.admin().execute("SELECT conflicts FROM callcenter.centre_now()").fetchone()
        assert row is not None
        return int(row[0])

    assert conflicts() == 1
    assert push(b, "B", item("o2", SEAT, hlc=2, decided="agreed")) == [refused("o2", "o1", "A")]
    assert conflicts() == 0
    push(b, "B", item("o3", SEAT))
    assert conflicts() == 1
    push(b, "B", item("o3", hlc=2))
    assert conflicts() == 0
