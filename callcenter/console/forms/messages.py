"""What the request form tells the screen it stands on."""

from dataclasses import dataclass

from textual.message import Message

from callcenter.console.forms.filled import Changes
from callcenter.desk.requests import NewRequest


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


class FormLeft(Message):
    """The form was left without saving; what was typed is kept."""
