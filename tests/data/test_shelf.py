"""Goods and packs beside the journal."""

from dataclasses import replace

import msgspec
import pytest

from data.journal import JournalStore
from data.shelf import PackShelf, ShelfStore
from station.errors import ErrorCode, StationError
from station.feed import ShelfPage
from tests.fakes import pack, product


def test_goods_come_change_and_go(journal: JournalStore) -> None:
    shelf = ShelfStore(journal.database)
    assert (shelf.cursor(), shelf.count(), shelf.product(product(1).barcode)) == ("", 0, None)
    shelf.apply(ShelfPage("c1", (product(1), product(2)), ()))
    assert shelf.product(product(2).barcode) == product(2)
    dearer = replace(product(1, 999), barcode="6261234567890")
    shelf.apply(ShelfPage("c2", (dearer,), ("p2",)))
    assert shelf.product(product(1).barcode) is None
    assert shelf.product("6261234567890") == dearer
    assert list(shelf.products(10)) == [dearer]
    assert (shelf.cursor(), shelf.count()) == ("c2", 1)


def test_packs_only_rise(journal: JournalStore) -> None:
    packs = PackShelf(journal.database)
    with pytest.raises(StationError) as caught:
        packs.current()
    assert caught.value.code is ErrorCode.PACK_MISSING
    packs.install(1, msgspec.json.encode(pack(1)), b"s")
    assert packs.current() == pack(1)
    packs.install(3, msgspec.json.encode(pack(3)), b"s")
    assert packs.current() == pack(3)
    assert packs.pack(1) == pack(1)
    for number, document in ((2, pack(2)), (3, pack(3)), (9, pack(4))):
        with pytest.raises(ValueError, match="in force is 3"):
            packs.install(number, msgspec.json.encode(document), b"s")
    with pytest.raises(msgspec.ValidationError, match="missing required field"):
        packs.install(5, b'{"number": 5}', b"s")
    assert packs.number() == 3
    with pytest.raises(StationError):
        packs.pack(7)
