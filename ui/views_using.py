"""What the counter shows of using points, rewards and coupons: frozen values of finished text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointsView:
    """Paying with points. ``source`` says how many can be spent and who says so, ``rules`` what they are worth.

    ``most`` is the most they pay of this purchase, or why they pay nothing of it; ``amount`` is what
    the field begins with, "" when nothing can be paid; ``used`` what they pay now, "" when nothing.
    """

    source: str
    rules: str
    most: str
    amount: str
    used: str


@dataclass(frozen=True, slots=True)
class RewardView:
    """A reward for points: ``said`` is its price, what it gave, or why it is not given.

    ``can`` be taken (once more), ``taken`` be given back.
    """

    promotion: str
    name: str
    said: str
    can: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class CouponView:
    """A coupon: what it is called, and what is ``said`` of it.

    One that is ``taken`` was shown and can be taken out, with what it brings; another lies ready for the member.
    """

    code: str
    name: str
    said: str
    taken: bool


@dataclass(frozen=True, slots=True)
class UsingView:
    """All of it. ``member`` is the name, "" without one: then ``points`` says to show the card.

    ``news`` is what the last action brought, ``problem`` why it was refused; one of the two is "".
    """

    member: str
    points: PointsView
    rewards: tuple[RewardView, ...]
    coupons: tuple[CouponView, ...]
    can_pay: bool
    wallet: bool
    news: str = ""
    problem: str = ""
