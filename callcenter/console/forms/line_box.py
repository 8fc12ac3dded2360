"""The line at the top of the form, what its words were understood to be, and the question that is open about one."""

from collections.abc import Callable, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from callcenter.console.forms.answers import Answer
from callcenter.console.forms.digit_field import DigitField
from callcenter.console.forms.draft import Draft
from callcenter.console.forms.fields import TextField
from callcenter.console.forms.line import LINE, Whose, clashes, field_of, open_question, replaced, whose_key, with_line
from callcenter.console.presentation import line_words
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.widgets.panel import Panel
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text.intake_line import Word, chosen, read_line, without_refused
from callcenter.text.lexicon import lexicon
from callcenter.text.moments import SEOUL

QUESTION = "line.question"
_MOST_WORDS = 3
_MOST_WORDS_WHEN_LOW = 2


class LineBox(Vertical):
    """One line that is high as it needs to be; its field posts `FieldChanged` and `FieldDone` as «line»."""

    DEFAULT_CSS = """
    LineBox {
        height: auto;
        & #line-words { background: $boost; padding: 0 0 0 2; }
    }
    """

    def __init__(self, reference: Reference, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._reference = reference
        self._clock = clock
        self._lexicon = lexicon(reference.intake_words, reference.areas)
        self._words: tuple[Word, ...] = ()
        self._question: Word | Whose | None = None
        self._draft = Draft()

    def compose(self) -> ComposeResult:
        """The field, the words, the question."""
        yield from self._made()

    @property
    def field(self) -> TextField:
        """The field that the line is typed into."""
        return self.query_one(TextField)

    @property
    def question(self) -> DigitField:
        """The open question; shown while there is one."""
        return self.query_one(DigitField)

    @property
    def asks(self) -> bool:
        """Whether a word has to be asked about."""
        return self._question is not None

    @property
    def refuses(self) -> bool:
        """Whether something stands there that may not be taken down."""
        return any(word.kind == "refused" for word in self._words)

    @property
    def targets(self) -> tuple[Widget, ...]:
        """What takes the focus here, from above to below."""
        return (self.field.target, self.question.target) if self.asks else (self.field.target,)

    @property
    def focused(self) -> str | None:
        """«line» or the question while the cursor is here."""
        at = self.screen.focused
        if at is self.field.target:
            return LINE
        return QUESTION if at is self.question.target else None

    def read(self, draft: Draft) -> Draft:
        """The draft with what the line says now; what may not be taken down is in neither."""
        now = self._clock()
        line = self.field.raw
        self._words = read_line(line, self._lexicon, now)
        kept = without_refused(line, self._words)
        words = tuple(word for word in self._words if word.kind != "refused")
        return with_line(draft, kept, words, self._reference, now.astimezone(SEOUL).date())

    def show(self, draft: Draft) -> None:
        """The words beneath the line, and the question about one of them."""
        self._draft = draft
        self._question = open_question(self._words, draft.raw)
        question = self.question
        words = self.query_one("#line-words", Panel)
        # Both keep their place, empty too: what stands below would move with every other key.
        question.display = question.display or self.asks
        words.display = words.display or bool(self._words)
        question.can_focus = self.asks
        if self._question is None:
            question.offer(())
        else:
            question.fill("")
            question.offer(self._answers(self._question))
        words.show(self._lines)

    def fill(self, draft: Draft) -> None:
        """Put the line of a draft into the field, and understand it."""
        self.field.fill(draft.raw.get(LINE, ""))
        self._words = read_line(self.field.raw, self._lexicon, self._clock())
        self.question.display = self.query_one("#line-words", Panel).display = False
        self.show(draft)

    def clear_refused(self) -> None:
        """Take out of the field what may not be taken down."""
        self.field.fill(without_refused(self.field.raw, self._words))

    def answer(self, draft: Draft, code: str) -> Draft:
        """The draft with an answer to the open question: written into the line, or kept beside it."""
        asked = self._question
        if isinstance(asked, Whose):
            draft = draft.with_raw({whose_key(asked.word): code.replace("+", " ")})
        elif asked is not None:
            self.field.fill(chosen(self.field.raw, asked, asked.choices[int(code)]))
        return self.read(draft)

    async def speak_again(self) -> None:
        """The captions in the language now in use."""
        await self.remove_children()
        await self.mount(*self._made())

    def _made(self) -> list[Widget]:
        question = DigitField(QUESTION, _("Which?"), ())
        question.display = False
        words = Panel(id="line-words")
        words.display = False
        return [TextField(LINE, _("One line")), words, question]

    def _lines(self, width: int) -> Sequence[Pieces]:
        asked = self._question.word if isinstance(self._question, Whose) else self._question
        fields = clashes(self._draft, self._words, self._reference)
        found = line_words.lines(
            self._words,
            self._reference,
            self._clock(),
            width,
            asked=[asked.start] if asked else (),
            replaced=replaced(self._words),
            clashing=[word.start for word in self._words if field_of(word) in fields],
        )
        most = _MOST_WORDS if self.app.size.height >= 30 else _MOST_WORDS_WHEN_LOW
        # The last words are the ones just typed.
        return [*found[-most:], *[()] * (most - len(found))]

    def _answers(self, asked: Word | Whose) -> tuple[Answer, ...]:
        if isinstance(asked, Whose):
            named = [Answer(str(number), child, str(number)) for number, child in enumerate(asked.children, 1)]
            everybody = "+".join(str(number) for number in range(1, len(named) + 1))
            return (*named, Answer(everybody, _("all of them"), str(len(named) + 1)))
        now = self._clock()
        return tuple(
            Answer(str(number), line_words.meaning(choice, self._reference, now), str(number + 1))
            for number, choice in enumerate(asked.choices)
        )

    def explain(self) -> Cell:
        """What to say of the line while the cursor is there."""
        asked = self._question.word if isinstance(self._question, Whose) else self._question
        if asked is not None:
            told = _("What is «{word}»? Press Enter, then its digit.").format(word=asked.text.strip(" +,;"))
            return Cell(told, "soon")
        return Cell(_("Everything in one line, in any order: region, child, times, reason, number, name."), "muted")
