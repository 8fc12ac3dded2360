"""Providers: recording them one by one or from a file, and confirming what they have free."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.care.provider_record import GroupRecord, ProviderRecord, row_of
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.store import reads

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.bodies import ProviderRecorded

# A provider whose groups nobody has told us is one group of all ages; its service's rules still bound the age.
_ALL_AGES = (GroupRecord("0-155m", 0, 155, None),)
MOST_PLACES = 999


class ImpossiblePlaces(CallcenterError):
    """A number of places below zero or beyond anything a provider has. Values: places."""

    code = "impossible_places"
    sentence = mark("«{places}» cannot be the number of places. Enter a number from 0 to 999.")


class NothingToConfirm(CallcenterError):
    """Nobody knows the places that are said to be the same. Values: provider."""

    code = "nothing_to_confirm"
    sentence = mark("Nobody knows the places of {provider} yet. Ask how many there are.")


class WhichGroup(CallcenterError):
    """A provider with several groups was named where one of them is meant. Values: provider, groups."""

    code = "which_group"
    sentence = mark("{provider} has several groups. Name the one you mean: {groups}.")


def group_meant(connection: "Connection", subject: str) -> str:
    """The group that a group's or a provider's id names. Raises `WhichGroup` of a provider with several."""
    found = reads.groups_of(connection, [subject])
    if len(found) > 1:
        raise WhichGroup(provider=subject, groups=", ".join(one.id for one in found))
    return found[0].id if found else subject


def provider_body(reference: Reference, provider: ProviderRecord) -> "ProviderRecorded":
    """The entry that records a provider; without coordinates it stands at its region's centroid."""
    from callcenter.journal import bodies

    region = reference.regions[provider.region]
    provider = provider._replace(name=kept_text(provider.name), address=kept_text(provider.address))
    return bodies.ProviderRecorded(
        service=provider.service,
        name=provider.name,
        region=provider.region,
        lat=region.lat if provider.lat is None else provider.lat,
        lon=region.lon if provider.lon is None else provider.lon,
        groups=[
            bodies.GroupBody(
                id=f"{provider.id}/{group.label}",
                label=group.label,
                months_min=group.months_min,
                months_max=group.months_max,
                children_per_place=group.children_per_place,
                places=group.places,
            )
            for group in provider.groups or _ALL_AGES
        ],
        record=dict(row_of(provider)),
    )


@requires("provider.write")
def record_providers(desk: Desk, actor: Actor, now: datetime, providers: Iterable[ProviderRecord]) -> int:
    """Add providers, or replace their records, all in one transaction; returns how many differed from what we had."""
    from callcenter.journal.entry import canonical

    changed = 0
    with desk.writing(actor.name, now) as chain:
        for provider in providers:
            known = reads.provider(desk.connection, provider.id)
            if known is not None and known.record == canonical(dict(row_of(provider))):
                continue
            chain.append(provider.id, provider_body(desk.reference, provider))
            changed += 1
    return changed


@requires("places.confirm")
def confirm_places(
    desk: Desk, actor: Actor, now: datetime, group_id: str, places: int | None, how: str = "telephone"
) -> None:
    """Note how many places a group has, as the provider said it now; None when it could not say."""
    from callcenter.journal import bodies

    if places is not None and not 0 <= places <= MOST_PLACES:
        raise ImpossiblePlaces(places=places)
    with desk.writing(actor.name, now) as chain:
        group = reads.group(desk.connection, group_id)
        if group is None:
            raise NotFound(what=_("The group"))
        chain.append(group.provider_id, bodies.PlacesConfirmed(group=group_id, places=places, how=how))


@requires("places.confirm")
def confirm_same(desk: Desk, actor: Actor, now: datetime, subject: str, how: str = "telephone") -> int:
    """Note that a group, or every group of a provider, has as many places as before («그대로»).

    Returns how many groups that are. Groups of which nobody knows the places are left as they are; raises
    `NothingToConfirm` where there are no others.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        group = reads.group(desk.connection, subject)
        provider = reads.provider(desk.connection, group.provider_id if group else subject)
        if provider is None:
            raise NotFound(what=_("The provider"))
        groups = [group] if group else reads.groups_of(desk.connection, [subject])
        known = [one for one in groups if one.places is not None]
        if not known:
            raise NothingToConfirm(provider=provider.name)
        for one in known:
            chain.append(provider.id, bodies.PlacesConfirmed(group=one.id, places=one.places, how=how))
    return len(known)
