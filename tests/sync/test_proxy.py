"""The proxy against a server that echoes: each way of failing is what a client sees of a line that fails so."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Thread

import pytest

from tests.patience import PATIENCE, soon
from tests.sync.proxy import Mode, Proxy

SHORT = 0.3


def _echo(peer: socket.socket) -> None:
    with closing(peer), suppress(OSError):
        while data := peer.recv(65536):
            peer.sendall(data)


def _accepting(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            peer, _address = listener.accept()
            Thread(target=_echo, args=(peer,), daemon=True).start()


@pytest.fixture
def echo() -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=_accepting, args=(listener,), daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    # Closing alone leaves a thread in accept; shutting down wakes it.
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    with Proxy(echo) as made:
        yield made


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with closing(_connect(proxy)) as made:
        yield made


def _connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE)


def _say(client: socket.socket, said: bytes) -> bytes:
    client.sendall(said)
    return _hear(client, len(said))


def _hear(client: socket.socket, size: int) -> bytes:
    heard = b""
    while len(heard) < size and (part := client.recv(size - len(heard))):
        heard += part
    return heard


def test_it_passes_everything_on_and_counts(proxy: Proxy, client: socket.socket) -> None:
    said = bytes(range(256)) * 4000
    sender = Thread(target=client.sendall, args=(said,))
    sender.start()
    assert _hear(client, len(said)) == said
    sender.join()
    assert proxy.passed == {"up": len(said), "down": len(said)}
    assert proxy.connections == 1


def test_an_end_of_one_side_reaches_the_other(client: socket.socket) -> None:
    client.sendall(b"last")
    client.shutdown(socket.SHUT_WR)
    assert _hear(client, 5) == b"last"


def test_where_nobody_listens_the_living_end_too(proxy: Proxy, client: socket.socket) -> None:
    assert _say(client, b"one") == b"one"
    proxy.set("refuse")
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        _connect(proxy)
    proxy.set("pass")
    with closing(_connect(proxy)) as again:
        assert _say(again, b"two") == b"two"


def test_a_reset_ends_the_living_and_everyone_who_comes(proxy: Proxy, client: socket.socket) -> None:
    assert _say(client, b"one") == b"one"
    proxy.set("reset")
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    # Sooner or later: the RST may be there before the connection is.
    with pytest.raises(ConnectionResetError), closing(_connect(proxy)) as other:
        other.recv(1)


@pytest.mark.parametrize(("mode", "reaches_the_server"), [("stall", False), ("stall_up", False), ("stall_down", True)])
def test_a_black_hole_holds_bytes_and_gives_them_back(
    proxy: Proxy, client: socket.socket, mode: Mode, reaches_the_server: bool
) -> None:
    assert _say(client, b"one") == b"one"
    proxy.set(mode)
    client.sendall(b"two")
    if reaches_the_server:
        soon(lambda: proxy.passed["up"] == 6)
    client.settimeout(SHORT)
    with pytest.raises(TimeoutError):
        client.recv(1)
    assert proxy.passed == {"up": 6 if reaches_the_server else 3, "down": 3}
    proxy.set("pass")
    client.settimeout(PATIENCE)
    assert _hear(client, 3) == b"two"


def test_a_black_hole_takes_connections_and_answers_none(proxy: Proxy) -> None:
    proxy.set("stall")
    with closing(_connect(proxy)) as client:
        client.sendall(b"anybody?")
        client.settimeout(SHORT)
        with pytest.raises(TimeoutError):
            client.recv(1)
        proxy.set("reset")
        client.settimeout(PATIENCE)
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_crawling_line_gives_one_byte_a_second_until_it_is_well(proxy: Proxy, client: socket.socket) -> None:
    assert _say(client, b"one") == b"one"
    proxy.set("slow")
    begun = time.monotonic()
    client.sendall(b"abcdefgh" * 100)
    assert _hear(client, 2) == b"ab"
    assert time.monotonic() - begun > 0.8
    proxy.set("pass")
    assert len(_hear(client, 798)) == 798
    # A byte a second it would be a quarter of an hour.
    assert time.monotonic() - begun < PATIENCE


@pytest.mark.parametrize("after", [0, 1, 5, 11])
def test_a_cut_on_the_way_back_loses_the_rest_of_the_answer(proxy: Proxy, client: socket.socket, after: int) -> None:
    assert _say(client, b"one") == b"one"
    proxy.cut("down", after)
    client.sendall(b"hello world!")
    with pytest.raises(ConnectionResetError):
        _hear(client, 12)
    assert proxy.passed == {"up": 15, "down": 3 + after}
    assert proxy.cuts == 1
    with closing(_connect(proxy)) as again:
        assert _say(again, b"well again") == b"well again"


def test_a_cut_on_the_way_there_is_at_the_byte(proxy: Proxy, client: socket.socket) -> None:
    proxy.cut("up", 4)
    with pytest.raises(ConnectionResetError):
        _say(client, b"hello world!")
    assert proxy.passed["up"] == 4


def test_two_connections_fail_each_for_itself(proxy: Proxy, client: socket.socket) -> None:
    with closing(_connect(proxy)) as other:
        assert _say(other, b"one") == b"one"
        proxy.cut("down", 0)
        with pytest.raises(ConnectionResetError):
            _say(client, b"two")
        assert _say(other, b"three") == b"three"


def test_who_comes_later_is_led_elsewhere(proxy: Proxy, client: socket.socket) -> None:
    assert _say(client, b"one") == b"one"
    with socket.create_server(("127.0.0.1", 0)) as other:
        proxy.server_port = other.getsockname()[1]
        with closing(_connect(proxy)) as later, closing(other.accept()[0]) as peer:
            peer.sendall(b"other")
            assert _hear(later, 5) == b"other"
    assert _say(client, b"two") == b"two"


def test_a_cut_that_was_not_needed_is_forgotten(proxy: Proxy, client: socket.socket) -> None:
    proxy.cut("down", 5)
    proxy.cut_nothing()
    assert _say(client, b"hello world!") == b"hello world!"
    assert proxy.cuts == 0


def test_who_connects_while_the_proxy_ends_is_ended_too(echo: int) -> None:
    for _time in range(50):
        proxy = Proxy(echo)
        clients = [_connect(proxy) for _number in range(4)]
        proxy.close()
        for client in clients:
            with closing(client), suppress(ConnectionResetError):
                assert client.recv(1) == b""
