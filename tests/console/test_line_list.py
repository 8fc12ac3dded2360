"""The list: paging, a cursor that belongs to a key, and painting no more than changed."""

from collections.abc import Sequence
from typing import ClassVar

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot

from callcenter.console.presentation.cells import Cell, Row
from callcenter.console.presentation.columns import Column
from callcenter.console.theme import DARK, LIGHT, register
from callcenter.console.widgets.line_list import PAGE, LineList

COLUMNS = (
    Column("number", "접수번호", 10),
    Column("child", "아동", 12, share=1),
    Column("strip", "18 19", 5, importance=1),
)


def row(number: int, text: str = "수원 8세", version: int = 0) -> Row:
    return Row(
        f"r{number}",
        (Cell(f"A-{number:06}"), Cell(text), (Cell("◦◦", "free"), Cell(" "), Cell("xx", "closed"))),
        version,
    )


class CountingList(LineList):
    """Remembers which lines were asked to be painted, None for all."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="대기 중인 접수가 없습니다", id="queue")
        self.painted: list[Region | None] = []

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "CountingList":
        self.painted += list(regions) or [None]
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


class Host(App[None]):
    """Serves pages from a list of rows, as a screen does from the store."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = list(rows)
        self.pages: list[tuple[int, int]] = []
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield CountingList()

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.list.set_total(len(self.rows))

    @property
    def list(self) -> CountingList:
        return self.query_one(CountingList)

    def on_line_list_page_wanted(self, event: LineList.PageWanted) -> None:
        self.pages.append((event.offset, event.limit))
        self.serve(event.offset, event.limit)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.chosen.append(event.key)

    def serve(self, offset: int, limit: int) -> None:
        key = self.list.cursor_key
        at = next((number for number, one in enumerate(self.rows) if one.key == key), None)
        self.list.set_page(offset, self.rows[offset : offset + limit], at)

    def serve_again(self) -> None:
        """What a change in the store leads to: the total, and the page at hand read anew."""
        self.list.set_total(len(self.rows))
        self.serve(*(self.pages[-1] if self.pages else (0, PAGE)))


def text_of(host: Host) -> list[str]:
    queue = host.list
    return ["".join(segment.text for segment in queue.render_line(y)) for y in range(queue.size.height)]


SIZE = (50, 12)


