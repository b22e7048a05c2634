"""Training: nothing real comes into it but goods, rules and people, and nothing of it leaves its folder."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from data.training import COPIED, TrainingMembers, made_up
from station.card import CardStatus
from station.errors import ErrorCode, StationError
from station.feed import ShelfPage, ShelfRecord, StaffPage
from station.journal import Position, receipt_number
from station.leases import AccountKind
from station.people import Role, StaffRecord
from station.protection import Protection
from station.spending import Hold
from station.tender import Tender, TenderKind
from station.text import Text
from tests.fakes import product
from tests.rigs.issuing_shop import CASHIER, IssuingShop
from tests.rigs.serial_hand import member as club_card
from ui.settings import Settings, read_settings
from ui.training import (
    STORED_VALUE,
    StationKeyPlace,
    Training,
    TrainingOffice,
    begin_training,
    end_training,
    training_printer,
)
from ui.wiring import Memory, make_counter, paired

MILK = product(1, 385_000)
SARA = StaffRecord("sara", Text("سارا", "Sara"), Role.CASHIER, 77, "verifier")


@pytest.fixture
def shop(tmp_path: Path) -> IssuingShop:
    made = IssuingShop(tmp_path)
    with made.open() as memory:
        memory.shelf.apply(ShelfPage("c1", 1, (ShelfRecord(MILK, ("2000001",)),), ()))
        memory.staff.apply(StaffPage("c1", 1, (SARA,), ()))
    return made


@pytest.fixture
def training(shop: IssuingShop) -> Training:
    with shop.open() as memory:
        return begin_training(shop.home, shop.who, memory)


@contextmanager
def opened(training: Training) -> Iterator[Memory]:
    memory = training.open()
    try:
        yield memory
    finally:
        memory.close()


def real_files(shop: IssuingShop) -> dict[str, str]:
    """The real station's files, by what is in them."""
    folder = shop.home.folder
    return {str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
            for each in sorted(folder.rglob("*")) if each.is_file() and "training" not in each.parts}


def sell(training: Training, memory: Memory, card: str = "") -> str:
    """Sell one milk; return the number of its receipt."""
    counter = make_counter(training.who.enrolment, memory, TrainingOffice(memory.members.member))
    if memory.journal.shift() is None:
        counter.open_shift(CASHIER, 0)
    if card:
        counter.identify(memory.members.card(card).member_id)  # type: ignore[union-attr]
    counter.scan(MILK.barcode, 1000)
    quote = counter.quote()
    assert quote is not None
    counter.settle((Tender(TenderKind.CASH, quote.priced.total),), CASHIER)
    head = memory.journal.head()
    return receipt_number(training.who.enrolment.station, Position(head.incarnation, head.seq))


def test_what_is_sold_in_training_changes_no_byte_of_the_real_station(shop: IssuingShop, training: Training) -> None:
    before = real_files(shop)
    assert any(name.endswith("journal.db") for name in before)
    with opened(training) as memory:
        numbers = [sell(training, memory, club_card(3)), sell(training, memory)]
    assert real_files(shop) == before
    assert all(number.startswith("T-12-1-") for number in numbers)
    with shop.open() as memory:
        assert memory.journal.last_sale() is None


def test_goods_rules_and_people_come_along_and_no_member(shop: IssuingShop, training: Training) -> None:
    with opened(training) as memory, shop.open() as real:
        for table in COPIED:
            query = f"SELECT * FROM {table}"  # noqa: S608 - our names
            assert memory.journal.database.rows(query) == real.journal.database.rows(query)
        assert memory.shelf.product("2000001", 0) == MILK
        assert memory.staff.wearing(77) == SARA
        assert [real.members.member(f"m{number}") is None for number in (1, 12)] == [False, False]
        assert [memory.members.member(f"m{number}") for number in (1, 12)] == [None, None]
        assert isinstance(memory.members, TrainingMembers)
        assert memory.members.count() == len(made_up(()))
    raw = b"".join(each.read_bytes() for each in training.home.folder.rglob("*") if each.is_file())
    assert "کاظمی".encode() not in raw


