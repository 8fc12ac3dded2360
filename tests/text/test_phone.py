import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.language import use
from callcenter.text.phone import (
    PhoneError,
    PhoneHasLetters,
    PhoneMissing,
    PhonePrefixMissing,
    PhoneTooLong,
    PhoneTooShort,
    PhoneUnknown,
    display_phone,
    read_phone,
    receives_text,
)

HOTLINE = ("mobile", "+821099797722", "010-9979-7722")

READ = [
    ("010-9979-7722", *HOTLINE),
    ("01099797722", *HOTLINE),
    ("010 9979 7722", *HOTLINE),
    ("010.9979.7722", *HOTLINE),
    ("(010) 9979-7722", *HOTLINE),
    ("  010-9979-7722\n", *HOTLINE),
    ("010–9979—7722", *HOTLINE),
    ("010\u200b-9979-7722\u202e", *HOTLINE),
    ("+82 10-9979-7722", *HOTLINE),
    ("+82-010-9979-7722", *HOTLINE),
    ("+82(0)10-9979-7722", *HOTLINE),
    ("82-10-9979-7722", *HOTLINE),
    ("00700-82-10-9979-7722", *HOTLINE),
    ("001-82-10-9979-7722", *HOTLINE),
    ("0082-10-9979-7722", *HOTLINE),
    ("tel:+82-10-9979-7722", *HOTLINE),
    ("sip:01099797722@192.0.2.1", *HOTLINE),
    ("０１０-９９７９-７７２２", *HOTLINE),
    ("＋８２ １０－９９７９－７７２２", *HOTLINE),
    ("010-0000-1234", "mobile", "+821000001234", "010-0000-1234"),
    ("011-123-4567", "mobile", "+82111234567", "011-123-4567"),
    ("016-1234-5678", "mobile", "+821612345678", "016-1234-5678"),
    ("017-123-4567", "mobile", "+82171234567", "017-123-4567"),
    ("018-123-4567", "mobile", "+82181234567", "018-123-4567"),
    ("019-123-4567", "mobile", "+82191234567", "019-123-4567"),
    ("031-511-7795", "fixed_line", "+82315117795", "031-511-7795"),
    ("(031) 511-7795", "fixed_line", "+82315117795", "031-511-7795"),
    ("031-8008-3000", "fixed_line", "+823180083000", "031-8008-3000"),
    ("02-2100-3399", "fixed_line", "+82221003399", "02-2100-3399"),
    ("+82 2 2100 3399", "fixed_line", "+82221003399", "02-2100-3399"),
    ("053-810-0119", "fixed_line", "+82538100119", "053-810-0119"),
    ("054-810-0119", "fixed_line", "+82548100119", "054-810-0119"),
    ("031-120", "fixed_line", "+8231120", "031-120"),
    ("02-120", "fixed_line", "+822120", "02-120"),
    ("031-1588-1234", "fixed_line", "+823115881234", "031-1588-1234"),
    ("070-8209-6478", "voip", "+827082096478", "070-8209-6478"),
    ("0505-123-4567", "personal", "+825051234567", "0505-123-4567"),
    ("0507-1371-1234", "personal", "+8250713711234", "0507-1371-1234"),
    ("0502-123-4567", "personal", "+825021234567", "0502-123-4567"),
    ("0503-1234-5678", "personal", "+8250312345678", "0503-1234-5678"),
    ("0504-1234-5678", "personal", "+8250412345678", "0504-1234-5678"),
    ("0506-123-4567", "personal", "+825061234567", "0506-123-4567"),
    ("0508-1234-5678", "personal", "+8250812345678", "0508-1234-5678"),
    ("0509-1234-5678", "personal", "+8250912345678", "0509-1234-5678"),
    ("1588-1234", "uan", "+8215881234", "1588-1234"),
    ("+82 1588-1234", "uan", "+8215881234", "1588-1234"),
    ("1577-2514", "uan", "+8215772514", "1577-2514"),
    ("1644-6621", "uan", "+8216446621", "1644-6621"),
    ("1522-1318", "uan", "+8215221318", "1522-1318"),
    ("1600-1234", "uan", "+8216001234", "1600-1234"),
    ("1661-1234", "uan", "+8216611234", "1661-1234"),
    ("1800-1234", "uan", "+8218001234", "1800-1234"),
    ("1833-1234", "uan", "+8218331234", "1833-1234"),
    ("1855-1234", "uan", "+8218551234", "1855-1234"),
    ("1899-1234", "uan", "+8218991234", "1899-1234"),
    ("080-700-1234", "toll_free", "+82807001234", "080-700-1234"),
    ("060-700-1234", "premium", "+82607001234", "060-700-1234"),
    ("0303-1234-5678", "other", "+8230312345678", "0303-1234-5678"),
    ("030-1234-5678", "other", "+823012345678", "030-1234-5678"),
    ("0130-1234-5678", "other", "+8213012345678", "0130-1234-5678"),
    ("+1 650-253-0000", "foreign", "+16502530000", "+1 650-253-0000"),
    ("002-1-650-253-0000", "foreign", "+16502530000", "+1 650-253-0000"),
    ("+86 138 0013 8000", "foreign", "+8613800138000", "+86 138 0013 8000"),
    ("+84 91 234 56 78", "foreign", "+84912345678", "+84 912 345 678"),
]

