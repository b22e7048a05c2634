"""What a label says is what is paid: in the basket, in the price, in the sale and in its return."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.basket import Basket, BasketLine
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.pricing import price
from station.rewards import CheapestOff, FixedPrice, PercentOff
from station.tender import Tender, TenderKind
from station.weighed import Figure, LabelLayout, ean_check
from tests.fakes import (
    CASHIER,
    NAME,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    bought,
    club,
    deal,
    pack,
    product,
)

CHEESE = product(1, 2_500_000, barcode="00123", weighed=True)
BUNS = product(2, 90_000, barcode="00200", tax_included=False, tax_percent="10")
LAYOUTS = (LabelLayout("21", 5, Figure.WEIGHT, 5), LabelLayout("22", 5, Figure.PRICE, 5, unit=10))


def label(digits: str) -> str:
    return digits + ean_check(digits)


class Shop:
    def __init__(self) -> None:
        self.journal = MemoryJournal()
        self.counter = Counter(Place("12-1", "12", NAME), World(
            FixedClock(), bytes, MemoryMembers(), MemoryShelf({each.barcode: each for each in (CHEESE, BUNS)}),
            MemoryPacks(pack(promotions=())), self.journal, labels=LAYOUTS))
        self.counter.open_shift(CASHIER, 0)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def total(shop: Shop) -> int:
    priced = shop.counter.priced()
    assert priced
    return priced.total


def test_a_weight_is_charged_at_the_price_of_a_kilogram(shop: Shop) -> None:
    line = shop.counter.scan(label("210012300324"))
    assert (line.quantity, line.labelled, line.pieces) == (324, None, 1)
    assert total(shop) == 810_000


def test_a_price_is_charged_to_the_rial_whatever_the_weight_comes_to(shop: Shop) -> None:
    line = shop.counter.scan(label("220012312345"))
    assert (line.quantity, line.labelled, line.pieces) == (49, 123_450, 1)  # 0.04938 kg; 49 g would be 122 500
    assert total(shop) == 123_450


def test_the_tax_is_in_the_price_of_a_label(shop: Shop) -> None:
    shop.counter.scan(label("220020011000"))
    priced = shop.counter.priced()
    assert priced
    assert (priced.total, priced.tax) == (110_000, 10_000)
    shop.counter.scan(BUNS.barcode)  # the same good from the shelf: 90 000 and 9 000 tax
    assert total(shop) == 209_000


def test_each_packet_is_a_line_of_its_own_and_stays_as_it_is(shop: Shop) -> None:
    first = shop.counter.scan(label("220020011000"))
    second = shop.counter.scan(label("220020011000"))
    third = shop.counter.scan(BUNS.barcode)
    assert [line.line for line in (first, second, third)] == [1, 2, 3]
    before = shop.counter.basket
    with refused(ErrorCode.LABEL_FIXED):
        shop.counter.set_quantity(1, 2_000)
    assert shop.counter.basket == before
    shop.counter.set_quantity(3, 2_000)


def test_a_weight_of_nothing_is_not_sold(shop: Shop) -> None:
    with refused(ErrorCode.QUANTITY_INVALID):
        shop.counter.scan(label("210012300000"))
    assert shop.counter.basket is None or not shop.counter.basket.lines


def test_a_packet_that_was_removed_comes_back_with_its_label(shop: Shop) -> None:
    shop.counter.scan(label("220012312345"))
    removed = shop.counter.remove(1)
    shop.counter.put_back(removed.line, removed.by_hand)
    assert total(shop) == 123_450


def test_it_is_sold_for_what_the_label_says(shop: Shop) -> None:
    shop.counter.scan(label("220012312345"))
    sale = shop.counter.settle([Tender(TenderKind.CASH, 123_450)], CASHIER).sale
    assert (sale.priced.total, sale.basket.lines[0].labelled) == (123_450, 123_450)


def labelled(basket: Basket, *labels: int | None) -> Basket:
    """``basket`` with what the labels of its lines say."""
    return replace(basket, lines=tuple(
        replace(line, labelled=said) for line, said in zip(basket.lines, labels, strict=True)))


def test_promotions_are_given_on_what_the_label_says() -> None:
    basket = labelled(bought((CHEESE, 49), product(3, 1_000)), 123_450, None)
    assert price(club(deal("ten", PercentOff("10"))), basket).total == 112_005  # 124 450 less 12 445
    assert price(club(deal("fixed", FixedPrice(100_000))), basket).total == 5_900  # 49 g at 100 000 the kilogram
    assert price(club(deal("cheap", CheapestOff())), basket).total == 123_450


@given(st.permutations([(49, 123_450), (49, 123_451), (50, 123_450), (49, None)]))
def test_the_order_of_scans_changes_nothing(packets: list[tuple[int, int | None]]) -> None:
    basket = labelled(bought(*((CHEESE, grams) for grams, _ in packets)), *(said for _, said in packets))
    rules = club(deal("third", PercentOff("33")), deal("cheap", CheapestOff("50", 2), stage=2))
    assert price(rules, basket).total == price(rules, labelled(
        bought((CHEESE, 49), (CHEESE, 49), (CHEESE, 50), (CHEESE, 49)), 123_450, 123_451, 123_450, None)).total


def test_a_part_of_a_packet_is_that_part_of_its_price() -> None:
    line = BasketLine(1, CHEESE, 49, "", 123_450)
    assert line.of(49) == line
    assert line.of(10).labelled == 25_194  # 123 450 × 10 / 49 = 25 193.9
    assert BasketLine(1, CHEESE, 500).of(250) == BasketLine(1, CHEESE, 250)
    assert BasketLine(1, CHEESE, 500, "", 0).of(250).labelled == 0


def test_a_label_below_nothing_is_no_line() -> None:
    with pytest.raises(ValueError, match="label"):
        BasketLine(1, CHEESE, 49, "", -1)


