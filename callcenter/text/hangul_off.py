"""What was typed with Hangul off, as it would have come with Hangul on: 8tp ch2 is 8세 초2."""

import re
from typing import NamedTuple

from callcenter.text.hangul import is_syllable, to_hangul

# The keys of 세, 살, 개월, 시, 학년 and 년생, and of 초 before a number.
_WORTH_A_LOOK = re.compile(r"\dtp|tkf|rodnjf|tl|gkrsus|sustod|(?<![A-Za-z])ch\d", re.IGNORECASE)
_TOKEN = re.compile(r"(?<!\w)[A-Za-z0-9:.~-]+(?!\w)")


class Heard(NamedTuple):
    """A line in Hangul, and where each of its tokens stands in it and in the line that was typed."""

    text: str
    tokens: tuple[tuple[int, int, int, int], ...]

    def typed(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `text[start:end]` was typed; None when it is not made of whole tokens that were in other keys."""
        within = [token for token in self.tokens if token[0] < end and start < token[1]]
        if not within or within[0][0] != start or within[-1][1] != end:
            return None
        if all(token[1] - token[0] == token[3] - token[2] for token in within):
            # Numbers alone are the same in any keys, and have been read.
            return None
        return within[0][2], within[-1][3]


def hangul_of(text: str) -> Heard | None:
    """The line with the tokens that are whole syllables on a 두벌식 keyboard in Hangul; None when it holds none."""
    if _WORTH_A_LOOK.search(text) is None:
        return None
    heard, tokens, at = "", [], 0
    for match in _TOKEN.finditer(text):
        heard += text[at : match.start()]
        at = match.end()
        hangul = to_hangul(match[0])
        if all(is_syllable(letter) or not letter.isalpha() for letter in hangul):
            tokens.append((len(heard), len(heard) + len(hangul), match.start(), match.end()))
        heard += hangul if tokens and tokens[-1][3] == match.end() else match[0]
    return Heard(heard + text[at:], tuple(tokens))
