"""One subscription to the dialog events of an extension (RFC 6665), without sockets: what to send, what to answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from callcenter.errors import CallcenterError
from callcenter.gateways.sip_address import BadSipAddress, SipUri, parameters, read_name_addr
from callcenter.gateways.sip_digest import Challenge, Credentials, authorization, choose
from callcenter.gateways.sip_message import SipMessage
from callcenter.language import mark

BODY_TYPE = "application/dialog-info+xml"
LONGEST_EXPIRES = 86_400
LONGEST_PAUSE = 300.0
_AUTHORIZED_BY = {401: ("www-authenticate", "authorization"), 407: ("proxy-authenticate", "proxy-authorization")}


class TelephoneLost(CallcenterError):
    """The subscription does not stand; it is tried again. Values: retry_after, seconds or None, as the system asked."""

    code = "telephone_lost"
    sentence = mark("The telephone system ended the subscription. It is asked again.")
    least_pause: ClassVar[float] = 0.0

    @property
    def pause(self) -> float:
        """The least seconds until it is tried again."""
        asked = self.values.get("retry_after")
        return min(max(self.least_pause, float(asked) if isinstance(asked, int) else 0.0), LONGEST_PAUSE)


class NoAnswer(TelephoneLost):
    """Nothing came back in time."""

    code = "telephone_silent"
    sentence = mark("The telephone system does not answer. Check its address and the network; it is asked again.")


class PasswordRefused(TelephoneLost):
    """The account is wrong; asking often would get it locked."""

    code = "telephone_password"
    sentence = mark("The telephone system does not take the account or its password. Check both.")
    least_pause = LONGEST_PAUSE


class SubscriptionRefused(TelephoneLost):
    """The extension is not known, or may not be watched. Values: status, reason."""

    code = "telephone_refused"
    sentence = mark("The telephone system refuses ({status}). Ask its administrator to let this extension be watched.")
    least_pause = 60.0


@dataclass(frozen=True, slots=True)
class Account:
    """What is watched and as whom: the extension's address, the account, and the seconds to ask for."""

    resource: SipUri
    credentials: Credentials
    expires: int


class Local(NamedTuple):
    """Our end of the link: `UDP`, `TCP` or `TLS`, host (IPv6 in brackets) and port."""

    transport: str
    host: str
    port: int


class Notice(NamedTuple):
    """What a NOTIFY inside of the subscription says."""

    state: str
    expires: int | None
    reason: str
    retry_after: int | None
    body: bytes


class Verdict(NamedTuple):
    """The answer to a request: status and reason phrase, and the notice when there is news in it."""

    status: int
    reason: str
    notice: Notice | None = None


