import pytest
from hypothesis import given, settings

from callcenter.care.eligibility import Need, verdict
from callcenter.care.rules import Window
from callcenter.desk.wording import ask_sentence, block_sentence, fee_sentence, to_say, window_text
from callcenter.language import Language, use
from tests import published
from tests.care.test_eligibility import situations
from tests.published import DAYCARE, ELEMENTARY, REFERENCE, VISIT, ask, need, seoul


def told(service: str, wanted: Need, now: str, language: Language = "en") -> list[str]:
    use(language)
    found = ask(service, wanted, now)
    return [block_sentence(REFERENCE, one, seoul(now)) for one in found.blocks] + [
        ask_sentence(REFERENCE, one, seoul(now)) for one in found.asks
    ]


def test_a_passed_cut_off_names_its_hour() -> None:
    wanted = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
    assert told(DAYCARE, wanted, "2026-11-26T15:30") == ["Booking was open until 15:00."]


def test_an_age_soon_reached_names_the_day() -> None:
    wanted = need(published.BUCHEON, "2026-06-10", "2026-11-26T16:00", "2026-11-26T19:00")
    assert told(DAYCARE, wanted, "2026-11-26T14:00") == ["From the age of 6 months on; this child from Thu 12/10."]


def test_a_birthday_during_care_is_named() -> None:
    wanted = need(
        published.GURI, "2013-11-28", "2026-11-27T20:00", "2026-11-28T02:00", registered=True, school="middle"
    )
    assert told(VISIT, wanted, "2026-11-27T18:00") == [
        "Only before the age of 13; this child is that old from tomorrow on."
    ]


def test_neighbours_are_named_only_where_a_family_may_go_there() -> None:
    wanted = need(published.GWACHEON, "2017-07-07", "2026-11-23T19:00", "2026-11-23T21:00", registered=True)
    assert "Seongnam, Anyang" in told(ELEMENTARY, wanted, "2026-11-23T18:00")[0]
    beside = need(published.ANYANG, "2017-07-07", "2026-11-23T21:00", "2026-11-23T23:00", registered=True)
    assert told(VISIT, beside, "2026-11-23T18:00") == ["Not offered in Anyang."]


def test_too_early_is_not_too_long() -> None:
    wanted = need(published.BUCHEON, "2023-01-10", "2026-11-28T10:00", "2026-11-28T12:00")
    assert told(DAYCARE, wanted, "2026-11-21T12:00") == ["Can be booked 5 days ahead at most (from Mon 11/23)."]


def test_in_korean() -> None:
    wanted = need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T12:00", residence="11440")
    assert told(DAYCARE, wanted, "2026-11-26T09:00", "ko") == ["경기도 주민만 이용할 수 있습니다."]


@pytest.mark.parametrize(
    ("window", "text"),
    [(Window(450, 1320), "07:30–22:00"), (Window(0, 1440), "00:00–24:00"), (Window(450, 1890), "07:30–next day 07:30")],
)
def test_hours(window: Window, text: str) -> None:
    assert window_text(window) == text


@settings(max_examples=150)
@given(situations())
def test_every_block_and_ask_has_a_whole_sentence_in_both_languages(
    situation: tuple[str, Need, object],
) -> None:
    service, wanted, _now = situation
    now = wanted.start.replace(hour=12)
    found = verdict(REFERENCE.services[service], wanted, now, REFERENCE.calendar, REFERENCE.coverage)
    languages: tuple[Language, ...] = ("ko", "en")
    for language in languages:
        use(language)
        for sentence in [block_sentence(REFERENCE, one, now) for one in found.blocks] + [
            ask_sentence(REFERENCE, one, now) for one in found.asks
        ]:
            assert sentence
            assert sentence.endswith((".", "요.", ")"))
            assert not {"{", "}"} & set(sentence)
            assert "datetime" not in sentence
            assert "Words(" not in sentence


def test_what_is_said() -> None:
    now = seoul("2026-11-26T14:30")
    wanted = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
    found = ask(DAYCARE, wanted, "2026-11-26T14:30")
    assert to_say(REFERENCE, wanted, found, now) == (
        "Always-open daycare is possible today 16:00–19:00. The fee is 9,000 won."
        " Please bring nappies, bedding of its own, a change of clothes, snacks."
    )
    assert to_say(REFERENCE, wanted, found, now, "아람").startswith("I will ask 아람 for a place today 16:00–19:00.")
    assert to_say(REFERENCE, wanted, found, now, "아람", place_known=True).startswith("아람 has a place today")
    later = seoul("2026-11-26T15:30")
    assert to_say(REFERENCE, wanted, ask(DAYCARE, wanted, "2026-11-26T15:30"), later) == (
        "Always-open daycare is not possible. Booking was open until 15:00."
        " That time is not possible; the earliest is tomorrow 07:30–10:30."
    )


@pytest.mark.parametrize(
    ("fee", "sentence"),
    [(9000, "The fee is 9,000 won."), (0, "It is free."), (None, "I will ask for the fee and tell you.")],
)
def test_the_fee_is_never_guessed(fee: int | None, sentence: str) -> None:
    assert fee_sentence(REFERENCE, fee) == sentence
