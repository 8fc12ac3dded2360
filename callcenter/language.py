"""The words on screen: gettext catalogues for what the code says, `Words` for what the data says."""

import gettext
import struct
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from gettext import _TranslationsReader

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_MO = struct.Struct("<5I")
_MO_MAGIC = 0x950412DE


class Catalogue(gettext.NullTranslations):
    """A compiled catalogue, searched as it lies in its file, sorted: taking in all of it is long when one starts.

    Of a language without plural forms, like Korean; the catalogues are compiled by us (`locale/build.py`).
    """

    def _parse(self, fp: "_TranslationsReader") -> None:
        self._raw = fp.read()
        magic, _version, self._count, self._originals, self._translations = _MO.unpack_from(self._raw)
        if magic != _MO_MAGIC:
            raise OSError(0, "Not a compiled catalogue", getattr(fp, "name", None))
        self._found = cache(self._look_up)

    def gettext(self, message: str) -> str:
        """The sentence, or the message itself where there is none."""
        return self._found(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The sentence for a count, or of the messages the one for it where there is none."""
        return self._found(f"{msgid1}\0{msgid2}") or (msgid1 if n == 1 else msgid2)

    def _look_up(self, message: str) -> str:
        wanted = message.encode()
        place = bisect_left(range(self._count), wanted, key=lambda number: self._text(self._originals, number))
        if place < self._count and self._text(self._originals, place) == wanted:
            return self._text(self._translations, place).decode()
        return ""

    def _text(self, table: int, number: int) -> bytes:
        length, at = struct.unpack_from("<2I", self._raw, table + 8 * number)
        return self._raw[at : at + length]


_LOCALE = Path(__file__).parent / "locale"
_current: Language = "ko"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(language: Language) -> None:
    """Speak this language from now on; screens repaint themselves after it."""
    global _current, _catalogue
    _current = language
    # The sentences in the code are English, so English is complete without a catalogue.
    _catalogue = (
        gettext.NullTranslations()
        if language == "en"
        else gettext.translation("callcenter", _LOCALE, [language], Catalogue, fallback=True)
    )


def current() -> Language:
    """The language in use."""
    return _current


def _(message: str) -> str:
    """The sentence in the language in use."""
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The sentence for a count in the language in use."""
    return _catalogue.ngettext(singular, plural, count)


def mark(message: str) -> str:
    """Mark a sentence for translation where it is defined; `_` translates it where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence or name from the data files, in both languages; `str()` gives the one in use."""

    ko: str
    en: str

    def __str__(self) -> str:
        return self.ko if _current == "ko" else self.en

    def in_(self, language: Language) -> str:
        """The text in the language given: a caller may speak another one than the screen."""
        return self.ko if language == "ko" else self.en
