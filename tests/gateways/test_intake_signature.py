import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.errors import CallcenterError
from callcenter.gateways.intake_signature import (
    BadSignature,
    BadTime,
    ShortSecret,
    check,
    read_secret,
    signature,
)

SECRET = b"an open secret of the tests, long"
NOW = 1_795_000_000


def headers(stamp: str = str(NOW), said: bytes = b"{}", secret: bytes = SECRET) -> dict[str, str]:
    return {"X-Timestamp": stamp, "X-Signature": signature(secret, stamp, said)}


def test_the_signature_is_what_the_page_says() -> None:
    expected = hmac.new(SECRET, f"{NOW}.".encode() + b'{"a":1}', sha256).hexdigest()
    assert signature(SECRET, str(NOW), b'{"a":1}') == f"sha256={expected}"


@pytest.mark.parametrize("apart", [-300, -1, 0, 300])
def test_clocks_may_be_five_minutes_apart(apart: int) -> None:
    check(SECRET, headers(), b"{}", NOW + apart)


@pytest.mark.parametrize(
    ("sent", "said", "now", "refusal"),
    [
        ({}, b"{}", NOW, BadSignature),
        ({"X-Timestamp": str(NOW)}, b"{}", NOW, BadSignature),
        (headers(), b"{ }", NOW, BadSignature),
        (headers() | {"X-Timestamp": str(NOW + 1)}, b"{}", NOW, BadSignature),
        (headers(secret=SECRET[1:]), b"{}", NOW, BadSignature),
        (headers(stamp=f"+{NOW}"), b"{}", NOW, BadSignature),
        (headers(stamp="١٧٩٥٠٠٠٠٠٠"), b"{}", NOW, BadSignature),
        (headers() | {"X-Signature": headers()["X-Signature"].upper()}, b"{}", NOW, BadSignature),
        (headers(), b"{}", NOW + 301, BadTime),
        (headers(), b"{}", NOW - 301, BadTime),
        # Whoever has no secret does not learn how our clock stands.
        (headers(secret=SECRET[1:]), b"{}", NOW + 999, BadSignature),
    ],
)
def test_what_is_not_signed_now_by_the_platform_is_refused(
    sent: dict[str, str], said: bytes, now: float, refusal: type[CallcenterError]
) -> None:
    with pytest.raises(refusal):
        check(SECRET, sent, said, now)


@given(stamp=st.text(max_size=14), signed=st.text(max_size=80), said=st.binary(max_size=20))
def test_no_header_is_a_fault(stamp: str, signed: str, said: bytes) -> None:
    with pytest.raises(BadSignature):
        check(SECRET, {"X-Timestamp": stamp, "X-Signature": signed}, said, NOW)


def test_a_secret_has_to_be_long() -> None:
    assert read_secret(f" {SECRET.decode()}\n") == SECRET
    for short in ("", " " * 40, "a" * 31):
        with pytest.raises(ShortSecret):
            read_secret(short)
