"""Messages beside what happens: queued in its transaction, dropped with it, and silent where nobody may know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.windows import read_window
from callcenter.desk import messages, outbox
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import NewGuardian
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import UndoTooLate, make_offer, make_offers, undo_offer
from callcenter.desk.permission import MESSENGER
from callcenter.desk.requests import ConsentKind, amend_request, cancel_request, leave_unplaced
from callcenter.desk.reservations import give_back_places, reserve_places
from callcenter.desk.safety import raise_safety
from callcenter.desk.sending import NoTextNumber, NothingToSend, SendingOff, note_told, read_texts, send_text
from callcenter.desk.session import Desk, open_desk
from callcenter.journal import bodies
from callcenter.reference import Reference
from callcenter.store import messages as rows
from callcenter.store import reads, stays
from callcenter.store.messages import LEASE_SECONDS, MessageRow
from callcenter.store.placements import children_of_offers
from callcenter.text.sanitize import UNSAFE
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, ONE_PLACE, child, mother, offer, take

OUT = NOW + timedelta(seconds=11)
MOBILE = CENTRE._replace(id="mobile", name="새벽 돌봄센터", phone_day="031-000-0001", phone_night="010-0000-7001")
SECOND = MOBILE._replace(id="second", name="둘째 돌봄센터", phone_night="010-0000-7002")
AGREED: tuple[ConsentKind, ...] = ("collect", "sensitive", "third_party")


@pytest.fixture
def desk(desk: Desk) -> Iterator[Desk]:
    """The desk of these tests sends messages."""
    wishes.have(desk, MOBILE, SECOND)
    made = open_desk(desk.path, desk.reference, Random(8).randbytes, messages.follow)
    yield made
    made.close()


def of(desk: Desk, request_id: str) -> list[MessageRow]:
    return rows.messages_of_request(desk.connection, request_id)


def states(desk: Desk, request_id: str) -> list[tuple[str, str, str]]:
    return [(row.occasion, row.receiver, row.state) for row in of(desk, request_id)]


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def send_all(desk: Desk, now: datetime) -> list[str]:
    """Everything that is due, sent: the occasions with their receivers."""
    sent = []
    while (row := outbox.take_next(desk, MESSENGER, now)) is not None:
        assert outbox.note_sent(desk, MESSENGER, now, row.id, "200")
        sent.append(f"{row.occasion} {row.receiver}")
    return sent


def placed(desk: Desk, consents: tuple[ConsentKind, ...] = (), guardian: NewGuardian | None = None) -> tuple[str, str]:
    """A request all the way to its guardian's yes."""
    request_id = take(desk, consents=consents, guardian=guardian or mother()).request_id
    made = offer(desk, request_id, MOBILE)
    send_all(desk, OUT)
    answer_offer(desk, OPERATOR, at(60), made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, at(60), request_id)
    return request_id, made.offer_id


def test_an_offer_is_told_with_what_the_provider_needs_and_no_more(desk: Desk) -> None:
    care = child(needs=("allergy",), care_note="땅콩. 엄마 박하나 010-0000-1234")
    request_id = take(desk, care, child("박가을", "2019-01-02"), consents=AGREED).request_id
    offer(desk, request_id, MOBILE)
    (row,) = of(desk, request_id)
    assert (row.occasion, row.receiver, row.phone, row.language) == ("offer_made", "provider", "+821000007001", "ko")
    assert row.text == (
        "[경기도 아동언제나돌봄서비스] 긴급돌봄 요청 A-1124-001\n"
        "11/24(화) 20:00~23:00 수원시\n"
        "아동: 만 8세, 만 7세\n"
        "확인할 점: 만 8세 알레르기 대응, 땅콩. 엄마 박*나 ***\n"
        "17:50까지 가능한지 알려 주세요.\n"
        "문의 010-9979-7722"
    )


