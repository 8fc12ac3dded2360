"""What every gateway for messages is: it takes one message, and says whether it was taken. 문자 발송: sending."""

import json
from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

from callcenter.text.moments import moment


class Outgoing(NamedTuple):
    """A message as it leaves: `to` is E.164, `made_at` seconds since 1970 in UTC."""

    id: str
    to: str
    text: str
    language: str
    made_at: int


class Outcome(NamedTuple):
    """What the gateway did: took it, may take it later, or never will; `told` is its own word for it."""

    state: Literal["sent", "later", "refused"]
    told: str


Gateway = Callable[[Outgoing], Awaitable[Outcome]]


def as_json(message: Outgoing) -> bytes:
    """The message as gateways write it down: one JSON object, UTF-8, no line end inside."""
    said = message._asdict() | {"made_at": moment(message.made_at).isoformat()}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
