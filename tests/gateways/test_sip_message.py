"""SIP as it comes off a wire: what is read, what is refused, and that no bytes do more than be refused."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callcenter.gateways.sip_message import (
    MAX_MESSAGE,
    BadSipMessage,
    SipMessage,
    answer,
    cut,
    read_message,
    write_message,
)

NOTIFY = (
    b"NOTIFY sip:desk@10.0.0.2:5062 SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport, SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK0\r\n"
    b"From: <sip:1001@pbx>;tag=theirs\r\n"
    b"t: <sip:desk@pbx>;tag=ours\r\n"
    b"i: abc\r\n"
    b"CSeq:  7  NOTIFY\r\n"
    b"Subject: one\r\n two\r\n"
    b"o: dialog\r\n"
    b"l: 4\r\n"
    b"\r\n"
    b"bodyand more"
)


def test_a_request_with_everything_that_is_allowed() -> None:
    found = read_message(b"\r\n" + NOTIFY)
    assert (found.method, found.uri, found.body) == ("NOTIFY", "sip:desk@10.0.0.2:5062", b"body")
    assert found.all("via") == [
        "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport",
        "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK0",
    ]
    assert (found.get("call-id"), found.get("event"), found.get("subject")) == ("abc", "dialog", "one two")
    assert found.sequence == (7, "NOTIFY")


def test_a_response() -> None:
    found = read_message(b"SIP/2.0 423 Interval Too Brief\r\nMin-Expires: 300\r\nCSeq: 1 SUBSCRIBE\r\n\r\n")
    assert (found.method, found.status, found.reason) == ("", 423, "Interval Too Brief")
    assert (found.number("min-expires"), found.number("expires")) == (300, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0",
        b"NOTIFY sip:a@b SIP/3.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"SIP/2.0 999 What\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\nno colon\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\nbad name: x\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\nSubject: a\nVia: forged\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\nContent-Length: 9\r\n\r\nshort",
        b"NOTIFY sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\nab",
        b"NOTIFY sip:a@b SIP/2.0\r\n" + b"X: y\r\n" * 129 + b"\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\nX: " + b"y" * 17_000 + b"\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\n\r\n" + b"y" * MAX_MESSAGE,
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    with pytest.raises(BadSipMessage):
        read_message(data)


@pytest.mark.parametrize(
    "data", [b"y" * 17_000, b"NOTIFY sip:a@b SIP/2.0\r\nl: 99999\r\n\r\n", b"NOTIFY sip:a@b SIP/2.0\r\n\r\n"]
)
def test_a_stream_that_can_never_become_messages_is_cut(data: bytes) -> None:
    with pytest.raises(BadSipMessage):
        cut(data)


@given(st.lists(st.integers(0, len(NOTIFY) * 2), max_size=6))
def test_a_stream_in_any_pieces_gives_the_same_messages(cuts: list[int]) -> None:
    one = NOTIFY.removesuffix(b"and more")
    stream = one + b"\r\n\r\n" + one
    marks = sorted({0, len(stream), *(at for at in cuts if at <= len(stream))})
    found, buffer = [], b""
    for begin, end in pairwise(marks):
        buffer += stream[begin:end]
        while (got := cut(buffer))[0]:
            found.append(got[0])
            buffer = got[1]
    assert (found, buffer) == ([one, one], b"")


WORD = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(st.sampled_from(["x-one", "event", "to", "from"]), WORD), max_size=5),
    st.binary(max_size=50),
    st.booleans(),
)
def test_what_is_written_is_read_back(headers: list[tuple[str, str]], body: bytes, request: bool) -> None:
    method, uri, status, reason = ("NOTIFY", "sip:a@b", 0, "") if request else ("", "", 200, "OK")
    message = SipMessage(method, uri, status, reason, tuple(headers), body)
    found = read_message(write_message(message))
    assert found.headers[:-1] == message.headers
    assert (found.method, found.uri, found.status, found.reason, found.body) == (method, uri, status, reason, body)


def test_no_value_can_end_its_line() -> None:
    for value in ("a\r\nVia: forged", "a\nb"):
        with pytest.raises(BadSipMessage):
            write_message(SipMessage("NOTIFY", "sip:a@b", 0, "", (("x", value),)))


def test_an_answer_names_what_it_answers() -> None:
    told = read_message(write_message(answer(read_message(NOTIFY), 200, "OK", tag="t", source=("10.0.0.7", 40_000))))
    assert told.all("via") == [
        "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport=40000;received=10.0.0.7",
        "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK0",
    ]
    assert told.get("to") == "<sip:desk@pbx>;tag=ours"
    untagged = NOTIFY.replace(b";tag=ours", b"")
    assert answer(read_message(untagged), 481, "No", tag="t", source=("10.0.0.7", 1)).get("to").endswith(";tag=t")


@given(st.binary(max_size=300))
@example(b"SIP/2.0 200 \xff\r\n\r\n")
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    for begin in (b"", b"NOTIFY sip:a@b SIP/2.0\r\n", b"SIP/2.0 200 OK\r\nVia: "):
        try:
            found = read_message(begin + data)
        except BadSipMessage:
            continue
        answer(found, 200, "OK", tag="t", source=("10.0.0.1", 5060))
        assert found.sequence[0] >= -1
