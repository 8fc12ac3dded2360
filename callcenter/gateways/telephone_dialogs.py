"""From the dialogs of an extension to call events: what changed since the last document, each change once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from callcenter.desk.call_events import CallEvent
from callcenter.gateways.dialog_info import MAX_DIALOGS, Dialog, DialogInfo
from callcenter.gateways.sip_address import caller_of
from callcenter.text.sanitize import clean

_MAX_NUMBER = 128
_MAX_NAME = 256
_MAX_CALLS = 4 * MAX_DIALOGS

CallState = Literal["ringing", "answered", "held", "ended"]


@dataclass(frozen=True, slots=True)
class _Known:
    """A call as it was last told: its identifier, its state, and the dialog with all that was ever said of it."""

    call: str
    state: CallState | Literal["new"]
    dialog: Dialog


class Changes(NamedTuple):
    """The events of a document, and whether a document before it was missed, so that all has to be asked for."""

    events: tuple[CallEvent, ...]
    missed: bool


class Dialogs:
    """The dialogs of one extension over one or more subscriptions."""

    def __init__(self, extension: str) -> None:
        self._extension = extension
        self._version: int | None = None
        self._known: dict[str, _Known] = {}

    def subscribed_anew(self) -> None:
        """A new subscription counts its versions from anywhere; the calls stay known, so that none rings twice."""
        self._version = None

    def take(self, info: DialogInfo, at: datetime) -> Changes:
        """What a document changes (RFC 4235 4.1); an older one, or one out of its order, changes nothing."""
        if self._version is not None and info.version <= self._version:
            return Changes((), missed=False)
        if not info.full and (self._version is None or info.version > self._version + 1):
            return Changes((), missed=True)
        self._version = info.version
        events = [event for dialog in info.dialogs for event in self._changed(dialog, at)]
        unlisted = set(self._known) - {dialog.id for dialog in info.dialogs} if info.full else set()
        events += [event for gone in sorted(unlisted) for event in self._gone(gone, at)]
        return Changes(tuple(events), missed=False)

    def _changed(self, dialog: Dialog, at: datetime) -> Iterator[CallEvent]:
        known = self._known.get(dialog.id)
        if known is not None and _is_another(dialog, known.dialog):
            yield from self._gone(dialog.id, at)
            known = None
        state = _state(dialog)
        if known is None:
            # What was over when it was first told of never rang here.
            if state == "ended" or len(self._known) == _MAX_CALLS:
                return
            known = _Known(self._call(dialog, at), "new", dialog)
        whole = _with_what_was_known(dialog, known.dialog)
        if state == "ended":
            del self._known[dialog.id]
        else:
            self._known[dialog.id] = _Known(known.call, state, whole)
        if known.state != state or known.dialog.remote != whole.remote:
            yield self._event(known.call, state, whole, at)

    def _gone(self, dialog_id: str, at: datetime) -> Iterator[CallEvent]:
        """The end of a call that is no longer listed: of it nothing else is sure."""
        yield from self._changed(replace(self._known[dialog_id].dialog, state="terminated", event="", code=""), at)

    def _call(self, dialog: Dialog, at: datetime) -> str:
        """The call's identifier: the same after a restart where the network names the call, else of this moment.

        Some systems call every call of an extension the same and give it no tags.
        """
        named = (dialog.call_id, dialog.local_tag) if dialog.call_id and dialog.local_tag else (at.isoformat(),)
        return "sip-" + sha256("\n".join((self._extension, dialog.id, *named)).encode()).hexdigest()[:32]

    def _event(self, call: str, state: CallState, dialog: Dialog, at: datetime) -> CallEvent:
        outgoing = dialog.direction == "initiator"
        local, remote = _number(dialog.local) or self._extension, _number(dialog.remote)
        caller, called = (local, remote) if outgoing else (remote, local)
        return CallEvent(
            id=call,
            state=state,
            at=at,
            direction="out" if outgoing else "in",
            caller=caller or None,
            called=called or None,
            extension=self._extension,
            cause=clean(f"{dialog.event} {dialog.code}").strip()[:64] or None if state == "ended" else None,
            name=clean(dialog.remote_name).strip()[:_MAX_NAME],
        )


def _state(dialog: Dialog) -> CallState:
    if dialog.state == "terminated":
        return "ended"
    if dialog.state == "confirmed":
        return "held" if dialog.held else "answered"
    return "ringing"


def _is_another(dialog: Dialog, before: Dialog) -> bool:
    """Whether the network gave the same dialog to another call without telling the end of the first."""
    return bool(dialog.call_id and before.call_id and dialog.call_id != before.call_id)


def _number(identity: str) -> str:
    return clean(caller_of(identity)).strip()[:_MAX_NUMBER]


def _with_what_was_known(dialog: Dialog, before: Dialog) -> Dialog:
    """A later document may leave out who is on the line."""
    return replace(
        dialog,
        call_id=dialog.call_id or before.call_id,
        direction=dialog.direction or before.direction,
        local=dialog.local or before.local,
        remote=dialog.remote or before.remote,
        remote_name=dialog.remote_name or before.remote_name,
    )
