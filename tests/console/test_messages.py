"""The window of a request's texts, by keys, on a real file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from callcenter.console.app import Console
from callcenter.console.screens.messages import MessagesScreen
from callcenter.desk import outbox
from callcenter.desk.messages import follow
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.permission import MESSENGER
from callcenter.desk.session import Desk, open_desk
from callcenter.store.messages import messages_of_request
from tests.conftest import NOW, OPERATOR
from tests.console.seats import SUWON_CENTRE, Watch, ask, console, give_places, screen_of, text_of, until

SIZES = [(120, 36), (80, 24)]
OUT = NOW + timedelta(seconds=11)


@pytest.fixture
def sending(desk: Desk) -> Iterator[Desk]:
    made = open_desk(desk.path, desk.reference, Random(8).randbytes, follow)
    yield made
    made.close()


def sends(app: Console) -> Console:
    app.seat = app.seat._replace(settings=replace(app.seat.settings, messages="file"))
    return app


def placed(desk: Desk) -> str:
    give_places(desk, 3)
    request_id = ask(desk).request_id
    made = make_offer(desk, OPERATOR, NOW, request_id, SUWON_CENTRE)
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, NOW, request_id)
    return request_id


@pytest.mark.parametrize("size", SIZES)
async def test_without_a_gateway_the_text_is_there_to_be_read_out_and_copied(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    give_places(desk, 3)
    request = ask(desk)
    make_offer(desk, OPERATOR, NOW, request.request_id, SUWON_CENTRE)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: screen_of(pilot).view is not None)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: f"Messages of {request.number}" in text_of(pilot))
        assert "긴급돌봄 요청 A-1124-001" in text_of(pilot)
        assert "no mobile number" in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Copied" in text_of(pilot))
        assert app.clipboard.startswith("[경기도 아동언제나돌봄서비스] 긴급돌봄 요청 A-1124-001\n11/24(화) 20:00~23:00")
        await pilot.press("f5")
        await until(pilot, lambda: "sends no messages" in text_of(pilot).replace("\n", " "))
        await pilot.press("f10")
        await until(pilot, lambda: app.screen is screen_of(pilot))
    kinds = [row[0] for row in desk.connection.execute("SELECT kind FROM entry")]
    assert kinds.count("record.read") == 1
    assert "message.queued" not in kinds


async def test_what_was_not_sent_is_told_by_telephone_or_sent_again(sending: Desk, tmp_path: Path) -> None:
    request_id = placed(sending)
    (waiting,) = messages_of_request(sending.connection, request_id)
    assert outbox.take_next(sending, MESSENGER, OUT) is not None
    outbox.note_failed(sending, MESSENGER, OUT, waiting.id, "400", permanent=True, spread=0.5)
    watch = Watch()
    watch.now = OUT
    app = sends(console(sending, watch, tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "message not sent" in text_of(pilot))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen_of(pilot).view is not None)
        await until(pilot, lambda: "x not sent (400)" in text_of(pilot) and "guardian: confirmed" in text_of(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, MessagesScreen))
        await until(pilot, lambda: "010-****-1234" in text_of(pilot))
        await pilot.press("f5")
        await until(pilot, lambda: "It leaves now." in text_of(pilot))
        states = [row.state for row in messages_of_request(sending.connection, request_id)]
        assert states == ["dropped", "waiting"]
        await until(pilot, lambda: "waits" in text_of(pilot))
        await pilot.press("1", "f6")
        await until(pilot, lambda: "Noted as told by telephone." in text_of(pilot))
    rows = messages_of_request(sending.connection, request_id)
    assert [(row.state, row.result) for row in rows] == [("dropped", "replaced"), ("dropped", "told")]


async def test_keys_of_the_window_choose_a_text_and_it_closes_by_itself(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = placed(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        screen_of(pilot).show_request(request_id)
        await until(pilot, lambda: screen_of(pilot).view is not None)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "돌봄 확정 A-1124-001" in text_of(pilot))
        await pilot.press("2")
        await until(pilot, lambda: "돌봄이 확정되었습니다" in text_of(pilot))
        await pilot.press("up")
        await until(pilot, lambda: "돌봄 확정 A-1124-001" in text_of(pilot))
        # With every key it stays as long again.
        monkeypatch.setattr("callcenter.console.screens.messages.OPEN_SECONDS", 0.1)
        await pilot.press("down")
        await until(pilot, lambda: app.screen is screen_of(pilot))
