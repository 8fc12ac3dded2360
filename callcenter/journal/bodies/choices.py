"""What entries say about why a request was placed as it was."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from callcenter.journal.bodies.body import Body


class Seen(BaseModel):
    """A candidate as the operator saw it: its place in the list, its score and the points that make it up.

    `confirmed` is when its places were last confirmed, `free` how many were free, both None when nobody knew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    provider: str
    rank: int
    score: float
    points: dict[str, float]
    km: float | None
    free: int | None
    confirmed: int | None


class ChoiceMade(Body):
    """The list that the offers were chosen from, which of it they are, and why when it is not the first.

    `change` is what the guardian agreed to change, `children` whom the list was for.
    """

    kind: ClassVar[str] = "choice.made"
    offers: list[str]
    children: list[str]
    shown: list[Seen]
    rank: int
    why_not_first: str = ""
    change: str = ""