def test_a_confirmed_placement_is_told_to_both(desk: Desk) -> None:
    request_id, _offer = placed(desk, consents=AGREED, guardian=mother(language="vi"))
    provider, guardian = of(desk, request_id)[1:]
    assert "아동: 박새봄 (만 8세)\n보호자: 박하나 010-0000-1234\n" in provider.text
    assert (guardian.phone, guardian.language) == ("+821000001234", "en")
    assert "Children: 박새봄\n새벽 돌봄센터\n" in guardian.text
    assert "Their telephone: 010-0000-7001" in guardian.text
    assert send_all(desk, at(90)) == ["confirmed provider", "confirmed guardian"]


@pytest.mark.parametrize(
    ("until", "number"), [("19:00", "010-0000-7001"), ("21:00", "031-000-0001")], ids=["night", "day"]
)
def test_a_guardian_reads_the_number_that_is_answered_while_the_child_is_there(
    desk: Desk, until: str, number: str
) -> None:
    answered = read_window(f"07:00-{until}")
    assert answered is not None
    own = MOBILE._replace(id="own", name="제때 돌봄센터", phone_day_hours=(answered,))
    wishes.have(desk, own)
    request_id = take(desk, guardian=mother(language="vi")).request_id
    made = offer(desk, request_id, own)
    answer_offer(desk, OPERATOR, at(60), made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, at(60), request_id)
    told = [row.text for row in of(desk, request_id) if (row.occasion, row.receiver) == ("confirmed", "guardian")]
    assert [f"Their telephone: {number}" in text for text in told] == [True]


@pytest.mark.parametrize("how", ["sent", "rung"])
def test_a_provider_that_was_told_of_the_release_is_not_rung_once_more(desk: Desk, how: str) -> None:
    request_id, offer_id = placed(desk)
    send_all(desk, at(90))
    cancel_request(desk, OPERATOR, at(120), request_id, "withdrawn")
    assert stays.owes_notice(desk.connection, offer_id) == request_id
    if how == "sent":
        assert "released provider" in send_all(desk, at(140))
    else:
        released = next(row for row in of(desk, request_id) if row.occasion == "released")
        note_told(desk, OPERATOR, at(125), released.id)
    assert stays.owes_notice(desk.connection, offer_id) is None
    assert stays.open_notices(desk.connection, 9) == []


def test_who_comes_home_learns_where_that_is_and_who_fetches_the_child(desk: Desk) -> None:
    guardian = mother(address="수원시 팔달구 가짜로 1")
    request_id = take(desk, guardian=guardian, consents=AGREED, care_place="home", handover="이모가 18시에 옵니다")
    made = offer(desk, request_id.request_id, MOBILE)
    assert "가짜로" not in of(desk, request_id.request_id)[0].text
    answer_offer(desk, OPERATOR, at(60), made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, at(60), request_id.request_id)
    text = of(desk, request_id.request_id)[1].text
    assert "방문할 곳: 수원시 팔달구 가짜로 1\n인계: 이모가 18시에 옵니다\n" in text


def test_without_consent_the_provider_is_told_neither_name_nor_number(desk: Desk) -> None:
    request_id, _offer = placed(desk)
    text = of(desk, request_id)[1].text
    assert "박" not in text
    assert "1234" not in text
    assert "아동: 만 8세\n" in text


@given(note=st.text(max_size=40), name=st.text(min_size=1, max_size=9), dots=st.sampled_from(["", "-", " ", ".", ") "]))
def test_what_families_write_can_neither_forge_a_message_nor_give_a_number_away(
    data: Reference, note: str, name: str, dots: str
) -> None:
    from callcenter.desk.message_texts import Facts, text_of

    number = dots.join(("010", "0000", "1234"))
    wish = reads.ChildRow("c", "g", f"{name}\r\n[가짜]", "2018-05-05", "elementary", None, "allergy", "fever", "")
    wish = wish._replace(care_note=f"{note}\n[가짜] {number} http://가짜.example/x www.example {name}")
    start = int(wishes.START.timestamp())
    request = reads.RequestRow(
        "r", "A-1", "offered", "normal", "41110", None, None, "hotline", "g", None, start, start + 7200, "x", 0, 0, "o",
        None, None, None, 0,
    )  # fmt: skip
    guardian = reads.GuardianRow("g", name, "+821000001234", "mother", "ko")
    facts = Facts(data, data.programs[0], request, guardian, [wish], None, None, may_tell_provider=False)
    templates = data.messages.templates
    for template in (templates["offer_made", "provider"], templates["confirmed", "provider"]):
        text = text_of(facts, template, NOW)
        assert not UNSAFE.search(text.replace("\n", ""))
        assert "\n[가짜]" not in text
        assert "://" not in text
        assert "0000" not in text


