"""What head office put aside: told by receipts and by the list, kept at the station, tried again when asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from station.errors import ErrorCode, StationError
from station.protection import Protection
from station.put_aside import AsideCode, PutAside
from sync import wire
from sync.aside import Retrying, aside_step
from sync.ed25519 import Ed25519Verifier, new_key, public_key
from sync.exchange import StationSync, Stores
from sync.push import Push
from sync.wire_aside import AsideEntry, Retried, RetryAsked
from tests.sync.memory import (
    INCARNATION,
    MemoryMembers,
    MemoryOffice,
    MemoryOutbox,
    MemoryPacks,
    MemoryShelf,
    MemoryUploads,
)

TOLD = AsideEntry(incarnation=INCARNATION, seq=2, code=AsideCode.NOT_POSTED, reason="no such shop")
KEPT = PutAside(INCARNATION, 2, "no such shop", AsideCode.NOT_POSTED)


@dataclass
class Book:
    """What is kept of it, and what was done."""

    held: list[PutAside] = field(default_factory=list)
    noted: list[PutAside] = field(default_factory=list)
    settled_as: list[tuple[str, int, str]] = field(default_factory=list)

    def note(self, found: Sequence[PutAside]) -> None:
        self.noted += found

    def replace(self, found: Sequence[PutAside]) -> None:
        self.held = list(found)

    def settled(self, incarnation: str, seq: int, reason: str) -> None:
        self.settled_as.append((incarnation, seq, reason))


@dataclass
class Again:
    """Head office's answer to a retry."""

    answer: Retried | None
    asked: list[RetryAsked] = field(default_factory=list)

    def retry(self, asked: RetryAsked) -> Retried | None:
        self.asked.append(asked)
        return self.answer


def test_the_list_is_kept_as_it_is_told() -> None:
    book = Book([PutAside(INCARNATION, 9, "old")])
    assert aside_step(book, MemoryOffice(aside=(TOLD,))) is False
    assert book.held == [KEPT]


def test_the_verdicts_of_a_receipt_are_kept_before_the_mark_moves() -> None:
    outbox, book = MemoryOutbox(), Book()
    outbox.write(3, "x")
    office = MemoryOffice(quarantined=(wire.Quarantined(seq=2, reason="no such shop"),))
    assert Push(MemoryUploads([outbox]), office, Protection.FILE, aside=book).step().quarantined == 1
    assert book.noted == [PutAside(INCARNATION, 2, "no such shop")]
    assert outbox.mark() == 3


def test_every_pull_asks_for_the_list() -> None:
    book, office, key = Book(), MemoryOffice(aside=(TOLD,)), new_key()
    stores = Stores(
        MemoryUploads([MemoryOutbox()]), MemoryMembers(), MemoryShelf(), MemoryPacks(), Protection.FILE, lambda: None, aside=book)
    sync = StationSync(stores, office, Ed25519Verifier(public_key(key)), lambda: None)
    while sync.pull():
        pass
    assert (book.held, office.calls.count("aside")) == ([KEPT], 1)


def test_one_that_is_posted_after_all_is_taken_out() -> None:
    for answer in (Retried(reason=""), None):  # None: it does not stand aside any more
        book, office = Book(), Again(answer)
        Retrying(book, office).again(INCARNATION, 2)
        assert office.asked == [RetryAsked(incarnation=INCARNATION, seq=2)]
        assert book.settled_as == [(INCARNATION, 2, "")]


def test_one_that_stays_says_why() -> None:
    book = Book()
    with pytest.raises(StationError) as found:
        Retrying(book, Again(Retried(reason="no such shop"))).again(INCARNATION, 2)
    assert (found.value.code, found.value.detail) == (ErrorCode.STILL_ASIDE, {"reason": "no such shop"})
    assert book.settled_as == [(INCARNATION, 2, "no such shop")]
