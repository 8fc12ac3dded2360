"""What entries say about providers and their places."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, JsonValue

from callcenter.journal.bodies.body import Body


class GroupBody(BaseModel):
    """A group as a provider's record names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    label: str
    months_min: int
    months_max: int
    children_per_place: int
    places: int | None


class ProviderRecorded(Body):
    """A provider was added, or its record replaced by a newer one."""

    kind: ClassVar[str] = "provider.recorded"
    service: str
    name: str
    region: str
    lat: float
    lon: float
    groups: list[GroupBody]
    record: dict[str, JsonValue]


class PlacesConfirmed(Body):
    """A provider said how many places a group has."""

    kind: ClassVar[str] = "places.confirmed"
    group: str
    places: int | None
    how: str


class TelephoneDoubted(Body):
    """Somebody else, or nobody, was at this number of the provider; it stands until the record has another one."""

    kind: ClassVar[str] = "provider.telephone_doubted"
    number: str
