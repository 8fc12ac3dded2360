"""The words on screen: gettext catalogues for what the code says, `Words` for what the data says."""

import gettext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

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
        else gettext.translation("callcenter", _LOCALE, [language], fallback=True)
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
