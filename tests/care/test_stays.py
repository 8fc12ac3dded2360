"""The stay of a placed child: how far it is, which clock runs, whom to ring next."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.callbacks import Try, Whom
from callcenter.care.stays import Due, Stay, Watch, due_of, refusal_of, state_of

ACCEPTED, START, END = 0, 10_000, 20_000
PAUSE, LATE = 600, 600
STAY = Stay(START, END, ACCEPTED)
TOLD = STAY._replace(confirmed_at=100)
INSIDE = TOLD._replace(admitted_at=START)
HELD = TOLD._replace(held_at=START)


def failed(at: int, whom: Whom = "guardian") -> Try:
    return Try(whom, "no_answer", at)


def reached(at: int) -> Try:
    return Try("guardian", "reached", at)


@pytest.mark.parametrize(
    ("stay", "state"),
    [
        (STAY, "to_tell"),
        (TOLD, "expected"),
        (TOLD._replace(under_way_at=START), "under_way"),
        (TOLD._replace(under_way_at=START, arrived_at=START), "arrived"),
        (TOLD._replace(arrived_at=START, held_at=START), "held"),
        (INSIDE, "in_care"),
        (INSIDE._replace(ended_at=END), "over"),
    ],
)
def test_how_far_a_child_is(stay: Stay, state: str) -> None:
    assert state_of(stay) == state


@pytest.mark.parametrize(
    ("stay", "now", "tries", "second", "due"),
    [
        # Told of the place: three tries, the second contact, then the place goes back.
        (STAY, 1, (), True, Due("tell", 600, 600, "guardian")),
        (STAY, 700, (failed(650),), True, Due("tell", 1250, 1250, "guardian")),
        (STAY, 9, tuple(map(failed, (1, 2, 3))), True, Due("tell", 603, 603, "second_contact")),
        (STAY, 9, tuple(map(failed, (1, 2, 3))), False, Due("release", 3, 3)),
        (STAY, 9, (*map(failed, (1, 2, 3)), failed(4, "second_contact")), True, Due("release", 4, 4)),
        (STAY._replace(accepted_at=2), 9, tuple(map(failed, (0, 1))), True, Due("tell", 602, 602, "guardian")),
        # Expected at the door, or a carer on the way.
        (TOLD, 200, (), True, Due("late", START + LATE, START)),
        (TOLD._replace(under_way_at=9_000), 9_100, (), True, Due("late", START + LATE, START)),
        (TOLD._replace(arrived_at=9_900), 9_950, (), True, Due("admit", 9_900 + LATE, 9_900)),
        # Sent back at the door: the guardian, a pause later the next one, never the police.
        (HELD, START, (), True, Due("recall", START, START, "guardian")),
        (HELD, START + 9, (failed(START + 5),), True, Due("recall", START + 5, START, "second_contact")),
        (HELD, START + 9 * PAUSE, (), True, Due("recall", START + 2 * PAUSE, START, "supervisor")),
        (HELD, START + 9, (reached(START + 5),), True, Due("recall", START + 605, START, "guardian")),
        # In care: half an hour before, at the end, and up the ladder.
        (INSIDE, START + 1, (), True, Due("ending", END - 1800, END, "guardian")),
        (INSIDE, END - 1, (failed(END - 900),), True, Due("ending", END - 1800, END, "second_contact")),
        (INSIDE, END - 1, (reached(END - 900),), True, Due("ending", END, END, "guardian")),
        (INSIDE, END, (), True, Due("overdue", END, END, "guardian")),
        (INSIDE, END + PAUSE, (), True, Due("overdue", END + PAUSE, END, "second_contact")),
        (INSIDE, END + PAUSE, (), False, Due("overdue", END + PAUSE, END, "supervisor")),
        # Time brings it to the supervisor; to the police only what was tried with the family first.
        (INSIDE, END + 99 * PAUSE, (), True, Due("overdue", END + 2 * PAUSE, END, "supervisor")),
        (INSIDE, END + 99 * PAUSE, (failed(END + 30),), True, Due("overdue", END + 2 * PAUSE, END, "supervisor")),
        (INSIDE, END + 99 * PAUSE, (failed(END + 30),), False, Due("overdue", END + 2 * PAUSE, END, "112")),
        (
            INSIDE, END + 99 * PAUSE, (failed(END + 30), failed(END + 40, "second_contact")), True,
            Due("overdue", END + 3 * PAUSE, END, "112"),
        ),
        (INSIDE, END + 60, (failed(END + 30),), True, Due("overdue", END + 30, END, "second_contact")),
        (INSIDE, END + 60, (failed(END - 900),), True, Due("overdue", END, END, "second_contact")),
        (INSIDE, END + 60, (reached(END + 30),), True, Due("ending", END + 630, END, "guardian")),
        (INSIDE, END + 700, (reached(END + 30),), True, Due("overdue", END + 630, END, "guardian")),
    ],
)  # fmt: skip
def test_what_is_due_next(stay: Stay, now: int, tries: tuple[Try, ...], second: bool, due: Due) -> None:
    assert due_of(stay, now, tries, second_contact=second) == due


def test_the_longest_stay_rings_before_anything_else() -> None:
    longest = END - START + 300
    assert due_of(INSIDE, END + 299, longest=longest) == Due("overdue", END, END, "guardian")
    assert due_of(INSIDE, END + 300, longest=longest) == Due("limit", END + 300, END + 300, "guardian")
    assert due_of(INSIDE, END + 1300, longest=longest) == Due("limit", END + 600, END + 300, "supervisor")


def test_a_desk_sets_its_own_times() -> None:
    watch = Watch(late=timedelta(minutes=1), pause=timedelta(minutes=2), tries=1)
    assert due_of(TOLD, 0, watch=watch) == Due("late", START + 60, START)
    assert due_of(STAY, 0, watch=watch) == Due("tell", 120, 120, "guardian")
    assert due_of(STAY, 9, (failed(5),), watch=watch) == Due("release", 5, 5)


MOMENTS = st.none() | st.integers(START, END)
STAYS = st.builds(
    Stay, st.just(START), st.just(END), st.just(ACCEPTED), st.none() | st.just(5), *4 * [MOMENTS], st.none()
)
WHOM = st.sampled_from(("guardian", "second_contact"))
TRIES = st.lists(
    st.builds(Try, WHOM, st.sampled_from(("reached", "no_answer")), st.integers(0, END * 2)), max_size=6
).map(lambda made: sorted(made, key=lambda one: one.at))


@given(STAYS, st.integers(0, END * 3), TRIES, st.booleans(), st.none() | st.integers(1, END))
def test_no_stay_is_without_a_clock_and_time_alone_rings_it(
    stay: Stay, now: int, tries: list[Try], second: bool, longest: int | None
) -> None:
    made = [one for one in tries if one.at <= now]
    due = due_of(stay, now, made, second_contact=second, longest=longest)
    assert due is not None
    later = due_of(stay, now + 10**6, made, second_contact=second, longest=longest)
    assert later is not None
    assert later.since <= now + 10**6
    assert later.rung != "second_contact" or second


@given(STAYS, st.integers(0, END * 3), TRIES)
def test_what_is_over_has_no_clock(stay: Stay, now: int, tries: list[Try]) -> None:
    assert due_of(stay._replace(ended_at=END), now, tries) is None


@pytest.mark.parametrize(
    ("temperature", "symptoms", "code_word", "why"),
    [
        (374, False, True, None),
        (375, False, True, "fever"),
        (None, False, None, None),
        (None, True, True, "symptoms"),
        (366, False, False, "code_word"),
        (400, True, False, "fever"),
    ],
)
def test_why_a_child_is_not_taken_in(
    temperature: int | None, symptoms: bool, code_word: bool | None, why: str | None
) -> None:
    assert refusal_of(temperature, symptoms, code_word) == why
    assert refusal_of(temperature, symptoms, code_word, fever=500) == (
        None if why == "fever" and not symptoms else why if why != "fever" else "symptoms"
    )
