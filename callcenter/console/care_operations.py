"""What the keys of the list of care do: telling the guardian, whom to ring, who must not pick a child up."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import stays, words
from callcenter.console.stay_operations import StayOperations, whom
from callcenter.console.widgets.choice import Option
from callcenter.language import _
from callcenter.text.moments import moment
from callcenter.text.phone import display_phone

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.care_view import CareLine

_TRIES = ("reached", "no_answer", "busy", "wrong_number")


class CareOperations(Part):
    """Carries out the actions of care for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._line: CareLine | None = None
        self._stay = StayOperations(screen, do, ask)
        self.handlers = {
            "stay.list": self._list,
        }
        of_line: Mapping[str, Callable[[CareLine, str, str], None]] = {
            "stay.tell": self._told,
            "stay.notice": self._notice,
            "stay.ring": self._tried,
            "stay.bar": self._barred,
            **self._stay.of_line,
        }
        self.answers = {name: partial(self._answered, answer) for name, answer in of_line.items()}
        self.ends = {
            "stay.tell": lambda _result: self._ask_told(),
            "stay.ring": lambda _result: self._ask_tried(),
            **self._stay.ends,
        }

    def at_once(self, provider_id: str) -> bool:
        """Whether this match's service gives its places without being asked."""
        screen, view = self._screen, self._screen.view
        if screen.matches is None or view is None:
            return False
        service = screen.console_app.seat.reference.services.get(screen.matches.services.get(provider_id, ""))
        if service is None:
            return False
        placing = service.rules_on(moment(view.request.start_at).date(), view.request.region, provider_id).placing
        return placing is not None and placing.at_once

    def _list(self, _number: int | None) -> None:
        from callcenter.console.screens.care import show_stays

        self._screen.console_app.open_soon(show_stays)

    def wanted(self, action: str, line: "CareLine") -> None:
        """An action of the list, for one of its lines."""
        self._line = line
        if line.hidden:
            self._screen.tell(_("This record is restricted. Please ask your supervisor."), "soon")
        elif action == "stay.ring":
            self._reveal(line, "stay.ring")
        elif action == "stay.bar":
            self._ask_barred(line)
        else:
            self._next(line)

    def _answered(self, answer: "Callable[[CareLine, str, str], None]", option: str, note: str) -> None:
        """What was shown for the choice goes; what is done is done to the line that it was about."""
        self._screen.say(None)
        if self._line is not None:
            answer(self._line, option, note)

    def choice_left(self, name: str) -> None:
        """A choice was left without an answer: what was shown for it goes."""
        if name in self.answers:
            self._screen.say(None)

    def _next(self, line: "CareLine") -> None:
        if line.row is None:
            provider = line.notice.provider if line.notice is not None else ""
            self._ask(
                "stay.notice",
                _("Ring {provider}: the place is not needed.").format(provider=provider),
                [Option("told", _("Told")), Option("later", _("Not reached yet"))],
            )
        elif line.state == "to_tell":
            self._reveal(line, "stay.tell")
        elif line.state == "in_care":
            self._stay.ask_inside(line)
        else:
            self._stay.ask_door(line)

    # The guardian

    def _reveal(self, line: "CareLine", name: str) -> None:
        """The number is shown unmasked once the journal says so."""
        from callcenter.desk.guardians import note_reading

        if line.row is None or not line.row.phone:
            self._screen.tell(_("There is nobody to ring here."), "soon")
        else:
            self._do(name, note_reading, line.row.guardian_id, "reveal", "care")

    def _show_number(self) -> str:
        """Whom to ring, said above the keys; returns the number and whose it is."""
        line = self._line
        if line is None or line.row is None:
            return ""
        second = line.due.rung == "second_contact"
        number = display_phone(line.row.second_phone if second else line.row.phone)
        whose = (line.row.second_name if second else line.row.guardian) or ""
        said = [_("Ring {number}").format(number="  ".join(number))]
        if line.due.rung in ("supervisor", "112"):
            said.append(_("Nobody was reached: tell the supervisor."))
        if line.due.rung == "112":
            said.append(_("Then ring 112."))
        self._screen.say("  ".join(said))
        return f"{number} {whose}"

    def _ask_told(self) -> None:
        line = self._line
        if line is None:
            return
        title = _("{who}: {child} has a place. What came of it?").format(
            who=self._show_number(), child=stays.name_of(line)
        )
        options = [
            Option("agrees", _("Reached, agrees"), _("The placement stands")),
            *(Option(one, words.try_result(one)) for one in _TRIES[1:]),
            Option("other_place", _("Reached, wants another place"), _("Gives the place back")),
            Option("cancel", _("Reached, needs nothing any more"), _("Cancels the request")),
        ]
        back = Option("unreached", _("Nobody reached: give the place back"), _("The provider must be told then"))
        if line.due.kind == "release":
            options.insert(0, back)
        self._ask("stay.tell", title, options)

    def _told(self, line: "CareLine", option: str, _note: str) -> None:
        from callcenter.desk.care_telling import note_care_try, release_places
        from callcenter.desk.offer_answers import confirm_request
        from callcenter.desk.requests import cancel_request

        request_id = line.request_id
        if option == "unreached":
            self._do("stay.release", release_places, request_id, "guardian_unreached")
            return
        result = option if option in _TRIES else "reached"
        self._do("callback.try", note_care_try, request_id, whom(line), result)
        if option == "agrees":
            self._do("request.confirm", confirm_request, request_id)
        elif option == "other_place":
            self._do("stay.release", release_places, request_id, "guardian_refused")
        elif option == "cancel":
            self._do("request.cancel", cancel_request, request_id, "withdrawn")

    def _ask_tried(self) -> None:
        title = _("{who}: what came of it?").format(who=self._show_number())
        self._ask("stay.ring", title, [Option(one, words.try_result(one)) for one in _TRIES])

    def _tried(self, line: "CareLine", option: str, _note: str) -> None:
        from callcenter.desk.care_telling import note_care_try

        self._do("callback.try", note_care_try, line.request_id, whom(line), option)

    def _notice(self, line: "CareLine", option: str, _note: str) -> None:
        from callcenter.desk.care_telling import note_provider_told

        if option == "told" and line.notice is not None:
            self._do("stay.notice", note_provider_told, line.notice.offer_id)

    # Who must not pick up

    def _ask_barred(self, line: "CareLine") -> None:
        if line.row is None:
            return
        options = [
            Option("named", _("Not to this person"), _("Name, then why: Kim Amu, court order"), "required"),
            Option("*", _("To nobody but the guardian"), note="optional"),
            *(Option(f"lift {bar.name}", _("Allowed again: {name}").format(name=bar.name)) for bar in line.bars),
        ]
        self._ask("stay.bar", _("{child}: not to be given to whom?").format(child=stays.name_of(line)), options)

    def _barred(self, line: "CareLine", option: str, note: str) -> None:
        from callcenter.desk.care_ending import bar_pickup

        if line.row is None:
            return
        whose = (line.row.guardian_id, line.row.child_id)
        if option.startswith("lift "):
            self._do("stay.bar", bar_pickup, *whose, option.removeprefix("lift "), lifted=True)
            return
        name, _comma, why = note.partition(",")
        self._do("stay.bar", bar_pickup, *whose, *(("*", note) if option == "*" else (name, why)))
