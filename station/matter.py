"""Bodies of the entries by which what a member said is taken down, and the answer told. No words are in them: ``station.asking``."""

from dataclasses import dataclass, field
from enum import StrEnum


class AskKind(StrEnum):
    """Of what kind it is."""

    QUESTION = "QUESTION"
    COMPLAINT = "COMPLAINT"
    IDEA = "IDEA"
    OUT_OF_DATE = "OUT_OF_DATE"


class Subject(StrEnum):
    """What it is about."""

    GOODS = "GOODS"
    PRICES = "PRICES"
    POINTS = "POINTS"
    CARD = "CARD"
    MY_DATA = "MY_DATA"
    SHOP = "SHOP"
    OTHER = "OTHER"


class AnswerBy(StrEnum):
    """How it is to be answered: not at all, at the counter at the next visit, or by a message about this matter alone."""

    NONE = "NONE"
    COUNTER = "COUNTER"
    SMS = "SMS"
    EMAIL = "EMAIL"
    APP = "APP"


class MatterState(StrEnum):
    """Where a matter stands at head office."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class MemberAsked:
    """What ``member_id`` ("": somebody who is no member, or would not say) had to say, named by a UUIDv7."""

    ask_id: str
    kind: AskKind
    subject: Subject
    member_id: str = ""
    answer_by: AnswerBy = AnswerBy.NONE

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where an answer is wished for and nobody is named who could get it."""
        if not self.ask_id or (self.answer_by is not AnswerBy.NONE and not self.member_id):
            message = "what was said has an id, and a member where it is to be answered"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Matter:
    """What became of it, as head office tells the member: said ``at_us``, answered ``answered_us`` (µs since 1970 UTC) or not.

    ``ask_id`` names it. ``waits``: it is to be answered at the counter, and was not told there yet.
    The words of both sides stay out of ``repr``.
    """

    at_us: int
    kind: AskKind
    subject: Subject
    words: str = field(repr=False)
    state: MatterState = MatterState.OPEN
    answer: str = field(default="", repr=False)
    answered_us: int | None = None
    ask_id: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """An answer of head office: the one to ``ask_id`` that was given ``answered_us`` (µs since 1970 UTC)."""

    ask_id: str
    answered_us: int


@dataclass(frozen=True, slots=True)
class AnswersTold:
    """Body of the entry that says that ``member_id`` was shown ``answers`` at the counter: they wait no longer."""

    member_id: str
    answers: tuple[AnswerTold, ...]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where nobody was told, or nothing."""
        if not self.member_id or not self.answers:
            message = "somebody was told an answer"
            raise ValueError(message)
