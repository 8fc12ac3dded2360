import json
import subprocess
import sys
from datetime import datetime

import pytest

from callcenter.care.provider_record import ProviderRecord
from callcenter.desk.check_table import check_table
from callcenter.desk.checks import NotBornYet, UnknownCode, UnknownRegion, WrongDistrict, WrongYear, answer, as_json
from tests import published
from tests.published import REFERENCE, need, seoul

BABY = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
NOW = "2026-11-26T14:30"


def test_the_document_has_its_keys_in_order() -> None:
    found = json.loads(as_json(answer(REFERENCE, BABY, seoul(NOW))))
    assert list(found) == ["now", "child", "services", "referrals"]
    assert found["now"] == "2026-11-26T14:30:00+09:00"
    assert found["child"] == {"years": 1, "months": 14, "school": "none"}
    assert [one["service"] for one in found["services"]] == list(REFERENCE.services)
    daycare = found["services"][1]
    assert list(daycare) == [
        "service", "verdict", "blocks", "asks", "next", "fee", "bring", "providers",
    ]  # fmt: skip
    assert daycare["next"] == {"start": "2026-11-26T16:00:00+09:00", "end": "2026-11-26T19:00:00+09:00"}
    assert daycare["bring"] == ["nappies", "bedding of its own", "a change of clothes", "snacks"]
    assert daycare["providers"][0] == {
        "id": "daycare-bucheon-aram", "name": "아람어린이집", "region": "41190", "km": 0.0, "free": None,
    }  # fmt: skip
    assert found["services"][3]["blocks"] == [{"code": "region_not_served", "text": "Not offered in Bucheon."}]


def test_providers_of_the_own_region_first_then_by_distance() -> None:
    providers = answer(REFERENCE, BABY, seoul(NOW))["services"][1]["providers"]
    assert len(providers) == 14
    assert [one["region"] for one in providers[:2]] == ["41190", "41210"]
    assert [one["km"] for one in providers] == sorted(one["km"] for one in providers)


def test_a_far_provider_of_the_own_region_comes_before_a_near_one_of_another() -> None:
    far = ProviderRecord("far", published.DAYCARE, "가", published.BUCHEON, lat=37.54, lon=126.74)
    near = ProviderRecord("near", published.DAYCARE, "나", "41210", lat=37.504, lon=126.790)
    found = answer(REFERENCE, BABY, seoul(NOW), providers=[near, far])["services"][1]["providers"]
    assert [(one["id"], one["km"]) for one in found] == [("far", 5.9), ("near", 0.1)]


def test_what_is_blocked_names_no_provider() -> None:
    for service in answer(REFERENCE, BABY, seoul(NOW))["services"]:
        assert service["verdict"] != "blocked" or service["providers"] == []


def test_supply_fills_in_free_places_and_decides_nothing() -> None:
    seen: list[tuple[str, datetime, datetime, int]] = []

    def supply(provider: str, start: datetime, end: datetime, months: int) -> int | None:
        seen.append((provider, start, end, months))
        return 0 if provider == "daycare-bucheon-aram" else None

    plain = answer(REFERENCE, BABY, seoul(NOW))
    counted = answer(REFERENCE, BABY, seoul(NOW), supply=supply)
    assert counted["services"][1]["providers"][0]["free"] == 0
    assert seen[0][1:] == (BABY.start, BABY.end, 14)
    for service in counted["services"]:
        for provider in service["providers"]:
            provider["free"] = None
    assert counted == plain


def test_only_the_programs_switched_on() -> None:
    found = answer(REFERENCE, BABY, seoul(NOW), programs=["gyeongsan-119"])
    assert [one["service"] for one in found["services"]] == ["gyeongsan.station"]


def test_a_gu_is_its_city() -> None:
    in_gu = need("41192", "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
    assert answer(REFERENCE, in_gu, seoul(NOW)) == answer(REFERENCE, BABY, seoul(NOW))


@pytest.mark.parametrize(
    ("region", "symptom", "special", "program", "error"),
    [
        ("11110", "fever", "disability", "gyeongsan-119", UnknownRegion),
        ("41190", "fevr", "disability", "gyeongsan-119", UnknownCode),
        ("41190", "fever", "disabled", "gyeongsan-119", UnknownCode),
        ("41190", "fever", "disability", "gyeongsan", UnknownCode),
    ],
)
def test_what_is_not_known_is_refused(
    region: str, symptom: str, special: str, program: str, error: type[Exception]
) -> None:
    wanted = need(
        region, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00",
        symptoms=frozenset({symptom}), needs=frozenset({special}),
    )  # fmt: skip
    with pytest.raises(error, match="Use one of"):
        answer(REFERENCE, wanted, seoul(NOW), programs=[program])


@pytest.mark.parametrize(("birth", "day"), [("1899-09-10", "2026-11-26"), ("2025-09-10", "9999-12-31")])
def test_a_year_that_cannot_be_is_refused(birth: str, day: str) -> None:
    with pytest.raises(WrongYear, match="1990 to 2099"):
        answer(REFERENCE, need(published.BUCHEON, birth, f"{day}T16:00", f"{day}T19:00"), seoul(NOW))


@pytest.mark.parametrize(
    ("birth", "now"),
    [("2026-11-27", "2026-12-24T14:30"), ("2026-11-25", "2026-11-24T14:30")],
    ids=["after the day of care", "after today"],
)
def test_who_is_not_born_yet_is_a_slip_of_the_keys(birth: str, now: str) -> None:
    wanted = need(published.BUCHEON, birth, "2026-11-26T16:00", "2026-11-26T19:00")
    with pytest.raises(NotBornYet, match=birth):
        answer(REFERENCE, wanted, seoul(now))


def test_a_family_may_live_in_any_district_that_can_be() -> None:
    for residence in ("1", "서울", "1111", "41190번지"):
        wanted = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00", residence=residence)
        with pytest.raises(WrongDistrict, match=residence):
            answer(REFERENCE, wanted, seoul(NOW))
    of_seoul = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00", residence="11110")
    assert answer(REFERENCE, of_seoul, seoul(NOW))["services"][1]["verdict"] == "blocked"


def test_a_wrong_code_is_answered_with_codes_and_names() -> None:
    wanted = need("부천", "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
    with pytest.raises(UnknownRegion, match=r"41190 (부천시|Bucheon)"):
        answer(REFERENCE, wanted, seoul(NOW))


def test_the_table_says_what_the_document_says() -> None:
    from rich.console import Console

    found = answer(REFERENCE, BABY, seoul(NOW))
    console = Console(width=200)
    with console.capture() as capture:
        console.print(check_table(REFERENCE, found))
    text = capture.get()
    assert "Child aged 1 (14 months)" in text
    assert "Always-open daycare" in text
    assert "9,000 won" in text
    assert "아람어린이집" in text
    assert "Not offered in Bucheon." in text


def test_answering_needs_no_database_and_no_screen() -> None:
    code = (
        "import sys; from callcenter.desk.checks import answer; import callcenter.desk.check_table;"
        "heavy = {'sqlmodel', 'sqlalchemy', 'textual', 'pydantic', 'phonenumbers', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