def test_nothing_leaves_before_the_undo_window_is_over(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, MOBILE)
    assert send_all(desk, at(10.9)) == []
    undo_offer(desk, OPERATOR, at(10.9), made.offer_id)
    assert states(desk, request_id) == [("offer_made", "provider", "dropped")]
    assert send_all(desk, at(600)) == []


def test_an_offer_whose_text_is_on_its_way_is_not_undone(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, MOBILE)
    # A clock that runs ahead, as that of another computer may.
    assert outbox.take_next(desk, MESSENGER, OUT) is not None
    with pytest.raises(UndoTooLate):
        undo_offer(desk, OPERATOR, at(9), made.offer_id)
    assert wishes.state(desk, request_id) == "offered"


def test_who_was_asked_in_vain_hears_that_it_is_over_and_who_was_not_asked_yet_hears_nothing(desk: Desk) -> None:
    request_id = take(desk).request_id
    first = offer(desk, request_id, MOBILE)
    send_all(desk, OUT)
    second = make_offer(desk, OPERATOR, at(60), request_id, SECOND.id, beside=True)
    answer_offer(desk, OPERATOR, at(65), first.offer_id, "accepted")
    assert states(desk, request_id)[1:] == [("offer_made", "provider", "dropped")]
    assert wishes.state(desk, request_id) == "accepted"
    assert send_all(desk, at(600)) == []

    other = take(desk, child("최여름"), guardian=mother("010-0000-2222")).request_id
    first = offer(desk, other, MOBILE, at(700))
    second = make_offer(desk, OPERATOR, at(701), other, SECOND.id, beside=True)
    assert send_all(desk, at(712)) == ["offer_made provider", "offer_made provider"]
    answer_offer(desk, OPERATOR, at(720), second.offer_id, "accepted")
    assert [(row.occasion, row.phone) for row in of(desk, other)[2:]] == [("offer_withdrawn", "+821000007001")]
    assert send_all(desk, at(731)) == ["offer_withdrawn provider"]


def test_a_cancelled_placement_is_told_to_both_and_once(desk: Desk) -> None:
    request_id, _offer = placed(desk)
    cancel_request(desk, OPERATOR, at(65), request_id, "withdrawn")
    told = [("released", "provider", "waiting"), ("cancelled", "guardian", "waiting")]
    dropped = [("confirmed", "provider", "dropped"), ("confirmed", "guardian", "dropped")]
    assert states(desk, request_id)[1:] == [*dropped, *told]
    assert send_all(desk, at(80)) == ["released provider", "cancelled guardian"]


def test_a_provider_that_says_no_is_not_written_to_any_more(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, MOBILE)
    answer_offer(desk, OPERATOR, at(5), made.offer_id, "declined", reason="full")
    leave_unplaced(desk, OPERATOR, at(6), request_id, "unreachable")
    assert states(desk, request_id) == [("offer_made", "provider", "dropped")]


def test_a_promise_is_told_and_one_that_moved_takes_its_place(desk: Desk) -> None:
    request_id = take(desk, promised=at(900)).request_id
    amend_request(desk, OPERATOR, at(5), request_id, {"promised_at": int(at(1800).timestamp())})
    assert [row.state for row in of(desk, request_id)] == ["dropped", "waiting"]
    assert "18:10까지 다시 전화드리겠습니다." in of(desk, request_id)[1].text
    amend_request(desk, OPERATOR, at(8), request_id, {"promised_at": None})
    assert send_all(desk, at(60)) == []
    assert of(desk, request_id)[1].state == "dropped"


