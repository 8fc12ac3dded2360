import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from callcenter.care.codes import ABILITIES
from callcenter.errors import DataFileError
from callcenter.reference import data_folder, load
from tests.published import DAYCARE, ELEMENTARY, REFERENCE, STATION, VISIT

TODAY = date(2026, 11, 21)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def change(path: Path, old: str, new: str) -> int:
    """Change the first place, and tell its line."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("regions.csv", "37.280", "north", "lat"),
        ("regions.csv", "41130,", "41110,", "code"),
        ("regions.csv", "code,ko", "kode,ko", "code"),
        ("coverage.csv", "2024-07-01", "2024-13-01", "valid_from"),
        ("coverage.csv", "gyeonggi.elementary,41590", "gyeonggi.elementry,41590", "service"),
        ("providers.csv", "6-95m:?", "6-95:?", "groups"),
        ("providers.csv", ",41360,", ",41999,", "region"),
        ("call-types.csv", ",yes", ",perhaps", "enquiry"),
        ("short-numbers.csv", ",emergency", ",urgent", "kind"),
        ("cancellations.csv", "gyeonggi.visit,24", "gyeonggi.visit,a day", "free_hours"),
        ("cancellations.csv", "gyeonggi.visit,", "gyeonggi.visits,", "service"),
        ("refusals.csv", "full,1,", "full,11,", "digit"),
        ("areas.csv", "분당구,Bundang-gu,41130", "분당구,Bundang-gu,41131", "regions"),
        ("areas.csv", "분당구,Bundang-gu,41130", "분당구,Bundang-gu,", "regions"),
        ("areas.csv", "영통구,", "팔달구,", "area"),
        ("areas.csv", "mois.go.kr KIKcd_B 2026-07-20", "", "source"),
        ("intake-words.csv", "reason,overtime,야근", "reason,overtimes,야근", "code"),
        ("intake-words.csv", "reason,overtime,야근", "reasons,overtime,야근", "kind"),
        ("programs/gyeonggi-always.toml", "from_months = 72", "from_months = -1", "from_months"),
        ("programs/gyeonggi-always.toml", "below_years = 13", "below_years = 5", "below_years"),
        ("programs/gyeonggi-always.toml", 'schools = ["elementary"]', 'schools = ["primary"]', "schools"),
        ("programs/gyeonggi-always.toml", "valid_from = 2024-07-01", "valid_from = 2024-07-32", "valid_from"),
        ("programs/gyeonggi-always.toml", "from_months = 72", "from_mont = 72\nfrom_months = 72", "from_mont"),
        ("programs/gyeonggi-always.toml", '"07:00-24:00"', '"7-24"', "weekday"),
        ("programs/gyeongsan-119.toml", "max_minutes = 720", 'max_minutes = "12h"', "max_minutes"),
        ("programs/gyeongsan-119.toml", "at_once = true", 'at_once = "yes"', "at_once"),
        ("programs/gyeongsan-119.toml", 'refused = ["any"]', 'fever_tenths = 37\nrefused = ["any"]', "fever_tenths"),
        ("programs/gyeonggi-always.toml", 'region = "41410"', 'region = "4141O"', "region"),
        ("phrases.toml", "age_over =", "ask = 3\nage_over =", "ask"),
        ("phrases.toml", "마감되었습니다", "마감: {then}", "cutoff_passed"),
        ("phrases.toml", "{by}", "{by", "cutoff_passed"),
        ("referrals.toml", 'needs = ["disability"]', 'needs = ["disabled"]', "needs"),
    ],
)  # fmt: skip
def test_a_mistake_stops_the_start(copy: Path, file: str, old: str, new: str, field: str) -> None:
    line = change(copy / file, old, new)
    with pytest.raises(DataFileError) as refused:
        load(copy)
    told = refused.value.values
    assert (told["file"], told["field"]) == (Path(file).name, field)
    assert (told["line"], bool(told["allowed"])) == (line, True)


def test_two_rules_for_the_same_days_are_a_mistake(copy: Path) -> None:
    change(copy / "programs/gyeonggi-always.toml", "valid_to = 2025-09-30", "valid_to = 2025-10-01")
    with pytest.raises(DataFileError) as refused:
        load(copy)
    assert refused.value.values["field"] == "valid_from"


def test_the_supervisors_own_files(tmp_path: Path) -> None:
    (tmp_path / "holidays.csv").write_text("date,name,on\n2026-11-27,임시공휴일,yes\n", encoding="utf-8-sig")
    (tmp_path / "closures.csv").write_text(
        "subject,first,last,reason\ndaycare-bucheon-aram,2026-11-24,2026-11-25,공사\n", encoding="utf-8"
    )
    calendar = load(data_folder(), tmp_path).calendar
    assert calendar.kind(date(2026, 11, 27)) == "holiday"
    assert calendar.closure("daycare-bucheon-aram", date(2026, 11, 25)) is not None


@pytest.mark.parametrize(
    ("file", "text", "line", "field"),
    [
        ("holidays.csv", "date,name,on\n2026-11-31,임시공휴일,yes\n", 2, "date"),
        ("holidays.csv", "date,name,on\n2026-11-27,임시공휴일,on\n", 2, "on"),
        ("closures.csv", "subject,first,last,reason\nx,2026-11-24,2026-11-23,공사\n", 2, "last"),
        ("closures.csv", "subject,first,last\nx,2026-11-24,2026-11-25\n", 1, "reason"),
    ],
)
def test_a_mistake_in_the_supervisors_files(tmp_path: Path, file: str, text: str, line: int, field: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        load(data_folder(), tmp_path)
    assert (refused.value.values["file"], refused.value.values["line"], refused.value.values["field"]) == (
        file,
        line,
        field,
    )


def test_what_is_covered() -> None:
    """15 named 시군 of the elementary service, 12 with a daycare, 10 with home visits; the rest is not known."""
    counts = [len(REFERENCE.coverage.regions(service, TODAY)) for service in (ELEMENTARY, DAYCARE, VISIT, STATION)]
    assert counts == [15, 12, 10, 1]


def test_every_provider_lies_where_its_service_is_offered_and_its_places_are_unknown() -> None:
    for provider in REFERENCE.providers:
        assert REFERENCE.coverage.on(provider.service, provider.region, TODAY) is not None
        assert provider.valid_on(TODAY)
        assert not provider.demo
        assert provider.source
        assert {group.places for group in provider.groups} == {None}


def test_every_rule_and_every_row_says_where_it_comes_from() -> None:
    for service in REFERENCE.services.values():
        origins = [rule.origin for rules in service.history for rule in rules]
        assert all(origin.source for origin in origins)
        assert {origin.region for origin in origins if origin.region} <= REFERENCE.regions.keys()


def test_every_gu_of_gyeonggi_is_an_area_of_its_si() -> None:
    """The legal district codes of 2026-07-20 have 24; Hwaseong's four came on 2026-02-01."""
    found = Counter(area.regions for area in REFERENCE.areas if area.name.endswith("구"))
    assert found == {
        ("41110",): 4, ("41130",): 3, ("41170",): 2, ("41190",): 3, ("41270",): 2, ("41280",): 3, ("41460",): 3,
        ("41590",): 4,
    }  # fmt: skip