def test_every_card_stands_for_somebody_always_the_same_or_for_nobody(training: Training) -> None:
    numbers = [club_card(place) for place in range(100)]
    with opened(training) as memory:
        first = [memory.members.card(number) for number in numbers]
        assert first == [memory.members.card(number) for number in numbers]
        known = [card for card in first if card]
        assert 0 < len(first) - len(known) < len(first) / 2
        assert all(card.status is CardStatus.ACTIVE and memory.members.member(card.member_id) for card in known)


def test_the_shop_is_marked_and_its_keys_are_new_each_time(shop: IssuingShop, training: Training) -> None:
    mine, real = training.who.enrolment, shop.who.enrolment
    assert (mine.shop_name.fa, mine.shop_name.en) == ("آموزشی · شعبهٔ ونک", "TRAINING · Vanak branch")
    assert mine.own.key != real.own.key
    with shop.open() as memory:
        again = begin_training(shop.home, shop.who, memory)
    assert again.who.enrolment.own.key != mine.own.key
    with pytest.raises(StationError) as refused:
        paired(training.home)
    assert refused.value.code is ErrorCode.NOT_PAIRED


def test_it_begins_from_nothing_each_time_but_keeps_its_settings(shop: IssuingShop, training: Training) -> None:
    with opened(training) as memory:
        sell(training, memory)
    training.home.receipts.mkdir()
    (training.home.receipts / "1.png").write_bytes(b"")
    training.home.settings.write_text('[printer]\nkind = "network"\nhost = "10.0.0.9"\ndrawer = true\n', encoding="utf-8")
    with shop.open() as memory:
        again = begin_training(shop.home, shop.who, memory)
    with opened(again) as memory:
        assert memory.journal.last_sale() is None
    assert not again.home.receipts.exists()
    assert training_printer(again, Settings()).host == "10.0.0.9"
    assert not training_printer(again, Settings()).drawer


def test_without_settings_of_its_own_it_prints_where_the_station_prints(training: Training, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text('[printer]\nkind = "device"\npath = "/dev/usb/lp0"\ndrawer = true\n', encoding="utf-8")
    printer = training_printer(training, read_settings(file))
    assert (printer.path, printer.drawer) == ("/dev/usb/lp0", False)


def test_the_real_key_opens_the_files_of_training_and_no_other_does(shop: IssuingShop, training: Training) -> None:
    assert training.home.keys.held().key != shop.home.keys.held().key
    with pytest.raises(StationError) as lost:
        replace(training.home, places=(StationKeyPlace(bytes(32), Protection.FILE),)).keys.held()
    assert lost.value.code is ErrorCode.KEY_LOST


def test_what_can_be_spent_is_what_the_made_up_members_have(training: Training) -> None:
    with opened(training) as memory:
        office = TrainingOffice(memory.members.member)
        points, wallet = AccountKind.POINTS, AccountKind.WALLET
        assert office.available(points, "training-2") == 300
        assert office.available(points, "nobody") == 0
        assert office.available(wallet, "anything") == STORED_VALUE
        office.reserve(Hold("r1", points, "training-2", 300, "s1"))
        with pytest.raises(StationError) as short:
            office.reserve(Hold("r2", points, "training-2", 301, "s1"))
        assert (short.value.code, short.value.detail) == (ErrorCode.SPENDING_SHORT, {"available": 300})


def test_training_that_never_ended_is_known_and_what_ended_leaves_only_its_settings(shop: IssuingShop) -> None:
    assert not shop.home.training_mark.exists()
    with shop.open() as memory:
        training = begin_training(shop.home, shop.who, memory)
    assert shop.home.training_mark.exists()
    training.home.settings.write_text("", encoding="utf-8")
    training.home.receipts.mkdir()
    end_training(shop.home)
    assert not shop.home.training_mark.exists()
    assert list(training.home.folder.iterdir()) == [training.home.settings]
