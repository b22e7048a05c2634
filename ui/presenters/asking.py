"""A question, complaint or idea at the counter, for the member in hand or for nobody in particular. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from station.asking import MOST_WORDS, AskDesk, Said
from station.counter import Counter
from station.matter import AnswerBy, AskKind, Subject
from station.people import Actor
from ui.presenters.ask_words import KINDS, SUBJECTS
from ui.presenters.reasons import held
from ui.text import Words

WORDLESS = frozenset({AskKind.OUT_OF_DATE})
"""What says enough by its subject alone, where nobody types."""


@dataclass(frozen=True, slots=True)
class AskForm:
    """What was chosen and typed."""

    kind: AskKind
    subject: Subject
    typed: str
    answer_by: AnswerBy


class AskPresenter:
    """Takes down what is in the form. Lives on the screen's thread."""

    def __init__(self, desk: AskDesk, counter: Counter, actor: Callable[[], Actor], wake: Callable[[], None]) -> None:
        """``actor`` is who is at the till now; ``wake`` tells that there is something to send."""
        self._desk = desk
        self._counter = counter
        self._actor = actor
        self._wake = wake

    @property
    def has_member(self) -> bool:
        """Whether there is somebody who can be answered."""
        return self._counter.member is not None

    def whose(self, words: Words) -> str:
        """Return for whom it is taken down, and what that means for an answer."""
        member = self._counter.member
        if member is None:
            return words("No member is in the basket: it is taken down for nobody in particular, and nobody is answered.")
        return words(
            "From {name}. Whoever wishes for an answer agrees to be written to about this alone.",
            name=held(member.name or words("Member without a name"), words))

    def take_down(self, form: AskForm, words: Words) -> str:
        """Take it down, durably; return why not, or "". Raises ``StationError`` NO_PERSONAL_DATA or another 4xx."""
        member = self._counter.member
        typed = " ".join(form.typed.split()) or (
            f"{words(KINDS[form.kind])}: {words(SUBJECTS[form.subject])}" if form.kind in WORDLESS else "")
        if not typed:
            return words("Write down what was said.")
        if len(typed) > MOST_WORDS:
            return words("This is too long to be taken down.")
        self._desk.take_down(Said(
            form.kind, form.subject, typed, member.member_id if member else "",
            form.answer_by if member else AnswerBy.NONE), self._actor())
        self._wake()
        return ""
