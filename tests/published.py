"""The published reference data, loaded once, and short ways to ask the rules about it."""

from datetime import date, datetime

from callcenter.care.calendar import SEOUL
from callcenter.care.child import Child, School
from callcenter.care.eligibility import Channel, Facility, Need, Verdict, verdict
from callcenter.reference import data_folder, load

REFERENCE = load(data_folder())

SUWON, SEONGNAM, UIJEONGBU, ANYANG, BUCHEON = "41110", "41130", "41150", "41170", "41190"
PYEONGTAEK, ANSAN, GWACHEON, GURI, NAMYANGJU = "41220", "41270", "41290", "41310", "41360"
GUNPO, YONGIN, GIMPO, POCHEON, GYEONGSAN = "41410", "41460", "41570", "41650", "47290"

ELEMENTARY, DAYCARE, VISIT, STATION = (
    "gyeonggi.elementary",
    "gyeonggi.daycare",
    "gyeonggi.visit",
    "gyeongsan.station",
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def need(
    region: str,
    birth: str,
    start: str,
    end: str,
    *,
    school: School | None = None,
    residence: str | None = None,
    registered: bool | None = None,
    symptoms: frozenset[str] = frozenset(),
    needs: frozenset[str] = frozenset(),
    channel: Channel = "hotline",
) -> Need:
    return Need(
        region,
        Child(date.fromisoformat(birth), school),
        seoul(start),
        seoul(end),
        residence,
        registered,
        symptoms,
        needs,
        channel,
    )


def ask(service: str, wanted: Need, now: str, facility: Facility | None = None) -> Verdict:
    return verdict(REFERENCE.services[service], wanted, seoul(now), REFERENCE.calendar, REFERENCE.coverage, facility)


def codes(found: Verdict) -> set[str]:
    return {block.code for block in found.blocks}
