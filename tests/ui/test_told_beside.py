"""What fails on another thread while the cashier is still at something: it is said beside it, and takes nothing away."""

from dataclasses import replace

import pytest

from station.errors import ErrorCode, StationError
from tests.ui.test_checkout import Station
from tests.ui.till import GOLD_CARD, MILK, Till, tap
from ui.text import Words
from ui.views import Tone


@pytest.fixture
def station() -> Station:
    return Station(Till())


@pytest.mark.parametrize("late", [ErrorCode.PRINTER_UNAVAILABLE, ErrorCode.READER_GONE, ErrorCode.CARD_FORGED])
def test_what_fails_after_the_sale_leaves_the_change_where_it_is(station: Station, late: ErrorCode) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("50000")
    done = station.view.banner
    assert done is not None
    for _ in range(2):
        station.checkout.card_fault("pcsc:reader", StationError(late))
        banner = station.view.banner
        assert banner is not None
        assert banner == replace(done, tone=Tone.WARN, fault=banner.fault)
        assert f"(E{late.value})" in banner.fault
    assert (done.big, done.again) == ("Change 15,350\u00a0toman", True)
    station.checkout.dismiss()
    assert station.view.banner is None


def test_a_refusal_is_no_part_of_what_is_done_next(station: Station) -> None:
    station.checkout.tell(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    station.checkout.tell(StationError(ErrorCode.READER_GONE))
    banner = station.view.banner
    assert banner is not None
    assert (banner.tone, banner.fault) == (Tone.ERROR, "")
    assert station.screen.news == Words("en").error(StationError(ErrorCode.READER_GONE))
