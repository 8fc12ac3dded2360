"""The desk's people: who may act here, and in which role."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import PLATFORM, TELEPHONE, Actor, Role, requires
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import reads

if TYPE_CHECKING:
    from sqlite3 import Connection


class NameTaken(CallcenterError):
    """Two of the desk's people may not have one name, since the name stands in the journal. Values: name."""

    code = "name_taken"
    sentence = mark("Somebody here is called «{name}» already. Add something that tells them apart.")


class NamelessPerson(CallcenterError):
    """A name without a letter."""

    code = "nameless"
    sentence = mark("Please give a name.")


class NobodyThere(CallcenterError):
    """No such person, or none with the role that is needed. Values: name, known."""

    code = "nobody_there"
    sentence = mark("«{name}» is none of this desk's people. These are: {known}.")


def actor_named(connection: "Connection", name: str | None, role: Role) -> Actor:
    """The person of this name, or without a name the first with the role; raises `NobodyThere`."""
    people = reads.people(connection)
    for person in people:
        if person.name == name or (name is None and person.role == role):
            return Actor(person.name, cast(Role, person.role))
    raise NobodyThere(name=name or role, known=", ".join(person.name for person in people))


@requires("people.write")
def add_operator(desk: Desk, actor: Actor, now: datetime, name: str, role: Role) -> None:
    """Add one of the desk's people."""
    from callcenter.journal import bodies

    cleaned = kept_text(name)
    if not cleaned:
        raise NamelessPerson
    with desk.writing(actor.name, now) as chain:
        if cleaned in (PLATFORM.name, TELEPHONE.name) or any(
            person.name == cleaned for person in reads.people(desk.connection)
        ):
            raise NameTaken(name=cleaned)
        chain.append(chain.new_id(), bodies.OperatorAdded(name=cleaned, role=role))
