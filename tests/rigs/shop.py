"""A shop's whole memory on a folder, and everything in it that can be told apart: its state."""

import hashlib
import itertools
import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from data.backup import Backup, Maker, back_up
from data.compact import compacted
from data.database import Database
from data.derived import TABLES
from data.journal import JournalStore
from data.member_file import CurrentMembers, MemberFile
from data.member_rows import id_stored
from data.migrations import MEMBERS
from data.own_cards import LaidOver
from data.sealed import seal
from data.shelf import PackShelf, ShelfStore
from data.snapshot import BookFiles
from data.snapshot_build import build
from data.verify import rows_of
from data.witness import WatchedJournal, Witness
from station.card import CardLink, CardStatus
from station.card_desk import CardDesk
from station.card_hash import card_hash
from station.clock import MICROSECONDS_PER_MINUTE, Moment
from station.counter import Counter, Place, World
from station.drawer import Drawer
from station.feed import BookFile, MemberPage, MemberRecord, ShelfPage, ShelfRecord, Stamp
from station.journal import Position
from station.pack import HandLimit, Pack
from station.people import Role
from station.promotion import EarningRule, Limits
from station.redemption import RedemptionRules
from station.returning import Returning
from station.rewards import AmountOff, PercentOff
from tests.fakes import NAME, NOON, club, deal, member, product

STATION = "12-1"
KEY = bytes(range(32))
CARD_KEY = bytes(reversed(range(32)))
OWN_KEY = bytes(range(1, 33))
"""The station's raw X25519 key, to which the key of a member book is sealed."""

SMALL_WAL = 40
GOODS = 60
CROWD = 40
PIECE = 16 * 1024
BACKUPS = "backups"
State = dict[str, Any]


