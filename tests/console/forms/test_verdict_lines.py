"""What is said of each service while a request is typed."""

import pytest

from callcenter import language
from callcenter.care.eligibility import Block, Verdict
from callcenter.console.forms.verdict_lines import verdict_lines
from callcenter.reference import Reference
from tests.conftest import NOW
from tests.console.presentation.rows import at, page

CLOSED = Verdict("gyeonggi.elementary", "blocked", (Block("no_place", {}),), next=(at(25, 20), at(25, 23)))
FREE = Verdict("gyeonggi.daycare", "available", fee=0)


@pytest.mark.parametrize(
    ("takers", "shown"),
    [
        ((), ["o 어린이집 가능 0원", "x 초등     불가 자리 없음"]),
        (("gyeonggi.elementary",), ["o 어린이집 가능 0원", "o 초등     일부 가능 나머지: 자리 없음"]),
    ],
)
def test_some_can_where_the_others_cannot(takers: tuple[str, ...], shown: list[str], data: Reference) -> None:
    language.use("ko")
    assert page(verdict_lines(data, [CLOSED, FREE], takers, NOW, 80, 1)).splitlines() == shown


def test_of_the_others_it_is_said_why_not_and_not_when_next(data: Reference) -> None:
    language.use("ko")
    alone, among = (page(verdict_lines(data, [CLOSED], some, NOW, 200, 1 + 1)) for some in ((), (CLOSED.service,)))
    assert "내일 20시~23시" in alone
    assert "20시" not in among
