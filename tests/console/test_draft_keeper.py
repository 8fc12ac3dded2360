"""The thread that keeps drafts: what is on the disk is not written again, whatever else happened to it is."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Event

from callcenter.console.draft_keeper import DraftKeeper
from callcenter.desk.session import Desk, seconds
from callcenter.store.drafts import DraftRow, drafts
from callcenter.store.engine import data_version, open_reader
from tests.conftest import NOW
from tests.patience import PATIENCE

ROW = DraftRow("d1", "김상담", None, None, seconds(NOW), '{"raw": {"line": "수원"}}')


@contextmanager
def keeping(desk: Desk) -> Iterator[DraftKeeper]:
    keeper = DraftKeeper(lambda message: None, desk.path, lambda: NOW, timedelta(hours=24))
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()


def made(row: DraftRow) -> Callable[[], DraftRow]:
    return lambda: row


def commits(desk: Desk, *turns: DraftRow | None) -> int:
    """How many of the turns, each begun when the one before was over, wrote to the file."""
    found = 0
    with closing(open_reader(desk.path)) as connection, keeping(desk) as keeper:
        # Once it has forgotten one that never was, it has forgotten those that are too old.
        keeper.keep("d0", None)
        keeper.settle(PATIENCE)
        for row in turns:
            before = data_version(connection)
            keeper.keep("d1", None if row is None else made(row))
            keeper.settle(PATIENCE)
            found += data_version(connection) != before
    return found


def test_what_is_on_the_disk_already_is_not_written_again(desk: Desk) -> None:
    later = ROW._replace(saved_at=ROW.saved_at + 5)
    assert commits(desk, ROW, later, ROW) == 1
    assert drafts(desk.connection) == [ROW]


def test_another_text_operator_or_call_is_written(desk: Desk) -> None:
    turns = [ROW, ROW._replace(body="{}"), ROW._replace(operator="이팀장"), ROW._replace(call_id="c1")]
    assert commits(desk, *turns) == 4


def test_a_draft_that_was_forgotten_is_written_again(desk: Desk) -> None:
    assert commits(desk, ROW, None, ROW) == 3
    assert drafts(desk.connection) == [ROW]


def test_who_waits_for_a_draft_goes_on_once_it_is_on_the_disk_and_no_later_than_he_would(desk: Desk) -> None:
    typed = Event()

    def slow() -> DraftRow:
        typed.wait(PATIENCE)
        return ROW

    with keeping(desk) as keeper:
        keeper.settle(PATIENCE)
        keeper.keep("d1", slow)
        keeper.settle(0.05)
        assert drafts(desk.connection) == []
        typed.set()
        keeper.settle(PATIENCE)
        assert drafts(desk.connection) == [ROW]
