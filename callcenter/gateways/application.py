"""The form of an application from the online platform: what may stand in it, and what is said when it does not fit.

A refusal names fields and rules, never what stood there: it is read by programs and kept in files.
"""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from callcenter.care.child import School
from callcenter.desk.applications import Application, Consents
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest
from callcenter.desk.requests import ConsentKind
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.text.sanitize import UNSAFE, clean

MAX_BYTES = 16_384
EXTERNAL_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LONGEST = timedelta(days=31)


class FieldMistake(NamedTuple):
    """What is wrong in a field: a path of our own names («children.0.birth»), or "" where it is the whole text."""

    field: str
    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}: {self.text}" if self.field else self.text


class BadForm(CallcenterError):
    """An application, or the file it came in, has the wrong form. Values: reasons, a sentence for each field."""

    code = "bad_form"
    sentence = mark("The application was not taken: {reasons}")

    def __init__(self, mistakes: Sequence[FieldMistake]) -> None:
        super().__init__(reasons="; ".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def _without_unsafe(text: str) -> str:
    # A web form ends its lines with CR LF, and people paste tabs.
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if UNSAFE.search(text):
        raise PydanticCustomError("unsafe_character", "control and invisible characters are not allowed")
    return clean(text, lines=True).strip()


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("unsafe_character", "control and invisible characters are not allowed")
    return text


Text = Annotated[str, Field(max_length=500), AfterValidator(_without_unsafe)]
Line = Annotated[str, Field(max_length=60), AfterValidator(_one_line), AfterValidator(_without_unsafe)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S"), *Line.__metadata__[1:]]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,39}$")]
RegionCode = Annotated[str, Field(pattern=r"^[0-9]{5,10}$", description="Code of a si, gun or gu, as 41110")]
Moment = Annotated[AwareDatetime, Field(description="ISO 8601 with its zone, as 2026-11-24T20:00+09:00")]


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class GuardianForm(_Form):
    """Who asks for care."""

    name: Name
    phone: Annotated[Line, Field(description="As it is dialled in Korea, or «withheld»")]
    relation: Literal["mother", "father", "grandparent", "guardian", "institution", "other"] = "mother"
    language: Literal["ko", "en", "zh", "vi", "th", "ru", "uz", "mn", "ja", "tl", "km", "ne"] = "ko"


class ChildForm(_Form):
    """A child to be cared for; `needs` and `symptoms` are codes of the desk's lists."""

    name: Name
    birth: Annotated[date, Field(ge=date(1990, 1, 1), le=date(2099, 12, 31))]
    school: School | SkipJsonSchema[None] = None
    registered: bool | SkipJsonSchema[None] = None
    needs: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    symptoms: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    care_note: Text = ""


class ConsentsForm(_Form):
    """What the guardian agreed to on the platform, each by itself, and when."""

    collect: Annotated[bool, Field(description="use of personal data")]
    sensitive: Annotated[bool, Field(description="use of data on health")] = False
    third_party: Annotated[bool, Field(description="telling the provider of care")] = False
    at: Moment


class ApplicationForm(_Form):
    """An application for emergency child care; with the same `external_id` it is the same, however often it comes."""

    external_id: Annotated[str, Field(pattern=f"^{EXTERNAL_ID.pattern}$")]
    guardian: GuardianForm
    children: Annotated[tuple[ChildForm, ...], Field(min_length=1, max_length=6)]
    region: RegionCode
    residence: RegionCode | SkipJsonSchema[None] = None
    start: Moment
    end: Moment
    reason: Code
    service: Code | SkipJsonSchema[None] = None
    note: Text = ""
    consents: ConsentsForm | SkipJsonSchema[None] = None

    @model_validator(mode="after")
    def _within_bounds(self) -> "ApplicationForm":
        """Times a calendar has, and no longer than any service cares for a child."""
        agreed = [self.consents.at] if self.consents else []
        if not all(2020 <= at.year <= 2099 for at in (self.start, self.end, *agreed)):
            raise PydanticCustomError("year", "a year from 2020 to 2099")
        if self.end - self.start > _LONGEST:
            raise PydanticCustomError("too_long_care", "end: at most 31 days after the start")
        return self


