"""What a shop does once a year: ``rare_day.py FOLDER migrate|restore|plain``.

``migrate`` brings the journal of a shop's days up to the schema of a program to come, ``restore`` puts
its first backup in its place, ``plain`` sells from a fresh journal without encryption, which does
without a write-ahead log. Each says what it did.
"""

import shutil
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from data import migrations
from data.backup import Maker, restore
from data.database import Database
from data.journal import JournalStore
from data.migrations import JOURNAL
from data.steps import Steps
from data.tables import Tables
from station.basket import HeldBasket
from station.journal import Draft, EntryKind
from tests.fakes import CASHIER, NOON, club, moment
from tests.rigs.closed_sale import closed, pieces
from tests.rigs.shop import BACKUPS, KEY, STATION
from tests.rigs.shop_day import say

PLAIN = "journal-plain.db"
SALES = 12
GROWN = Steps("journal")
"""The journal's steps, and two more: one that works on all that was sold, and one after it."""

for name in JOURNAL.names:
    GROWN(getattr(migrations, name))


@GROWN
def journal_9998(db: Tables) -> None:
    """Keep what was sold beside the sales, and more of each shift."""
    db.execute("CREATE TABLE sold (place INTEGER PRIMARY KEY, total INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO sold SELECT place, total FROM sale")
    db.execute("ALTER TABLE shift ADD COLUMN note TEXT NOT NULL DEFAULT ''")


@GROWN
def journal_9999(db: Tables) -> None:
    """Find what was sold by its total."""
    db.execute("CREATE INDEX sold_by_total ON sold (total)")


def migrate(folder: Path) -> None:
    with closing(Database(folder / "journal.db", KEY, GROWN)):
        say("did", "migrate")


def put_back(folder: Path) -> None:
    shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined] # what the kernel copies by itself strace does not show
    first = min((folder / BACKUPS).iterdir())
    restore(first, KEY, folder / "journal.db", [folder / "station.locked"], Maker(STATION, "test", moment("2027-04-01")))
    say("did", "restore")


def sell_plain(folder: Path) -> None:
    with closing(JournalStore(folder / PLAIN, None)) as journal:
        journal.found(STATION, "test", NOON)
        for number in range(1, SALES + 1):
            basket = replace(pieces((1_000 * number, 2)), basket_id=f"sale-{number}")
            journal.keep_basket(HeldBasket(basket))
            stored = journal.append(Draft(EntryKind.SALE, NOON, CASHIER, closed(club(), basket)))
            say("did", "sale", basket.basket_id, stored.place)


WORK = {"migrate": migrate, "restore": put_back, "plain": sell_plain}

if __name__ == "__main__":
    WORK[sys.argv[2]](Path(sys.argv[1]))
