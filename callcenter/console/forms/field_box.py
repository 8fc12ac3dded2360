"""The fields of the request form one below the other: which are there, what stands in them, where the cursor is."""

from asyncio import Lock
from collections.abc import Callable, Collection, Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from callcenter.care.geography import Region
from callcenter.console.forms import layout
from callcenter.console.forms.answers import Answer
from callcenter.console.forms.digit_field import DigitField
from callcenter.console.forms.fields import TextField
from callcenter.console.forms.reading import region_of
from callcenter.console.widgets.kept_lines import KeptFrame
from callcenter.errors import CallcenterError
from callcenter.reference import Reference

_FIRST_AFTER_CHILDREN = "when"


class FieldBox(Vertical, KeptFrame):
    """Scrolls so that the field under the cursor is in sight with its answers."""

    DEFAULT_CSS = """
    FieldBox { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._reference = reference
        self._fields: dict[str, layout.Field] = {}
        self._changing = Lock()
        self.shown: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Every field with one child; `show_fields` says which of them are seen."""
        yield from self._made()

    @property
    def raw(self) -> dict[str, str]:
        """What stands in the fields that are seen."""
        return {key: self._fields[key].raw for key in self.shown}

    @property
    def children_shown(self) -> tuple[int, ...]:
        """The numbers of the children whose fields are seen."""
        return tuple(sorted({_child_of(key) for key in self.shown} - {0}))

    @property
    def focused(self) -> str | None:
        """The field under the cursor."""
        at = self.screen.focused
        return next((key for key in self.shown if self._fields[key].target is at), None)

    def field(self, key: str) -> layout.Field:
        """The field of this name."""
        return self._fields[key]

    def go_to(self, key: str) -> None:
        """Put the cursor there."""
        # Widget.focus would do it later, and keys that follow fast would go to the field before.
        self.screen.set_focus(self._fields[key].target)

    def go_by(self, step: int) -> None:
        """Put the cursor some fields on, or back."""
        if self.focused is not None:
            at = self.shown.index(self.focused) + step
            self.go_to(self.shown[min(max(at, 0), len(self.shown) - 1)])

    def after(self, key: str) -> tuple[str, ...]:
        """The fields behind this one."""
        return self.shown[self.shown.index(key) + 1 :]

    def mark(self, wrong: Collection[str]) -> None:
        """A cross at these fields and at no other."""
        for key in self.shown:
            self._fields[key].show_wrong(key in wrong)

    def fill(self, raw: Mapping[str, str]) -> None:
        """Put these texts into the fields that are seen; blank where there is none."""
        for key in self.shown:
            self._fields[key].fill(raw.get(key, ""))

    def show_blank(self, key: str, meant: str) -> None:
        """What a text field shows while nothing is typed into it."""
        one = self._fields[key]
        if isinstance(one, TextField):
            one.show_blank(meant)

    def offer(self, key: str, answers: Sequence[Answer]) -> None:
        """The answers of a field, which change with the guardian."""
        one = self._fields[key]
        if isinstance(one, DigitField):
            one.offer(answers)

    async def show_fields(self, children: Sequence[int], seen: Callable[[str], bool]) -> None:
        """Have fields for the children of these numbers, and show those of all fields that are `seen`."""
        # Fields come and go while other messages are handled, which may ask for others still.
        async with self._changing:
            await self._show_fields(children, seen)

    async def _show_fields(self, children: Sequence[int], seen: Callable[[str], bool]) -> None:
        gone = [key for key in self._fields if _child_of(key) not in (0, *children)]
        # Other messages are handled while fields come and go, so what is shown is always there.
        self.shown = tuple(key for key in self.shown if key not in gone)
        for key in gone:
            await self._fields.pop(key).remove()
        for number in children:
            if not any(_child_of(key) == number for key in self._fields):
                made = layout.child_fields(number, self._reference)
                later = [key for key in self._fields if _child_of(key) > number]
                await self.mount(*made, before=self._fields[later[0] if later else _FIRST_AFTER_CHILDREN])
                self._fields |= {one.key: one for one in made}
        at = {one: number for number, one in enumerate(self.children)}
        self._fields = dict(sorted(self._fields.items(), key=lambda item: at[item[1]]))
        self.shown = tuple(key for key in self._fields if seen(key))
        for key, one in self._fields.items():
            if one.display != (key in self.shown):
                one.display = key in self.shown

    async def speak_again(self) -> None:
        """Every field anew, in the language in use; the owner shows and fills them."""
        self.shown = ()
        await self.remove_children()
        await self.mount(*self._made())

    def on_resize(self, event: events.Resize) -> None:
        """The field under the cursor stays in sight when the verdicts below need room."""
        if self.focused is not None:
            self.call_after_refresh(self._fields[self.focused].scroll_visible, animate=False)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A region that was recognised is written out; one that was not is marked."""
        for key in ("region", "residence"):
            if key in self.shown and event.widget is self._fields[key].target and self._fields[key].raw.strip():
                found = self._region(self._fields[key].raw)
                self._fields[key].show_wrong(found is None)
                if found is not None:
                    self._fields[key].fill(str(found.name))

    def _region(self, text: str) -> Region | None:
        try:
            return region_of(text, self._reference.regions)
        except CallcenterError:
            # Why is said while the cursor is there, and again when the form is saved.
            return None

    def _made(self) -> list[layout.Field]:
        fields = [
            *layout.caller_fields(),
            *layout.child_fields(1, self._reference),
            *layout.care_fields(self._reference),
        ]
        self._fields = {one.key: one for one in fields}
        return fields


def _child_of(key: str) -> int:
    """The number of the child a field belongs to, 0 for one of the request."""
    return int(key.removeprefix("child").partition(".")[0]) if key.startswith("child") else 0
