"""The form of a call event as a telephone agent sends it, over HTTP or as a line of TCP.

A refusal names the field and the rule, never what stood there: numbers and names of callers end in no agent's log.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from callcenter.desk.call_events import CallEvent
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.sanitize import clean

MAX_BYTES = 16_384


class BadEvent(CallcenterError):
    """The event has the wrong form. Values: problem, a code that does not change; field, its name or None."""

    code = "bad_event"
    sentence = mark("The telephone event was not taken: {field} {problem}.")


def _plausible(at: AwareDatetime) -> AwareDatetime:
    if not 2020 <= at.year <= 2099:
        raise PydanticCustomError("year", "a year from 2020 to 2099")
    return at


def _cleaned(text: str) -> str:
    # Whoever rings chooses what their display name says, so it is cleaned and the ring is not refused for it.
    return clean(text).strip()


Number = Annotated[str, Field(max_length=128), AfterValidator(_cleaned)]


class EventForm(BaseModel):
    """What happened to a call; `id` is the telephone system's own and the same for all states of one call."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,128}$")]
    state: Literal["ringing", "answered", "held", "ended"]
    at: Annotated[AwareDatetime, AfterValidator(_plausible)]
    direction: Literal["in", "out"] = "in"
    caller: Annotated[Number | None, Field(description="As it was shown; empty when the caller hides it")] = None
    called: Number | None = None
    extension: Annotated[str, Field(max_length=64), AfterValidator(_cleaned)] | None = None
    cause: Annotated[str, Field(max_length=64), AfterValidator(_cleaned)] | None = None
    name: Annotated[str, Field(max_length=256), AfterValidator(_cleaned)] = ""


_PROBLEMS = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_one_of",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "bad_characters",
    "year": "bad_time",
    "timezone_aware": "time_without_zone",
    "json_invalid": "bad_json",
    "model_type": "not_an_object",
}


def read_event(raw: bytes) -> CallEvent:
    """The event in a JSON text of at most `MAX_BYTES`; raises `BadEvent`."""
    if len(raw) > MAX_BYTES:
        raise BadEvent(problem="too_large", field=None)
    try:
        form = EventForm.model_validate_json(raw)
    except ValidationError as wrong:
        problem, field = _problem(wrong.errors(include_url=False, include_context=False, include_input=False)[0])
        # Without a cause: pydantic's error knows what stood in the fields.
        raise BadEvent(problem=problem, field=field) from None
    return event_of(form)


def event_of(form: EventForm) -> CallEvent:
    """The form as the use case takes it."""
    return CallEvent(**form.model_dump())


def _problem(one: ErrorDetails) -> tuple[str, str | None]:
    problem = _PROBLEMS.get(one["type"])
    if problem is None:
        problem = "bad_time" if one["type"].startswith("datetime") else "wrong_type"
    # The name of a field that is not ours is something the other side made up.
    named = next((part for part in one["loc"] if isinstance(part, str) and part in EventForm.model_fields), None)
    return problem, named
