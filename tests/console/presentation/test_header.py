"""The header: what stands on it, what goes first on a narrow screen, and that a running clock moves nothing."""

from datetime import timedelta

import pytest
from rich.cells import cell_len

from callcenter import language
from callcenter.console.presentation import header
from callcenter.console.presentation.glyphs import safe
from callcenter.console.widgets.header_bar import Part, fitting, line
from callcenter.desk.link_state import LinkState
from callcenter.desk.permission import Actor
from callcenter.desk.queue_view import QueueView
from callcenter.reference import Reference
from callcenter.store.reads import CallRow, QueueFigures
from tests.conftest import NOW
from tests.console.presentation.rows import QUEUE_ROW, page, stamp, text

CALL = CallRow("k1", "talking", "김상담", stamp(NOW) - 192, None, "+821000001234", "g1", None, None)
FIGURES = QueueFigures(open=14, urgent=3, talking=1, oldest_opened_at=stamp(NOW) - 41 * 60)
QUEUE = QueueView(0, [QUEUE_ROW, QUEUE_ROW._replace(id="r2", state="offered")], FIGURES, [], [CALL])


def parts(data: Reference, queue: QueueView = QUEUE, seconds: int = 0, *, demo: bool = False) -> tuple[Part, ...]:
    actor = Actor("김상담", "supervisor")
    return header.parts(data, ("gyeonggi-always",), "A", actor, queue, NOW + timedelta(seconds=seconds), demo=demo)


def words(found: tuple[Part, ...]) -> dict[str, str]:
    return {part.id: text(part.cells) for part in found}


def test_what_stands_on_it(data: Reference) -> None:
    assert words(parts(data, demo=True)) == {
        "demo": "DEMO",
        "program": "Gyeonggi Always-Care for Children",
        "phone": "010-9979-7722",
        "desk": "desk A 김상담",
        "role": "supervisor",
        "alone": "single desk",
        "call": "◘ talking    3:12",
        "queue": "open  14 ! urgent  3",
        "oldest": "oldest  0:41",
        "offers": "offers 1+",
        "date": "Tue 11/24",
        "clock": "17:40",
    }


@pytest.mark.parametrize("narrow", [True, False])
def test_the_line_to_the_centre_stays_whatever_the_room(data: Reference, narrow: bool) -> None:
    link = LinkState("offline", NOW, waiting=12, skew=timedelta(minutes=2))
    who = Actor("김상담", "operator")
    found = header.parts(data, ("gyeonggi-always",), "A", who, QUEUE, NOW, link=link, narrow=narrow)
    told = words(found)
    assert "alone" not in told
    assert told["skew"] == "! clock +2:00"
    shown = words(fitting(found, 80))
    assert shown["centre"] == ("x offline 17:40 +12" if narrow else "x centre offline since 17:40 12 waiting")
    if narrow:
        assert sum(cell_len(piece.text) for piece in line(fitting(found, 80))) <= 80


def test_without_call_and_queue(data: Reference) -> None:
    found = words(parts(data, QueueView(0, [], QueueFigures(0, 0, 0, None), [], [])))
    assert found["call"].strip() == "◦ no call"
    assert found["queue"] == "open   0   urgent  0"
    assert not found.keys() & {"oldest", "offers", "demo"}


def test_offers_are_counted_whole_when_the_page_is_the_queue(data: Reference) -> None:
    queue = QUEUE._replace(figures=FIGURES._replace(open=2))
    assert words(parts(data, queue))["offers"] == "offers 1"


