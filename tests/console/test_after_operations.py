"""What comes after care, by digits on the screen, over a real file."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from callcenter.desk.after import open_complaint
from callcenter.desk.calls import close_enquiry, open_call
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.requests import hold_request
from callcenter.desk.session import Desk
from callcenter.store import after, reads
from callcenter.store.placements import placements
from callcenter.text.moments import moment
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import (
    SIZE,
    SUWON_CENTRE,
    Watch,
    ask,
    console,
    give_places,
    screen_of,
    state_of,
    text_of,
    until,
)


def placed(desk: Desk) -> str:
    give_places(desk, 3)
    request_id = ask(desk).request_id
    made = make_offer(desk, OPERATOR, NOW, request_id, SUWON_CENTRE)
    answer_offer(desk, OPERATOR, NOW + timedelta(seconds=1), made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, NOW + timedelta(seconds=2), request_id)
    return request_id


def start_of(desk: Desk, request_id: str) -> Watch:
    """A clock half an hour after care was to begin."""
    found = reads.request(desk.connection, request_id)
    assert found is not None
    watch = Watch()
    watch.now = moment(found.start_at) + timedelta(minutes=30)
    return watch


def says(pilot: "Pilot[None]", words: str) -> Callable[[], bool]:
    return lambda: words in text_of(pilot)


def in_care(desk: Desk) -> tuple[str, Watch]:
    """A request whose child was taken in, and the clock then."""
    request_id = placed(desk)
    watch = start_of(desk, request_id)
    child = placements(desk.connection, request_id)[0].child_id
    admit(desk, OPERATOR, watch.now, request_id, child, AtTheDoor(temperature=366))
    return request_id, watch


async def shown(pilot: "Pilot[None]", request_id: str) -> None:
    screen = screen_of(pilot)
    screen.show_request(request_id)
    await until(pilot, lambda: screen.shown == request_id and screen.view is not None)


async def test_a_no_show_by_two_keys(desk: Desk, tmp_path: Path) -> None:
    request_id = placed(desk)
    async with console(desk, start_of(desk, request_id), tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        await pilot.press("semicolon")
        await until(pilot, lambda: "No-show" in text_of(pilot))
        await pilot.press("1")
        await until(pilot, lambda: state_of(desk, request_id) == "cancelled")
        await until(pilot, lambda: "1 no-show" in text_of(pilot))


async def test_an_incident_is_written_down_and_rings(desk: Desk, tmp_path: Path) -> None:
    request_id, watch = in_care(desk)
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        await pilot.press("semicolon")
        await until(pilot, lambda: "Incident" in text_of(pilot))
        await pilot.press("3", "1", "1", *"fell down", "enter")
        await until(pilot, lambda: bool(after.incidents(desk.connection, request_id)))
        (incident,) = after.incidents(desk.connection, request_id)
        assert (incident.what, incident.said, incident.told) == ("injury", "fell down", "guardian")
        await until(pilot, lambda: "a supervisor is needed" in text_of(pilot))


async def test_a_score_and_whether_they_would_ask_again(desk: Desk, tmp_path: Path) -> None:
    request_id, watch = in_care(desk)
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        await pilot.press("semicolon")
        await until(pilot, lambda: "Satisfaction" in text_of(pilot))
        await pilot.press("4", "2", "1")
        await until(pilot, lambda: after.satisfaction(desk.connection, request_id) is not None)
        await until(pilot, lambda: "Satisfaction 90, would ask again" in text_of(pilot))


async def test_what_is_not_possible_now_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    request_id = placed(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        for digit, refusal in (("1", "This is a cancellation until"), ("7", "no open complaint")):
            await pilot.press("semicolon", digit)
            await until(pilot, says(pilot, refusal))


async def test_a_wrong_key_is_corrected_and_both_stay_to_be_seen(desk: Desk, tmp_path: Path) -> None:
    request_id = ask(desk).request_id
    hold_request(desk, OPERATOR, NOW + timedelta(seconds=1), request_id, NOW + timedelta(hours=1))
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        await pilot.press("semicolon")
        await until(pilot, lambda: "A wrong key" in text_of(pilot))
        await pilot.press("6")
        await until(pilot, lambda: "moved: on hold" in text_of(pilot))
        await pilot.press("1", "1")
        await until(pilot, lambda: state_of(desk, request_id) == "open")
        await until(pilot, lambda: "corrected" in text_of(pilot))


async def test_a_placed_request_asks_who_cancels(desk: Desk, tmp_path: Path) -> None:
    request_id = placed(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        await pilot.press("delete", "1")
        await until(pilot, lambda: "who wants it" in text_of(pilot))
        await pilot.press("3")
        await until(pilot, lambda: state_of(desk, request_id) == "cancelled")
    assert desk.connection.execute("SELECT reason, by FROM request_end").fetchall() == [("withdrawn", "duplicate")]


async def test_only_a_supervisor_takes_an_incident_over(desk: Desk, tmp_path: Path) -> None:
    from callcenter.desk.after import raise_incident

    request_id = placed(desk)
    watch = start_of(desk, request_id)
    raise_incident(desk, OPERATOR, watch.now, request_id, "carer_absent", "nobody there")
    for actor, seen in ((OPERATOR, "Please ask your supervisor"), (SUPERVISOR, "You have taken the incident over")):
        async with console(desk, watch, tmp_path, actor=actor).run_test(size=SIZE) as pilot:
            await shown(pilot, request_id)
            await pilot.press("semicolon", "8")
            await until(pilot, says(pilot, seen))
    assert after.incidents(desk.connection, request_id)[0].acknowledged_by == SUPERVISOR.name


async def test_the_end_of_a_call_is_corrected_with_no_request_at_all(desk: Desk, tmp_path: Path) -> None:
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await pilot.press("colon")
        await until(pilot, says(pilot, "There is nothing to correct."))
        call = open_call(desk, OPERATOR, watch.now, "010-0000-1234").call_id
        close_enquiry(desk, OPERATOR, watch.now, "wrong_number", call_id=call)
        await pilot.press("colon")
        await until(pilot, says(pilot, "end of the call"))
        assert "010-****-1234" in text_of(pilot)
        await pilot.press("1", "1")
        await until(pilot, says(pilot, "Corrected; both stay to be seen."))
        found = reads.call(desk.connection, call)
        assert found is not None
        assert (found.state, found.topic) == ("talking", None)
        # Both are to be seen; what was corrected is not corrected again.
        await pilot.press("colon")
        await until(pilot, says(pilot, "end of the call (corrected)"))
        assert "17:40 김상담 010-****-1234; 17:40 김상담 (Wrong key)" in text_of(pilot)
        await pilot.press("1", "1")
        await until(pilot, says(pilot, "This cannot be corrected."))


async def test_a_complaint_is_handed_on(desk: Desk, tmp_path: Path) -> None:
    request_id = ask(desk).request_id
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await shown(pilot, request_id)
        await pilot.press("semicolon", "9")
        await until(pilot, says(pilot, "There is no open complaint about this request."))
        open_complaint(desk, OPERATOR, NOW, "전화를 안 받음", request_id=request_id)
        await until(pilot, says(pilot, f"Complaint: {OPERATOR.name}"))
        await pilot.press("semicolon", "9")
        await until(pilot, says(pilot, f"The complaint of {OPERATOR.name}: who answers it now?"))
        assert OPERATOR.name not in text_of(pilot).splitlines()[-2]
        await pilot.press("1")
        await until(pilot, says(pilot, f"Complaint: {SUPERVISOR.name}"))
    (complaint,) = after.complaints(desk.connection, request_id)
    assert complaint.owner == SUPERVISOR.name
