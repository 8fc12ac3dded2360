"""Who works on which request: what this console says of its operators, and what it hears of all others."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from callcenter.desk.link_state import Work as Row
from callcenter.errors import CallcenterError

if TYPE_CHECKING:
    from callcenter.sync.link import Link

BEAT_SECONDS = 15.0


class Work:
    """What one console's operators work on. Any thread says so; the thread of the link tells the centre."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ours: dict[str, str] = {}
        self._take: dict[str, dict[str, Any]] = {}
        self._drop: set[str] = set()
        self.all: Mapping[str, Row] = MappingProxyType({})
        """Who worked on which request when the centre was asked last."""

    def take(self, request: str, operator: str, *, over: bool = False) -> None:
        """The operator turned to this request; with `over` it is taken from whoever has it."""
        with self._lock:
            if self._ours.get(request) != operator or over:
                self._ours[request] = operator
                self._take[request] = {"request": request, "operator": operator, "over": over}
                self._drop.discard(request)

    def drop(self, request: str) -> None:
        """Nobody works on the request here any more."""
        with self._lock:
            if self._ours.pop(request, None) is not None:
                self._take.pop(request, None)
                self._drop.add(request)

    @property
    def changed(self) -> bool:
        """Whether the centre is to hear of something at once."""
        return bool(self._take or self._drop)

    def exchange(self, link: "Link", now: datetime, said: Mapping[str, Any]) -> None:
        """Tell the centre, with what else the desk says of itself, and hear of all others."""
        with self._lock:
            take, drop, beat = self._take, self._drop, list(self._ours)
            self._take, self._drop = {}, set()
        argument = {"take": list(take.values()), "drop": sorted(drop), "beat": beat, **said}
        try:
            answer = link.call("work", argument)
        except BaseException:
            with self._lock:
                # What was said meanwhile is newer.
                self._take = {request: one for request, one in take.items() if request in self._ours} | self._take
                self._drop |= drop - self._ours.keys()
            raise
        self.all = MappingProxyType({one["request"]: _row(one, now) for one in answer})

    def leave(self, link: "Link", now: datetime, said: Mapping[str, Any]) -> None:
        """The console is closed: others may go on with what was worked on here, without asking why."""
        for request in list(self._ours):
            self.drop(request)
        if self.changed:
            # Where the line breaks just now, others see in a while that nobody is heard of here.
            with suppress(CallcenterError):
                self.exchange(link, now, said)

    def begin_again(self) -> None:
        """After a break the centre may have forgotten what is worked on: say it again."""
        with self._lock:
            for request, operator in self._ours.items():
                self._take.setdefault(request, {"request": request, "operator": operator, "over": False})


def _row(said: Mapping[str, Any], now: datetime) -> Row:
    """As this desk's clock would have it: the two may differ."""
    since = datetime.fromtimestamp(said["since"] / 1000, now.tzinfo)
    return Row(said["desk"], said["operator"], since, now - timedelta(milliseconds=said["age"]))
