"""What a desk's role may not do, on a real server."""

import psycopg
import pytest

from callcenter.sync import centre as administration
from tests.sync.conftest import Centre
from tests.sync.wire import Writer, call

TABLES = ("centre", "desk", "presence", "chain", "entry", "subject", "place_taken", "claim", "work", "parked")
PUBLIC = {"hello", "push", "pull", "claim", "work", "hashes", "ids", "fetch"}


@pytest.mark.parametrize("table", [*TABLES, "visible"])
@pytest.mark.parametrize("statement", ["SELECT * FROM {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_table_can_be_read_or_emptied(centre: Centre, table: str, statement: str) -> None:
    centre.add("A")
    refusals = (
        psycopg.errors.InsufficientPrivilege,
        # A view of several tables, which nobody can write.
        psycopg.errors.WrongObjectType,
        psycopg.errors.ObjectNotInPrerequisiteState,
    )
    with pytest.raises(refusals):
        centre.connect("A").execute(statement.format(f"callcenter.{table}").encode())


def test_only_the_functions_of_a_desk_can_be_called(centre: Centre) -> None:
    centre.add("A")
    admin = centre.admin()
    rows = admin.execute(
        "SELECT proname, has_function_privilege(%s, oid, 'EXECUTE'), prosecdef, proconfig, proowner::regrole::text"
        " FROM pg_proc WHERE pronamespace = 'callcenter'::regnamespace",
        (centre.desks["A"].user,),
    ).fetchall()
    assert {row[0] for row in rows if row[1]} == PUBLIC
    assert len(rows) > len(PUBLIC)
    for name, _may, definer, settings, owner in rows:
        assert owner == "callcenter_owner"
        if name in PUBLIC:
            assert definer
            assert "search_path=callcenter, pg_temp" in settings
    a = centre.connect("A")
    for call_of_one in ("settle('A', '{}', false)", "caller()", "restored()", "desks_now()", "empty_entries('[]')"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            a.execute(f"SELECT callcenter.{call_of_one}".encode())


def test_a_desk_settles_only_offers_of_requests_that_it_may_see(centre: Centre) -> None:
    asks = {"offer": "o1", "request": "r1", "number": "A-1", "hlc": 1, "keys": [["g", 1, 1]]}
    told = {"id": "r1", "program": "p", "region": "1", "open": True}
    gives_back = {**asks, "hlc": 9, "keys": []}
    taken = "SELECT offer_id FROM callcenter.place_taken"
    writers = {name: Writer(name) for name in "ABC"}
    links = {}
    for name, region in (("A", "1"), ("B", "1"), ("C", "2")):
        centre.add(name, ("p",), (region,), everything=False)
        links[name] = centre.connect(name)
        call(links[name], "hello", writers[name].hello())
    # Before anything of the request is there, as an offer that is made online is asked for.
    assert call(links["A"], "claim", asks)["outcome"] == "granted"
    writers["A"].write("r1")
    call(links["A"], "push", writers["A"].batch(subjects=[told], places=[asks]))
    for function, argument in (("claim", gives_back), ("push", writers["C"].batch(places=[gives_back]))):
        call(links["C"], function, argument)
        assert centre.admin().execute(taken).fetchall() == [("o1",)]
    call(links["B"], "push", writers["B"].batch(places=[gives_back]))
    assert centre.admin().execute(taken).fetchall() == []


def test_every_table_is_shut_by_row_level_security_too(centre: Centre) -> None:
    centre.add("A")
    admin = centre.admin()
    rows = admin.execute(
        "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r'"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(TABLES, True)
    a = centre.connect("A")
    call(a, "hello", Writer("A").hello())
    # Somebody was careless with a grant.
    admin.execute("GRANT SELECT ON callcenter.chain TO callcenter_desk")
    assert a.execute("SELECT * FROM callcenter.chain").fetchall() == []


def test_a_table_of_ones_own_is_not_mistaken_for_the_centres(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a = centre.connect("A")
    admin = centre.admin()
    admin.execute(f"GRANT TEMPORARY ON DATABASE {centre.database} TO PUBLIC".encode())
    a.execute("CREATE TEMPORARY TABLE desk (name text, role text, revoked timestamptz)")
    a.execute("INSERT INTO pg_temp.desk VALUES ('B', session_user, NULL)")
    a.execute("SET search_path = pg_temp, callcenter")
    with pytest.raises(psycopg.Error, match="not_your_chain"):
        call(a, "hello", Writer("B").hello())


def test_a_desk_cannot_act_for_another(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a = centre.connect("A")
    b = centre.desks["B"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        a.execute(f'SET ROLE "{b.user}"'.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        a.execute(f'SET SESSION AUTHORIZATION "{b.user}"'.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        a.execute("SET ROLE callcenter_owner")
    with pytest.raises(psycopg.OperationalError):
        centre.server.connect(centre.database, b.user, centre.desks["A"].password)


def test_who_is_no_desk_is_told_so(centre: Centre) -> None:
    for query in (
        "hello('{}')", "push('{}')", "claim('{}')", "work('{}')", "pull('0', 0, 1)", "hashes(0)", "ids(0, 0)",
        "fetch('[]')",
    ):  # fmt: skip
        with pytest.raises(psycopg.Error, match="not_a_desk") as refused:
            centre.admin().execute(f"SELECT callcenter.{query}".encode())
        assert refused.value.sqlstate == "CC001"


def test_a_revoked_desk_is_out_at_once_and_may_be_let_in_again(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    call(a, "hello", Writer("A").hello())
    with administration.administering(centre.dsn) as connection:
        assert administration.revoke_desk(connection, "A") == 1
        assert administration.revoke_desk(connection, "A") == 0
        with pytest.raises(administration.NoSuchDesk):
            administration.revoke_desk(connection, "C")
    with pytest.raises(psycopg.OperationalError):
        call(a, "hello", Writer("A").hello())
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        centre.connect("A")
    centre.add("A")
    assert call(centre.connect("A"), "hello", Writer("A").hello())["chain"] == "A"


def test_a_connection_that_outlives_its_desk_is_refused(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    centre.admin().execute("UPDATE callcenter.desk SET revoked = now()")
    with pytest.raises(psycopg.Error, match="revoked") as refused:
        call(a, "hello", Writer("A").hello())
    assert refused.value.sqlstate == "CC002"


def test_the_role_has_its_limits(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert a.execute(f"SHOW {setting}".encode()).fetchone() == ("5s",)
    if a.info.server_version >= 170000:
        assert a.execute("SHOW transaction_timeout").fetchone() == ("5s",)
    assert a.execute("SHOW log_parameter_max_length").fetchone() == ("0",)
    for _number in range(3):
        centre.connect("A")
    with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
        centre.connect("A")


def test_what_families_said_does_not_get_into_the_servers_log(centre: Centre) -> None:
    centre.add("A")
    admin = centre.admin()
    admin.execute("ALTER SYSTEM SET log_min_duration_statement = 0")
    admin.execute("SELECT pg_reload_conf()")
    try:
        a = centre.connect("A")
        writer = Writer("A")
        call(a, "hello", writer.hello())
        for _number in range(3):
            writer.write("subject", text="땅콩알레르기")
        batch = writer.batch()
        batch["entries"][1][1] = '{"text": "땅콩알레르기 둘"'
        assert len(call(a, "push", batch)["parked"]) == 1
        with pytest.raises(psycopg.Error):
            call(a, "push", {"chain": "A~7", "entries": batch["entries"]})
    finally:
        admin.execute("ALTER SYSTEM RESET log_min_duration_statement")
        admin.execute("SELECT pg_reload_conf()")
    log = centre.server.log
    assert "SELECT callcenter.push($1)" in log
    assert "unknown_chain" in log
    assert "땅콩" not in log
