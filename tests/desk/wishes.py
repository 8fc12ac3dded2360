"""Made-up wishes, providers and evenings for the tests of the desk, and what a test asks of the file afterwards."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from callcenter.care.calendar import SEOUL
from callcenter.care.child import School
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest, RequestTaken, open_request
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import OfferTaken, make_offer
from callcenter.desk.providers import record_providers
from callcenter.desk.session import Desk
from callcenter.journal import history
from callcenter.store import reads
from callcenter.store.transactions import writing
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.journal.evenings import folded
from tests.published import ELEMENTARY, SUWON, VISIT

if TYPE_CHECKING:
    from sqlite3 import Connection

START = datetime(2026, 11, 24, 20, 0, tzinfo=SEOUL)
END = datetime(2026, 11, 24, 23, 0, tzinfo=SEOUL)
SLOTS = 6

CENTRE = ProviderRecord(
    "centre", ELEMENTARY, "시험 돌봄센터", SUWON, groups=(GroupRecord("72-155m", 72, 155, 2),), demo=True
)
ONE_PLACE = CENTRE._replace(id="one-place", name="한자리 센터", groups=(GroupRecord("72-155m", 72, 155, 1),))
UNKNOWN = CENTRE._replace(id="unknown", name="정원미상 센터", groups=(GroupRecord("72-155m", 72, 155, None),))
CARER = ProviderRecord(
    "carer", VISIT, "시험 돌보미", SUWON, groups=(GroupRecord("3-155m", 3, 155, 1, children_per_place=3),), demo=True
)


def mother(phone: str = "010-0000-1234", **more: object) -> NewGuardian:
    facts: dict[str, Any] = {"name": "박하나", "phone": phone, **more}
    return NewGuardian(**facts)


def child(name: str = "박새봄", birth: str = "2018-05-05", school: School = "elementary", **more: object) -> NewChild:
    facts: dict[str, Any] = {"birth": date.fromisoformat(birth), "school": school, "registered": True, **more}
    return NewChild(name, **facts)


def wish(*children: NewChild, **more: object) -> NewRequest:
    """Three hours this evening in 수원, for one registered pupil unless said otherwise."""
    facts: dict[str, Any] = {
        "guardian": mother(),
        "children": children or (child(),),
        "region": SUWON,
        "start": START,
        "end": END,
        "reason": "overtime",
        **more,
    }
    return NewRequest(**facts)


def have(desk: Desk, *providers: ProviderRecord) -> None:
    record_providers(desk, SUPERVISOR, NOW, providers)


def take(desk: Desk, *children: NewChild, now: datetime = NOW, **more: object) -> RequestTaken:
    return open_request(desk, OPERATOR, now, wish(*children, **more))


def offer(desk: Desk, request_id: str, provider: ProviderRecord = CENTRE, now: datetime = NOW) -> OfferTaken:
    return make_offer(desk, OPERATOR, now, request_id, provider.id)


def place(desk: Desk, provider: ProviderRecord = CENTRE, **more: object) -> tuple[str, str]:
    """A request all the way to its guardian's yes: the request and the offer."""
    request_id = open_request(desk, OPERATOR, NOW, wish(**more)).request_id
    made = offer(desk, request_id, provider)
    answer_offer(desk, OPERATOR, NOW + timedelta(minutes=1), made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, NOW + timedelta(minutes=2), request_id)
    return request_id, made.offer_id


def state(desk: Desk, request_id: str) -> str:
    found = reads.request(desk.connection, request_id)
    assert found is not None
    return found.state


def taken(desk: Desk) -> list[tuple[str, int, int, str]]:
    """Every taken place: group, slot, number, offer."""
    sql = "SELECT group_id, slot, place_no, offer_id FROM place_taken ORDER BY group_id, slot, place_no"
    return desk.connection.execute(sql).fetchall()


def entries(connection: "Connection") -> int:
    count: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return count


def kinds(desk: Desk, since: int) -> list[str]:
    """The kinds of the entries after so many, in the order they were written."""
    rows = desk.connection.execute("SELECT kind FROM entry ORDER BY desk, seq").fetchall()
    return [row[0] for row in rows[since:]]


def holds(desk: Desk) -> None:
    """The chain is unbroken, and folding the journal again gives the same tables."""
    before = folded(desk.connection)
    assert history.verify(desk.connection) == (entries(desk.connection), [])
    with writing(desk.connection):
        history.rebuild(desk.connection)
    assert folded(desk.connection) == before
