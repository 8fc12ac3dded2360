"""The centre on the operator's screen, by keys alone: the line, other desks' work, conflicts, two values of a field."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter.console.app import Console
from callcenter.console.messages import ClaimsSettled, LinkChanged
from callcenter.console.screens.centre import CentreScreen
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.panel import Panel
from callcenter.desk.claims import Answered, settle_claims
from callcenter.desk.link_state import LinkState, Work
from callcenter.desk.offers import make_offer
from callcenter.desk.permission import CENTRE, Actor
from callcenter.desk.requests import amend_request
from callcenter.desk.session import Desk
from callcenter.desk.view import RequestView, request_view
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.parked import park
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import (
    SIZE,
    SUWON_CENTRE,
    Watch,
    ask,
    asked,
    console,
    give_places,
    offers,
    ready,
    screen_of,
    state_of,
    text_of,
    until,
)
from tests.desk.neighbours import exchange, neighbour

SMALLEST = (80, 24)
LIVE = LinkState("live", NOW - timedelta(minutes=9))
CUT = LinkState("offline", NOW - timedelta(minutes=4), waiting=3)
THEIRS = Work("B", "박상담", NOW - timedelta(minutes=2), NOW)


async def tell(pilot: "Pilot[None]", link: LinkState) -> None:
    """What the thread of the line says."""
    app = pilot.app
    await pilot.pause()
    assert isinstance(app, Console)
    app.centre.link = link
    screen_of(pilot).post_message(LinkChanged(link))


def conflict(desk: Desk, *, known: bool = True) -> tuple[str, str]:
    """Two requests for one place: the one that was refused, and the one that has it, if that is `known` here."""
    winner = ask(desk, -20, name="이가을", phone="010-0000-5678")
    has_it = make_offer(desk, OPERATOR, NOW, winner.request_id, "elementary-suwon-juire")
    desk.connection.execute("UPDATE offer SET desk = 'B' WHERE id = ?", (has_it.offer_id,))
    give_places(desk, 1)
    loser = ask(desk)
    alone = replace(desk, claim=lambda: "provisional")
    made = make_offer(alone, OPERATOR, NOW, loser.request_id, SUWON_CENTRE)
    refused = Answered(made.offer_id, "refused", "place", has_it.offer_id if known else "?", "B", winner.number)
    settle_claims(desk, CENTRE, NOW + timedelta(minutes=1), [refused])
    return loser.request_id, winner.request_id


@pytest.mark.parametrize("size", [SIZE, SMALLEST])
async def test_the_header_tells_how_the_line_stands(desk: Desk, tmp_path: Path, size: tuple[int, int]) -> None:
    ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=size) as pilot:
        await pilot.pause()
        await tell(pilot, LIVE)
        await until(pilot, lambda: "◘ centre" in text_of(pilot))
        assert "single desk" not in text_of(pilot)
        await tell(pilot, CUT)
        await until(pilot, lambda: "offline" in text_of(pilot))
        top = text_of(pilot).splitlines()[0]
        assert "17:36" in top
        assert ("3 waiting" if size == SIZE else "+3") in top


async def test_a_desk_on_its_own_has_no_centre(desk: Desk, tmp_path: Path) -> None:
    ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=(200, 40)) as pilot:
        await until(pilot, lambda: screen_of(pilot).view is not None)
        assert "single desk" in text_of(pilot)
        await pilot.press("@")
        await until(pilot, lambda: "This desk works alone" in text_of(pilot))


def test_nothing_of_the_line_is_loaded_without_a_centre(desk: Desk, tmp_path: Path) -> None:
    # In a process of its own: other tests load what they need.
    desk.close()
    program = """
import asyncio, sys
from pathlib import Path
from callcenter import reference
from callcenter.console.app import Console, Seat
from callcenter.desk.permission import Actor
from callcenter.settings import Settings
from tests.console.seats import Watch
path, folder = Path(sys.argv[1]), Path(sys.argv[2])
seat = Seat(path, "A", ("gyeonggi-always",), (Actor("김상담", "operator"),), reference.load(reference.data_folder()),
            Settings(db=path, config=folder), Watch(), folder)
async def run():
    async with Console(seat, None).run_test() as pilot:
        await pilot.pause(1.5)
asyncio.run(run())
loaded = [name for name in sys.modules if name.startswith(("psycopg", "callcenter.sync"))]
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""
    subprocess.run([sys.executable, "-c", program, str(desk.path), str(tmp_path)], check=True)


