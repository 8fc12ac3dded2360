"""What the keys of the telephone do: taking, holding and ending calls, call-backs."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from callcenter.console.danger_operations import DangerOperations
from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import callbacks, words
from callcenter.console.prompt import refuse, write
from callcenter.console.widgets.choice import Option
from callcenter.language import _
from callcenter.text import moments
from callcenter.text.masking import mask_phone

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.calls import CallTaken
    from callcenter.store.callbacks import CallbackRow

PROMISE_MINUTES = (15, 30, 60)
_SOON_SECONDS = 0.1
_TRANSFERS = ("112", "119")


class CallOperations(Part):
    """Carries out the telephone's actions for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._danger = DangerOperations(screen, do, ask)
        self._ringing: CallbackRow | None = None
        self.handlers = {
            "call.take": self._take,
            "call.hold": self._hold,
            "call.end": self._ask_end,
            "call.number": lambda _number: write(self._screen, "call.number", _("The caller's number")),
            "enquiry.close": self._ask_topic,
            "callback.list": self._list,
            "callback.promise": self._ask_promise,
            **self._danger.handlers,
        }
        self.answers = {
            "call.end": self._end,
            "call.number": lambda _option, number: self.note_number(number),
            "enquiry.close": self._close_enquiry,
            "callback.ring": self._tried,
            "callback.promise": self._promise,
            **self._danger.answers,
        }
        self.ends = {
            "call.take": self._taken,
            "call.end": lambda _result: self._over("call.end"),
            "enquiry.close": lambda _result: self._over("enquiry.close"),
            "callback.ring": lambda _result: self._ask_result(),
            "callback.promise": self._promised,
            **self._danger.ends,
        }

    # What `Operations` hands on

    def choice_left(self, name: str) -> None:
        """A choice was left without an answer: what was shown for it goes."""
        if name in self.answers:
            self._screen.say(None)
            self._screen.show_card(False)

    def _over(self, action: str) -> None:
        self._screen.just_taken = None
        self._screen.say(None)
        self._screen.tell(words.done(action))

    # A call

    def _take(self, _number: int | None) -> None:
        """The oldest call that nobody has; where none rings, one that came in on another telephone."""
        from callcenter.desk.calls import open_call, take_call

        screen = self._screen
        if screen.phone is None and screen.rings:
            # It rang before the console was up; who it is will be read in a moment.
            screen.set_timer(_SOON_SECONDS, lambda: self._take(None))
        elif screen.phone is not None and screen.phone.waiting:
            self._do("call.take", take_call, screen.phone.waiting[0].card.call.id)
        else:
            self._do("call.take", open_call, rejoin=self._rejoin)

    def _taken(self, taken: "CallTaken") -> None:
        self._screen.just_taken = taken
        phone = mask_phone(taken.phone) if taken.phone is not None else _("number unknown")
        self._screen.tell(_("You are on the call: {phone}.").format(phone=phone))

    @property
    def _rejoin(self) -> timedelta:
        return timedelta(minutes=self._screen.console_app.seat.settings.rejoin_minutes)

    def note_number(self, number: str) -> None:
        """The caller's number, as it was said or shown."""
        from callcenter.desk.calls import identify_caller

        self._do("call.number", identify_caller, self._screen.talking_call, number, rejoin=self._rejoin)

    def _hold(self, _number: int | None) -> None:
        """One talks: on hold, unless another waits and is gone to; none talks: back to the one who waits."""
        from callcenter.desk.calls import hold_call, resume_call

        own = self._screen.own_calls
        held = [call.id for call in own if call.state == "held"]
        talking = [call.id for call in own if call.state == "talking"]
        if held:
            self._do("call.resume", resume_call, held[0])
        elif talking:
            self._do("call.hold", hold_call, talking[0])

    def _ask_end(self, _number: int | None) -> None:
        own = self._screen.own_calls
        known = bool(own and own[0].phone)
        owed = _("A call-back is owed") if known else _("No call-back: the number is not known")
        options = [
            Option("answered", _("Finished")),
            Option("dropped", _("Line was cut"), owed),
            *(Option(agency, _("Transferred to {agency}").format(agency=agency)) for agency in _TRANSFERS),
            Option("other", _("Transferred elsewhere"), note="required"),
            Option("wrong_number", _("Wrong number")),
            Option("silent", _("Nobody spoke")),
        ]
        if own and own[0].state in ("talking", "held"):
            options.append(Option("hung_up", _("Only the line is dead"), _("The call is still to be written up")))
        self._ask("call.end", _("How did the call end?"), options)

    def _end(self, option: str, note: str) -> None:
        from callcenter.desk.calls import end_call, hang_up_call

        call_id = self._screen.talking_call
        if option == "hung_up":
            self._do("call.hang_up", hang_up_call, call_id)
        elif option in _TRANSFERS or option == "other":
            self._do("call.end", end_call, call_id, "transferred", agency=note or option)
        else:
            self._do("call.end", end_call, call_id, option)

    def _ask_topic(self, _number: int | None) -> None:
        types = self._screen.console_app.seat.reference.call_types.values()
        options = [Option(one.code, str(one.words), note="offered") for one in types]
        self._ask("enquiry.close", _("Close the enquiry: about what?"), options)

    def _close_enquiry(self, topic: str, note: str) -> None:
        from callcenter.desk.calls import close_enquiry

        self._do("enquiry.close", close_enquiry, topic, call_id=self._screen.talking_call, note=note)

    # Call-backs

    def _list(self, _number: int | None) -> None:
        from callcenter.console.screens.callbacks import show_callbacks

        self._screen.console_app.open_soon(show_callbacks)

    def ring(self, row: "CallbackRow") -> None:
        """Ring this one now: the number is shown unmasked once the journal says so."""
        from callcenter.desk.guardians import note_reading

        if not row.phone:
            self._screen.tell(_("This call-back is restricted. Please ask your supervisor."), "soon")
            return
        self._ringing = row
        self._do("callback.ring", note_reading, row.guardian_id or row.id, "reveal", "call_back")

    def _ask_result(self) -> None:
        row = self._ringing
        if row is None:
            return
        number, whose = callbacks.to_ring(row)
        said = _("Ring {number}").format(number="  ".join(number))
        if row.step == "supervisor":
            said += "  " + _("Nobody was reached: tell the supervisor.")
        self._screen.say(said)
        options = [
            Option("reached", _("Reached")),
            Option("no_answer", _("No answer")),
            Option("busy", _("Busy")),
            Option("wrong_number", _("The number is wrong")),
            Option("given_up", _("Wants no call-back"), _("Takes it off the list")),
        ]
        self._ask("callback.ring", _("{number} {name}: what came of it?").format(number=number, name=whose), options)

    def _tried(self, option: str, _note: str) -> None:
        from callcenter.desk.callbacks import give_up_callback, note_try

        row, self._ringing = self._ringing, None
        self._screen.say(None)
        if row is None:
            return
        if option == "given_up":
            self._do("callback.close", give_up_callback, row.id)
        else:
            whom = "second_contact" if row.step == "second_contact" else "guardian"
            self._do("callback.try", note_try, row.id, whom, option)

    def _ask_promise(self, _number: int | None) -> None:
        now = self._screen.now
        options = [
            Option(str(minutes), moments.clock(now + timedelta(minutes=minutes)), words.in_minutes(minutes))
            for minutes in PROMISE_MINUTES
        ]
        options.append(Option("other", _("Another time"), _("21:15, tomorrow 9:00, 20 for minutes"), note="required"))
        self._ask("callback.promise", _("Call back by when?"), options)

    def _promise(self, option: str, note: str) -> None:
        self.promise(note or option)

    def promise(self, said: str) -> None:
        """Promise to ring back by a time as it was said, or in so many minutes: for the call, else for the request."""
        from callcenter.desk.callbacks import promise_callback
        from callcenter.desk.requests import amend_request

        screen = self._screen
        due = due_of(said, screen.now)
        if due is None:
            refuse(
                self._screen, _("«{said}» is no time. Type 21:15, tomorrow 9:00, or 20 for minutes.").format(said=said)
            )
        elif screen.talking_call is not None:
            self._do("callback.promise", promise_callback, screen.talking_call, due)
        elif screen.shown is not None:
            self._do("request.amend", amend_request, screen.shown, {"promised_at": int(due.timestamp())})

    def _promised(self, _result: object) -> None:
        self._screen.tell(_("Promised. The list of call-backs keeps it (F4)."))


def due_of(said: str, now: datetime) -> datetime | None:
    """The first time to come that was meant; None when it is none."""
    from callcenter.text.spoken_times import find_times

    said = said.strip()
    if said.isdecimal() and len(said) <= 3:
        return now + timedelta(minutes=int(said)) if int(said) else None
    starts = [span.start for found in find_times(said, now) for span in found.spans]
    return min((start for start in starts if start > now), default=None)
