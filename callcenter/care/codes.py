"""Programmes and coded words: reasons, refusals, call types, symptoms, abilities, short telephone numbers."""

from typing import Literal, NamedTuple, get_args

from callcenter.language import Words

RefusalUse = Literal["answer", "unplaced"]
REFUSAL_USES: tuple[RefusalUse, ...] = get_args(RefusalUse)

RecordUse = Literal["read", "erase"]
RECORD_USES: tuple[RecordUse, ...] = get_args(RecordUse)

NumberKind = Literal["emergency", "public", "service"]
NUMBER_KINDS: tuple[NumberKind, ...] = get_args(NumberKind)

ABILITIES = ("infants", "allergy", "medication", "disability", "night", "meals", "transport", "seizure")
"""What a provider can be known to be able to do beyond plain care; most special needs of children have these codes."""


class Program(NamedTuple):
    """A programme: who runs it, and the number callers dial (blank when not known)."""

    id: str
    name: Words
    phone: str


class Code(NamedTuple):
    """A code with its name, and the digit that picks it on the keyboard, blank when it has none.

    A need with `safety` is dangerous to overlook: it is read to the provider, which says that it knows.
    """

    code: str
    words: Words
    digit: str = ""
    safety: bool = False


class Refusal(NamedTuple):
    """Why a provider declined (`answer`), or why a request ended without a placement, 미연계 (`unplaced`)."""

    code: str
    words: Words
    digit: str
    use: RefusalUse


class RecordReason(NamedTuple):
    """Why somebody's record is read, or erased (개인정보 보호법 §21, §36, §37)."""

    code: str
    words: Words
    digit: str
    use: RecordUse


class CallType(NamedTuple):
    """What a call was about, 상담유형; `enquiry` when closing it as an enquiry (단순종결) is the usual end."""

    code: str
    words: Words
    digit: str
    enquiry: bool


class ShortNumber(NamedTuple):
    """A number dialled as it stands: emergency and public short codes, and nationwide service lines."""

    number: str
    words: Words
    kind: NumberKind
