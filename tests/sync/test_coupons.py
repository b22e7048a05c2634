"""A coupon of another station over the line: what is told becomes the counter's values."""

from dataclasses import dataclass, field

import msgspec
import pytest

from station.coupons import CouponState, GivenCoupon
from station.errors import ErrorCode, StationError
from sync.coupons import OnlineCoupons
from sync.wire_coupons import CouponAnywhere, CouponAsked, CouponsCalled

TOLD = CouponsCalled(coupons=(
    CouponAnywhere(code="s1/gives", promotion="five", last_day="2026-12-22", member_id="m1", state=CouponState.USED),
    CouponAnywhere(code="s2/gives", promotion="five", last_day="2026-12-23", member_id="", state=CouponState.OPEN)))


@dataclass
class Client:
    """Head office's side: what it was asked, and whether it is closed."""

    asked: list[CouponAsked] = field(default_factory=list)
    closed: bool = False
    is_dead: bool = False

    def coupons_called(self, asked: CouponAsked) -> CouponsCalled:
        self.asked.append(asked)
        if self.is_dead:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
        return TOLD

    def close(self) -> None:
        self.closed = True


def test_what_head_office_tells_is_what_the_counter_judges() -> None:
    client = Client()
    office = OnlineCoupons(client, float)
    assert office.called("C123456789012") == (
        GivenCoupon("s1/gives", "five", "2026-12-22", "m1", CouponState.USED), GivenCoupon("s2/gives", "five", "2026-12-23"))
    assert client.asked == [CouponAsked(number="C123456789012")]
    office.close()
    assert client.closed


def test_a_dead_line_keeps_the_till_waiting_once() -> None:
    client, seconds = Client(is_dead=True), [0.0]
    office = OnlineCoupons(client, lambda: seconds[0])
    for _ in range(3):
        with pytest.raises(StationError):
            office.called("C123456789012")
    assert len(client.asked) == 1
    client.is_dead, seconds[0] = False, 30.0
    assert len(office.called("C123456789012")) == 2


@pytest.mark.parametrize("number", ["", "C12345678901", "D123456789012", "C1234567890123"])
def test_only_a_number_is_asked_for(number: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"number": number}, CouponAsked)
