"""What the keys of the offer loop do: asking one or several providers, keeping a place, what they answered."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import WAITING
from callcenter.console.call_operations import due_of
from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import words
from callcenter.console.prompt import refuse
from callcenter.console.widgets.choice import Option
from callcenter.language import _, ngettext
from callcenter.store.reads import OfferRow
from callcenter.text import moments
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.offers import OfferTaken
    from callcenter.desk.view import RequestView

AT_ONCE = 3
"""As many more as one key asks beside who is asked already."""
LATER_MINUTES = (10, 20, 30)
# A second press of the key that placed is no wish to ask another.
_STILL_PRESSED = timedelta(seconds=1)


class OfferOperations(Part):
    """Carries out the actions of the offer loop for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._about: OfferRow | None = None
        """The offer that the open choice is about."""
        self._to_ask: str | None = None
        """A request whose overdue offer is to be asked about once it is shown."""
        self._beside: list[tuple[str, int]] = []
        self.handlers = {
            "place.keep": lambda _number: self._keep(),
            "place.give_back": lambda _number: self._give_back(),
            "offer.answer": lambda _number: self.ask_answer(),
        }
        self.answers = {
            "match.beside": lambda option, _note: self._ask_beside(int(option)),
            "offer.which": lambda option, _note: self._answer_of(option),
            "offer.answer": self.answered,
            "offer.refusal": lambda option, _note: self._answer("declined", reason=option),
            "offer.later": lambda option, note: self._later(note or option),
        }
        self.ends = {"match.beside": self._offered, "place.keep": self._kept}

    def ask_when_shown(self, request_id: str) -> None:
        """An offer's clock ran out: ask what became of it as soon as its request stands on the screen."""
        self._to_ask = request_id
        if self._view is not None and self._view.request.id == request_id:
            self.shown_now()

    def shown_now(self) -> None:
        """The selected request is there: ask about its overdue offer when that is what it was shown for."""
        view = self._view
        if view is None or view.request.id != self._to_ask:
            return
        self._to_ask = None
        over = [one for one in view.live if one.state in WAITING and moment(one.expires_at) <= self._screen.now]
        if over:
            self._ask_of(min(over, key=lambda one: one.expires_at))

    @property
    def _view(self) -> "RequestView | None":
        return self._screen.view

    # Asking providers, and keeping places

    def _order(self) -> list[str]:
        matches = self._screen.matches
        return [match.candidate.provider_id for match in matches.ranking.matches] if matches else []

    def _rank(self, provider_id: str) -> int:
        order = self._order()
        return order.index(provider_id) + 1 if provider_id in order else 1

    def ask_whether_beside(self) -> None:
        """The chosen match and those behind it, so many as are wanted at once."""
        screen, matches = self._screen, self._screen.matches
        placed_at = screen.operations.placing.placed_at
        if matches is None or (placed_at is not None and screen.now - placed_at < _STILL_PRESSED):
            return
        names = {match.candidate.provider_id: match.candidate.name for match in matches.ranking.matches}
        order = self._order()
        first = order.index(screen.chosen) if screen.chosen in order else 0
        wanted = (order[first:] + order[:first])[:AT_ONCE]
        self._beside = [(provider_id, order.index(provider_id) + 1) for provider_id in wanted]
        reference = screen.console_app.seat.reference
        short = [words.short_provider(reference, names[provider_id]) for provider_id in wanted]
        options = [
            Option(
                str(count),
                ngettext("Ask {count} more", "Ask {count} more", count).format(count=count),
                ", ".join(short[:count]),
            )
            for count in range(1, len(wanted) + 1)
        ]
        self._ask("match.beside", _("Ask others beside? The first yes counts"), options)

    def _ask_beside(self, count: int) -> None:
        from callcenter.desk.offers import make_offers

        if self._view is not None:
            self._do("match.beside", make_offers, self._view.request.id, self._beside[:count])

    def _offered(self, made: Sequence["OfferTaken"]) -> None:
        from callcenter.desk.offers import undo_offers

        screen = self._screen
        screen.operations.placing.can_undo(undo_offers, tuple(one.offer_id for one in made))
        provider = ", ".join(one.provider for one in made)
        sentence = _("{number}: ring {provider} now. F9 takes it back for 10 seconds.")
        screen.tell(sentence.format(number=made[0].number, provider=provider))

    def _keep(self) -> None:
        """Keep the chosen match's places, or keep them longer."""
        from callcenter.desk.reservations import renew_offer, reserve_places

        view, chosen = self._view, self._screen.chosen
        if view is None or chosen is None:
            return
        kept = [one for one in view.live if one.state == "reserved" and one.provider_id == chosen]
        if kept:
            self._do("offer.renew", renew_offer, kept[0].id)
        else:
            call = self._screen.talking_call
            rank = self._rank(chosen)
            self._do("place.keep", reserve_places, view.request.id, chosen, rank=rank, call_id=call)

    def _kept(self, kept: "OfferTaken") -> None:
        until = moments.clock(moment(kept.expires_at))
        told = _("{provider}: kept until {until}. F5 asks it, + keeps it longer, - gives it back.")
        self._screen.tell(told.format(provider=kept.provider, until=until))

    def _give_back(self) -> None:
        from callcenter.desk.reservations import give_back_places

        for one in self._view.live if self._view else ():
            if one.state == "reserved":
                self._do("place.give_back", give_back_places, one.id)

    # What a provider answered

    def ask_answer(self) -> None:
        """Ask what the provider said; of several that are asked at once, which one first."""
        waiting = [one for one in self._view.live if one.state in WAITING] if self._view else []
        if len(waiting) == 1:
            self._ask_of(waiting[0])
        elif waiting:
            now = self._screen.now
            options = [
                Option(
                    one.id,
                    one.provider or "",
                    f"{words.offer_state(one.state)} {moments.countdown(moment(one.expires_at), now)}",
                )
                for one in waiting
            ]
            self._ask("offer.which", _("Whose answer is it?"), options)

    def _answer_of(self, offer_id: str) -> None:
        found = [one for one in self._view.live if one.id == offer_id] if self._view else []
        if found:
            self._ask_of(found[0])

    def _ask_of(self, offer: OfferRow) -> None:
        self._about = offer
        if offer.state == "conditional":
            title = _("«{condition}»: does the guardian agree?").format(condition=offer.condition or "")
            self._ask("offer.answer", title, self._decisions())
            return
        over = moment(offer.expires_at) <= self._screen.now
        title = _("The time is over: what became of {provider}?") if over else _("What did {provider} answer?")
        self._ask("offer.answer", title.format(provider=offer.provider), self._outcomes(offer))

    def _outcomes(self, offer: OfferRow) -> list[Option]:
        if offer.places_known:
            accepted = Option("accepted", _("Accepted"))
        else:
            accepted = Option("accepted", _("Accepted"), _("How many places are left? A number"), note="optional")
        return [
            accepted,
            Option("declined", _("Refused"), _("Then the reason")),
            Option("no_answer", _("No answer")),
            Option("busy", _("Busy"), _("No refusal; can be asked again in ten minutes")),
            Option("wrong_number", _("The number is wrong"), _("Marks the number at the provider")),
            Option(
                "conditional", _("Yes on a condition"), _("What it asks for; the guardian decides"), note="required"
            ),
            Option("later", _("Wants to be rung later"), _("Then when; the place is held until then")),
            Option("renewed", _("Rung once more"), _("The clock runs anew")),
        ]

    def _decisions(self) -> list[Option]:
        return [
            Option("accepted", _("Agrees"), _("The offer is accepted")),
            Option("condition_refused", _("Does not agree"), _("Gives the place back; no refusal of the provider")),
            Option("declined", _("The provider refused after all"), _("Then the reason")),
            Option("renewed", _("Still thinking"), _("The clock runs anew")),
        ]

    def answer_with(self, option: str) -> None:
        """An answer that was typed as a command: about the leading offer."""
        view = self._view
        self._about = view.leading if view else None
        self.answered(option, "")

    def answered(self, option: str, note: str) -> None:
        """What the provider answered was chosen."""
        from callcenter.desk.reservations import renew_offer

        if self._about is None:
            return
        if option == "declined":
            self._ask_reason()
        elif option == "later":
            self._ask_later()
        elif option == "renewed":
            self._do("offer.renew", renew_offer, self._about.id)
        elif option == "conditional":
            self._answer("conditional", condition=note)
        elif option == "wrong_number":
            self._answer("wrong_number", rung=self._rung())
        else:
            self._answer(option, free=int(note) if note.isdecimal() else None)

    def _answer(self, answer: str, **more: object) -> None:
        from callcenter.desk.offer_answers import answer_offer

        if self._about is not None:
            self._do("offer.answer", answer_offer, self._about.id, answer, **more)

    def _ask_reason(self) -> None:
        refusals = self._screen.console_app.seat.reference.refusals.values()
        options = [Option(one.code, str(one.words)) for one in refusals if one.use == "answer"]
        self._ask("offer.refusal", _("Refused: why?"), options)

    def _ask_later(self) -> None:
        now = self._screen.now
        options = [
            Option(str(minutes), moments.clock(now + timedelta(minutes=minutes)), words.in_minutes(minutes))
            for minutes in LATER_MINUTES
        ]
        options.append(Option("other", _("Another time"), _("21:15, tomorrow 9:00, 20 for minutes"), note="required"))
        self._ask("offer.later", _("Ring again when?"), options)

    def _later(self, said: str) -> None:
        from callcenter.desk.reservations import renew_offer

        due = due_of(said, self._screen.now)
        if due is None:
            told = _("«{said}» is no time. Type 21:15, tomorrow 9:00, or 20 for minutes.")
            refuse(self._screen, told.format(said=said))
        elif self._about is not None:
            self._do("offer.renew", renew_offer, self._about.id, due)

    def _rung(self) -> str:
        """The number that the panel shows of the provider the answer is about; none where none is known."""
        from callcenter.console.presentation.to_ring import number_to_ring

        provider = self._view.asked.get(self._about.provider_id) if self._view and self._about else None
        reference = self._screen.console_app.seat.reference
        return number_to_ring(provider, reference, self._screen.now) if provider else ""
