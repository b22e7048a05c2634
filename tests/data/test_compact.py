"""Compaction: what goes, what stays, and that nothing else is different afterwards."""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.compact import MOST_ENTRIES, Cut, _cut, acknowledged, compact, compacted
from data.derived import SUMS, TABLES, decode
from data.journal import JournalStore
from data.verify import rebuild, rows_of, verify
from station.errors import ErrorCode, StationError
from station.journal import GENESIS, Cause, Checkpoint, Draft, EntryKind, Stored, chain
from station.people import SYSTEM
from station.sale import ReturnedLine
from station.shift import CountReason, Shift, ShiftClosed
from tests.fakes import CASHIER
from tests.rigs.old_days import ENTRIES, acknowledge, at, evening, old_shop, sell, trade
from tests.rigs.shop import KEY, Shop

DAYS = 90
"""The fewest days that entries are kept: all tests ask for these."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Ten days of trade, all acknowledged."""
    shop = old_shop(tmp_path, 10)
    acknowledge(shop)
    yield shop
    shop.close()


def derived(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    return {table: rows_of(shop.journal, table) for table in TABLES}


def kept(shop: Shop) -> list[Stored]:
    return list(shop.journal.entries(0, 10_000))


def cut(shop: Shop, today: int, most: int = MOST_ENTRIES) -> list[Cut]:
    """Compact on the morning of ``today``: evenings before day ``today`` − 90 are old."""
    return list(compact(shop.journal, DAYS, at(today, 8), most))


def test_old_acknowledged_shifts_are_cut_off_and_all_that_is_derived_stays(shop: Shop) -> None:
    before, entries = derived(shop), kept(shop)
    # on the morning of day 94 the evenings of days 1 to 3 are more than 90 days ago
    assert cut(shop, 94) == [Cut(through=25, entries=25)] == [Cut(evening(3), evening(3))]
    assert derived(shop) == before
    *rest, last = kept(shop)
    assert rest == entries[25:]
    row = shop.journal.database.row("SELECT state FROM checkpoint")
    assert row
    assert decode(last.raw, last.kind).body == Checkpoint(25, entries[24].hash.hex(), chain(GENESIS, row[0]).hex())
    assert (last.kind, last.place, decode(last.raw, last.kind).actor) == (EntryKind.CHECKPOINT, 82, SYSTEM)
    assert list(verify(shop.journal)) == []


def test_a_rebuild_starts_from_the_checkpoint(shop: Shop) -> None:
    cut(shop, 94)
    before = derived(shop)
    shop.journal.database.execute("DELETE FROM sale WHERE place < 20")
    shop.journal.database.execute("UPDATE shift_total SET amount = 7 WHERE shift = 1")
    assert [fault.split(":")[0] for fault in verify(shop.journal)] == ["table shift_total", "table sale"]
    rebuild(shop.journal)
    assert derived(shop) == before


def test_cut_again_and_again_the_parts_add_up(shop: Shop) -> None:
    before = derived(shop)
    assert [cut(shop, day) for day in (92, 93, 93, 97)] == [[Cut(9, 9)], [Cut(17, 8)], [], [Cut(49, 32)]]
    assert derived(shop) == before
    assert list(verify(shop.journal)) == []
    rebuild(shop.journal)
    assert derived(shop) == before


def test_a_checkpoint_is_cut_off_in_its_turn(shop: Shop) -> None:
    cut(shop, 94)
    trade(shop, 94)
    sell_tomorrow(shop, 95)
    acknowledge(shop)
    before = derived(shop)
    # all 81 entries of the ten days, the checkpoint at 82 and day 94
    assert cut(shop, 200) == [Cut(82 + ENTRIES, 82 + ENTRIES - 25)]
    assert derived(shop) == before
    assert list(verify(shop.journal)) == []


def sell_tomorrow(shop: Shop, day: int) -> None:
    """Open a shift on ``day`` and sell once: the last sale is never cut off."""
    shop.clock.moment = at(day, 9)
    shop.counter.open_shift(CASHIER, 0)
    sell(shop)


def test_work_is_done_in_small_transactions_at_the_end_of_shifts(shop: Shop) -> None:
    before = derived(shop)
    # days 1 to 7: 57 entries in parts of at most 17, then one part of less
    assert cut(shop, 98, 2 * ENTRIES + 1) == [Cut(17, 17), Cut(33, 16), Cut(49, 16), Cut(57, 8)]
    assert list(verify(shop.journal)) == []
    assert derived(shop) == before


def test_a_shift_larger_than_a_transaction_goes_whole(shop: Shop) -> None:
    assert cut(shop, 93, most=3) == [Cut(9, 9), Cut(17, 8)]


def test_the_last_sale_stays_with_its_shift(shop: Shop) -> None:
    assert cut(shop, 500) == [Cut(evening(9), evening(9))]
    last = shop.journal.last_sale()
    assert last
    assert shop.journal.sale(last).body.shift == 10


def test_a_journal_without_a_sale_keeps_everything(tmp_path: Path) -> None:
    shop = old_shop(tmp_path, 0)
    acknowledge(shop)
    assert cut(shop, 500) == []
    shop.close()


@pytest.mark.parametrize(("marked", "through"), [
    (81, 25), (25, 25), (24, 17), (17, 17), (9, 9), (8, None), (0, None)])
def test_nothing_goes_that_head_office_does_not_have(shop: Shop, marked: int, through: int | None) -> None:
    shop.journal.branches()[0].acknowledge(marked)
    assert [each.through for each in cut(shop, 94)] == ([through] if through else [])


def test_an_open_shift_holds_back_itself_and_all_after_it(tmp_path: Path) -> None:
    shop = old_shop(tmp_path, 2)
    shop.journal.append(Draft(EntryKind.SHIFT_OPENED, at(3), CASHIER, Shift(3, "sara", at(3).date, 0)))
    shop.journal.append(Draft(EntryKind.SHIFT_OPENED, at(4), CASHIER, Shift(4, "sara", at(4).date, 0)))
    shop.journal.append(Draft(
        EntryKind.SHIFT_CLOSED, at(4), CASHIER, ShiftClosed(4, 3, 0, 0, CountReason.NONE, ())))
    sell(shop)
    acknowledge(shop)
    assert cut(shop, 500) == [Cut(evening(2), evening(2))]
    shop.close()


def test_a_clock_that_stood_wrong_lets_nothing_go_early(tmp_path: Path) -> None:
    shop = old_shop(tmp_path, 2)
    trade(shop, 100)
    shop.clock.moment = at(3)
    for day in (3, 4):  # the clock had stood at day 100 and was put right
        trade(shop, day)
    acknowledge(shop)
    assert cut(shop, 150) == [Cut(evening(2), evening(2))]
    # 90 days after day 100 that evening is old, and so is what came after it
    assert cut(shop, 191) == [Cut(evening(4), 16)]
    shop.close()


def test_fewer_than_ninety_days_are_refused(shop: Shop) -> None:
    with pytest.raises(ValueError, match="at least 90 days, got 89"):
        next(compact(shop.journal, 89, at(500)))
    assert compacted(shop.journal) == 0


def test_a_journal_that_is_not_sound_stays_as_it_is(shop: Shop) -> None:
    shop.journal.database.execute("DELETE FROM sale WHERE place = 4")
    with pytest.raises(StationError) as caught:
        cut(shop, 94)
    assert (caught.value.code, compacted(shop.journal), len(kept(shop))) == (ErrorCode.JOURNAL_BROKEN, 0, 81)


def test_what_is_kept_of_people_goes_too(shop: Shop) -> None:
    for place in (5, 40):
        shop.journal.database.execute("INSERT INTO personal VALUES (?, zeroblob(32), x'7b7d')", (place,))
    # rows nobody committed to are a fault, so they are put there for one step only
    assert [fault.split()[1] for fault in verify(shop.journal)] == ["5", "40"]
    _cut(shop.journal, 0, 25, at(94))
    assert (shop.journal.personal(5), shop.journal.personal(40)) == (None, b"{}")


def test_goods_of_a_sale_that_is_cut_off_cannot_come_back_here(shop: Shop) -> None:
    cut(shop, 94)
    trade(shop, 94)
    shop.clock.moment = at(95, 9)
    shop.counter.open_shift(CASHIER, 0)
    line = [ReturnedLine(1, 1000)]
    with pytest.raises(StationError) as caught:
        shop.returning.take_back(5, line, CASHIER)
    assert caught.value.code is ErrorCode.SALE_UNKNOWN
    sale = evening(3) + 2
    assert shop.returning.take_back(sale, line, CASHIER).seq == sale


def test_receipts_of_what_is_cut_off_wait_no_longer(shop: Shop) -> None:
    cut(shop, 94)
    assert min(shop.journal.waiting_prints()) == evening(3) + 2
    assert shop.journal.sale(shop.journal.waiting_prints()[0]).body.shift == 4


def test_figures_of_old_days_are_still_there(shop: Shop) -> None:
    before = shop.journal.facts("2025-01-01", "2025-01-03")
    cut(shop, 94)
    assert shop.journal.facts("2025-01-01", "2025-01-03") == before
    assert len(before) == 9
    assert (shop.journal.reports("Z"), shop.journal.shift_number()) == (10, 10)
    with pytest.raises(KeyError):
        shop.journal.report("Z", 3)
    assert shop.journal.report("Z", 4).body.number == 4


def test_another_program_that_was_faster_is_noticed(shop: Shop) -> None:
    work = compact(shop.journal, DAYS, at(98, 8))
    first = shop.upload
    list(compact(first, DAYS, at(98, 8)))
    before = kept(shop)
    assert not _cut(shop.journal, 0, 25, at(98))
    assert list(work) == []
    assert kept(shop) == before


def test_an_incarnation_that_is_wholly_cut_off_is_sent_no_more(shop: Shop) -> None:
    old = shop.journal.head()
    shop.journal.begin_anew(Cause.RESTORED, "test", at(11))
    for day in (11, 12):
        trade(shop, day)
    assert acknowledged(shop.journal) == 81
    acknowledge(shop)
    assert acknowledged(shop.journal) == 81 + 1 + 2 * ENTRIES
    before = derived(shop)
    assert [each.through for each in cut(shop, 101)] == [evening(10)]  # exactly the old incarnation
    assert [each.incarnation for each in shop.journal.branches()] == [old.incarnation, shop.journal.head().incarnation]
    assert list(verify(shop.journal)) == []
    assert [each.through for each in cut(shop, 102)] == [evening(10) + 1 + ENTRIES]
    assert [each.incarnation for each in shop.journal.branches()] == [shop.journal.head().incarnation]
    assert list(verify(shop.journal)) == []
    assert derived(shop) == before


@pytest.mark.parametrize(("harm", "fault"), [
    ("UPDATE checkpoint SET state = zeroblob(9)", "what was kept of the entries that were cut off does not decode"),
    ("DELETE FROM checkpoint", "what was cut off is not what checkpoint 83 names"),
    ("DELETE FROM checkpoint WHERE place = 82", "what was cut off is not what checkpoint 83 names"),
    ("UPDATE checkpoint SET state = (SELECT state FROM checkpoint ORDER BY place DESC LIMIT 1)",
     "what was cut off is not what checkpoint 83 names"),
    ("UPDATE station SET compacted_hash = zeroblob(32)", "entry 26 breaks the chain"),
    ("UPDATE station SET compacted = 24", "entry 25 is missing"),
])
def test_what_was_kept_in_place_of_entries_cannot_be_changed_unseen(shop: Shop, harm: str, fault: str) -> None:
    cut(shop, 93)
    cut(shop, 94)
    shop.journal.database.execute(harm)
    (first, *_) = verify(shop.journal)
    assert first.startswith(fault)


def test_entries_cut_off_without_a_checkpoint_are_missed(shop: Shop) -> None:
    (last,) = shop.journal.entries(24, 1)
    shop.journal.database.execute("UPDATE station SET compacted = 25, compacted_hash = ?", (last.hash,))
    shop.journal.database.execute("DELETE FROM entry WHERE place <= 25")
    (first, *_) = verify(shop.journal)
    assert first == "no checkpoint names what was cut off through entry 25"


def test_the_bytes_that_are_kept_are_compressed_json_of_the_tables(shop: Shop) -> None:
    cut(shop, 92)
    row = shop.journal.database.row("SELECT state FROM checkpoint")
    assert row
    found = msgspec.json.decode(zlib.decompress(row[0]))
    assert {table: len(rows) for table, rows in found.items() if table not in SUMS} == {
        table: len([each for each in rows_of(shop.journal, table) if _place(table, each) <= 9])
        for table in TABLES if table not in SUMS}
    assert all(found[table] for table in ("shift_total", "promotion_use"))


def _place(table: str, row: tuple[object, ...]) -> int:
    return int(str(row[{"shift": 1, "shift_report": 3, "sale": 0, "sale_return": 0}[table]]))


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a shop that traded for twelve days in two incarnations."""
    folder = tmp_path_factory.mktemp("past")
    shop = old_shop(folder, 6)
    shop.journal.begin_anew(Cause.RESTORED, "test", at(7, 8))
    for day in range(7, 13):
        trade(shop, day)
    shop.close()
    return folder / "journal.db"


@given(st.lists(st.tuples(st.integers(0, 49), st.integers(0, 49), st.integers(85, 110), st.integers(1, 60)), max_size=4))
@settings(max_examples=15)
def test_however_often_and_wherever_it_is_cut_a_rebuild_makes_the_same(
    past: Path, runs: list[tuple[int, int, int, int]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        shutil.copyfile(past, path)
        with closing(JournalStore(path, KEY)) as journal:
            journal.database.execute("PRAGMA synchronous = OFF")
            before = {table: rows_of(journal, table) for table in TABLES}
            for first, second, today, most in runs:
                for branch, mark in zip(journal.branches(), (first, second)[-len(journal.branches()):], strict=True):
                    branch.acknowledge(mark)
                list(compact(journal, DAYS, at(today), most))
            rebuild(journal)
            assert {table: rows_of(journal, table) for table in TABLES} == before
            assert list(verify(journal)) == []
