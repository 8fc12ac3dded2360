"""The form of an application: the example fits its own schema, and a refusal names fields, never what stood there."""

import json
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.calendar import SEOUL
from callcenter.console.presentation.words import language_name, relation
from callcenter.desk.applications import Consents
from callcenter.gateways.application import (
    EXAMPLE,
    MAX_BYTES,
    ApplicationForm,
    BadForm,
    GuardianForm,
    read_application,
    schema,
)
from callcenter.reference import Reference

CANARY = "홍길동-010-0000-9876"


def changed(path: str, value: object) -> dict[str, Any]:
    """The example with one field set, or removed by ..."""
    found: Any = deepcopy(EXAMPLE)
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = found
    for part in above:
        inner = inner[part]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return dict(found)


def refusal(value: object) -> str:
    with pytest.raises(BadForm) as refused:
        read_application(value if isinstance(value, str | bytes) else json.dumps(value, ensure_ascii=False))
    return str(refused.value.values["reasons"])


def test_the_example_is_taken_as_it_stands(data: Reference) -> None:
    found = read_application(json.dumps(EXAMPLE))
    assert (found.external_id, found.wish.channel, found.wish.region) == ("web-20261124-0001", "platform", "41110")
    assert found.wish.start == datetime(2026, 11, 24, 20, 0, tzinfo=SEOUL)
    (child,) = found.wish.children
    assert (child.birth, child.school, child.registered, child.needs) == (
        date(2018, 5, 5), "elementary", True, ("allergy",),
    )  # fmt: skip
    assert found.wish.reason in data.reasons
    assert set(child.needs) <= set(data.abilities)
    assert found.consents == Consents(
        ("collect", "sensitive", "third_party"), datetime(2026, 11, 24, 17, 30, tzinfo=SEOUL)
    )


def test_what_may_be_left_out(data: Reference) -> None:
    least = {
        "external_id": "1",
        "guardian": {"name": "박하나", "phone": "withheld"},
        "children": [{"name": "박새봄", "birth": "2018-05-05"}],
        "region": "41110",
        "start": "2026-11-24T11:00:00Z",
        "end": "2026-11-24T14:00:00Z",
        "reason": "other",
    }
    wish = read_application(json.dumps(least)).wish
    assert (wish.residence, wish.service, wish.note) == (None, None, "")
    assert (wish.guardian.relation, wish.guardian.language) == ("mother", "ko")
    assert set(ApplicationForm.model_json_schema()["required"]) == set(least)


REFUSED: list[tuple[str, object, str]] = [
    ("external_id", ..., "external_id: is missing"),
    ("external_id", "a b", "external_id: has characters or a length that are not allowed"),
    ("external_id", "a" * 65, "external_id: has characters or a length that are not allowed"),
    ("external_id", 7, "external_id: has to be a text"),
    ("guardian", ..., "guardian: is missing"),
    ("guardian", CANARY, "guardian: has to be an object"),
    ("guardian.name", "", "guardian.name: is empty"),
    ("guardian.name", " ", "guardian.name: has characters or a length that are not allowed"),
    ("guardian.name", "\u3164", "guardian.name: holds control or invisible characters"),
    ("guardian.name", "박\n하나", "guardian.name: holds control or invisible characters"),
    ("guardian.name", "박\x1b[2J", "guardian.name: holds control or invisible characters"),
    ("guardian.name", CANARY * 9, "guardian.name: is longer than 60 characters"),
    ("guardian.relation", CANARY, "guardian.relation: has to be one of: 'mother', 'father'"),
    ("guardian.resident_number", CANARY, "guardian: holds a field that no application has"),
    ("children", [], "children: needs at least 1 entry"),
    ("children", [EXAMPLE["children"][0]] * 7, "children: has more entries than the 6 allowed"),
    ("children.0.birth", CANARY, "children.0.birth: has to be a date like 2018-05-05"),
    ("children.0.birth", "1889-01-01", "children.0.birth: is too early"),
    ("children.0.birth", 20180505, "children.0.birth: has to be a date like 2018-05-05"),
    ("children.0.registered", "yes", "children.0.registered: has to be true or false"),
    ("children.0.school", CANARY, "children.0.school: has to be one of: 'none', 'kindergarten', 'elementary'"),
    ("children.0.needs", ["a"] * 11, "children.0.needs: has more entries than the 10 allowed"),
    ("children.0.needs", [CANARY], "children.0.needs.0: has characters or a length that are not allowed"),
    ("children.0.care_note", "\u202e", "children.0.care_note: holds control or invisible characters"),
    ("region", "수원", "region: has characters or a length that are not allowed"),
    ("region", 41110, "region: has to be a text"),
    ("start", "2026-11-24T20:00", "start: needs its time zone"),
    ("start", CANARY, "start: has to be a time like"),
    ("end", 1795000000, "end: has to be a time like"),
    ("end", "2027-11-24T20:00+09:00", "end: at most 31 days after the start"),
    ("end", "1026-11-24T20:00+09:00", "times: only years from 2020 to 2099"),
    ("consents.at", "1026-11-24T20:00+09:00", "times: only years from 2020 to 2099"),
    ("consents.at", ..., "consents.at: is missing"),
    ("consents.collect", "yes", "consents.collect: has to be true or false"),
    (CANARY, 1, "holds a field that no application has"),
    ("guardian.region", 1, "guardian: holds a field that no application has"),
    ("note", CANARY * 99, "note: is longer than 500 characters"),
]


