"""What the keys of placing do: choosing what to place with, offering it, saying why another, taking it back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.matching import Match
from callcenter.console.part import Ask, Do, Part
from callcenter.console.widgets.choice import Option
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.matches import Matches
    from callcenter.desk.offers import OfferTaken
    from callcenter.desk.placing import Placed

UNDO_SECONDS = 10
BY_PLAN = "plan"
"""The reason for another than the first that the plan of the whole queue gives."""


class Undoable(NamedTuple):
    """The last step that can be taken back, and until when."""

    action: str
    use_case: Callable[..., object]
    what: object
    until: datetime


class Wanted(NamedTuple):
    """What is to be placed once the operator has said why it is not the first."""

    request_id: str
    found: "Matches"
    key: str


class PlacingOperations(Part):
    """Carries out the actions of placing for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._undoable: Undoable | None = None
        self._wanted: Wanted | None = None
        self.placed_at: datetime | None = None
        """When a key last placed something."""
        self.handlers = {
            "match.place": self._place,
            "match.choose": self._choose,
            "match.next": self._next,
            "desk.undo": lambda _number: self._undo(),
        }
        self.answers = {"match.place": lambda option, _note: self._take_another(option)}
        self.ends = {"stay.place": self._placed_at_once, "desk.undo": lambda _result: self._undone()}

    def undoable(self, now: datetime) -> bool:
        """Whether there is a step that can still be taken back."""
        return self._undoable is not None and now <= self._undoable.until

    # Choosing

    @property
    def _keys(self) -> list[str]:
        return list(self._screen.matches.options) if self._screen.matches else []

    def choose(self, number: int | None) -> bool:
        """Choose by number; False when there is none of it."""
        if self._screen.has_class("-plan"):
            said = _("The plan's row is taken as it stands; leave the plan to choose another match.")
            self._screen.tell(said, "soon")
            return False
        keys = self._keys
        if number is None or number > len(keys):
            self._screen.tell(_("There are {count} matches.").format(count=len(keys)), "soon")
            return False
        self._screen.choose(keys[number - 1])
        return True

    def _choose(self, number: int | None) -> None:
        self.choose(number)

    def _next(self, _number: int | None) -> None:
        keys = self._keys
        if keys:
            at = keys.index(self._screen.chosen) if self._screen.chosen in keys else -1
            self._screen.choose(keys[(at + 1) % len(keys)])

    # Placing

    def _place(self, _number: int | None) -> None:
        """At once with the first match or what the guardian has just agreed to; another match needs a reason."""
        screen = self._screen
        if screen.matches is None or screen.chosen is None or screen.view is None:
            return
        if screen.view.request.state == "offered":
            screen.operations.offers.ask_whether_beside()
            return
        wanted = Wanted(screen.view.request.id, screen.matches, screen.chosen)
        option = screen.matches.options.get(screen.chosen)
        if screen.has_class("-plan") and screen.chosen != self._keys[0]:
            self._take(wanted, BY_PLAN)
        elif isinstance(option, Match) and screen.chosen != self._keys[0]:
            self._wanted = wanted
            reasons = screen.console_app.seat.reference.choice_reasons.values()
            options = [Option(one.code, str(one.words)) for one in reasons if one.code != BY_PLAN]
            rank = self._keys.index(screen.chosen) + 1
            self._ask("match.place", _("Number {rank} instead of the first: why?").format(rank=rank), options)
        else:
            self._take(wanted)

    def _take_another(self, reason: str) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._take(wanted, reason)

    def _take(self, wanted: Wanted, why_not_first: str = "") -> None:
        if self._screen.operations.care.at_once(wanted.key):
            from callcenter.desk.at_once import place_at_once

            rank = list(wanted.found.options).index(wanted.key) + 1
            self._do("stay.place", place_at_once, wanted.request_id, wanted.key, rank=rank)
            return
        from callcenter.desk.placing import place

        self._do("match.place", place, wanted.request_id, wanted.found, wanted.key, why_not_first)

    def placed(self, result: "OfferTaken | Placed") -> None:
        """The chosen match was asked; a row of the plan is one offer as it stands."""
        from callcenter.desk.placing import Placed, take_back

        placed = result if isinstance(result, Placed) else Placed((result,), {})
        self.can_undo(take_back, placed)
        values = {"number": placed.number, "provider": ", ".join(one.provider for one in placed.offers)}
        said = _("{number}: ring {provider} now. F9 takes it back for 10 seconds.").format(**values)
        self._screen.tell(said)

    def _undone(self) -> None:
        self.was_undone()
        self._screen.tell(_("Taken back: the places are free again."))

    def _placed_at_once(self, made: "OfferTaken") -> None:
        from callcenter.desk.at_once import take_back

        self.can_undo(take_back, made.offer_id)
        told = _("{number}: {provider} has a place. Tell the guardian, then confirm.")
        self._screen.tell(told.format(number=made.number, provider=made.provider))

    def can_undo(self, use_case: Callable[..., object], what: object, action: str = "desk.undo") -> None:
        """A step was done just now that this use case takes back; no step before it can be any more."""
        self.placed_at = self._screen.now
        self._undoable = Undoable(action, use_case, what, self.placed_at + timedelta(seconds=UNDO_SECONDS))

    def was_undone(self) -> None:
        """The last step was taken back, and there is none before it that the same key would hit."""
        self._undoable = None

    def taken_elsewhere(self, offer_id: str) -> None:
        """The offer is over already: there is nothing left to be taken back by key."""
        from callcenter.desk.placing import Placed

        if self._undoable is None:
            return
        what = self._undoable.what
        made = {one.offer_id for one in what.offers} if isinstance(what, Placed) else {what}
        # Of a plan each offer is taken back by itself, and those that still stand can be.
        of_several = isinstance(what, tuple) and offer_id in what and self._undoable.action != "plan.undo"
        if offer_id in made or of_several:
            self._undoable = None

    def _undo(self) -> None:
        """Take the last step back, if there is one."""
        if self._undoable is not None:
            self._do(self._undoable.action, self._undoable.use_case, self._undoable.what)
