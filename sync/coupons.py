"""Head office as the counter asks it for a coupon that is not known here: briefly, the customer stands there."""

from collections.abc import Callable, Sequence
from typing import Protocol

from station.coupons import GivenCoupon
from sync.patience import Patience
from sync.wire_coupons import CouponAsked, CouponsCalled


class CouponClient(Protocol):
    """The part of head office that knows coupons."""

    def coupons_called(self, asked: CouponAsked) -> CouponsCalled:
        """Return the coupons with a printed number."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class OnlineCoupons:
    """``station.coupons.CouponOffice``: coupons of all stations; after a silence it is offline for a while, so no till waits twice."""

    def __init__(self, client: CouponClient, clock: Callable[[], float]) -> None:
        """Ask ``client``, whose answers are awaited briefly; ``clock`` counts seconds and never goes back."""
        self._client = client
        self._patience = Patience(clock)

    def called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the coupons with this printed number, with what became of them. Raises ``StationError`` 5xx."""
        told = self._patience.asked(lambda: self._client.coupons_called(CouponAsked(number=number)))
        return tuple(
            GivenCoupon(each.code, each.promotion, each.last_day, each.member_id, each.state) for each in told.coupons)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
