"""A line of the list of call-backs."""

import pytest

from callcenter import language
from callcenter.care.callbacks import Try
from callcenter.console.presentation import callbacks
from callcenter.console.presentation.cells import Cell, length
from callcenter.console.presentation.columns import widths
from callcenter.console.presentation.glyphs import safe
from callcenter.store.callbacks import CallbackRow
from tests.conftest import NOW
from tests.console.presentation.rows import stamp, text

ROW = CallbackRow(
    id="b1",
    kind="missed",
    number=None,
    phone="+821000001234",
    guardian_id="g1",
    name="박하나",
    second_name="박할머니",
    second_phone="+821000005678",
    call_id="k1",
    promised_at=stamp(NOW) - 300,
    operator="김상담",
    calls=2,
    due_at=stamp(NOW) - 300,
    safety=None,
    taken_by="",
    tries=0,
    last_tried_at=None,
    last_result=None,
    step="guardian",
)


def cells(row: CallbackRow) -> list[str]:
    return [cell.text if isinstance(cell, Cell) else text(cell) for cell in callbacks.row(row, NOW).cells]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (ROW, ["+5m", "missed x2", "010-****-1234", "박*나", "not tried", "guardian"]),
        (
            ROW._replace(tries=2, last_tried_at=stamp(NOW) - 60, last_result="no_answer"),
            ["+5m", "missed x2", "010-****-1234", "박*나", "2x 17:39 no answer", "guardian"],
        ),
        (
            ROW._replace(step="second_contact", calls=1, due_at=stamp(NOW) + 95),
            ["1 min", "missed", "010-****-5678", "박*나", "not tried", "2nd person"],
        ),
        (
            ROW._replace(kind="request", number="A-1124-007", calls=1, step="supervisor", due_at=stamp(NOW) + 7200),
            ["19:40", "request", "010-****-1234", "A-1124-007", "not tried", "supervisor"],
        ),
        (
            ROW._replace(kind="promised", phone="", name=None, calls=1),
            ["+5m", "promise", "restricted", "", "not tried", "guardian"],
        ),
    ],
)
def test_a_line(row: CallbackRow, told: list[str]) -> None:
    assert cells(row) == told


def test_a_line_changes_its_version_with_the_clock() -> None:
    later = ROW._replace(due_at=stamp(NOW) + 39)
    assert callbacks.row(later, NOW).version != callbacks.row(later._replace(due_at=stamp(NOW) + 38), NOW).version


@pytest.mark.parametrize("room", [58, 69, 110])
def test_why_whom_and_what_was_tried_stand_on_every_screen(room: int) -> None:
    language.use("ko")
    given = dict(zip([column.id for column in callbacks.columns()], widths(callbacks.columns(), room), strict=True))
    assert all(given[column] for column in ("due", "kind", "phone", "tries", "step"))
    tried = callbacks.tries(ROW._replace(tries=3, last_tried_at=stamp(NOW), last_result="no_answer"), NOW)
    assert length((tried,)) <= given["tries"]
    assert safe("".join(column.title for column in callbacks.columns()) + tried.text)


def test_every_try_is_told_with_its_time_and_result() -> None:
    made = [Try("guardian", "no_answer", stamp(NOW) - 120), Try("second_contact", "busy", stamp(NOW) - 60)]
    told = [text(line).rstrip() for line in callbacks.lines(ROW, made, NOW, 60)]
    assert told[-2:] == ["1 17:38 ∙ no answer ∙ guardian", "2 17:39 ∙ busy ∙ 2nd person"]
    assert "missed 17:35" in told[0]
    assert "박하나" not in "".join(told)


@pytest.mark.parametrize(
    ("row", "number", "whose"),
    [
        (ROW, "010-0000-1234", "박하나"),
        (ROW._replace(name=None), "010-0000-1234", "guardian"),
        (ROW._replace(step="second_contact"), "010-0000-5678", "박할머니"),
        (ROW._replace(step="supervisor"), "010-0000-1234", "박하나"),
    ],
)
def test_whom_to_ring_unmasked(row: CallbackRow, number: str, whose: str) -> None:
    assert callbacks.to_ring(row) == (number, whose)
