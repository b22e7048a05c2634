"""A coupon of another till over the whole line: asked for at head office, refused while there is no line."""

from contextlib import closing
from dataclasses import replace

import pytest

from station.coupons import CouponState, GivenCoupon, coupon_number
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.priced import IssuedCoupon
from station.sale import Sale
from tests.line.conftest import Line
from tests.line.test_asking_line import bought
from tests.line.test_spending_line import SARA
from ui.clock import SystemClock
from ui.late import LateCoupons
from ui.wiring import make_counter

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
CODE = "019ab000-0000-7000-8000-000000000001"


def gives(line: Line) -> GivenCoupon:
    """Write a sale to nobody that gave a coupon; the rules of the demo club give none."""
    sold = bought(line)[1].sale
    coupon = GivenCoupon(f"{CODE}/thanks", "five", sold.business_date)
    made: Sale = replace(
        sold, sale_id=CODE, points=(), basket=replace(sold.basket, basket_id=CODE, member=None),
        priced=replace(sold.priced, coupons=(IssuedCoupon("thanks", "five", coupon.code, coupon.last_day),)))
    line.memory.journal.append(Draft(EntryKind.SALE, SystemClock().now(), SARA, made))
    return coupon


def test_head_office_answers_for_a_coupon_and_the_counter_says_why_it_cannot_be_had(line: Line) -> None:
    coupon = gives(line)
    number, strange = coupon_number(coupon.code), coupon_number("nobody's")
    line.exchange()
    line.office.ask("work", "--once")
    with closing(LateCoupons(line.home, line.who)) as office:
        assert office.called(number) == (coupon,)
        assert office.called(strange) == ()
        counter = make_counter(line.who.enrolment, line.memory, coupons=office)
        with pytest.raises(StationError) as unknown:
            counter.use_coupon(strange)
        line.office.stop()
        with pytest.raises(StationError) as offline:
            counter.use_coupon(strange)
        assert counter.use_coupon(number) == replace(coupon, state=CouponState.OPEN)  # known at this till, with or without a line
    assert (unknown.value.code, offline.value.code) == (ErrorCode.COUPON_UNKNOWN, ErrorCode.COUPON_ELSEWHERE)