@pytest.mark.parametrize("size", [SIZE, SMALLEST])
async def test_a_request_that_another_desk_works_on_is_left_alone(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    give_places(desk, 1)
    request = ask(desk)
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=size) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS}))
        await until(pilot, lambda: "desk B 박상담" in text_of(pilot))
        assert "◊B" in text_of(pilot)
        for key in ("f5", "f6", "2", "+", "f7", "ctrl+e", "delete"):
            await pilot.press(key)
            await until(pilot, lambda: "takes it over" in text_of(pilot).splitlines()[-2])
            screen_of(pilot).tell("")
        assert not screen_of(pilot).query_one(Choice).display
        assert offers(desk, request.request_id) == []
        # Not heard of for 45 seconds: it shows, and is still theirs until somebody takes it over.
        watch.now = NOW + timedelta(seconds=46)
        await until(pilot, lambda: "?B" in text_of(pilot) and "0:46" in text_of(pilot))
        # The line is down: nobody can know, so nobody is kept from working.
        await tell(pilot, CUT)
        await until(pilot, lambda: "?B" not in text_of(pilot))
        await pilot.press("f5")
        await until(pilot, lambda: state_of(desk, request.request_id) == "offered")
        assert offers(desk, request.request_id)[0].claim == "provisional"


async def test_an_offer_is_marked_until_the_centre_has_said_whose_the_place_is(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE)
        await pilot.press("f5")
        await until(pilot, lambda: "Checking: the centre" in text_of(pilot))
        await until(pilot, lambda: any("20-23" in line and "check" in line for line in text_of(pilot).splitlines()))
        made = offers(desk, request.request_id)[0]
        assert made.claim == "asked"
        settle_claims(desk, CENTRE, NOW, [Answered(made.id, "granted")])
        await until(pilot, lambda: "Checking" not in text_of(pilot))
        assert "Ring now" in text_of(pilot)


async def test_a_place_that_another_desk_has_leads_to_the_next_match_at_once(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE)
        await pilot.press("f5")
        await until(pilot, lambda: screen_of(pilot).state().request == "offered")
        made = offers(desk, request.request_id)[0]
        answer = Answered(made.id, "refused", "place", "elsewhere", "B", "B-1124-009")
        settled = settle_claims(desk, CENTRE, NOW, [answer])
        assert [one.became for one in settled] == ["released"]
        screen_of(pilot).post_message(ClaimsSettled(settled))
        await until(pilot, lambda: "desk B has the place" in text_of(pilot))
        assert "(B-1124-009)" in text_of(pilot)
        await ready(pilot, request.request_id)
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.state().request == "matching" and screen.matches is not None)
        # Nothing is left to be taken back, and the next key asks somebody else.
        assert not screen.state().undoable
        assert screen.chosen != SUWON_CENTRE
        await pilot.press("f5")
        await until(pilot, lambda: len(offers(desk, request.request_id)) == 2)
        assert offers(desk, request.request_id)[1].provider_id != SUWON_CENTRE


@pytest.mark.parametrize("size", [SIZE, SMALLEST])
async def test_a_conflict_rings_until_it_is_decided_another_match(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    refused, has_it = conflict(desk)
    async with console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path).run_test(size=size) as pilot:
        await tell(pilot, LIVE)
        await until(pilot, lambda: "Danger 1" in text_of(pilot))
        await pilot.press("ctrl+n")
        await asked(pilot, "what was decided?")
        assert screen_of(pilot).shown == refused
        # Both sides stand there, and the alarm has not left the lane.
        numbers = [offers(desk, one)[0].number for one in (refused, has_it)]
        await until(pilot, lambda: any(all(one in line for one in numbers) for line in text_of(pilot).splitlines()))
        await until(pilot, lambda: "Conflict, ! decides" in text_of(pilot))
        assert "Danger 1" in text_of(pilot)
        await pilot.press("1")
        await until(pilot, lambda: state_of(desk, refused) == "matching")
        await until(pilot, lambda: "No alarms" in text_of(pilot))
        assert [one.decided for one in offers(desk, refused)] == ["another"]


async def test_whoever_goes_to_a_conflict_works_on_its_request_and_on_no_other(desk: Desk, tmp_path: Path) -> None:
    refused, _has_it = conflict(desk)
    quiet = ask(desk, -40, name="최은서", phone="010-0000-1111").request_id
    async with console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, quiet)
        await tell(pilot, LIVE)
        await until(pilot, lambda: screen_of(pilot).link.live and screen_of(pilot).state().conflicts == 1)
        await pilot.press("!")
        await asked(pilot, "what was decided?")
        assert screen_of(pilot).operations.centre.working.held == {refused}


