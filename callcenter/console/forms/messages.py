"""What the request form tells the screen it stands on."""

from dataclasses import dataclass

from textual.message import Message

from callcenter.console.forms.filled import Changes
from callcenter.desk.new_requests import NewRequest
from callcenter.store.duplicates import DuplicateRow


@dataclass
class PhoneTyped(Message):
    """A whole telephone number stands in the form, in its stored form: is the guardian known?"""

    stored: str


@dataclass
class RequestFilled(Message):
    """A request was written down; the form waits for `finish` or `refuse`."""

    wish: NewRequest


@dataclass
class RequestAmendedFilled(Message):
    """Fields of a request were changed, possibly none; the form waits for `finish` or `refuse`."""

    request_id: str
    changes: Changes


@dataclass
class JoinWanted(Message):
    """What was typed belongs to one of these requests; the form waits for `finish` or `refuse`."""

    rows: tuple[DuplicateRow, ...]
    said: str
    call_id: str | None
    draft_id: str


class OtherWanted(Message):
    """The operator wants the other draft, or one for the call that came meanwhile."""


class FormLeft(Message):
    """The form was left without saving; what was typed is kept."""
