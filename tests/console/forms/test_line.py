"""The line and the fields are one draft: who fills what, who wins, and what goes with a word that goes."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL
from callcenter.console.forms.draft import DEFAULTS, Draft, with_guardian
from callcenter.console.forms.kept import Held, held_of, is_worth_keeping, row_of, summary
from callcenter.console.forms.line import (
    NOTES,
    Whose,
    clashes,
    open_question,
    replaced,
    whose_key,
    with_line,
)
from callcenter.console.presentation import line_words
from callcenter.reference import Reference, data_folder, load
from callcenter.text.intake_line import Word, chosen, read_line, without_refused
from callcenter.text.lexicon import lexicon
from tests.console.forms.hosts import ELDER, MOTHER, YOUNGER

NOW = datetime(2026, 11, 24, 17, 40, tzinfo=SEOUL)
TODAY = NOW.date()
REFERENCE: Reference = load(data_folder())
LEXICON = lexicon(REFERENCE.intake_words, REFERENCE.areas)
LINE = "수원 8세초2+14개월 오늘 20-23 야근 땅콩알레르기 010-0000-6789 김지영 현관비번은 모름"


def read(draft: Draft, line: str) -> tuple[Draft, tuple[Word, ...]]:
    found = read_line(line, LEXICON, NOW)
    words = tuple(word for word in found if word.kind != "refused")
    return with_line(draft, without_refused(line, found), words, REFERENCE, TODAY), words


def said(draft: Draft) -> dict[str, str]:
    return {key: text for key, text in draft.raw.items() if text and text != DEFAULTS.get(key)}


def test_every_word_fills_its_field_and_the_rest_is_a_note() -> None:
    draft, words = read(Draft(), LINE)
    assert said(draft) == {
        "line": LINE,
        "region": str(REFERENCE.regions["41110"].name),
        "child1.birth": "8세초2",
        "child1.school": "elementary",
        "child2.birth": "14개월",
        "when": "2026-11-24 20:00-23:00",
        "reason": "overtime",
        "phone": "010-0000-6789",
        "guardian": "김지영",
        "line.notes": "땅콩알레르기, 현관비번은 모름",
    }
    question = open_question(words, draft.raw)
    assert isinstance(question, Whose)
    assert (question.word.text, question.children) == ("땅콩알레르기", ("8세초2", "14개월"))


@pytest.mark.parametrize(("answer", "whom"), [("1", [1]), ("2", [2]), ("1 2", [1, 2])])
def test_whose_allergy_it_is_is_asked_and_not_guessed(answer: str, whom: list[int]) -> None:
    draft, words = read(Draft(), LINE)
    question = open_question(words, draft.raw)
    assert isinstance(question, Whose)
    draft, words = read(draft.with_raw({whose_key(question.word): answer}), LINE)
    assert open_question(words, draft.raw) is None
    assert [one for one in (1, 2) if draft.raw.get(f"child{one}.needs") == "allergy"] == whom
    assert [one for one in (1, 2) if draft.raw.get(f"child{one}.care_note") == "땅콩알레르기"] == whom
    assert draft.raw["line.notes"] == "현관비번은 모름"


def test_a_word_that_goes_takes_along_what_it_had_filled_in() -> None:
    draft, _words = read(Draft(), LINE)
    draft, _words = read(draft, "수원 8세초2 오늘 20-23")
    assert set(said(draft)) == {"line", "region", "child1.birth", "child1.school", "when"}
    draft, _words = read(draft, "")
    assert said(draft) == {}
    assert draft.raw["relation"] == "mother"


def test_the_hand_wins_and_the_clash_is_told() -> None:
    draft, _words = read(Draft(), "수원 김지영")
    draft = draft.with_raw({"guardian": "김지은", "region": "화성시"})
    draft, words = read(draft, "수원 김지영님 야근")
    assert (draft.raw["guardian"], draft.raw["region"], draft.raw["reason"]) == ("김지은", "화성시", "overtime")
    assert clashes(draft, words, REFERENCE) == {"guardian", "region"}
    draft, words = read(draft, "")
    assert (draft.raw["guardian"], draft.raw["region"], draft.raw["reason"]) == ("김지은", "화성시", "")
    assert clashes(draft, words, REFERENCE) == frozenset()


def test_a_number_that_another_takes_the_place_of_is_kept_as_a_note() -> None:
    draft = read(Draft(), "수원 010-0000-1111 안되면 010-0000-2222 할머니")[0]
    assert draft.raw["phone"] == "010-0000-2222"
    assert draft.raw[NOTES] == "010-0000-1111, 안되면"
    # Said twice it is the same number still.
    assert read(Draft(), "010-0000-1111 수원 010-0000-1111")[0].raw[NOTES] == ""


@pytest.mark.parametrize(
    ("line", "notes"),
    [("분당 8세", "분당"), ("Bundang 8세", "분당"), ("성남 분당 정자동", "분당, 정자동"), ("광교 8세", "광교")],
)
def test_the_part_of_a_region_is_kept_as_a_note(line: str, notes: str) -> None:
    assert read(Draft(), line)[0].raw[NOTES] == notes


def test_an_area_is_shown_with_its_region_and_corrects_nothing() -> None:
    draft, words = read(Draft(), "성남 분당 8세")
    region = str(REFERENCE.regions["41130"].name)
    assert draft.raw["region"] == region
    assert not replaced(words)
    assert [line_words.meaning(word, REFERENCE, NOW) for word in words[:2]] == [region, f"{region} (분당)"]


def test_the_number_that_the_telephone_shows_gives_way_and_comes_back() -> None:
    shown = Draft({**DEFAULTS, "phone": "010-0000-4321"}, shown="010-0000-4321")
    draft, words = read(shown, "수원 010-0000-8765")
    assert draft.raw["phone"] == "010-0000-8765"
    assert clashes(draft, words, REFERENCE) == frozenset()
    draft, _words = read(draft, "수원")
    assert draft.raw["phone"] == "010-0000-4321"


def test_the_last_word_of_a_kind_counts() -> None:
    draft, words = read(Draft(), "오늘 20-23 아니 오늘 21-23 수원")
    assert draft.raw["when"] == "2026-11-24 21:00-23:00"
    assert [word.text for word in words if word.start in replaced(words)] == ["오늘 20-23"]
    # What gave way can have been a second evening as well, so it is not lost.
    assert draft.raw[NOTES] == "오늘 20-23, 아니"
    assert read(Draft(), "화 9-12, 목 9-12")[0].raw[NOTES] == "화 9-12"


def test_a_clock_without_an_end_leaves_the_wished_time_alone() -> None:
    draft, words = read(Draft(), "오늘 20-23 수원 약은 9시에")
    assert draft.raw["when"] == "2026-11-24 20:00-23:00"
    assert draft.raw[NOTES] == "약은, 9시에"
    assert not replaced(words)


def test_a_child_that_can_only_be_one_of_the_known_is_that_child() -> None:
    known = with_guardian(Draft({**DEFAULTS, "phone": "010-0000-5678"}), MOTHER, [ELDER, YOUNGER], "수원시")
    draft, _words = read(known, "8세 오늘 20-23")
    assert (draft.raw["child1.id"], draft.raw["child1.birth"], draft.raw["child1.name"]) == (
        "c1",
        ELDER.birth,
        ELDER.name,
    )
    assert draft.raw["child1.needs"] == "allergy"
    draft, _words = read(draft, "8세+2살 20-23 계란알레르기")
    assert [draft.raw["child1.id"], draft.raw["child2.id"]] == ["c1", "c2"]
    draft, _words = read(draft, "4세 20-23")
    assert (draft.raw["child1.birth"], draft.raw.get("child1.id", "")) == ("4세", "")
    draft, _words = read(draft, "")
    assert not any(text for key, text in draft.raw.items() if key.startswith("child"))


def test_whoever_the_record_put_there_gives_way_to_who_is_spoken_of() -> None:
    only = with_guardian(Draft({**DEFAULTS, "phone": "010-0000-5678"}), MOTHER, [ELDER], "수원시")
    assert only.raw["child1.id"] == "c1"
    draft, _words = read(only, "14개월 화성")
    assert (draft.raw["child1.birth"], draft.raw.get("child1.id", "")) == ("14개월", "")
    assert draft.raw["region"] == str(REFERENCE.regions["41590"].name)
    draft, _words = read(draft, "")
    assert draft.raw["region"] == "수원시"


def test_a_name_that_may_be_anybodys_is_asked() -> None:
    draft, words = read(Draft(), "박하나 5살")
    question = open_question(words, draft.raw)
    assert isinstance(question, Word)
    assert "guardian" not in draft.filled
    assert draft.raw["line.notes"] == "박하나"
    draft, words = read(draft, chosen("박하나 5살", question, question.choices[1]))
    assert draft.raw["child1.name"] == "박하나"
    assert open_question(words, draft.raw) is None


def test_a_resident_number_is_in_no_draft_whatever_field_it_is_typed_into() -> None:
    draft, _words = read(Draft(), "수원 180302-3123456 20-23")
    draft = draft.with_raw({"note": "번호 180302-3123456 이래요", "child1.care_note": "1803023123456"})
    row = row_of(Held("d", draft), "김상담", NOW)
    assert "312345" not in row.body
    half = Draft({**DEFAULTS, "note": "180302312345", "line": "18030231"})
    assert "180302312" not in row_of(Held("d", half), "김상담", NOW).body


def test_a_draft_comes_back_from_the_disk_as_it_was() -> None:
    known = with_guardian(Draft({**DEFAULTS, "phone": "010-0000-5678"}), MOTHER, [ELDER, YOUNGER], "수원시")
    draft, _words = read(known, "8세 오늘 20-23 이상한말")
    held = Held("d", replace(draft, shown="010-0000-5678"), "call")
    again = held_of(row_of(held, "김상담", NOW))
    kept = replace(held.draft, raw={key: text for key, text in draft.raw.items() if text})
    assert again == held._replace(draft=kept)
    assert "수원시" in summary(row_of(held, "김상담", NOW))
    assert held_of(row_of(held, "김상담", NOW)._replace(body='{"guardian": {"id": 1}}')).draft == Draft()


def test_only_what_was_typed_is_worth_keeping() -> None:
    assert not is_worth_keeping(Held("d", Draft()))
    assert not is_worth_keeping(Held("d", Draft({**DEFAULTS, "phone": "010-0000-5678"}, shown="010-0000-5678")))
    assert not is_worth_keeping(Held("d", with_guardian(Draft(), MOTHER, [ELDER], "수원시")))
    assert is_worth_keeping(Held("d", Draft({**DEFAULTS, "phone": "010-0000-5678"})))
    assert is_worth_keeping(Held("d", Draft({**DEFAULTS, "line": "수"})))


PARTS = st.sampled_from([*LINE.split(), "박하나", "5살", "열나요", "내일 8시", "엄마", "'", "180302-3123456", "화성"])


@given(lines=st.lists(st.lists(PARTS, max_size=6).map(" ".join), max_size=4), hand=st.sampled_from(["", "손으로"]))
def test_nothing_disappears_and_nothing_is_left_behind(lines: list[str], hand: str) -> None:
    draft = Draft({**DEFAULTS, "guardian": hand})
    for line in lines:
        draft, words = read(draft, line)
        assert line_words.lines(words, REFERENCE, NOW, 40) is not None
        assert draft.raw["line"] == without_refused(line, read_line(line, LEXICON, NOW))
        for word in words:
            if word.kind == "note":
                assert str(word.value) in draft.raw["line.notes"]
    draft, _words = read(draft, "")
    assert said(draft) == ({"guardian": hand} if hand else {})
