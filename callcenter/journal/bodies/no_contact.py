"""What entries say about families and providers that are kept apart; their subject is the guardian."""

from typing import ClassVar

from callcenter.journal.bodies.body import Body


class NoContactSet(Body):
    """The guardian's children are not placed with the provider from now on."""

    kind: ClassVar[str] = "nocontact.set"
    personal: ClassVar[bool] = True
    provider: str
    reason: str


class NoContactLifted(Body):
    """They may be placed with the provider again."""

    kind: ClassVar[str] = "nocontact.lifted"
    personal: ClassVar[bool] = True
    provider: str
    reason: str
