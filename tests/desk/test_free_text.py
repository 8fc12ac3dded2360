"""What is told in words may name anybody, but never by a resident registration number: nothing of one is stored."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass, replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest

import callcenter.desk
from callcenter.desk import messages
from callcenter.desk.accounts import add_operator
from callcenter.desk.after import close_complaint, note_satisfaction, open_complaint, raise_incident
from callcenter.desk.applications import Application, accept
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.calls import close_enquiry, end_call, open_call
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.care_ending import bar_pickup, pick_up
from callcenter.desk.claims import Answered, settle_claims
from callcenter.desk.conflicts import agree, find_another, raise_places
from callcenter.desk.duplicates import join_call
from callcenter.desk.guardians import erase_guardian, note_reading
from callcenter.desk.link_state import LinkState, Work
from callcenter.desk.new_requests import open_request
from callcenter.desk.no_contact import lift_no_contact, set_no_contact
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.permission import CENTRE as CENTRE_OF_ALL
from callcenter.desk.permission import PLATFORM, TELEPHONE, USE_CASES
from callcenter.desk.provider_hours import NewShift, close_provider, set_duty
from callcenter.desk.providers import record_providers
from callcenter.desk.requests import add_note, amend_request, load
from callcenter.desk.safety import add_report, raise_safety
from callcenter.desk.sending import read_texts
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.working import take_over
from callcenter.store.placements import placements
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, END, START

LATER = NOW + timedelta(minutes=1)
SECRET = ("3123456", "180302-")

# What a person types or says, by use case; a path leads into what is given as one thing.
FREE: Mapping[str, Sequence[str]] = {
    "accounts.add_operator": ["name"],
    "after.close_complaint": ["note"],
    "after.note_satisfaction": ["note"],
    "after.open_complaint": ["said"],
    "after.raise_incident": ["said"],
    "applications.accept": ["application.wish.note", "application.wish.guardian.phone"],
    "call_events.receive_event": ["event.caller"],
    "calls.close_enquiry": ["note"],
    "calls.end_call": ["agency"],
    "care_admission.admit": ["seen.brought_name"],
    "care_ending.bar_pickup": ["name", "why"],
    "care_ending.pick_up": ["name"],
    "conflicts.agree": ["note"],
    "conflicts.find_another": ["note"],
    "conflicts.raise_places": ["note"],
    "duplicates.join_call": ["said"],
    "guardians.note_reading": ["words"],
    "no_contact.lift_no_contact": ["reason"],
    "no_contact.set_no_contact": ["reason"],
    "offer_answers.answer_offer": ["condition"],
    "provider_hours.close_provider": ["reason"],
    "provider_hours.set_duty": ["shifts.keepers"],
    "providers.record_providers": ["providers.name", "providers.address"],
    "requests.add_note": ["text"],
    "requests.amend_request": ["changes.handover"],
    "new_requests.open_request": [
        *(f"wish.guardian.{one}" for one in ("name", "second_name", "address", "reachable")),
        *(f"wish.children.{one}" for one in ("name", "care_note", "registration")),
        "wish.note",
        "wish.handover",
    ],
    "safety.add_report": ["reference", "said"],
    "safety.raise_safety": ["reference", "said"],
    "working.take_over": ["why"],
}
# Codes of a list, identifiers of ours, or what a machine says by itself: nobody types there.
NOT_FREE = {
    *("need", "owner", "topic", "outcome", "how", "by", "identified", "brought_by", "relation", "language", "reason"),
    *("why_not_first", "key", "result", "symptoms", "needs", "region", "residence", "service", "channel", "urgency"),
    *("care_place", "sex", "subject", "id", "draft", "external_id", "digest", "state", "extension", "cause", "group"),
    *("source", "label", "can", "languages", "offers", "ranked", "children", "week", "places", "field", "value"),
    # Telephone numbers are read as such, and what cannot be read is refused or noted.
    *("phone", "second_phone", "rung", "called", "phone_day", "phone_night", "phone_oncall"),
    # What a caller's telephone says of itself is shown and not stored.
    "event.name",
    # Of what is amended only the handover is told in words.
    "changes",
}
# What these hold the program found itself.
FOUND = ("found", "placed", "rows", "answers")


def parts(annotation: object) -> Iterator[object]:
    """The types an annotation is made of."""
    if get_origin(annotation) is None:
        yield annotation
    for one in get_args(annotation):
        yield from parts(one)


def texts(path: str, annotation: object) -> Iterator[str]:
    """The paths to every text within something of this type."""
    for one in parts(annotation):
        if one is str:
            yield path
        elif isinstance(one, type) and (is_dataclass(one) or hasattr(one, "_fields")):
            for name, told in get_type_hints(one).items():
                yield from texts(f"{path}.{name}", told)


def use_cases() -> Iterator[tuple[str, str]]:
    """Every use case with each text that it takes."""
    for module in pkgutil.iter_modules(callcenter.desk.__path__, "callcenter.desk."):
        import_module(module.name)
    for full in USE_CASES:
        module_name, _dot, name = full.rpartition(".")
        function = inspect.unwrap(getattr(import_module(module_name), name))
        for parameter in list(inspect.signature(function).parameters.values())[3:]:
            for path in dict.fromkeys(texts(parameter.name, parameter.annotation)):
                yield full.removeprefix("callcenter.desk."), path


class Said:
    """Texts with a number in each, and which words stand around them."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], str] = {}

    def __call__(self, use_case: str, path: str) -> str:
        word = f"낱말{len(self.words):02d}가"
        self.words[use_case, path] = word
        return f"{word} 180302-3123456"


