"""Files that rot: every page broken once is found, refused by number, and costs no more than it held."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from station.journal import EntryKind
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, product
from tests.rigs.shop import Shop, card, office_book
from tests.rigs.shop_check import faults_of, sell_on
from tests.rigs.shop_day import Day

PAGE = 4096
BROKEN = {ErrorCode.DATABASE_CORRUPT, ErrorCode.DATABASE_KEY_WRONG}
"""Without its first page SQLCipher cannot tell a broken file from one of another key."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop after its days."""
    root = tmp_path_factory.mktemp("lived")
    office_book(root / "office")
    root.joinpath("shop").mkdir()
    day = Day(root / "shop", 1, root / "office")
    for _, work in day.steps():
        work()
    assert day.shop
    day.shop.close()
    return root / "shop"


def broken(lived: Path, into: Path, pattern: str) -> Iterator[Path]:
    """Yield a copy of the shop for each page of its file ``pattern``, with one bit of the page turned."""
    [file] = lived.glob(pattern)
    for page in range(file.stat().st_size // PAGE):
        folder = into / str(page)
        shutil.copytree(lived, folder)
        turn(folder / file.name, page * PAGE + 1000)
        yield folder


def turn(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def test_every_page_of_the_journal_is_missed_when_it_breaks(lived: Path, tmp_path: Path) -> None:
    unopened = sold = 0
    for folder in broken(lived, tmp_path, "journal.db"):
        try:
            with closing(Shop(folder)) as shop:
                assert any(fault.startswith("the file itself") for fault in faults_of(shop))
                sell_on(shop)
                sold += 1
        except StationError as fault:
            assert fault.code in BROKEN  # noqa: PT017 - one of many, each of which may or may not fail
            unopened += 1
    assert unopened > 0
    assert sold > 0  # where the page held nothing that a sale needs


def test_a_broken_member_book_never_stops_a_sale(lived: Path, tmp_path: Path) -> None:
    told = set()
    for folder in broken(lived, tmp_path, "members-*.db"):
        with closing(Shop(folder)) as shop:
            try:
                shop.counter.tap(Tap("reader", Medium.NFC_UID, card(5)))
            except StationError as fault:
                told.add(fault.code)
            place = sell_on(shop)
            assert shop.journal.sale(place).kind is EntryKind.SALE
    # where the page of this member was broken, the book was given up: an empty one knows nobody
    assert told <= {ErrorCode.CARD_UNKNOWN, ErrorCode.MEMBER_UNKNOWN, *BROKEN}
    assert told


def test_a_log_that_rots_is_missed_by_the_witness(lived: Path, tmp_path: Path) -> None:
    # SQLite takes the first page of its log that does not fit for the log's end: what follows is gone in silence.
    before = tmp_path / "before"
    shutil.copytree(lived, before)
    with closing(Shop(before)) as shop:
        sold = [sell_on(shop) for _ in range(3)]
        after = tmp_path / "after"
        shutil.copytree(before, after, ignore=shutil.ignore_patterns("*-shm"))
    turn(after / "journal.db-wal", 100)
    with closing(Shop(after)) as shop:
        assert shop.journal.last_sale() not in sold
        assert shop.alarm is ErrorCode.JOURNAL_OLDER
        assert faults_of(shop) == []
        sell_on(shop)


def test_a_file_held_too_long_is_told_and_the_basket_stays(lived: Path, tmp_path: Path) -> None:
    shutil.copytree(lived, tmp_path / "shop")
    with closing(Shop(tmp_path / "shop")) as shop:
        sold = sell_on(shop)
        shop.journal.database.execute("PRAGMA busy_timeout = 10")
        with shop.upload.database.writing():  # another program, for longer than anybody waits
            with pytest.raises(StationError) as scanning:
                shop.counter.scan(product(9).barcode)
            with pytest.raises(StationError) as selling:
                shop.counter.settle([Tender(TenderKind.CASH, 1_000_000)], CASHIER)
            assert shop.journal.last_sale() == sold  # reading goes on
        assert {scanning.value.code, selling.value.code} == {ErrorCode.DATABASE_LOCKED}
        basket = shop.counter.basket
        assert basket
        assert [line.quantity for line in basket.lines] == [1000]
        # the same basket, closed now, is the next sale
        settled = shop.counter.settle([Tender(TenderKind.CASH, 1_000_000)], CASHIER)
        assert (settled.sale.sale_id, settled.place) == (basket.basket_id, sold + 1)


def test_a_basket_that_was_not_kept_brings_none_back_that_was_sold(lived: Path, tmp_path: Path) -> None:
    shutil.copytree(lived, tmp_path / "shop")
    with closing(Shop(tmp_path / "shop")) as shop:
        sell_on(shop)  # its basket was kept, and was the last that was
        shop.journal.database.execute("PRAGMA busy_timeout = 10")
        with shop.upload.database.writing(), pytest.raises(StationError):
            shop.counter.scan(product(9).barcode)
        shop.counter.settle([Tender(TenderKind.CASH, 1_000_000)], CASHIER)
    with closing(Shop(tmp_path / "shop")) as shop:
        assert shop.counter.recover() is None


def test_a_fault_that_passed_is_over(lived: Path, tmp_path: Path) -> None:
    # SQLCipher lets a connection that met a broken page fail for ever, though the page is well again.
    shutil.copytree(lived, tmp_path / "shop")
    with closing(Shop(tmp_path / "shop")) as shop:
        [[root]] = shop.journal.database.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'product'")
        place = (root - 1) * PAGE + 1000
        turn(tmp_path / "shop" / "journal.db", place)
        with pytest.raises(StationError) as caught:
            list(shop.goods.products(1))
        assert caught.value.code is ErrorCode.DATABASE_CORRUPT
        turn(tmp_path / "shop" / "journal.db", place)
        assert len(list(shop.goods.products(1))) == 1
        assert faults_of(shop) == []
        sell_on(shop)
