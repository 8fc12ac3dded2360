"""What the keys of the list of care do: telling the guardian, the door, a longer stay, going home."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from callcenter.console.presentation import stays, words
from callcenter.console.prompt import refuse
from callcenter.console.widgets.choice import Option
from callcenter.language import _
from callcenter.text import moments
from callcenter.text.moments import moment
from callcenter.text.phone import display_phone

if TYPE_CHECKING:
    from callcenter.console.call_operations import Ask, Do
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.care_ending import Home
    from callcenter.desk.care_extension import Extended
    from callcenter.desk.care_view import CareLine

LONGER_MINUTES = (30, 60)
_TRIES = ("reached", "no_answer", "busy", "wrong_number")


class CareOperations:
    """Carries out the actions of care for one screen.

    `do` runs a use case in the writer's thread, `ask` opens a choice; both come from `Operations`.
    """

    def __init__(self, screen: "DeskScreen", do: "Do", ask: "Ask") -> None:
        self._screen = screen
        self._do = do
        self._ask = ask
        self._line: CareLine | None = None
        self.handlers: Mapping[str, Callable[[int | None], None]] = {
            "stay.list": self._list,
        }
        self._answers: Mapping[str, Callable[[CareLine, str, str], None]] = {
            "stay.tell": self._told,
            "stay.door": self._at_the_door,
            "stay.symptoms": self._symptoms,
            "stay.inside": self._inside,
            "stay.notice": self._notice,
            "stay.ring": self._tried,
            "stay.bar": self._barred,
        }
        self._ends: Mapping[str, Callable[[object], None]] = {
            "stay.tell": lambda _result: self._ask_told(),
            "stay.ring": lambda _result: self._ask_tried(),
            "stay.admit": lambda result: self._admitted(cast("str | None", result)),
            "stay.extend": lambda result: self._extended(cast("Extended", result)),
            "stay.pick_up": lambda result: self._home(cast("Home", result)),
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

        self._screen.call_later(show_stays, self._screen)

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

    def choice_made(self, name: str, option: str, note: str) -> bool:
        """Carry out what was chosen; False when the choice is none of the list's."""
        if name not in self._answers:
            return False
        self._screen.say(None)
        if self._line is not None:
            self._answers[name](self._line, option, note)
        return True

    def choice_left(self, name: str) -> None:
        """A choice was left without an answer: what was shown for it goes."""
        if name in self._answers:
            self._screen.say(None)

    def done(self, action: str, result: object) -> bool:
        """A use case was committed; False when what is to be said of it is none of the list's."""
        if action not in self._ends:
            return False
        self._ends[action](result)
        return True

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
            self._ask_inside(line)
        else:
            self._ask_door(line)

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
        self._do("callback.try", note_care_try, request_id, self._whom(line), result)
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

        self._do("callback.try", note_care_try, line.request_id, self._whom(line), option)

    def _whom(self, line: "CareLine") -> str:
        return "second_contact" if line.due.rung == "second_contact" else "guardian"

    def _notice(self, line: "CareLine", option: str, _note: str) -> None:
        from callcenter.desk.care_telling import note_provider_told

        if option == "told" and line.notice is not None:
            self._do("stay.notice", note_provider_told, line.notice.offer_id)

    # The door

    def _ask_door(self, line: "CareLine") -> None:
        degrees = f"{self._fever / 10:.1f}"
        options = [
            Option("well", _("Taken in, all well"), _("Code word right, no fever, hands clean"), note="offered"),
            Option(
                "measured", _("Temperature"), _("Like 36.7; from {degrees} on held").format(degrees=degrees), "required"
            ),
            Option("symptoms", _("Symptoms")),
            Option("code_word", _("Code word wrong"), _("Held at the door")),
            Option("brought", _("Taken in, brought by somebody else"), _("Who?"), "required"),
        ]
        if line.at_home:
            options[:1] = [Option("well", _("Carer has taken over, all well"), note="offered")]
            options += [Option("under_way", _("Carer on the way")), Option("arrived", _("Carer has arrived"))]
            if line.state == "under_way":
                options.insert(0, options.pop())
        if len(together := self._siblings(line)) > 1:
            options.append(Option("all", _("All {count} taken in, all well").format(count=len(together))))
        if line.state == "held":
            options += [
                Option("reached", _("Guardian rung: comes")),
                Option("no_answer", _("Guardian rung: no answer")),
                Option("turned_away", _("Goes home"), _("Care does not begin")),
            ]
        self._ask("stay.door", _("{child}: at the door").format(child=stays.name_of(line)), options)

    @property
    def _fever(self) -> int:
        return self._screen.console_app.seat.settings.fever_tenths

    def _at_the_door(self, line: "CareLine", option: str, note: str) -> None:
        from callcenter.desk.care_admission import AtTheDoor, note_approach, turn_away
        from callcenter.desk.care_telling import note_care_try

        if option == "all":
            for one in self._siblings(line):
                self._admit(line, AtTheDoor(code_word=True, disinfected=True), one)
        elif option in ("well", "measured"):
            self._measured(line, note, needed=option == "measured")
        elif option == "symptoms":
            known = self._screen.console_app.seat.reference.symptoms.values()
            options = [Option(one.code, str(one.words)) for one in known]
            self._ask("stay.symptoms", _("{child}: which symptom?").format(child=stays.name_of(line)), options)
        elif option == "code_word":
            self._admit(line, AtTheDoor(code_word=False))
        elif option == "brought":
            self._admit(line, AtTheDoor("other", note, code_word=True, disinfected=True))
        elif option in ("under_way", "arrived"):
            self._do(f"stay.{option}", note_approach, line.request_id, option)
        elif option == "turned_away":
            self._do("stay.turned_away", turn_away, line.request_id, line.row.child_id if line.row else "")
        else:
            self._do("callback.try", note_care_try, line.request_id, self._whom(line), option)

    def _measured(self, line: "CareLine", said: str, *, needed: bool) -> None:
        from callcenter.desk.care_admission import AtTheDoor

        tenths = tenths_of(said)
        if tenths is None and (needed or said):
            refuse(self._screen, _("«{said}» is no temperature. Type 36.7.").format(said=said))
        else:
            self._admit(line, AtTheDoor(code_word=True, temperature=tenths, disinfected=True))

    def _symptoms(self, line: "CareLine", option: str, _note: str) -> None:
        from callcenter.desk.care_admission import AtTheDoor

        self._admit(line, AtTheDoor(symptoms=(option,)))

    def _admit(self, line: "CareLine", seen: object, child_id: str | None = None) -> None:
        from callcenter.desk.care_admission import admit

        if line.row is not None:
            child = child_id or line.row.child_id
            self._do("stay.admit", admit, line.request_id, child, seen, fever=self._fever)

    def _siblings(self, line: "CareLine") -> list[str]:
        """The children of the request who are as far as this one, itself among them."""
        lines = self._screen.care.lines if self._screen.care is not None else []
        found = [one for one in lines if one.request_id == line.request_id and one.state == line.state]
        return [one.row.child_id for one in found if one.row is not None]

    def _admitted(self, why: str | None) -> None:
        if why is None:
            self._screen.tell(_("In care now. The planned end is watched."))
        else:
            self._screen.tell(_("Held at the door: ring the guardian now (F6)."), "urgent")

    # In care, and going home

    def _ask_inside(self, line: "CareLine") -> None:
        if line.row is None:
            return
        end = max(moment(line.row.end_at), self._screen.now)
        longer = [
            Option(str(minutes), _("Stays until {time}").format(time=moments.clock(_half_hour(end, minutes))))
            for minutes in LONGER_MINUTES
        ]
        second = line.row.second_name
        by_second = _("Picked up by {name}").format(name=second) if second else _("Picked up by the 2nd person")
        options = [
            Option("guardian", _("Picked up by the guardian"), _("Known, or shown a card")),
            Option("second_contact", by_second, _("Shown a card")),
            Option("other", _("Picked up by somebody else"), _("Name; a card was shown"), "required"),
            *longer,
            Option("until", _("Stays until another time"), _("Like 23:30"), "required"),
            Option("reached", _("Guardian rung: comes")),
            Option("no_answer", _("Guardian rung: no answer")),
        ]
        if len(together := self._siblings(line)) > 1:
            options.append(Option("all", _("All {count} picked up by the guardian").format(count=len(together))))
        if told := stays.warnings(line):
            self._screen.say("  ".join(told))
            self._screen.tell(told[0], "urgent")
        title = _("{child}: until {time}").format(
            child=stays.name_of(line), time=moments.clock(moment(line.row.end_at))
        )
        self._ask("stay.inside", title, options)

    def _inside(self, line: "CareLine", option: str, note: str) -> None:
        from callcenter.desk.care_ending import pick_up
        from callcenter.desk.care_telling import note_care_try

        if line.row is None:
            return
        child, end = line.row.child_id, max(moment(line.row.end_at), self._screen.now)
        if option == "all":
            for one in self._siblings(line):
                self._do("stay.pick_up", pick_up, line.request_id, one, "guardian", identified="checked")
        elif option in ("guardian", "second_contact", "other"):
            self._do("stay.pick_up", pick_up, line.request_id, child, option, name=note, identified="checked")
        elif option.isdecimal():
            self._extend(line, _half_hour(end, int(option)))
        elif option == "until":
            until = _next_clock(note, self._screen.now)
            if until is None:
                refuse(self._screen, _("«{said}» is no time. Type 23:30.").format(said=note))
            else:
                self._extend(line, until)
        else:
            self._do("callback.try", note_care_try, line.request_id, self._whom(line), option)

    def _extend(self, line: "CareLine", until: datetime) -> None:
        from callcenter.desk.care_extension import extend_stay

        self._do("stay.extend", extend_stay, line.request_id, until)

    def _extended(self, longer: "Extended") -> None:
        told = _("Until {time}.").format(time=moments.clock(moment(longer.end)))
        if longer.fee_before is not None and longer.fee_after is not None:
            told += " " + _("The fee becomes {after} instead of {before} won.").format(
                before=f"{longer.fee_before:,}", after=f"{longer.fee_after:,}"
            )
        self._screen.tell(told)

    def _home(self, home: "Home") -> None:
        length = moments.duration(timedelta(minutes=home.minutes))
        fee = _("fee to be asked") if home.fee is None else _("{won} won").format(won=f"{home.fee:,}")
        if home.fee == 0:
            fee = _("free of charge")
        self._screen.tell(_("Picked up after {length}: {fee}.").format(length=length, fee=fee))

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


def tenths_of(said: str) -> int | None:
    """A temperature as it is said, in tenths of a degree: 36.7, 36,7, 367 and 37; None when it is none."""
    text = said.strip().replace(",", ".").removesuffix("도").strip()
    whole, dot, rest = text.partition(".")
    if not (whole.isascii() and whole.isdecimal() and (not dot or (rest.isascii() and rest.isdecimal()))):
        return None
    if not dot:
        return int(whole) if len(whole) == 3 else int(whole) * 10 if len(whole) == 2 else None
    return round(float(text) * 10) if len(whole) == 2 else None


def _half_hour(end: datetime, minutes: int) -> datetime:
    """So many minutes after the end, on the next half hour: places are given by half hours."""
    later = end + timedelta(minutes=minutes)
    over = timedelta(minutes=later.minute % 30, seconds=later.second, microseconds=later.microsecond)
    return later - over + timedelta(minutes=30) if over else later


def _next_clock(said: str, now: datetime) -> datetime | None:
    """The next time of that hour and minute; None when it is none."""
    from callcenter.text.spoken_times import find_times

    starts = [span.start for found in find_times(said, now) for span in found.spans]
    return min((start if start > now else start + timedelta(days=1) for start in starts), default=None)
