"""Digest authentication for SIP: MD5 as of old, SHA-256 as of RFC 8760; the password itself never leaves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5, sha256
from typing import Literal

_PARAMETER = re.compile(r'\s*([A-Za-z0-9_-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks with; realm and nonce are as they stood between the quotes, as servers hash them."""

    realm: str
    nonce: str
    algorithm: str
    opaque: str | None
    qop: Literal["auth", ""]
    stale: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account at the telephone system."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r})"


def choose(values: Sequence[str]) -> Challenge | None:
    """The topmost challenge we can answer (RFC 8760 2.4); None when there is none."""
    return next((found for value in values if (found := _read(value)) is not None), None)


def _read(value: str) -> Challenge | None:
    scheme, _sign, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    found: dict[str, str] = {}
    place = 0
    while place < len(rest):
        part = _PARAMETER.match(rest, place)
        if part is None or part.end() == place:
            return None
        found.setdefault(part[1].lower(), part[2] if part[2] is not None else part[3])
        place = part.end()
    algorithm = found.get("algorithm", "MD5").upper()
    offered = [one.strip().lower() for one in found["qop"].split(",")] if found.get("qop") else []
    if algorithm.removesuffix("-SESS") not in _HASHES or not found.get("nonce") or "realm" not in found:
        return None
    if offered and "auth" not in offered:
        return None
    stale = found.get("stale", "").lower() == "true"
    return Challenge(found["realm"], found["nonce"], algorithm, found.get("opaque"), "auth" if offered else "", stale)


def _md5(text: str) -> str:
    # What the older telephone systems speak; it proves the password and protects nothing else.
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


_HASHES = {"MD5": _md5, "SHA-256": _sha256}


def response(
    challenge: Challenge, credentials: Credentials, method: str, uri: str, *, count: int = 1, cnonce: str = ""
) -> str:
    """The digest that answers the challenge (RFC 7616 3.4.1; without qop as RFC 2069 had it)."""
    digest = _HASHES[challenge.algorithm.removesuffix("-SESS")]
    secret = digest(f"{credentials.user}:{challenge.realm}:{credentials.password}")
    if challenge.algorithm.endswith("-SESS"):
        secret = digest(f"{secret}:{challenge.nonce}:{cnonce}")
    asked = digest(f"{method}:{uri}")
    if not challenge.qop:
        return digest(f"{secret}:{challenge.nonce}:{asked}")
    return digest(f"{secret}:{challenge.nonce}:{count:08x}:{cnonce}:{challenge.qop}:{asked}")


def authorization(
    challenge: Challenge, credentials: Credentials, method: str, uri: str, *, count: int, cnonce: str
) -> str:
    """The value of `Authorization` or `Proxy-Authorization`; `count` counts the uses of this nonce from 1."""
    found = response(challenge, credentials, method, uri, count=count, cnonce=cnonce)
    parts = [
        f'username="{_quoted(credentials.user)}"',
        f'realm="{challenge.realm}"',
        f'nonce="{challenge.nonce}"',
        f'uri="{uri}"',
        f'response="{found}"',
        f"algorithm={challenge.algorithm.replace('-SESS', '-sess')}",
    ]
    if challenge.opaque is not None:
        parts.append(f'opaque="{challenge.opaque}"')
    if challenge.qop or challenge.algorithm.endswith("-SESS"):
        parts.append(f'cnonce="{cnonce}"')
    if challenge.qop:
        parts += [f"qop={challenge.qop}", f"nc={count:08x}"]
    return f"Digest {', '.join(parts)}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
