"""두벌식 keys and first-consonant search: Korean as it is typed and looked for."""

import unicodedata

# Order of KS X 1026: the index in each of these is the index in the arithmetic of a syllable.
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_WITH_ONE_INITIAL = 588  # Syllables: 21 vowels with 28 finals, none among them.

# 두벌식 (KS X 5002): one key for each of these.
_KEY_OF = dict(
    zip("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", "qwertyuiopasdfghjklzxcvbnm", strict=True)
) | dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP", strict=True))
_JAMO_OF = {key: jamo for jamo, key in _KEY_OF.items()}
# Two strokes that become one letter.
_PAIRS = {
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ",
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_JOINED = {pair: joined for joined, pair in _PAIRS.items()}
# The conjoining letters that an NFD sender leaves when no syllable comes of them.
_CONJOINING = (
    {chr(0x1100 + i): letter for i, letter in enumerate(_INITIALS)}
    | {chr(0x1161 + i): letter for i, letter in enumerate(_VOWELS)}
    | {chr(0x11A7 + i): letter for i, letter in enumerate(_FINALS) if i}
)


def is_hangul(character: str) -> bool:
    """Whether one character is a syllable or a letter of Hangul."""
    return (
        _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE
        or character in _KEY_OF
        or character in _PAIRS
        or character in _CONJOINING
    )


def strokes(text: str) -> str:
    """The letters (자모) in the order they are typed: 원 is ㅇㅜㅓㄴ; what is not Hangul stays."""
    return "".join(map(_strokes_of, unicodedata.normalize("NFC", text)))


def _strokes_of(character: str) -> str:
    if _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE:
        initial, vowel, final = _split(character)
        return initial + _PAIRS.get(vowel, vowel) + _PAIRS.get(final, final)
    letter = _CONJOINING.get(character, character)
    return _PAIRS.get(letter, letter)


def _split(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final ("" when there is none) of a syllable."""
    rest, final = divmod(ord(syllable) - _FIRST_SYLLABLE, 28)
    initial, vowel = divmod(rest, 21)
    return _INITIALS[initial], _VOWELS[vowel], _FINALS[final].strip()


def to_keys(text: str) -> str:
    """The Latin keys that type this text on a 두벌식 keyboard: 한 is gks, 떡 is Ejr."""
    return "".join(_KEY_OF.get(letter, letter) for letter in strokes(text))


def to_hangul(text: str) -> str:
    """What the keys would have typed with Hangul on: dksdid is 안양; what is no letter key stays."""
    done: list[str] = []
    initial = vowel = final = ""

    def flush() -> None:
        nonlocal initial, vowel, final
        done.append(_join(initial, vowel, final))
        initial = vowel = final = ""

    for key in text:
        letter = _JAMO_OF.get(key) or _JAMO_OF.get(key.lower())
        if letter is None:
            flush()
            done.append(key)
        elif letter in _VOWELS:
            if final:
                # A final moves over to the vowel that follows: 한 + ㅏ is 하나, 값 + ㅏ is 갑사.
                stays, moves = (_PAIRS[final][0], _PAIRS[final][1]) if final in _PAIRS else ("", final)
                final = stays
                flush()
                initial, vowel = moves, letter
            elif vowel + letter in _JOINED:
                vowel = _JOINED[vowel + letter]
            else:
                if vowel:
                    flush()
                vowel = letter
        elif final + letter in _JOINED and vowel:
            final = _JOINED[final + letter]
        elif initial and vowel and not final and letter in _FINALS:
            final = letter
        else:
            if initial or vowel:
                flush()
            initial = letter
    flush()
    return "".join(done)


def _join(initial: str, vowel: str, final: str) -> str:
    if not (initial and vowel):
        return initial + vowel + final
    index = (_INITIALS.index(initial) * 21 + _VOWELS.index(vowel)) * 28
    return chr(_FIRST_SYLLABLE + index + (_FINALS.index(final) if final else 0))


class _InitialOf(dict[int, str]):
    """The first consonant of a syllable by its code, worked out when a text first has it; of what is none, itself."""

    def __missing__(self, code: int) -> str:
        syllable = _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE
        self[code] = _INITIALS[(code - _FIRST_SYLLABLE) // _WITH_ONE_INITIAL] if syllable else chr(code)
        return self[code]


_INITIAL_OF = _InitialOf()


def initials(text: str) -> str:
    """The first consonants (초성): 수원 is ㅅㅇ; what is no syllable stays."""
    return unicodedata.normalize("NFC", text).translate(_INITIAL_OF)


def is_syllable(character: str) -> bool:
    """Whether one character is a whole syllable."""
    return "가" <= character <= "힣"


def letters_alone(text: str) -> tuple[str, str]:
    """The text up to the consonants at its end that stand without a vowel, and those: 김ㅈㅇ is 김 and ㅈㅇ."""
    body = text.rstrip(_INITIALS)
    return body, text[len(body) :]


def syllables_with(initial: str, before: str = "") -> tuple[str, str]:
    """The range of all texts that go on behind `before` with a syllable of this first consonant: low and high."""
    first = _FIRST_SYLLABLE + _INITIALS.index(initial) * len(_VOWELS) * len(_FINALS)
    return before + chr(first), before + chr(first + len(_VOWELS) * len(_FINALS))


def unfinished(text: str) -> tuple[tuple[str, str], ...]:
    """The ranges of what the last syllable may still become: 지 is on the way to 진, 구 to 권, 징 to 지영.

    Empty when the text ends in no syllable.
    """
    if not is_syllable(text[-1:]):
        return ()
    before, last = text[:-1], text[-1]
    initial, vowel, final = _split(last)
    if not final:
        longest = vowel + _FINALS[-1]
        for joined in _VOWELS:
            # The letters that two strokes make follow their first one: ㅜ ㅝ ㅞ ㅟ.
            longest = joined + _FINALS[-1] if _PAIRS.get(joined, "").startswith(vowel) else longest
        return ((text, before + chr(ord(_join(initial, *longest)) + 1)),)
    stays, moves = (_PAIRS[final][0], _PAIRS[final][1]) if final in _PAIRS else ("", final)
    doubled = [letter for letter in _FINALS if _PAIRS.get(letter, "").startswith(final)]
    becomes = chr(ord(_join(initial, vowel, doubled[-1] if doubled else final)) + 1)
    return (text, before + becomes), syllables_with(moves, before + _join(initial, vowel, stays))


def matches(query: str, name: str) -> bool:
    """Whether what was typed so far finds the name.

    It may be a part of the name, its first consonants (ㅅㅇ), a last syllable still being composed (수우 for
    수원), or either of them typed with Hangul off (tndnjs). Case and spaces do not count; nothing finds all.
    """
    wanted, offered = folded(query), folded(name)
    if _found(wanted, offered):
        return True
    if query.isascii():
        return _found(folded(to_hangul(query)), offered)
    return False


def folded(text: str) -> str:
    """The text as names are compared: composed, in small letters, without blanks."""
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def _found(wanted: str, offered: str) -> bool:
    if wanted in offered:
        return True
    wanted = parted(wanted)
    heads = initials(offered)
    return any(_begins(wanted, offered, heads, start) for start in range(len(offered)))


def parted(text: str) -> str:
    """The text with every letter that an input method joined of two taken apart: ㄱㅅ typed quickly arrives as ㄳ."""
    return "".join(_PAIRS.get(letter, letter) for letter in text)


def _begins(wanted: str, offered: str, heads: str, start: int) -> bool:
    """Whether the wanted text is found from `start` on; a consonant of it stands for a syllable."""
    last = len(wanted) - 1
    for position, letter in enumerate(wanted):
        here = start + position
        if here >= len(offered):
            return False
        if letter == offered[here] or letter == heads[here]:
            continue
        # The last syllable may be unfinished, or hold a consonant of the next one: 순 on the way to 수내.
        return (
            position == last
            and _FIRST_SYLLABLE <= ord(letter) <= _LAST_SYLLABLE
            and strokes(offered[here : here + 2]).startswith(strokes(letter))
        )
    return True
