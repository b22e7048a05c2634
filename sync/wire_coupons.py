"""Messages about a coupon that another station gave, asked at the counter where it is shown. As ``sync.wire``."""

from typing import Annotated

import msgspec

from station.coupons import CouponState
from sync.wire import API, Message

COUPONS_PATH = f"{API}/coupons/called"

CouponNumber = Annotated[str, msgspec.Meta(pattern="^C[0-9]{12}$")]


class CouponAsked(Message, frozen=True, kw_only=True):
    """The query: what is printed of a coupon (``station.coupons.coupon_number``)."""

    number: CouponNumber


class CouponAnywhere(Message, frozen=True, kw_only=True):
    """A coupon that a sale gave, its ``code`` there; it opens ``promotion`` through the local day ``last_day``.

    ``member_id`` is who alone may use it, "" for whoever brings it.
    """

    code: str
    promotion: str
    last_day: str
    member_id: str
    state: CouponState


class CouponsCalled(Message, frozen=True, kw_only=True):
    """All coupons with that number, as far as their stations sent what they did; hardly ever more than one."""

    coupons: tuple[CouponAnywhere, ...]
