"""How old a confirmation of places is, and whether it still says anything."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Freshness = Literal["fresh", "old", "never"]


class Age(NamedTuple):
    """How long ago places were confirmed, None when nobody ever did, and what that makes of them."""

    since: timedelta | None
    state: Freshness


def age(confirmed_at: datetime | None, now: datetime, fresh_hours: float) -> Age:
    """The age of a confirmation: old from `fresh_hours` on; one from after `now`, by another clock, is of now."""
    if confirmed_at is None:
        return Age(None, "never")
    since = max(now - confirmed_at, timedelta())
    return Age(since, "fresh" if since < timedelta(hours=fresh_hours) else "old")
