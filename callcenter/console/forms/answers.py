"""What is answered by a digit on the form: who the guardian is, how urgent it is, which school, registered or not."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, get_args

from callcenter.care.child import SCHOOLS
from callcenter.care.codes import Code
from callcenter.care.priority import Urgency
from callcenter.console.presentation import words
from callcenter.desk.new_requests import SEXES
from callcenter.desk.requests import CARE_PLACES, CONSENTS
from callcenter.language import _


class Answer(NamedTuple):
    """An answer: its code, its words in the language in use, the digit that gives it ("" when it has none)."""

    code: str
    words: str
    digit: str


RELATIONS = ("mother", "father", "grandparent", "guardian", "institution", "other")
"""관계: relation, who the guardian is to the child."""


def relations() -> tuple[Answer, ...]:
    """Who the guardian is to the child."""
    return _numbered(RELATIONS, words.relation)


def schools() -> tuple[Answer, ...]:
    """Which school the child goes to; none is chosen while it is not known."""
    return _numbered(SCHOOLS, words.school)


def urgencies() -> tuple[Answer, ...]:
    """How urgent it is."""
    return _numbered(get_args(Urgency), words.urgency)


def registrations() -> tuple[Answer, ...]:
    """Whether the child is registered in advance (사전등록); none is chosen while it is not known."""
    return Answer("yes", _("yes"), "1"), Answer("no", _("not yet"), "2"), Answer("", _("not known"), "3")


def sexes() -> tuple[Answer, ...]:
    """Girl or boy; none is chosen where it was not told."""
    return _numbered(SEXES, words.sex)


def care_places() -> tuple[Answer, ...]:
    """Where the child is to be cared for; none is chosen where it does not matter."""
    return _numbered(CARE_PLACES, words.care_place)


def consents() -> tuple[Answer, ...]:
    """What the guardian agrees to; it was read out. 동의: consent."""
    return _numbered(CONSENTS, words.consent)


def coded(codes: Iterable[Code]) -> tuple[Answer, ...]:
    """The answers of a data file, with the digits given there."""
    return tuple(Answer(one.code, str(one.words), one.digit) for one in codes)


def _numbered(codes: Iterable[str], said: Callable[[str], str]) -> tuple[Answer, ...]:
    return tuple(Answer(code, said(code), str(number)) for number, code in enumerate(codes, 1))