EXAMPLE: dict[str, Any] = {
    "external_id": "web-20261124-0001",
    "guardian": {"name": "박하나", "phone": "010-0000-1234", "relation": "mother", "language": "ko"},
    "children": [
        {
            "name": "박새봄",
            "birth": "2018-05-05",
            "school": "elementary",
            "registered": True,
            "needs": ["allergy"],
            "symptoms": [],
            "care_note": "땅콩 알레르기",
        }
    ],
    "region": "41110",
    "start": "2026-11-24T20:00:00+09:00",
    "end": "2026-11-24T23:00:00+09:00",
    "reason": "overtime",
    "note": "갑자기 야근이 잡혔습니다.",
    "consents": {"collect": True, "sensitive": True, "third_party": True, "at": "2026-11-24T17:30:00+09:00"},
}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that is published to the platform."""
    found = ApplicationForm.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def read_application(raw: bytes | str) -> Application:
    """The application in a JSON text, in UTF-8 with or without a byte order mark; raises `BadForm`."""
    if len(raw) > MAX_BYTES:
        told = _("the text is larger than {limit} bytes").format(limit=MAX_BYTES)
        raise BadForm([FieldMistake("", "too_large", told)])
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        form = ApplicationForm.model_validate_json(text)
    except UnicodeDecodeError:
        raise BadForm([FieldMistake("", "not_utf8", _("the text is not UTF-8"))]) from None
    except ValidationError as wrong:
        # Without a cause: the driver's error knows what stood in the fields.
        raise BadForm(mistakes_of(wrong)) from None
    return Application(form.external_id, digest_of(form), wish_of(form), _consents_of(form))


def _consents_of(form: ApplicationForm) -> Consents | None:
    if form.consents is None:
        return None
    kinds: tuple[ConsentKind, ...] = ("collect", "sensitive", "third_party")
    return Consents(tuple(kind for kind in kinds if getattr(form.consents, kind)), form.consents.at)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def digest_of(form: ApplicationForm) -> str:
    """SHA-256 of what the form says: blanks, the order of fields and defaults that were written out do not count."""
    said = form.model_dump(mode="json", exclude_defaults=True)
    return sha256(_ENCODER.encode(said).encode()).hexdigest()


def wish_of(form: ApplicationForm) -> NewRequest:
    """The form as a use case takes it."""
    return NewRequest(
        guardian=NewGuardian(**vars(form.guardian)),
        children=tuple(NewChild(**vars(child)) for child in form.children),
        region=form.region,
        residence=form.residence,
        start=form.start,
        end=form.end,
        reason=form.reason,
        service=form.service,
        channel="platform",
        note=form.note,
    )


def mistakes_of(wrong: ValidationError) -> list[FieldMistake]:
    """What is wrong with every field, in the language in use."""
    found = wrong.errors(include_url=False, include_context=True, include_input=False)
    # Of a field that may be left out pydantic also says that it is not null, and of a list whose entries are
    # wrong that it has too few.
    inner = [one["loc"][:-1] for one in found]
    told = [
        _mistake(one)
        for one in found
        if one["type"] != "none_required"
        and not (one["type"] == "too_short" and any(loc[: len(one["loc"])] == one["loc"] for loc in inner))
    ]
    return list(dict.fromkeys(told))


def _mistake(one: ErrorDetails) -> FieldMistake:
    # What is no field of ours is a tag of pydantic's, or was sent in excess and may be anything.
    parts = [part for part in one["loc"] if isinstance(part, int) or part in _FIELDS]
    if one["type"] == "extra_forbidden" and one["loc"][-1] in _FIELDS:
        parts = parts[:-1]
    what = _SENTENCES.get(one["type"])
    limits = {name: value for name, value in one.get("ctx", {}).items() if isinstance(value, int | str)}
    said = _(what).format(**limits) if what else _("has the wrong form ({kind})").format(kind=one["type"])
    return FieldMistake(".".join(map(str, parts)), one["type"], said)


_FIELDS = frozenset(
    name for form in (ApplicationForm, GuardianForm, ChildForm, ConsentsForm) for name in form.model_fields
)

# By the names pydantic gives to mistakes.
_SENTENCES = {
    "missing": mark("is missing"),
    "extra_forbidden": mark("holds a field that no application has"),
    "string_too_long": mark("is longer than {max_length} characters"),
    "string_too_short": mark("is empty"),
    "string_pattern_mismatch": mark("has characters or a length that are not allowed"),
    "string_type": mark("has to be a text"),
    "bool_type": mark("has to be true or false"),
    "too_long": mark("has more entries than the {max_length} allowed"),
    "too_short": mark("needs at least {min_length} entry"),
    "literal_error": mark("has to be one of: {expected}"),
    "timezone_aware": mark("needs its time zone, as in 2026-11-24T20:00+09:00"),
    "datetime_from_date_parsing": mark("has to be a time like 2026-11-24T20:00+09:00"),
    "datetime_parsing": mark("has to be a time like 2026-11-24T20:00+09:00"),
    "datetime_type": mark("has to be a time like 2026-11-24T20:00+09:00"),
    "date_from_datetime_parsing": mark("has to be a date like 2018-05-05"),
    "date_parsing": mark("has to be a date like 2018-05-05"),
    "date_type": mark("has to be a date like 2018-05-05"),
    "greater_than_equal": mark("is too early"),
    "less_than_equal": mark("is too late"),
    "unsafe_character": mark("holds control or invisible characters"),
    "year": mark("times: only years from 2020 to 2099"),
    "too_long_care": mark("end: at most 31 days after the start"),
    "model_type": mark("has to be an object"),
    "json_invalid": mark("the text is no JSON"),
}
