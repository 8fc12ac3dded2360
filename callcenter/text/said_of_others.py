"""Words that are not about whoever calls: where somebody works, who lies in hospital, what a child does not have."""

import re

_ELSEWHERE_BEFORE = re.compile(
    r"(?:직장|회사|근무지|출장지?|일터|친정|시댁|본가|외가|친가|댁|할머니\s?집|전라도|전라남도|전남)(?:은|는|이|가)?\s*$"
)
_WORKS_AT = re.compile(
    r"\b(?:works?|working|office|job|company|trip)\s+(?:is\s+)?(?:in|at|to)\s+(?:an?\s+|the\s+)?$", re.IGNORECASE
)
_ELSEWHERE_BEHIND = re.compile(
    r"에서\s*(?:일[하해을]|일\s|근무|회의|교육|면접)|(?:으로|로)\s*(?:출장|출근|교육|면접)|\s*(?:직장|회사)"
)
_TRIP_BEHIND = re.compile(r"\s*출장")
_SOMEBODYS_STATE = re.compile(
    r"\s*(?:댁|집|입원|수술|출산|사고|아파|아프|아픔|다쳐|다침|몸살|독감|코로나|돌아가)|'s\b|-|\s+(?:is|and|was|has|in|works?|will|can|had)\b",
    re.IGNORECASE,
)
_ONE_OF_TWO = re.compile(r"(?:[가-힣](?:랑|하고|와|과)|\band)\s*$", re.IGNORECASE)
_DENIED_BEFORE = re.compile(
    r"(?<![\w'])(?:no|not|without|never|isn't|doesn't|hasn't)\s+(?:(?:known|any|other|special|a|the|have|having|had)\s+){0,2}$",
    re.IGNORECASE,
)


def is_elsewhere(text: str, start: int, end: int) -> bool:
    """Whether the region in `text[start:end]` is where somebody works or went, and not where the family lives."""
    return is_workplace(text, start, end) or _ELSEWHERE_BEFORE.search(text[:start]) is not None


def is_workplace(text: str, start: int, end: int) -> bool:
    """Whether somebody works in `text[start:end]`: works at a hospital, 병원에서 근무."""
    return bool(_WORKS_AT.search(text[:start]) or _ELSEWHERE_BEHIND.match(text, end))


def is_destination(text: str, end: int) -> bool:
    """Whether a trip stands behind the region that ends there; without another region it can be where they live."""
    return _TRIP_BEHIND.match(text, end) is not None


def is_told_of(text: str, start: int, end: int) -> bool:
    """Whether the relation in `text[start:end]` says how somebody is, and not who calls: 엄마 입원, mother-in-law."""
    return bool(_ONE_OF_TWO.search(text[:start]) or _SOMEBODYS_STATE.match(text, end))


def denied_from(text: str, start: int) -> int | None:
    """Where the words begin that deny what stands at `start`: no allergies, no known allergies."""
    denied = _DENIED_BEFORE.search(text[:start])
    return denied.start() if denied else None
