"""What cannot be right in an application: told to the operator, and never a reason to keep a family out."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.care.geography import city_of
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text.moments import SEOUL
from callcenter.text.phone import PhoneError, read_phone

_OTHER_REASON = "other"
# What stands in the request until the operator has asked for an end that follows the start.
_STAND_IN = timedelta(minutes=30)


def with_doubts(reference: Reference, wish: NewRequest, now: datetime) -> tuple[NewRequest, list[str]]:
    """The wish as it can be kept, and a sentence for every fact that is wrong."""
    doubts: list[str] = []
    guardian = _guardian(wish.guardian, doubts)
    children = tuple(_child(reference, child, now, doubts) for child in wish.children)
    kept = replace(wish, guardian=guardian, children=children)
    regions = reference.regions
    if city_of(wish.region, regions) is None:
        # Nothing can stand in for where the family is, so the code stays and no provider is near.
        doubts.append(_("region: there is no si or gun {found}.").format(found=wish.region))
    if wish.residence and city_of(wish.residence, regions) is None:
        doubts.append(_("residence: there is no si or gun {found}; left blank.").format(found=wish.residence))
        kept = replace(kept, residence=None)
    if wish.reason not in reference.reasons:
        doubts.append(_("reason: {found} is not on the list; kept as «other».").format(found=wish.reason))
        kept = replace(kept, reason=_OTHER_REASON)
    if wish.service is not None and wish.service not in reference.services:
        doubts.append(_("service: {found} is not known; left blank.").format(found=wish.service))
        kept = replace(kept, service=None)
    if wish.end <= wish.start:
        told = _("end: {end} is not after the start {start}; half an hour stands there until you know.")
        doubts.append(told.format(end=_stamp(wish.end), start=_stamp(wish.start)))
        kept = replace(kept, end=wish.start + _STAND_IN)
    elif wish.end <= now:
        doubts.append(_("end: {end} was over when the application came.").format(end=_stamp(wish.end)))
    return kept, doubts


def _guardian(guardian: NewGuardian, doubts: list[str]) -> NewGuardian:
    try:
        read_phone(guardian.phone)
    except PhoneError as wrong:
        doubts.append(_("phone: {found}. {why}").format(found=guardian.phone, why=wrong))
        return replace(guardian, phone="withheld")
    return guardian


def _child(reference: Reference, child: NewChild, now: datetime, doubts: list[str]) -> NewChild:
    if child.birth > now.astimezone(SEOUL).date():
        doubts.append(_("birth: {found} is still to come.").format(found=child.birth))
    unknown = [*_unknown(child.needs, reference.abilities), *_unknown(child.symptoms, reference.symptoms)]
    if not unknown:
        return child
    told = _("needs and symptoms of a child: not known and left out: {found}.")
    doubts.append(told.format(found=", ".join(unknown)))
    return replace(
        child,
        needs=tuple(code for code in child.needs if code not in unknown),
        symptoms=tuple(code for code in child.symptoms if code not in unknown),
    )


def _unknown(codes: Collection[str], known: Collection[str]) -> Iterator[str]:
    return (code for code in codes if code not in known)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