@dataclass
class WalkingClock:
    """A clock that goes on by half a minute whenever it is asked, so that a run can be repeated."""

    moment: Moment = NOON

    def now(self) -> Moment:
        self.moment = Moment(
            self.moment.utc_us + MICROSECONDS_PER_MINUTE // 2, self.moment.offset, self.moment.date)
        return self.moment


class Members(CurrentMembers):
    """The member book in force, whose file can be looked into. It looks for a new one at every question."""

    def __init__(self, journal: Database) -> None:
        super().__init__(MemberFile(journal), CARD_KEY, itertools.count().__next__)

    @property
    def database(self) -> Database:
        return self._held.database


@dataclass
class Shop:
    """A station's files, open twice as in the real program: for the counter and for the sync thread.

    The write-ahead log is moved into its file after 40 pages instead of 1000, so that a short day
    has that too. ``alarm`` is what the journal's witness says. Raises ``StationError`` 4xx as the
    files do.
    """

    folder: Path
    clock: WalkingClock = field(default_factory=WalkingClock)
    chance: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - made to be the same each time

    def __post_init__(self) -> None:
        with ExitStack() as opened:
            self._open(opened)
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()

    def _open(self, opened: ExitStack) -> None:
        path = self.folder / "journal.db"
        witness = Witness((path.with_suffix(".witness"), self.folder / "elsewhere" / "journal.witness"), "0" * 64)
        self.journal = WatchedJournal(path, KEY, witness)
        opened.callback(self.journal.close)
        self.journal.found(STATION, "test", self.clock.now())
        self.members = Members(self.journal.database)
        opened.callback(self.members.close)
        self.alarm = self.journal.examine("test", self.clock.now())
        self.upload = JournalStore(path, KEY)
        opened.callback(self.upload.close)
        self.feed = Members(self.upload.database)
        opened.callback(self.feed.close)
        for each in (self.journal, self.members, self.upload, self.feed):
            each.database.execute(f"PRAGMA wal_autocheckpoint = {SMALL_WAL}")
        self.packs = PackShelf(self.journal.database)
        world = World(self.clock, self.chance.randbytes, self.members,
                      ShelfStore(self.journal.database), self.packs, self.journal)
        self.counter = Counter(Place(STATION, "12", NAME), world)
        self.drawer = Drawer(world)
        self.returning = Returning(world)
        book = LaidOver(self.members, self.journal)
        self.cards = CardDesk(world, book, lambda: None)
        self.goods = ShelfStore(self.upload.database)
        self.rules = PackShelf(self.upload.database)
        self.books = BookFiles(self.feed, OWN_KEY)

    def maker(self) -> Maker:
        return Maker(STATION, "test", self.clock.now())

    def back_up(self) -> Backup:
        """Make a backup with its small files in the shop's own folder."""
        return back_up(self.upload, KEY, [self.folder / "station.locked"], self.folder / BACKUPS, self.maker())

    def backups(self) -> list[Path]:
        """Return the folders of the backups that are finished, by their names."""
        return sorted(each for each in (self.folder / BACKUPS).glob("*") if each.suffix != ".part")

    def state(self) -> State:
        """Return all that the files hold but for what chance drew: incarnations, names, salts and hashes."""
        journal, database = self.journal, self.journal.database
        names = {row[0]: f"incarnation {i}" for i, row in enumerate(
            database.rows("SELECT id FROM incarnation ORDER BY before"))}
        held, stamp = journal.open_basket(), self.members.stamp()
        found = {
            "entries": database.rows("SELECT place, kind FROM entry ORDER BY place"),
            "compacted": compacted(journal),
            "tables": {table: [[names.get(cell, cell) if isinstance(cell, str) else cell for cell in row]
                               for row in rows_of(journal, table)] for table in TABLES},
            "basket": held and [held.basket.basket_id, [[line.line, line.quantity] for line in held.basket.lines],
                                held.basket.member and held.basket.member.member_id, held.basket.redeem],
            "prints": journal.waiting_prints(),
            "marks": database.rows("SELECT before, mark FROM incarnation ORDER BY before"),
            "shelf": [self.goods.cursor(), self.goods.count(), self.packs.number()],
            "members": [self.members.cursor(), self.members.count(), stamp and stamp.version],
            "backups": [each.name for each in self.backups()]}
        state: State = json.loads(json.dumps(found))
        return state


def rules(number: int) -> Pack:
    """Pack ``number``: promotions with every kind of limit, points, a discount by hand."""
    return Pack(
        1, number, "IRR", club().tiers, (
            deal("twice", PercentOff("10"), members_only=True, limits=Limits(per_member=2)),
            deal("daily", AmountOff(1_000), stage=2, limits=Limits(per_day=3, in_all=7)),
            deal("budget", PercentOff("5"), stage=3, limits=Limits(budget=20_000))),
        (EarningRule("base", NAME, 1, 10_000),), redemption=RedemptionRules(10, 1_000),
        by_hand=(HandLimit(Role.CASHIER, "20"),))


def goods_page(number: int) -> ShelfPage:
    """Page ``number`` of the goods; each page but the first makes them dearer and takes one away."""
    return ShelfPage(
        f"goods-{number}", number,
        tuple(ShelfRecord(product(i, 10_000 + 1_000 * i + 100 * number)) for i in range(number, GOODS)),
        (f"p{number - 1}",))


def members_page(number: int, projected: Position) -> MemberPage:
    """Page ``number`` of the members, each with a card; it forgets the one before its first."""
    return MemberPage(
        f"members-{number}", projected,
        tuple(MemberRecord(member(i, points=100 * number), (CardLink(card_hash(CARD_KEY, card(i)), CardStatus.ACTIVE),))
              for i in range(number, CROWD)), (f"m{number - 1}",), Stamp(number, NOON.utc_us), last=True)


def card(number: int) -> str:
    """Return the number on the card of member ``number``."""
    return f"9364{number:012}"


def office_book(folder: Path) -> None:
    """Write into the fresh ``folder`` the member book that head office offers, and what it says of it."""
    folder.mkdir()
    path, key, stamp = folder / "book.db", bytes(range(2, 34)), Stamp(50, NOON.utc_us)
    people = sorted((member(i, points=500) for i in range(2, CROWD)), key=lambda each: id_stored(each.member_id))
    hashes = {each.member_id: card_hash(CARD_KEY, card(int(each.member_id[1:]))) for each in people}
    build(path, key, stamp, ((each, (hashes[each.member_id],)) for each in people),
          sorted((digest, who, CardStatus.ACTIVE) for who, digest in hashes.items()))
    content = path.read_bytes()
    pieces = tuple(hashlib.sha256(content[i:i + PIECE]).digest() for i in range(0, len(content), PIECE))
    public = X25519PrivateKey.from_private_bytes(OWN_KEY).public_key().public_bytes_raw()
    book = BookFile(stamp, MEMBERS.names[-1], hashlib.sha256(content).digest(), len(content), PIECE, pieces,
                    seal(key, public), "members-50", Position("0" * 32, 0))
    folder.joinpath("book.json").write_bytes(msgspec.json.encode(book))


def install_book(shop: Shop, folder: Path) -> int:
    """Take the book that is offered in ``folder`` down and put it in force; return its version."""
    book = msgspec.json.decode(folder.joinpath("book.json").read_bytes(), type=BookFile)
    content = folder.joinpath("book.db").read_bytes()
    for number in range(shop.books.first_missing(book), len(book.chunks)):
        shop.books.put(book, number, content[number * PIECE:(number + 1) * PIECE])
    shop.books.install(book)
    return book.stamp.version
