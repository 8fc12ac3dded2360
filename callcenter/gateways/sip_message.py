"""SIP messages read and written (RFC 3261, 7 and 25): just what a subscriber needs, nothing that trusts its peer."""

import re
from dataclasses import dataclass

MAX_MESSAGE = 65_535
_MAX_HEAD = 16_384
_MAX_HEADERS = 128

_REQUEST_LINE = re.compile(r"([A-Z]{1,32}) ([^\s]{1,1024}) SIP/2\.0")
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_NAME = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,64}")
# RFC 3261 7.3.3 and RFC 6665 8.2.1.
_COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type",
    "o": "event", "u": "allow-events", "k": "supported", "s": "subject", "e": "content-encoding",
}  # fmt: skip
# Headers whose several values may stand in one line, of those that we read.
_LISTED = frozenset({"via", "record-route", "route"})


class BadSipMessage(ValueError):
    """The bytes are no SIP message; nobody is answered, since nobody can be named."""


@dataclass(frozen=True, slots=True)
class SipMessage:
    """A request (`method` and `uri`) or a response (`status`, with `method` ""); header names are in lower case."""

    method: str
    uri: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Every value of a header in its order."""
        return [value for found, value in self.headers if found == name]

    def get(self, name: str) -> str:
        """The first value of a header, or ""."""
        return next((value for found, value in self.headers if found == name), "")

    def number(self, name: str) -> int | None:
        """The whole number a header begins with, of at most 32 bits; None when there is none."""
        found = re.match(r"\d{1,10}", self.get(name))
        return int(found[0]) if found and int(found[0]) < 1 << 32 else None

    @property
    def sequence(self) -> tuple[int, str]:
        """Number and method of the CSeq; (-1, "") when it is not one."""
        found = re.fullmatch(r"(\d{1,10})\s+([A-Z]{1,32})", self.get("cseq"))
        return (int(found[1]), found[2]) if found else (-1, "")


def read_message(data: bytes) -> SipMessage:
    """One whole message as it came in a datagram, or cut from a stream; raises `BadSipMessage`."""
    if len(data) > MAX_MESSAGE:
        raise BadSipMessage("too large")
    head, found, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not found or len(head) > _MAX_HEAD:
        raise BadSipMessage("no end of the headers")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    message = _started(first, tuple(_headers(lines)), body)
    length = _length(message)
    if length is not None:
        if length > len(body):
            raise BadSipMessage("shorter than it says")
        message = _started(first, message.headers, body[:length])
    return message


def _started(first: str, headers: tuple[tuple[str, str], ...], body: bytes) -> SipMessage:
    if request := _REQUEST_LINE.fullmatch(first):
        return SipMessage(request[1], request[2], 0, "", headers, body)
    if status := _STATUS_LINE.fullmatch(first):
        return SipMessage("", "", int(status[1]), status[2] or "", headers, body)
    raise BadSipMessage("no start line")


def _headers(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines:
        if _CONTROL.search(line):
            raise BadSipMessage("a control character")
        if line[:1] in {" ", "\t"} and found:
            name, value = found[-1]
            found[-1] = name, f"{value} {line.strip()}"
            continue
        name, sign, value = line.partition(":")
        if not sign or not _NAME.fullmatch(name.rstrip(" \t")):
            raise BadSipMessage("no header")
        name = name.rstrip(" \t").lower()
        found.append((_COMPACT.get(name, name), value.strip()))
        if len(found) > _MAX_HEADERS:
            raise BadSipMessage("too many headers")
    # A folded line may have made one value of several, so lists are taken apart at the end.
    return [(name, part) for name, value in found for part in (_split(value) if name in _LISTED else (value,))]


def _split(value: str) -> list[str]:
    """The values of one line at the commas that stand outside of quotes and angle brackets."""
    parts, quoted, deep, begun = [], False, 0, 0
    for place, letter in enumerate(value):
        if letter == '"' and value[place - 1 : place] != "\\":
            quoted = not quoted
        elif not quoted:
            deep += (letter == "<") - (letter == ">")
            if letter == "," and deep == 0:
                parts.append(value[begun:place].strip())
                begun = place + 1
    return [*parts, value[begun:].strip()]


def _length(message: SipMessage) -> int | None:
    lengths = set(message.all("content-length"))
    if not lengths:
        return None
    text = lengths.pop()
    if lengths or not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise BadSipMessage("no length")
    return int(text)


def cut(buffer: bytes) -> tuple[bytes, bytes]:
    """The first whole message of a stream and what follows it; (b"", buffer) while it is not whole.

    In a stream the length has to be said (RFC 3261 18.3). Raises `BadSipMessage` for what can never become one.
    """
    buffer = buffer.lstrip(b"\r\n")
    head, found, _rest = buffer.partition(b"\r\n\r\n")
    if not found:
        if len(buffer) > _MAX_HEAD:
            raise BadSipMessage("no end of the headers")
        return b"", buffer
    if len(head) > _MAX_HEAD:
        raise BadSipMessage("no end of the headers")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    length = _length(_started(first, tuple(_headers(lines)), b""))
    if length is None:
        raise BadSipMessage("no length")
    end = len(head) + 4 + length
    if end > MAX_MESSAGE:
        raise BadSipMessage("too large")
    return (buffer[:end], buffer[end:]) if len(buffer) >= end else (b"", buffer)


def write_message(message: SipMessage) -> bytes:
    """The message as it is sent, with its length; raises `BadSipMessage` for a value that would end its line."""
    first = (
        f"{message.method} {message.uri} SIP/2.0" if message.method else f"SIP/2.0 {message.status} {message.reason}"
    )
    lines = [first]
    lines += [f"{_written(name)}: {value}" for name, value in message.headers if name != "content-length"]
    lines.append(f"Content-Length: {len(message.body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise BadSipMessage("a line in a line")
    return "\r\n".join([*lines, "", ""]).encode() + message.body


def _written(name: str) -> str:
    return {"call-id": "Call-ID", "cseq": "CSeq"}.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def answer(request: SipMessage, status: int, reason: str, *, tag: str, source: tuple[str, int]) -> SipMessage:
    """The response to a request: Via, From, To, Call-ID and CSeq as they came (RFC 3261 8.2.6.2).

    The top Via learns where the request really came from (18.2.1 and RFC 3581).
    """
    vias = request.all("via")
    top = vias[0] if vias else ""
    if re.search(r";\s*rport\s*(;|$)", top, re.IGNORECASE):
        top = re.sub(r";\s*rport\s*(?=;|$)", f";rport={source[1]}", top, count=1, flags=re.IGNORECASE)
    if "received=" not in top.lower():
        top = f"{top};received={source[0]}"
    to = request.get("to")
    if ";tag=" not in to.replace(" ", "").lower():
        to = f"{to};tag={tag}"
    headers = [("via", top), *(("via", via) for via in vias[1:]), ("from", request.get("from")), ("to", to)]
    headers += [("call-id", request.get("call-id")), ("cseq", request.get("cseq"))]
    return SipMessage("", "", status, reason, tuple(headers))
