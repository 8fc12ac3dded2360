"""What the keys of the centre do: the window of the line, conflicts, taking over, and which of two values stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcenter.console.actions import by_id, key_name
from callcenter.console.needs import elsewhere
from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import alarms, centre, disputes, glyphs, words
from callcenter.console.prompt import refuse, write
from callcenter.console.widgets.choice import Option
from callcenter.console.working import SETTLED, WORKS, Working
from callcenter.desk.link_state import LinkState
from callcenter.language import _, mark

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.claims import Settled
    from callcenter.desk.conflicts import ClaimConflict
    from callcenter.desk.disputes import Said
    from callcenter.desk.working import Taken
    from callcenter.store.reads import GroupRow

_REASONS = (
    mark("Agreed with them"),
    mark("The guardian has called here"),
    mark("They are not heard of any more"),
    mark("It cannot wait"),
)


class CentreOperations(Part):
    """Carries out the actions that need other desks for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        line = screen.console_app.centre
        self.working = Working(self._take, self._take_from, line.drop)
        self._to_decide: str | None = None
        """A request whose conflict is to be asked about once it is shown."""
        self._deciding: ClaimConflict | None = None
        self._asked_group = ""
        self._places: dict[str, int] = {}
        self._disputed: tuple[str, list[tuple[str, Sequence[Said]]]] | None = None
        """A request with its fields that have two values; the first of those that are left is asked about."""
        self._disputes = 0
        """How many fields there were to begin with."""
        self._taking: str | None = None
        """The request that is taken over, while the reason is asked for."""
        self.handlers = {
            "centre.open": lambda _number: self._open(),
            "conflict.decide": lambda _number: self.decide(),
            "work.take_over": lambda _number: self._ask_why(),
            "field.choose": lambda _number: self._ask_value(),
        }
        self.answers = {
            "conflict.decide": self._decided,
            "conflict.places": self._more_places,
            "work.take_over": lambda option, note: self._take_over(note or option),
            "field.choose": lambda option, _note: self._chosen(option),
        }
        self.ends = {
            "conflict.another": lambda _result: self._given_back(),
            "work.take_over": self._taken_over,
            "field.choose": lambda _result: self._value_chosen(),
        }

    # Who works on what

    def acts(self, action: str) -> None:
        """A key acts on the selected request: while it does, other desks leave the request alone."""
        if action in WORKS:
            self._begin_work()

    def _begin_work(self) -> None:
        view = self._screen.view
        if self._screen.link.joined and view is not None:
            self.working.acts(view.request.id, self._screen.now)

    def goes_on(self) -> None:
        """A second has passed: what is settled or was left is let go."""
        view = self._screen.view
        if view is not None and view.request.state in SETTLED:
            self.working.settles(view.request.id)
        self.working.goes_on(self._screen.now)

    def heard(self, link: LinkState) -> None:
        """The line stands otherwise, or others work on something else."""
        screen, app = self._screen, self._screen.console_app
        if not link.live or app.actor is None:
            return
        lost = self.working.heard(link.work, app.seat.desk, app.actor.name, screen.now)
        left = screen.operations.leave_choice()
        for request_id in dict.fromkeys([*lost, *filter(None, [left])]):
            work = link.work[request_id]
            numbers = {one: number for number, one in screen.numbers().items()}
            told = _("{number} is worked on by desk {desk} {operator} now.")
            if request_id == left:
                told = _("{number}: desk {desk} {operator} has taken it, so what was asked here is closed.")
            screen.tell(
                told.format(number=numbers.get(request_id, ""), desk=work.desk, operator=work.operator).strip(), "soon"
            )

    def _take(self, request_id: str) -> None:
        app = self._screen.console_app
        if app.actor is not None:
            app.centre.take(request_id, app.actor.name)

    def _take_from(self, request_id: str) -> None:
        app = self._screen.console_app
        if app.actor is not None:
            app.centre.take(request_id, app.actor.name, over=True)

    def _ask_why(self) -> None:
        view = self._screen.view
        work = self._screen.tried_by
        if view is None or work is None:
            return
        self._taking = view.request.id
        now = self._screen.now
        options = [
            *(Option(said, said) for said in map(_, _REASONS)),
            Option("other", _("Another reason"), note="required"),
        ]
        self._ask("work.take_over", _("Take over from {who}: why?").format(who=centre.tried_by(work, now)), options)

    def _take_over(self, why: str) -> None:
        from callcenter.desk.working import take_over

        if self._taking is not None:
            self._do("work.take_over", take_over, self._taking, why)

    def _taken_over(self, taken: "Taken") -> None:
        self.working.takes_over(taken.request_id, self._screen.now)
        told = _("Yours now; desk {desk} is told so.") if taken.work else _("Yours now; nobody else had it any more.")
        self._screen.tell(told.format(desk=taken.work.desk if taken.work else ""))
        self._screen.painting.request()

    # What the centre said of places

    def settled(self, settled: "list[Settled]") -> None:
        """What became of offers that the centre was asked about: what is not ours is said at once."""
        screen = self._screen
        reference = screen.console_app.seat.reference
        for one in settled:
            provider = words.short_provider(reference, one.provider)
            values = {"number": one.number, "provider": provider, "desk": one.other_desk, "other": one.other_number}
            if one.became == "released":
                screen.operations.placing.taken_elsewhere(one.offer_id)
                if one.request_id == screen.shown:
                    # The list is worked out anew without this provider; its first one is the next to be asked.
                    screen.chosen = None
                    told = _("{provider}: desk {desk} has the place ({other}). F5 asks the next match.")
                else:
                    told = _("{number}: desk {desk} has the place at {provider} ({other}). Look at it again.")
                screen.tell(told.format(**values), "urgent")
            elif one.became == "conflict":
                told = _("{number}: {provider} was given twice, desk {desk} has it ({other}). {key} decides.")
                screen.tell(told.format(**values, key=key_name(by_id("conflict.decide").keys[0])), "urgent")

    # Conflicts

    def decide(self) -> None:
        """Ask what becomes of the conflict of the selected request; without one, go to the oldest there is."""
        view = self._screen.view
        if view is not None and view.conflict is not None:
            self._ask_decision(view.conflict)
            return
        waiting = [row for row in self._screen.alarms() if alarms.decided_only(alarms.key(row))]
        if waiting:
            self.go_to(waiting[0].subject)

    def go_to(self, request_id: str) -> None:
        """Show the request and ask about its conflict."""
        self._to_decide = request_id
        self._screen.show_request(request_id)
        self.shown_now()

    def shown_now(self) -> None:
        """The selected request is there: ask about its conflict when that is what it was shown for."""
        view = self._screen.view
        if view is not None and view.request.id == self._to_decide:
            self._to_decide = None
            if view.conflict is not None:
                self._ask_decision(view.conflict)

    def _ask_decision(self, conflict: "ClaimConflict") -> None:
        if told := elsewhere(self._screen.state()):
            self._screen.tell(told, "soon")
            return
        self._begin_work()
        self._deciding = conflict
        offer = conflict.refused.offer
        known = {
            "another": Option("another", _("Another match"), _("Gives this place back; then the next match")),
            "places": Option("places", _("More places"), _("The provider takes one more: how many has it now?")),
            "agreed": Option(
                "agreed", _("Called and agreed"), _("With whom and what; the offer stays"), note="required"
            ),
        }
        options = [known[one] for one in conflict.decisions]
        title = _("{number} at {provider}: what was decided?")
        self._ask("conflict.decide", title.format(number=offer.number, provider=offer.provider or ""), options)

    def _decided(self, option: str, note: str) -> None:
        from callcenter.desk.conflicts import agree, find_another

        if self._deciding is None:
            return
        offer_id = self._deciding.refused.offer.id
        if option == "another":
            self._do("conflict.another", find_another, offer_id)
        elif option == "agreed":
            self._do("conflict.agreed", agree, offer_id, note)
        else:
            self._places = {}
            self._ask_places()

    def _given_back(self) -> None:
        self._screen.chosen = None
        told = _("Given back: tell the provider. {key} asks the next match.")
        self._screen.tell(told.format(key=key_name(by_id("match.place").keys[0])))

    def _ask_places(self) -> None:
        """How many places the next of the offer's groups has now."""
        group = self._next_group
        if group is None:
            return
        self._asked_group = group.id
        known = group.places if group.places is not None else glyphs.UNKNOWN
        title = _("{group}: how many places has it now? Known so far: {count}")
        write(self._screen, "conflict.places", title.format(group=group.label or "", count=known).strip(": "))

    def _more_places(self, _option: str, note: str) -> None:
        from callcenter.desk.conflicts import raise_places

        if self._deciding is None:
            return
        if not (note.isascii() and note.isdecimal()):
            refuse(self._screen, _("«{said}» is no number of places.").format(said=note))
            return
        # The last number stays open to be corrected: the use case may refuse it.
        self._places[self._asked_group] = int(note)
        if self._next_group is not None:
            self._ask_places()
        else:
            self._do("conflict.places", raise_places, self._deciding.refused.offer.id, dict(self._places))

    @property
    def _next_group(self) -> "GroupRow | None":
        """The first group of the offer of whose places nothing was said yet."""
        groups = self._deciding.groups if self._deciding is not None else []
        return next((one for one in groups if one.id not in self._places), None)

    # Two values

    def _ask_value(self) -> None:
        view = self._screen.view
        if view is None or not view.disputed:
            return
        self._disputed = view.request.id, list(view.disputed.items())
        self._disputes = len(view.disputed)
        self._ask_about_value()

    def _ask_about_value(self) -> None:
        """Which value of the first field that is left stands."""
        if self._disputed is None:
            return
        left, seat, now = self._disputed[1], self._screen.console_app.seat, self._screen.now
        field, values = left[0]
        options = [
            Option(str(number), *disputes.told(field, said, seat.reference, now)) for number, said in enumerate(values)
        ]
        number = self._disputes - len(left) + 1
        self._ask("field.choose", disputes.question(field, number, self._disputes), options)

    def _value_chosen(self) -> None:
        """One field is settled: go on with the next, while its request is shown."""
        if self._disputed is not None:
            request_id, left = self._disputed[0], self._disputed[1][1:]
            self._disputed = (request_id, left) if left and request_id == self._screen.shown else None
            self._ask_about_value()
        self._screen.tell(words.done("field.choose"))

    def _chosen(self, option: str) -> None:
        from callcenter.desk.disputes import choose_value

        if self._disputed is not None:
            request_id, left = self._disputed
            field, values = left[0]
            self._do("field.choose", choose_value, request_id, field, values[int(option)].value)

    # The window

    def _open(self) -> None:
        from callcenter.console.screens.centre import CentreScreen

        self._screen.app.push_screen(CentreScreen(self._screen, self._screen.console_app.centre.try_now))