@pytest.mark.parametrize("korean", [False, True])
@pytest.mark.parametrize("width", range(80, 201, 8))
def test_it_fits_and_keeps_what_matters(data: Reference, width: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    kept = fitting(parts(data, demo=True), width)
    shown = text(line(kept))
    assert cell_len(shown) <= width
    assert safe(shown)
    assert {"demo", "desk", "call", "queue", "clock"} <= {part.id for part in kept}


def test_all_parts_show_on_a_wide_screen(data: Reference) -> None:
    assert fitting(parts(data, demo=True), 200) == parts(data, demo=True)


def test_running_clocks_and_other_states_move_nothing(data: Reference) -> None:
    calls = [[], [CALL], [CALL._replace(opened_at=stamp(NOW) - 4000)], [CALL._replace(state="wrap_up")]]
    lines = [text(line(parts(data, QUEUE._replace(calls=found)))) for found in calls]
    lines.append(text(line(parts(data, QUEUE._replace(figures=FIGURES._replace(open=114))))))
    assert len({shown.index("17:40") for shown in lines}) == 1


@pytest.mark.parametrize("korean", [False, True])
@pytest.mark.parametrize("width", [80, 99, 100, 112, 120, 140, 200])
def test_whatever_comes_and_goes_what_always_stands_stays_where_it_is(
    data: Reference, width: int, korean: bool
) -> None:
    language.use("ko" if korean else "en")
    who, narrow = Actor("김상담", "operator"), width < 112
    links = [
        LinkState("live", NOW),
        LinkState("live", NOW, waiting=3),
        LinkState("offline", NOW, waiting=9_999, skew=timedelta(minutes=2)),
        LinkState("pull", NOW, catching_up=84),
    ]
    quiet = QueueView(0, [], QueueFigures(0, 0, 0, None), [], [])
    places: dict[str, set[int]] = {}
    for link in links:
        for queue, owed, in_care in [(quiet, 0, 0), (QUEUE, 3, 12)]:
            found = header.parts(
                data, ("gyeonggi-always",), "A", who, queue, NOW, owed=owed, in_care=in_care, link=link, narrow=narrow
            )
            shown = text(line(fitting(found, width), width))
            assert cell_len(shown) == width
            assert {"desk", "call", "queue", "centre", "clock"} <= {part.id for part in fitting(found, width)}
            for part in fitting(found, width):
                if part.side == "left" or part.id in ("date", "clock"):
                    said = text(part.cells).strip()
                    start = shown.rindex(said) if part.side == "right" else shown.index(said[:2])
                    places.setdefault(part.id, set()).add(cell_len(shown[:start]))
    assert {name for name, starts in places.items() if len(starts) != 1} == set()


def test_with_more_room_more_of_what_comes_and_goes_is_told(data: Reference) -> None:
    who, link = Actor("김상담", "operator"), LinkState("live", NOW)

    def told(width: int) -> list[str]:
        found = header.parts(data, (), "A", who, QUEUE, NOW, owed=3, in_care=12, link=link, narrow=width < 112)
        return [part.id for part in fitting(found, width) if part.side == "middle"]

    assert told(80) == ["oldest"]
    assert told(120) == ["oldest", "callbacks"]
    assert told(160) == ["oldest", "offers", "callbacks", "care"]


def test_the_caller_is_not_named(data: Reference) -> None:
    assert "1234" not in page(part.cells for part in parts(data))


def test_call_backs_and_the_telephone_show_where_there_are_any(data: Reference) -> None:
    def shown(**more: object) -> dict[str, str]:
        return words(header.parts(data, (), "A", None, QUEUE, NOW, **more))  # type: ignore[arg-type]

    assert not shown().keys() & {"callbacks", "telephone"}
    assert shown(owed=3)["callbacks"] == "call-backs 3"
    assert shown(telephone="connected")["telephone"].strip() == "◘ telephone"
    assert shown(telephone="stale")["telephone"] == "◦ telephone off"


@pytest.mark.parametrize(
    ("state", "watch"), [("talking", "1:00"), ("held", "0:20"), ("wrap_up", "0:03"), ("ringing", "3:12")]
)
def test_the_stopwatch_counts_from_the_state_of_the_call(data: Reference, state: str, watch: str) -> None:
    now = stamp(NOW)
    call = CALL._replace(state=state, answered_at=now - 60, held_at=now - 20, hung_up_at=now - 3)
    assert words(parts(data, QUEUE._replace(calls=[call])))["call"].endswith(watch)
