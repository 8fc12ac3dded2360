"""Messages: what a text may hold, which lines it leaves out, how it says times, and how often it is tried."""

from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL
from callcenter.care.message_file import messages_of
from callcenter.care.messages import FIELDS, Retry, age_text, fill, moment_text, pause, span_text
from callcenter.datafile.tables import parse_toml
from callcenter.errors import DataFileError
from callcenter.reference import Reference, data_folder

RETRY = Retry(first=5, times=3, most=120, tries=6)
NIGHT = datetime(2026, 11, 24, 20, 0, tzinfo=SEOUL)
SECRETS = {"names", "contact", "home", "handover"}


def test_every_occasion_has_its_texts(data: Reference) -> None:
    assert set(data.messages.templates) == set(FIELDS)


def test_texts_hold_what_their_receiver_may_be_told_and_say_it_in_both_languages(data: Reference) -> None:
    for key, template in data.messages.templates.items():
        in_ko, in_en = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in template[2:4])
        assert in_ko == in_en, key
        assert in_ko <= set(FIELDS[key].split())
        assert {"desk"} <= in_ko


def test_only_a_confirmed_placement_tells_a_provider_who_it_is() -> None:
    told = {key for key, names in FIELDS.items() if SECRETS & set(names.split())}
    assert told == {("confirmed", "provider")}


def test_texts_hold_no_sign_that_a_korean_text_message_lacks(data: Reference) -> None:
    for template in data.messages.templates.values():
        assert (template.ko + template.en).encode("cp949")


@given(st.data())
def test_whatever_the_values_are_no_brace_and_no_empty_line_is_left(data: Reference, drawn: st.DataObject) -> None:
    key = drawn.draw(st.sampled_from(sorted(FIELDS)))
    words = st.text(st.characters(exclude_characters="{}", exclude_categories=("Cc", "Zs", "Zl", "Zp")), max_size=9)
    values = {name: drawn.draw(words) for name in FIELDS[key].split()}
    for text in (data.messages.templates[key].ko, data.messages.templates[key].en):
        filled = fill(text, values)
        assert "{" not in filled
        assert all(line.strip() for line in filled.splitlines())


def test_a_line_is_left_out_only_when_all_it_tells_is_empty() -> None:
    text = "hello {a}\nfee: {a} {b}\nbring {b}\nthank you"
    assert fill(text, {"a": "A", "b": ""}) == "hello A\nfee: A\nthank you"
    assert fill(text, {"a": "", "b": "{a}"}) == "fee:  {a}\nbring {a}\nthank you"


@pytest.mark.parametrize(
    ("hours", "ko", "en"),
    [
        (3, "11/24(화) 20:00~23:00", "Tue 11/24 20:00~23:00"),
        (4, "11/24(화) 20:00~24:00", "Tue 11/24 20:00~24:00"),
        (11, "11/24(화) 20:00~11/25(수) 07:00", "Tue 11/24 20:00~Wed 11/25 07:00"),
        (28, "11/24(화) 20:00~11/26(목) 00:00", "Tue 11/24 20:00~Thu 11/26 00:00"),
    ],
)
def test_times_have_their_day_for_who_reads_them_later(hours: int, ko: str, en: str) -> None:
    until = NIGHT + timedelta(hours=hours)
    assert (span_text(NIGHT, until, "ko"), span_text(NIGHT, until, "en")) == (ko, en)


def test_a_moment_of_another_day_says_which() -> None:
    assert moment_text(NIGHT, NIGHT, "ko") == "20:00"
    assert moment_text(NIGHT + timedelta(hours=5), NIGHT, "ko") == "11/25(수) 01:00"


def test_ages_are_in_months_below_two_years() -> None:
    assert (age_text(23, "ko"), age_text(24, "ko"), age_text(23, "en")) == ("23개월", "만 2세", "23 months")


def test_the_tries_are_further_and_further_apart_and_end() -> None:
    rests = [pause(RETRY, tried, 0.5) for tried in range(1, 7)]
    assert [rest and rest.total_seconds() for rest in rests] == [5, 15, 45, 120, 120, None]


@given(st.integers(1, 5), st.floats(0, 1))
def test_what_failed_together_does_not_come_again_together(tried: int, spread: float) -> None:
    rest, middle = pause(RETRY, tried, spread), pause(RETRY, tried, 0.5)
    assert rest is not None
    assert middle is not None
    assert timedelta() < middle * 0.79 < rest < middle * 1.21


BAD = [
    ('to = "provider"', 'to = "mother"', "to"),
    ('to = "provider"', 'to = "guardian"', "to"),
    ("sends = true", 'sends = "yes"', "sends"),
    ("good_for = 10", "good_for = 0", "good_for"),
    ("아동: {children}", "아동: {names}", "ko"),
    ("아동: {children}", "보호자: {contact}", "ko"),
    ("아동: {children}", "아동: {children", "ko"),
    ("tries = 6", "tries = 0", "tries"),
    ("tries = 6", "tries = 6\nagain = 1", "again"),
]


@pytest.mark.parametrize(("found", "instead", "field"), BAD)
def test_a_text_that_would_tell_too_much_is_refused_with_its_line(found: str, instead: str, field: str) -> None:
    text = Path(data_folder(), "messages.toml").read_text(encoding="utf-8")
    with pytest.raises(DataFileError) as refusal:
        messages_of(parse_toml(text.replace(found, instead, 1).encode(), "messages.toml"))
    assert refusal.value.values["field"] == field
