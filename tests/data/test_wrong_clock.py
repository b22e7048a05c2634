"""A clock that jumps back: selling goes on, entries keep what the clock said, and no figure goes astray."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from data.verify import verify
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import EntryKind
from station.shift import CountReason
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, moment, product
from tests.rigs.shop import Shop, goods_page, rules

TODAY = "2026-11-22"
HOURS_BACK, DAYS_BACK, NO_BATTERY = moment(TODAY, 9), moment("2026-11-19"), moment("1970-01-01", 4)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop at two in the afternoon, whose rules came into force at noon, with a shift open."""
    with closing(Shop(tmp_path)) as made:
        pack = replace(rules(1), effective_us=moment(TODAY, 12).utc_us)
        made.rules.install(pack, msgspec.json.encode(pack), b"signature")
        made.goods.apply(goods_page(1))
        made.clock.moment = moment(TODAY, 14)
        made.counter.open_shift(CASHIER, 0)
        yield made


def sell(shop: Shop) -> int:
    shop.counter.scan(product(9).barcode)
    priced = shop.counter.priced()
    assert priced
    return shop.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).place


@pytest.mark.parametrize("wrong", [HOURS_BACK, DAYS_BACK, NO_BATTERY], ids=["hours", "days", "years"])
def test_selling_goes_on_whatever_the_clock_says(shop: Shop, wrong: Moment) -> None:
    places = [sell(shop)]
    shop.clock.moment = wrong
    places += [sell(shop), sell(shop)]
    shop.clock.moment = moment(TODAY, 15)
    places.append(sell(shop))
    # OPENED is entry 1, the shift 2: the order is that of the sales, not of the clock
    assert places == [3, 4, 5, 6]
    sales = [shop.journal.sale(place) for place in places]
    assert [sale.at.date for sale in sales] == [TODAY, wrong.date, wrong.date, TODAY]
    assert sales[1].at.utc_us < sales[0].at.utc_us
    assert {sale.body.business_date for sale in sales} == {TODAY}
    assert {sale.body.basket.pack for sale in sales} == {1}
    assert len({sale.body.sale_id for sale in sales}) == 4
    assert len(shop.journal.facts(TODAY, TODAY)) == 4
    assert list(verify(shop.journal)) == []


@pytest.mark.parametrize("wrong", [DAYS_BACK, NO_BATTERY], ids=["days", "years"])
def test_a_shift_opened_on_a_wrong_day_is_reported_on_that_day(shop: Shop, wrong: Moment) -> None:
    sell(shop)
    shop.clock.moment = wrong
    shop.drawer.close(None, CountReason.NOT_COUNTED, CASHIER)
    assert shop.counter.open_shift(CASHIER, 0).business_date == wrong.date
    sell(shop)
    shop.clock.moment = moment(TODAY, 15)
    sell(shop)
    assert [len(shop.journal.facts(day, day)) for day in (TODAY, wrong.date)] == [1, 2]
    assert shop.drawer.close(None, CountReason.NOT_COUNTED, CASHIER).number == 2
    assert list(verify(shop.journal)) == []


def test_without_any_sale_there_are_no_rules_before_their_moment(shop: Shop) -> None:
    shop.clock.moment = HOURS_BACK  # nine in the morning: the rules come into force at noon
    with pytest.raises(StationError) as caught:
        shop.counter.scan(product(9).barcode)
    assert caught.value.code is ErrorCode.PACK_MISSING


def test_a_basket_in_hand_is_found_again_on_a_clock_that_went_back(shop: Shop, tmp_path: Path) -> None:
    sell(shop)
    shop.counter.scan(product(9).barcode)
    shop.close()
    with closing(Shop(tmp_path)) as again:
        again.clock.moment = NO_BATTERY
        found = again.counter.recover()
        assert found
        assert (found.lines, found.reopened) == (1, True)
        assert sell(again) == 4
        assert [stored.kind for stored in again.journal.entries(2, 10)] == [EntryKind.SALE] * 2
