"""The one masking of personal data, for every screen, table, export and log.

Two different maskings of one value can be laid over each other to rebuild it, so nobody masks by hand.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

HIDDEN = "***"

COMPOUND_SURNAMES = frozenset({"남궁", "황보", "제갈", "선우", "사공", "서문", "독고", "동방", "망절"})
"""Family names of two syllables."""
# Compiled by `re` when first used: the first paint masks names, and needs none of these.
# ITU-T E.164 country codes: of one digit, of two, and all others of three.
_COUNTRY_CODE = r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}"
_PROVINCE = "경기|서울|인천|부산|대구|대전|광주|울산|세종|강원|[충전경][북남]|제주"
# Administrative units and roads from wide to narrow; an address names at most one of each rank.
_RANK = {"도": 0, "시": 1, "군": 1, "구": 2, "읍": 3, "면": 3} | dict.fromkeys("동리가로길", 4)
_PLACE = r"[가-힣][가-힣\d·.]*[도시군구읍면동리가로길]"
# A house number written without a space: 효원로1, 효원로12번길5, 인계동1111-2.
_GLUED = r"([가-힣]+(?:[로길](?:\d+[가-힣]?번?길)?|\d*[동리가]))(?=\d)"
# A telephone number somebody typed into a note: nine digits or more with the usual signs between them.
_NUMBER = r"\+?\d(?:[ .()-]{0,2}\d){8,}"


def mask_name(name: str) -> str:
    """A name with all but its ends hidden: 홍*동, 홍*, 남궁**; other scripts keep each word's first letter."""
    words = unicodedata.normalize("NFC", name).split()
    joined = "".join(words)
    if not all(map(_is_syllabic, joined)):
        return " ".join(word[0] + HIDDEN if len(word) > 1 else "*" for word in words)
    if len(joined) <= 1:
        return "*" * len(joined)
    if joined[:2] in COMPOUND_SURNAMES and len(joined) > 2:
        return joined[:2] + "*" * (len(joined) - 2)
    if len(joined) == 2:
        return joined[0] + "*"
    return joined[0] + "*" * (len(joined) - 2) + joined[-1]


def _is_syllabic(character: str) -> bool:
    """Hangul syllables and Chinese characters: one of them is a whole syllable of a name."""
    return "가" <= character <= "힣" or "\u3400" <= character <= "\u9fff"


def mask_phone(stored: str) -> str:
    """A stored telephone number with its middle hidden: 010-****-5678, +84 ****4567.

    Short numbers, company numbers and withheld ones are nobody's and stay. Text that is no stored form is hidden whole.
    """
    from callcenter.text.phone import display_phone

    if stored == "" or (stored.isascii() and stored.isdigit() and len(stored) <= 5):
        return display_phone(stored)
    if not re.fullmatch(r"\+\d{5,15}", stored, re.ASCII):
        return HIDDEN
    if stored.startswith("+82"):
        parts = display_phone(stored).split("-")
        return f"{parts[0]}-****-{parts[2]}" if len(parts) == 3 else display_phone(stored)
    code = re.match(_COUNTRY_CODE, stored[1:])
    if code is None:
        return HIDDEN
    shown = 4 if len(stored) - 1 - code.end() >= 8 else 2
    return f"+{code[0]} ****{stored[-shown:]}"


def mask_birth(birth: date) -> str:
    """A birth date with its day and month hidden: 2021-**-**."""
    return f"{birth.year:04}-**-**"


def mask_address(address: str) -> str:
    """An address down to its road or dong, without the house: 수원시 팔달구 효원로 ***."""
    kept: list[str] = []
    rank = -1
    words = unicodedata.normalize("NFC", address).replace(",", " ").split()
    for word in words:
        if re.fullmatch(_PROVINCE, word) and not kept:
            kept.append(word)
        elif re.fullmatch(_PLACE, word) and _RANK[word[-1]] > rank:
            rank = _RANK[word[-1]]
            kept.append(word)
        else:
            glued = re.match(_GLUED, word)
            road = [glued[1]] if glued and rank < _RANK["로"] else []
            return " ".join([*kept, *road, HIDDEN])
    return " ".join(kept)


def mask_people(text: str, names: Iterable[str]) -> str:
    """A note without the telephone numbers in it, and with these names masked."""
    text = re.sub(_NUMBER, HIDDEN, text)
    for name in sorted(filter(lambda one: len(one) > 1, names), key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text