SHORT_CODES = [
    "100",
    "109",
    "110",
    "114",
    "117",
    "120",
    "122",
    "128",
    "129",
    "182",
    "1330",
    "1339",
    "1366",
    "1388",
    "1391",
]
SHORT = [
    ("119", "emergency"),
    ("112", "emergency"),
    ("１１９", "emergency"),
    ("+82119", "emergency"),
    ("+82 112", "emergency"),
    *((number, "short") for number in SHORT_CODES),
]

REFUSED = [
    ("", PhoneMissing),
    (" \u3164\u200b", PhoneMissing),
    ("---", PhoneMissing),
    ("010-123-4567", PhoneTooShort),
    ("+82 10-123-4567", PhoneTooShort),
    ("010-9979-77", PhoneTooShort),
    ("010-9979-77222", PhoneTooLong),
    ("P0109979722", PhoneHasLetters),
    ("공일공-구구칠구-칠칠이이", PhoneHasLetters),
    ("119신고", PhoneHasLetters),
    ("010-9979-7722 (엄마)", PhoneHasLetters),
    ("엄마 010-9979-7722", PhoneHasLetters),
    ("010-****-7722", PhoneHasLetters),
    ("010+9979+7722", PhoneHasLetters),
    ("9979-7722", PhonePrefixMissing),
    ("7722", PhonePrefixMissing),
    ("119-1", PhonePrefixMissing),
    ("1544-12345", PhoneTooLong),
    ("1588-123", PhoneTooShort),
    ("031-511-77", PhoneTooShort),
    ("031-8008-30000", PhoneTooLong),
    ("02-2100-33990", PhoneTooLong),
    ("070-123-4567", PhoneTooShort),
    ("0505-123-456", PhoneTooShort),
    ("090-1234-5678", PhoneUnknown),
    ("0000000000", PhoneUnknown),
    ("99797722010", PhoneUnknown),
    ("+1 650", PhoneUnknown),
    ("+999 1234 5678", PhoneUnknown),
    ("+84 1", PhoneUnknown),
]

WITHHELD = [
    "발신번호표시제한",
    "발신번호 표시제한",
    "발신자 표시 제한",
    "발신번호제한",
    "표시제한",
    "번호없음",
    "비공개",
    "익명",
    "anonymous",
    "Anonymous",
    "ANONYMOUS",
    "anonymous@anonymous.invalid",
    "sip:anonymous@anonymous.invalid",
    "withheld",
    "Number withheld",
    "Private Number",
    "Restricted",
    "No Caller ID",
    "unknown",
]

TEXTS = st.text(max_size=40) | st.text("0123456789+-. ()#extＯ０１82", max_size=20)
KOREAN = st.from_regex(r"0(?:10|11|2|31|53|505|507|70|80|60|303|130)\d{6,9}|1[568]\d{5,7}", fullmatch=True)


@pytest.fixture(autouse=True)
def _english() -> None:
    use("en")


@pytest.mark.parametrize(("raw", "kind", "e164", "display"), READ)
def test_reads_every_form(raw: str, kind: str, e164: str, display: str) -> None:
    phone = read_phone(raw)
    assert (phone.kind, phone.e164, phone.short, phone.display) == (kind, e164, None, display)
    assert (phone.stored, phone.raw) == (e164, raw)
    assert display_phone(phone.stored) == display


@pytest.mark.parametrize(("raw", "kind"), SHORT)
def test_short_numbers_never_become_international(raw: str, kind: str) -> None:
    phone = read_phone(raw)
    assert (phone.kind, phone.e164) == (kind, None)
    assert phone.stored == phone.short == phone.display
    assert not phone.stored.startswith("+82")


@pytest.mark.parametrize(("raw", "refusal"), REFUSED)
def test_refuses_what_cannot_be_called(raw: str, refusal: type[PhoneError]) -> None:
    with pytest.raises(PhoneError) as caught:
        read_phone(raw)
    assert type(caught.value) is refusal
    assert "{" not in str(caught.value)


