"""Where nobody takes the children as asked: near misses and splits that hold when they are taken, and no rule bent."""

from datetime import date, timedelta
from random import Random

import pytest

from callcenter.care.near_miss import Change, Miss
from callcenter.care.own_rules import OwnHours, OwnRules
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.care.rules import Window
from callcenter.care.siblings import Split
from callcenter.desk.choosing import choices
from callcenter.desk.matches import Matches
from callcenter.desk.new_requests import NewChild, open_request
from callcenter.desk.no_contact import set_no_contact
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import NoPlaceLeft, RulesForbid, make_offer
from callcenter.desk.placing import place, take_back
from callcenter.desk.requests import UnknownReason
from callcenter.desk.session import Desk
from callcenter.journal import bodies
from callcenter.simulator.fill import fill
from callcenter.store import reads
from callcenter.store.choices import choices_of
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, END, ONE_PLACE, START, UNKNOWN, child, have, holds, state, taken, wish
from tests.published import BUCHEON, DAYCARE, NAMYANGJU, SUWON, YONGIN

HALF_HOUR = timedelta(minutes=30)
LONG_AGO = date(2020, 1, 1)
SIBLINGS = (child("박새봄"), child("박가을", "2019-01-02"))
SECOND = ONE_PLACE._replace(id="second", name="둘째 센터")


def found_for(desk: Desk, request_id: str) -> Matches:
    request = reads.request(desk.connection, request_id)
    assert request is not None
    children = reads.children_of_request(desk.connection, request_id)
    return choices(desk.connection, desk.reference, desk.programs, request, children, NOW)


def only(desk: Desk, *providers: ProviderRecord) -> None:
    """These providers and nobody else: the others do not take part any more."""
    wanted = {one.id for one in providers}
    others = [one for one in (*desk.reference.providers, CENTRE, ONE_PLACE, UNKNOWN, CARER) if one.id not in wanted]
    have(desk, *(one._replace(valid_from=None, valid_to=LONG_AGO) for one in others), *providers)


def ask(desk: Desk, *children: NewChild, **more: object) -> str:
    return open_request(desk, OPERATOR, NOW, wish(*children, **more)).request_id


def fill_up(desk: Desk, provider: ProviderRecord, start: object = START, end: object = END) -> None:
    """Another child has the provider's place from `start` to `end`."""
    other = ask(desk, child("이하늘"), guardian=wishes.mother("010-0000-7777"), start=start, end=end)
    make_offer(desk, OPERATOR, NOW, other, provider.id)


def test_with_a_match_there_is_nothing_else_to_choose(desk: Desk) -> None:
    only(desk, CENTRE)
    found = found_for(desk, ask(desk))
    assert list(found.options) == [CENTRE.id]
    assert (found.split, found.misses) == (None, ())


def test_where_the_place_is_taken_for_a_while_another_time_is_proposed(desk: Desk) -> None:
    only(desk, ONE_PLACE)
    fill_up(desk, ONE_PLACE, START, START + HALF_HOUR)
    found = found_for(desk, ask(desk))
    assert found.ranking.why_out == {"no_place": 1}
    assert [miss.change for miss in found.misses] == [Change("shift", 30), Change("start", 30)]
    assert list(found.options) == ["miss-1", "miss-2"]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (20 * 60 + 30, 24 * 60, {Change("shift", 30), Change("start", 30)}),
        (7 * 60, 22 * 60 + 30, {Change("shift", -30), Change("end", -30)}),
        (7 * 60, 22 * 60, {Change("shift", -60), Change("end", -60)}),
        (7 * 60, 21 * 60, set()),
    ],
)
def test_a_provider_that_opens_later_or_closes_earlier_is_a_near_miss(
    desk: Desk, opens: int, closes: int, expected: set[Change]
) -> None:
    hours = OwnHours(*[(Window(opens, closes),)] * 4)
    only(desk, CENTRE._replace(own=OwnRules(hours=hours)))
    assert {miss.change for miss in found_for(desk, ask(desk)).misses} == expected


def test_the_other_service_is_a_near_miss_of_a_wish_for_one(desk: Desk) -> None:
    only(desk, CENTRE)
    found = found_for(desk, ask(desk, service=DAYCARE))
    assert [miss.change for miss in found.misses] == [Change("service", code=CENTRE.service)]


def test_a_neighbouring_city_is_a_near_miss_where_the_own_has_no_service(desk: Desk) -> None:
    only(desk, CENTRE)
    assert YONGIN in desk.reference.regions[SUWON].neighbours
    request_id = ask(desk, region=YONGIN)
    found = found_for(desk, request_id)
    assert [miss.change for miss in found.misses] == [Change("region", code=SUWON)]
    place(desk, OPERATOR, NOW, request_id, found, "miss-1")
    request = reads.request(desk.connection, request_id)
    assert request is not None
    assert (request.region, request.residence, request.state) == (SUWON, YONGIN, "offered")


