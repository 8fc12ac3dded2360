import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.text.hangul import initials, is_hangul, matches, to_hangul, to_keys

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
WORDS = st.text(st.sampled_from(SYLLABLES), max_size=8)


def test_every_syllable_survives_its_keys() -> None:
    assert len(SYLLABLES) == 11_172
    assert [syllable for syllable in SYLLABLES if to_hangul(to_keys(syllable)) != syllable] == []


def test_every_syllable_has_its_own_keys() -> None:
    keys = {to_keys(syllable) for syllable in SYLLABLES}
    assert len(keys) == 11_172
    assert all(key.isascii() and key.isalpha() for key in keys)


@given(WORDS)
def test_words_survive_their_keys(word: str) -> None:
    assert to_hangul(to_keys(word)) == word


@given(st.text(st.sampled_from("qwertyuiopasdfghjklzxcvbnmQWERTOP 1-"), max_size=12))
def test_keys_survive_the_hangul_they_type(keys: str) -> None:
    assert to_keys(to_hangul(keys)) == keys


@pytest.mark.parametrize(
    ("hangul", "keys"),
    [
        ("아", "dk"),
        ("한", "gks"),
        ("값", "rkqt"),
        ("떡", "Ejr"),
        ("ㅇ", "d"),
        ("ㅘ", "hk"),
        ("ㅄ", "qt"),
        ("ㅖ", "P"),
        ("안양", "dksdid"),
        ("수원시", "tndnjstl"),
        ("6호점", "6ghwja"),
        ("", ""),
        ("A-1", "A-1"),
        ("ᄋ", "d"),
        ("ᆨ", "r"),
    ],
)
def test_keys_of_hangul(hangul: str, keys: str) -> None:
    assert to_keys(hangul) == keys
    assert to_keys(unicodedata.normalize("NFD", hangul)) == keys


@pytest.mark.parametrize(
    ("keys", "hangul"),
    [
        ("dksdid", "안양"),
        ("gkskfk", "하나라"),
        ("rkqtk", "갑사"),
        ("RkRk", "까까"),
        ("rrk", "ㄱ가"),
        ("kk", "ㅏㅏ"),
        ("ghk", "화"),
        ("ehos", "돼ㄴ"),
        ("ehoss", "돼ㄴㄴ"),
        ("tttk", "ㅅㅅ사"),
        ("DKSDID", "안양"),
        ("7 dkdk", "7 아아"),
        ("Ekfr", "딹"),
        ("rkEk", "가따"),
    ],
)
def test_hangul_of_keys(keys: str, hangul: str) -> None:
    expected = {"ehos": "됀", "ehoss": "됀ㄴ"}.get(keys, hangul)
    assert to_hangul(keys) == expected


@pytest.mark.parametrize(
    ("text", "consonants"),
    [("수원", "ㅅㅇ"), ("다함께 6호점", "ㄷㅎㄲ 6ㅎㅈ"), ("ㅅ원", "ㅅㅇ"), ("Lan", "Lan"), ("", "")],
)
def test_initials(text: str, consonants: str) -> None:
    assert initials(text) == consonants
    assert initials(unicodedata.normalize("NFD", text)) == consonants


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "수원"),
        ("수원", "수원시"),
        ("원", "수원"),
        ("ㅅㅇ", "수원"),
        ("ㅅㅇ", "서울 수원"),
        ("tndnjs", "수원"),
        ("tndn", "수원"),
        ("td", "수원"),
        ("dksdid", "안양"),
        ("수우", "수원"),
        ("수", "수원"),
        ("수ㅇ", "수원"),
        ("숭", "수원"),
        ("순", "수내동"),
        ("ㅅ원", "수원"),
        ("ㄳ", "강서"),
        ("ㄱㅅ", "강서"),
        ("ㄲ", "다함께"),
        ("다함께6", "다함께 6호점"),
        ("다함께 6", "다함께6호점"),
        ("lan", "Nguyen Lan"),
        ("고", "과천"),
        ("B-1", "b-1121-007"),
        ("달", "닭"),
        ("수원시", unicodedata.normalize("NFD", "수원시")),
        (unicodedata.normalize("NFD", "수원"), "수원시"),
    ],
)
def test_finds(query: str, name: str) -> None:
    assert matches(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("수원", "수"),
        ("수원", "성남"),
        ("ㅅㅇ", "성남"),
        ("수우", "수내"),
        ("원", "수우"),
        ("tndnjs", "성남"),
        ("과", "고양"),
        ("수", "tnt"),
        ("ㅅㅅㅅ", "수서"),
        ("순", "수원"),
        ("x", ""),
        ("여주", "양주"),
        ("닭", "달"),
        ("순우", "수누리"),
    ],
)
def test_does_not_find(query: str, name: str) -> None:
    assert not matches(query, name)


@given(WORDS.filter(bool), st.data())
def test_finds_every_part_however_it_is_typed(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    part = name[start:end]
    typed_so_far = to_hangul(to_keys(part)[: data.draw(st.integers(1, len(to_keys(part))))])
    assert matches(part, name)
    assert matches(initials(part), name)
    assert matches(to_keys(part), name)
    # A cut inside a double vowel or after the first stroke still leads to the name.
    assert matches(typed_so_far, name)


def test_is_hangul() -> None:
    assert all(is_hangul(character) for character in "가힣ㅇㅏㄳᄋᆨ")
    assert not any(is_hangul(character) for character in "a1 漢あ\u3164")
