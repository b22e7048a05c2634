"""Which file is the member book: one row of ``journal.db`` points at it and holds its key.

A new book is put in force by changing that row. No file is ever renamed over another, so at every
moment either the old or the new book is whole and in force, and whoever still reads the old one
reads on undisturbed.
"""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from data.database import KEY_BYTES, Database
from data.members import MemberStore
from station.card import Card, CardLink
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.errors import ErrorCode, StationError
from station.feed import BlocksPage, MemberPage, Stamp
from station.journal import Position
from station.member import Member

LOOK_EVERY_S = 1.0
"""How long a new book may go unnoticed by those who read the old one."""

PREFIX, ENDING = "members-", ".db"
_NAME_BYTES = 8
_BROKEN = frozenset({ErrorCode.DATABASE_CORRUPT, ErrorCode.DATABASE_KEY_WRONG})
_COMPANIONS = ("-wal", "-shm", "-journal")
AnswerT = TypeVar("AnswerT")
AskedT = TypeVarTuple("AskedT")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The member file in force: its ``name``, its 32-byte ``key``, and the ``version`` it was installed as.

    An empty book that the feed fills was installed as version 0.
    """

    name: str
    key: bytes = field(repr=False)
    version: int


def fresh_name(beginning: str = PREFIX) -> str:
    """Return a file name that was never used before."""
    return f"{beginning}{secrets.token_hex(_NAME_BYTES)}{ENDING}"


class MemberFile:
    """The row in ``journal.db``, for one thread; the files lie in the same folder."""

    def __init__(self, journal: Database) -> None:
        """Work on an open ``journal.db``."""
        self._journal = journal
        self.folder = journal.path.parent

    def pointer(self) -> Pointer:
        """Return what is in force; where there is nothing yet, an empty book is from now on."""
        return self._row() or self._renew(None)

    def renew(self, broken: Pointer) -> Pointer:
        """Put an empty book in the place of ``broken``, unless another is in force already."""
        return self._renew(broken)

    def switch(self, pointer: Pointer) -> None:
        """Put the finished file of ``pointer`` in force.

        Raises ``StationError`` MEMBERS_OLDER when a later one was installed before; ``FileNotFoundError``
        when the file is gone: another process gave it up.
        """
        with self._journal.writing():
            held = self._row()
            if held and pointer.version < held.version:
                raise StationError(ErrorCode.MEMBERS_OLDER, offered=pointer.version, held=held.version)
            if not (self.folder / pointer.name).exists():
                raise FileNotFoundError(pointer.name)
            self._write(pointer)

    def sweep(self, wanted: Collection[Path]) -> None:
        """Remove every member file that is neither in force nor ``wanted``, as far as nobody has it open.

        Where the system lets open files be removed, readers keep what they have open: names are
        never used twice, so nothing takes its place. In one transaction with ``switch``.
        """
        with self._journal.writing():
            held = self._row()
            kept = {each.name for each in wanted} | ({held.name} if held else set())
            for path in self.folder.glob(f"{PREFIX}*"):
                whole = path.name
                for companion in _COMPANIONS:
                    whole = whole.removesuffix(companion)
                if whole not in kept:
                    with suppress(OSError):
                        path.unlink()

    def _row(self) -> Pointer | None:
        row = self._journal.row("SELECT name, key, version FROM member_file")
        return Pointer(*row) if row else None

    def _renew(self, broken: Pointer | None) -> Pointer:
        with self._journal.writing():
            held = self._row()
            if held and held != broken:
                return held
            version = broken.version if broken else 0
            pointer = Pointer(fresh_name(), secrets.token_bytes(KEY_BYTES), version)
            self._write(pointer)
            return pointer

    def _write(self, pointer: Pointer) -> None:
        self._journal.execute(
            "INSERT OR REPLACE INTO member_file VALUES (1, ?, ?, ?)", (pointer.name, pointer.key, pointer.version))


class CurrentMembers:
    """``station.ports.MemberBook`` and ``MemberReplica`` over the file in force, for one thread.

    It looks every second whether another file is. A book that turns out to be broken is given up
    for an empty one, which head office fills again: sales go on, and whoever asked is told once.
    """

    def __init__(self, file: MemberFile, card_key: bytes, clock: Callable[[], float] = time.monotonic) -> None:
        """Open the file in force, made on first use. Raises ``StationError`` 4xx."""
        self.file = file
        self._card_key = card_key
        self._clock = clock
        self._pointer = file.pointer()
        self._held = self._open(self._pointer)
        self._look_at = clock() + LOOK_EVERY_S

    def card(self, number: str) -> Card | None:
        """Return the card with this number."""
        return self._ask(MemberStore.card, number)

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of the card with this number."""
        return self._ask(MemberStore.card_hash, number)

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash."""
        return self._ask(MemberStore.card_of, card)

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Return the cards of a member."""
        return self._ask(MemberStore.cards, member_id)

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people who hold cards of a member's account."""
        return self._ask(MemberStore.holders, member_id)

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        """Return the open coupons of a member that are not over on local ``day``."""
        return self._ask(MemberStore.coupons, member_id, day)

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the open coupons with this printed number."""
        return self._ask(MemberStore.coupons_called, number)

    def member(self, member_id: str) -> Member | None:
        """Return the member with this id."""
        return self._ask(MemberStore.member, member_id)

    def search(self, text: str) -> Sequence[Member]:
        """Return the members that ``text`` may mean; as ``MemberStore.search``."""
        return self._ask(MemberStore.search, text)

    def projected_through(self) -> Position | None:
        """Return up to which of this station's entries the balances and purchases count."""
        return self._ask(MemberStore.projected_through)

    def cursor(self) -> str:
        """Return where the feed stands."""
        return self._ask(MemberStore.cursor)

    def stamp(self) -> Stamp | None:
        """Return how far the book goes, None before it is whole for the first time."""
        return self._ask(MemberStore.stamp)

    def count(self) -> int:
        """Return how many members are in the book."""
        return self._ask(MemberStore.count)

    def apply(self, page: MemberPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction; as ``MemberStore.apply``."""
        self._ask(MemberStore.apply, page)

    def blocks_cursor(self) -> str:
        """Return where the block list stands."""
        return self._ask(MemberStore.blocks_cursor)

    def block(self, page: BlocksPage) -> None:
        """Apply a page of the block list; as ``MemberStore.block``."""
        self._ask(MemberStore.block, page)

    def look(self) -> None:
        """Go over to the file in force, if that is another by now. Raises ``StationError`` 4xx."""
        self._look_at = self._clock() + LOOK_EVERY_S
        pointer = self.file.pointer()
        if pointer != self._pointer:
            self._go_over(pointer)

    def store(self, pointer: Pointer) -> MemberStore:
        """Open the file of ``pointer`` beside the one in force. Raises ``StationError`` 4xx."""
        return MemberStore(self.file.folder / pointer.name, pointer.key, self._card_key)

    def close(self) -> None:
        """Close the file."""
        self._held.close()

    def _ask(self, question: Callable[[MemberStore, *AskedT], AnswerT], *asked: *AskedT) -> AnswerT:
        if self._clock() >= self._look_at:
            self.look()
        try:
            return _twice(question, self._held, *asked)
        except StationError as fault:
            if fault.code in _BROKEN:
                self._go_over(self._give_up(self._pointer, fault))
            raise

    def _go_over(self, pointer: Pointer) -> None:
        before, self._held = self._held, self._open(pointer)
        before.close()

    def _open(self, pointer: Pointer) -> MemberStore:
        """Open the file of ``pointer``, or an empty one when that is broken."""
        try:
            held = _twice(self.store, pointer)
        except StationError as fault:
            if fault.code not in _BROKEN:
                raise
            pointer = self._give_up(pointer, fault)
            held = self.store(pointer)
        self._pointer = pointer
        return held

    def _give_up(self, pointer: Pointer, fault: StationError) -> Pointer:
        logger.warning("the member book is given up: %s", fault)
        return self.file.renew(pointer)


def _twice(work: Callable[[*AskedT], AnswerT], *asked: *AskedT) -> AnswerT:
    """Return what ``work`` returns, tried once more when the file seems broken: a disk may fail for a moment."""
    try:
        return work(*asked)
    except StationError as fault:
        if fault.code not in _BROKEN:
            raise
    return work(*asked)