def test_about_a_restricted_request_nobody_is_written_to(desk: Desk) -> None:
    from callcenter.desk.calls import open_call

    call = open_call(desk, OPERATOR, NOW).call_id
    request_id = take(desk, call_id=call).request_id
    offer(desk, request_id, MOBILE)
    raise_safety(desk, OPERATOR, at(3), call, "abuse")
    assert send_all(desk, at(60)) == []
    assert [(row.state, row.result) for row in of(desk, request_id)] == [("dropped", "restricted")]
    cancel_request(desk, OPERATOR, at(70), request_id, "withdrawn")
    assert len(of(desk, request_id)) == 1
    with pytest.raises(NothingToSend):
        send_text(desk, OPERATOR, at(80), request_id, "cancelled", "guardian")


@pytest.mark.parametrize("phone", ["withheld", "031-120"])
def test_nobody_is_texted_at_a_land_line_or_a_number_that_is_withheld(desk: Desk, phone: str) -> None:
    request_id, offer_id = placed(desk, guardian=mother(phone))
    assert ("confirmed", "guardian", "waiting") not in states(desk, request_id)
    with pytest.raises(NoTextNumber):
        send_text(desk, OPERATOR, at(70), request_id, "confirmed", "guardian", offer_id=offer_id)
    carer = take(desk, child("최여름"), guardian=mother("010-0000-2222"), channel="platform").request_id
    offer(desk, carer, CARER)
    assert of(desk, carer) == []


def test_a_desk_without_a_gateway_writes_no_messages_but_has_the_texts(desk: Desk) -> None:
    silent = open_desk(desk.path, desk.reference, Random(9).randbytes)
    request_id = take(silent).request_id
    made = offer(silent, request_id, MOBILE)
    (text,) = read_texts(silent, OPERATOR, NOW, request_id)
    assert (text.occasion, text.to, text.message) == ("offer_made", "provider", None)
    assert "A-1124-001" in text.text
    answer_offer(silent, OPERATOR, OUT, made.offer_id, "accepted")
    confirm_request(silent, OPERATOR, OUT, request_id)
    assert [one[:2] for one in read_texts(silent, OPERATOR, OUT, request_id)] == [
        ("confirmed", "provider"), ("confirmed", "guardian"),
    ]  # fmt: skip
    assert of(silent, request_id) == []
    with pytest.raises(SendingOff):
        send_text(silent, OPERATOR, OUT, request_id, "confirmed", "guardian", offer_id=made.offer_id)
    assert wishes.kinds(silent, 0)[-1] == "record.read"
    silent.close()


def test_the_texts_of_a_request_are_those_written_and_what_else_can_be_said(desk: Desk) -> None:
    request_id, offer_id = placed(desk)
    found = read_texts(desk, OPERATOR, at(61), request_id)
    assert [(one.occasion, one.to, one.message and one.message.state) for one in found] == [
        ("offer_made", "provider", "sent"), ("confirmed", "provider", "waiting"), ("confirmed", "guardian", "waiting"),
    ]  # fmt: skip
    sent = send_text(desk, OPERATOR, at(62), request_id, "confirmed", "guardian", offer_id=offer_id)
    assert [row.state for row in of(desk, request_id)] == ["sent", "waiting", "dropped", "waiting"]
    assert send_all(desk, at(62)) == ["confirmed guardian"]
    assert rows.message(desk.connection, sent) is not None
    with pytest.raises(NothingToSend):
        send_text(desk, OPERATOR, at(63), request_id, "cancelled", "guardian")


def alarms(desk: Desk, now: datetime) -> list[tuple[str, str]]:
    found = reads.alarms(desk.connection, int(now.timestamp()))
    return [(row.kind, row.number) for row in found if row.kind == "message"]


def test_a_message_that_fails_is_tried_again_and_in_the_end_rings_until_somebody_sees_to_it(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id, MOBILE)
    now, tries = OUT, 0
    while (row := outbox.take_next(desk, MESSENGER, now)) is not None:
        tries += 1
        assert outbox.take_next(desk, MESSENGER, now) is None
        again = outbox.note_failed(desk, MESSENGER, now, row.id, "503", permanent=False, spread=0.5)
        assert alarms(desk, now) == ([] if again else [("message", "A-1124-001")])
        now = again + timedelta(seconds=1) if again else now
    assert tries == desk.reference.messages.retry.tries
    (row,) = of(desk, request_id)
    assert (row.state, row.result, row.tries) == ("failed", "503", tries)
    note_told(desk, OPERATOR, now, row.id)
    assert alarms(desk, now) == []
    assert of(desk, request_id)[0].result == "told"


