"""A head office that hands out whole member books from a folder, with keys that are no secret."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from data.database import Database
from data.member_file import CurrentMembers, MemberFile
from data.migrations import JOURNAL
from data.sealed import seal
from data.snapshot import BookFiles
from data.snapshot_build import Families, build, digests
from station.card import CardLink, CardStatus
from station.card_hash import card_hash
from station.errors import ErrorCode, StationError
from station.feed import BookFile, MemberRecord, Stamp
from station.journal import Position
from station.member import Member
from sync import wire_feeds
from sync.books import sealing_key, sealing_public
from sync.ed25519 import Ed25519Verifier, public_key, sign_bytes

CARD_KEY = bytes(range(200, 232))
JOURNAL_KEY = bytes(range(32))
STATION_KEY = bytes(range(150, 182))
OFFICE_KEY = bytes(range(64, 96))
INCARNATION = "a3f9" + "0" * 28
VERIFIER = Ed25519Verifier(public_key(OFFICE_KEY))
CHUNK = 4096
"""Small pieces, so that a small book has many."""

SCHEMA = "members_0001"


def person(i: int, points: int = 0, status: CardStatus = CardStatus.ACTIVE) -> MemberRecord:
    """Member ``i`` with the card 9364<i>."""
    member = Member(
        f"01936b2c-0000-7000-8000-{i:012x}", f"سارا {'رضایی' if i % 2 else 'کریمی'}", f"0912{i:07d}", "gold", points)
    return MemberRecord(member, (CardLink(card_hash(CARD_KEY, f"9364{i}"), status),))


@dataclass
class BookShop:
    """Hands out the book in ``path``; the fields may be made to lie before it is signed."""

    path: Path
    key: bytes
    stamp: Stamp
    cursor: str = "from-the-book"
    projected: int = 3
    signs_with: bytes = OFFICE_KEY
    lies: dict[str, object] = field(default_factory=dict)
    chunks_given: list[int] = field(default_factory=list)
    line_drops_at: int | None = None

    def manifest(self, incarnation: str = INCARNATION) -> wire_feeds.BookManifest:
        """The book as it is described, lies and all."""
        content = self.path.read_bytes()
        pieces = [content[at:at + CHUNK] for at in range(0, len(content), CHUNK)]
        told = wire_feeds.BookManifest(
            form="card-station member book 1", incarnation=incarnation, version=self.stamp.version,
            taken_us=self.stamp.taken_us, schema=SCHEMA, digest=digests(self.path)[0].hex(), size=len(content),
            chunk_size=CHUNK, chunks=tuple(_sha(each) for each in pieces), members=0, named=0, cards=0, blocked=0,
            sealed_key=_base64(seal(self.key, sealing_public(public_key(STATION_KEY)))), cursor=self.cursor,
            projected=self.projected)
        return msgspec.structs.replace(told, **self.lies)

    def book(self, incarnation: str) -> wire_feeds.SignedBook | None:
        """The book, signed."""
        document = msgspec.json.encode(self.manifest(incarnation))
        return wire_feeds.SignedBook(document=_base64(document), signature=_base64(sign_bytes(self.signs_with, document)))

    def book_chunk(self, digest: str, number: int) -> bytes:
        """One piece of it; the line may drop."""
        assert digest == self.manifest().digest
        if number == self.line_drops_at:
            self.line_drops_at = None
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
        self.chunks_given.append(number)
        with self.path.open("rb") as file:
            file.seek(number * CHUNK)
            return file.read(CHUNK)

    def offered(self) -> BookFile:
        """The book as the station knows it once the signature was proven."""
        told = self.manifest()
        return BookFile(
            Stamp(told.version, told.taken_us), told.schema, bytes.fromhex(told.digest), told.size, told.chunk_size,
            tuple(map(bytes.fromhex, told.chunks)), base64.b64decode(told.sealed_key), told.cursor,
            Position(told.incarnation, told.projected))


def make_book(path: Path, people: Sequence[MemberRecord], stamp: Stamp, key: bytes = bytes(32)) -> BookShop:
    """Write a book of ``people`` to ``path`` and hand it out."""
    ordered = sorted(people, key=lambda each: each.member.member_id)
    cards = sorted((link.hash, each.member.member_id, link.status) for each in ordered for link in each.cards)
    build(path, key, stamp, ((each.member, [link.hash for link in each.cards]) for each in ordered), cards,
          Families(coupons=[coupon for each in ordered for coupon in each.coupons]))
    return BookShop(path, key, stamp)


@dataclass
class Desk:
    """A station's side: its journal file, its member book, and where books are put together."""

    folder: Path
    key: bytes = STATION_KEY
    card_key: bytes = CARD_KEY

    def __post_init__(self) -> None:
        self.journal = Database(self.folder / "journal.db", JOURNAL_KEY, JOURNAL)
        self.file = MemberFile(self.journal)
        self.members = CurrentMembers(self.file, self.card_key)
        self.books = BookFiles(self.members, sealing_key(self.key))

    def close(self) -> None:
        """Close the files."""
        self.members.close()
        self.journal.close()


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
