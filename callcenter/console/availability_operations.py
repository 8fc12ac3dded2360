"""What the keys of the availability screen do: filters, days, confirming and changing places, choosing a provider."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, cast

from callcenter.care.calendar import KINDS, SEOUL, Kind
from callcenter.care.own_rules import OwnHours
from callcenter.care.windows import read_windows, windows_cell
from callcenter.console.actions import by_id, key_name
from callcenter.console.presentation import availability, words
from callcenter.console.prompt import refuse
from callcenter.console.widgets.choice import Choice, Option
from callcenter.desk.facilities import facility_of
from callcenter.desk.provider_hours import close_provider, lift_closure, set_hours
from callcenter.desk.providers import confirm_places, confirm_same
from callcenter.desk.wording import block_sentence
from callcenter.language import _
from callcenter.text import moments

if TYPE_CHECKING:
    from callcenter.care.eligibility import Block
    from callcenter.console.screens.availability import AvailabilityScreen
    from callcenter.desk.availability import AvailabilityRow

_HERE = frozenset({"language.switch", "program.quit"})
_UNKNOWN = "?"
_ALL = "-"
_REST, _DAY, _DAYS = "rest", "day", "days"
_MOST_DAYS = 366


class AvailabilityOperations:
    """Carries out actions for one screen; what a use case came to is told by `done`."""

    def __init__(self, screen: "AvailabilityScreen") -> None:
        self._screen = screen
        self._asked: AvailabilityRow | None = None
        """Whom the choice that is open is about, wherever the cursor goes meanwhile."""
        self._family = ""
        self._closed_at = screen.desk.now
        self._handlers: Mapping[str, Callable[[int | None], None]] = {
            "availability.leave": lambda _number: screen.leave(),
            "availability.choose": self._choose,
            "availability.same": self._same,
            "availability.places": self._ask_places,
            "availability.hours": self._ask_hours,
            "availability.close": self._ask_closure,
            "availability.day": lambda number: screen.show_day((number or 1) - 1),
            "availability.day_before": lambda _number: screen.show_day(screen.wish.day - 1),
            "availability.day_after": lambda _number: screen.show_day(screen.wish.day + 1),
            "availability.earlier": lambda _number: screen.move(-1),
            "availability.later": lambda _number: screen.move(1),
            "availability.search": lambda _number: screen.search(),
            "availability.region": self._find_regions,
            "availability.service": self._ask_service,
            "availability.free": self._only_free,
            "availability.to_confirm": self._only_to_confirm,
            "availability.apart": self._ask_apart,
            "availability.help": self._help,
            "language.switch": self._switch_language,
            "program.quit": lambda _number: screen.app.exit(),
        }
        self._answers: Mapping[str, Callable[[str, str], None]] = {
            "availability.region": lambda option, _note: screen.show(screen.wish._replace(region=_unless_all(option))),
            "availability.service": lambda option, _note: screen.show(
                screen.wish._replace(service=_unless_all(option))
            ),
            "availability.places": lambda _option, note: self._note_places(note),
            "availability.hours": lambda option, note: self._note_hours(cast(Kind, option), note),
            "availability.close": self._note_closure,
            "availability.apart": self._note_apart,
        }

    def run(self, action: str, number: int | None = None) -> None:
        """Carry out an action that its needs allow; one of the desk's is carried out there."""
        handler = self._handlers.get(action)
        if handler is None:
            self._screen.leave(action)
        else:
            handler(number)

    def _do(self, action: str, use_case: Callable[..., object], *args: object) -> None:
        app = self._screen.desk.console_app
        if app.actor is not None:
            app.writer.do(action, use_case, app.actor, self._screen.desk.now, *args)

    def choice_made(self, name: str, option: str, note: str) -> None:
        """What was chosen at the bottom of the screen."""
        self._answers[name](option, note)

    def done(self, action: str) -> None:
        """A use case was committed: say so in a word."""
        self._screen.tell(words.done(action))

    # What is listed

    def _find_regions(self, _number: int | None) -> None:
        self._screen.desk.console_app.live.questions.find_regions(self._screen.post_message)

    def ask_region(self, regions: Sequence[tuple[str, int]]) -> None:
        """The regions are known: which one?"""
        reference = self._screen.desk.console_app.seat.reference
        options = [Option(_ALL, _("all regions"))]
        for code, count in regions:
            name = str(reference.regions[code].name) if code in reference.regions else code
            options.append(Option(code, name, _("{count} providers").format(count=count)))
        self._choice("availability.region", _("Providers of which region?"), options)

    def _ask_service(self, _number: int | None) -> None:
        seat = self._screen.desk.console_app.seat
        services = [one for one in seat.reference.services.values() if one.program in seat.programs]
        options = [Option(_ALL, _("all services")), *(Option(one.id, str(one.name)) for one in services)]
        self._choice("availability.service", _("Providers of which service?"), options)

    def _only_free(self, _number: int | None) -> None:
        self._screen.show(self._screen.wish._replace(now_free=not self._screen.wish.now_free))

    def _only_to_confirm(self, _number: int | None) -> None:
        wish = self._screen.wish
        self._screen.show(wish._replace(to_confirm=not wish.to_confirm))

    # What the provider says

    def _same(self, _number: int | None) -> None:
        row = self._screen.row
        if row is None:
            self._nobody()
        elif row.group.places is None:
            key = key_name(by_id("availability.places").keys[0])
            self._screen.tell(_("Its places are not known yet: {key} writes them down.").format(key=key), "soon")
        else:
            self._do("availability.same", confirm_same, row.group.id)

    def _ask_places(self, _number: int | None) -> None:
        row = self._screen.row
        if row is None:
            self._nobody()
            return
        title = _("{provider} {band}: how many places? ? when unknown").format(
            provider=row.provider.name, band=availability.band(row.group)
        )
        self._asked = row
        self._screen.query_one(Choice).write("availability.places", title, needed=True)

    def _note_places(self, note: str) -> None:
        if note != _UNKNOWN and not (note.isascii() and note.isdecimal()):
            refuse(self._screen, _("«{text}» is no number of places.").format(text=note))
            return
        if self._asked is not None:
            said = None if note == _UNKNOWN else int(note)
            self._do("availability.places", confirm_places, self._asked.group.id, said)

    def _ask_hours(self, _number: int | None) -> None:
        row = self._screen.row
        if row is None:
            self._nobody()
            return
        self._asked = row
        own = facility_of(row.provider).own.hours
        of_day = self._screen.desk.console_app.seat.reference.calendar.kind(self._screen.day)
        options = []
        for kind in sorted(KINDS, key=lambda kind: kind != of_day):
            windows = own.on(kind)
            now = _("those of its service") if windows is None else windows_cell(windows)
            options.append(Option(kind, words.day_kind(kind), now, note="required"))
        how = _("{provider}: hours like 07:00-09:00 20:00-24:00, closed, or - for its service's")
        self._choice("availability.hours", how.format(provider=row.provider.name), options)

    def _note_hours(self, kind: Kind, note: str) -> None:
        windows = None if note == _ALL else read_windows(note)
        if windows is None and note != _ALL:
            refuse(self._screen, _("«{text}» are no hours. Type 07:00-09:00 20:00-24:00, or closed.").format(text=note))
        elif self._asked is not None:
            own = facility_of(self._asked.provider).own.hours
            changed = OwnHours(*(windows if one == kind else own.on(one) for one in KINDS))
            self._do("availability.hours", set_hours, self._asked.provider.id, changed)

    def _ask_closure(self, _number: int | None) -> None:
        screen, row = self._screen, self._screen.row
        if row is None:
            self._nobody()
            return
        self._asked, self._closed_at = row, screen.start
        now, day = screen.desk.now, moments.day(screen.day, screen.desk.now)
        rest = _("{day} from {time} on").format(day=day, time=moments.clock(screen.start))
        options = [
            Option(_REST, rest, _("Why?"), note="required"),
            Option(_DAY, _("{day} all day").format(day=day), _("Why?"), note="required"),
            Option(
                _DAYS,
                _("Several days from {day} on").format(day=day),
                _("How many, and why: 3 holidays"),
                note="required",
            ),
        ]
        closed = screen.cell.closed if screen.cell is not None else None
        if closed is not None:
            until = moments.stamp(moments.moment(closed.end_at), now)
            told = _("Open again: {reason}, closed until {time}").format(reason=closed.reason, time=until)
            options.insert(0, Option(closed.id, told))
        self._choice("availability.close", _("Close {provider}: when?").format(provider=row.provider.name), options)

    def _note_closure(self, option: str, note: str) -> None:
        row = self._asked
        if row is None:
            return
        if option not in (_REST, _DAY, _DAYS):
            self._do("availability.lift", lift_closure, option)
            return
        count, _blank, reason = note.partition(" ") if option == _DAYS else ("1", "", note)
        if not (count.isascii() and count.isdecimal() and 0 < int(count) <= _MOST_DAYS and reason.strip()):
            refuse(self._screen, _("Type how many days and why, like: 3 holidays"))
            return
        morning = datetime.combine(self._closed_at.astimezone(SEOUL).date(), time(), SEOUL)
        start = self._closed_at if option == _REST else morning
        end = morning + timedelta(days=int(count))
        self._do("availability.close", close_provider, row.provider.id, start, end, reason)

    # The selected request

    def _choose(self, _number: int | None) -> None:
        screen = self._screen
        row, view, found = screen.row, screen.desk.view, screen.desk.matches
        if row is None or view is None:
            self._nobody()
        elif found is not None and any(one.candidate.provider_id == row.provider.id for one in found.ranking.matches):
            screen.desk.choose(row.provider.id)
            told = _("{provider} is chosen for {number}: {key} places.").format(
                provider=row.provider.name, number=view.request.number, key=key_name(by_id("match.place").keys[0])
            )
            screen.desk.tell(told)
            screen.leave()
        else:
            screen.desk.console_app.live.questions.ask_fit(view, row.provider.id, screen.post_message)

    def told_fit(self, provider_id: str, blocks: "tuple[Block, ...] | None") -> None:
        """Why the provider is no match of the selected request."""
        screen = self._screen
        reference, now = screen.desk.console_app.seat.reference, screen.desk.now
        if blocks is None:
            screen.tell(_("This provider takes no part on that day."), "soon")
        elif blocks:
            told = " ".join(block_sentence(reference, block, now) for block in blocks)
            screen.tell(told, "soon")
        else:
            screen.tell(_("It could take the child, but was asked already or is too far away for a match."), "soon")

    def _ask_apart(self, _number: int | None) -> None:
        row, view = self._screen.row, self._screen.desk.view
        if row is None or view is None or view.hidden:
            self._nobody()
            return
        self._asked, self._family = row, view.request.guardian_id
        title = _("The family of {number} and {provider}").format(
            number=view.request.number, provider=row.provider.name
        )
        options = [
            Option("set", _("Keep them apart"), _("Why? Only supervisors read it"), note="required"),
            Option("lift", _("They may meet again"), _("Why?"), note="required"),
        ]
        self._choice("availability.apart", title, options)

    def _note_apart(self, option: str, reason: str) -> None:
        from callcenter.desk.no_contact import lift_no_contact, set_no_contact

        if self._asked is not None:
            use_case = set_no_contact if option == "set" else lift_no_contact
            self._do(f"availability.{option}_apart", use_case, self._family, self._asked.provider.id, reason)

    # The rest

    def _help(self, _number: int | None) -> None:
        from callcenter.console.screens.help import HelpScreen

        self._screen.app.push_screen(HelpScreen(self._screen.desk.state(), "availability", "list", "everywhere"))

    def _switch_language(self, _number: int | None) -> None:
        self._screen.desk.operations.run("language.switch")
        self._screen.painting.again()

    def _choice(self, name: str, title: str, options: Sequence[Option]) -> None:
        self._screen.query_one(Choice).open(name, title, options)

    def _nobody(self) -> None:
        self._screen.tell(_("There is no line under the cursor."), "soon")


def _unless_all(option: str) -> str | None:
    return None if option == _ALL else option
