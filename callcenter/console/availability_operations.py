"""What the keys of the availability screen do: filters, days, confirming and changing places, choosing a provider."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from callcenter.console.actions import by_id, key_name
from callcenter.console.presentation import availability, words
from callcenter.console.widgets.choice import Choice, Option
from callcenter.desk.providers import confirm_places
from callcenter.desk.wording import block_sentence
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.care.eligibility import Block
    from callcenter.console.screens.availability import AvailabilityScreen

_HERE = frozenset({"language.switch", "program.quit"})
_UNKNOWN = "?"
_ALL = "-"


class AvailabilityOperations:
    """Carries out actions for one screen; what a use case came to is told by `done`."""

    def __init__(self, screen: "AvailabilityScreen") -> None:
        self._screen = screen
        self._handlers: Mapping[str, Callable[[int | None], None]] = {
            "availability.leave": lambda _number: screen.leave(),
            "availability.choose": self._choose,
            "availability.same": self._same,
            "availability.places": self._ask_places,
            "availability.day": lambda number: screen.show_day((number or 1) - 1),
            "availability.day_before": lambda _number: screen.show_day(screen.wish.day - 1),
            "availability.day_after": lambda _number: screen.show_day(screen.wish.day + 1),
            "availability.earlier": lambda _number: screen.move(-1),
            "availability.later": lambda _number: screen.move(1),
            "availability.search": lambda _number: screen.search(),
            "availability.region": self._find_regions,
            "availability.service": self._ask_service,
            "availability.free": self._only_free,
            "availability.help": self._help,
            "language.switch": self._switch_language,
            "program.quit": lambda _number: screen.app.exit(),
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
        screen = self._screen
        chosen = None if option == _ALL else option
        if name == "availability.region":
            screen.show(screen.wish._replace(region=chosen))
        elif name == "availability.service":
            screen.show(screen.wish._replace(service=chosen))
        elif name == "availability.places":
            self._note_places(note)

    def done(self, action: str) -> None:
        """A use case was committed: say so in a word."""
        self._screen.tell(words.done(action))

    # What is listed

    def _find_regions(self, _number: int | None) -> None:
        self._screen.desk.console_app.live.find_regions(self._screen.post_message)

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

    # What the provider says

    def _same(self, _number: int | None) -> None:
        row = self._screen.row
        if row is None:
            self._nobody()
        elif row.group.places is None:
            key = key_name(by_id("availability.places").keys[0])
            self._screen.tell(_("Its places are not known yet: {key} writes them down.").format(key=key), "soon")
        else:
            self._do("availability.same", confirm_places, row.group.id, row.group.places, "same")

    def _ask_places(self, _number: int | None) -> None:
        row = self._screen.row
        if row is None:
            self._nobody()
            return
        title = _("{provider} {band}: how many places? ? when unknown").format(
            provider=row.provider.name, band=availability.band(row.group)
        )
        self._group = row.group.id
        self._screen.query_one(Choice).write("availability.places", title, needed=True)

    def _note_places(self, note: str) -> None:
        if note != _UNKNOWN and not (note.isascii() and note.isdecimal()):
            self._screen.tell(_("«{text}» is no number of places.").format(text=note), "soon")
            return
        self._do("availability.places", confirm_places, self._group, None if note == _UNKNOWN else int(note))

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
            screen.desk.console_app.live.ask_fit(view, row.provider.id, screen.post_message)

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
            screen.tell(_("It could take the child, but has refused already or is too far away for a match."), "soon")

    # The rest

    def _help(self, _number: int | None) -> None:
        from callcenter.console.screens.help import HelpScreen

        self._screen.app.push_screen(HelpScreen(self._screen.desk.state(), "availability", "list", "everywhere"))

    def _switch_language(self, _number: int | None) -> None:
        self._screen.desk.operations.run("language.switch")
        self._screen.speak_again()

    def _choice(self, name: str, title: str, options: Sequence[Option]) -> None:
        self._screen.query_one(Choice).open(name, title, options)

    def _nobody(self) -> None:
        self._screen.tell(_("There is no line under the cursor."), "soon")