def test_refusals_have_their_own_codes() -> None:
    refusals = {refusal for _, refusal in REFUSED}
    assert len({refusal.code for refusal in refusals}) == len(refusals)


def test_refusal_says_what_is_expected() -> None:
    with pytest.raises(PhoneTooShort, match=r"begin with 010 have 11 digits, this one has 10"):
        read_phone("010-123-4567")
    with pytest.raises(PhoneTooLong, match=r"begin with 02 have 9-10 digits, this one has 11"):
        read_phone("02-2100-33990")
    with pytest.raises(PhoneHasLetters, match="«엄»"):
        read_phone("010-9979-7722 (엄마)")


@pytest.mark.parametrize("raw", WITHHELD)
def test_withheld_is_a_value(raw: str) -> None:
    phone = read_phone(raw)
    assert (phone.kind, phone.stored, phone.display) == ("withheld", "", "Number withheld")


@pytest.mark.parametrize(
    ("raw", "extension", "display"),
    [
        ("01012345678#12", "12", "010-1234-5678 #12"),
        ("031-511-7795 ext. 12", "12", "031-511-7795 #12"),
        ("031-511-7795 내선 305", "305", "031-511-7795 #305"),
        ("031-511-7795 (내선 305)", "305", "031-511-7795 #305"),
        ("+1 650-253-0000 x7", "7", "+1 650-253-0000 #7"),
    ],
)
def test_extension_is_kept_and_not_stored(raw: str, extension: str, display: str) -> None:
    phone = read_phone(raw)
    assert (phone.extension, phone.display) == (extension, display)
    assert extension not in phone.stored[-len(extension) :] or phone.stored == read_phone(raw.split("#")[0]).stored


@pytest.mark.parametrize("raw", ["1588-1234", "060-700-1234", "031-1588-1234", "030-1234-5678", "1366", "02-120"])
def test_warns_of_numbers_that_are_no_call_back(raw: str) -> None:
    assert read_phone(raw).warning


@pytest.mark.parametrize("raw", ["010-9979-7722", "031-511-7795", "070-8209-6478", "119", "+1 650-253-0000"])
def test_does_not_warn_otherwise(raw: str) -> None:
    assert read_phone(raw).warning is None


def test_display_takes_any_stored_form() -> None:
    assert display_phone("") == "Number withheld"
    assert display_phone("119") == "119"
    assert display_phone("+999123") == "+999123"
    assert display_phone("+82") == "0"


@given(TEXTS)
def test_refuses_only_by_name(raw: str) -> None:
    try:
        phone = read_phone(raw)
    except PhoneError:
        return
    assert phone.stored not in {"+82119", "+82112"}
    assert display_phone(phone.stored)


@given(TEXTS | KOREAN)
def test_reading_the_display_gives_the_same_number(raw: str) -> None:
    try:
        phone = read_phone(raw)
    except PhoneError:
        return
    again = read_phone(phone.display)
    assert (again.stored, again.extension, again.kind) == (phone.stored, phone.extension, phone.kind)
    assert not phone.stored or read_phone(phone.stored).stored == phone.stored


@given(KOREAN)
def test_the_numbering_plan_agrees_with_the_library(raw: str) -> None:
    try:
        phone = read_phone(raw)
    except PhoneError:
        return
    if phone.kind not in {"other", "uan", "premium", "toll_free"}:
        assert phone.e164 is not None
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone.e164))


def test_ordinary_numbers_do_not_load_the_library() -> None:
    code = (
        "import sys; from callcenter.text.phone import display_phone, read_phone\n"
        "for raw in ('010-0000-1234', '031-511-7795', '0507-1371-1234', '1588-1234', '119', 'anonymous'):\n"
        "    display_phone(read_phone(raw).stored)\n"
        "assert not [name for name in sys.modules if name.startswith('phonenumbers')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS - {"KR"}))
def test_reads_the_numbers_of_every_country(region: str) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    phone = read_phone(e164)
    assert (phone.kind, phone.stored) == ("foreign", e164)
    assert read_phone(phone.display).stored == e164


@pytest.mark.parametrize(
    ("stored", "receives"),
    [
        ("+821000001234", True), ("+82110001234", True), ("+821900001234", True), ("+84912345678", True),
        ("+8231120", False), ("+8221234567", False), ("+8215881234", False), ("+8216001234", False),
        ("119", False), ("", False),
    ],
)  # fmt: skip
def test_text_messages_go_to_mobile_telephones(stored: str, receives: bool) -> None:
    assert receives_text(stored) is receives
