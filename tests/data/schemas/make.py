"""Keeps a file of each schema that is released: ``python -m tests.data.schemas.make`` writes those of today.

A file is the SQL of a database with a little of everything in it, named after the last migration it
has had. ``tests/data/test_migrations.py`` brings each up to date. The file of a released schema is
never written again: it is what the station of a shop may still have.
"""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec

from data.database import Database, driver
from data.issuer_keys import IssuerKeyStore
from data.journal import JournalStore
from data.members import MemberStore
from data.migrations import JOURNAL, MEMBERS
from data.shelf import PackShelf, ShelfStore
from data.steps import Steps
from data.tap_answers import TapAnswerStore
from station.basket import Basket, HeldBasket
from station.card import CardLink, CardStatus
from station.card_hash import card_hash
from station.card_trust import AnswersPage
from station.feed import MemberPage, MemberRecord, ShelfPage, ShelfRecord, Stamp
from station.journal import Cause, Draft, EntryKind, Position
from station.shift import CashMoved, CashReason, CountReason, Reading, ShiftClosed
from tests.data.conftest import CARD_KEY, KEY
from tests.data.test_journal import sale, shift
from tests.fakes import CASHIER, NOON, member, pack, product
from tests.rigs.judged_cards import window

HERE = Path(__file__).parent
CARDS = ("93640001", "93640002")
PHONES = ("09120000001", "09120000002")


def journal(path: Path) -> Database:
    """Make a journal with two incarnations, the first one acknowledged in part, and a basket in hand."""
    store = JournalStore(path, KEY)
    store.found("12-1", "1.0", NOON)
    packs = PackShelf(store.database)
    packs.install(pack(1), msgspec.json.encode(pack(1)), b"signature")
    ShelfStore(store.database).apply(ShelfPage("goods-1", 1, (ShelfRecord(product(1)), ShelfRecord(product(2))), ()))
    IssuerKeyStore(store.database, lambda *_: ()).install(3, b"issuing keys", b"signature")
    TapAnswerStore(store.database).apply(AnswersPage("answers-1", 1, ((7, window(60)),), ()))
    reading = Reading(1, 1, 569_300, ())
    for draft in (
            shift(), replace(sale(1, limited=("gold-10",)), personal=b'{"note":"ring the bell"}'), sale(2, who=None),
            Draft(EntryKind.CASH_MOVED, NOON, CASHIER, CashMoved(1, -30_000, CashReason.BANK)),
            Draft(EntryKind.READING, NOON, CASHIER, reading),
            Draft(EntryKind.SHIFT_CLOSED, NOON, CASHIER, ShiftClosed(1, 1, None, 569_300, CountReason.NOT_COUNTED, ()))):
        store.append(draft)
    store.branches()[0].acknowledge(3)
    store.printed(3)
    store.begin_anew(Cause.RESTORED, "1.0", NOON)
    store.append(shift(2))
    store.keep_basket(HeldBasket(Basket("sale-9", "12", 1, NOON), None))
    return store.database


def members(path: Path) -> Database:
    """Make a member book with two members and their cards."""
    store = MemberStore(path, KEY, CARD_KEY)
    records = tuple(
        MemberRecord(member(number), (CardLink(card_hash(CARD_KEY, card), CardStatus.ACTIVE),))
        for number, card in enumerate(CARDS, 1))
    store.apply(MemberPage("members-1", Position("a" * 32, 7), records, (), Stamp(1, NOON.utc_us), last=True))
    return store.database


SETS = ((JOURNAL, journal), (MEMBERS, members))


def file_of(steps: Steps) -> Path:
    """Return the file of the newest schema of ``steps``."""
    return HERE / f"{steps.names[-1]}.sql"


def sql_of(database: Database, plain: Path) -> str:
    """Return the statements that make ``database`` again; ``plain`` is a file to work in."""
    database.execute("ATTACH ? AS plain KEY ''", (str(plain),))
    database.rows("SELECT sqlcipher_export('plain')")
    database.execute("DETACH plain")
    with closing(sqlite3.connect(plain)) as copy:
        return "\n".join(copy.iterdump()) + "\n"


def made_from(sql: str, path: Path) -> None:
    """Make the database ``path`` from ``sql``, under the tests' key."""
    with closing(driver.connect(str(path), isolation_level=None)) as made:
        made.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        made.executescript(sql)


def main() -> None:
    """Write the files of the newest schemas."""
    for steps, make in SETS:
        with tempfile.TemporaryDirectory() as folder, closing(make(Path(folder) / "made.db")) as database:
            file_of(steps).write_text(sql_of(database, Path(folder) / "plain.db"), encoding="utf-8")


if __name__ == "__main__":
    main()
