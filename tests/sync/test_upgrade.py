"""A centre that an older program made, upgraded while desks work: before, what it knows; afterwards, all of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.desk.offered import NoPlaceLeft
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.sync import centre as administration
from callcenter.sync.centre_status import read_status
from callcenter.sync.problems import NoSuchCentre
from tests.desk import wishes
from tests.desk.wishes import ONE_PLACE
from tests.sync.conftest import Centre
from tests.sync.desks import Clock, Joined, dump, join, quiet
from tests.sync.postgres import Server
from tests.sync.test_exchange import Pair, ask, claim, offer

_FUNCTION = re.compile(r"callcenter\.(\w+)\([^()]*\)")
_FIRST = 7
"""Of the files of the schema, those up to the greeting: who works on what, status and subjects came after it."""


def older(*also: str) -> str:
    """A centre of the first files, and of those named besides: desks may call what there is of it."""
    files = dict(administration.scripts())
    names = [*list(files)[:_FIRST], *also]
    made, rights = "".join(files[name] for name in names), files["099_rights.sql"]
    known = [one.group() for one in _FUNCTION.finditer(rights) if f"FUNCTION callcenter.{one.group(1)}(" in made]
    granted = f"GRANT EXECUTE ON FUNCTION {', '.join(known)} TO callcenter_desk"
    rights = re.sub(r"GRANT EXECUTE.*?TO callcenter_desk", granted, rights, flags=re.DOTALL)
    return made + rights


@pytest.fixture
def empty(postgres: Server) -> Iterator[Centre]:
    """A database with nothing in it."""
    made = Centre(postgres, postgres.create_database())
    yield made
    made.remove()


@pytest.fixture
def clock() -> Clock:
    """One clock for all desks."""
    return Clock()


@pytest.fixture
def pair(
    tmp_path: Path, data: Reference, empty: Centre, clock: Clock, request: pytest.FixtureRequest
) -> Iterator[Pair]:
    """Desks A and B of a centre of the first files and those that the test names besides."""
    with empty.admin() as connection:
        with connection.transaction():
            connection.execute(older(*request.param).encode())
        # Desks were let in by a program that knew no newer centre than this one.
        found = join(tmp_path, data, empty.add("A"), clock=clock), join(tmp_path, data, empty.add("B"), clock=clock)
        connection.execute("UPDATE callcenter.centre SET version = 1")
    wishes.have(found[0].desk, ONE_PLACE)
    yield found
    for one in found:
        one.close()


def upgrade(centre: Centre) -> None:
    with administration.administering(centre.dsn) as connection:
        made = administration.install(connection)
    assert (made.before, made.version) == (1, administration.VERSION)


def go_on(one: Joined, other: Joined, centre: Centre) -> None:
    """All that desks and their centre do with each other."""
    quiet(one, other)
    request, late = ask(one).request_id, ask(other, "010-0000-4321").request_id
    for at, of in ((one, request), (other, late)):
        at.loop._work.take(of, f"김상담{at.desk.name}")
    quiet(one, other)
    for at in (one, other):
        at.until(lambda at=at: set(at.loop.state.work) >= {request, late})  # type: ignore[misc]
        assert at.loop.state.problem is None
    assert dump(one.desk) == dump(other.desk)
    with administration.administering(centre.dsn) as connection:
        status = read_status(connection)
    assert {work["number"] for work in status.work} >= {numbers(one, request), numbers(one, late)}


def numbers(at: Joined, request: str) -> str:
    found = reads.request(at.desk.connection, request)
    assert found is not None
    return found.number


@pytest.mark.parametrize("pair", [("010_subjects.sql",)], indirect=True)
def test_desks_that_an_older_centre_serves_go_on_on_the_same_line(pair: Pair, empty: Centre) -> None:
    one, other = pair
    quiet(one, other)
    offered = offer(one, ask(one).request_id)
    quiet(one, other)
    assert claim(other, offered) == ("pending", "granted")
    # It does not know who works on what, says so, and does all the rest.
    assert isinstance(one.loop.state.problem, NoSuchCentre)
    with administration.administering(empty.dsn) as connection, pytest.raises(administration.OlderCentre):
        read_status(connection)
    line = one.loop._exchange
    upgrade(empty)
    go_on(one, other, empty)
    assert one.loop._exchange is line
    # What was granted before is still theirs.
    with pytest.raises(NoPlaceLeft):
        offer(other, ask(other, "010-0000-8765").request_id)
    assert claim(one, offered) == ("pending", "granted")


@pytest.mark.parametrize("pair", [()], indirect=True)
def test_what_was_done_before_the_upgrade_at_a_centre_too_old_to_take_it_arrives_after_it(
    pair: Pair, empty: Centre
) -> None:
    one, other = pair
    mine = offer(one, ask(one).request_id)
    for at in pair:
        at.until(lambda at=at: isinstance(at.loop.state.problem, NoSuchCentre))  # type: ignore[misc]
    wishes.have(other.desk, ONE_PLACE)
    theirs = offer(other, ask(other, "010-0000-4321").request_id)
    assert claim(one, mine)[1] == claim(other, theirs)[1] == "provisional"
    upgrade(empty)
    go_on(one, other, empty)
    assert {claim(one, mine)[1], claim(one, theirs)[1]} == {"granted", "refused"}
