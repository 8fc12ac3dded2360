"""Names of people in a line of intake: told by a label, by the number or relation beside them, or asked for."""

import re
from typing import Literal, NamedTuple

NamedPerson = Literal["guardian", "child_name"]

# The family names of nearly everybody in the census of 2015 (Statistics Korea), and those of two syllables.
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허노남심하곽성차주우구민진지엄채원천방공현함변염여추"
    "도소석선설마길연위표명기반라왕금옥육인맹제모"
) | {"남궁", "황보", "제갈", "선우", "사공", "독고", "서문", "동방"}

_LABELS: dict[str, NamedPerson] = {
    "보호자": "guardian", "신청자": "guardian", "성함": "guardian", "이름": "guardian",
    "아이": "child_name", "아동": "child_name", "아이이름": "child_name",
}  # fmt: skip
_LABEL_OF: dict[NamedPerson, str] = {"guardian": "보호자", "child_name": "아이"}
_LABEL = "|".join(sorted(_LABELS, key=len, reverse=True))
LABELLED = (
    rf"(?<!\w)(?P<label>{_LABEL})\s?[:：]\s?"
    r'(?:"(?!\s*"(?!"))(?P<quoted>(?:[^"\0]|"")+)"(?!")|(?P<plain>[^\s",;+\0]+))'
)
"""A name behind a label and a colon, as a pattern; `labelled` says what a match of it means."""
_AFTER_LABEL = re.compile(rf"(?<!\w)(?P<label>{_LABEL})(?:이름)?(?:은|는)?\s+(?P<name>[가-힣]{{3,4}})(?:씨|님)?(?!\w)")
_CANDIDATE = re.compile(r"(?<!\w)(?P<name>[가-힣]{3,4}?)(?P<title>씨|님)?(?!\w)")
# Speech ends so and given names hardly ever do: 이후로, 조금만. Who is called so gets a label.
_SPEECH = (
    "가",
    "들",
    "때",
    "로",
    "고",
    "만",
    "는",
    "을",
    "를",
    "요",
    "에",
    "게",
    "면",
    "데",
    "까",
    "도",
    "니다",
    "해서",
    "라서",
)

# Words of such a call that look like a name and are none.
_NO_NAMES = frozenset({
    "방문형", "방과후", "유치원", "현관문", "현관벨", "주차장", "임산부", "임신중", "한부모", "공부방",
    "연장반", "심부름", "신생아", "남동생", "여동생", "남자애", "여자애", "기저귀", "우유병", "소아과",
    "천식약", "고위험", "백혈병", "장애인", "장애아", "장보기", "이사중", "이혼중", "인계자", "반나절",
    "전화함", "문의함", "고양이", "강아지", "한시간", "지하철", "구급차", "소방서", "문자함", "선생님",
    "여행중", "육아중", "유모차", "차량용", "강의중", "민원실", "방학중", "연차중", "주말반", "위층집",
    "기차역", "전철역", "정류장", "남편이", "남편은", "연년생", "지난주", "이번주", "지난번", "이번달",
    "연락처", "원장님", "장모님", "남편폰", "이모폰", "고모폰", "전남편", "전부인", "공일공", "위급시", "이름은",
    "이름이", "연락은", "하원후", "등원후", "강서구", "강남구", "강동구", "강북구", "성북구", "성동구", "송파구",
    "양천구", "노원구", "도봉구", "금천구", "구로구", "마포구", "서초구", "연수구", "남동구",
})  # fmt: skip


class FoundName(NamedTuple):
    """A name in `text[start:end]`; `person` is None when it must be asked whose it is, or whether it is one."""

    start: int
    end: int
    name: str
    person: NamedPerson | None


def labelled(match: re.Match[str]) -> FoundName:
    """The name behind «보호자:» or «아이:»; in quotes a name may hold blanks."""
    name = match["plain"] or match["quoted"].replace('""', '"')
    return FoundName(match.start(), match.end(), name, _LABELS[match["label"]])


def find_told(text: str) -> tuple[FoundName, ...]:
    """The full names behind a label without a colon: 보호자 김지영."""
    return tuple(
        FoundName(match.start(), match.end(), match["name"], _LABELS[match["label"]])
        for match in _AFTER_LABEL.finditer(text)
        if _is_full_name(match["name"])
    )


def find_names(text: str) -> tuple[FoundName, ...]:
    """Words that look like a family name and a given name; only 씨 or 님 says that they are, and whose."""
    return tuple(
        FoundName(match.start(), match.end(), match["name"], "guardian" if match["title"] else None)
        for match in _CANDIDATE.finditer(text)
        if _is_full_name(match["name"])
    )


def written_name(name: str, person: NamedPerson) -> str:
    """The name with its label, as `find_labelled` reads it back."""
    if re.fullmatch(r"[^\s\",;+]+", name):
        return f"{_LABEL_OF[person]}:{name}"
    return f"{_LABEL_OF[person]}:{quoted(name)}"


def quoted(text: str) -> str:
    """The text in double quotes, those in it doubled."""
    return '"' + text.replace('"', '""') + '"'


def _is_full_name(word: str) -> bool:
    if word.endswith(_SPEECH) or word in _NO_NAMES:
        return False
    if len(word) == 4:
        return word[:2] in _SURNAMES
    return len(word) == 3 and (word[0] in _SURNAMES or word[:2] in _SURNAMES)
