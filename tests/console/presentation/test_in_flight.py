"""The strip of offers under way: whole ones first to run out, and how many there is no room for."""

import pytest

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import length
from callcenter.console.presentation.in_flight import strip
from callcenter.reference import Reference
from callcenter.store.offers_in_flight import InFlightRow
from tests.console.presentation.rows import at, stamp

NOW = at(24, 17, 40)


def row(number: int, **changed: object) -> InFlightRow:
    facts = InFlightRow(
        offer_id=f"o{number}",
        request_id=f"r{number}",
        number=f"A-1124-{number:03d}",
        provider="수원시다함께돌봄센터 6호점",
        operator="김상담",
        state="pending",
        made_at=stamp(at(24, 17, 38)),
        expires_at=stamp(at(24, 17, 48)),
        ring_again=False,
        desk="A",
        claim="alone",
    )
    return facts._replace(**changed)  # type: ignore[arg-type]


def told(rows: list[InFlightRow], data: Reference, width: int) -> str:
    pieces = strip(rows, data, NOW, width)
    assert length(pieces) <= width
    text = "".join(piece.text for piece in pieces)
    assert glyphs.safe(text)
    return text


def test_whose_to_whom_by_whom_since_when_and_how_long_yet(data: Reference) -> None:
    assert told([row(7)], data, 80) == " Trying 1 ∙ A-1124-007 다함께6호 김상담 17:38 8:00"


@pytest.mark.parametrize(("width", "whole"), [(60, 1), (105, 2), (200, 4)])
def test_those_without_room_are_counted(data: Reference, width: int, whole: int) -> None:
    text = told([row(number) for number in range(4)], data, width)
    assert text.count("A-1124-") == whole
    assert text.endswith(f"+{4 - whole}") is (whole < 4)


def test_what_is_only_kept_and_what_hangs_on_a_condition_have_a_sign(data: Reference) -> None:
    assert f"{glyphs.HELD} A-1124-001" in told([row(1, state="reserved")], data, 80)
    assert f"{glyphs.UNKNOWN} A-1124-001" in told([row(1, state="conditional")], data, 80)


def test_of_a_restricted_request_only_that_somebody_is_tried(data: Reference) -> None:
    text = told([row(1, provider=None)], data, 80)
    assert "restricted" in text
    assert "다함께" not in text


def test_a_clock_that_ran_out_is_urgent(data: Reference) -> None:
    over = strip([row(1, expires_at=stamp(at(24, 17, 39)))], data, NOW, 80)
    assert over[-1].style == "urgent"


@pytest.mark.parametrize(
    ("claim", "end"), [("alone", "8:00"), ("granted", "8:00"), ("asked", "8:00 check"), ("provisional", "8:00 prov.")]
)
def test_what_the_centre_has_not_granted_is_marked(data: Reference, claim: str, end: str) -> None:
    assert told([row(7, claim=claim)], data, 80).endswith(end)