def stored(desk: Desk) -> str:
    """Everything in the file, as text."""
    tables = [row[0] for row in desk.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "\n".join(repr(row) for table in tables for row in desk.connection.execute(f'SELECT * FROM "{table}"'))


def test_every_text_of_a_use_case_is_known_to_be_free_or_not() -> None:
    free = {(use_case, path) for use_case, paths in FREE.items() for path in paths}
    found = set(use_cases())
    unknown = [
        (use_case, path)
        for use_case, path in sorted(found - free)
        if not NOT_FREE & {path, path.rpartition(".")[2]}
        and not path.endswith("_id")
        and path.partition(".")[0] not in FOUND
        # The same wish as an operator's, through the same function.
        and not path.startswith(("application.wish", "together"))
    ]
    assert unknown == []
    assert free - found == {("requests.amend_request", "changes.handover")}


def test_only_one_place_of_the_desk_cleans_texts() -> None:
    others = {
        # Identifiers and numbers of the telephone system, which have to stay as they came.
        "call_events.py",
        # A file is read there; what of it becomes an entry is cleaned by `provider_body`.
        "provider_file.py",
    }
    cleaning = {
        path.name
        for path in Path(str(callcenter.desk.__path__[0])).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "callcenter.text.sanitize"
        if any(name.name == "clean" for name in node.names)
    }
    assert cleaning == {"free_text.py"} | others


@pytest.fixture
def following(desk: Desk) -> Iterator[Desk]:
    """A desk that writes messages too."""
    made = open_desk(desk.path, desk.reference, desk.entropy, messages.follow)
    yield made
    made.close()


def say_all(desk: Desk, say: Said) -> None:
    """Give every free text of every use case a number to hide."""
    add_operator(desk, SUPERVISOR, NOW, say("accounts.add_operator", "name"), "operator")
    named = CENTRE._replace(
        name=say("providers.record_providers", "providers.name"),
        address=say("providers.record_providers", "providers.address"),
    )
    record_providers(desk, SUPERVISOR, NOW, [named])
    _say_calls(desk, say)
    request_id = _say_request(desk, say)
    _say_care(desk, say, request_id)
    close_provider(
        desk, OPERATOR, END, CENTRE.id, END, END + timedelta(days=1), say("provider_hours.close_provider", "reason")
    )
    shift = NewShift(END, END + timedelta(hours=2), (say("provider_hours.set_duty", "shifts.keepers"),))
    set_duty(desk, OPERATOR, END, CENTRE.id, [shift])
    wish = wishes.wish(
        guardian=wishes.mother(say("applications.accept", "application.wish.guardian.phone")),
        note=say("applications.accept", "application.wish.note"),
    )
    accept(desk, PLATFORM, NOW, Application("web-1", "a" * 64, wish))


def _say_calls(desk: Desk, say: Said) -> None:
    close_enquiry(desk, OPERATOR, NOW, "how_to", note=say("calls.close_enquiry", "note"))
    call = open_call(desk, OPERATOR, NOW, "010-0000-4321").call_id
    end_call(desk, OPERATOR, NOW, call, "transferred", agency=say("calls.end_call", "agency"))
    raised = raise_safety(
        desk, OPERATOR, NOW, None, "abuse", say("safety.raise_safety", "reference"), say("safety.raise_safety", "said")
    )
    add_report(
        desk, OPERATOR, NOW, raised, "abuse", say("safety.add_report", "reference"), say("safety.add_report", "said")
    )
    receive_event(
        desk, TELEPHONE, NOW, CallEvent("x", "ringing", NOW, caller=say("call_events.receive_event", "event.caller"))
    )


def _say_request(desk: Desk, say: Said) -> str:
    """A request that is placed and whose provider had a condition."""
    case = "new_requests.open_request"
    guardian = wishes.mother(
        name=say(case, "wish.guardian.name"),
        second_name=say(case, "wish.guardian.second_name"),
        second_phone="010-0000-7777",
        address=say(case, "wish.guardian.address"),
        reachable=say(case, "wish.guardian.reachable"),
    )
    child = wishes.child(
        say(case, "wish.children.name"),
        care_note=say(case, "wish.children.care_note"),
        registration=say(case, "wish.children.registration"),
    )
    wish = wishes.wish(
        child,
        guardian=guardian,
        care_place="home",
        consents=("collect", "sensitive", "third_party"),
        note=say(case, "wish.note"),
        handover=say(case, "wish.handover"),
    )
    request_id = open_request(desk, OPERATOR, NOW, wish).request_id
    add_note(desk, OPERATOR, NOW, request_id, say("requests.add_note", "text"))
    join_call(desk, OPERATOR, NOW, request_id, say("duplicates.join_call", "said"))
    guardian_id = load(desk, request_id).guardian_id
    note_reading(desk, OPERATOR, NOW, guardian_id, "reveal", "other", say("guardians.note_reading", "words"))
    offer_id = wishes.offer(desk, request_id).offer_id
    answer_offer(
        desk, OPERATOR, LATER, offer_id, "conditional", condition=say("offer_answers.answer_offer", "condition")
    )
    answer_offer(desk, OPERATOR, LATER, offer_id, "accepted")
    confirm_request(desk, OPERATOR, LATER, request_id)
    read_texts(desk, OPERATOR, LATER, request_id)
    amend_request(desk, OPERATOR, LATER, request_id, {"handover": say("requests.amend_request", "changes.handover")})
    return request_id


def _say_care(desk: Desk, say: Said, request_id: str) -> None:
    guardian_id, child_id = load(desk, request_id).guardian_id, placements(desk.connection, request_id)[0].child_id
    barred, why = (say("care_ending.bar_pickup", one) for one in ("name", "why"))
    bar_pickup(desk, OPERATOR, LATER, guardian_id, child_id, barred, why)
    seen = AtTheDoor("other", say("care_admission.admit", "seen.brought_name"), code_word=True, temperature=366)
    assert admit(desk, OPERATOR, START, request_id, child_id, seen) is None
    raise_incident(desk, OPERATOR, START, request_id, "injury", say("after.raise_incident", "said"))
    pick_up(desk, OPERATOR, END, request_id, child_id, "other", name=say("care_ending.pick_up", "name"))
    note_satisfaction(desk, OPERATOR, END, request_id, 90, note=say("after.note_satisfaction", "note"))
    complaint = open_complaint(desk, OPERATOR, END, say("after.open_complaint", "said"), request_id=request_id)
    close_complaint(desk, OPERATOR, END, complaint, "solved", say("after.close_complaint", "note"))
    set_no_contact(desk, SUPERVISOR, END, guardian_id, CENTRE.id, say("no_contact.set_no_contact", "reason"))
    lift_no_contact(desk, SUPERVISOR, END, guardian_id, CENTRE.id, say("no_contact.lift_no_contact", "reason"))


def _say_conflicts(desk: Desk, say: Said) -> None:
    """Three offers that the centre refuses after their providers were told, and what people do about each."""
    for number, name in enumerate(("find_another", "agree", "raise_places")):
        day = timedelta(days=7 * (number + 1))
        wished = wishes.take(desk, guardian=wishes.mother(f"010-0000-611{number}"), start=START + day, end=END + day)
        offer_id = wishes.offer(desk, wished.request_id, wishes.ONE_PLACE).offer_id
        answer_offer(desk, OPERATOR, LATER, offer_id, "accepted")
        settle_claims(desk, CENTRE_OF_ALL, LATER, [Answered(offer_id, "refused", "place", "elsewhere", "B", "")])
        note = say(f"conflicts.{name}", "note")
        if name == "find_another":
            find_another(desk, OPERATOR, LATER, offer_id, note)
        elif name == "raise_places":
            raise_places(desk, OPERATOR, LATER, offer_id, {f"{wishes.ONE_PLACE.id}/72-155m": 2}, note)
        else:
            agree(desk, OPERATOR, LATER, offer_id, note)
    busy = {wished.request_id: Work("B", "이상담", NOW, NOW)}
    linked = replace(desk, link=lambda: LinkState(state="live", work=busy))
    take_over(linked, OPERATOR, LATER, wished.request_id, say("working.take_over", "why"))


def test_no_text_brings_a_resident_number_into_the_file(following: Desk) -> None:
    say = Said()
    say_all(following, say)
    _say_conflicts(following, say)
    another = wishes.take(following, guardian=wishes.mother("010-0000-5555")).request_id
    guardian_id = load(following, another).guardian_id
    erase_guardian(following, SUPERVISOR, END, guardian_id, "requested")
    assert say.words.keys() == {(use_case, path) for use_case, paths in FREE.items() for path in paths}
    file = stored(following)
    assert [where for where, word in say.words.items() if word not in file] == []
    assert [part for part in SECRET if part in file] == []
