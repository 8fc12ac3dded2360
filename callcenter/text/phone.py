"""Telephone numbers as Koreans write and dial them: read, stored and shown.

The Korean numbering plan is decided here, because phonenumbers lets wrong numbers pass (010 with ten digits,
letters, 1544-12345), splits 050x wrongly and knows neither 030 nor 109. It is asked only for foreign numbers
and rare short ones, so the numbers of an ordinary evening are read without importing it (85 ms).
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, NamedTuple

from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.text.sanitize import clean

Kind = Literal[
    "mobile", "fixed_line", "voip", "personal", "uan", "toll_free", "premium",
    "emergency", "short", "foreign", "withheld", "other",
]  # fmt: skip


class PhoneError(CallcenterError):
    """Not a telephone number that can be called back."""

    code = "phone"
    sentence = mark("This is not a telephone number. Please ask for it again.")


class PhoneMissing(PhoneError):
    """Nothing was typed."""

    code = "phone_missing"
    sentence = mark("Please type the telephone number, or «withheld» when the caller hides it.")


class PhoneHasLetters(PhoneError):
    """A character that no number has. Values: character."""

    code = "phone_has_letters"
    sentence = mark("A telephone number has no «{character}» in it. Please type digits only.")


class PhoneTooShort(PhoneError):
    """Fewer digits than numbers that begin so. Values: prefix, digits, expected."""

    code = "phone_too_short"
    sentence = mark(
        "Numbers that begin with {prefix} have {expected} digits, this one has {digits}. Please ask for the rest."
    )


class PhoneTooLong(PhoneError):
    """More digits than numbers that begin so. Values: prefix, digits, expected."""

    code = "phone_too_long"
    sentence = mark("Numbers that begin with {prefix} have {expected} digits, this one has {digits}. Please check it.")


class PhonePrefixMissing(PhoneError):
    """A number without 010 or an area code."""

    code = "phone_prefix_missing"
    sentence = mark("The number has no prefix. Please ask for all of it, with 010, 031 or 02 in front.")


class PhoneUnknown(PhoneError):
    """No number in Korea begins so, or the country has no such number."""

    code = "phone_unknown"
    sentence = mark("There are no telephone numbers like this. Please ask for it again.")


WITHHELD = mark("Number withheld")
_NOT_A_PERSON = mark("This is a company's or an office's number. Please ask for a number to call back.")
_PREMIUM = mark("Calls to 060 numbers cost extra. Please ask for another number to call back.")
_REPRESENTATIVE = mark("This looks like an area code before a company's number. Please check it.")
_NOT_DIALLED = mark("Some telephones cannot call this kind of number. Please ask for a second one.")

# What telephone systems send instead of a number, and what operators type, without spaces and signs.
_WITHHELD_FORM = re.compile(
    r"(?:발신)?(?:자|번호|자번호)?(?:표시)?(?:제한|없음)|(?:번호)?비공개|익명|anonym(?:ous)?(?:anonymousinvalid)?|(?:number)?withheld|"
    r"restricted|private(?:number)?|unknown|unavailable|blocked|hidden|nocallerid"
)
_EMERGENCY = frozenset({"112", "119"})
# 109 and 122 are not in the metadata of phonenumbers; the others are there, but these are asked for most.
_SHORT = frozenset(
    {"109", "110", "117", "118", "120", "122", "128", "129", "182", "1330", "1339", "1345", "1366", "1388", "1391"}
)

_AREA = r"0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4])"
_AREA_SERVICE = re.compile(rf"({_AREA})(1\d\d)")
_UAN = re.compile(r"1[568]\d{6}")
# Nearly every number there is, in the forms that leave nothing to be read out of them.
_ORDINARY = re.compile(r"(?:0|\+82)(10)(-?)([0-9]{4})\2([0-9]{4})")


class _Range(NamedTuple):
    """Numbers that begin alike: how, how many digits they have, and how many of them are the prefix."""

    begins: re.Pattern[str]
    lengths: tuple[int, ...]
    kind: Kind
    prefix: int
    warning: str | None = None


# Numbering plan of Korea (전기통신번호관리세칙); the first that fits decides.
_PLAN = (
    _Range(re.compile(r"010"), (11,), "mobile", 3),
    _Range(re.compile(r"01[16-9]"), (10, 11), "mobile", 3),
    _Range(re.compile(r"0130"), (11, 12), "other", 4, _NOT_DIALLED),
    _Range(re.compile(r"02[1-9]"), (9, 10), "fixed_line", 2),
    _Range(re.compile(_AREA + r"[1-9]"), (10, 11), "fixed_line", 3),
    _Range(re.compile(r"050\d"), (11, 12), "personal", 4),
    _Range(re.compile(r"0303"), (11, 12), "other", 4, _NOT_DIALLED),
    _Range(re.compile(r"030"), (10, 11), "other", 3, _NOT_DIALLED),
    _Range(re.compile(r"060"), (10,), "premium", 3, _PREMIUM),
    _Range(re.compile(r"070"), (11,), "voip", 3),
    _Range(re.compile(r"080"), (10,), "toll_free", 3, _NOT_A_PERSON),
    _Range(re.compile(r"1[568]\d\d"), (8,), "uan", 4, _NOT_A_PERSON),
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it was written and as it is kept. `warning` is an English sentence for `_`."""

    raw: str
    kind: Kind
    e164: str | None = None
    short: str | None = None
    extension: str | None = None
    warning: str | None = None

    @property
    def stored(self) -> str:
        """The form to keep and to compare: E.164, the short number, or "" when withheld."""
        return self.e164 or self.short or ""

    @property
    def display(self) -> str:
        """The number as it is shown, its extension behind «#»."""
        shown = display_phone(self.stored)
        return f"{shown} #{self.extension}" if self.extension else shown


