"""The journal on a real encrypted file: gapless, chained, append-only, one transaction, one mark."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from data.branch import Branch
from data.database import Database, driver, engine
from data.journal import JournalStore
from data.migrations import JOURNAL
from data.verify import verify
from station.basket import Basket, HeldBasket, Usage
from station.card import Medium
from station.errors import ErrorCode, StationError
from station.journal import GENESIS, Cause, Draft, Entry, EntryKind, Position, chain
from station.pricing import price
from station.promotion import Limits
from station.sale import Sale, points_of
from station.shift import Shift
from station.tender import Tender, TenderKind
from tests.data.conftest import KEY
from tests.fakes import CASHIER, NOON, member, pack, product


def sale(
    number: int = 1, who: str | None = "m1", date: str = NOON.date, limited: tuple[str, ...] = (), personal: bytes = b"",
) -> Draft:
    """A draft of a sale of two pieces at 38 500, opened on ``date``, with 10 % off for gold members.

    ``limited`` are the promotions that have limits.
    """
    basket = Basket(f"sale-{number}", "12", 1, replace(NOON, date=date), payments=(TenderKind.CASH,),
                    usage=tuple(map(Usage, limited)))
    basket = basket.with_product(product(1, 38_500), 2000)
    if who:
        basket = replace(basket, member=replace(member(1).snapshot(), member_id=who))
    priced = price(pack(), basket)
    points = points_of(basket.basket_id, who, priced) if who else ()
    return Draft(EntryKind.SALE, NOON, CASHIER, Sale(
        basket.basket_id, NOON.date, 1, basket, priced,
        (Tender(TenderKind.CASH, priced.total),), 0, None, points), personal=personal)


def shift(number: int = 1) -> Draft:
    """A draft of a shift."""
    return Draft(EntryKind.SHIFT_OPENED, NOON, CASHIER, Shift(number, "sara", NOON.date, 500_000))


def newest(journal: JournalStore) -> Branch:
    """The incarnation that goes on."""
    return journal.branches()[-1]


def test_a_new_journal_opens_with_its_incarnation(journal: JournalStore, tmp_path: Path) -> None:
    head = journal.head()
    assert (head.seq, len(bytes.fromhex(head.incarnation))) == (1, 16)
    other = JournalStore(tmp_path / "other.db", KEY)
    other.found("12-1", "test", NOON)
    assert other.head().incarnation != head.incarnation
    other.close()


def test_founding_again_changes_nothing_and_never_for_another_station(journal: JournalStore) -> None:
    head = journal.head()
    journal.found("12-1", "later", NOON)
    assert journal.head() == head
    with pytest.raises(ValueError, match="belongs to station 12-1"):
        journal.found("12-2", "test", NOON)


def test_a_journal_nobody_founded_has_no_head(tmp_path: Path) -> None:
    empty = JournalStore(tmp_path / "empty.db", KEY)
    with pytest.raises(ValueError, match="was not founded"):
        empty.head()
    empty.close()


def test_entries_are_gapless_and_chained_over_the_stored_bytes(journal: JournalStore) -> None:
    journal.append(shift())
    stored = journal.append(sale())
    first, second, third = newest(journal).after(0, 10)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert first.hash == chain(GENESIS, first.raw)
    assert third.hash == chain(second.hash, third.raw) == stored.hash == journal.head().hash
    assert b"\n" not in third.raw
    entry = msgspec.json.decode(third.raw, type=Entry[Sale])
    assert (entry.station, entry.incarnation, entry.seq) == ("12-1", journal.head().incarnation, 3)
    assert entry.body == sale().body
    assert entry.actor == CASHIER


def test_what_is_derived_is_there_with_the_sale(journal: JournalStore) -> None:
    assert (journal.shift(), journal.shift_number(), journal.last_sale()) == (None, 0, None)
    journal.append(shift())
    stored = journal.append(sale())
    assert journal.shift() == Shift(1, "sara", NOON.date, 500_000)
    assert journal.shift_number() == 1
    (fact,) = journal.facts(NOON.date, NOON.date)
    assert (fact.hour, fact.member_id, fact.total, fact.discount, fact.points) == (14, "m1", 69_300, 7_700, 6)
    assert journal.facts("2026-11-21", "2026-11-21") == []
    assert journal.waiting_prints() == [stored.place]
    assert journal.last_sale() == stored.place
    assert journal.sale(stored.place).body == sale().body
    with pytest.raises(KeyError):
        journal.sale(1)


def test_receipts_wait_from_the_mark_on_and_the_mark_never_goes_back(journal: JournalStore) -> None:
    journal.append(shift())
    places = [journal.append(sale(number)).place for number in range(3)]
    assert journal.waiting_prints() == places
    journal.printed(places[1])
    journal.printed(places[0])
    assert journal.waiting_prints() == places[2:]
    journal.printed(places[2])
    assert journal.waiting_prints() == []


def test_the_basket_kept_last_is_the_one_in_hand_until_it_is_sold_or_dropped(journal: JournalStore) -> None:
    first, second = (HeldBasket(Basket(f"sale-{number}", "12", 1, NOON), Medium.NFC_UID) for number in (1, 2))
    assert journal.open_basket() is None
    journal.keep_basket(first)
    assert journal.open_basket() == first
    journal.append(shift())
    assert journal.open_basket() == first
    journal.keep_basket(second)
    assert journal.open_basket() == second
    journal.append(sale(2))
    assert journal.open_basket() is None
    journal.append(sale(3))  # one whose basket could not be kept: the one that was sold before does not come back
    assert journal.open_basket() is None
    journal.keep_basket(first)
    journal.keep_basket(None)
    assert journal.open_basket() is None


def test_own_points_count_only_after_the_projection(journal: JournalStore) -> None:
    first = journal.append(sale(1)).seq
    journal.append(sale(2))
    here = journal.head().incarnation
    assert journal.points_after("m1", None) == 12
    assert journal.points_after("m1", Position(here, first)) == 6
    assert journal.points_after("m1", Position(here, first + 1)) == 0
    assert journal.points_after("m1", Position("0" * 32, 99)) == 12
    assert journal.points_after("m2", None) == 0


def test_own_sales_count_as_purchases_only_after_the_projection(journal: JournalStore) -> None:
    first = journal.append(sale(1)).seq
    journal.append(sale(2, who=None))
    last = journal.append(sale(3)).seq
    here = journal.head().incarnation
    places = (None, Position(here, first - 1), Position(here, first), Position(here, last), Position("0" * 32, last))
    assert [journal.purchases_after("m1", place) for place in places] == [2, 2, 1, 0, 2]
    assert journal.purchases_after("m2", None) == 0


def test_own_sales_are_counted_on_as_they_are_made(journal: JournalStore) -> None:
    first = journal.append(sale(1)).seq
    here = journal.head().incarnation

    def own(*position: int) -> tuple[int, int]:
        place = Position(here, position[0]) if position else None
        return journal.points_after("m1", place), journal.purchases_after("m1", place)

    assert own() == (6, 1)
    last = journal.append(sale(2)).seq
    journal.append(sale(3, who="m2"))
    assert (own(), own(first), own(last), own(first), own()) == ((12, 2), (6, 1), (0, 0), (6, 1), (12, 2))
    journal.begin_anew(Cause.RESTORED, "test", NOON)
    journal.append(sale(4))
    assert (own(), own(first), own(last)) == ((18, 3), (12, 2), (6, 1))


def test_a_card_after_a_month_offline_does_not_read_the_month_again(journal: JournalStore) -> None:
    journal.append(sale(1))
    assert journal.purchases_after("m1", None) == 1
    journal.database.execute("UPDATE sale SET moved = 100, member_id = 'm2'")  # unseen: it was read already
    journal.append(sale(2))
    assert (journal.points_after("m1", None), journal.purchases_after("m1", None)) == (12, 2)


LIMITED = ("gold-10", "silver-3")


def used(journal: JournalStore, who: str | None, date: str, budget: int | None = None) -> list[tuple[object, ...]]:
    """How far "gold-10" and "silver-3" are used up, for ``who`` on ``date``."""
    rules = tuple(replace(each, limits=Limits(in_all=9, budget=budget)) for each in pack().promotions)
    return [(each.by_member, each.by_member_today, each.today, each.in_all, each.budget_left)
            for each in journal.usage(rules, who, date)]


def test_uses_of_promotions_with_limits_are_counted(journal: JournalStore) -> None:
    assert used(journal, "m1", NOON.date) == [(0, 0, 0, 0, None)] * 2
    for number, (who, date) in enumerate((
            ("m1", NOON.date), ("m1", NOON.date), (None, NOON.date),  # a stranger: neither promotion applies
            ("m1", "2026-11-23"))):
        journal.append(sale(number, who, date, limited=LIMITED))
    journal.append(sale(5))  # as long as the promotion has no limits it is not counted
    # gold-10 was given three times to m1: twice today; silver-3 never
    assert used(journal, "m1", NOON.date) == [(3, 2, 2, 3, None), (0, 0, 0, 0, None)]
    assert used(journal, "m2", NOON.date) == [(0, 0, 2, 3, None), (0, 0, 0, 0, None)]
    assert used(journal, None, "2026-11-23") == [(0, 0, 1, 3, None), (0, 0, 0, 0, None)]
    assert journal.usage((), "m1", NOON.date) == ()


def test_how_much_is_kept_of_uses_does_not_grow_with_the_sales_of_a_day(journal: JournalStore) -> None:
    for number in range(20):
        journal.append(sale(number, limited=LIMITED))
    assert used(journal, "m1", NOON.date)[0] == (20, 20, 20, 20, None)
    assert journal.database.row("SELECT count(*) FROM promotion_use") == (3,)


@pytest.mark.parametrize(("budget", "left"), [(20_000, 4_600), (15_400, 0), (10_000, 0)])
def test_what_is_left_of_a_budget_is_what_discounts_did_not_take(journal: JournalStore, budget: int, left: int) -> None:
    # each sale takes 10 % of 77 000 off: 7 700, twice 15 400
    journal.append(sale(1, limited=LIMITED))
    journal.append(sale(2, limited=LIMITED))
    assert [row[-1] for row in used(journal, "m1", NOON.date, budget)] == [left, budget]


@pytest.mark.parametrize("statement", [
    "UPDATE entry SET raw = x'00' WHERE place = 1",
    "UPDATE entry SET place = 5 WHERE place = 1",
    "DELETE FROM entry",
    "INSERT OR REPLACE INTO entry VALUES (1, 'SALE', x'00', zeroblob(32))",
    "INSERT INTO entry VALUES (3, 'SALE', x'00', zeroblob(32))",
    "INSERT INTO entry VALUES (0, 'SALE', x'00', zeroblob(32))",
])
def test_entries_cannot_be_changed(journal: JournalStore, statement: str) -> None:
    before = newest(journal).after(0, 10)
    with pytest.raises(driver.IntegrityError):
        journal.database.execute(statement)
    assert newest(journal).after(0, 10) == before


def test_an_entry_whose_rows_are_refused_is_refused_whole(journal: JournalStore) -> None:
    journal.append(shift(1))
    head = journal.head()
    with pytest.raises(driver.IntegrityError):
        journal.append(shift(1))  # the number of a shift is its key
    assert journal.head() == head
    assert list(verify(journal)) == []


def test_the_mark_survives_reopening(journal: JournalStore, tmp_path: Path) -> None:
    assert newest(journal).mark() == 0
    journal.append(sale())
    newest(journal).acknowledge(2)
    again = JournalStore(tmp_path / "journal.db", KEY)
    branch = newest(again)
    assert branch.mark() == 2
    assert branch.after(branch.mark(), 10) == []
    assert branch.hash_at(0) == GENESIS
    assert branch.hash_at(2) == again.head().hash
    with pytest.raises(KeyError):
        branch.hash_at(3)
    again.close()


def test_two_connections_take_turns(journal: JournalStore, tmp_path: Path) -> None:
    other = JournalStore(tmp_path / "journal.db", KEY)
    for number in range(1, 11):
        journal.append(sale(number))
        newest(other).acknowledge(number)
    assert newest(journal).mark() == 10
    assert list(verify(other)) == []
    other.close()


def test_the_file_holds_nothing_readable(journal: JournalStore, tmp_path: Path) -> None:
    journal.append(sale())
    for path in tmp_path.glob("journal.db*"):
        content = path.read_bytes()
        assert b"SQLite format" not in content
        assert b"sale-1" not in content
        assert b"SALE" not in content


def test_another_key_opens_nothing(journal: JournalStore, tmp_path: Path) -> None:
    journal.append(sale())
    with pytest.raises(StationError) as caught:
        JournalStore(tmp_path / "journal.db", bytes(32))
    assert caught.value.code is ErrorCode.DATABASE_KEY_WRONG
    with pytest.raises(ValueError, match="32 bytes"):
        Database(tmp_path / "x.db", b"short", JOURNAL)


def test_a_newer_file_is_refused_politely(journal: JournalStore, tmp_path: Path) -> None:
    journal.database.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('journal', 'x_9999', '')")
    with pytest.raises(StationError) as caught:
        JournalStore(tmp_path / "journal.db", KEY)
    assert caught.value.code is ErrorCode.DATABASE_NEWER


def test_a_file_held_by_another_program_is_a_numbered_fault(journal: JournalStore, tmp_path: Path) -> None:
    holder = Database(tmp_path / "journal.db", KEY, JOURNAL)
    journal.database.execute("PRAGMA busy_timeout = 10")
    with holder.writing(), pytest.raises(StationError) as caught:
        journal.append(sale())
    assert caught.value.code is ErrorCode.DATABASE_LOCKED
    assert journal.append(sale()).seq == 2
    holder.close()


def test_a_full_disk_is_a_numbered_fault_and_loses_nothing(journal: JournalStore) -> None:
    pages = journal.database.row("PRAGMA page_count")
    assert pages is not None
    journal.database.execute(f"PRAGMA max_page_count = {pages[0] + 4}")
    with pytest.raises(StationError) as caught:
        list(map(journal.append, map(sale, range(1, 1000))))
    assert caught.value.code is ErrorCode.DISK_FULL
    assert 1 <= journal.head().seq < 1000
    assert len(newest(journal).after(0, 1000)) == journal.head().seq
    assert list(verify(journal)) == []


def test_a_folder_that_is_not_there_is_a_numbered_fault(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        JournalStore(tmp_path / "nowhere" / "journal.db", KEY)
    assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE


def test_the_bundled_sqlite_is_a_safe_one() -> None:
    version, safe = engine()
    assert safe, version
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from data.journal import JournalStore
from tests.data.conftest import KEY
from tests.data.test_journal import sale
journal = JournalStore(Path(sys.argv[1]), KEY)
for number in range(1, 100000):
    print(journal.append(sale(number)).seq, flush=True)
"""


@pytest.mark.usefixtures("journal")
def test_killed_while_selling_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    root = Path(__file__).parents[2]
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)}, text=True)
    assert writer.stdout is not None
    for _ in range(25):
        confirmed = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    confirmed = int(rest[-1]) if rest else confirmed
    again = JournalStore(path, KEY)
    assert again.head().seq >= confirmed
    assert list(verify(again)) == []
    again.close()