async def test_a_conflict_that_another_desk_works_on_is_taken_over_before_it_is_decided(
    desk: Desk, tmp_path: Path
) -> None:
    refused, _has_it = conflict(desk)
    async with console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path).run_test(size=SIZE) as pilot:
        theirs = THEIRS._replace(beat=NOW + timedelta(minutes=2))
        await tell(pilot, LIVE._replace(work={refused: theirs}))
        await until(pilot, lambda: screen_of(pilot).link.live and screen_of(pilot).state().conflicts == 1)
        await pilot.press("down")
        await until(pilot, lambda: screen_of(pilot).shown == refused and screen_of(pilot).tried_by)
        await pilot.press("!")
        await until(pilot, lambda: "takes it over" in text_of(pilot).splitlines()[-2])
        assert not screen_of(pilot).query_one(Choice).display
        assert screen_of(pilot).operations.centre.working.held == set()


async def test_both_offers_stand_side_by_side(desk: Desk, tmp_path: Path) -> None:
    refused, has_it = conflict(desk)
    async with console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path).run_test(size=(160, 44)) as pilot:
        await tell(pilot, LIVE)
        await until(pilot, lambda: "Danger 1" in text_of(pilot))
        await pilot.press("!")
        await asked(pilot, "what was decided?")
        await pilot.press("escape")
        await until(pilot, lambda: not screen_of(pilot).query_one(Choice).display)
        text = text_of(pilot)
        numbers = [offers(desk, one)[0].number for one in (refused, has_it)]
        assert any(all(number in line for number in numbers) for line in text.splitlines())
        assert any("desk A 김상담" in line and "desk B 김상담" in line for line in text.splitlines())


async def test_a_conflict_is_settled_by_more_places(desk: Desk, tmp_path: Path) -> None:
    refused, _has_it = conflict(desk, known=False)
    async with console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path).run_test(size=SIZE) as pilot:
        await tell(pilot, LIVE)
        await until(pilot, lambda: screen_of(pilot).state().conflicts == 1)
        await pilot.press("!")
        await asked(pilot, "what was decided?")
        await pilot.press("2")
        await asked(pilot, "how many places has it now?")
        await pilot.press("z", "enter")
        await until(pilot, lambda: "is no number of places" in text_of(pilot))
        await asked(pilot, "how many places has it now?")
        # What was refused is there to be mended, by the console as by the use case.
        await pilot.press("backspace", *"5000", "enter")
        await until(pilot, lambda: "cannot be the number of places" in text_of(pilot))
        await asked(pilot, "how many places has it now?")
        await pilot.press(*["backspace"] * 4, "2", "enter")
        await until(pilot, lambda: offers(desk, refused)[0].claim == "asked")
        await until(pilot, lambda: screen_of(pilot).state().conflicts == 0)


async def test_a_conflict_is_settled_by_an_agreement(desk: Desk, tmp_path: Path) -> None:
    refused, _has_it = conflict(desk)
    async with console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path).run_test(size=SIZE) as pilot:
        await tell(pilot, LIVE)
        await until(pilot, lambda: screen_of(pilot).state().conflicts == 1)
        await pilot.press("!")
        await asked(pilot, "what was decided?")
        await pilot.press("3", "enter")
        await asked(pilot, "Please write a few words first.")
        await pilot.press(*"2호실에서 한 명 더", "enter")
        await until(pilot, lambda: offers(desk, refused)[0].decided == "agreed")
        assert offers(desk, refused)[0].state == "pending"
        await until(pilot, lambda: "the offer stays" in text_of(pilot).splitlines()[-2])


async def test_what_can_be_noted_away_is_not_hidden_behind_a_conflict(desk: Desk, tmp_path: Path) -> None:
    refused, _has_it = conflict(desk)
    later = Watch(NOW + timedelta(minutes=30))
    async with console(desk, later, tmp_path).run_test(size=SIZE) as pilot:
        await tell(pilot, LIVE)
        # The conflict, and the two offers whose time is over.
        await until(pilot, lambda: screen_of(pilot).state().alarms == 3)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen_of(pilot).state().alarms == 2)
        await pilot.press("escape", "ctrl+n")
        await until(pilot, lambda: screen_of(pilot).state().alarms == 1)
        await pilot.press("escape")
        await pilot.press("ctrl+n")
        await asked(pilot, "what was decided?")
        assert screen_of(pilot).shown == refused
        assert screen_of(pilot).state().alarms == 1


