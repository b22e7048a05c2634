"""Goods and packs beside the journal."""

from dataclasses import replace

import msgspec
import pytest

from data.journal import JournalStore
from data.shelf import PackShelf, ShelfStore
from station.errors import ErrorCode, StationError
from station.feed import ShelfPage, ShelfRecord
from station.pack import Pack
from tests.fakes import NOON, pack, product


def test_goods_come_change_and_go(journal: JournalStore) -> None:
    shelf = ShelfStore(journal.database)
    assert (shelf.cursor(), shelf.count(), shelf.product(product(1).barcode, 1)) == ("", 0, None)
    shelf.apply(ShelfPage("c1", 1, (ShelfRecord(product(1)), ShelfRecord(product(2))), ()))
    assert shelf.product(product(2).barcode, 1) == product(2)
    dearer = replace(product(1, 999), barcode="6261234567890")
    shelf.apply(ShelfPage("c2", 2, (ShelfRecord(dearer),), ("p2",)))
    assert shelf.product(product(1).barcode, 1) is None
    assert shelf.product("6261234567890", 1) == dearer
    assert list(shelf.products(10)) == [dearer]
    assert (shelf.cursor(), shelf.count()) == ("c2", 1)


def test_a_good_changes_at_its_hour_and_has_many_barcodes(journal: JournalStore) -> None:
    shelf, now, dearer = ShelfStore(journal.database), product(1), product(1, 999)
    newly = replace(dearer, price=1_200, barcode="6260000000777")
    shelf.apply(ShelfPage("c1", 1, (ShelfRecord(now, ("111", "222"), ((100, dearer), (200, newly))),), ()))
    for barcode in (now.barcode, "111", "222", "6260000000777"):
        assert [shelf.product(barcode, at) for at in (-5, 0, 99, 100, 199, 200)] == [now, now, now, dearer, dearer, newly]
    assert (shelf.count(), list(shelf.products(10))) == (1, [now])
    shelf.apply(ShelfPage("c2", 2, (ShelfRecord(now, ("222",)),), ()))
    assert [shelf.product(barcode, 300) for barcode in ("111", "222", "6260000000777")] == [None, now, None]
    shelf.apply(ShelfPage("c3", 2, (), (now.product_id,)))
    assert shelf.product("222", 300) is None


def test_a_barcode_moves_from_one_good_to_another(journal: JournalStore) -> None:
    shelf = ShelfStore(journal.database)
    shelf.apply(ShelfPage("c1", 1, (ShelfRecord(product(1), ("111",)), ShelfRecord(product(2))), ()))
    shelf.apply(ShelfPage("c2", 2, (ShelfRecord(product(1)), ShelfRecord(product(2), ("111",))), ()))
    assert shelf.product("111", 1) == product(2)


def test_an_older_state_of_the_goods_is_refused(journal: JournalStore) -> None:
    shelf = ShelfStore(journal.database)
    shelf.apply(ShelfPage("c1", 7, (ShelfRecord(product(1)),), ()))
    with pytest.raises(StationError) as older:
        shelf.apply(ShelfPage("c2", 6, (ShelfRecord(product(1, 5)),), ()))
    assert (older.value.code, older.value.detail) == (ErrorCode.FEED_OLDER, {"feed": "shelf", "offered": 6, "held": 7})
    assert (shelf.cursor(), shelf.product(product(1).barcode, 1)) == ("c1", product(1))


def kept(packs: PackShelf, rules: Pack) -> None:
    packs.install(rules, msgspec.json.encode(rules), b"s")


def test_the_packs_tell_as_of_when_head_office_had_no_other(journal: JournalStore) -> None:
    packs, hour = PackShelf(journal.database), 3_600_000_000
    assert packs.confirmed_us() is None
    told = []
    for at_us in (NOON.utc_us, NOON.utc_us + hour - 1, NOON.utc_us + hour, NOON.utc_us + hour - 1):
        packs.confirm(at_us)
        told.append(packs.confirmed_us())
    # within the hour the first time stands; a clock that was set back is believed
    assert told == [NOON.utc_us, NOON.utc_us, NOON.utc_us + hour, NOON.utc_us + hour - 1]
    kept(packs, pack(4))
    assert PackShelf(journal.database).confirmed_us() == NOON.utc_us + hour - 1


def test_packs_only_rise(journal: JournalStore) -> None:
    packs = PackShelf(journal.database)
    with pytest.raises(StationError) as caught:
        packs.current(NOON.utc_us)
    assert caught.value.code is ErrorCode.PACK_MISSING
    kept(packs, pack(1))
    assert packs.current(NOON.utc_us) == pack(1)
    kept(packs, pack(3))
    assert packs.current(NOON.utc_us) == pack(3)
    assert packs.pack(1) == pack(1)
    for number in (2, 3):
        with pytest.raises(StationError) as older:
            kept(packs, pack(number))
        assert (older.value.code, older.value.detail) == (ErrorCode.PACK_OLDER, {"pack": number, "held": 3})
    assert packs.number() == 3
    with pytest.raises(StationError) as missing:
        packs.pack(7)
    assert missing.value.detail == {"number": 7}


def test_a_pack_waits_for_its_moment(journal: JournalStore) -> None:
    packs, moment = PackShelf(journal.database), NOON.utc_us
    kept(packs, replace(pack(4), effective_us=moment + 1))
    with pytest.raises(StationError) as early:
        packs.current(moment)
    assert early.value.code is ErrorCode.PACK_MISSING
    kept(packs, replace(pack(5), effective_us=moment - 1))
    kept(packs, replace(pack(6), effective_us=moment + 60))
    # Of 4, 5 and 6 only 5 is in force now; 4 comes into force too late: 5 has the higher number by then.
    assert [packs.current(moment + later).number for later in (0, 1, 59, 60, -1)] == [5, 5, 5, 6, 5]


def test_the_pack_in_force_is_decoded_once(journal: JournalStore) -> None:
    packs = PackShelf(journal.database)
    kept(packs, pack(1))
    assert packs.current(NOON.utc_us) is packs.current(NOON.utc_us + 1)
