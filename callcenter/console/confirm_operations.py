"""What confirming does: a provider hears of each need of each child, then the placement stands."""

from typing import TYPE_CHECKING

from callcenter.console.part import Ask, Do, Part
from callcenter.console.widgets.choice import Option
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.acknowledgements import ToRead


class ConfirmOperations(Part):
    """Carries out the confirmation for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._request: str | None = None
        """The request that is being confirmed, whatever is shown by the time the last need was read out."""
        self._to_read: list[ToRead] = []
        self.handlers = {"request.confirm": lambda _number: self._begin()}
        self.answers = {"offer.read": lambda option, _note: self._read(option)}
        self.ends = {"offer.read": lambda _result: self._read_on()}

    def _begin(self) -> None:
        from callcenter.desk.acknowledgements import to_read

        view = self._screen.view
        if view is not None:
            accepted = [one for one in view.live if one.state == "accepted"]
            abilities = self._screen.console_app.seat.reference.abilities
            self._request = view.request.id
            self._to_read = to_read(abilities, accepted, view.seats, view.children, view.acknowledged)
            self._read_on()

    def _read_on(self) -> None:
        """The next need that the provider has not heard of; after the last one the placement stands."""
        from callcenter.desk.offer_answers import confirm_request

        if self._to_read:
            item = self._to_read[0]
            need = self._screen.console_app.seat.reference.abilities[item.need].words
            options = [
                Option("known", _("It knows and can do it"), self._note_of(item.child_id)),
                Option("unable", _("It cannot do it"), _("Gives the place back; then the next match")),
                Option("not_yet", _("Not told yet")),
            ]
            title = _("Read to {provider}: {need}").format(provider=item.provider, need=need)
            self._ask("offer.read", title, options)
        elif self._request is not None:
            self._do("request.confirm", confirm_request, self._request)

    def _note_of(self, child_id: str) -> str:
        """What was written down of the child's care: the need in the guardian's own words."""
        view = self._screen.view
        notes = [child.care_note for child in view.children if child.id == child_id] if view else []
        return notes[0] if notes else ""

    def _read(self, option: str) -> None:
        from callcenter.desk.acknowledgements import acknowledge_need
        from callcenter.desk.offer_answers import answer_offer

        item = self._to_read.pop(0)
        if option == "known":
            self._do("offer.read", acknowledge_need, item.offer_id, item.child_id, item.need)
        elif option == "unable":
            self._to_read = []
            self._do("offer.answer", answer_offer, item.offer_id, "withdrawn", reason="special_care")
        else:
            self._screen.tell(_("Not confirmed: first read it to the provider."), "soon")
