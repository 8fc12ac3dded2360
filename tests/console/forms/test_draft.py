"""What is known of a guardian, filled in and taken back."""

from callcenter.console.forms.draft import (
    DEFAULTS,
    Draft,
    chosen_children,
    next_child,
    passed_over,
    with_children,
    with_guardian,
    without_guardian,
)
from tests.console.forms.hosts import ELDER, MOTHER, YOUNGER

FATHER = MOTHER._replace(id="g2", relation="father", name="박두리")


def test_the_record_fills_what_is_blank_and_leaves_what_was_typed() -> None:
    draft = with_guardian(Draft({**DEFAULTS, "guardian": "김하나(개명)"}), FATHER, [ELDER], "수원시")
    assert draft.raw["guardian"] == "김하나(개명)"
    assert (draft.raw["region"], draft.raw["relation"], draft.raw["guardian_id"]) == ("수원시", "father", "g2")
    assert (draft.raw["child1.id"], draft.raw["child1.birth"]) == ("c1", "2018-03-02")


def test_an_only_child_is_taken_and_of_several_none() -> None:
    assert chosen_children(with_guardian(Draft(), MOTHER, [ELDER], "")) == ("c1",)
    assert chosen_children(with_guardian(Draft(), MOTHER, [ELDER, YOUNGER], "")) == ()
    typed = Draft({**DEFAULTS, "child1.birth": "200101"})
    assert chosen_children(with_guardian(typed, MOTHER, [ELDER], "")) == ()


def test_children_are_chosen_and_left_out_again() -> None:
    draft = with_children(with_guardian(Draft(), MOTHER, [ELDER, YOUNGER], ""), ["c2"])
    assert draft.raw["child1.name"] == "김바다"
    draft = with_children(draft, ["c1", "c2"])
    assert chosen_children(draft) == ("c2", "c1")
    draft = with_children(draft, ["c1"])
    assert chosen_children(draft) == ("c1",)
    assert not any(key.startswith("child1.") for key in draft.raw)
    assert next_child(draft.raw) == 1


def test_a_child_typed_by_hand_stays() -> None:
    draft = with_guardian(Draft({**DEFAULTS, "child1.birth": "200101"}), MOTHER, [ELDER, YOUNGER], "")
    draft = with_children(with_children(draft, ["c1"]), [])
    assert {key: text for key, text in draft.raw.items() if key.startswith("child")} == {"child1.birth": "200101"}


def test_another_number_takes_back_what_the_record_filled_in_and_no_more() -> None:
    typed = Draft({**DEFAULTS, "phone": "01000005678"})
    draft = with_guardian(typed, FATHER, [ELDER], "수원시")
    changed = Draft(
        {**draft.raw, "child1.name": "김하늘솔", "when": "20-23"}, draft.guardian, draft.known, draft.record
    )
    after = without_guardian(changed)
    assert {key: text for key, text in after.raw.items() if text} == {
        **DEFAULTS,
        "phone": "01000005678",
        "child1.name": "김하늘솔",
        "when": "20-23",
    }
    assert (after.guardian, after.known, after.record) == (None, (), {})


def test_what_the_record_answers_is_passed_over_but_not_whether_the_child_is_ill() -> None:
    draft = with_guardian(Draft(), MOTHER, [YOUNGER], "수원시")
    asked = [key for key in draft.record if not passed_over(draft, key)]
    assert sorted(asked) == ["child1.registered", "child1.symptoms"]
    assert passed_over(draft, "known")
    assert not passed_over(draft, "when")
    corrected = Draft({**draft.raw, "guardian": "박두리"}, draft.guardian, draft.known, draft.record)
    assert not passed_over(corrected, "guardian")
