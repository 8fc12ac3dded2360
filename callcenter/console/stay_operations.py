"""What is asked of a child at the door and in care: taken in or held, a longer stay, going home."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import stays, verdicts
from callcenter.console.prompt import refuse
from callcenter.console.widgets.choice import Option
from callcenter.language import _
from callcenter.text import moments
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.care_ending import Home
    from callcenter.desk.care_extension import Extended
    from callcenter.desk.care_view import CareLine

LONGER_MINUTES = (30, 60)


def whom(line: "CareLine") -> str:
    """Whose number is to be rung for this line: the guardian's, or the second contact's."""
    return "second_contact" if line.due.rung == "second_contact" else "guardian"


class StayOperations(Part):
    """The choices of a child at the door or in care, for one screen: what an answer does, and what is said of it."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self.of_line: Mapping[str, Callable[[CareLine, str, str], None]] = {
            "stay.door": self._at_the_door,
            "stay.symptoms": self._symptoms,
            "stay.inside": self._inside,
        }
        self.ends = {
            "stay.admit": self._admitted,
            "stay.extend": self._extended,
            "stay.pick_up": self._home,
        }

    # The door

    def ask_door(self, line: "CareLine") -> None:
        """Ask what is seen of the child at the door."""
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
            self._do("callback.try", note_care_try, line.request_id, whom(line), option)

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

    def ask_inside(self, line: "CareLine") -> None:
        """Ask who picks the child up, or how much longer it stays."""
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
            self._do("callback.try", note_care_try, line.request_id, whom(line), option)

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
        self._screen.tell(_("Picked up after {length}: {fee}.").format(length=length, fee=verdicts.fee(home.fee)))


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
