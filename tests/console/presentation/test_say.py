"""What to say follows the request from the first word to the last, on a real desk with the real rules."""

from datetime import date, datetime, timedelta

import pytest

from callcenter import language
from callcenter.care.calendar import SEOUL
from callcenter.care.child import School
from callcenter.care.eligibility import Block, Verdict
from callcenter.care.matching import Match, rank
from callcenter.console.presentation import say
from callcenter.console.presentation.glyphs import plain
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.matches import Matches, matches
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest, open_request
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.requests import cancel_request, hold_request, leave_unplaced
from callcenter.desk.session import Desk
from callcenter.desk.view import RequestView, request_view
from callcenter.reference import Reference
from callcenter.store.stays import stays_of
from tests.conftest import NOW, OPERATOR
from tests.console.presentation.rows import OFFER_ROW, REQUEST_ROW, stamp, view
from tests.desk.wishes import CARER, CENTRE, START, child, have, place, take

PROGRAMS = ("gyeonggi-always", "gyeongsan-119")
MINUTE = timedelta(minutes=1)
TONIGHT = (20, 23)


def asked(
    desk: Desk,
    birth: date = date(2018, 3, 2),
    school: School | None = "elementary",
    region: str = "41110",
    hours: tuple[int, int] = TONIGHT,
    symptoms: tuple[str, ...] = (),
) -> str:
    child = NewChild("고한결", birth, school=school, registered=True, symptoms=symptoms)
    start, end = (datetime(2026, 11, 24, hour, tzinfo=SEOUL) for hour in hours)
    guardian = NewGuardian("고은별", "010-0000-1234")
    wish = NewRequest(guardian, (child,), region, start, end, "overtime", promised=NOW + 15 * MINUTE)
    return open_request(desk, OPERATOR, NOW, wish).request_id


def seen(desk: Desk, request_id: str, now: datetime) -> tuple[RequestView, Matches]:
    found = request_view(desk.connection, request_id)
    assert found is not None
    return found, matches(desk.connection, desk.reference, PROGRAMS, found.request, found.children, now)


def best(found: Matches) -> Match | None:
    return next(iter(found.ranking.matches), None)


def said(desk: Desk, request_id: str, now: datetime = NOW) -> str:
    found, ranked = seen(desk, request_id, now)
    return plain(say.text(found, ranked, best(ranked), desk.reference, now))


def test_from_the_first_word_to_the_last(desk: Desk) -> None:
    request_id = asked(desk)
    _view, ranked = seen(desk, request_id, NOW)
    match = best(ranked)
    assert match is not None
    provider = match.candidate.name
    assert said(desk, request_id) == (
        f"I will ask {provider} for a place today 20:00-23:00. The fee is 15,000 won. "
        "I will call you back on this number by 17:55."
    )
    offer = make_offer(desk, OPERATOR, NOW, request_id, match.candidate.provider_id)
    assert said(desk, request_id, NOW + MINUTE) == (
        f"I am asking {provider} for a place today 20:00-23:00. I will call you back on this number by 17:55."
    )
    # What was promised and is over is not promised again.
    assert said(desk, request_id, NOW + 20 * MINUTE).endswith("I will call you back shortly.")
    answer_offer(desk, OPERATOR, NOW + MINUTE, offer.offer_id, "accepted", free=2)
    accepted = said(desk, request_id, NOW + 2 * MINUTE)
    assert accepted.startswith(f"{provider} will take the child today 20:00-23:00. The fee is 15,000 won.")
    assert "Please have ready: " in accepted
    assert accepted.endswith("Shall we settle it so?")
    confirm_request(desk, OPERATOR, NOW + 3 * MINUTE, request_id)
    assert said(desk, request_id, NOW + 4 * MINUTE) == (
        f"{provider} is settled for today 20:00-23:00. Your request number is A-1124-001."
    )


def test_korean_words_of_the_data_are_spoken_in_korean(desk: Desk) -> None:
    request_id = asked(desk)
    language.use("ko")
    spoken = said(desk, request_id)
    assert "자리를 알아보겠습니다." in spoken
    assert "이용 요금은 15,000원입니다." in spoken
    assert spoken.endswith("17:55까지 이 번호로 다시 전화드리겠습니다.")


def test_known_places_are_promised_unknown_ones_are_not(desk: Desk) -> None:
    found, ranked = seen(desk, asked(desk), NOW)
    match = best(ranked)
    assert match is not None
    known = match._replace(candidate=match.candidate._replace(places=3, free=2))
    assert " has a place " in say.text(found, ranked, known, desk.reference, NOW)
    full = match._replace(candidate=match.candidate._replace(places=3, free=0))
    for unsure in (match, full):
        assert "I will ask" in say.text(found, ranked, unsure, desk.reference, NOW)


