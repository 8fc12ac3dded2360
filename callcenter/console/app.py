"""The console: composition, the threads, the language, and the one error boundary."""

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, NamedTuple, cast

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.message import Message
from textual.reactive import Reactive
from textual.theme import Theme

from callcenter import language
from callcenter.console.centre import Centre
from callcenter.console.garbage import Garbage
from callcenter.console.keys import HangulKeys
from callcenter.console.safe_output import SafeOutput
from callcenter.console.theme import DARK, LIGHT, register
from callcenter.desk.permission import Actor
from callcenter.desk.queue_view import QueueView
from callcenter.errors import CallcenterError
from callcenter.reference import Reference
from callcenter.settings import Settings

if TYPE_CHECKING:
    from callcenter.console.draft_keeper import DraftKeeper
    from callcenter.console.live import Live
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.console.writer import Writer
    from callcenter.desk.session import Desk

THREADS_START_AFTER = 0.02
"""So that the lines around the queue are painted before anything competes with them."""
WRITER_STARTS_AFTER = 1.0


class Seat(NamedTuple):
    """What the console is opened on: the desk's file and name, its programs and people, the data, the clock."""

    path: Path
    desk: str
    programs: tuple[str, ...]
    people: tuple[Actor, ...]
    reference: Reference
    settings: Settings
    clock: Callable[[], datetime]
    incidents: Path
    """Where a fault of the program is written down."""
    demo: bool = False