@pytest.mark.parametrize(("path", "value", "told"), REFUSED)
def test_a_wrong_form_is_refused_by_field_without_an_echo(path: str, value: object, told: str) -> None:
    said = refusal(changed(path, value))
    assert said.startswith(told)
    assert ";" not in said
    assert CANARY not in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the text is no JSON"),
        ("{", "the text is no JSON"),
        (f'{{"guardian": "{CANARY}', "the text is no JSON"),
        ("[]", "has to be an object"),
        (f'"{CANARY}"', "has to be an object"),
        ("박".encode("cp949"), "the text is not UTF-8"),
        (b" " * (MAX_BYTES + 1), "the text is larger than 16384 bytes"),
        ("[" * 9000, "the text is no JSON"),
    ],
)
def test_a_text_that_is_no_application_is_refused(text: str | bytes, told: str) -> None:
    assert refusal(text) == told


def test_every_wrong_field_is_told_at_once_and_the_names_of_others_are_not_said() -> None:
    wrong = changed("region", "?") | {"\x1b]52;c;" + "x" * 90: 1}
    wrong["children"] = [{"name": "박새봄", "birth": "?"}]
    said = refusal(wrong)
    assert [one.split(":")[0] for one in said.split("; ") if one.startswith(("children", "region"))] == [
        "children.0.birth",
        "region",
    ]
    assert "\x1b" not in said
    assert "xx" not in said


def test_order_blanks_and_written_out_defaults_are_the_same_application() -> None:
    first = read_application(json.dumps(EXAMPLE)).digest
    shuffled = dict(reversed(list(EXAMPLE.items()))) | {"service": None}
    assert read_application(json.dumps(shuffled, indent=4)).digest == first
    assert read_application(b"\xef\xbb\xbf" + json.dumps(EXAMPLE).encode()).digest == first
    assert read_application(json.dumps(changed("note", "다른 말"))).digest != first
    assert read_application(json.dumps(changed("guardian.phone", "010-0000-1235"))).digest != first


def test_lines_of_a_web_form_and_pasted_tabs_are_taken() -> None:
    wish = read_application(json.dumps(changed("note", "한 줄\r\n두\t줄 "))).wish
    assert wish.note == "한 줄\n두 줄"


def test_the_schema_says_what_the_form_checks() -> None:
    published = schema()
    assert published["$schema"].endswith("2020-12/schema")
    assert published["additionalProperties"] is False
    assert set(published["properties"]) == set(ApplicationForm.model_fields)
    assert published["properties"]["external_id"]["pattern"]
    assert "null" not in json.dumps(published["properties"]["service"]["type"])


def test_every_relation_and_language_has_its_word() -> None:
    fields = GuardianForm.model_json_schema()["properties"]
    language.use("ko")
    words = [relation(code) for code in fields["relation"]["enum"]]
    words += [language_name(code) for code in fields["language"]["enum"]]
    language.use("en")
    assert [word for word in words if word.isascii()] == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(sorted(ApplicationForm.model_fields)) | st.text(), inner)
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_is_taken_or_refused_in_words(value: object) -> None:
    assert refusal(json.dumps(value))
