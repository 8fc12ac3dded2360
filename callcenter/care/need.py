"""What is asked of the rules: one child's need, and the provider it may be put to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from callcenter.care.child import Child
from callcenter.care.own_rules import NOTHING_OWN, OwnRules

Channel = Literal["hotline", "platform", "direct"]


@dataclass(frozen=True, slots=True)
class Need:
    """What one child needs: where, when (aware datetimes, Asia/Seoul) and what is known about it.

    `region` is where the family is; `residence`, where it differs, where it is registered as living.
    """

    region: str
    child: Child
    start: datetime
    end: datetime
    residence: str | None = None
    registered: bool | None = None
    symptoms: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    channel: Channel = "hotline"


class Facility(NamedTuple):
    """A provider as the rules see it; `can` is None when its abilities are unknown.

    `km` is how far the family is, None where it is unknown or does not matter to the provider.
    """

    id: str
    region: str
    residents_only: bool | None = None
    can: frozenset[str] | None = None
    own: OwnRules = NOTHING_OWN
    km: float | None = None