class Subscription:
    """The dialog with the notifier: tags, sequence numbers, route, and the nonce in use."""

    def __init__(self, account: Account, local: Local, token: Callable[[], str]) -> None:
        self.account = account
        self.local = local
        self.call_id = token()
        self.local_tag = token()
        self.remote_tag = ""
        self._token = token
        self._expires = account.expires
        self._sequence = 0
        self._their_sequence = -1
        self._target = account.resource.resource
        self._routes: tuple[str, ...] = ()
        self._challenge: tuple[Challenge, str] | None = None
        self._uses = 0

    def request(self, *, end: bool = False) -> SipMessage:
        """The next SUBSCRIBE: the first, a refresh, or with `end` the last."""
        self._sequence += 1
        user = self.account.credentials.user
        host, port = self.local.host, self.local.port
        resource = self.account.resource
        to = f"<{resource.resource}>"
        headers = [
            ("via", f"SIP/2.0/{self.local.transport} {host}:{port};branch=z9hG4bK{self._token()};rport"),
            ("max-forwards", "70"),
            *(("route", route) for route in self._routes),
            ("from", f"<{resource.scheme}:{user}@{resource.written_host}>;tag={self.local_tag}"),
            ("to", f"{to};tag={self.remote_tag}" if self.remote_tag else to),
            ("call-id", self.call_id),
            ("cseq", f"{self._sequence} SUBSCRIBE"),
            ("contact", f"<sip:{user}@{host}:{port};transport={self.local.transport.lower()}>"),
            ("event", "dialog"),
            ("accept", BODY_TYPE),
            ("expires", "0" if end else str(self._expires)),
            ("user-agent", "callcenter"),
        ]
        if self._challenge is not None:
            challenge, header = self._challenge
            self._uses += 1
            value = authorization(
                challenge,
                self.account.credentials,
                "SUBSCRIBE",
                self._target,
                count=self._uses,
                cnonce=self._token(),
            )
            headers.append((header, value))
        return SipMessage("SUBSCRIBE", self._target, 0, "", tuple(headers))

    def granted(self, response: SipMessage, *, challenged: bool) -> int | None:
        """The seconds a final response grants; None when the request has to be sent again as it is made anew.

        `challenged` says whether a challenge was answered before in this exchange. Raises `TelephoneLost`.
        """
        status = response.status
        if 200 <= status < 300:
            return self._accepted(response)
        if status in _AUTHORIZED_BY:
            asked, header = _AUTHORIZED_BY[status]
            challenge = choose(response.all(asked))
            if challenge is None or (challenged and not challenge.stale):
                raise PasswordRefused
            self._challenge, self._uses = (challenge, header), 0
            return None
        shortest = response.number("min-expires")
        if status == 423 and shortest is not None and self._expires < shortest <= LONGEST_EXPIRES:
            self._expires = shortest
            return None
        if status in {408, 481} or status >= 500:
            raise TelephoneLost(retry_after=response.number("retry-after"))
        raise SubscriptionRefused(status=status, retry_after=response.number("retry-after"))

    def _accepted(self, response: SipMessage) -> int:
        self._meet(response, "to", response.all("record-route")[::-1])
        granted = response.number("expires")
        return min(self._expires, granted) if granted is not None else self._expires

    def _meet(self, message: SipMessage, peer: str, routes: list[str]) -> None:
        """Learn where the notifier is: the first 2xx or NOTIFY makes the dialog (RFC 6665 4.4.1), any moves it."""
        try:
            self.remote_tag = self.remote_tag or read_name_addr(message.get(peer)).params.get("tag", "")
            if contact := message.get("contact"):
                self._target = read_name_addr(contact).uri
        except BadSipAddress:
            raise TelephoneLost from None
        if not re.fullmatch(r"sips?:[^\s<>\"]{1,512}", self._target, re.IGNORECASE):
            raise TelephoneLost
        self._routes = self._routes or tuple(routes)

    def judge(self, request: SipMessage) -> Verdict:
        """What to answer a request, and the news in it; only a NOTIFY of this dialog, in its order, has any."""
        if request.method == "OPTIONS":
            return Verdict(200, "OK")
        if request.method != "NOTIFY":
            return Verdict(405, "Method Not Allowed")
        sequence, method = request.sequence
        if method != "NOTIFY":
            return Verdict(400, "Bad Request")
        if not self._is_ours(request):
            return Verdict(481, "Subscription Does Not Exist")
        if parameters("event=" + request.get("event")).get("event", "").lower() != "dialog":
            return Verdict(489, "Bad Event")
        if sequence == self._their_sequence:
            return Verdict(200, "OK")  # sent again, because our answer was lost
        if sequence < self._their_sequence:
            return Verdict(500, "Server Internal Error")
        if not request.get("subscription-state"):
            return Verdict(400, "Bad Request")
        if request.body and request.get("content-type").partition(";")[0].strip().lower() != BODY_TYPE:
            return Verdict(415, "Unsupported Media Type")
        self._meet(request, "from", request.all("record-route"))
        self._their_sequence = sequence
        return Verdict(200, "OK", _notice(request))

    def _is_ours(self, request: SipMessage) -> bool:
        try:
            theirs = read_name_addr(request.get("from")).params.get("tag", "")
            ours = read_name_addr(request.get("to")).params.get("tag", "")
        except BadSipAddress:
            return False
        known = not self.remote_tag or theirs == self.remote_tag
        return request.get("call-id") == self.call_id and ours == self.local_tag and bool(theirs) and known


def _notice(request: SipMessage) -> Notice:
    found = parameters("state=" + request.get("subscription-state"))
    return Notice(
        state=found.get("state", "").lower(),
        expires=_seconds(found.get("expires")),
        reason=found.get("reason", "").lower(),
        retry_after=_seconds(found.get("retry-after")),
        body=request.body,
    )


def lost(notice: Notice) -> TelephoneLost:
    """What the end of a subscription means for the next one (RFC 6665 4.1.3)."""
    if notice.reason in {"rejected", "noresource", "invariant"}:
        return SubscriptionRefused(status=notice.reason, retry_after=notice.retry_after)
    return TelephoneLost(retry_after=notice.retry_after if notice.reason in {"probation", "giveup"} else None)


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else None
