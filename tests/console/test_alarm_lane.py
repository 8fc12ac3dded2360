"""The alarm lane: the oldest alarm is always there."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from callcenter.console.presentation.cells import length
from callcenter.console.theme import DARK, register
from callcenter.console.widgets.alarm_lane import Alarm, AlarmLane, Level, line, oldest_first

NOW = datetime(2026, 11, 21, 12, 4, tzinfo=UTC)
OLD = Alarm("B-1", "B-1121-001 돌봄종료", NOW - timedelta(minutes=20), NOW - timedelta(minutes=12), "danger")
NEW = Alarm("A-3", "A-1121-003 제안 만료", NOW - timedelta(minutes=9), NOW + timedelta(seconds=40), "warning")
PLAIN = Alarm("A-9", "센터 연결 끊김", NOW - timedelta(minutes=1), None, "notice")

ALARMS = st.builds(
    Alarm,
    st.text(min_size=1),
    st.text("가나ab ", max_size=30),
    st.integers(0, 5).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    st.none() | st.integers(-90, 90).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.sampled_from(["notice", "warning", "danger"]),
)


def text(*alarms: Alarm, width: int = 200) -> str:
    return "".join(cell.text for cell in line(alarms, NOW, width)[0])


def test_oldest_first_with_sign_word_count_and_clock() -> None:
    assert text(NEW, PLAIN, OLD) == (
        " ‼ Danger 3   ‼ B-1121-001 돌봄종료 +12m  ! A-1121-003 제안 만료 0:40  i 센터 연결 끊김"
    )


def test_what_does_not_fit_is_counted() -> None:
    assert text(NEW, PLAIN, OLD, width=60) == " ‼ Danger 3   ‼ B-1121-001 돌봄종료 +12m  +2 more"
    assert text(NEW, PLAIN, OLD, width=10).startswith(" ‼ Danger 3   ‼ B-1121-001")


def test_no_alarm_is_said_too() -> None:
    assert text() == " No alarms"


@pytest.mark.parametrize(("levels", "word"), [(["notice", "danger"], "Danger"), (["notice", "warning"], "Warning")])
def test_the_head_shows_the_gravest(levels: list[Level], word: str) -> None:
    assert word in text(*(Alarm(level, "x", NOW, None, level) for level in levels))


@given(st.lists(ALARMS, min_size=1, max_size=12), st.integers(10, 150))
def test_every_alarm_is_shown_or_counted(alarms: list[Alarm], width: int) -> None:
    pieces, keys = line(alarms, NOW, width)
    assert len(pieces) == len(keys)
    shown = [key for key in keys if key is not None]
    assert shown == [alarm.key for alarm in oldest_first(alarms)[: len(shown)]]
    assert shown
    if len(shown) < len(alarms):
        assert f"+{len(alarms) - len(shown)} " in pieces[-1].text
    if len(shown) > 1:
        assert length(pieces) <= width


class Host(App[None]):
    clicked: list[str]

    def compose(self) -> ComposeResult:
        yield AlarmLane(id="lane")

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.clicked = []

    def on_alarm_lane_alarm_clicked(self, event: AlarmLane.AlarmClicked) -> None:
        self.clicked.append(event.key)


async def test_the_lane_keeps_its_place_runs_its_clock_and_can_be_clicked() -> None:
    host = Host()
    async with host.run_test(size=(100, 5)) as pilot:
        lane = host.query_one(AlarmLane)
        assert lane.size.height == 1
        lane.show([], NOW)
        assert lane.oldest is None
        lane.show([NEW, OLD], NOW)
        await pilot.pause()
        assert lane.size.height == 1
        assert lane.oldest == "B-1"
        assert "0:40" in lane.render_line(0).text
        lane.show([NEW, OLD], NOW + timedelta(seconds=1))
        assert "0:39" in lane.render_line(0).text
        await pilot.click("#lane", offset=(2, 0))
        await pilot.click("#lane", offset=(20, 0))
        await pilot.click("#lane", offset=(55, 0))
        await pilot.click("#lane", offset=(95, 0))
        assert host.clicked == ["B-1", "A-3"]
