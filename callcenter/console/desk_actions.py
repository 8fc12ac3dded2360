"""The actions of the desk's own screen, and those that hold everywhere."""

from callcenter.console.action import Action, Needs, State
from callcenter.desk.restricted import Restricted
from callcenter.language import _, mark


def _ringing_or_free(state: State) -> str | None:
    if state.talking and not state.ringing:
        return _("You are on a call. Put it on hold first to write down another one.")
    return None


def _own_call(state: State) -> str | None:
    return None if state.talking or state.held or state.wrap_up else _("You are on no call.")


def _to_hold(state: State) -> str | None:
    return None if state.talking or state.held else _("There is no call to put on hold.")


def _call_or_request(state: State) -> str | None:
    return None if state.request or _own_call(state) is None else _("Take a call or select a request first.")


def _selected(state: State) -> str | None:
    if state.request is None:
        return _("Select a request first.")
    return _(Restricted.sentence) if state.hidden else None


TAKE_OVER_KEY = "$"


def _elsewhere(state: State) -> str | None:
    """Two desks at once would ask two providers for one child; who takes over says why."""
    if not state.tried_by:
        return None
    return _("{who} works on it: {key} takes it over.").format(who=state.tried_by, key=TAKE_OVER_KEY)


def _request_in(states: frozenset[str], sentence: str) -> Needs:
    def needs(state: State) -> str | None:
        return _selected(state) or (_elsewhere(state) if state.request in states else _(sentence))

    return needs


placeable = _request_in(
    # While one provider is asked, the next key asks others beside it.
    frozenset({"open", "matching", "offered", "held", "unplaced"}),
    mark("This request is not waiting for a place."),
)


_keepable = _request_in(
    frozenset({"open", "matching"}),
    mark("A place can only be kept while nobody is being asked."),
)


def _match_to_offer(state: State) -> str | None:
    return placeable(state) or (None if state.matches else _("No provider can take this request now."))


def _match_to_keep(state: State) -> str | None:
    return _keepable(state) or _match_to_offer(state)


def _kept(state: State) -> str | None:
    return _selected(state) or (_elsewhere(state) if state.reserved else _("No place is kept for this request."))


def _other_match(state: State) -> str | None:
    return placeable(state) or (None if state.matches > 1 else _("There is no other match."))


def _undoable(state: State) -> str | None:
    return None if state.undoable else _("Nothing to undo: the ten seconds are over or nothing was done.")


def _alarm(state: State) -> str | None:
    return None if state.alarms else _("There is no alarm.")


def _joined(state: State) -> str | None:
    return None if state.joined else _("This desk works alone: it was not joined to a centre.")


def _conflict(state: State) -> str | None:
    return None if state.conflicts else _("There is no conflict to be decided.")


def _at_another_desk(state: State) -> str | None:
    return _selected(state) or (None if state.tried_by else _("No other desk works on this request."))


def _disputed(state: State) -> str | None:
    return _selected(state) or (None if state.disputed else _("No field of this request has two values."))