@pytest.mark.parametrize("size", [SIZE, SMALLEST])
async def test_the_window_of_the_centre(desk: Desk, tmp_path: Path, size: tuple[int, int]) -> None:
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=size) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS}))
        await pilot.press("@")
        await until(pilot, lambda: isinstance(pilot.app.screen, CentreScreen))
        await until(pilot, lambda: f"{request.number} desk B 박상담" in text_of(pilot))
        await tell(pilot, CUT)
        await until(pilot, lambda: "3 entries to be sent" in text_of(pilot))
        assert "Go on working" in text_of(pilot)
        await pilot.press("f10")
        await until(pilot, lambda: pilot.app.screen is screen_of(pilot))
        # The word on the command line does the same.
        await pilot.press("/", *"중앙", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CentreScreen))
        await pilot.press("@")
        await until(pilot, lambda: pilot.app.screen is screen_of(pilot))


async def test_what_was_kept_aside_is_shown_to_a_supervisor_only(desk: Desk, tmp_path: Path) -> None:
    park(desk.connection, "e1", "in", "the body does not fit", int(NOW.timestamp()))
    for actor, shown in ((SUPERVISOR, True), (OPERATOR, False)):
        async with console(desk, Watch(), tmp_path, actor).run_test(size=SIZE) as pilot:
            await pilot.pause()
            await tell(pilot, LIVE._replace(work={"r": THEIRS}))
            await until(pilot, lambda: "◘ centre" in text_of(pilot))
            await pilot.press("@")
            await until(pilot, lambda: "Being worked on" in text_of(pilot))
            assert ("the body does not fit" in text_of(pilot)) is shown


async def test_a_request_is_taken_over_with_a_reason(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS}))
        await until(pilot, lambda: screen_of(pilot).tried_by)
        await pilot.press("$")
        await asked(pilot, "Take over from desk B 박상담")
        # Without a reason it stays theirs.
        await pilot.press("5", "enter")
        await asked(pilot, "Please write a few words first.")
        await pilot.press(*"보호자가 이쪽으로 전화", "enter")
        await until(pilot, lambda: "Yours now; desk B is told so." in text_of(pilot))
        assert [(one.operator, one.desk) for one in view_of(desk, request.request_id).claims] == [("김상담", "A")]
        assert screen_of(pilot).tried_by is None
        await pilot.press("f5")
        await until(pilot, lambda: state_of(desk, request.request_id) == "offered")


async def test_what_was_worked_on_here_and_is_not_any_more_is_said(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    mine = Work("A", OPERATOR.name, NOW, NOW)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE)
        await pilot.press("f6")
        await tell(pilot, LIVE._replace(work={request.request_id: mine}))
        await until(pilot, lambda: screen_of(pilot).link.work)
        assert screen_of(pilot).tried_by is None
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS}))
        await until(pilot, lambda: "is worked on by desk B 박상담 now" in text_of(pilot))
        assert screen_of(pilot).tried_by == THEIRS


@pytest.mark.parametrize("key", ["f7", "delete"])
async def test_what_is_asked_about_a_request_that_another_desk_takes_is_closed(
    desk: Desk, tmp_path: Path, key: str
) -> None:
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE)
        await pilot.press(key)
        await until(pilot, lambda: screen_of(pilot).query_one(Choice).display)
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS}))
        await until(pilot, lambda: "desk B 박상담 has taken it, so what was asked here is closed." in text_of(pilot))
        assert not screen_of(pilot).query_one(Choice).display
        await pilot.press("1")
        assert state_of(desk, request.request_id) == "open"


async def test_what_is_asked_about_something_else_stays_when_another_desk_takes_the_request(
    desk: Desk, tmp_path: Path
) -> None:
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await tell(pilot, LIVE)
        await pilot.press("ctrl+p")
        await asked(pilot, "What would you like to do?")
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS}))
        await until(pilot, lambda: screen_of(pilot).tried_by == THEIRS)
        assert screen_of(pilot).query_one(Choice).display
        # Who takes it over goes on being asked why.
        await pilot.press("escape", "$")
        await asked(pilot, "Take over from desk B 박상담")
        await tell(pilot, LIVE._replace(work={request.request_id: THEIRS._replace(beat=NOW)}))
        await pilot.pause()
        assert screen_of(pilot).query_one(Choice).display