def test_while_other_desks_cannot_be_asked_no_place_is_promised(desk: Desk) -> None:
    found, ranked = seen(desk, asked(desk), NOW)
    match = best(ranked)
    assert match is not None
    known = match._replace(candidate=match.candidate._replace(places=3, free=2))
    assert " has a place " not in say.text(found, ranked, known, desk.reference, NOW, certain=False)


PROVISIONAL = "could not make sure yet that nobody else was given this place"
CHECKED = "no other desk has given this place away"
DOUBTED = "promised to another child too"


@pytest.mark.parametrize(
    ("state", "offer_state", "claim", "said"),
    [
        ("offered", "pending", "alone", ""),
        ("offered", "pending", "asked", ""),
        ("offered", "pending", "granted", ""),
        ("offered", "pending", "provisional", PROVISIONAL),
        ("offered", "pending", "refused", ""),
        ("accepted", "accepted", "alone", ""),
        ("accepted", "accepted", "granted", ""),
        ("accepted", "accepted", "asked", CHECKED),
        ("accepted", "accepted", "provisional", PROVISIONAL),
        ("accepted", "accepted", "refused", DOUBTED),
        ("confirmed", "accepted", "asked", CHECKED),
        ("confirmed", "accepted", "provisional", PROVISIONAL),
        ("confirmed", "accepted", "refused", DOUBTED),
        ("confirmed", "accepted", "granted", ""),
    ],
)
def test_the_parent_hears_how_sure_the_place_is(
    data: Reference, state: str, offer_state: str, claim: str, said: str
) -> None:
    offer = OFFER_ROW._replace(state=offer_state, claim=claim)
    shown = view(REQUEST_ROW._replace(state=state), offers=[offer])
    text = say.text(shown, None, None, data, NOW)
    assert [one for one in (PROVISIONAL, CHECKED, DOUBTED) if one in text] == ([said] if said else [])
    assert ("Shall we settle it so?" in text) is (state == "accepted" and claim != "refused")
    # What may still change is not called settled in one breath.
    assert ("is settled for" in text) is (state == "confirmed" and not said)
    agreed = view(REQUEST_ROW._replace(state=state), offers=[offer._replace(decided="agreed")])
    assert DOUBTED not in say.text(agreed, None, None, data, NOW)


def test_nothing_is_promised_where_no_provider_can(desk: Desk) -> None:
    found, ranked = seen(desk, asked(desk), NOW)
    spoken = say.text(found, ranked, None, desk.reference, NOW)
    assert "nobody can take the child now" in spoken
    assert "I will call you back" in spoken


def test_what_must_be_asked_comes_before_everything(desk: Desk) -> None:
    request_id = asked(desk, birth=date(2019, 12, 31), school=None)
    assert "elementary school as of" in said(desk, request_id)


def test_nothing_possible_says_why_when_and_where_else(desk: Desk) -> None:
    request_id = asked(desk, birth=date(2025, 9, 10), school=None, region="41190", symptoms=("fever",))
    spoken = said(desk, request_id)
    assert "Fever" in spoken
    assert "1577-2514" in spoken
    assert spoken.count("1577-2514") == 1
    assert "call you back" not in spoken


def test_the_service_that_is_possible_soonest_is_named(desk: Desk) -> None:
    request_id = asked(desk, birth=date(2025, 9, 10), school=None, region="41190")
    found, ranked = seen(desk, request_id, NOW)
    soonest = min((one for one in ranked.verdicts if one.next), key=lambda one: one.next or ())
    name = str(desk.reference.services[soonest.service].name)
    spoken = say.text(found, ranked, None, desk.reference, NOW)
    assert spoken.startswith(f"{name} is not possible.")
    assert "the earliest is " in spoken


def test_a_provider_with_rules_of_its_own_is_offered_though_its_service_is_not(desk: Desk) -> None:
    found, ranked = seen(desk, asked(desk), NOW)
    match = best(ranked)
    assert match is not None
    service = ranked.services[match.candidate.provider_id]
    shut = Verdict(service, "blocked", (Block("too_long", {}),), fee=15000)
    spoken = say.text(found, ranked._replace(verdicts=(shut,)), match, desk.reference, NOW)
    assert match.candidate.name in spoken
    assert "15,000" not in spoken


@pytest.mark.parametrize("claim", ["alone", "provisional"])
def test_a_condition_is_put_to_the_guardian_whoever_else_is_still_asked(data: Reference, claim: str) -> None:
    asked_for = OFFER_ROW._replace(
        id="o2", provider="둘째 센터", state="conditional", condition="only until 22:00", claim=claim
    )
    for offers in ([asked_for], [OFFER_ROW, asked_for]):
        text = say.text(view(REQUEST_ROW._replace(state="offered"), offers=offers), None, None, data, NOW)
        assert "둘째 센터 will take the child today 20:00–23:00 on a condition: only until 22:00." in text
        assert "Is that all right?" in text
        assert (PROVISIONAL in text) is (claim == "provisional")