DESK_ACTIONS: tuple[Action, ...] = (
    Action(
        "request.new",
        ("f2",),
        mark("New"),
        mark("Write down a new request."),
        "request",
        footer=1,
    ),
    Action(
        "enquiry.close",
        ("f3",),
        mark("Enquiry"),
        mark("Close the call as an enquiry: choose its topic and it is done."),
        "call",
        footer=2,
    ),
    Action(
        "callback.list",
        ("f4",),
        mark("Call-backs"),
        mark("Whom to ring back, the first that is due first; again: back to the queue."),
        "call",
        footer=6,
    ),
    Action(
        "stay.list",
        ("=", "ctrl+backslash"),
        mark("Care"),
        mark("Who has a place tonight and who is in care, the one first whose clock rings first; again: to the queue."),
        "placement",
        footer=6,
    ),
    Action(
        "match.place",
        ("f5",),
        mark("Place"),
        mark("Ask the chosen match: takes the place, starts the clock. Again: asks others beside, first yes wins."),
        "placement",
        needs=_match_to_offer,
        footer=1,
    ),
    Action(
        "match.choose",
        tuple("123456789"),
        mark("Match"),
        mark("Choose another match by its number."),
        "placement",
        needs=_match_to_offer,
    ),
    Action(
        "match.next",
        ("f6",),
        mark("Next"),
        mark("Go on to the next match."),
        "placement",
        needs=_other_match,
        footer=3,
    ),
    Action(
        "place.keep",
        ("+",),
        mark("Keep place"),
        mark("Keep the chosen match's place for three minutes while the guardian thinks; again: three minutes more."),
        "placement",
        needs=_match_to_keep,
        footer=14,
    ),
    Action(
        "place.give_back",
        ("-",),
        mark("Give back"),
        mark("Give back the place that was kept; the end of the call does it too."),
        "placement",
        needs=_kept,
        footer=9,
        fleeting=True,
    ),
    Action(
        "plan.open",
        ("&",),
        mark("Whole queue"),
        mark("Who would go where if all that wait were placed at once, beside one by one; again: back to the queue."),
        "placement",
        footer=14,
    ),
    Action(
        "offer.answer",
        ("enter", "ctrl+r"),
        mark("Answer"),
        mark("What became of the offer: accepted, refused, no answer, busy, wrong number, on a condition, later."),
        "placement",
        needs=_request_in(frozenset({"offered"}), mark("No offer is waiting for an answer.")),
        footer=2,
        fleeting=True,
    ),
    Action(
        "request.confirm",
        ("ctrl+g", "f11"),
        mark("Confirm"),
        mark("The guardian agrees: the placement stands. First asks what the provider must know, need by need."),
        "placement",
        needs=_request_in(frozenset({"accepted"}), mark("No provider has accepted this request yet.")),
        footer=2,
        fleeting=True,
    ),
    Action(
        "draft.open",
        ("ctrl+y",),
        mark("Drafts"),
        mark("Go on with a request that was typed and not saved."),
        "request",
        footer=13,
    ),
    Action(
        "request.hold",
        ("f7",),
        mark("Hold"),
        mark("Put the request aside until later, or take it up again."),
        "request",
        needs=_request_in(
            frozenset({"open", "matching", "offered", "held"}),
            mark("Only a request that is still being placed can be held."),
        ),
        footer=5,
    ),
    Action(
        "safety.raise",
        ("f8",),
        mark("Danger"),
        mark("Somebody is in danger: 1 emergency 119, 2 suspected abuse 112. Restricts the call, notes the time."),
        "call",
        "everywhere",
        footer=3,
    ),
    Action(
        "request.amend",
        ("ctrl+e",),
        mark("Amend"),
        mark("Correct where, when or why care is needed."),
        "request",
        needs=_request_in(
            frozenset({"open", "matching", "held", "unplaced"}),
            mark("Only a request without an offer can be amended."),
        ),
        footer=12,
    ),
    Action(
        "request.cancel",
        ("delete", "ctrl+d"),
        mark("Cancel"),
        mark("Cancel the request; asks for the reason."),
        "request",
        needs=_request_in(
            frozenset({"open", "matching", "offered", "accepted", "confirmed", "held", "unplaced"}),
            mark("This request is already closed."),
        ),
        footer=10,
    ),
    Action(
        "message.show",
        ("ctrl+s",),
        mark("Messages"),
        mark("The texts to the provider and the guardian: read one out, copy it, send it. The journal keeps who."),
        "placement",
        needs=_selected,
        footer=13,
    ),
    Action(
        "after.open",
        (";",),
        mark("Afterwards"),
        mark("By digit: no-show, early end, incident, satisfaction, complaint, and a wrong key to be corrected."),
        "request",
        needs=_selected,
    ),
    Action(
        "step.correct",
        (":", "ctrl+x"),
        mark("Correct"),
        mark("A wrong key, of the selected request or of your own calls, is taken back with a reason; both stay."),
        "request",
    ),
    Action(
        "record.reveal",
        ("*", "ctrl+b"),
        mark("Show"),
        mark("Show name and number unmasked for 30 seconds; asks why, and the journal keeps it."),
        "request",
        needs=_selected,
    ),
    Action(
        "desk.undo",
        ("f9",),
        mark("Undo"),
        mark("Take back the last step, within ten seconds and before a message has left."),
        "placement",
        needs=_undoable,
        footer=4,
    ),
    Action(
        "call.take",
        ("f12", "ctrl+t"),
        mark("Take call"),
        mark("Take the ringing call, or write down one that came in on another telephone."),
        "call",
        "everywhere",
        _ringing_or_free,
        footer=7,
    ),
    Action(
        "call.end",
        ("ctrl+o",),
        mark("End call"),
        mark("Say with a digit how the call ended, or that only the line is dead. What was typed stays."),
        "call",
        "everywhere",
        _own_call,
        footer=9,
    ),
    Action(
        "call.hold",
        ("ctrl+right_square_bracket",),
        mark("Hold call"),
        mark("Put the caller on hold, or go back to the one who is; with two calls, from one to the other."),
        "call",
        "everywhere",
        _to_hold,
        footer=9,
    ),
    Action(
        "call.number",
        ("#",),
        mark("Caller number"),
        mark("Note the caller's number on the call."),
        "call",
        needs=_own_call,
    ),
    Action(
        "callback.promise",
        ("ctrl+k",),
        mark("Promise"),
        mark("Promise the caller to ring back by a time; without a call, the guardian of the request."),
        "call",
        needs=_call_or_request,
    ),
    Action(
        "alarm.acknowledge",
        ("ctrl+n",),
        mark("Noted"),
        mark("The oldest alarm is noted; it leaves the lane and its request is selected."),
        "view",
        "everywhere",
        _alarm,
        footer=8,
    ),
    Action(
        "conflict.decide",
        ("!",),
        mark("Conflict"),
        mark("Two desks gave one place or one child: decide by digit. Goes to the oldest one when none is selected."),
        "placement",
        needs=_conflict,
        footer=1,
        fleeting=True,
    ),
    Action(
        "work.take_over",
        (TAKE_OVER_KEY,),
        mark("Take over"),
        mark("Go on with a request that another desk works on; asks why, and the journal keeps it."),
        "request",
        needs=_at_another_desk,
        footer=2,
        fleeting=True,
    ),
    Action(
        "field.choose",
        ("%",),
        mark("Two values"),
        mark("Two desks changed one field at once: choose by digit which value stands."),
        "request",
        needs=_disputed,
        footer=2,
        fleeting=True,
    ),
    Action(
        "centre.open",
        ("@",),
        mark("Centre"),
        mark(
            "The line to the centre: since when, what waits, the last trouble in words, what to do, who works on what."
        ),
        "program",
        needs=_joined,
        footer=13,
        fleeting=True,
    ),
    Action(
        "search.open",
        ("ctrl+f",),
        mark("Search"),
        mark("Find a request, open or ended, by name, digits, receipt number or city; the journal keeps who searched."),
        "view",
        footer=13,
    ),
    Action(
        "availability.open",
        ("f10", "ctrl+u"),
        mark("Availability"),
        mark("All providers half hour by half hour, tonight and the next seven days: who has a place, who is in it."),
        "view",
        footer=6,
    ),
    Action(
        "command.open",
        ("/",),
        mark("Command"),
        mark("Type a command; Tab completes it."),
        "program",
        footer=2,
    ),
    Action(
        "help.open",
        ("?", "f1"),
        mark("Help"),
        mark("The keys of the place you are in."),
        "program",
        footer=1,
    ),
    Action(
        "menu.open",
        ("ctrl+p",),
        mark("Menu"),
        mark("Everything that can be done, by name."),
        "program",
        footer=11,
    ),
    Action(
        "pane.next",
        ("tab",),
        mark("Next pane"),
        mark("To the next part of the screen."),
        "view",
    ),
    Action(
        "pane.previous",
        ("shift+tab",),
        mark("Previous pane"),
        mark("To the part of the screen before."),
        "view",
    ),
    Action(
        "language.switch",
        ("ctrl+l",),
        mark("Language"),
        mark("Korean or English, at once."),
        "program",
        "everywhere",
    ),
    Action(
        "program.quit",
        ("ctrl+q",),
        mark("Quit"),
        mark("Leave the console; what was saved stays."),
        "program",
        "everywhere",
    ),
)
