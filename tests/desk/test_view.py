"""What the console shows at one moment."""

from datetime import timedelta

from callcenter.desk.queue_view import first_view, queue_view
from callcenter.desk.requests import cancel_request, load
from callcenter.desk.session import Desk
from callcenter.desk.view import HISTORY, request_view
from tests.conftest import NOW, OPERATOR
from tests.desk.wishes import mother, offer, place, take


def test_the_page_of_the_queue_knows_where_the_cursor_went(desk: Desk) -> None:
    requests = [take(desk, now=NOW + timedelta(seconds=number)).request_id for number in range(5)]
    view = queue_view(desk.connection, NOW, OPERATOR, 1, 2, cursor=requests[4])
    assert [row.id for row in view.rows] == requests[1:3]
    assert (view.offset, view.cursor_index, view.figures.open) == (1, 4, 5)
    assert queue_view(desk.connection, NOW, OPERATOR, 1, 2, cursor=requests[1]).cursor_index is None
    cancel_request(desk, OPERATOR, NOW, requests[4], "withdrawn")
    assert queue_view(desk.connection, NOW, OPERATOR, 1, 2, cursor=requests[4]).cursor_index is None
    assert queue_view(desk.connection, NOW, OPERATOR, 1, 2, cursor="nothing").cursor_index is None


def test_the_first_look_is_the_same_queue_without_what_runs_out(desk: Desk) -> None:
    for number in range(5):
        take(desk, now=NOW + timedelta(seconds=number))
    place(desk)
    first = first_view(desk.connection, NOW, OPERATOR, 3)
    whole = queue_view(desk.connection, NOW, OPERATOR, 0, 3)
    assert len(first.rows) == 3
    assert first == whole._replace(alarms=[], in_flight=())


def test_a_request_is_shown_with_its_family_its_offers_and_what_was_before(desk: Desk) -> None:
    first, _offer = place(desk)
    guardian = load(desk, first).guardian_id
    earlier = [
        take(desk, guardian=mother(id=guardian), now=NOW + timedelta(minutes=number)).request_id
        for number in range(HISTORY + 1)
    ]
    shown = take(desk, guardian=mother(id=guardian), now=NOW + timedelta(hours=1)).request_id
    view = request_view(desk.connection, shown)
    assert view is not None
    assert view.guardian is not None
    assert view.guardian.name == "박하나"
    assert [row.id for row in view.history] == earlier[::-1][:HISTORY]
    assert (view.offers, view.provider) == ([], None)
    made = offer(desk, shown)
    view = request_view(desk.connection, shown)
    assert view is not None
    assert [one.id for one in view.offers] == [made.offer_id]
    assert view.provider is not None
    assert view.provider.id == "centre"
    assert request_view(desk.connection, "nothing") is None