def test_a_message_that_is_refused_for_good_is_not_tried_again(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id, MOBILE)
    row = outbox.take_next(desk, MESSENGER, OUT)
    assert row is not None
    assert outbox.note_failed(desk, MESSENGER, OUT, row.id, "400", permanent=True, spread=0.5) is None
    assert alarms(desk, OUT) == [("message", "A-1124-001")]


def test_a_message_that_nobody_sends_is_an_alarm_and_too_late_it_is_not_sent_any_more(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id, MOBILE)
    assert alarms(desk, at(60)) == []
    assert alarms(desk, at(11 + 91)) == [("message", "A-1124-001")]
    assert send_all(desk, OUT + timedelta(minutes=10, seconds=1)) == []
    assert [(row.state, row.result) for row in of(desk, request_id)] == [("failed", outbox.LATE)]


def test_who_dies_between_sending_and_noting_it_sends_it_again_under_the_same_id(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id, MOBILE)
    taken = outbox.take_next(desk, MESSENGER, OUT)
    assert taken is not None
    lost = OUT + timedelta(seconds=LEASE_SECONDS)
    assert outbox.take_next(desk, MESSENGER, lost - timedelta(seconds=1)) is None
    again = outbox.take_next(desk, MESSENGER, lost)
    assert again is not None
    assert (again.id, again.tries) == (taken.id, 2)
    assert outbox.note_sent(desk, MESSENGER, lost, again.id, "200")
    assert not outbox.note_sent(desk, MESSENGER, lost, again.id, "200")


def test_whoever_always_dies_is_not_let_try_for_ever(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id, MOBILE)
    now, tries = OUT, 0
    while outbox.take_next(desk, MESSENGER, now) is not None:
        now, tries = now + timedelta(seconds=LEASE_SECONDS), tries + 1
    assert tries == desk.reference.messages.retry.tries
    assert [(row.state, row.result) for row in of(desk, request_id)] == [("failed", outbox.LOST)]


def test_to_one_number_one_message_goes_at_a_time(desk: Desk) -> None:
    one = take(desk).request_id
    other = take(desk, child("최여름"), guardian=mother("010-0000-2222")).request_id
    offer(desk, one, MOBILE)
    offer(desk, other, MOBILE)
    first = outbox.take_next(desk, MESSENGER, OUT)
    assert first is not None
    assert outbox.take_next(desk, MESSENGER, OUT) is None
    outbox.note_sent(desk, MESSENGER, OUT, first.id, "200")
    second = outbox.take_next(desk, MESSENGER, OUT)
    assert second is not None
    assert second.request_id == other


def test_what_another_desk_wrote_is_another_desks_to_send(desk: Desk) -> None:
    """Desks that share their journals have each other's messages in their tables."""
    request_id = take(desk).request_id
    offer(desk, request_id, MOBILE)
    neighbour = replace(desk, name="B")
    assert outbox.take_next(neighbour, MESSENGER, OUT) is None
    assert outbox.take_next(desk, MESSENGER, OUT) is not None


