"""Two desks with a file each, which hear of each other's entries when a test says so."""

from datetime import timedelta
from pathlib import Path
from random import Random

from callcenter.desk.claims import Answered, Settled, settle_claims
from callcenter.desk.permission import CENTRE
from callcenter.desk.session import Desk
from callcenter.desk.setup import init_desk
from callcenter.journal import history
from callcenter.reference import Reference
from callcenter.store.transactions import writing
from tests.conftest import NOW
from tests.desk import wishes

SOON, LATER = NOW + timedelta(seconds=2), NOW + timedelta(minutes=1)


def neighbour(folder: Path, data: Reference, name: str = "B") -> Desk:
    """A desk of another name that knows the same providers."""
    programs = ["gyeonggi-always", "gyeongsan-119"]
    made = init_desk(
        folder / f"{name}.db",
        data,
        NOW,
        name=name,
        programs=programs,
        supervisor="최팀장",
        entropy=Random(ord(name)).randbytes,
    )
    wishes.have(made, wishes.CENTRE, wishes.ONE_PLACE, wishes.UNKNOWN, wishes.CARER)
    return made


def hear(here: Desk, there: Desk) -> None:
    """`here` takes in everything that `there` knows."""
    with writing(here.connection):
        history.receive(here.connection, list(history.entries(there.connection)))


def exchange(one: Desk, other: Desk) -> None:
    """Both come to know the same."""
    hear(one, other)
    hear(other, one)


def refuse(here: Desk, offer_id: str, other: str, desk: str = "B") -> list[Settled]:
    """The centre refuses the place of an offer, a minute after it was made."""
    return settle_claims(here, CENTRE, LATER, [Answered(offer_id, "refused", "place", other, desk, f"{desk}-1124-001")])
