"""Keys under a Hangul input method: every binding works whether 한/영 is on or off.

An input method holds a letter back until the next key, so vital actions have F-keys, digits and Ctrl keys;
letters are a courtesy, and this is the one place that knows which Latin key a Hangul letter sits on.
"""

from typing import Any

from textual.app import App
from textual.message import Message

from callcenter.text.hangul import is_hangul, to_keys


class HangulTyped(Message):
    """A Hangul key came where nothing is typed: time to show «한/영 확인»."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


def is_hangul_key(key: str) -> bool:
    """Whether the key is Hangul, with or without modifiers: ㅇ, 안, ctrl+ㄴ, alt+한."""
    character = _character(key)
    return len(character) == 1 and is_hangul(character)


def latin_key(key: str) -> str | None:
    """The key that was meant, or None when it cannot be told.

    A letter gives the Latin key it sits on (ㅇ is d, ctrl+ㄴ is ctrl+s, and ㅃ is q like ㅂ: upper case is no
    command of its own). alt+Hangul is Escape: the input method commits its letter behind the escape byte, and
    the terminal's parser reads both as one key. A syllable or a double letter is two keys and gives none.
    """
    if not is_hangul_key(key):
        return None
    character = _character(key)
    modifiers = key[: -len(character)]
    if modifiers == "alt+":
        return "escape"
    keys = to_keys(character).lower()
    return f"{modifiers}{keys}" if len(keys) == 1 else None


def _character(key: str) -> str:
    return key.rpartition("+")[2]


class HangulKeys(App[Any]):
    """An app whose bindings are found with Hangul on; posts `HangulTyped` to the screen for a stray letter."""

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        if await super()._check_bindings(key, priority):
            return True
        meant = latin_key(key)
        if meant is not None and await super()._check_bindings(meant, priority):
            return True
        # A text field stops the letters it takes, so what arrives here without priority was typed nowhere.
        if not priority and is_hangul_key(key) and meant != "escape":
            self.screen.post_message(HangulTyped(key))
        return False
