from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.language import use
from callcenter.text.masking import mask_address, mask_birth, mask_name, mask_phone
from callcenter.text.phone import PhoneError, display_phone, read_phone

SYLLABLE = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


@pytest.fixture(autouse=True)
def _english() -> None:
    use("en")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("홍길동", "홍*동"),
        ("홍길", "홍*"),
        ("홍", "*"),
        ("", ""),
        ("홍 길동", "홍*동"),
        ("김하늘별", "김**별"),
        ("남궁민", "남궁*"),
        ("남궁민수", "남궁**"),
        ("남궁", "남*"),
        ("王小明", "王*明"),
        ("Nguyen Thi Lan", "N*** T*** L***"),
        ("O", "*"),
        ("Марія", "М***"),
        ("민수 엄마", "민**마"),
        ("김Lan", "김***"),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.lists(SYLLABLE, min_size=2, max_size=6, unique=True))
def test_masked_korean_name_holds_only_its_ends(letters: list[str]) -> None:
    name = "".join(letters)
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert "*" in masked
    surname = 2 if masked[1] == name[1] else 1
    hidden = set(name[surname:-1]) if surname == 1 and len(name) > 2 else set(name[surname:])
    assert not hidden & set(masked)


@given(st.text(max_size=30))
def test_masked_name_never_holds_a_whole_word(name: str) -> None:
    masked = mask_name(name)
    assert all(word not in masked.split() for word in name.split() if set(word) != {"*"})


@pytest.mark.parametrize(
    ("stored", "masked"),
    [
        ("+821012345678", "010-****-5678"),
        ("+82111234567", "011-****-4567"),
        ("+82221003399", "02-****-3399"),
        ("+823180083000", "031-****-3000"),
        ("+8250713711234", "0507-****-1234"),
        ("+8215881234", "1588-1234"),
        ("+8231120", "031-120"),
        ("119", "119"),
        ("", "Number withheld"),
        ("+84912345678", "+84 ****5678"),
        ("+16502530000", "+1 ****0000"),
        ("+85212345678", "+852 ****5678"),
        ("+2904567", "+290 ****67"),
        ("010-1234-5678", "***"),
        ("홍길동", "***"),
        ("+", "***"),
        ("01012345678", "***"),
    ],
)
def test_mask_phone(stored: str, masked: str) -> None:
    assert mask_phone(stored) == masked


@given(st.from_regex(r"01[01679]\d{8}|02\d{8}|031\d{8}|050\d{9}|\+84\d{9}|\+1650253\d{4}", fullmatch=True))
def test_masked_phone_lacks_the_middle(raw: str) -> None:
    try:
        stored = read_phone(raw).stored
    except PhoneError:
        return
    masked = mask_phone(stored)
    digits = "".join(filter(str.isdigit, masked))
    assert "****" in masked
    assert stored[-8:] not in digits
    assert len(digits) <= len("".join(filter(str.isdigit, display_phone(stored)))) - 3


def test_mask_birth() -> None:
    assert mask_birth(date(2021, 11, 28)) == "2021-**-**"
    assert mask_birth(date(2021, 1, 1)) == mask_birth(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("수원시 팔달구 효원로 1, 101동 1204호", "수원시 팔달구 효원로 ***"),
        ("경기도 수원시 팔달구 효원로12번길 5", "경기도 수원시 팔달구 효원로12번길 ***"),
        ("경기 수원시 팔달구 효원로12번길5", "경기 수원시 팔달구 효원로12번길 ***"),
        ("수원시 영통구 매탄3동 1204", "수원시 영통구 매탄3동 ***"),
        ("수원시 영통구 매탄동123-4", "수원시 영통구 매탄동 ***"),
        ("수원시 인계동 홍길동1234 씨 댁", "수원시 인계동 ***"),
        ("수원시 팔달구 인계동 홍길동 씨 댁", "수원시 팔달구 인계동 ***"),
        ("양평군 양평읍 양근리 448-3", "양평군 양평읍 양근리 ***"),
        ("삼성아파트 101동 1204호", "***"),
        ("수원시", "수원시"),
        ("", ""),
        ("12 Rose Street", "***"),
    ],
)
def test_mask_address(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@given(
    st.sampled_from(["수원시 팔달구 효원로", "수원시 인계동", "양평군 양평읍 양근리", ""]),
    st.integers(1000, 9999),
    st.text(),
)
def test_masked_address_lacks_the_house(road: str, house: int, rest: str) -> None:
    assert str(house) not in mask_address(f"{road} {house} {rest}")
    assert str(house) not in mask_address(f"{road}{house} {rest}")