class Console(HangulKeys, SafeOutput, App[None]):
    """The application; the screens show, one thread writes, others read, keep drafts and speak to the centre."""

    TITLE = "callcenter"
    # The menu is a choice like every other, in the operator's language and with the same keys.
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[Any] = "screens/desk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []
    theme: Reactive[str] = Reactive(DARK.name, init=False)

    def __init__(self, seat: Seat, actor: Actor | None, first: QueueView | None = None) -> None:
        """`actor` is None while nobody has said who acts; `first` is a page of the queue that was read already."""
        super().__init__()
        self.seat = seat
        self.actor = actor or (seat.people[0] if len(seat.people) == 1 else None)
        self._first = first
        self.centre = Centre(self._tell, self.incident, seat.path, self._open_desk, seat.clock, alone=seat.demo)
        self._garbage = Garbage()
        self._terminal: int | None = None
        self._opening = 0
        self._typed_ahead: deque[events.Key] = deque()
        self._handed_on: deque[events.Key] = deque(maxlen=100)
        register(self)
        self._wear(DARK if seat.settings.theme == "dark" else LIGHT)

    def _wear(self, theme: Theme) -> None:
        """In these colours from the first style on: put on later, every style sheet is read twice before the paint."""
        self.set_reactive(Console.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(theme.dark, "-dark-mode", update=False)
        self.set_class(not theme.dark, "-light-mode", update=False)

    # The threads begin after the first paint, and what they need is loaded then.

    @cached_property
    def live(self) -> "Live":
        """What reads."""
        from callcenter.console.live import Live

        return Live(self._tell, self.seat, lambda: self.actor)

    @cached_property
    def writer(self) -> "Writer":
        """What writes."""
        from callcenter.console.writer import Writer

        return Writer(self._tell, self._open_desk, self._committed)

    @cached_property
    def drafts(self) -> "DraftKeeper":
        """What keeps drafts."""
        from callcenter.console.draft_keeper import DraftKeeper

        seat = self.seat
        return DraftKeeper(self._tell, seat.path, seat.clock, timedelta(hours=seat.settings.draft_hours))

    def get_default_screen(self) -> "DeskScreen":
        """The desk is the first screen there is; a blank one below it would be laid out and painted first."""
        from callcenter.console.screens.desk import DeskScreen

        return DeskScreen(self._first)

    def on_mount(self) -> None:
        """Ask who acts where nobody said; begin to read after the first paint."""
        self._leave_on_signals()
        if self.actor is None:
            from callcenter.console.screens.sign_in import SignIn

            self.push_screen(SignIn(self.seat.people), self._signed_in)
        self.call_after_refresh(self.set_timer, THREADS_START_AFTER, self._started)

    def _started(self) -> None:
        """After the first paint: threads, and the collector of garbage, which the start did without."""
        # The threads give way to the screen after half a millisecond instead of five.
        sys.setswitchinterval(0.0005)
        self.live.start()
        self.drafts.start()
        self._offer_drafts()
        self._garbage.begin()
        self.set_interval(1.0, self._garbage.look)
        self.set_interval(1.0, self._leave_with_terminal)
        # What writing needs takes a second to import; until then the first looks at the queue go before it.
        self.set_timer(WRITER_STARTS_AFTER, self.writer.start)
        self.set_timer(WRITER_STARTS_AFTER, self.centre.start)

    async def on_event(self, event: events.Event) -> None:
        """A key puts off what would make the next one wait."""
        if isinstance(event, events.Key):
            self._garbage.pressed()
            if self._opening:
                self._typed_ahead.append(events.Key(event.key, event.character))
                return
            event = self._for_the_field(event)
        await super().on_event(event)

    def _for_the_field(self, event: events.Key) -> events.Key:
        """The key, or one for the text field where it came back from what had the focus before the field did."""
        if not (event.is_forwarded and event.is_printable) or event in self._handed_on:
            return event
        from textual.widgets import Input

        # A text field stops the letters it takes.
        if not isinstance(self.focused, Input):
            return event
        self._handed_on.append(again := events.Key(event.key, event.character))
        return again

    def open_soon(self, opens: "Callable[Concatenate[DeskScreen, ...], Awaitable[None]]", *given: object) -> None:
        """Open on the desk's screen what takes the focus; keys that are pressed until then are for it, and wait."""
        self._opening += 1
        self.screen_stack[0].call_later(self._open, opens, *given)

    async def _open(self, opens: "Callable[Concatenate[DeskScreen, ...], Awaitable[None]]", *given: object) -> None:
        try:
            await opens(cast("DeskScreen", self.screen_stack[0]), *given)
        finally:
            # Behind the change of focus, which takes its turn in the same queue.
            self.call_later(self._opened)

    def once_written(self, does: Callable[[], object] = lambda: None) -> None:
        """Do this when all that was asked for is written and told of; keys that are pressed until then wait."""
        self._opening += 1
        self.writer.tell(events.Callback(partial(self._written, does)))

    def _written(self, does: Callable[[], object]) -> None:
        try:
            does()
        finally:
            self.call_later(self._opened)

    async def _opened(self) -> None:
        self._opening -= 1
        while self._typed_ahead and not self._opening:
            await self.on_event(self._typed_ahead.popleft())

    def _signed_in(self, actor: Actor | None) -> None:
        if actor is None:
            self.exit()
            return
        self.actor = actor
        self.live.look_again()
        self._offer_drafts()

    def _offer_drafts(self) -> None:
        """What the operator typed before the console ended is offered again."""
        if self.actor is not None:
            self.drafts.offer(self.actor, asked=False)

    def on_unmount(self) -> None:
        """Everything asked for is committed before the program ends."""
        self.live.stop()
        self.drafts.stop()
        self.writer.stop()
        # Last, so that what was just committed may still leave.
        self.centre.stop()
        self._garbage.end()

    def switch_language(self) -> None:
        """Korean or English, at once; the screens paint themselves again."""
        language.use("en" if language.current() == "ko" else "ko")
        from callcenter.console.screens.desk import DeskScreen

        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.painting.again()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as SVG."""
        from callcenter.console.picture import mended

        return mended(super().export_screenshot(title=title, simplify=simplify))

    def _committed(self) -> None:
        """In the writer's thread, before the screen is told: by then what it shows is being read again."""
        self.live.look_again()
        self.centre.ring()

    def _tell(self, message: Message) -> None:
        """From either thread to the desk's screen, which is always the lowest."""
        stack = self.screen_stack
        if self.is_running and stack:
            stack[0].post_message(message)

    def _open_desk(self) -> "Desk":
        from callcenter.desk.messages import follow
        from callcenter.desk.session import open_desk

        sends = self.seat.settings.messages != "none"
        follows = follow if sends else None
        line = self.centre
        return open_desk(self.seat.path, self.seat.reference, follow=follows, claim=line.claim, link=lambda: line.link)

    # Ends

    def _leave_on_signals(self) -> None:
        """A closed window or a shutdown ends the console as its own key does: terminal clean, nothing lost."""
        if sys.platform == "win32":
            loop = asyncio.get_running_loop()
            signal.signal(signal.SIGBREAK, lambda *_: loop.call_soon_threadsafe(self.exit))
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.exit)

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if terminal := vars(driver).get("_file"):
            from callcenter.console.gone_terminal import LastingOutput

            loop = asyncio.get_running_loop()
            vars(driver)["_file"] = LastingOutput(terminal, lambda: loop.call_soon_threadsafe(self.exit))
            self._terminal = terminal.fileno()
        return driver

    def _leave_with_terminal(self) -> None:
        """While nothing is painted nothing fails, and Textual would read nothing, as fast as it can, for ever."""
        from callcenter.console.gone_terminal import hung_up

        if self._terminal is not None and hung_up(self._terminal):
            self.exit()

    def incident(self, error: BaseException) -> CallcenterError:
        """What to tell of an error: a refusal's own sentence, or the number under which a fault was written down."""
        if isinstance(error, CallcenterError):
            return error
        from callcenter.console import incidents

        return incidents.record(error, self.seat.incidents, self.seat.clock())

    def _handle_exception(self, error: Exception) -> None:
        self._told = self.incident(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self.panic()

    def panic(self, *renderables: RenderableType) -> None:
        """End with one sentence and a number; Textual's own traceback would print names and numbers."""
        from callcenter.console import incidents

        self._exit_renderables.append(Text(str(getattr(self, "_told", incidents.Incident(number="?", path="?")))))
        self._close_messages_no_wait()
