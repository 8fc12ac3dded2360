"""What an action of the desk needs: of its state, why the action cannot be taken now, None when nothing keeps it."""

from callcenter.console.action import Needs, State
from callcenter.desk.restricted import Restricted
from callcenter.language import _, mark

TAKE_OVER_KEY = "$"
ENDED_WITHOUT_PLACE = frozenset({"unplaced", "cancelled"})
"""States of a request that is closed, and can be taken up again when the guardian rings once more."""


def ringing_or_free(state: State) -> str | None:
    """A call that rings, or an operator who is on none."""
    if state.talking and not state.ringing:
        return _("You are on a call. Put it on hold first to write down another one.")
    return None


def own_call(state: State) -> str | None:
    """A call of the operator's that is not over, or only just."""
    return None if state.talking or state.held or state.wrap_up else _("You are on no call.")


def to_hold(state: State) -> str | None:
    """A call to put on hold, or one that is."""
    return None if state.talking or state.held else _("There is no call to put on hold.")


def call_or_request(state: State) -> str | None:
    """A call, or a request whose guardian is meant."""
    return None if state.request or own_call(state) is None else _("Take a call or select a request first.")


def selected(state: State) -> str | None:
    """A selected request that the operator may see."""
    if state.request is None:
        return _("Select a request first.")
    return _(Restricted.sentence) if state.hidden else None


def elsewhere(state: State) -> str | None:
    """No other desk on it: two at once would ask two providers for one child. Who takes over says why."""
    if not state.tried_by:
        return None
    return _("{who} works on it: {key} takes it over.").format(who=state.tried_by, key=TAKE_OVER_KEY)


def request_in(states: frozenset[str], sentence: str) -> Needs:
    """A selected request in one of these states; `sentence` says that it is not."""

    def needs(state: State) -> str | None:
        return selected(state) or (elsewhere(state) if state.request in states else _(sentence))

    return needs


placeable = request_in(
    # While one provider is asked, the next key asks others beside it.
    frozenset({"open", "matching", "offered", "held", "unplaced"}),
    mark("This request is not waiting for a place."),
)

keepable = request_in(
    frozenset({"open", "matching"}),
    mark("A place can only be kept while nobody is being asked."),
)


def match_to_offer(state: State) -> str | None:
    """A request that waits for a place, and somebody who can take it."""
    return placeable(state) or (None if state.matches else _("No provider can take this request now."))


def match_to_keep(state: State) -> str | None:
    """The same, while nobody is asked."""
    return keepable(state) or match_to_offer(state)


def kept(state: State) -> str | None:
    """A place that is kept for the request."""
    return selected(state) or (elsewhere(state) if state.reserved else _("No place is kept for this request."))


def other_match(state: State) -> str | None:
    """A second match."""
    return placeable(state) or (None if state.matches > 1 else _("There is no other match."))


def undoable(state: State) -> str | None:
    """A last step that may still be taken back."""
    return None if state.undoable else _("Nothing to undo: the ten seconds are over or nothing was done.")


def alarm(state: State) -> str | None:
    """An alarm in the lane."""
    return None if state.alarms else _("There is no alarm.")


def joined(state: State) -> str | None:
    """A desk that was joined to a centre."""
    return None if state.joined else _("This desk works alone: it was not joined to a centre.")


def conflict(state: State) -> str | None:
    """A conflict that nobody has decided of yet."""
    return None if state.conflicts else _("There is no conflict to be decided.")


def at_another_desk(state: State) -> str | None:
    """A selected request that another desk works on."""
    return selected(state) or (None if state.tried_by else _("No other desk works on this request."))


def disputed(state: State) -> str | None:
    """A field of the selected request that has two values."""
    return selected(state) or (None if state.disputed else _("No field of this request has two values."))
