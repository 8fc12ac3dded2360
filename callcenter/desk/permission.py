"""Who may do what: an actor's role decides, and every use case names the permission it needs."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from callcenter.errors import CallcenterError
from callcenter.language import mark

if TYPE_CHECKING:
    from callcenter.desk.session import Desk

Role = Literal["operator", "supervisor"]
MachineRole = Literal["gateway", "centre"]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

OPERATOR = frozenset(
    {
        "call.take",
        "call.end",
        "callback.promise",
        "callback.try",
        "callback.close",
        "safety.raise",
        "request.open",
        "request.amend",
        "request.move",
        "offer.make",
        "offer.undo",
        "offer.answer",
        "offer.confirm",
        "care.note",
        "places.confirm",
        "closure.set",
        "roster.set",
        "duty.set",
        "record.reveal",
        "record.search",
        "note.write",
        "entry.correct",
        "incident.raise",
        "satisfaction.note",
        "complaint.write",
        "message.write",
        "conflict.decide",
        "request.take_over",
    }
)
SUPERVISOR = OPERATOR | {"person.erase", "nocontact.write", "provider.write", "people.write", "incident.acknowledge"}
GATEWAY = frozenset({"application.accept", "telephone.tell", "message.send"})
CENTRE_ROLE = frozenset({"claim.settle"})
ROLES: dict[Role | MachineRole, frozenset[str]] = {
    "operator": OPERATOR,
    "supervisor": SUPERVISOR,
    "gateway": GATEWAY,
    "centre": CENTRE_ROLE,
}

USE_CASES: dict[str, str] = {}


class Actor(NamedTuple):
    """Who acts: a name and a role, chosen at start from the desk's people, or a machine at the door."""

    name: str
    role: Role | MachineRole


# The online platform (플랫폼), through whichever gateway it comes.
PLATFORM = Actor("플랫폼", "gateway")
# The telephone system (전화), whatever tells of its calls.
TELEPHONE = Actor("전화", "gateway")
# The process that sends messages (문자).
MESSENGER = Actor("문자", "gateway")
# What the centre (중앙) answered, whoever brings it.
CENTRE = Actor("중앙", "centre")


class NotPermitted(CallcenterError):
    """The actor's role does not include the permission. Values: permission."""

    code = "not_permitted"
    sentence = mark("You may not do this ({permission}). Please ask your supervisor.")


def requires(
    permission: str,
) -> Callable[
    ["Callable[Concatenate[Desk, Actor, datetime, Arguments], Result]"],
    "Callable[Concatenate[Desk, Actor, datetime, Arguments], Result]",
]:
    """Declare the permission of a use case; without it the use case raises `NotPermitted` before it does anything."""

    def declare(
        use_case: "Callable[Concatenate[Desk, Actor, datetime, Arguments], Result]",
    ) -> "Callable[Concatenate[Desk, Actor, datetime, Arguments], Result]":
        USE_CASES[f"{use_case.__module__}.{use_case.__qualname__}"] = permission

        @wraps(use_case)
        def checked(
            desk: "Desk", actor: Actor, now: datetime, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> Result:
            if permission not in ROLES[actor.role]:
                raise NotPermitted(permission=permission)
            return use_case(desk, actor, now, *args, **kwargs)

        return checked

    return declare