def test_who_takes_residents_only_is_no_near_miss_of_another_city(desk: Desk) -> None:
    only(desk, CENTRE._replace(residents_only=True))
    assert found_for(desk, ask(desk, region=YONGIN)).misses == ()


def test_further_away_is_looked_when_all_that_were_looked_at_are_full(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.desk.matches.NEAREST", 2)
    monkeypatch.setattr("callcenter.desk.matches._BOXES", ((10.0, 1), (60.0, 2)))
    monkeypatch.setattr("callcenter.desk.near_miss.NEAREST", 2)
    monkeypatch.setattr("callcenter.desk.near_miss._FURTHER", 1000)
    there = desk.reference.regions[NAMYANGJU]
    full = [
        ONE_PLACE._replace(id=f"full-{n}", region=NAMYANGJU, groups=(GroupRecord("72-155m", 72, 155, 0),))
        for n in range(2)
    ]
    away = CENTRE._replace(id="away", region=NAMYANGJU, lat=there.lat + 0.1, lon=there.lon)
    only(desk, *full, away)
    request_id = ask(desk, region=NAMYANGJU)
    found = found_for(desk, request_id)
    assert [(miss.change, miss.match.candidate.provider_id) for miss in found.misses] == [(Change("wider"), "away")]
    placed = place(desk, OPERATOR, NOW, request_id, found, "miss-1")
    assert (placed.before, state(desk, request_id)) == ({}, "offered")


@pytest.mark.parametrize(
    "provider",
    [
        CENTRE._replace(groups=(GroupRecord("6-35m", 6, 35, 5),)),
        CENTRE._replace(own=OwnRules(licence_until=START.date() - timedelta(days=1))),
        CENTRE._replace(own=OwnRules(training_until=START.date() - timedelta(days=1))),
        CENTRE._replace(region=BUCHEON, residents_only=True),
        CENTRE._replace(can=frozenset({"meals"})),
    ],
    ids=["age", "licence", "training", "residents", "need"],
)
def test_a_hard_rule_is_never_part_of_a_near_miss(desk: Desk, provider: ProviderRecord) -> None:
    only(desk, provider)
    found = found_for(desk, ask(desk, child(needs=("medication",))))
    assert (found.ranking.fitting, found.options) == (0, {})


def test_who_is_kept_apart_is_out_without_the_reason(desk: Desk) -> None:
    only(desk, ONE_PLACE, SECOND)
    request_id = ask(desk)
    request = reads.request(desk.connection, request_id)
    assert request is not None
    set_no_contact(desk, SUPERVISOR, NOW, request.guardian_id, SECOND.id, "법원 명령")
    found = found_for(desk, request_id)
    assert list(found.options) == [ONE_PLACE.id]
    (out,) = found.ranking.out
    assert (out.codes, out.candidate.blocks[0].values) == (("no_contact",), {})
    with pytest.raises(RulesForbid, match="Not to be linked"):
        make_offer(desk, OPERATOR, NOW, request_id, SECOND.id)
    fill_up(desk, ONE_PLACE)
    assert {miss.match.candidate.provider_id for miss in found_for(desk, request_id).misses} <= {ONE_PLACE.id}


def test_siblings_whom_nobody_takes_together_are_split(desk: Desk) -> None:
    only(desk, ONE_PLACE, SECOND)
    request_id = ask(desk, *SIBLINGS)
    found = found_for(desk, request_id)
    assert isinstance(found.split, Split)
    assert {part.match.candidate.provider_id for part in found.split.parts} == {ONE_PLACE.id, SECOND.id}
    assert found.split.why == (("no_place", 2),)
    placed = place(desk, OPERATOR, NOW, request_id, found, "split")
    assert (state(desk, request_id), len(placed.offers)) == ("offered", 2)
    assert {row[0] for row in taken(desk)} == {f"{ONE_PLACE.id}/72-155m", f"{SECOND.id}/72-155m"}
    holds(desk)


def test_together_comes_before_apart(desk: Desk) -> None:
    only(desk, ONE_PLACE, SECOND, CENTRE)
    found = found_for(desk, ask(desk, *SIBLINGS))
    assert list(found.options) == [CENTRE.id]


def test_a_split_takes_both_places_or_none(desk: Desk) -> None:
    only(desk, ONE_PLACE, SECOND)
    request_id = ask(desk, *SIBLINGS)
    found = found_for(desk, request_id)
    assert found.split is not None
    # Meanwhile the place of the second part is gone.
    last = next(one for one in (ONE_PLACE, SECOND) if one.id == found.split.parts[-1].match.candidate.provider_id)
    fill_up(desk, last)
    before = taken(desk)
    with pytest.raises(NoPlaceLeft):
        place(desk, OPERATOR, NOW, request_id, found, "split")
    assert (state(desk, request_id), taken(desk)) == ("open", before)


def test_who_has_a_place_is_not_looked_for_again(desk: Desk) -> None:
    only(desk, ONE_PLACE, SECOND)
    request_id = ask(desk, *SIBLINGS)
    placed = place(desk, OPERATOR, NOW, request_id, found_for(desk, request_id), "split")
    first, second = placed.offers
    answer_offer(desk, OPERATOR, NOW, first.offer_id, "accepted")
    answer_offer(desk, OPERATOR, NOW, second.offer_id, "declined", reason="full")
    have(desk, CENTRE)
    found = found_for(desk, request_id)
    assert len(found.children) == 1
    place(desk, OPERATOR, NOW, request_id, found, CENTRE.id)
    assert sorted(offer.state for offer in reads.offers_of_request(desk.connection, request_id)) == [
        "accepted",
        "declined",
        "pending",
    ]


def test_a_near_miss_changes_the_request_and_undo_gives_both_back(desk: Desk) -> None:
    only(desk, ONE_PLACE)
    fill_up(desk, ONE_PLACE, START, START + HALF_HOUR)
    request_id = ask(desk)
    before = reads.request(desk.connection, request_id)
    places = taken(desk)
    placed = place(desk, OPERATOR, NOW, request_id, found_for(desk, request_id), "miss-1")
    after = reads.request(desk.connection, request_id)
    assert before is not None
    assert after is not None
    assert (after.start_at - before.start_at, after.end_at - before.end_at, after.state) == (1800, 1800, "offered")
    assert choices_of(desk.connection, request_id)[placed.offers[0].offer_id].change == "shift 30"
    take_back(desk, OPERATOR, NOW, placed)
    undone = reads.request(desk.connection, request_id)
    assert undone is not None
    assert (undone.start_at, undone.end_at, undone.state) == (before.start_at, before.end_at, "matching")
    assert taken(desk) == places
    holds(desk)


def test_a_near_miss_that_is_gone_changes_nothing(desk: Desk) -> None:
    only(desk, ONE_PLACE)
    fill_up(desk, ONE_PLACE, START, START + HALF_HOUR)
    request_id = ask(desk)
    found = found_for(desk, request_id)
    fill_up(desk, ONE_PLACE, START + HALF_HOUR, END + HALF_HOUR)
    before = reads.request(desk.connection, request_id)
    with pytest.raises(NoPlaceLeft):
        place(desk, OPERATOR, NOW, request_id, found, "miss-1")
    assert reads.request(desk.connection, request_id) == before


def test_the_list_and_the_reason_are_kept_with_the_decision(desk: Desk) -> None:
    only(desk, CENTRE, ONE_PLACE)
    request_id = ask(desk)
    found = found_for(desk, request_id)
    second = list(found.options)[1]
    with pytest.raises(UnknownReason):
        place(desk, OPERATOR, NOW, request_id, found, second, "because")
    placed = place(desk, OPERATOR, NOW, request_id, found, second, "guardian")
    (kept,) = choices_of(desk.connection, request_id).values()
    assert (kept.offer_id, kept.rank, kept.why_not_first) == (placed.offers[0].offer_id, 2, "guardian")
    body = desk.connection.execute("SELECT body FROM entry WHERE kind = 'choice.made'").fetchone()[0]
    made = bodies.ChoiceMade.model_validate_json(body)
    assert [(one.provider, one.rank) for one in made.shown] == [
        (key, rank) for rank, key in enumerate(found.options, 1)
    ]
    assert made.shown[0].score == found.ranking.matches[0].score
    assert round(sum(made.shown[0].points.values()), 1) == made.shown[0].score
    holds(desk)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_proposed_can_be_placed(desk: Desk, seed: int) -> None:
    """Splits and near misses of a big made-up evening, each taken and taken back."""
    fill(desk, Random(seed), NOW, requests=60, providers=120)
    # Nobody has more than one place and most of them are gone: hardly anybody is taken as asked.
    rows = desk.connection.execute("SELECT provider_id, id FROM provider_group").fetchall()
    rng = Random(seed)
    with desk.writing(OPERATOR.name, NOW) as chain:
        for provider, group in rows:
            places = rng.choice((0, 0, 1))
            chain.append(provider, bodies.PlacesConfirmed(group=group, places=places, how="telephone"))
    tried = 0
    for (request_id,) in desk.connection.execute("SELECT id FROM request WHERE state = 'open'").fetchall():
        found = found_for(desk, request_id)
        if found.ranking.matches:
            continue
        for key, option in found.options.items():
            if isinstance(option, Miss):
                assert not option.match.candidate.blocks
            placed = place(desk, OPERATOR, NOW, request_id, found, key)
            assert state(desk, request_id) == "offered"
            take_back(desk, OPERATOR, NOW, placed)
            tried += 1
    assert tried