async def test_draws_titles_rows_and_cursor_in_exact_width() -> None:
    host = Host([row(number) for number in range(3)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        lines = text_of(host)
        assert lines[0].split() == ["접수번호", "아동", "18", "19"]
        assert lines[1].startswith("> A-000000   수원 8세")
        assert lines[2].startswith("  A-000001")
        assert {cell_len(line) for line in lines} == {SIZE[0]}
        assert lines[1].endswith("◦◦ xx ")
        assert [segment.text for segment in host.list.render_line(1)][1:8:2] == [
            "A-000000  ",
            "수원 8세" + " " * 22,
            "◦◦",
            "xx",
        ]


async def test_columns_stay_where_they_are_when_content_and_total_change() -> None:
    host = Host([row(number) for number in range(3)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = text_of(host)[0]
        width = host.list.size.width
        host.rows = [row(number, "남양주시 별내면 5세 3남매 형제 동반 " * 3, version=1) for number in range(500)]
        host.serve_again()
        await pilot.pause()
        assert text_of(host)[0] == before
        assert host.list.size.width == width
        assert ".." in text_of(host)[2]


async def test_the_empty_list_says_so() -> None:
    host = Host([])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "대기 중인 접수가 없습니다" in text_of(host)[1]
        await pilot.press("down", "end", "enter")
        assert host.list.cursor_key is None
        host.rows = [row(7)]
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key == "r7"
        assert "대기" not in "".join(text_of(host))


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (["down", "down", "j"], "r3"),
        (["down", "up", "up"], "r0"),
        (["end"], "r999"),
        (["end", "k"], "r998"),
        (["end", "home"], "r0"),
        (["pagedown"], "r10"),
        (["pagedown", "pageup", "down"], "r1"),
        (["end", "down"], "r999"),
    ],
)
async def test_keys_move_the_cursor_over_any_distance(keys: list[str], key: str) -> None:
    host = Host([row(number) for number in range(1000)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert host.list.cursor_key == key
        marked = [line for line in text_of(host) if line.startswith(">")]
        assert len(marked) == 1
        assert f"A-{int(key[1:]):06}" in marked[0]


async def test_only_pages_are_read_and_one_wish_is_sent_once() -> None:
    host = Host([row(number) for number in range(100_000)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert host.list.cursor_key == "r99999"
        assert host.pages == [(0, PAGE), (100_000 - PAGE, PAGE)]
        await pilot.press("up", "up", "up")
        assert len(host.pages) == 2


async def test_a_newer_wish_replaces_an_older_one_of_the_same_list() -> None:
    one, other = LineList(COLUMNS), LineList(COLUMNS)
    wish = LineList.PageWanted(one, 0, PAGE)
    assert LineList.PageWanted(one, 500, PAGE).can_replace(wish)
    assert not LineList.PageWanted(other, 500, PAGE).can_replace(wish)
    assert not wish.can_replace(LineList.Chosen(one, "r1"))


async def test_the_cursor_stays_on_its_key_when_rows_come_in_above() -> None:
    heard: list[Message] = []
    host = Host([row(number) for number in range(5)])
    async with host.run_test(size=SIZE, message_hook=heard.append) as pilot:
        await pilot.press("down", "down")
        heard.clear()
        host.rows = [row(100), row(101), *host.rows]
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key == "r2"
        assert text_of(host)[5].startswith("> A-000002")
        assert not [message for message in heard if isinstance(message, LineList.Highlighted)]


async def test_a_scrolled_list_keeps_the_cursor_on_its_line_of_the_screen() -> None:
    host = Host([row(number) for number in range(1000)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press(*["pagedown"] * 5, "up", "up", "up")
        await pilot.pause()
        before = text_of(host).index(next(line for line in text_of(host) if line.startswith(">")))
        key = host.list.cursor_key
        host.rows = [row(2000), row(2001), row(2002), *host.rows]
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key == key
        assert text_of(host)[before].startswith(">")


async def test_a_cursor_at_the_bottom_is_not_pushed_off_the_screen() -> None:
    host = Host([row(number) for number in range(11)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("end")
        host.rows = [row(number) for number in range(100, 110)] + host.rows
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key == "r10"
        assert any(line.startswith("> A-000010") for line in text_of(host))


async def test_a_row_that_jumps_out_of_the_page_keeps_the_cursor() -> None:
    host = Host([row(number) for number in range(5000)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("end")
        await pilot.pause()
        host.rows.insert(0, host.rows.pop())
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key == "r4999"
        await pilot.press("down")
        await pilot.pause()
        assert host.list.cursor_key == "r0"


async def test_when_its_row_goes_away_the_cursor_takes_the_next_and_says_it_was_not_the_operator() -> None:
    heard: list[LineList.Highlighted] = []

    def listen(message: Message) -> None:
        if isinstance(message, LineList.Highlighted):
            heard.append(message)

    host = Host([row(number) for number in range(5)])
    async with host.run_test(size=SIZE, message_hook=listen) as pilot:
        await pilot.press("down")
        assert (heard[-1].key, heard[-1].by_operator) == ("r1", True)
        del host.rows[1]
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key == "r2"
        assert (heard[-1].key, heard[-1].by_operator) == ("r2", False)
        host.rows = []
        host.serve_again()
        await pilot.pause()
        assert host.list.cursor_key is None
        assert heard[-1].key is None


async def settle(pilot: Pilot[None], host: Host) -> None:
    await pilot.pause()
    host.list.painted.clear()


async def test_a_changed_row_repaints_its_line_and_no_other() -> None:
    host = Host([row(number) for number in range(1000)])
    async with host.run_test(size=SIZE) as pilot:
        await settle(pilot, host)
        host.rows[4] = row(4, "부천 14개월", version=1)
        host.serve_again()
        await pilot.pause()
        assert host.list.painted == [Region(0, 5, SIZE[0] - 1, 1)]
        assert "부천 14개월" in text_of(host)[5]
        host.list.painted.clear()
        host.serve_again()
        host.rows[500] = row(500, "보이지 않음", version=1)
        host.serve_again()
        await pilot.pause()
        assert host.list.painted == []


async def test_a_cursor_move_repaints_two_lines() -> None:
    host = Host([row(number) for number in range(1000)])
    async with host.run_test(size=SIZE) as pilot:
        await settle(pilot, host)
        await pilot.press("down")
        assert {region.y for region in host.list.painted if region} == {1, 2}
        assert None not in host.list.painted


async def test_a_growing_total_does_not_lay_out_the_screen_again() -> None:
    host = Host([row(number) for number in range(1000)])
    async with host.run_test(size=SIZE) as pilot:
        await settle(pilot, host)
        host.rows.append(row(1000))
        host.serve_again()
        await pilot.pause()
        assert host.list.painted == []
        assert host.list.virtual_size.height == 1002
        await pilot.press("end")
        await pilot.pause()
        assert host.list.cursor_key == "r1000"


async def test_enter_and_double_click_choose_a_click_highlights() -> None:
    host = Host([row(number) for number in range(5)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("down", "enter")
        await pilot.click("#queue", offset=(4, 4))
        assert host.list.cursor_key == "r3"
        assert host.chosen == ["r1"]
        await pilot.click("#queue", offset=(4, 5), times=2)
        assert host.chosen == ["r1", "r4"]
        await pilot.click("#queue", offset=(4, 0))
        await pilot.click("#queue", offset=(4, 9))
        assert host.list.cursor_key == "r4"


async def test_without_choosing_enter_is_left_to_the_screen() -> None:
    class Screenful(App[None]):
        BINDINGS: ClassVar[list[BindingType]] = [("enter", "take", "Take")]
        taken = 0

        def compose(self) -> ComposeResult:
            yield LineList(COLUMNS, choosable=False)

        def on_mount(self) -> None:
            self.query_one(LineList).set_total(1)
            self.query_one(LineList).set_page(0, [row(1)])

        def action_take(self) -> None:
            self.taken += 1

    host = Screenful()
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        assert host.taken == 1


async def test_the_wheel_scrolls_and_the_page_follows() -> None:
    host = Host([row(number) for number in range(2000)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        host.list.scroll_to(y=1500, animate=False)
        await pilot.pause()
        assert "A-001500" in text_of(host)[1]
        assert host.list.cursor_key == "r0"
        await pilot.press("down")
        await pilot.pause()
        assert host.list.cursor_key == "r1"
        assert any(line.startswith("> A-000001") for line in text_of(host))


def thumb(pilot: Pilot[None]) -> list[int]:
    """The lines of the screen on which the scroll bar has the colour of its thumb."""
    last = [list(strip)[-1] for strip in pilot.app.screen._compositor.render_strips()]
    return [y for y, one in enumerate(last) if one.style is not None and one.style.reverse]


async def test_the_scroll_bar_follows_and_can_be_clicked_and_dragged() -> None:
    host = Host([row(number) for number in range(40)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert thumb(pilot) == [0, 1, 2, 3]
        await pilot.press("end")
        await pilot.pause()
        assert thumb(pilot) == [8, 9, 10, 11]
        await pilot.click(offset=(SIZE[0] - 1, 0))
        await pilot.pause()
        assert host.list.scroll_offset.y < host.list.max_scroll_y
        await pilot.press("home")
        await pilot.pause()
        bar = host.list.vertical_scrollbar
        await pilot.mouse_down(bar, offset=(0, 1))
        await pilot.hover(bar, offset=(0, 11))
        await pilot.mouse_up(bar, offset=(0, 11))
        await pilot.pause()
        assert host.list.scroll_offset.y == host.list.max_scroll_y


async def test_the_scroll_bar_is_drawn_again_only_when_it_moved() -> None:
    host = Host([row(number) for number in range(40)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        drawn = host.list.vertical_scrollbar.render_lines(Region(0, 0, 1, SIZE[1]))
        await pilot.press("down")
        await pilot.pause()
        assert host.list.vertical_scrollbar.render_lines(Region(0, 0, 1, SIZE[1])) is drawn
        await pilot.press("end")
        await pilot.pause()
        assert host.list.vertical_scrollbar.render_lines(Region(0, 0, 1, SIZE[1])) is not drawn


async def test_a_narrow_list_leaves_columns_out_and_comes_back() -> None:
    host = Host([row(0)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.resize_terminal(30, 12)
        await pilot.pause()
        assert "18 19" not in text_of(host)[0]
        await pilot.resize_terminal(*SIZE)
        await pilot.pause()
        assert "18 19" in text_of(host)[0]


async def test_colours_follow_the_theme() -> None:
    host = Host([row(0), row(1)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        dark = host.list.render_line(2)
        host.theme = LIGHT.name
        await pilot.pause()
        light = host.list.render_line(2)
        assert [segment.text for segment in dark] == [segment.text for segment in light]
        assert dark != light


async def test_markup_is_shown_as_it_stands() -> None:
    host = Host([row(0, "[/b][@click=app.quit]홍")])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "[/b][@click=app.quit]홍" in text_of(host)[1]


async def test_highlight_by_key() -> None:
    host = Host([row(number) for number in range(50)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert host.list.highlight("r40")
        await pilot.pause()
        assert host.list.cursor_key == "r40"
        assert any(line.startswith("> A-000040") for line in text_of(host))
        assert not host.list.highlight("r999")


async def test_without_colour_the_cursor_is_still_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    host = Host([row(number) for number in range(3)])
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        await pilot.pause()
        painted = host.list.render_lines(Region(0, 0, *SIZE))
        grounds = [next(segment.style.bgcolor for segment in strip if segment.style) for strip in painted]
        assert all(len(set(colour.get_truecolor())) == 1 for colour in grounds if colour)
        assert grounds[2] != grounds[1] == grounds[3]
        assert [strip.text[0] for strip in painted[1:4]] == [" ", ">", " "]
