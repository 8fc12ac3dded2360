"""What can be said while a request is typed: as much as once it is taken, and for an age what holds at all births."""

from datetime import date
from random import Random

import pytest

from callcenter.care.child import Child
from callcenter.care.eligibility import Need
from callcenter.care.provider_record import GroupRecord
from callcenter.desk.drafts import save
from callcenter.desk.matches import matches
from callcenter.desk.needs import needs_of
from callcenter.desk.providers import confirm_places, record_providers
from callcenter.desk.providers_read import ProvidersKept, ProvidersRead
from callcenter.desk.session import Desk
from callcenter.desk.so_far import SoFar, Typed, so_far
from callcenter.simulator.fill import fill
from callcenter.store import reads
from callcenter.store.drafts import DraftRow
from tests.conftest import NOW, SUPERVISOR
from tests.desk.wishes import CENTRE, END, START
from tests.published import SUWON

YOUNG, OLD = date(2019, 6, 1), date(2018, 8, 1)
"""Both can be «초2»: 89 and 99 months."""


def said(desk: Desk, *needs: tuple[Need, ...]) -> SoFar:
    return so_far(ProvidersRead(desk.connection), desk.reference, desk.programs, Typed(needs), NOW)


def pupil(birth: date) -> Need:
    return Need(SUWON, Child(birth, "elementary"), START, END, registered=True)


def test_until_there_is_enough_only_duplicates_are_looked_for(desk: Desk) -> None:
    assert said(desk) == SoFar()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_request_that_is_typed_has_the_matches_it_has_once_taken(desk: Desk, seed: int) -> None:
    fill(desk, Random(seed), NOW, requests=40, providers=400)
    compared = 0
    for (request_id,) in desk.connection.execute("SELECT id FROM request WHERE state = 'open'").fetchall():
        taken = reads.request(desk.connection, request_id)
        assert taken is not None
        children = reads.children_of_request(desk.connection, request_id)
        # As it would be, asked for now by telephone and by nobody before.
        now = as_typed(taken)
        needs = [(need,) for need in needs_of(now, children)]
        found = so_far(ProvidersRead(desk.connection), desk.reference, desk.programs, Typed(tuple(needs)), NOW).matches
        expected = matches(desk.connection, desk.reference, desk.programs, now, children, NOW)
        assert found is not None
        assert found.ranking == expected.ranking
        assert found.services == expected.services
        compared += bool(expected.ranking.matches)
    assert compared


def as_typed(row: reads.RequestRow) -> reads.RequestRow:
    return row._replace(id="", service=None, channel="hotline", asked_at=int(NOW.timestamp()))


def test_of_an_age_only_who_takes_the_child_at_all_its_births_is_a_match(desk: Desk) -> None:
    young, old = GroupRecord("72-95m", 72, 95, 4), GroupRecord("96-155m", 96, 155, 1)
    made = [
        CENTRE,
        CENTRE._replace(id="young", groups=(young,)),
        CENTRE._replace(id="old", groups=(old,)),
        CENTRE._replace(id="both", groups=(young, old)),
    ]
    record_providers(desk, SUPERVISOR, NOW, made)

    def fitting(*births: date) -> dict[str, int | None]:
        found = said(desk, tuple(map(pupil, births))).matches
        assert found is not None
        ours = {one.id for one in made}
        shown = [one.candidate for one in found.ranking.matches]
        return {one.provider_id: one.free for one in shown if one.provider_id in ours}

    assert fitting(YOUNG) == {"centre": 2, "young": 4, "both": 4}
    assert fitting(OLD) == {"centre": 2, "old": 1, "both": 1}
    assert fitting(OLD, YOUNG) == {"centre": 2, "both": 1}


def test_providers_are_read_again_once_something_was_written_of_them_and_not_for_a_draft(desk: Desk) -> None:
    record_providers(desk, SUPERVISOR, NOW, [CENTRE])
    kept = ProvidersKept()

    def places() -> list[int | None]:
        return [group.places for group in kept.on(desk.connection).groups([CENTRE.id])[CENTRE.id]]

    assert places() == [2]
    before = kept.on(desk.connection)
    save(desk.connection, [DraftRow("d1", SUPERVISOR.name, None, None, int(NOW.timestamp()), "{}")], [])
    assert kept.on(desk.connection) is before

    confirm_places(desk, SUPERVISOR, NOW, reads.groups_of(desk.connection, [CENTRE.id])[0].id, 5)
    assert places() == [5]