def test_the_clock_tells_the_guardian_before_the_end_and_after_it(desk: Desk) -> None:
    request_id, offer_id = placed(desk)
    (kept,) = children_of_offers(desk.connection, [offer_id])[offer_id]
    send_all(desk, at(90))
    end = wishes.END
    assert outbox.queue_due(desk, MESSENGER, end - timedelta(minutes=20)) == 0
    write(desk, request_id, bodies.CareAdmitted(child=kept, at=int(wishes.START.timestamp()), state="in_care"))
    assert outbox.queue_due(desk, MESSENGER, end - timedelta(minutes=31)) == 0
    assert outbox.queue_due(replace(desk, name="B"), MESSENGER, end - timedelta(minutes=30)) == 0
    assert outbox.queue_due(desk, MESSENGER, end - timedelta(minutes=30)) == 1
    assert outbox.queue_due(desk, MESSENGER, end - timedelta(minutes=29)) == 0
    assert send_all(desk, end - timedelta(minutes=29)) == ["ending_soon guardian"]

    later = end + timedelta(minutes=30)
    write(desk, request_id, bodies.CareExtended(end=int(later.timestamp()), places=[]), end - timedelta(minutes=28))
    assert send_all(desk, end) == ["extended provider", "extended guardian"]
    assert outbox.queue_due(desk, MESSENGER, end + timedelta(minutes=9)) == 1
    assert send_all(desk, end + timedelta(minutes=9)) == ["ending_soon guardian"]

    assert outbox.queue_due(desk, MESSENGER, later + timedelta(minutes=9)) == 0
    assert outbox.queue_due(desk, MESSENGER, later + timedelta(minutes=10)) == 1
    gone = int(later.timestamp()) + 660
    home = bodies.CareEnded(child=kept, at=gone, ending="picked_up", fee=None, state="finished", places=[])
    write(desk, request_id, home, later + timedelta(minutes=11))
    assert send_all(desk, later + timedelta(minutes=12)) == []
    assert of(desk, request_id)[-1].result == "overtaken"


def write(desk: Desk, subject: str, body: bodies.Body, now: datetime = wishes.START) -> None:
    with desk.writing(OPERATOR.name, now) as chain:
        chain.append(subject, body)


def test_erasing_a_guardian_erases_the_texts(desk: Desk) -> None:
    request_id, _offer = placed(desk, consents=AGREED)
    found = reads.request(desk.connection, request_id)
    assert found is not None
    erase_guardian(desk, SUPERVISOR, at(100), found.guardian_id, "requested")
    assert of(desk, request_id) == []
    emptied = "SELECT count(*), count(body) FROM entry WHERE kind = 'message.queued'"
    assert desk.connection.execute(emptied).fetchone() == (3, 0)
    assert b"0000-1234" not in Path(desk.path).read_bytes()


def test_a_request_that_fails_leaves_no_message_behind(desk: Desk) -> None:
    from callcenter.desk.offers import NoPlaceLeft

    offer(desk, take(desk).request_id, ONE_PLACE)
    other = take(desk, child("최여름"), guardian=mother("010-0000-2222")).request_id
    with pytest.raises(NoPlaceLeft):
        offer(desk, other, ONE_PLACE)
    assert of(desk, other) == []


def test_a_place_that_is_only_kept_is_told_to_nobody_until_its_provider_is_asked(desk: Desk) -> None:
    request_id = take(desk).request_id
    reserve_places(desk, OPERATOR, NOW, request_id, MOBILE.id)
    assert states(desk, request_id) == []
    offer(desk, request_id, MOBILE)
    assert states(desk, request_id) == [("offer_made", "provider", "waiting")]


def test_a_kept_place_is_given_back_without_a_word(desk: Desk) -> None:
    request_id = take(desk).request_id
    kept = reserve_places(desk, OPERATOR, NOW, request_id, MOBILE.id)
    give_back_places(desk, OPERATOR, at(60), kept.offer_id)
    assert states(desk, request_id) == []


def test_who_was_asked_beside_the_winner_hears_that_it_is_over(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = make_offers(desk, OPERATOR, NOW, request_id, [(MOBILE.id, 1), (SECOND.id, 2)])
    send_all(desk, OUT)
    answer_offer(desk, OPERATOR, at(60), made[0].offer_id, "accepted")
    assert send_all(desk, at(120)) == ["offer_withdrawn provider"]
    (notice,) = [row for row in of(desk, request_id) if row.occasion == "offer_withdrawn"]
    assert notice.offer_id == made[1].offer_id


def test_a_provider_that_cannot_do_what_it_must_is_not_told_that_it_is_over(desk: Desk) -> None:
    request_id, offer_id = placed(desk)
    answer_offer(desk, OPERATOR, at(90), offer_id, "withdrawn", reason="special_care")
    assert "released" not in [row.occasion for row in of(desk, request_id)]