def read_phone(raw: str) -> Phone:
    """The telephone number in a field that holds nothing else.

    Raises a `PhoneError` that says what is wrong. A withheld number is a `Phone` too, with nothing to store.
    """
    if ordinary := _ORDINARY.fullmatch(raw):
        return Phone(raw, "mobile", e164="+82" + "".join(ordinary.group(1, 3, 4)))
    text = clean(raw).strip()
    if not text:
        raise PhoneMissing
    # tel: and sip: addresses, as telephone systems hand them over.
    text = re.sub(r"^(?:tel|sips?):([^@;]*).*$", r"\1", text, flags=re.IGNORECASE)
    if _is_withheld(text):
        return Phone(raw, "withheld")
    text, extension = _without_extension("".join(map(_plain, text)))
    for character in text:
        if not (character in "+0123456789 -.()/" and character.isascii()):
            raise PhoneHasLetters(character=character)
    digits = re.sub(r"\D", "", text)
    if not digits:
        raise PhoneMissing
    if "+" in text.lstrip(" (")[1:]:
        raise PhoneHasLetters(character="+")
    return _read_digits(raw, digits, "+" in text, extension)


def _is_withheld(text: str) -> bool:
    folded = re.sub(r"[\W_]", "", text).casefold()
    return _WITHHELD_FORM.fullmatch(folded) is not None or text == _(WITHHELD)


