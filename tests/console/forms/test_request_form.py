"""The form of a request, filled with keys alone beside a list that stays."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from textual.widgets import Button

from callcenter import language
from callcenter.care.calendar import SEOUL
from callcenter.console.forms.filled import Changes
from callcenter.console.forms.messages import RequestAmendedFilled, RequestFilled
from callcenter.console.widgets.ime_input import ImeInput
from callcenter.console.widgets.panel import Panel
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest, open_request
from callcenter.desk.session import Desk
from callcenter.desk.view import RequestView, request_view
from callcenter.reference import Reference
from tests.conftest import NOW, OPERATOR
from tests.console.forms.hosts import ELDER, MOTHER, YOUNGER, Host, day, settle, strokes_of

SIZES = [(80, 24), (120, 36)]
WISH = NewRequest(
    guardian=NewGuardian("김하나", "010-0000-5678"),
    children=(NewChild("김하늘", day("2018-03-02"), "elementary"),),
    region="41110",
    start=datetime(2026, 11, 24, 20, tzinfo=SEOUL),
    end=datetime(2026, 11, 24, 23, tzinfo=SEOUL),
    reason="overtime",
)


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    yield
    language.use("en")


def wish(host: Host) -> NewRequest:
    (filled,) = host.filled
    assert isinstance(filled, RequestFilled)
    return filled.wish


def pressed(*parts: str) -> list[str]:
    """Keys: the name of one, or a text typed letter by letter behind a «=»."""
    return [key for part in parts for key in (part[1:] if part.startswith("=") else (part,))]


def cost(keys: Sequence[str]) -> int:
    """How many keys of a Korean keyboard these are."""
    return sum(strokes_of(key) if len(key) == 1 else 1 for key in keys)


@pytest.mark.parametrize("size", SIZES)
async def test_a_known_number_is_a_request_in_few_keys(size: tuple[int, int], data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER]), "41110")
    async with host.run_test(size=size) as pilot:
        await host.form.open_new(phone="010-0000-5678", call_id="call")
        await settle(pilot)
        assert host.looked_up == ["+821000005678"]
        keys = pressed("enter", "enter", "=20-23", "enter", "1", "f5")
        await pilot.press(*keys)
        await settle(pilot)
        found = wish(host)
        assert (found.guardian.id, found.children[0].id, found.call_id) == ("g1", "c1", "call")
        assert (found.region, found.reason, found.promised) == ("41110", "work_hours", NOW + timedelta(minutes=15))
        # F2 before them and F5 at the desk behind them make twenty-five at most.
        assert cost(keys) == 10


async def test_a_new_family_is_written_down_with_keys_alone(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        host.box.go_to("region")
        await settle(pilot)
        keys = pressed(
            *("=ㅅㅇ", "enter", "=01000001234", "enter", "=이두리", "enter", "2"),
            *("=이새봄", "enter", "=180302", "enter", "3", "1", "enter", "2", "enter", "=땅콩", "enter"),
            *("=내일 18:30-22", "enter", "6", "2", "f5"),
        )
        await pilot.press(*keys)
        await settle(pilot)
        found = wish(host)
        assert found.guardian == NewGuardian("이두리", "01000001234", "father", "ko", None, "", "", "", "")
        told = NewChild("이새봄", day("2018-03-02"), "elementary", True, ("allergy",), (), "땅콩", None, "", "")
        assert found.children == (told,)
        assert (found.region, found.reason, found.urgency) == ("41110", "absence", "urgent")
        assert found.start == datetime(2026, 11, 25, 18, 30, tzinfo=SEOUL)
        assert cost(keys) == 68


@pytest.mark.parametrize("size", [(80, 14), *SIZES])
async def test_the_field_under_the_cursor_is_always_in_sight(size: tuple[int, int], data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER]))
    async with host.run_test(size=size) as pilot:
        await host.form.open_new(phone="010-0000-5678")
        await settle(pilot)
        seen = []
        while host.at not in seen:
            assert host.at is not None
            seen.append(host.at)
            if host.at == "line":
                await pilot.press("tab")
                continue
            shown = host.box.field(host.at).target.region
            assert host.box.region.contains_region(shown), (host.at, shown, host.box.region)
            await pilot.press("tab")
            await settle(pilot)
        assert seen[-1] == "note"
        assert tuple(seen) == ("line", *host.box.shown)


@pytest.mark.parametrize("size", [(80, 18), *SIZES])
async def test_answers_stay_in_sight_when_the_verdicts_come(size: tuple[int, int], data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER]), "41110")
    async with host.run_test(size=size) as pilot:
        await host.form.open_new(phone="010-0000-5678")
        await settle(pilot)
        host.box.go_to("when")
        await pilot.press(*"20-23", "enter")
        await settle(pilot)
        assert len(host.verdicts) >= 4
        assert host.at == "reason"
        assert host.box.region.contains_region(host.box.field("reason").region)


async def test_tab_and_shift_tab_go_through_every_field(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        await settle(pilot)
        forth = [host.at]
        for key in ["tab", "down"] * 11:
            await pilot.press(key)
            forth.append(host.at)
        back = [host.at]
        for key in ["shift+tab", "up"] * 11:
            await pilot.press(key)
            back.append(host.at)
        assert forth[:5] == ["line", "region", "phone", "guardian", "relation"]
        assert back[-1] == "line"
        assert [one for one in forth if one in back] == forth


async def test_what_is_missing_is_named_and_the_cursor_is_at_the_first(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(100, 30)) as pilot:
        await host.form.open_new()
        host.box.go_to("region")
        await pilot.press("=", *"ㅅㅇ", "tab", "f5")
        await settle(pilot)
        assert host.filled == []
        assert host.at == "region"
        await pilot.press("ctrl+u", *"ㅅㅇ", "enter", "f5")
        await settle(pilot)
        assert host.at == "phone"
        assert "Ask for a number to call back." in host.told
        assert "Guardian: Ask for the guardian's name." in host.told
        assert host.told.startswith("Not saved, still to be told: ")
        await pilot.press(*"01000001234")
        await settle(pilot)
        assert "Ask for a number to call back." not in host.told
        assert "010-0000-1234" in host.told


async def test_after_a_line_that_says_nothing_every_missing_field_is_named_in_what_is_seen(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 20)) as pilot:
        await host.form.open_new()
        await pilot.press(*"아무말", "f5")
        await settle(pilot)
        assert host.filled == []
        seen = host.query_one("#form-told", Panel)
        first = " ".join(seen.render_line(y).text.strip() for y in range(seen.size.height))
        for name in ("Region", "Telephone", "Guardian", "Born on", "When"):
            assert name in first, first


async def test_enter_goes_past_what_the_line_has_told(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(120, 36)) as pilot:
        await host.form.open_new()
        await settle(pilot)
        await pilot.press(*"4세 오늘 20-23 야근 010-0000-1212 김민정", "enter")
        await settle(pilot)
        assert host.at == "region"
        await pilot.press(*"ㅅㄴ", "enter")
        await settle(pilot)
        assert host.at == "relation"
        await pilot.press("enter", "enter")
        await settle(pilot)
        # An age was told, and the request needs the birth date.
        assert host.at == "child1.birth"
        host.box.field("guardian").fill("김민지")
        await settle(pilot)
        host.box.go_to("region")
        await pilot.press("enter")
        await settle(pilot)
        # Another name than the line told is looked at once more.
        assert host.at == "guardian"


async def test_a_region_is_written_out_or_says_why_not(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        host.box.go_to("region")
        await pilot.press(*"tndnjs")
        await settle(pilot)
        assert host.told == "Suwon"
        await pilot.press("enter")
        await settle(pilot)
        assert host.box.raw["region"] == "Suwon"
        await pilot.press("shift+tab", "ctrl+u", *"ㅇㅅ")
        await settle(pilot)
        assert "Ansan" in host.told
        assert "Osan" in host.told
        await pilot.press("tab")
        await settle(pilot)
        assert host.box.raw["region"] == "ㅇㅅ"


async def test_verdicts_come_while_it_is_typed_and_change_with_it(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(120, 36)) as pilot:
        await host.form.open_new()
        host.box.go_to("region")
        await pilot.press(*"ㅅㅇ", "enter", *"01000001234", "enter", *"x", "enter", "tab", "tab", *"180302")
        await settle(pilot)
        assert host.verdicts == [" Region, birth date or age, and times decide."]
        for key in ["tab"] * 8:
            await pilot.press(key)
        assert host.at == "when"
        await pilot.press(*"20-23")
        await settle(pilot)
        assert any(line.startswith("? Elementary") and "ask" in line for line in host.verdicts)
        assert sum(line.startswith("x ") for line in host.verdicts) == 3
        await pilot.press(*["shift+tab"] * 7, "3")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert any(line.startswith("o Elementary") for line in host.verdicts)
        await pilot.press("1")
        await settle(pilot)
        assert host.box.raw["child1.symptoms"] == "fever"
        assert not any(line.startswith("o ") for line in host.verdicts)


async def test_a_birth_date_is_typed_over_the_age_that_stood_in_for_it(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(120, 36)) as pilot:
        await host.form.open_new()
        await pilot.press(*"수원 8세초2 내일 19-22 ")
        await settle(pilot)
        assert host.box.raw["child1.birth"] == "8세초2"
        host.box.go_to("child1.birth")
        await settle(pilot)
        await pilot.press(*"180302")
        await settle(pilot)
        assert host.box.raw["child1.birth"] == "180302"
        host.box.go_to("when")
        host.box.go_to("child1.birth")
        await settle(pilot)
        await pilot.press("backspace")
        await settle(pilot)
        assert host.box.raw["child1.birth"] == "18030"


async def test_a_resident_number_is_not_kept(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        host.box.go_to("region")
        for key in pressed("=ㅅㅇ", "enter", "enter", "enter", "enter", "enter", "=180302-3123456"):
            await pilot.press(key)
        await settle(pilot)
        assert host.at == "child1.birth"
        assert host.box.raw["child1.birth"] == ""
        assert "Do not take the resident number" in host.told
        assert "3123456" not in str(host.form.draft)
        await pilot.press(*"180302")
        await settle(pilot)
        assert host.told.startswith("2018-03-02: 8 years 8 months")


@pytest.mark.parametrize("leave", ["f10", "escape"])
async def test_what_was_typed_stays_when_the_form_is_left(leave: str, data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER, YOUNGER]))
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new(call_id="one")
        host.box.go_to("region")
        await pilot.press(*"ㅅㅇ", "enter", *"01000005678")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert host.at == "known"
        await pilot.press("1", "2")
        await settle(pilot)
        await pilot.press("f6")
        await settle(pilot)
        await pilot.press(*"김새봄")
        await settle(pilot)
        before = host.box.raw
        await pilot.press(leave)
        await settle(pilot)
        assert host.left == 1
        assert not host.form.is_open
        assert host.focused is host.query_one(Button)
        await host.form.open_new(call_id="two")
        await settle(pilot)
        assert host.box.raw["phone"] == ""
        assert "child2.name" not in host.box.shown
        await pilot.press(leave)
        await host.form.open_new(call_id="one")
        await settle(pilot)
        assert host.box.raw == before
        assert [before[f"child{number}.name"] for number in (1, 2, 3)] == ["김하늘", "김바다", "김새봄"]


async def test_another_number_forgets_who_was_known(data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER]), "41110")
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new(phone="010-0000-5678")
        await settle(pilot)
        assert host.box.raw["child1.name"] == "김하늘"
        host.box.go_to("phone")
        await pilot.press("backspace", "9")
        await settle(pilot)
        draft = host.form.draft
        assert draft.raw["phone"] == "010-0000-5679"
        assert (draft.guardian, draft.raw["guardian"], draft.raw["child1.name"]) == (None, "", "")
        assert not any("g1" in text or "c1" in text for text in draft.raw.values())
        assert "known" not in host.box.shown


async def test_an_answer_for_a_number_that_is_no_longer_there_is_let_go(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new(phone="010-0000-1234")
        await settle(pilot)
        await host.form.fill_guardian(MOTHER, [ELDER])
        await settle(pilot)
        assert host.form.draft.guardian is None
        assert host.box.raw["guardian"] == ""


async def test_saving_twice_is_one_request_until_it_is_refused(data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER]), "41110")
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new(phone="010-0000-5678")
        await settle(pilot)
        await pilot.press("enter", "enter", *"20-23", "enter", "1", "f5", "f5")
        await settle(pilot)
        assert len(host.filled) == 1
        host.form.refuse("The disk is full.")
        await settle(pilot)
        assert "The disk is full." in host.told
        await pilot.press("f5")
        await settle(pilot)
        assert len(host.filled) == 2
        host.form.finish()
        await settle(pilot)
        assert host.focused is host.query_one(Button)
        await host.form.open_new()
        await settle(pilot)
        assert host.box.raw["guardian"] == ""


@pytest.mark.parametrize("ended", ["discarded", "saved"])
async def test_nothing_of_a_draft_that_ended_stands_in_the_next_one(ended: str, data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(120, 36)) as pilot:
        await host.form.open_new()
        await settle(pilot)
        # The fields of a second child go while the form is opened again, which takes its time.
        await pilot.press(*"수원 180302초2+14개월 오늘 20-23 야근 010-0000-6789 김지영")
        await settle(pilot)
        if ended == "saved":
            host.form.finish()
        else:
            await pilot.press("f9", "f9")
        await settle(pilot)
        assert not host.form.is_open
        await host.form.open_new()
        await settle(pilot)
        said = {key: text for key, text in host.form.draft.raw.items() if text}
        assert said == {"relation": "mother", "urgency": "normal"}
        assert host.kept == {}


async def test_keys_of_the_desk_do_nothing_here_but_say_so(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        host.box.go_to("region")
        await pilot.press("tab", "tab", "tab")
        assert host.at == "relation"
        for key in ("f11", "ctrl+e", "ctrl+b", "ctrl+y"):
            host.form.refuse("")
            await pilot.press(key)
            await settle(pilot)
            assert "Save the form with F5 or leave it with F10 first." in host.told, key
        await pilot.press("9", "delete")
        await settle(pilot)
        assert host.box.raw["relation"] == ""
        assert host.at == "relation"


async def test_digits_arrows_and_clicks_answer(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        host.box.go_to("child1.symptoms")
        await settle(pilot)
        await pilot.press("1", "3", "1", *["right"] * 10, "space")
        await settle(pilot)
        assert host.box.raw["child1.symptoms"] == "vomiting breathing"
        assert await pilot.click(host.box.field("child1.symptoms").target, offset=(6, 1))
        await settle(pilot)
        assert host.box.raw["child1.symptoms"] == "vomiting breathing fever"
        await pilot.press("backspace")
        await settle(pilot)
        assert host.box.raw["child1.symptoms"] == ""


def opened(desk: Desk, wish: NewRequest = WISH) -> RequestView:
    taken = open_request(desk, OPERATOR, NOW, wish)
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    return view


async def test_a_request_is_amended(desk: Desk, data: Reference) -> None:
    view = opened(desk)
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_amending(view)
        await settle(pilot)
        assert host.box.shown == (
            *("region", "when", "reason", "urgency", "residence", "care_place", "handover", "promised"),
        )
        assert any(line.startswith("? Elementary") for line in host.verdicts)
        host.box.go_to("when")
        await pilot.press("ctrl+u", *"내일 7-9", "f5")
        await settle(pilot)
        start = datetime(2026, 11, 25, 7, tzinfo=SEOUL)
        changes: Changes = {"start_at": int(start.timestamp()), "end_at": int(start.timestamp()) + 7200}
        assert host.filled == [RequestAmendedFilled(view.request.id, changes)]


@pytest.mark.parametrize("minutes", [5, 40])
async def test_the_call_back_that_was_promised_stays_while_a_request_is_amended(
    desk: Desk, data: Reference, minutes: int
) -> None:
    promised = NOW + timedelta(minutes=20)
    view = opened(desk, replace(WISH, promised=promised))
    host = Host(data, NOW + timedelta(minutes=minutes))
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_amending(view)
        host.box.go_to("promised")
        await settle(pilot)
        assert host.typed[-1].promised == promised
        assert "Promised for 18:00." in host.told
        field = host.box.field("promised").target
        assert isinstance(field, ImeInput)
        assert field.placeholder == "18:00"
        host.box.go_to("reason")
        await pilot.press("1", "f5")
        await settle(pilot)
        (saved,) = host.filled
        assert isinstance(saved, RequestAmendedFilled)
        assert set(saved.changes) == {"reason"}


async def test_a_draft_of_an_amendment_is_its_own(desk: Desk, data: Reference) -> None:
    view = opened(desk)
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_amending(view)
        await pilot.press(*"x")
        await pilot.press("f10")
        await host.form.open_new()
        await settle(pilot)
        assert host.box.raw["region"] == ""
        assert host.box.raw["when"] == ""
        await pilot.press("f10")
        await host.form.open_amending(view)
        await settle(pilot)
        assert host.box.raw["region"].endswith("x")
        other = view._replace(request=view.request._replace(id="other", reason="trip"))
        await host.form.open_amending(other)
        await settle(pilot)
        assert (host.box.raw["region"], host.box.raw["reason"]) == ("Suwon", "trip")


async def test_the_language_changes_while_the_form_is_open(data: Reference) -> None:
    host = Host(data, NOW, (MOTHER, [ELDER]), "41110")
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new(phone="010-0000-5678")
        await settle(pilot)
        await pilot.press("enter", "enter", *"20-2")
        await settle(pilot)
        before = host.box.raw
        language.use("ko")
        await host.form.speak_again()
        await settle(pilot)
        assert host.box.raw == before
        assert host.at == "when"
        await pilot.press("3", "enter")
        await settle(pilot)
        assert host.at == "reason"
        assert "부모 근무시간" in "".join(
            host.box.field("reason").render_line(y).text for y in range(host.box.field("reason").size.height)
        )


async def test_a_wish_that_was_saved_can_be_opened_as_a_request(desk: Desk, data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.form.open_new()
        keys = pressed(
            "=ㅅㅇ", "enter", "=01000001234", "enter", "=이두리", "enter", "2", "=이새봄", "enter", "=180302"
        )
        await pilot.press(*keys)
        host.box.go_to("when")
        await pilot.press(*"20-23", "enter", "1", "f5")
        await settle(pilot)
    taken = open_request(desk, OPERATOR, NOW, replace(wish(host), call_id=None))
    assert taken.number == "A-1124-001"
