"""The administrator's side on a real server: made once or ten times, by a superuser or not."""

import psycopg
import pytest
from psycopg import sql

from callcenter.desk.setup import BadDeskName
from callcenter.sync import centre as administration
from callcenter.sync.centre_status import read_status
from tests.sync.conftest import Centre
from tests.sync.postgres import Server
from tests.sync.wire import Reader, Writer, call, calls

MADE_OF = "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace ORDER BY 1"


def test_making_it_again_changes_nothing(centre: Centre) -> None:
    centre.add("A")
    a, writer = centre.connect("A"), Writer("A")
    call(a, "hello", writer.hello())
    writer.write("subject")
    call(a, "push", writer.batch())
    admin = centre.admin()
    before = admin.execute(MADE_OF).fetchall()
    epoch = admin.execute("SELECT epoch FROM callcenter.centre_now()").fetchone()
    with administration.administering(centre.dsn) as connection:
        made = administration.install(connection)
    assert made.before == made.version == administration.VERSION
    assert made.notices == ()
    assert admin.execute(MADE_OF).fetchall() == before
    assert admin.execute("SELECT epoch FROM callcenter.centre_now()").fetchone() == epoch
    assert call(a, "push", writer.batch())["last_seq"] == 1
    assert Reader(centre.connect("A")).all() == [writer.entries[0].id]


def test_the_printed_script_makes_the_same(postgres: Server, centre: Centre) -> None:
    name = postgres.create_database()
    try:
        with postgres.connect(name) as connection:
            connection.execute(administration.script().encode())
            found = connection.execute(MADE_OF).fetchall()
        assert found == centre.admin().execute(MADE_OF).fetchall()
        with administration.administering(postgres.dsn(name)) as connection:
            administration.ensure_made(connection)
    finally:
        postgres.drop_database(name)


def test_an_administrator_who_is_no_superuser_can_make_it(postgres: Server) -> None:
    name = postgres.create_database()
    with postgres.connect() as superuser:
        superuser.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'x'")
        superuser.execute(sql.SQL("GRANT ALL ON DATABASE {} TO dba WITH GRANT OPTION").format(sql.Identifier(name)))
        # The roles are the whole server's: here they are another's, who lets the administrator use them.
        admin_option = "WITH ADMIN OPTION"
        superuser.execute(f"GRANT callcenter_owner, callcenter_desk TO dba {admin_option}".encode())
    try:
        with administration.administering(postgres.dsn(name, "dba", "x")) as connection:
            made = administration.install(connection)
            assert (made.before, made.version) == (0, administration.install(connection).version)
            file, missing = administration.add_desk(connection, "A", everything=True)
            assert missing == ["log_parameter_max_length"]
            status = read_status(connection)
            assert [one["desk"] for one in status.desks] == ["A"]
        with postgres.connect(name, file.user, file.password) as a:
            assert call(a, "hello", Writer("A").hello())["chain"] == "A"
        with administration.administering(postgres.dsn(name, "dba", "x")) as connection:
            administration.revoke_desk(connection, "A")
    finally:
        postgres.drop_database(name)
        with postgres.connect() as superuser:
            superuser.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_a")))
            superuser.execute("DROP OWNED BY dba")
            superuser.execute("DROP ROLE dba")


def test_a_role_that_may_not_is_told_in_words(centre: Centre) -> None:
    made = centre.add("A")
    dsn = centre.server.dsn(centre.database, made.user, made.password)
    with (
        pytest.raises(administration.MayNot, match="The database refused"),
        administration.administering(dsn) as connection,
    ):
        administration.install(connection)


@pytest.mark.parametrize("dsn", ["postgresql://postgres@127.0.0.1:1/x", "nonsense", "host=/nowhere"])
def test_a_database_that_is_not_there_is_told_in_words(dsn: str) -> None:
    with pytest.raises(administration.NoCentre), administration.administering(dsn):
        pytest.fail("connected")