def _plain(character: str) -> str:
    """ASCII for the digits and signs of other keyboards: full width, and the dashes."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) in {"Pd", "Zs"} or character in "−·ㆍ":
        return "-"
    code = ord(character)
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else character


def _without_extension(text: str) -> tuple[str, str | None]:
    found = re.fullmatch(r"(.*\d\D*?)[\s,;(-]*(?:#|\bext\.?|\bx|내선)[\s:-]*(\d{1,6})\)?", text, re.IGNORECASE)
    return (found[1], found[2]) if found else (text, None)


def _read_digits(raw: str, digits: str, plus: bool, extension: str | None) -> Phone:
    if not plus and digits.startswith("0082"):
        digits, plus = digits[2:], True
    if digits.startswith("82") and (plus or len(digits) >= 10):
        return _read_korean(raw, _trunk(digits[2:]), extension)
    if plus or digits.startswith("00"):
        return _read_foreign(raw, f"+{digits}" if plus else digits, extension)
    return _read_korean(raw, digits, extension)


def _trunk(digits: str) -> str:
    """The national form of what follows +82, where the leading 0 may or may not have been left."""
    if digits.startswith("0") or _is_short(digits) or _UAN.fullmatch(digits):
        return digits
    return f"0{digits}"


def _is_short(digits: str) -> bool:
    if digits in _EMERGENCY or digits in _SHORT:
        return True
    if not 3 <= len(digits) <= 5 or digits.startswith("0"):
        return False
    from phonenumbers import parse
    from phonenumbers.shortnumberinfo import is_valid_short_number_for_region

    return is_valid_short_number_for_region(parse(digits, "KR"), "KR")


def _read_korean(raw: str, digits: str, extension: str | None) -> Phone:
    if digits in _EMERGENCY:
        return Phone(raw, "emergency", short=digits)
    if _is_short(digits):
        return Phone(raw, "short", short=digits, extension=extension, warning=_NOT_A_PERSON)
    if _AREA_SERVICE.fullmatch(digits):
        return Phone(raw, "fixed_line", e164=_e164(digits), extension=extension, warning=_NOT_A_PERSON)
    for begins, lengths, kind, prefix, warning in _PLAN:
        if begins.match(digits):
            if len(digits) not in lengths:
                wrong = PhoneTooShort if len(digits) < lengths[0] else PhoneTooLong
                expected = "-".join(map(str, lengths))
                raise wrong(prefix=digits[:prefix], digits=len(digits), expected=expected)
            if kind == "fixed_line" and _UAN.fullmatch(digits[prefix:]):
                warning = _REPRESENTATIVE
            return Phone(raw, kind, e164=_e164(digits), extension=extension, warning=warning)
    if len(digits) <= 8 and not digits.startswith("0"):
        raise PhonePrefixMissing
    raise PhoneUnknown


def _e164(digits: str) -> str:
    return f"+82{digits.removeprefix('0')}"


def _read_foreign(raw: str, dialled: str, extension: str | None) -> Phone:
    import phonenumbers

    try:
        number = phonenumbers.parse(dialled, "KR")
    except phonenumbers.NumberParseException as error:
        raise PhoneUnknown from error
    if number.country_code == 82:
        return _read_korean(raw, _trunk(str(number.national_number)), extension)
    if not phonenumbers.is_valid_number(number):
        raise PhoneUnknown
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(raw, "foreign", e164=e164, extension=extension)


def display_phone(stored: str) -> str:
    """A stored form as it is shown; Korean ones without importing phonenumbers."""
    if not stored:
        return _(WITHHELD)
    if stored.startswith("+82"):
        return _display_korean(stored[3:])
    if not stored.startswith("+"):
        return stored
    import phonenumbers

    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(stored)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return stored


def _display_korean(national: str) -> str:
    if _UAN.fullmatch(national):
        return f"{national[:4]}-{national[4:]}"
    digits = f"0{national}"
    if service := _AREA_SERVICE.fullmatch(digits):
        return f"{service[1]}-{service[2]}"
    for begins, lengths, _kind, prefix, _warning in _PLAN:
        if begins.match(digits) and len(digits) in lengths:
            return f"{digits[:prefix]}-{digits[prefix:-4]}-{digits[-4:]}"
    return digits


def receives_text(stored: str) -> bool:
    """Whether a stored number can be sent a text message: a Korean mobile telephone, or any number abroad.

    Mobile numbers begin with 010, older ones with 011 and 016 to 019; 1588 and its like are companies.
    """
    if stored.startswith("+82"):
        return re.fullmatch(r"\+821[016789]\d{7,8}", stored, re.ASCII) is not None
    return stored.startswith("+")
