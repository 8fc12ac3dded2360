"""What every kind of entry has, and how an amendment says a field's new value."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, JsonValue


class Body(BaseModel):
    """What every kind has: its name, the version of its form, and whether it tells about a person."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    kind: ClassVar[str]
    version: ClassVar[int] = 1
    personal: ClassVar[bool] = False

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        # A body must never reach a log with the people in it.
        return []


class Change(BaseModel):
    """The new value of a field and the entries it was based on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    value: JsonValue
    base: list[str]
