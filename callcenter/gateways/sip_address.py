"""SIP addresses: URIs, names with an address in angle brackets, and parameters (RFC 3261, 19 and 20.10)."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from callcenter.errors import CallcenterError
from callcenter.language import mark

_HOST = r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
_URI = re.compile(
    rf"(?P<scheme>sips?):(?:(?P<user>[^@:;?\s<>\"]{{1,128}})(?::[^@\s<>\"]*)?@)?"
    rf"(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?(?P<params>;[^?\s<>\"]*)?(?:\?[^\s<>\"]*)?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


class BadSipAddress(CallcenterError):
    """The address is no SIP URI."""

    code = "bad_sip_address"
    sentence = mark("This is no SIP address. Write it like sip:1001@pbx.example.kr, with ;transport=tls for TLS.")


@dataclass(frozen=True, slots=True)
class SipUri:
    """A `sip:` or `sips:` address; the host without brackets, the port as written or None."""

    scheme: str
    user: str
    host: str
    port: int | None
    params: dict[str, str]

    @property
    def transport(self) -> str:
        """`udp`, `tcp` or `tls`, as the address wants to be reached (RFC 3261 26.2.2, RFC 3263 4.1)."""
        named = self.params.get("transport", "").lower()
        return "tls" if self.scheme == "sips" else named or "udp"

    @property
    def written_host(self) -> str:
        """The host as it stands in a message: an IPv6 address in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def resource(self) -> str:
        """The address without what only says how to get there."""
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}:{user}{self.written_host}{port}"


class NameAddr(NamedTuple):
    """Whom a header names: the display name as it came (hostile text), the URI, and the parameters of the header."""

    display: str
    uri: str
    params: dict[str, str]


def read_uri(text: str) -> SipUri:
    """A SIP URI; raises `BadSipAddress`."""
    found = _URI.fullmatch(text.strip())
    if found is None:
        raise BadSipAddress
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port <= 65_535:
        raise BadSipAddress
    return SipUri(
        found["scheme"].lower(),
        found["user"] or "",
        found["host"].strip("[]").lower(),
        port,
        parameters(found["params"] or ""),
    )


def caller_of(uri: str) -> str:
    """What stands for the number in an address (`sip:`, `sips:`, `tel:`), decoded; "" where there is none."""
    scheme, sign, rest = uri.strip().partition(":")
    if not sign or scheme.lower() not in {"sip", "sips", "tel"}:
        return ""
    if scheme.lower() != "tel" and "@" not in rest:
        return ""
    return unquote(rest.partition("@")[0].partition(";")[0].partition(":")[0])


def read_name_addr(value: str) -> NameAddr:
    """A `From`, `To` or `Contact`, its first address only; raises `BadSipAddress`."""
    text = value.strip()
    display = ""
    if quoted := _QUOTED.match(text):
        display, text = re.sub(r"\\(.)", r"\1", quoted[1]), text[quoted.end() :].lstrip()
        if not text.startswith("<"):
            raise BadSipAddress
    if "<" in text:
        before, _sign, behind = text.partition("<")
        uri, closed, tail = behind.partition(">")
        if not closed:
            raise BadSipAddress
        return NameAddr(display or before.strip(), uri.strip(), parameters(tail.partition(",")[0]))
    uri, sign, tail = text.partition(",")[0].partition(";")
    return NameAddr("", uri.strip(), parameters(sign + tail))


def parameters(text: str) -> dict[str, str]:
    """`;name=value;flag` as a mapping, names in lower case; the first of two that are named alike counts."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, _sign, value = part.strip().partition("=")
        if name:
            found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found
