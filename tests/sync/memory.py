"""A station's stores and a head office in memory: small, real, and able to fail on demand."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from station.errors import ErrorCode, StationError
from station.feed import BlocksPage, MemberPage, ShelfPage, StaffPage
from station.journal import GENESIS, EntryKind, Head, Stored, branch_name, chain
from station.pack import Pack
from sync import wire, wire_aside, wire_feeds
from sync.wire import BatchHead, Hello, Packed, Receipt, Welcome, split_entries

AnswerT = TypeVar("AnswerT")
INCARNATION = "a3f9" + "0" * 28


@dataclass
class MemoryOutbox:
    """A chained journal of made-up entries and its mark; of a branch ``entries`` begin with the common past."""

    incarnation: str = INCARNATION
    entries: list[Stored] = field(default_factory=list)
    acknowledged: int = 0
    origin: str = ""
    base: int = 0

    def write(self, count: int = 1, text: str = "entry") -> None:
        """Append ``count`` entries."""
        for _ in range(count):
            seq = len(self.entries) + 1
            raw = f'{{"{text}":{seq}}}'.encode()
            self.entries.append(Stored(seq, EntryKind.SALE, raw, chain(self.hash_at(seq - 1), raw)))

    def raws(self) -> list[bytes]:
        """All stored bytes."""
        return [entry.raw for entry in self.entries]

    def head(self) -> Head:
        return Head(self.incarnation, len(self.entries), self.hash_at(len(self.entries)), self.origin, self.base)

    def mark(self) -> int:
        return self.acknowledged

    def after(self, seq: int, limit: int) -> Sequence[Stored]:
        return self.entries[seq:seq + limit]

    def hash_at(self, seq: int) -> bytes:
        return self.entries[seq - 1].hash if seq else GENESIS

    def acknowledge(self, seq: int) -> None:
        self.acknowledged = seq

    def branches(self) -> "tuple[MemoryOutbox, ...]":
        """The one incarnation there is."""
        return (self,)

    def begin_anew(self) -> None:
        """There is never another one."""
        raise StationError(ErrorCode.JOURNAL_FORKED)

    def split(self, incarnation: str, base: int) -> None:
        raise ValueError(incarnation, base)

    def join(self, incarnation: str) -> None:
        raise ValueError(incarnation)


@dataclass
class MemoryMembers:
    """Remembers the pages it was given."""

    pages: list[MemberPage] = field(default_factory=list)
    blocked: list[BlocksPage] = field(default_factory=list)

    def cursor(self) -> str:
        return self.pages[-1].cursor if self.pages else ""

    def apply(self, page: MemberPage) -> None:
        self.pages.append(page)

    def blocks_cursor(self) -> str:
        return self.blocked[-1].cursor if self.blocked else ""

    def block(self, page: BlocksPage) -> None:
        self.blocked.append(page)


@dataclass
class MemoryShelf:
    """Remembers the pages it was given."""

    pages: list[ShelfPage] = field(default_factory=list)

    def cursor(self) -> str:
        return self.pages[-1].cursor if self.pages else ""

    def apply(self, page: ShelfPage) -> None:
        self.pages.append(page)


@dataclass
class MemoryStaff:
    """Remembers the pages it was given."""

    pages: list[StaffPage] = field(default_factory=list)

    def cursor(self) -> str:
        return self.pages[-1].cursor if self.pages else ""

    def apply(self, page: StaffPage) -> None:
        self.pages.append(page)


@dataclass
class MemoryPacks:
    """The packs installed, by number."""

    installed: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)

    def number(self) -> int:
        return max(self.installed, default=0)

    def install(self, pack: Pack, document: bytes, signature: bytes) -> None:
        if pack.number <= self.number():
            raise StationError(ErrorCode.PACK_OLDER, pack=pack.number, held=self.number())
        self.installed[pack.number] = (document, signature)


@dataclass
class MemoryOffice:
    """Head office for the incarnation ``incarnation``, exactly once by position and hash.

    ``fail`` holds what the next requests meet, in order: None lets one through, a code refuses it
    before anything is done. ``lose`` answers get lost after the work was done.
    """

    incarnation: str = INCARNATION
    raws: list[bytes] = field(default_factory=list)
    fail: list[StationError | None] = field(default_factory=list)
    lose: int = 0
    calls: list[str] = field(default_factory=list)
    quarantined: tuple[wire.Quarantined, ...] = ()
    members: dict[str, wire_feeds.MembersPage] = field(default_factory=dict)
    blocks: dict[str, wire_feeds.BlocksPage] = field(default_factory=dict)
    shelf: dict[str, wire_feeds.ShelfPage] = field(default_factory=dict)
    staff: dict[str, wire_feeds.StaffPage] = field(default_factory=dict)
    pins: list[wire_feeds.NewPin] = field(default_factory=list)
    aside: tuple[wire_aside.AsideEntry, ...] = ()
    signed: wire_feeds.SignedPack | None = None
    offered: wire_feeds.SignedBook | None = None
    chunks: list[bytes] = field(default_factory=list)

    def hashes(self) -> list[bytes]:
        """The hash after 0, 1, 2 … entries."""
        return list(itertools.accumulate(self.raws, chain, initial=GENESIS))

    def restore(self, seq: int) -> None:
        """Go back to a backup that ends with entry ``seq``."""
        del self.raws[seq:]

    def hello(self, hello: Hello) -> Welcome:
        self._enter("hello")
        assert hello.incarnation == self.incarnation
        return self._leave(Welcome(
            protocol=wire.PROTOCOL, acknowledged=len(self.raws), head=self.hashes()[-1].hex(),
            server_time_us=0))

    def pack(self, entries: bytes) -> Packed:
        """Nothing is packed here."""
        return Packed(entries)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        self._enter("put")
        hashes = self.hashes()
        if head.first > len(hashes):
            raise StationError(ErrorCode.JOURNAL_GAP, wanted=len(hashes))
        sent = split_entries(entries)
        known = self.raws[head.first - 1:head.last]
        if hashes[head.first - 1].hex() != head.previous or sent[:len(known)] != known:
            raise StationError(ErrorCode.JOURNAL_FORKED)
        new = sent[len(known):]
        self.raws.extend(new)
        assert self.hashes()[head.last].hex() == head.head
        return self._leave(Receipt(
            incarnation=head.incarnation, acknowledged=head.last, head=head.head,
            accepted=len(new), duplicates=len(known), quarantined=self.quarantined))

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        self._enter("hash")
        assert incarnation == self.incarnation
        return self.hashes()[seq].hex() if seq <= len(self.raws) else None

    def members_page(self, cursor: str, incarnation: str) -> wire_feeds.MembersPage:
        self._enter("members")
        assert incarnation == INCARNATION
        unchanged = wire_feeds.MembersPage(
            cursor=cursor, more=False, projected=len(self.raws), version=0, taken_us=0, changes=())
        return self.members.get(cursor, unchanged)

    def shelf_page(self, cursor: str) -> wire_feeds.ShelfPage:
        self._enter("shelf")
        return self.shelf.get(cursor, wire_feeds.ShelfPage(cursor=cursor, more=False, version=0, changes=()))

    def blocks_page(self, cursor: str) -> wire_feeds.BlocksPage:
        self._enter("blocks")
        return self.blocks.get(
            cursor, wire_feeds.BlocksPage(cursor=cursor, more=False, version=0, taken_us=0, changes=()))

    def staff_page(self, cursor: str) -> wire_feeds.StaffPage:
        self._enter("staff")
        return self.staff.get(cursor, wire_feeds.StaffPage(cursor=cursor, more=False, version=0, changes=()))

    def new_pin(self, chosen: wire_feeds.NewPin) -> wire_feeds.PinKept:
        self._enter("pin")
        self.pins.append(chosen)
        return wire_feeds.PinKept(kept=True)

    def put_aside(self) -> wire_aside.AsideList:
        self._enter("aside")
        return wire_aside.AsideList(entries=self.aside, more=False)

    def next_pack(self, after: int) -> wire_feeds.NextPack:
        self._enter("pack")
        number = self.signed.number if self.signed else 0
        return wire_feeds.NextPack(highest=number, pack=self.signed if number > after else None)

    def book(self, incarnation: str) -> wire_feeds.SignedBook | None:
        self._enter("book")
        assert incarnation == INCARNATION
        return self.offered

    def book_chunk(self, digest: str, number: int) -> bytes:
        self._enter("chunk")
        assert digest
        return self.chunks[number]

    def _enter(self, call: str) -> None:
        self.calls.append(call)
        error = self.fail.pop(0) if self.fail else None
        if error:
            raise error

    def _leave(self, answer: AnswerT) -> AnswerT:
        if self.lose:
            self.lose -= 1
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
        return answer


@dataclass
class MemoryUploads:
    """A journal file of several incarnations, oldest first."""

    outboxes: list[MemoryOutbox]

    def branches(self) -> Sequence[MemoryOutbox]:
        return self.outboxes

    def begin_anew(self) -> None:
        """Go on under a name drawn from the number of names there are."""
        anew = MemoryOutbox(f"{len(self.outboxes):032}")
        anew.write(1, "anew")
        self.outboxes.append(anew)

    def split(self, incarnation: str, base: int) -> None:
        """Part one, as ``JournalStore``: a branch further on goes into the new one."""
        at = next(at for at, each in enumerate(self.outboxes) if each.incarnation == incarnation)
        parted, end = self.outboxes[at], at + 1
        whole = parted.entries
        while self.outboxes[end].origin:
            whole, end = self.outboxes[end].entries, end + 1
        name = branch_name(incarnation, whole[base].hash)
        parted.entries, parted.acknowledged = whole[:base], base
        self.outboxes[at + 1:end] = [MemoryOutbox(name, whole, base, incarnation, base)]

    def join(self, incarnation: str) -> None:
        """Undo it."""
        at = next(at for at, each in enumerate(self.outboxes) if each.incarnation == incarnation)
        while self.outboxes[at + 1].origin:
            self.outboxes[at].entries = self.outboxes.pop(at + 1).entries


@dataclass
class MemoryHouse:
    """Head office for every incarnation of a station; as the real one, it says so when it holds more of a journal."""

    offices: dict[str, MemoryOffice] = field(default_factory=dict)
    asked: int = 0

    def of(self, incarnation: str) -> MemoryOffice:
        """What is held of ``incarnation``."""
        return self.offices.setdefault(incarnation, MemoryOffice(incarnation))

    def hello(self, hello: Hello) -> Welcome:
        self._found(hello)
        welcome = self.of(hello.incarnation).hello(hello)
        if hello.seq < welcome.acknowledged or (hello.seq == welcome.acknowledged and hello.head != welcome.head):
            raise StationError(ErrorCode.JOURNAL_FORKED)
        return welcome

    def pack(self, entries: bytes) -> Packed:
        """Nothing is packed here."""
        return Packed(entries)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        self._found(head)
        first = chain(bytes.fromhex(head.previous), split_entries(entries)[0])
        if head.of and head.first == head.base + 1:
            assert head.incarnation == branch_name(head.of, first)
            if self.held_hash(head.of, head.first) == first.hex():
                raise StationError(ErrorCode.JOURNAL_FORKED)
        if branch_name(head.incarnation, first) in self.offices:  # of a batch that begins where the branch does
            raise StationError(ErrorCode.JOURNAL_FORKED)
        return self.of(head.incarnation).put_batch(head, entries)

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        self.asked += 1
        hashes = self.of(incarnation).hashes()
        return hashes[seq].hex() if seq < len(hashes) else None

    def _found(self, said: Hello | BatchHead) -> None:
        """Begin a branch met for the first time with what it goes on from, which must be here."""
        if said.of and said.incarnation not in self.offices:
            past = self.of(said.of).raws[:said.base]
            if len(past) < said.base:
                raise StationError(ErrorCode.JOURNAL_GAP, wanted=len(past) + 1)
            self.offices[said.incarnation] = MemoryOffice(said.incarnation, past)