def test_an_emergency_is_119_first(data: Reference) -> None:
    found = view(REQUEST_ROW._replace(urgency="emergency"))
    assert "119" in say.text(found, None, None, data, NOW)
    # A suspicion of abuse is never heard by who calls.
    assert "112" not in say.text(view(REQUEST_ROW._replace(urgency="abuse")), None, None, data, NOW)


def test_before_the_matches_are_known_nothing_is_said_about_them(data: Reference) -> None:
    assert say.text(view(), None, None, data, NOW) == ""
    assert say.text(view(children=()), Matches((), rank((), 1, data.weights, NOW), {}), None, data, NOW) == ""


def test_held_unplaced_and_cancelled(desk: Desk) -> None:
    held, unplaced, cancelled = (asked(desk) for _number in range(3))
    hold_request(desk, OPERATOR, NOW, held, NOW + 60 * MINUTE)
    assert said(desk, held) == "I will call you back on this number by 18:40."
    leave_unplaced(desk, OPERATOR, NOW, unplaced, "all_full")
    assert said(desk, unplaced).startswith("I am sorry")
    cancel_request(desk, OPERATOR, NOW, cancelled, "withdrawn")
    assert said(desk, cancelled).startswith("The request is cancelled.")


@pytest.mark.parametrize(("state", "expected"), [("in_care", "Please come by 23:00."), ("finished", "Thank you")])
def test_while_and_after_the_child_is_cared_for(data: Reference, state: str, expected: str) -> None:
    offer = OFFER_ROW._replace(state="accepted", confirmed_at=stamp(NOW))
    found = view(REQUEST_ROW._replace(state=state), offers=[offer])
    assert expected in say.text(found, None, None, data, NOW)


@pytest.mark.parametrize(
    ("seen_there", "expected"),
    [
        (AtTheDoor(temperature=384), "Your child has a fever, so 시험 돌봄센터 cannot take the child in now."),
        (AtTheDoor(symptoms=("cough",)), "Your child shows signs of something catching, so 시험 돌봄센터 cannot"),
        (AtTheDoor(code_word=False), "Your child is not taken in by 시험 돌봄센터 yet: the code word was wrong."),
    ],
)
def test_who_waits_at_the_door_is_not_told_that_all_is_settled(
    desk: Desk, seen_there: AtTheDoor, expected: str
) -> None:
    have(desk, CENTRE)
    request_id, _offer = place(desk, CENTRE)
    only = stays_of(desk.connection, request_id)[0].child_id
    admit(desk, OPERATOR, START, request_id, only, seen_there)
    spoken = said(desk, request_id, START)
    assert expected in spoken
    assert "is settled" not in spoken
    assert spoken.endswith("?")


def test_of_siblings_it_is_said_which_of_them_waits_at_the_door(desk: Desk) -> None:
    have(desk, CENTRE)
    request_id, _offer = place(desk, CENTRE, children=(child("박새봄"), child("박가을", "2019-01-02")))
    older, younger = (one.child_id for one in stays_of(desk.connection, request_id))
    admit(desk, OPERATOR, START, request_id, older, AtTheDoor(code_word=True))
    admit(desk, OPERATOR, START, request_id, younger, AtTheDoor(temperature=384))
    spoken = said(desk, request_id, START)
    assert spoken.startswith("Your child (7 y) has a fever")
    assert "Your child is at 시험 돌봄센터 now." in spoken


def test_where_the_carer_comes_to_the_child_nobody_is_asked_to_fetch_it(desk: Desk) -> None:
    have(desk, CARER)
    asked_at = NOW + 50 * MINUTE
    start = START + 60 * MINUTE
    request_id = take(desk, now=asked_at, start=start, end=start + 180 * MINUTE).request_id
    made = make_offer(desk, OPERATOR, asked_at, request_id, CARER.id)
    answer_offer(desk, OPERATOR, asked_at, made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, asked_at, request_id)
    only = stays_of(desk.connection, request_id)[0].child_id
    admit(desk, OPERATOR, start, request_id, only, AtTheDoor(temperature=384))
    spoken = said(desk, request_id, start)
    assert "Could you stay with the child?" in spoken
    assert "fetch" not in spoken


@pytest.mark.parametrize("korean", [False, True])
def test_the_guardian_is_never_named(desk: Desk, korean: bool) -> None:
    request_id = asked(desk)
    language.use("ko" if korean else "en")
    spoken = said(desk, request_id)
    assert "고은별" not in spoken
    assert "고한결" not in spoken
