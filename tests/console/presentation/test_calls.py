"""The strip of calls: what stands on a line, in which order, and what goes first when there is little room."""

from datetime import timedelta

import pytest

from callcenter import language
from callcenter.console.presentation import calls
from callcenter.console.presentation.cells import Pieces, length
from callcenter.console.presentation.glyphs import safe
from callcenter.console.presentation.header import since
from callcenter.desk.call_view import CallCard
from callcenter.desk.phone_view import CallSeen, PhoneView
from callcenter.reference import Reference
from callcenter.store.callbacks import OwedRow
from callcenter.store.reads import CallRow, ChildRow, GuardianRow
from tests.conftest import NOW
from tests.console.presentation.rows import stamp, text

STORED = "+821000001234"
RINGING = CallRow("k1", "ringing", "", stamp(NOW) - 12, None, STORED, None, None, None)
GUARDIAN = GuardianRow("g1", "박하나", STORED, "mother", "ko")
CHILD = ChildRow("c1", "g1", "박새봄", "2018-03-02", "elementary", True, "", "", "땅콩 알레르기")


def seen(call: CallRow = RINGING, cut_off: CallRow | None = None, **more: object) -> CallSeen:
    card = CallCard(call, 0, None, [], [], None, 0, [], False)
    return CallSeen(card._replace(**more), cut_off)  # type: ignore[arg-type]


def view(own: list[CallSeen], waiting: list[CallSeen], count: int | None = None) -> PhoneView:
    return PhoneView(own, waiting, len(waiting) if count is None else count, 0, [], {}, 0)


def strip(data: Reference, found: PhoneView, width: int = 200) -> tuple[Pieces, ...]:
    return calls.strip(found, data, NOW, "F12", "Ctrl+]", width)


def said(data: Reference, one: CallSeen, width: int = 200) -> str:
    return text(strip(data, view([], [one]), width)[0])


def test_nothing_rings_and_nobody_talks(data: Reference) -> None:
    assert strip(data, view([], [])) == ()


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (seen(), "F12 ◘ rings  0:12 010-****-1234 ∙ new caller"),
        (seen(RINGING._replace(phone=None)), "F12 ◘ rings  0:12 number unknown"),
        (seen(RINGING._replace(phone="")), "F12 ◘ rings  0:12 Number withheld"),
        (seen(guardians=2), "010-****-1234 ∙ 2 guardians with this number"),
        (seen(guardians=1, guardian=GUARDIAN, children=[CHILD]), "‼ 땅콩 알레르기 ∙ 박*나 1 child"),
        (seen(missed=2), "missed 2 times"),
        (seen(restricted=True), "010-****-1234 ∙ ‼ restricted"),
        (seen(cut_off=RINGING._replace(hung_up_at=stamp(NOW) - 240)), "line was cut 4 min ago"),
        (
            seen(owed=[OwedRow("b1", "promised", STORED, None, "k0", 1, stamp(NOW) + 60, "김상담", None, None)]),
            "call-back due 17:41",
        ),
        (
            seen(last=RINGING._replace(state="ended", topic="how_to", opened_at=stamp(NOW) - 7200)),
            "last 2 h ago: How to use the service",
        ),
        (
            seen(last=RINGING._replace(state="ended", outcome="dropped", opened_at=stamp(NOW) - 7200)),
            "last 2 h ago: line was cut",
        ),
        (seen(RINGING._replace(state="talking", answered_at=stamp(NOW) - 5)), "answered on the telephone  0:05"),
    ],
)
def test_what_a_line_tells(data: Reference, one: CallSeen, told: str) -> None:
    assert told in said(data, one)


def test_own_calls_stand_first_and_the_one_on_hold_names_its_key(data: Reference) -> None:
    talking = seen(RINGING._replace(id="k2", state="talking", operator="김상담", answered_at=stamp(NOW) - 65))
    held = seen(RINGING._replace(id="k3", state="held", operator="김상담", held_at=stamp(NOW) - 30))
    lines = [text(line) for line in strip(data, view([talking, held], [seen()]))]
    assert lines[0].startswith(">◘ talking  1:05")
    assert lines[1].startswith(" Ctrl+] ◘ on hold  0:30")
    assert lines[2].startswith(" F12 ◘ rings")


@pytest.mark.parametrize("spoken", ["ko", "en"])
@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_no_line_is_wider_than_the_screen_and_every_glyph_is_safe(
    data: Reference, spoken: language.Language, width: int
) -> None:
    language.use(spoken)
    full = seen(guardians=1, guardian=GUARDIAN, children=[CHILD], missed=3, restricted=True, cut_off=RINGING)
    for line in strip(data, view([full], [full, full], 9), width):
        assert length(line) <= width
        assert safe(text(line))


def test_how_many_more_ring_is_never_cut(data: Reference) -> None:
    full = seen(guardians=1, guardian=GUARDIAN, children=[CHILD], missed=3)
    assert text(strip(data, view([], [full, full], 5), 60)[1]).endswith("+3 more")


def test_the_stopwatch_counts_from_the_state(data: Reference) -> None:
    call = RINGING._replace(answered_at=stamp(NOW) - 60, held_at=stamp(NOW) - 20, hung_up_at=stamp(NOW) - 3)
    times = {state: since(call._replace(state=state)) for state in ("ringing", "talking", "held", "wrap_up")}
    assert {state: NOW - at for state, at in times.items()} == {
        "ringing": timedelta(seconds=12),
        "talking": timedelta(seconds=60),
        "held": timedelta(seconds=20),
        "wrap_up": timedelta(seconds=3),
    }
