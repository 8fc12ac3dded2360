"""The palette: everything that can be done, found by a part of its name, its first consonants, or Latin for Hangul."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from callcenter.console.actions import Hint, State, hints
from callcenter.console.safe_output import label
from callcenter.text.hangul import matches

_LEFT_OUT = frozenset({"menu.open", "match.choose"})


@runtime_checkable
class ActingScreen(Protocol):
    """A screen on which the actions of the registry are carried out."""

    def state(self) -> State:
        """What decides which actions can be taken."""

    def action_act(self, action: str, number: int | None = None) -> None:
        """Carry out an action, or say why not."""


class ActionProvider(Provider):
    """Offers the actions of the desk; one that cannot be taken now is offered with its reason."""

    async def search(self, query: str) -> Hits:
        """The actions whose name is found by the query, then those whose explanation is."""
        for hint, run in self._actions():
            score = score_of(query, hint)
            if score:
                yield Hit(score, shown(hint), run, text=hint.label, help=hint.reason or hint.tooltip)

    async def discover(self) -> Hits:
        """Every action, in the order of the registry."""
        for hint, run in self._actions():
            yield DiscoveryHit(shown(hint), run, text=hint.label, help=hint.reason or hint.tooltip)

    def _actions(self) -> Iterator[tuple[Hint, Callable[[], None]]]:
        screen = self.screen
        if isinstance(screen, ActingScreen):
            for hint in hints(screen.state(), "desk", "everywhere"):
                if hint.action not in _LEFT_OUT:
                    yield hint, partial(screen.action_act, hint.action)


def score_of(query: str, hint: Hint) -> float:
    """How well a query finds an action, 0 when it does not: by the beginning of its name, its name, its explanation."""
    wanted = query.strip().casefold()
    if hint.label.casefold().startswith(wanted):
        return 1.0
    if matches(query, hint.label):
        return 0.8
    return 0.4 if matches(query, hint.tooltip) else 0.0


def shown(hint: Hint) -> Content:
    """The name with its keys."""
    return label(f"{hint.label}  {', '.join(hint.keys)}")
