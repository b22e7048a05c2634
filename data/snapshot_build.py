"""Builds a member file whole, as head office hands it to stations: packed, checked, not yet anybody's.

Rows arrive in the order of the table they go to, so every page is written once and full; what is
indexed otherwise (names, phones) is sorted at the end. Members and cards are never all in memory.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from data.database import Database
from data.files import sync_file
from data.member_rows import (
    coupon_row,
    holder_row,
    id_stored,
    member_row,
    person_row,
    starts_stored,
    status_stored,
)
from data.migrations import MEMBERS
from station.card import CardStatus
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.feed import Stamp
from station.member import Member

CHUNK_SIZE = 1 << 20
"""Bytes of a piece: small enough for a slow line and little memory, large enough for few requests."""

_BATCH = 10_000
_BULK = ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF")
_PHONES = "person_by_phone"
RowT = TypeVar("RowT")
MemberRow = tuple[Member, Sequence[int]]
CardRow = tuple[int, str, CardStatus]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are in a member file: members, those of them with a name, cards, those not active."""

    members: int = 0
    named: int = 0
    cards: int = 0
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class Families:
    """What few members have: ``holders`` of their cards as (member id, holder), ``carried`` as (card's hash, holder id), open ``coupons``."""

    holders: Iterable[tuple[str, Holder]] = ()
    carried: Iterable[tuple[int, str]] = ()
    coupons: Iterable[GivenCoupon] = ()


def build(
    path: Path, key: bytes, stamp: Stamp, members: Iterable[MemberRow], cards: Iterable[CardRow],
    families: Families | None = None,
) -> Counts:
    """Write a new member file at ``path`` under ``key`` and return what is in it, durably.

    ``members`` come with the hashes of their cards, in order of id; one without name, phone and
    birthday stays anonymous. ``cards`` come as (hash, member id, status) in order of hash, each of
    a member that comes too; ``families`` are few, and come in any order. Raises ``StationError`` 4xx.
    """
    with closing(Database(path, key, MEMBERS)) as database:
        for setting in _BULK:
            database.row(f"PRAGMA {setting}")
        [(phones,)] = database.rows("SELECT sql FROM sqlite_master WHERE name = ?", (_PHONES,))
        with database.writing():
            database.execute(f"DROP INDEX {_PHONES}")
            database.execute("CREATE TABLE unsorted (start BLOB, person INTEGER)")
            written, named = _write_members(database, members)
            database.execute("INSERT INTO name SELECT start, person FROM unsorted ORDER BY start, person")
            database.execute("DROP TABLE unsorted")
            database.execute(phones)
            held, blocked = _write_cards(database, cards)
            if families:
                _write_families(database, families)
            database.execute("INSERT INTO stamp VALUES (1, ?, ?)", (stamp.version, stamp.taken_us))
        [(sound,)] = database.rows("PRAGMA quick_check(1)")
        if sound != "ok":
            raise AssertionError(sound)
    sync_file(path)
    return Counts(written, named, held, blocked)


def _write_members(database: Database, members: Iterable[MemberRow]) -> tuple[int, int]:
    written = named = 0
    for batch in _batches(members):
        people, rows = [], []
        for member, hashes in batch:
            person = person_row(member)
            if person:
                named += 1
                people.append((named, *person))
            rows.append(member_row(member, hashes, named if person else None))
        written += len(rows)
        database.execute_many("INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        database.execute_many("INSERT INTO person VALUES (?, ?, ?, ?, ?)", people)
        database.execute_many("INSERT INTO unsorted VALUES (?, ?)", [
            (start, number) for number, _, name, *_ in people for start in starts_stored(name)])
    return written, named


def _write_cards(database: Database, cards: Iterable[CardRow]) -> tuple[int, int]:
    written = blocked = 0
    for batch in _batches(cards):
        rows = [(digest, id_stored(member_id), status_stored(status)) for digest, member_id, status in batch]
        written += len(rows)
        blocked += sum(status is not CardStatus.ACTIVE for _, _, status in batch)
        database.execute_many("INSERT INTO card VALUES (?, ?, ?, NULL)", rows)
    return written, blocked


def _write_families(database: Database, families: Families) -> None:
    for people in _batches(families.holders):
        database.execute_many("INSERT INTO holder VALUES (?, ?, ?, ?, ?)", [
            holder_row(each, id_stored(member_id)) for member_id, each in people])
    for carried in _batches(families.carried):
        database.execute_many("UPDATE card SET holder = ? WHERE hash = ?", [(who, digest) for digest, who in carried])
    for given in _batches(families.coupons):
        database.execute_many("INSERT INTO coupon VALUES (?, ?, ?, ?, ?)", [
            coupon_row(each, id_stored(each.member_id)) for each in given])


def _batches(rows: Iterable[RowT]) -> Iterator[list[RowT]]:
    stream = iter(rows)
    while batch := list(islice(stream, _BATCH)):
        yield batch


def digests(path: Path) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the SHA-256 of the file at ``path``, and of each of its pieces of ``CHUNK_SIZE`` bytes."""
    whole, chunks = hashlib.sha256(), []
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_SIZE):
            whole.update(chunk)
            chunks.append(hashlib.sha256(chunk).digest())
    return whole.digest(), tuple(chunks)
