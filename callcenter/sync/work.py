"""Who works on which request: what this console says of its operator, and what it hears of all others."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

from callcenter.sync.state import WorkRow

if TYPE_CHECKING:
    from callcenter.sync.link import Link

BEAT_SECONDS = 15.0


class Work:
    """What one console's operator works on. Any thread says so; the thread of the link tells the centre."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._request: str | None = None
        self._take: dict[str, Any] | None = None
        self._drop: list[str] = []
        self.all: tuple[WorkRow, ...] = ()
        """What everybody worked on when the centre was asked last."""

    def on(self, request: str | None, operator: str, *, over: bool = False) -> None:
        """The operator turned to this request, or to none; with `over` it is taken from whoever has it."""
        with self._lock:
            if request == self._request and not over:
                return
            if self._request not in (None, request):
                self._drop.append(str(self._request))
            self._request = request
            self._take = None if request is None else {"request": request, "operator": operator, "over": over}

    @property
    def changed(self) -> bool:
        """Whether the centre is to hear of something at once."""
        return self._take is not None or bool(self._drop)

    def exchange(self, link: "Link", said: Callable[[], dict[str, Any]]) -> None:
        """Tell the centre, with what else the desk says of itself, and hear of all others."""
        with self._lock:
            take, drop, beat = self._take, self._drop, self._request
            self._take, self._drop = None, []
        argument = {"take": [take] if take else [], "drop": drop, "beat": [beat] if beat else [], **said()}
        try:
            answer = link.call("work", argument)
        except BaseException:
            with self._lock:
                self._take, self._drop = self._take or take, [*drop, *self._drop]
            raise
        self.all = tuple(
            WorkRow(one["request"], one["desk"], one["operator"], one["since"], one["age"]) for one in answer
        )

    def begin_again(self, operator: str = "") -> None:
        """After a break the centre may have forgotten what is worked on: say it again."""
        with self._lock:
            if self._request is not None and self._take is None:
                named = next((one.operator for one in self.all if one.request == self._request), operator)
                self._take = {"request": self._request, "operator": named, "over": False}
