"""Eight processes taking the same few places at once: none is given twice, nothing that was acknowledged is lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlcipher3 import dbapi2

from callcenter.care.calendar import SEOUL
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest, open_request
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import make_offer, undo_offer
from callcenter.desk.providers import record_providers
from callcenter.desk.session import open_desk
from callcenter.errors import CallcenterError
from callcenter.journal import bodies
from callcenter.journal.history import entries, rebuild, verify
from callcenter.store.engine import open_writer
from callcenter.store.tables import FOLDED
from callcenter.store.transactions import writing
from tests.bench.figures import Figure
from tests.bench.filled import EVENING, SUPERVISOR, FilledDesks, data
from tests.simulator.invariants import broken

if TYPE_CHECKING:
    from sqlite3 import Connection

PROCESSES = 8
_PLACES = (1, 2, 3)
_REQUESTS = 240
_READY_SECONDS = 60

_Work = Callable[[Path, int, float, Barrier, "Queue[Tally]"], None]


class Tally(NamedTuple):
    """What one process was told: every use case that returned, and how often one was refused, by code."""

    acknowledged: list[tuple[str, str]]
    refused: dict[str, int]


def run(desks: FilledDesks) -> list[Figure]:
    """Faults found afterwards in the journal, which must be none, and how many attempts there were."""
    seconds, raw_seconds = (3.0, 2.0) if desks.quick else (30.0, 10.0)
    path = desks.empty()
    _prepare(path)
    tallies = _all_at_once(_take, path, seconds)
    raw = _all_at_once(_insert, _raw_file(path), raw_seconds)
    committed = sum(len(tally.acknowledged) for tally in tallies)
    refused = _refused(tallies)
    if not refused["no_place_left"]:
        raise AssertionError("nobody met a taken place: this was no race")
    found = _faults(path, tallies)
    attempts = committed + refused.total()
    raw_attempts = sum(len(tally.acknowledged) for tally in raw) + _refused(raw).total()
    told = ", ".join(f"{count:,} {code}" for code, count in refused.most_common())
    wrong = "; ".join(found.faults)
    return [
        Figure("race", "places given twice", found.double, "places", target=0, note=f"{attempts:,} attempts"),
        Figure("race", "acknowledged steps that are lost", found.lost, "steps", target=0, note=f"{committed:,} steps"),
        Figure("race", "faults of the chain, the fold or the rules", len(found.faults), "faults", target=0, note=wrong),
        Figure(
            "race",
            f"attempts of {PROCESSES} processes",
            attempts / seconds,
            "/s",
            raw_attempts / raw_seconds,
            "one insert in a transaction of its own",
            note=f"refused: {told}; raw: {_refused(raw)['locked']} locked",
        ),
    ]


def _refused(tallies: Sequence[Tally]) -> Counter[str]:
    refused: Counter[str] = Counter()
    for tally in tallies:
        refused.update(tally.refused)
    return refused


def _prepare(path: Path) -> None:
    """Few places and many requests for the same hours."""
    with closing(open_desk(path, data())) as desk:
        providers = [
            ProviderRecord(
                id=f"race-{places}",
                service="gyeonggi.elementary",
                name=f"시연 수원 돌봄센터 {places}",
                region="41110",
                phone_day=f"010-0000-900{places}",
                groups=(GroupRecord("72-155m", 72, 155, places),),
                source="made up for a bench",
                demo=True,
            )
            for places in _PLACES
        ]
        record_providers(desk, SUPERVISOR, EVENING, providers)
        tomorrow = (EVENING + timedelta(days=1)).astimezone(SEOUL)
        for number in range(_REQUESTS):
            # Half of them begin half an hour after the other half, so that not every key of two offers is the same.
            start = tomorrow.replace(hour=20, minute=30 * (number % 2))
            wish = NewRequest(
                guardian=NewGuardian(name="홍길동", phone=f"010-0000-{1000 + number}"),
                children=(NewChild("홍아이", date(2018, 3, 5), "elementary", registered=True),),
                region="41110",
                residence="41110",
                start=start,
                end=start + timedelta(hours=2),
                reason=next(iter(data().reasons)),
            )
            open_request(desk, SUPERVISOR, EVENING, wish)


def _all_at_once(work: _Work, path: Path, seconds: float) -> list[Tally]:
    """Run the work in eight processes that begin together."""
    context = get_context("spawn")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=work, args=(path, seed, seconds, barrier, answers)) for seed in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    tallies = [answers.get(timeout=seconds + _READY_SECONDS) for _ in processes]
    for process in processes:
        process.join()
    return tallies


def _take(path: Path, seed: int, seconds: float, barrier: Barrier, answers: "Queue[Tally]") -> None:
    """Offer, and give back half of what was offered, as fast as the file allows."""
    rng = Random(seed)
    acknowledged: list[tuple[str, str]] = []
    refused: Counter[str] = Counter()
    held: list[str] = []
    with closing(open_desk(path, data())) as desk:
        requests = [row[0] for row in desk.connection.execute("SELECT id FROM request ORDER BY id")]
        barrier.wait(_READY_SECONDS)
        until = monotonic() + seconds
        while monotonic() < until:
            try:
                if held and rng.random() < 0.45:
                    offer = held.pop(rng.randrange(len(held)))
                    if rng.random() < 0.5:
                        undo_offer(desk, SUPERVISOR, _now(desk.connection, offer), offer)
                        acknowledged.append((bodies.OfferUndone.kind, offer))
                    else:
                        answer_offer(desk, SUPERVISOR, EVENING, offer, "declined")
                        acknowledged.append((bodies.OfferAnswered.kind, offer))
                else:
                    provider = f"race-{rng.choice(_PLACES)}"
                    made = make_offer(desk, SUPERVISOR, EVENING, rng.choice(requests), provider)
                    acknowledged.append((bodies.OfferMade.kind, made.offer_id))
                    held.append(made.offer_id)
            except CallcenterError as refusal:
                refused[refusal.code] += 1
    answers.put(Tally(acknowledged, dict(refused)))


def _now(connection: "Connection", offer: str) -> datetime:
    """A moment within the offer's undo window."""
    made: int = connection.execute("SELECT made_at FROM offer WHERE id = ?", (offer,)).fetchone()[0]
    return datetime.fromtimestamp(made + 1, SEOUL)


