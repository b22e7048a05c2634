"""Entries that head office keeps and acknowledged, but did not post: which, and why. Nothing of them is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class AsideCode(StrEnum):
    """Why an entry was put aside.

    UNREADABLE: it is not an entry; VERSION: a program older than this station's received it; REVOKED:
    the station was revoked before it came; NOT_POSTED: it contradicts the books. SAID: only the
    words of a receipt are known so far.
    """

    UNREADABLE = "UNREADABLE"
    VERSION = "VERSION"
    REVOKED = "REVOKED"
    NOT_POSTED = "NOT_POSTED"
    SAID = "SAID"


@dataclass(frozen=True, slots=True)
class PutAside:
    """Entry ``seq`` of a journal (an incarnation or branch of this station), and head office's ``reason`` in its words."""

    incarnation: str
    seq: int
    reason: str
    code: AsideCode = AsideCode.SAID


@dataclass(frozen=True, slots=True)
class AsideCount:
    """How many entries stand aside, and how many of them nobody has looked at here."""

    standing: int = 0
    unseen: int = 0


class AsideBook(Protocol):
    """Where this station keeps, durably, what head office put aside. All raise ``StationError`` 4xx."""

    def note(self, found: Sequence[PutAside]) -> None:
        """Add ``found``, the verdicts of one receipt; what is known already is left as it is."""
        ...

    def replace(self, found: Sequence[PutAside]) -> None:
        """Keep exactly ``found``, all that stands aside now; what somebody has looked at stays looked at."""
        ...

    def settled(self, incarnation: str, seq: int, reason: str) -> None:
        """Keep what became of one that was tried again: "" takes it out, a reason replaces the one before."""
        ...