def test_no_area_is_a_word_that_the_line_knows_already() -> None:
    words = {word.casefold() for of_kind in REFERENCE.intake_words.values() for word in of_kind}
    assert not {name.casefold() for area in REFERENCE.areas for name in (area.name, area.english)} & words


def test_the_abilities_of_providers_have_words() -> None:
    # A court order binds whoever it is read to: nobody is more or less able to keep it.
    assert (*ABILITIES, "court_order") == tuple(REFERENCE.abilities)


def test_what_is_dangerous_to_overlook_is_marked() -> None:
    marked = {code for code, need in REFERENCE.abilities.items() if need.safety}
    assert marked == {"allergy", "medication", "disability", "seizure", "court_order"}


@pytest.mark.parametrize("codes", [REFERENCE.reasons, REFERENCE.call_types, REFERENCE.symptoms, REFERENCE.abilities])
def test_a_digit_picks_one(codes: dict[str, object]) -> None:
    digits = [digit for code in codes.values() if (digit := getattr(code, "digit", ""))]
    assert len(digits) == len(set(digits)) > 0


def test_a_digit_picks_one_refusal_of_its_use() -> None:
    picks = [(one.use, one.digit) for one in REFERENCE.refusals.values() if one.digit]
    assert len(picks) == len(set(picks)) > 0


def test_loading_needs_nothing_heavy() -> None:
    code = (
        "import sys; from callcenter.reference import load, data_folder; load(data_folder());"
        "heavy = {'holidays', 'pydantic', 'sqlmodel', 'sqlalchemy', 'textual', 'rich', 'phonenumbers'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def best_of(times: int, work: Callable[[], object]) -> float:
    from time import process_time

    spent = []
    for _round in range(times):
        begun = process_time()
        work()
        spent.append(process_time() - begun)
    return min(spent)


def test_loading_is_quick() -> None:
    assert best_of(5, lambda: load(data_folder())) < 0.1


def test_a_service_says_itself_that_it_asks_nobody_or_comes_home_and_from_which_fever_on() -> None:
    day = date(2026, 11, 24)
    station, visit, daycare = (
        REFERENCE.services[one].rules_on(day, region, None).placing
        for one, region in (("gyeongsan.station", "47290"), ("gyeonggi.visit", "41110"), ("gyeonggi.daycare", "41110"))
    )
    assert station is not None
    assert visit is not None
    assert (station.at_once, station.at_home, visit.at_once, visit.at_home) == (True, False, False, True)
    assert daycare is None
    health = REFERENCE.services["gyeongsan.station"].rules_on(day, "47290", None).health
    # What is not published is not guessed: the desk's own setting counts.
    assert health is not None
    assert health.fever is None
