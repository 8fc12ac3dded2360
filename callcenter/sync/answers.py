"""The centre's answers about places, as they come over the wire."""

from typing import NamedTuple


class Answer(NamedTuple):
    """What the centre says of the places of an offer: `outcome` is granted or refused.

    Refused for why: `place` or `child`; `other` is the offer that stands in the way, made at `other_desk` for the
    request with the receipt number `other_number`.
    """

    offer: str
    outcome: str
    why: str
    other: str
    other_desk: str
    other_number: str