def _raw_file(beside: Path) -> Path:
    path = beside.with_name("raw-race.db")
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE taken (place INTEGER PRIMARY KEY, who INTEGER)")
    return path


def _insert(path: Path, seed: int, seconds: float, barrier: Barrier, answers: "Queue[Tally]") -> None:
    """The raw limit of the same file system: one key taken or refused in each synced transaction."""
    rng = Random(seed)
    done: list[tuple[str, str]] = []
    refused: Counter[str] = Counter()
    with closing(dbapi2.connect(str(path), isolation_level=None, timeout=5)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        barrier.wait(_READY_SECONDS)
        until = monotonic() + seconds
        while monotonic() < until:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO taken VALUES (?, ?)", (rng.randrange(10**9), seed))
                connection.execute("COMMIT")
                done.append(("insert", ""))
            except dbapi2.IntegrityError:
                connection.execute("ROLLBACK")
                refused["taken"] += 1
            except dbapi2.OperationalError:
                # SQLite does not queue those who wait: in such a crowd one may wait in vain for all its five seconds.
                refused["locked"] += 1
    answers.put(Tally(done, dict(refused)))


class _Found(NamedTuple):
    double: int
    lost: int
    faults: list[str]


def _faults(path: Path, tallies: list[Tally]) -> _Found:
    """Ask the journal alone who held what when; the folded tables could not even show a place given twice."""
    with closing(open_writer(path)) as connection:
        double = sum(1 for _ in _given_twice(connection))
        written = Counter(_steps(connection))
        told = Counter(step for tally in tallies for step in tally.acknowledged)
        lost = (told - written).total() + (written - told).total()
        faults = [f"{fault.reason} at {fault.desk} {fault.seq}" for fault in verify(connection)[1]]
        faults += [f"{what}: {found}" for what, found in broken(connection).items() if what != "chain"]
        before = _rows(connection)
        with writing(connection):
            rebuild(connection)
        if _rows(connection) != before:
            faults.append("folding again gives other tables")
    return _Found(double, lost, faults)


def _steps(connection: "Connection") -> Iterator[tuple[str, str]]:
    for entry in entries(connection):
        if entry.kind.startswith("offer.") and entry.body is not None:
            offer = bodies.KINDS[entry.kind].model_validate_json(entry.body).model_dump()["offer"]
            yield entry.kind, offer


def _given_twice(connection: "Connection") -> Iterator[tuple[str, int, int]]:
    """Every key that an offer took while another offer had it, or beyond the group's places, in journal order."""
    places = dict(connection.execute("SELECT id, places FROM provider_group").fetchall())
    holders: dict[tuple[str, int, int], str] = {}
    for entry in entries(connection):
        model = bodies.KINDS[entry.kind]
        if entry.body is None or not entry.kind.startswith("offer."):
            continue
        body = model.model_validate_json(entry.body)
        if isinstance(body, bodies.OfferMade):
            window = range(body.first_slot, body.last_slot + 1)
            for key in {(seat.group, slot, seat.place) for seat in body.seats for slot in window}:
                if key in holders or not 1 <= key[2] <= (places[key[0]] or 0):
                    yield key
                holders[key] = body.offer
        elif isinstance(body, bodies.OfferUndone | bodies.OfferAnswered):
            for key in [key for key, offer in holders.items() if offer == body.offer]:
                del holders[key]


def _rows(connection: "Connection") -> dict[str, list[Any]]:
    names = [str(model.__tablename__) for model in FOLDED]
    return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}
