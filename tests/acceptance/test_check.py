"""Evenings and mornings at the desk, decided by the published rules; each case names where it comes from."""

from typing import NamedTuple

import pytest

from callcenter.care.eligibility import Need
from callcenter.desk.checks import ServiceAnswer, answer
from tests import published
from tests.published import DAYCARE, ELEMENTARY, REFERENCE, STATION, VISIT, need, seoul


class Case(NamedTuple):
    """A need at a moment of the call; then for one service verdict, blocks, asks, the next start and the fee."""

    wanted: Need
    now: str
    service: str
    verdict: str
    blocks: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    next: str | None = None
    fee: int | None = None


def service_answer(wanted: Need, now: str, service: str) -> ServiceAnswer:
    found = answer(REFERENCE, wanted, seoul(now))
    return next(one for one in found["services"] if one["service"] == service)


CASES = {
    "수원 8, Tue 17:40 for 20-23, registered (news1 5819554: 평일 20-24, 5,000)": Case(
        need(published.SUWON, "2018-05-05", "2026-11-24T20:00", "2026-11-24T23:00", registered=True),
        "2026-11-24T17:40",
        ELEMENTARY,
        "available",
        next="2026-11-24T20:00",
        fee=15000,
    ),
    "수원 8, not known whether registered (gnews.gg.go.kr 2024-12-12: 사전등록한 아동)": Case(
        need(published.SUWON, "2018-05-05", "2026-11-24T20:00", "2026-11-24T23:00"),
        "2026-11-24T17:40",
        ELEMENTARY,
        "ask",
        asks=frozenset({"registered"}),
        next="2026-11-24T20:00",
        fee=15000,
    ),
    "수원 8, not registered (gnews.gg.go.kr 2024-12-12)": Case(
        need(published.SUWON, "2018-05-05", "2026-11-24T20:00", "2026-11-24T23:00", registered=False),
        "2026-11-24T17:40",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"not_registered"}),
        fee=15000,
    ),
    "수원 8, weekday 15-18 lies between the emergency hours (news1 5819554: 07-09, 20-24)": Case(
        need(published.SUWON, "2018-05-05", "2026-11-24T15:00", "2026-11-24T18:00", registered=True),
        "2026-11-24T10:00",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"outside_hours"}),
        next="2026-11-24T20:00",
        fee=15000,
    ),
    "부천 14 months, Thu 14:30 for 16-19, before 15:00 (provincial notice 2024-06)": Case(
        need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00", residence=published.BUCHEON),
        "2026-11-26T14:30",
        DAYCARE,
        "available",
        next="2026-11-26T16:00",
        fee=9000,
    ),
    "부천 14 months, 15:00 sharp is in time (provincial notice 2024-06: 15:00까지)": Case(
        need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00"),
        "2026-11-26T15:00",
        DAYCARE,
        "available",
        next="2026-11-26T16:00",
        fee=9000,
    ),
    "부천 14 months, 15:01 is too late (provincial notice 2024-06)": Case(
        need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00"),
        "2026-11-26T15:01",
        DAYCARE,
        "blocked",
        blocks=frozenset({"cutoff_passed"}),
        next="2026-11-27T07:30",
        fee=9000,
    ),
    "안산 9, Fri 19:30 for Sat 07-10 (kizmom 2024-07-01: 안산; gnews 2024-12-12: 07-24)": Case(
        need(published.ANSAN, "2017-06-01", "2026-11-28T07:00", "2026-11-28T10:00", registered=True),
        "2026-11-27T19:30",
        ELEMENTARY,
        "available",
        next="2026-11-28T07:00",
    ),
    "안산 9, nine hours on a Saturday (gnews 2024-12-12: 주말 최대 8시간)": Case(
        need(published.ANSAN, "2017-06-01", "2026-11-28T09:00", "2026-11-28T18:00", registered=True),
        "2026-11-27T19:30",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"too_long"}),
        next="2026-11-30T07:00",
    ),
    "김포 7 before school, Sun: daycare (newsis 2025-03-30: 7세 취학 전)": Case(
        need(published.GIMPO, "2019-11-01", "2026-11-22T10:00", "2026-11-22T15:00", school="none"),
        "2026-11-21T12:00",
        DAYCARE,
        "available",
        next="2026-11-22T10:00",
        fee=15000,
    ),
    "김포 7 before school, Sun: not the elementary service (gnews 2024-12-12: 초등 아동)": Case(
        need(published.GIMPO, "2019-11-01", "2026-11-22T10:00", "2026-11-22T15:00", school="none"),
        "2026-11-21T12:00",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"not_in_school"}),
    ),
    "김포 7 in school: not daycare (newsis 2025-03-30)": Case(
        need(published.GIMPO, "2019-11-01", "2026-11-22T10:00", "2026-11-22T15:00", school="elementary"),
        "2026-11-21T12:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"school_age"}),
        fee=15000,
    ),
    "김포 7, school not said: asked, not derived": Case(
        need(published.GIMPO, "2019-11-01", "2026-11-22T10:00", "2026-11-22T15:00"),
        "2026-11-21T12:00",
        DAYCARE,
        "ask",
        asks=frozenset({"school"}),
        next="2026-11-22T10:00",
        fee=15000,
    ),
    "과천 4, Mon: no daycare of its own, any resident of the province may use another (gg.go.kr vol191)": Case(
        need(published.GWACHEON, "2022-07-07", "2026-11-23T15:00", "2026-11-23T18:00"),
        "2026-11-23T13:00",
        DAYCARE,
        "available",
        next="2026-11-23T15:00",
        fee=9000,
    ),
    "과천 9: no elementary service there (kizmom 2024-07-01)": Case(
        need(published.GWACHEON, "2017-07-07", "2026-11-23T18:00", "2026-11-23T20:00", registered=True),
        "2026-11-23T13:00",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"region_not_served"}),
    ),
    "평택 20 months, Fri 20:30 for Sat 06-09 (news1 5455797: 평일 18-22 linking)": Case(
        need(published.PYEONGTAEK, "2025-03-10", "2026-11-28T06:00", "2026-11-28T09:00", registered=True),
        "2026-11-27T20:30",
        VISIT,
        "available",
        next="2026-11-28T06:00",
        fee=38370,
    ),
    "평택 20 months, Fri 17:30: the hotline links from 18 (news1 5455797)": Case(
        need(published.PYEONGTAEK, "2025-03-10", "2026-11-28T06:00", "2026-11-28T09:00", registered=True),
        "2026-11-27T17:30",
        VISIT,
        "blocked",
        blocks=frozenset({"hotline_closed"}),
        fee=38370,
    ),
    "평택 20 months, Fri 17:30 on the platform": Case(
        need(
            published.PYEONGTAEK,
            "2025-03-10",
            "2026-11-28T06:00",
            "2026-11-28T09:00",
            registered=True,
            channel="platform",
        ),
        "2026-11-27T17:30",
        VISIT,
        "available",
        next="2026-11-28T06:00",
        fee=38370,
    ),
    "평택, an hour only, in an hour (idolbom srvcGuide: 2 hours at least, 2 hours ahead)": Case(
        need(published.PYEONGTAEK, "2025-03-10", "2026-11-27T20:00", "2026-11-27T21:00", registered=True),
        "2026-11-27T19:00",
        VISIT,
        "blocked",
        blocks=frozenset({"too_short", "notice_too_short"}),
        fee=12790,
    ),
    "평택, two hours ahead to the minute (kizmom 2024-06-20)": Case(
        need(published.PYEONGTAEK, "2025-03-10", "2026-11-27T21:00", "2026-11-27T23:00", registered=True),
        "2026-11-27T19:00",
        VISIT,
        "available",
        next="2026-11-27T21:00",
        fee=31975,
    ),
    "안양 5 months: daycare takes from six months (newsis 2025-03-30)": Case(
        need(published.ANYANG, "2026-06-19", "2026-11-25T13:00", "2026-11-25T16:00"),
        "2026-11-25T10:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"age_under"}),
        fee=9000,
    ),
    "안양 two days before six months: daycare from that day on (newsis 2025-03-30)": Case(
        need(published.ANYANG, "2026-05-27", "2026-11-25T13:00", "2026-11-25T16:00"),
        "2026-11-25T10:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"age_under"}),
        next="2026-11-27T07:30",
        fee=9000,
    ),
    "안양 5 months: no home visits there (kizmom 2024-07-01)": Case(
        need(published.ANYANG, "2026-06-19", "2026-11-25T21:00", "2026-11-25T23:00", registered=True),
        "2026-11-25T18:00",
        VISIT,
        "blocked",
        blocks=frozenset({"region_not_served"}),
        fee=31975,
    ),
    "구리, the day before the thirteenth birthday (12세 이하)": Case(
        need(published.GURI, "2013-11-28", "2026-11-27T20:00", "2026-11-28T00:00", registered=True, school="middle"),
        "2026-11-27T18:00",
        VISIT,
        "available",
        next="2026-11-27T20:00",
        fee=63950,
    ),
    "구리, across the thirteenth birthday (12세 이하)": Case(
        need(published.GURI, "2013-11-28", "2026-11-27T20:00", "2026-11-28T02:00", registered=True, school="middle"),
        "2026-11-27T18:00",
        VISIT,
        "blocked",
        blocks=frozenset({"age_over"}),
        fee=102320,
    ),
    "구리 12, school not said: may be in middle school, asked (gnews 2024-12-12: 초등)": Case(
        need(published.GURI, "2013-11-28", "2026-11-27T20:00", "2026-11-27T23:00", registered=True),
        "2026-11-27T18:00",
        ELEMENTARY,
        "ask",
        asks=frozenset({"school"}),
        next="2026-11-27T20:00",
    ),
    "의정부 2, Chuseok day 2025 (provincial notice 2024-06: closed); open the day after": Case(
        need(published.UIJEONGBU, "2023-08-08", "2025-10-06T10:00", "2025-10-06T17:00"),
        "2025-10-03T11:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"closed_day"}),
        next="2025-10-07T09:00",
        fee=21000,
    ),
    "의정부 2, the day before Chuseok 2025 is open": Case(
        need(published.UIJEONGBU, "2023-08-08", "2025-10-05T10:00", "2025-10-05T17:00"),
        "2025-10-03T11:00",
        DAYCARE,
        "available",
        next="2025-10-05T10:00",
        fee=21000,
    ),
    "의정부 2, the night into Chuseok is the open day's, till 07:30": Case(
        need(published.UIJEONGBU, "2023-08-08", "2025-10-05T18:00", "2025-10-06T07:30"),
        "2025-10-03T11:00",
        DAYCARE,
        "available",
        next="2025-10-05T18:00",
        fee=42000,
    ),
    "의정부 2, half an hour longer is Chuseok": Case(
        need(published.UIJEONGBU, "2023-08-08", "2025-10-05T18:00", "2025-10-06T08:00"),
        "2025-10-03T11:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"closed_day"}),
        next="2025-10-07T09:00",
        fee=42000,
    ),
    "포천 5, 제헌절 2026 is a holiday: at 09:00 (sbs N1008429419)": Case(
        need(published.POCHEON, "2021-03-03", "2026-07-17T09:00", "2026-07-17T18:00"),
        "2026-07-17T08:50",
        DAYCARE,
        "available",
        next="2026-07-17T09:00",
        fee=27000,
    ),
    "포천 5, 제헌절 2026 at 08:00 is before a holiday's admission": Case(
        need(published.POCHEON, "2021-03-03", "2026-07-17T08:00", "2026-07-17T17:00"),
        "2026-07-16T12:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"outside_admission"}),
        next="2026-07-17T09:00",
        fee=27000,
    ),
    "포천 5, 제헌절 2025 was a weekday": Case(
        need(published.POCHEON, "2021-03-03", "2025-07-17T08:00", "2025-07-17T17:00"),
        "2025-07-16T12:00",
        DAYCARE,
        "available",
        next="2025-07-17T08:00",
        fee=27000,
    ),
    "수원 8, 노동절 2026 has a holiday's hours (news1 5819554: 휴일 07-24)": Case(
        need(published.SUWON, "2018-01-05", "2026-05-01T13:00", "2026-05-01T18:00", registered=True),
        "2026-04-30T13:00",
        ELEMENTARY,
        "available",
        next="2026-05-01T13:00",
        fee=25000,
    ),
    "부천, the night must be booked by 18:00 of the day before (provincial notice 2024-06)": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T20:00", "2026-11-27T06:00"),
        "2026-11-25T18:00",
        DAYCARE,
        "available",
        next="2026-11-26T20:00",
        fee=30000,
    ),
    "부천, a minute later the night is gone": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T20:00", "2026-11-27T06:00"),
        "2026-11-25T18:01",
        DAYCARE,
        "blocked",
        blocks=frozenset({"cutoff_passed"}),
        next="2026-11-27T07:30",
        fee=30000,
    ),
    "부천, admitted at 22:00 sharp (provincial notice 2024-06: 평일 07:30-22:00)": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T22:00", "2026-11-27T06:00"),
        "2026-11-25T12:00",
        DAYCARE,
        "available",
        next="2026-11-26T22:00",
        fee=24000,
    ),
    "부천, 05:00 belongs to the night that began the evening before": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T05:00", "2026-11-26T09:00"),
        "2026-11-25T12:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"outside_admission", "cutoff_passed"}),
        next="2026-11-26T07:30",
        fee=12000,
    ),
    "부천, to 22:00 sharp is no night": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T18:00", "2026-11-26T22:00"),
        "2026-11-26T14:00",
        DAYCARE,
        "available",
        next="2026-11-26T18:00",
        fee=12000,
    ),
    "부천, six days ahead (whynews 353400: 5일 전부터)": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T12:00"),
        "2026-11-20T12:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"too_many_days"}),
        fee=6000,
    ),
    "부천, five days ahead": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T12:00"),
        "2026-11-21T12:00",
        DAYCARE,
        "available",
        next="2026-11-26T10:00",
        fee=6000,
    ),
    "부천, five days in a row (provincial notice 2024-06)": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-23T09:00", "2026-11-27T18:00"),
        "2026-11-21T12:00",
        DAYCARE,
        "available",
        next="2026-11-23T09:00",
        fee=3000 * (4 * 24 + 9),
    ),
    "부천, six days in a row": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-23T09:00", "2026-11-28T18:00"),
        "2026-11-21T12:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"too_many_days"}),
        fee=3000 * (5 * 24 + 9),
    ),
    "부천, half an hour (provincial notice 2024-06: an hour at least)": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T10:30"),
        "2026-11-26T09:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"too_short"}),
        fee=3000,
    ),
    "a family of Seoul at a grandmother's in 부천 (newsis 2025-03-30: 경기도민)": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T12:00", residence="11440"),
        "2026-11-26T09:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"residence"}),
        fee=6000,
    ),
    "부천, with a fever": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T12:00", symptoms=frozenset({"fever"})),
        "2026-11-26T09:00",
        DAYCARE,
        "blocked",
        blocks=frozenset({"symptoms"}),
        fee=6000,
    ),
    "군포 9, two hours ahead, before 20:00 (forevernews 478416)": Case(
        need(published.GUNPO, "2017-06-01", "2026-11-24T20:00", "2026-11-24T22:00", registered=True),
        "2026-11-24T18:00",
        ELEMENTARY,
        "available",
        next="2026-11-24T20:00",
    ),
    "군포 9, at 20:05 for 22-24 (forevernews 478416: 저녁 8시 마감)": Case(
        need(published.GUNPO, "2017-06-01", "2026-11-24T22:00", "2026-11-25T00:00", registered=True),
        "2026-11-24T20:05",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"cutoff_passed", "notice_too_short"}),
        next="2026-11-25T07:00",
    ),
    "군포 9, living in 안양 (forevernews 478416: 관내)": Case(
        need(
            published.GUNPO,
            "2017-06-01",
            "2026-11-24T20:00",
            "2026-11-24T22:00",
            registered=True,
            residence=published.ANYANG,
        ),
        "2026-11-24T12:00",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"residence"}),
    ),
    "군포 9 in 2025, before its elementary service began (forevernews 478416)": Case(
        need(published.GUNPO, "2017-06-01", "2025-11-24T20:00", "2025-11-24T22:00", registered=True),
        "2025-11-24T12:00",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"region_not_served"}),
    ),
    "경산 9 months, Sat 22:00 for 22-06, at once (MOIS casebook 2020)": Case(
        need(published.GYEONGSAN, "2026-02-10", "2026-11-28T22:00", "2026-11-29T06:00"),
        "2026-11-28T22:00",
        STATION,
        "available",
        next="2026-11-28T22:00",
        fee=0,
    ),
    "경산, twelve hours (MOIS casebook 2020: 1회 12시간 이내)": Case(
        need(published.GYEONGSAN, "2022-02-10", "2026-11-25T13:00", "2026-11-26T01:00"),
        "2026-11-25T13:00",
        STATION,
        "available",
        next="2026-11-25T13:00",
        fee=0,
    ),
    "경산, twelve hours and a half": Case(
        need(published.GYEONGSAN, "2022-02-10", "2026-11-25T13:00", "2026-11-26T01:30"),
        "2026-11-25T13:00",
        STATION,
        "blocked",
        blocks=frozenset({"too_long"}),
        fee=0,
    ),
    "경산 on Seollal day 2026 (MOIS casebook 2020: 365일)": Case(
        need(published.GYEONGSAN, "2022-02-10", "2026-02-17T08:00", "2026-02-17T18:00"),
        "2026-02-17T07:59",
        STATION,
        "available",
        next="2026-02-17T08:00",
        fee=0,
    ),
    "경산, a child of 수원 (icbnnews 82045: 경북 도민)": Case(
        need(published.GYEONGSAN, "2022-02-10", "2026-11-25T13:00", "2026-11-25T18:00", residence=published.SUWON),
        "2026-11-25T12:00",
        STATION,
        "blocked",
        blocks=frozenset({"residence"}),
        fee=0,
    ),
    "경산 2 months (gunwi.net 2021: from three months)": Case(
        need(published.GYEONGSAN, "2026-08-26", "2026-11-25T13:00", "2026-11-25T18:00"),
        "2026-11-25T12:00",
        STATION,
        "blocked",
        blocks=frozenset({"age_under"}),
        next="2026-11-26T00:00",
        fee=0,
    ),
    "경산, an hour ago": Case(
        need(published.GYEONGSAN, "2022-02-10", "2026-11-25T13:00", "2026-11-25T18:00"),
        "2026-11-25T14:10",
        STATION,
        "blocked",
        blocks=frozenset({"in_the_past"}),
        next="2026-11-25T14:30",
        fee=0,
    ),
    # What is still bookable at ten past ten in the evening.
    "22:10, daycare tonight: gone, tomorrow from 07:30": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-26T22:30", "2026-11-27T06:00"),
        "2026-11-26T22:10",
        DAYCARE,
        "blocked",
        blocks=frozenset({"outside_admission", "cutoff_passed"}),
        next="2026-11-27T07:30",
        fee=24000,
    ),
    "22:10, daycare tomorrow by day: yes": Case(
        need(published.BUCHEON, "2023-01-10", "2026-11-27T09:00", "2026-11-27T12:00"),
        "2026-11-26T22:10",
        DAYCARE,
        "available",
        next="2026-11-27T09:00",
        fee=9000,
    ),
    "22:10, a home visit: the hotline stopped linking at 22": Case(
        need(published.SUWON, "2023-01-10", "2026-11-26T23:00", "2026-11-27T02:00", registered=True),
        "2026-11-26T22:10",
        VISIT,
        "blocked",
        blocks=frozenset({"hotline_closed", "notice_too_short"}),
        fee=57555,
    ),
    "22:10, elementary in 군포: closed at 20": Case(
        need(published.GUNPO, "2017-06-01", "2026-11-26T22:30", "2026-11-26T23:30", registered=True),
        "2026-11-26T22:10",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"cutoff_passed", "notice_too_short"}),
        next="2026-11-27T07:00",
    ),
    "22:10, elementary past midnight: closes at 24": Case(
        need(published.SUWON, "2017-06-01", "2026-11-26T23:00", "2026-11-27T01:00", registered=True),
        "2026-11-26T22:10",
        ELEMENTARY,
        "blocked",
        blocks=frozenset({"outside_hours"}),
        next="2026-11-27T07:00",
        fee=10000,
    ),
    "22:10, 경산: at once": Case(
        need(published.GYEONGSAN, "2023-01-10", "2026-11-26T22:30", "2026-11-27T06:00"),
        "2026-11-26T22:10",
        STATION,
        "available",
        next="2026-11-26T22:30",
        fee=0,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_case(case: Case) -> None:
    found = service_answer(case.wanted, case.now, case.service)
    later = found["next"]
    assert (
        found["verdict"],
        frozenset(block["code"] for block in found["blocks"]),
        frozenset(one["field"] for one in found["asks"]),
        later["start"][:16] if later else None,
        found["fee"],
    ) == (case.verdict, case.blocks, case.asks, case.next, case.fee)


def test_what_the_elementary_services_of_most_regions_do_not_publish_blocks_nothing() -> None:
    """No cut-off is published for 수원: late in the evening the centre is asked, not refused for it."""
    wanted = need(published.SUWON, "2017-06-01", "2026-11-26T22:30", "2026-11-26T23:30", registered=True)
    assert service_answer(wanted, "2026-11-26T22:10", ELEMENTARY)["verdict"] == "available"


def referrals(wanted: Need, now: str) -> list[str]:
    return [one["number"] for one in answer(REFERENCE, wanted, seoul(now))["referrals"]]


def test_a_disabled_child_of_yongin_is_directed_to_the_centre_for_it() -> None:
    wanted = need(
        published.YONGIN, "2017-06-01", "2026-11-28T10:00", "2026-11-28T15:00", needs=frozenset({"disability"})
    )
    assert "031-896-3119" in referrals(wanted, "2026-11-28T09:00")  # naeil.com 541400


def test_five_months_in_anyang_is_directed_to_the_national_line() -> None:
    wanted = need(published.ANYANG, "2026-06-19", "2026-11-25T13:00", "2026-11-25T16:00")
    assert referrals(wanted, "2026-11-25T10:00") == ["1577-2514"]


def test_an_unconscious_child_is_119_first() -> None:
    wanted = need(
        published.SUWON, "2022-06-19", "2026-11-25T13:00", "2026-11-25T16:00", symptoms=frozenset({"unconscious"})
    )
    assert referrals(wanted, "2026-11-25T10:00")[0] == "119"


def test_who_finds_a_place_is_directed_nowhere() -> None:
    wanted = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
    assert referrals(wanted, "2026-11-26T14:30") == []


def test_a_school_child_of_an_evening_hears_of_the_extended_care() -> None:
    wanted = need(published.GWACHEON, "2017-06-01", "2026-11-25T19:00", "2026-11-25T22:00")
    told = answer(REFERENCE, wanted, seoul("2026-11-25T10:00"))["referrals"]
    extended = "Extended evening care (Ministry of Health and Welfare)"
    assert told[0]["to"] == extended
    saturday = need(published.GWACHEON, "2017-06-01", "2026-11-28T19:00", "2026-11-28T22:00")
    told = answer(REFERENCE, saturday, seoul("2026-11-25T10:00"))["referrals"]
    assert extended not in [one["to"] for one in told]
