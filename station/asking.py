"""What a member says to the club at the counter: a question, a complaint, an idea, or that something is out of date.

The entry says of what kind it is and about what; the words themselves are personal, stay erasable
beside the chain and go up with the entry. To be answered is agreed to for this one matter alone.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from station.clock import Clock
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, EntryKind
from station.matter import AnswerBy, AnswersTold, AnswerTold, AskKind, Matter, MemberAsked, Subject
from station.people import Actor
from station.ports import Journal

MOST_WORDS = 1000
"""Characters of what was said."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is taken down: of what kind, about what, in whose words, and how it is to be answered."""

    kind: AskKind
    subject: Subject
    words: str
    member_id: str = ""
    answer_by: AnswerBy = AnswerBy.NONE

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for nothing, or too much, that was said."""
        if not 0 < len(self.words.strip()) <= MOST_WORDS or "\0" in self.words:
            message = f"from 1 to {MOST_WORDS} characters are taken down"
            raise ValueError(message)


class AskDesk:
    """Takes it down, durably. Lives on the counter's thread."""

    def __init__(self, clock: Clock, random: Callable[[int], bytes], journal: Journal) -> None:
        """Write into ``journal``; ``random`` draws bytes."""
        self._clock = clock
        self._random = random
        self._journal = journal

    def take_down(self, said: Said, actor: Actor) -> MemberAsked:
        """Write ``said``, which ``actor`` heard. Raises ``StationError`` NO_PERSONAL_DATA or another 4xx."""
        now = self._clock.now()
        body = MemberAsked(uuid7(now.utc_us, self._random(RANDOM_BYTES)), said.kind, said.subject, said.member_id, said.answer_by)
        self._journal.append(Draft(EntryKind.MEMBER_ASKED, now, actor, body, personal=document(said.words)))
        return body

    def answers_shown(self, member_id: str, matters: Iterable[Matter], actor: Actor) -> bool:
        """Note that ``actor`` showed the answers among ``matters`` that wait; return whether any did. Raises ``StationError`` 4xx."""
        told = tuple(AnswerTold(each.ask_id, each.answered_us or 0) for each in matters if each.waits)
        if told:
            self._journal.append(Draft(EntryKind.ANSWERS_TOLD, self._clock.now(), actor, AnswersTold(member_id, told)))
        return bool(told)


def document(words: str) -> bytes:
    """Return what was said as the JSON that an entry commits to (``Entry.personal``)."""
    return json.dumps({"words": words.strip()}, ensure_ascii=False, separators=(",", ":")).encode()


def read_words(raw: bytes) -> str:
    """Return what was said of the JSON ``raw``. Raises ``ValueError``, which quotes nothing, when it is none."""
    try:
        words = json.loads(raw)["words"]
    except (ValueError, TypeError, LookupError, RecursionError):
        words = None
    if not isinstance(words, str) or len(words) > MOST_WORDS or "\0" in words:
        message = "what is kept of what was said is not in the form of it"
        raise ValueError(message)
    return words
