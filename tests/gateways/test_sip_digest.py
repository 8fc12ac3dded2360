"""Digest authentication against the examples of its RFCs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.gateways.sip_digest import Challenge, Credentials, authorization, choose, response

MUFASA = Credentials("Mufasa", "Circle of Life")
RFC_7616 = 'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
RFC_2617 = 'realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'


def challenge(text: str) -> Challenge:
    found = choose([f"Digest {text}"])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("asked", "credentials", "cnonce", "expected"),
    [
        (
            f"{RFC_7616}, algorithm=MD5",
            MUFASA,
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            "8ca523f5e9506fed4657c9700eebdbec",
        ),
        (
            f"{RFC_7616}, algorithm=SHA-256",
            MUFASA,
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
        (
            f'{RFC_2617}, qop="auth,auth-int"',
            Credentials("Mufasa", "Circle Of Life"),
            "0a4f113b",
            "6629fae49393a05397450978507c4ef1",
        ),
        (RFC_2617, Credentials("Mufasa", "CircleOfLife"), "", "1949323746fe6a43ef61f9606e7febea"),
    ],
    ids=["RFC 7616 MD5", "RFC 7616 SHA-256", "RFC 2617", "RFC 2069 with its erratum"],
)
def test_the_examples_of_the_standards(asked: str, credentials: Credentials, cnonce: str, expected: str) -> None:
    assert response(challenge(asked), credentials, "GET", "/dir/index.html", cnonce=cnonce) == expected


def test_the_header_says_all_that_was_hashed() -> None:
    asked = challenge(f'{RFC_7616}, algorithm=SHA-256, opaque="o", stale=TRUE')
    assert asked.stale
    header = authorization(asked, MUFASA, "SUBSCRIBE", "sip:1001@pbx", count=17, cnonce="c")
    found = dict(re.findall(r'(\w+)="?([^",]*)"?', header.removeprefix("Digest ")))
    expected = response(asked, MUFASA, "SUBSCRIBE", "sip:1001@pbx", count=17, cnonce="c")
    assert found == {
        "username": "Mufasa", "realm": "http-auth@example.org", "nonce": asked.nonce, "uri": "sip:1001@pbx",
        "response": expected, "algorithm": "SHA-256", "opaque": "o", "cnonce": "c", "qop": "auth", "nc": "00000011",
    }  # fmt: skip
    assert MUFASA.password not in header
    assert MUFASA.password not in repr(MUFASA)


def test_each_use_of_a_nonce_and_each_session_hashes_otherwise() -> None:
    once = challenge(f"{RFC_7616}, algorithm=MD5")
    session = challenge(f"{RFC_7616}, algorithm=MD5-sess")
    found = {
        response(asked, MUFASA, "GET", "/", count=count, cnonce="c") for asked in (once, session) for count in (1, 2)
    }
    assert len(found) == 4


def test_the_topmost_challenge_that_can_be_answered_is_taken() -> None:
    offers = [
        'Digest realm="r", nonce="n", algorithm=SHA-512-256',
        'Digest realm="r", nonce="n", algorithm=SHA-256',
        f"Digest {RFC_2617}",
    ]
    found = choose(offers)
    assert found is not None
    assert found.algorithm == "SHA-256"


@pytest.mark.parametrize(
    "value",
    [
        'Basic realm="r"',
        "Digest",
        'Digest realm="r"',
        'Digest nonce="n"',
        'Digest realm="r", nonce="n", qop="auth-int"',
        'Digest realm="r, nonce',
    ],
)
def test_what_cannot_be_answered(value: str) -> None:
    assert choose([value]) is None


@given(st.text(max_size=200))
def test_any_challenge_is_read_or_refused(text: str) -> None:
    found = choose([text, f"Digest {text}", f'Digest realm="r", nonce="n", {text}'])
    if found is not None:
        authorization(found, MUFASA, "SUBSCRIBE", "sip:1001@pbx", count=1, cnonce="c")
