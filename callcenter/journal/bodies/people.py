"""What entries say about guardians and their children."""

from typing import ClassVar, Literal

from callcenter.journal.bodies.body import Body, Change


class GuardianAdded(Body):
    """A guardian became known."""

    kind: ClassVar[str] = "guardian.added"
    personal: ClassVar[bool] = True
    name: str
    phone: str
    relation: str
    language: str
    second_name: str = ""
    second_phone: str = ""
    address: str = ""
    reachable: str = ""


class ChildAdded(Body):
    """A child of the guardian became known."""

    kind: ClassVar[str] = "child.added"
    personal: ClassVar[bool] = True
    child: str
    name: str
    birth: str
    school: str | None
    registered: bool | None
    needs: list[str]
    symptoms: list[str]
    care_note: str
    sex: Literal["", "girl", "boy"] = ""
    registration: str = ""


class PersonAmended(Body):
    """Facts about the guardian, or about the child named, were corrected."""

    kind: ClassVar[str] = "person.amended"
    personal: ClassVar[bool] = True
    child: str | None
    changes: dict[str, Change]


class ConsentGiven(Body):
    """The guardian agreed that personal data are collected, sensitive data are used, or a provider is told.

    개인정보 보호법 §15, §17, §22, §23: each is asked for by itself, and who agreed, when and how is kept as its proof.
    `who` is the relation to the child; `at` is when it was given, if that was before the entry.
    """

    kind: ClassVar[str] = "consent.given"
    kinds: list[Literal["collect", "sensitive", "third_party"]]
    who: str
    how: Literal["telephone", "online", "paper"]
    at: int | None = None


class PersonErased(Body):
    """The guardian and the children were erased on demand; their entries keep only their digests.

    `reason` is a code (before there were codes, words): words of one's own would outlive the person here.
    `subjects` are the calls and requests about the guardian. What tells of people in them and in the guardian's own
    entries is erased wherever it lies: all that came before, and what other desks wrote, whenever they did.
    """

    kind: ClassVar[str] = "person.erased"
    reason: str
    subjects: tuple[str, ...] = ()
