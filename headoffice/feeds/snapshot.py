"""Whole member books: built from the register and the ledger in one look, handed to stations in pieces.

All of a book is read in one transaction, so it is one state of the books: balances count each
journal up to exactly the entry that was projected, and what changes while the book is written comes
by the feed, from the version the book was read at. Readers of WAL block no writer; only the log
grows meanwhile. Rows stream from one file into the other.

A book is one file for all stations under a key of its own. It lies in ``books`` beside the database,
with its description and key in a file that only the owner may read. Each station gets the
description signed, with the key sealed to itself and the cursor that fits its own journal.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.conf import settings

from data.database import KEY_BYTES
from data.migrations import MEMBERS
from data.sealed import seal as seal_key
from data.secret_file import read_secret, write_secret
from data.snapshot_build import CHUNK_SIZE, CardRow, Counts, Families, MemberRow, build, digests
from headoffice.coupons.notes import OPEN, since
from headoffice.feeds import versions
from headoffice.feeds.cursor import seal
from headoffice.feeds.members import MembersPlace
from headoffice.feeds.reading import Reader, one_look
from headoffice.refusal import refuse
from headoffice.stations.models import Station
from station.bonus import Birth
from station.card import CardStatus
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.dates import Calendar
from station.feed import Stamp
from station.member import Member
from station.told import NOTHING_TOLD, Channel, Purpose, Told
from sync.books import sealing_public
from sync.ed25519 import sign_bytes
from sync.wire_feeds import BookManifest, SignedBook

KEPT = 2
"""How many books are kept: a station may be in the middle of the one before the newest."""

FOLDER = "books"
OWNER_FOLDER = 0o700
_KNOWN = (
    "NOT m.gone AND (m.last_visit = '' OR m.last_visit >= %(known_since)s OR EXISTS"
    " (SELECT 1 FROM register_card x WHERE x.member = m.id AND x.status <> 'ACTIVE'))")
_MEMBERS = f"""
    SELECT m.id, m.name, m.phone, m.tier, m.last_visit, CAST(m.segments AS text), m.birth_calendar, m.birth_month, m.birth_day,
        coalesce(b.points, 0), coalesce(b.purchases, 0), CAST(m.tastes AS text), m.area,
        (SELECT string_agg(s.purpose || ' ' || s.channel, ',') FROM register_consent s WHERE s.member = m.id AND s.withdrawn_us IS NULL),
        (SELECT string_agg(CAST(c.hash AS text), ',') FROM register_card c WHERE c.member = m.id)
    FROM register_member m LEFT JOIN ledger_balance b ON b.member = m.id
    WHERE {_KNOWN} ORDER BY m.id"""  # noqa: S608 - our names
_ANSWERS = """
    SELECT q.member, string_agg(q.ask_id, ',' ORDER BY q.at_us, q.ask_id) FROM questions_question q
    WHERE q.answer_by = 'COUNTER' AND q.told_us IS NULL AND q.answer <> '' AND q.words <> '' AND q.member <> '' GROUP BY q.member"""
_CARDS = f"""
    SELECT c.hash, c.member, c.status FROM register_card c {{nested}} register_member m ON m.id = c.member
    WHERE {_KNOWN} ORDER BY c.hash"""  # noqa: S608 - our names
_CARRIED = f"""
    SELECT c.hash, c.holder FROM register_card c JOIN register_member m ON m.id = c.member WHERE c.holder <> '' AND {_KNOWN}"""  # noqa: S608 - our names
_HOLDERS = f"""
    SELECT h.member, m.last_visit, h.holder_id, h.name, h.points_per_day, h.value_per_day
    FROM register_holder h JOIN register_member m ON m.id = h.member WHERE {_KNOWN}"""  # noqa: S608 - our names

_COUPONS = OPEN.format(join="JOIN register_member m ON m.id = given.member", since="%(since)s", whose=_KNOWN)


@dataclass(frozen=True, slots=True)
class Extent:
    """Who is in a book. Both are local Gregorian dates, "" for no limit.

    Members who were last seen before ``known_since`` are left out, but for those with a card that is
    not active: every blocked card is in every book. Of those last seen before ``named_since`` there
    is no name, phone, birthday or visit, only what a card must be answered with and, in codes, what
    they told: a consent that is not known at a counter could not be withdrawn there.
    """

    known_since: str = ""
    named_since: str = ""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a book: as ``BookManifest``, its bare ``key``, and what was received of each journal.

    ``received`` is the last entry that the balances count, by "station/incarnation"; ``life`` the one that gave out ``version``.
    """

    version: int
    taken_us: int
    schema: str
    digest: str
    size: int
    chunks: tuple[str, ...]
    counts: Counts
    key: bytes
    received: dict[str, int]
    life: str = ""

    def __repr__(self) -> str:
        return f"Book(version={self.version}, digest={self.digest!r}, …)"