@pytest.mark.parametrize("size", [SIZE, SMALLEST])
async def test_one_of_two_values_is_chosen(desk: Desk, tmp_path: Path, data: Reference, size: tuple[int, int]) -> None:
    other = neighbour(tmp_path, data)
    request = ask(desk)
    exchange(desk, other)
    amend_request(desk, OPERATOR, NOW, request.request_id, {"urgency": "urgent"})
    amend_request(
        other, Actor("이상담", "operator"), NOW + timedelta(seconds=1), request.request_id, {"urgency": "emergency"}
    )
    exchange(desk, other)
    other.close()
    async with console(desk, Watch(), tmp_path).run_test(size=size) as pilot:
        await ready(pilot, request.request_id)
        await until(pilot, lambda: "Two values, Urgency" in text_of(pilot))
        assert "desk A 김상담" in text_of(pilot)
        assert "desk B 이상담" in text_of(pilot)
        await pilot.press("%")
        await asked(pilot, "Urgency: which value stands?")
        await pilot.press("1")
        told = screen_of(pilot).query_one("#status", Panel)
        await until(pilot, lambda: told.render_line(0).text.strip())
        await until(pilot, lambda: "Two values" not in text_of(pilot))
        chosen = reads.request(desk.connection, request.request_id)
        assert chosen is not None
        assert chosen.urgency == "urgent"
        # The key says so where there is nothing to choose.
        await pilot.press("%")
        await until(pilot, lambda: "has two values" in text_of(pilot))


async def test_several_fields_with_two_values_are_asked_about_one_after_the_other(
    desk: Desk, tmp_path: Path, data: Reference
) -> None:
    other = neighbour(tmp_path, data)
    request = ask(desk)
    exchange(desk, other)
    amend_request(
        desk, OPERATOR, NOW, request.request_id, {"urgency": "urgent", "reason": "trip", "care_place": "home"}
    )
    amend_request(
        other,
        Actor("이상담", "operator"),
        NOW + timedelta(seconds=1),
        request.request_id,
        {"urgency": "emergency", "reason": "hospital", "care_place": "facility"},
    )
    exchange(desk, other)
    other.close()
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await until(pilot, lambda: "Two values, Urgency" in text_of(pilot))
        await pilot.press("%")
        for asks in ("1/3 Place of care: which", "2/3 Reason: which"):
            await asked(pilot, asks)
            await pilot.press("1")
        await asked(pilot, "3/3 Urgency: which")
        # Whoever leaves it there goes on with what is left.
        await pilot.press("escape")
        await until(pilot, lambda: set(view_of(desk, request.request_id).disputed) == {"urgency"})
        await until(pilot, lambda: set(screen_of(pilot).view.disputed) == {"urgency"})  # type: ignore[union-attr]
        await pilot.press("%")
        await asked(pilot, "Urgency: which")
        assert "1/1 Urgency" not in text_of(pilot)
        await pilot.press("2")
        await until(pilot, lambda: not view_of(desk, request.request_id).disputed)
        assert not screen_of(pilot).query_one(Choice).display
    chosen = reads.request(desk.connection, request.request_id)
    assert chosen is not None
    assert (chosen.urgency, chosen.reason, chosen.care_place) == ("emergency", "trip", "home")


def view_of(desk: Desk, request_id: str) -> RequestView:
    found = request_view(desk.connection, request_id, OPERATOR)
    assert found is not None
    return found


async def test_a_demo_has_no_centre_whatever_lies_beside_its_file(desk: Desk, tmp_path: Path) -> None:
    desk.path.with_name(f"{desk.path.name}.centre").write_text("[centre]\n")
    joined = console(desk, Watch(), tmp_path)
    demo = Console(joined.seat._replace(demo=True), OPERATOR)
    for app, told in ((joined, "centre offline"), (demo, "single desk")):
        async with app.run_test(size=(200, 40)) as pilot:
            await until(pilot, lambda told=told: told in text_of(pilot))  # type: ignore[misc]


async def test_a_connection_file_that_cannot_be_used_is_said_in_words(desk: Desk, tmp_path: Path) -> None:
    desk.path.with_name(f"{desk.path.name}.centre").write_text("[centre]\nhost = 1\n")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).link.problem is not None)
        await pilot.press("@")
        await until(pilot, lambda: "cannot be used" in text_of(pilot))
