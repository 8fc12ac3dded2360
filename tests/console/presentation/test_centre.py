"""The line to the centre in words: in the header at every width, and the whole of it in its window."""

from datetime import timedelta

import pytest

from callcenter.console.presentation import centre
from callcenter.console.presentation.cells import length
from callcenter.desk.centre_view import CentreView
from callcenter.desk.link_state import ALONE, LinkState, Stage, Work
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store.parked import ParkedRow
from tests.conftest import NOW
from tests.console.presentation.rows import assert_fits, page, stamp, text

SINCE = NOW - timedelta(minutes=9)
LIVE = LinkState("live", SINCE)
CUT = LinkState("offline", SINCE, waiting=3)
THEIRS = Work("B", "박상담", NOW - timedelta(minutes=2), NOW - timedelta(seconds=10))
NOTHING = CentreView({}, (), ())


class Unreachable(CallcenterError):
    """A line that is down."""

    code = "unreachable_in_this_test"
    sentence = mark("The centre does not answer.")


@pytest.mark.parametrize(
    ("link", "long", "short"),
    [
        (LIVE, "◘ centre connected", "◘ centre"),
        (LinkState("live", SINCE, waiting=2), "◘ centre connected 2 waiting", "◘ centre 2"),
        (CUT, "x centre offline since 17:31 3 waiting", "x offline 17:31 +3"),
        (LinkState("hello", SINCE), "! centre connecting", "! connecting"),
        (LinkState("push", SINCE, waiting=1200), "! centre sending   1,200", "! sending   1,200"),
        (LinkState("pull", SINCE, catching_up=84), "! centre catching up      84", "! catching up      84"),
    ],
    ids=lambda one: one.state if isinstance(one, LinkState) else None,
)
def test_the_header_always_tells(link: LinkState, long: str, short: str) -> None:
    assert text(centre.header_cells(link, NOW, short=False)) == long
    assert text(centre.header_cells(link, NOW, short=True)) == short


@pytest.mark.parametrize("short", [False, True])
def test_it_never_grows_beyond_its_widest(short: bool) -> None:
    widest = centre.widest(LinkState("live", SINCE), NOW, short=short)
    states: list[Stage] = ["live", "offline", "hello", "push", "pull"]
    for state in states:
        for count in (0, 7, 1_000, 9_999):
            link = LinkState(state, SINCE, waiting=count, catching_up=count)
            assert length(centre.header_cells(link, NOW, short=short)) <= widest


@pytest.mark.parametrize("state", ["push", "pull"])
def test_a_count_that_grows_moves_nothing(state: Stage) -> None:
    widths = {
        length(centre.header_cells(LinkState(state, SINCE, waiting=count, catching_up=count), NOW, short=False))
        for count in (0, 7, 1_000, 999_999)
    }
    assert len(widths) == 1


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, ""), (30, ""), (-30, ""), (130, "! clock +2:10"), (-3700, "! clock -1:01:40")]
)
def test_a_clock_that_is_off_is_told(seconds: int, told: str) -> None:
    assert text(centre.skew_cells(LinkState("live", SINCE, skew=timedelta(seconds=seconds)))) == told


def lines(link: LinkState, view: CentreView | None = NOTHING, width: int = 90) -> str:
    found = centre.panel_lines(link, view, "A", NOW, width)
    assert_fits(found, width)
    return page(found)


def test_a_line_that_is_down_says_why_and_what_to_do() -> None:
    told = lines(LinkState("offline", SINCE, waiting=3, problem=Unreachable()))
    assert "offline ∙ since 17:31" in told
    assert "3 entries to be sent" in told
    assert "Last trouble: The centre does not answer." in told
    assert "Go on working" in told
    assert "provisional" in told


def test_catching_up_says_how_far() -> None:
    link = LinkState("pull", SINCE, catching_up=1_500, total=20_000)
    assert "1,500 of 20,000 taken in" in lines(link)
    assert "1,500 taken in" in lines(LinkState("pull", SINCE, catching_up=1_500))


def test_who_works_on_what_and_who_was_not_heard_of() -> None:
    gone = Work("C", "한상담", NOW - timedelta(minutes=5), NOW - timedelta(seconds=61))
    mine = Work("A", "김상담", NOW - timedelta(minutes=1), NOW - timedelta(seconds=50))
    link = LinkState("live", SINCE, work={"r1": THEIRS, "r2": gone, "r3": mine})
    told = lines(link, CentreView({"r1": "A-1124-001", "r2": "A-1124-002"}, (), ()))
    assert "◊ A-1124-001 desk B 박상담, since 17:38" in told
    assert "? A-1124-002 desk C 한상담, since 17:35 ∙ not heard of for 1 min" in told
    assert "What to do: Ring desk C, which is not heard of." in told
    # This desk's own work is never stale to itself, and a request that is not here has no number.
    assert "∙ ? desk A 김상담, since 17:39" in told


def test_what_waits_for_a_person_is_listed() -> None:
    view = CentreView({}, ("A-1124-001", "B-1124-009"), (ParkedRow("e1", "in", "body does not fit", stamp(SINCE)),))
    told = lines(LIVE, view)
    assert "2 conflicts are to be decided: A-1124-001, B-1124-009" in told
    assert "1 entry could not be taken in and is kept aside:" in told
    assert "17:31 from another desk: body does not fit" in told


@pytest.mark.parametrize("width", [20, 40, 78])
def test_it_fits_where_there_is_little_room(width: int) -> None:
    view = CentreView({"r1": "A-1124-001"}, ("A-1124-001",), (ParkedRow("e1", "out", "no", stamp(SINCE)),))
    for state in ("offline", "hello", "push", "pull", "live"):
        lines(LinkState(state, SINCE, 3, problem=Unreachable(), work={"r1": THEIRS}), view, width)


def test_before_anything_is_read_the_line_itself_is_told() -> None:
    assert "connected" in lines(LIVE, None)


def test_nobody_works_anywhere_while_the_line_is_down() -> None:
    assert LIVE.tried_by("r1", "A", "김상담") is None
    assert LinkState("live", SINCE, work={"r1": THEIRS}).tried_by("r1", "A", "김상담") is THEIRS
    assert LinkState("live", SINCE, work={"r1": THEIRS}).tried_by("r1", "B", "박상담") is None
    assert LinkState("offline", SINCE, work={"r1": THEIRS}).tried_by("r1", "A", "김상담") is None
    assert not ALONE.joined


@pytest.mark.parametrize(
    ("state", "answers"), [("offline", False), ("hello", False), ("push", True), ("pull", True), ("live", True)]
)
def test_places_can_be_asked_for_while_others_entries_still_come(state: Stage, answers: bool) -> None:
    assert LinkState(state, SINCE).answers is answers


def test_who_tries_it_and_how_to_take_it_over() -> None:
    found = centre.tried_by_line(THEIRS, NOW, "$", 60)
    assert_fits(found, 60)
    assert page(found) == "◊ desk B 박상담, since 17:38 works on it: $ takes it over."
    stale = Work("B", "박상담", THEIRS.since, NOW - timedelta(seconds=46))
    assert page(centre.tried_by_line(stale, NOW, "$", 90)).startswith(
        "? desk B 박상담, since 17:38, not heard of for 0:46"
    )