def make(extent: Extent, now_us: int) -> Book:
    """Build a book of ``extent`` from the present state and hand it out from now on.

    Raises ``StationError`` 4xx when the disk refuses.
    """
    folder = _folder()
    folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    path, key = folder / f"{secrets.token_hex(KEY_BYTES)}.db", secrets.token_bytes(KEY_BYTES)
    with one_look() as books:
        newest = next(books.rows("SELECT version FROM feeds_feedversion WHERE feed = %(feed)s", feed=versions.MEMBERS), (0,))
        stamp = Stamp(newest[0], now_us)
        of_life = next(books.rows("SELECT name FROM feeds_life ORDER BY number DESC LIMIT 1"), ("",))
        received = dict(books.rows("SELECT station || '/' || incarnation, projected FROM intake_incarnation"))
        families = Families(
            _holders(books, extent), books.rows(_CARRIED, known_since=extent.known_since), _coupons(books, extent))
        counts = build(path, key, stamp, _members(books, extent), _cards(books, extent), families)
    digest, chunks = digests(path)
    book = Book(
        version=stamp.version, taken_us=stamp.taken_us, schema=MEMBERS.names[-1],
        digest=digest.hex(), size=path.stat().st_size, chunks=tuple(each.hex() for each in chunks),
        counts=counts, key=key, received=received, life=of_life[0])
    path.replace(_file(book.digest))
    write_secret(_file(book.digest).with_suffix(".json"), msgspec.json.encode(book))
    kept = {each.digest for each in _books()[:KEPT]}
    for path in folder.iterdir():
        if path.stem not in kept:
            path.unlink()
    return book


def offer(station: Station, incarnation: str) -> SignedBook | None:
    """Return the newest book, signed for a journal of ``station``, or None when there is none.

    A book of a future that a restored head office does not know is none.
    """
    newest = versions.last_version(versions.MEMBERS)
    book = next((each for each in _books() if each.version <= newest
                 and versions.is_known(versions.MEMBERS, each.version, each.life)), None)
    if book is None:
        return None
    projected = book.received.get(f"{station.id}/{incarnation}", 0)
    document = msgspec.json.encode(BookManifest(
        form="card-station member book 1", incarnation=incarnation, version=book.version, taken_us=book.taken_us, schema=book.schema,
        digest=book.digest, size=book.size, chunk_size=CHUNK_SIZE, chunks=book.chunks,
        members=book.counts.members, named=book.counts.named, cards=book.counts.cards, blocked=book.counts.blocked,
        sealed_key=_base64(seal_key(book.key, sealing_public(bytes(station.public_key)))),
        cursor=seal(MembersPlace(book.version, incarnation, projected, book.life)), projected=projected))
    return SignedBook(document=_base64(document), signature=_base64(sign_bytes(settings.KEYS.office, document)))


def piece(digest: str, number: int) -> bytes:
    """Return piece ``number`` of the book with this ``digest``. Raises ``RefusalError`` 404 when there is none."""
    try:
        with _file(digest).open("rb") as file:
            # No system seeks as far behind the end as a number can say.
            file.seek(min(number * CHUNK_SIZE, file.seek(0, os.SEEK_END)))
            held = file.read(CHUNK_SIZE)
    except FileNotFoundError:
        held = b""
    return held or refuse("there is no such piece of a book", 404)


def _members(books: Reader, extent: Extent) -> Iterator[MemberRow]:
    waits = {member: tuple(ids.split(",")) for member, ids in books.rows(_ANSWERS)}
    for row in books.rows(_MEMBERS, known_since=extent.known_since):
        member_id, name, phone, tier, visit, segments, calendar, month, day, points, purchases, *told, cards = row
        answers = waits.get(member_id, ())
        groups = tuple(json.loads(segments)) if segments != "[]" else ()
        hashes = tuple(map(int, cards.split(","))) if cards else ()
        if visit and visit < extent.named_since:
            yield Member(member_id, "", "", tier, points, "", groups, None, purchases, _told(*told), answers), hashes
        else:
            birth = Birth(Calendar(calendar), month, day) if calendar else None
            yield Member(member_id, name, phone, tier, points, visit, groups, birth, purchases, _told(*told), answers), hashes


def _told(tastes: str, area: str, agreed: str | None) -> Told:
    if tastes == "[]" and not area and not agreed:
        return NOTHING_TOLD
    pairs = (each.split() for each in agreed.split(",")) if agreed else ()
    return NOTHING_TOLD.after(
        tuple(json.loads(tastes)), area, [(Purpose(purpose), Channel(channel)) for purpose, channel in pairs], ())


def _cards(books: Reader, extent: Extent) -> Iterator[CardRow]:
    statuses = {each.value: each for each in CardStatus}
    for digest, member_id, status in books.rows(_CARDS.format(nested=books.nested), known_since=extent.known_since):
        yield digest, member_id, statuses[status]


def _holders(books: Reader, extent: Extent) -> Iterator[tuple[str, Holder]]:
    for member_id, visit, holder_id, name, points, value in books.rows(_HOLDERS, known_since=extent.known_since):
        is_named = not visit or visit >= extent.named_since
        yield member_id, Holder(holder_id, name if is_named else "", points, value)


def _coupons(books: Reader, extent: Extent) -> Iterator[GivenCoupon]:
    for member_id, code, promotion, last_day in books.rows(_COUPONS, known_since=extent.known_since, since=since()):
        yield GivenCoupon(code, promotion, last_day, member_id)


def _folder() -> Path:
    folder: Path = settings.HOME / FOLDER
    return folder


def _file(digest: str) -> Path:
    return _folder() / f"{digest}.db"


def _books() -> list[Book]:
    """Return the books that are kept, the newest first."""
    kept = [read_secret(path) for path in _folder().glob("*.json")]
    books = [msgspec.json.decode(each, type=Book) for each in kept if each]
    return sorted(books, key=lambda book: (book.version, book.taken_us), reverse=True)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
