"""A duty plan as a CSV file: a row a shift, with its start, its end and who is on duty."""

from datetime import datetime
from pathlib import Path

from callcenter.care.calendar import SEOUL
from callcenter.datafile.mistakes import Mistake
from callcenter.datafile.rows import Row, read_rows
from callcenter.desk.provider_hours import NewShift
from callcenter.language import _

COLUMNS = ("start", "end", "keepers")


def read_duty_file(path: Path) -> tuple[list[NewShift], list[Mistake]]:
    """The shifts of the file, times in Seoul, keepers set apart by blanks; and every mistake in it."""
    mistakes: list[Mistake] = []
    shifts = [shift_of(row) for row in read_rows(path, COLUMNS, mistakes, cp949=True)]
    return [shift for shift in shifts if shift is not None], mistakes


def shift_of(row: Row) -> NewShift | None:
    """The shift of a row; None, and the mistake added to the row's, where there is none."""
    start, end = _moment(row, "start"), _moment(row, "end")
    if start is None or end is None:
        return None
    if end <= start:
        row.refuse("end", _("a time after the start"))
        return None
    return NewShift(start, end, tuple(row.text("keepers").split()))


def _moment(row: Row, field: str) -> datetime | None:
    try:
        return datetime.fromisoformat(row.text(field)).replace(tzinfo=SEOUL)
    except ValueError:
        row.refuse(field, _("a time like 2026-11-26T16:00"))
        return None
