"""Rows as the store reads them, of made-up people, for the tests of what is drawn from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len

from callcenter.care.calendar import SEOUL
from callcenter.console.presentation.cells import Cell, Pieces, Row, fit_cell, fit_pieces, length, shown
from callcenter.console.presentation.columns import Column, widths
from callcenter.console.presentation.glyphs import safe
from callcenter.desk.view import RequestView
from callcenter.store.reads import ChildRow, GuardianRow, NoteRow, OfferRow, QueueRow, RequestRow, leading

GUARDIAN, CHILD, PHONE = "고은별", "고한결", "+821000001234"
SECRETS = (GUARDIAN, CHILD, "0000-1234", "00001234", PHONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of November 2026 in Seoul."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


def stamp(moment: datetime) -> int:
    return int(moment.timestamp())


QUEUE_ROW = QueueRow(
    id="r1",
    number="A-1124-007",
    state="open",
    urgency="normal",
    region="41110",
    service=None,
    channel="hotline",
    opened_at=stamp(at(24, 17, 36)),
    start_at=stamp(at(24, 20)),
    end_at=stamp(at(24, 23)),
    reason="overtime",
    promised_at=None,
    held_until=None,
    changed_at=stamp(at(24, 17, 36)),
    guardian=GUARDIAN,
    children="2018-03-02/elementary",
    offer_expires_at=None,
    provider=None,
    band=3,
)
REQUEST_ROW = RequestRow(
    id="r1",
    number="A-1124-007",
    state="open",
    urgency="normal",
    region="41110",
    residence=None,
    service=None,
    channel="hotline",
    guardian_id="g1",
    call_id=None,
    start_at=stamp(at(24, 20)),
    end_at=stamp(at(24, 23)),
    reason="overtime",
    opened_at=stamp(at(24, 17, 36)),
    asked_at=stamp(at(24, 17, 36)),
    operator="김상담",
    promised_at=None,
    held_until=None,
    ended_reason=None,
    changed_at=stamp(at(24, 17, 36)),
)
CHILD_ROW = ChildRow("c1", "g1", CHILD, "2018-03-02", "elementary", True, "", "", "")
GUARDIAN_ROW = GuardianRow("g1", GUARDIAN, PHONE, "mother", "ko")
OFFER_ROW = OfferRow(
    id="o1",
    request_id="r1",
    provider_id="elementary-suwon-juire",
    state="pending",
    places_known=True,
    operator="김상담",
    made_at=stamp(at(24, 17, 38)),
    expires_at=stamp(at(24, 17, 48)),
    answered_at=None,
    answer=None,
    free_said=None,
    confirmed_at=None,
    call_id=None,
    condition=None,
    ring_again=False,
    desk="A",
    first_slot=983_398,
    last_slot=983_403,
    claim="alone",
    claim_why="",
    claim_other="",
    claim_desk="",
    decided="",
    claimed_at=None,
    provider="주이레지역아동센터",
    number="A-1124-007",
)


def note(text: str, minute: int = 37) -> NoteRow:
    return NoteRow(f"n{minute}", "r1", stamp(at(24, 17, minute)), "김상담", text)


def view(
    request: RequestRow = REQUEST_ROW,
    *,
    guardian: GuardianRow | None = GUARDIAN_ROW,
    children: Sequence[ChildRow] = (CHILD_ROW,),
    history: Sequence[RequestRow] = (),
    offers: Sequence[OfferRow] = (),
    notes: Sequence[NoteRow] = (),
    heads: Sequence[tuple[str, str, str]] = (),
) -> RequestView:
    return RequestView(
        request, guardian, list(children), list(history), list(offers), leading(offers), None, list(notes), list(heads)
    )


def text(cell: Cell | Pieces) -> str:
    return shown(cell.text if isinstance(cell, Cell) else "".join(piece.text for piece in cell))


def page(lines: Iterable[Pieces]) -> str:
    return "\n".join(text(line) for line in lines)


def by_column(row: Row, columns: Sequence[Column]) -> dict[str, str]:
    return {column.id: text(cell) for column, cell in zip(columns, row.cells, strict=True)}


def drawn(row: Row, columns: Sequence[Column], room: int) -> str:
    """The line as the list draws it in so many cells."""
    return " ".join(
        fit_cell(cell, width, column.align) if isinstance(cell, Cell) else text(fit_pieces(cell, width))
        for column, width, cell in zip(columns, widths(columns, room), row.cells, strict=True)
        if width
    )


def assert_fits(lines: Iterable[Pieces], width: int) -> None:
    """No line is wider than asked, and no sign is of a width that terminals disagree on."""
    for line in lines:
        assert length(line) <= width, text(line)
        assert cell_len(text(line)) == length(line)
        assert safe(text(line)), text(line)