def test_a_database_without_a_centre_is_told_in_words(postgres: Server) -> None:
    with administration.administering(postgres.dsn()) as connection:
        for ask in (read_status, administration.restored):
            with pytest.raises(administration.NotMade):
                ask(connection)
        with pytest.raises(administration.NotMade):
            administration.add_desk(connection, "A", everything=True)


def test_a_desk_is_let_in_with_its_scope(centre: Centre) -> None:
    made = centre.add("A", ("p1", "p2"), ("41110",), everything=False)
    assert (made.host, made.port, made.sslmode, made.ca) == ("127.0.0.1", centre.server.port, "disable", "")
    assert (made.desk, made.programs, made.regions, made.all) == ("A", ("p1", "p2"), ("41110",), False)
    scopes = call(centre.connect("A"), "hello", Writer("A").hello())["scopes"]
    assert scopes == {"programs": ["p1", "p2"], "regions": ["41110"], "all": False}
    again = centre.add("A", everything=True)
    assert again.password != made.password
    assert call(centre.connect("A"), "hello", Writer("A").hello())["scopes"]["all"]
    with pytest.raises(psycopg.OperationalError):
        centre.server.connect(centre.database, made.user, made.password)


def test_what_a_desk_cannot_be_is_told_in_words(centre: Centre) -> None:
    with administration.administering(centre.dsn) as connection:
        with pytest.raises(BadDeskName):
            administration.add_desk(connection, "a; DROP", everything=True)
        with pytest.raises(administration.NoScope):
            administration.add_desk(connection, "A", programs=["p1"])
        with pytest.raises(administration.NoAuthority):
            administration.add_desk(connection, "A", everything=True, host="centre.example")
        made, _missing = administration.add_desk(
            connection, "A", everything=True, host="centre.example", port=6432, ca="PEM"
        )
        centre.desks["A"] = made
        assert (made.host, made.port, made.sslmode, made.ca) == ("centre.example", 6432, "verify-full", "PEM")


def test_the_status_tells_of_desks_work_and_what_waits(centre: Centre) -> None:
    centre.add("A")
    centre.add("B", ("p1",), ("41110",), everything=False)
    a, writer = centre.connect("A"), Writer("A")
    call(a, "hello", writer.hello())
    for _number in range(3):
        writer.write("subject")
    batch = writer.batch()
    batch["entries"][1][1] = "otherwise"
    call(a, "push", batch)
    calls(a, "work", {"take": [{"request": "r1", "operator": "김상담"}], "waiting": 2, "cursor": ["0", 0]})
    with administration.administering(centre.dsn) as connection:
        status = read_status(connection)
        administration.revoke_desk(connection, "B")
        revoked = read_status(connection).desks[1]["revoked"]
    assert (status.entries, status.parked, status.conflicts, status.xids_ahead) == (3, 1, 0, False)
    assert status.settle_lag == 0
    one, other = status.desks
    expected = {"desk": "A", "connections": 1, "chain": "A", "entries": 3, "waiting": 2, "behind": 0, "parked": 1}
    assert one.items() >= {**expected, "conflicts": 0, "recovered": 0, "all": True, "app_version": "1"}.items()
    assert one["seen"].endswith("+00:00")
    assert other.items() >= {"desk": "B", "chain": None, "seen": None, "regions": ["41110"], "revoked": None}.items()
    assert revoked.endswith("+00:00")
    work = [{**row, "for_seconds": 0, "silent_seconds": 0} for row in status.work]
    assert work == [
        {"request": "r1", "number": None, "desk": "A", "operator": "김상담", "for_seconds": 0, "silent_seconds": 0}
    ]


def test_every_file_of_the_schema_is_numbered_and_can_be_run_twice() -> None:
    names = [name for name, _text in administration.scripts()]
    assert len(names) >= 9
    assert len({name[:3] for name in names}) == len(names)
    for name, text in administration.scripts():
        assert name[:3].isdigit()
        for line in text.splitlines():
            if line.startswith(("CREATE TABLE", "CREATE INDEX", "CREATE SCHEMA")):
                assert "IF NOT EXISTS" in line
            elif line.startswith("CREATE"):
                assert line.startswith("CREATE OR REPLACE")
