"""Two values of one field, in words: what they are, whose, and never a name or a number unmasked."""

import pytest

from callcenter.console.presentation import disputes
from callcenter.desk.disputes import Said, Value
from callcenter.reference import Reference
from tests.conftest import NOW
from tests.console.presentation.rows import GUARDIAN, PHONE, assert_fits, at, page, stamp


def said(value: Value, desk: str = "A") -> Said:
    return Said(value, "김상담", desk, stamp(NOW))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("region", "41190", "Bucheon"),
        ("residence", None, "nothing"),
        ("service", "gyeonggi.visit", "Home visit"),
        ("reason", "trip", "Business trip"),
        ("urgency", "urgent", "urgent"),
        ("promised_at", stamp(at(25, 9)), "tomorrow 09:00"),
        ("name", GUARDIAN, "고*별"),
        ("phone", PHONE, "010-****-1234"),
        ("child.registered", True, "yes"),
        ("child.needs", ["allergy", "no such code"], "Allergies, no such code"),
        ("child.school", "none", "not in school"),
        ("child.school", "of a newer desk", "of a newer desk"),
        ("child.sex", "girl", "girl"),
        ("care_place", "home", "at home"),
        ("relation", "mother", "mother"),
        ("language", "ko", "Korean"),
        ("child.care_note", "", "nothing"),
        ("child.care_note", "엄마 010-0000-1234", "엄마 ***"),
    ],
)
def test_a_value_in_words(data: Reference, field: str, value: Value, told: str) -> None:
    assert disputes.told(field, said(value), data, NOW) == (told, "desk A 김상담 17:40")


@pytest.mark.parametrize("width", [20, 42, 90])
def test_both_stand_below_their_field(data: Reference, width: int) -> None:
    found = disputes.lines({"urgency": [said("urgent"), said("emergency", "B")]}, data, NOW, "%", width)
    assert_fits(found, width)
    if width == 90:
        assert page(found).splitlines() == [
            "‼ Two values, Urgency: % chooses",
            "  urgent desk A 김상담 17:40",
            "  emergency desk B 김상담 17:40",
        ]
