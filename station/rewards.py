"""What a promotion gives: one form of reward, the goods it is about, and a cap. Money is tax-included."""

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from station.lots import MOST_DAYS, LotTerms
from station.money import percent
from station.product import ALL_GOODS, Scope

_FACTOR = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PercentOff:
    """``rate`` percent of the total of the goods, spread over their lines."""

    rate: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the rate is no percentage from 0 to 100."""
        check_rate(self.rate)


@dataclass(frozen=True, slots=True)
class AmountOff:
    """``amount`` off, once, or for every full group of ``per_pieces`` counted pieces when that is given."""

    amount: int
    per_pieces: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the amount is positive and the group is not negative."""
        require_at_least("amount", self.amount, 1)
        require_at_least("per_pieces", self.per_pieces, 0)


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Each piece (each kilogram of weighed goods) costs ``price``, where it cost more."""

    price: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative price."""
        require_at_least("price", self.price, 0)


@dataclass(frozen=True, slots=True)
class BuyGet:
    """For every ``buy`` counted pieces that are paid, ``get`` pieces of the goods are free.

    ``same``: each product counts by itself. Otherwise pieces mix and the free ones are the
    cheapest by shelf price. Without ``recursive`` it happens once.
    """

    buy: int
    get: int = 1
    same: bool = False
    recursive: bool = True

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless both figures are positive."""
        require_at_least("buy", self.buy, 1)
        require_at_least("get", self.get, 1)


@dataclass(frozen=True, slots=True)
class CheapestOff:
    """``rate`` percent of the ``pieces`` that are cheapest by shelf price."""

    rate: str = "100"
    pieces: int = 1

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the rate is no percentage up to 100, or no piece is meant."""
        check_rate(self.rate)
        require_at_least("pieces", self.pieces, 1)


class StepBasis(StrEnum):
    """What the steps are climbed by: the counted amount, or the counted pieces that are paid."""

    AMOUNT = "AMOUNT"
    QUANTITY = "QUANTITY"


@dataclass(frozen=True, slots=True)
class Step:
    """From ``least`` on: ``rate`` percent off, or ``amount`` off; exactly one of the two."""

    least: int
    rate: str = ""
    amount: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a figure is negative, or not exactly one gift is named."""
        require_at_least("least", self.least, 0)
        require_at_least("amount", self.amount, 0)
        if bool(self.rate) == bool(self.amount):
            message = f"a step has a rate or an amount: {self.rate!r}, {self.amount}"
            raise ValueError(message)
        if self.rate:
            check_rate(self.rate)


@dataclass(frozen=True, slots=True)
class Steps:
    """Only the highest of ``steps`` that is reached applies."""

    by: StepBasis
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless there are steps and they rise."""
        if not self.steps or any(low.least >= high.least for low, high in pairwise(self.steps)):
            message = f"steps rise from one to the next: {[step.least for step in self.steps]}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Gift:
    """``pieces`` of the goods, cheapest first, are free."""

    pieces: int = 1

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when no piece is meant."""
        require_at_least("pieces", self.pieces, 1)


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Points that rate rules earn on the goods are multiplied by ``factor``, a decimal string."""

    factor: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the factor is not an unsigned decimal."""
        factor_of(self.factor)


@dataclass(frozen=True, slots=True)
class BonusPoints:
    """``points`` on top, living by ``terms`` (None: the club's)."""

    points: int
    terms: LotTerms | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the points are positive."""
        require_at_least("points", self.points, 1)


@dataclass(frozen=True, slots=True)
class NextCoupon:
    """A coupon that opens ``promotion`` on a later visit, through ``days`` days after the sale's."""

    promotion: str
    days: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the coupon would end before tomorrow or in a hundred years."""
        if not 1 <= self.days <= MOST_DAYS:
            message = f"a coupon lives 1 to {MOST_DAYS} days: {self.days}"
            raise ValueError(message)


MoneyForm = PercentOff | AmountOff | FixedPrice | CheapestOff | Steps
FreeForm = BuyGet | Gift
PointsForm = Multiplier | BonusPoints | NextCoupon
RewardForm = MoneyForm | FreeForm | PointsForm


@dataclass(frozen=True, slots=True)
class Reward:
    """Exactly one form of reward, on the goods of ``scope``.

    ``cap`` is the most one sale gets: minor units of money; for buy-get, times; for points, points.
    """

    percent: PercentOff | None = None
    amount: AmountOff | None = None
    fixed_price: FixedPrice | None = None
    buy_get: BuyGet | None = None
    cheapest: CheapestOff | None = None
    steps: Steps | None = None
    gift: Gift | None = None
    multiplier: Multiplier | None = None
    bonus: BonusPoints | None = None
    coupon: NextCoupon | None = None
    scope: Scope = ALL_GOODS
    cap: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless exactly one form is given, or when it can have no such cap."""
        forms = [name for name in FORMS if getattr(self, name) is not None]
        if len(forms) != 1:
            message = f"a reward has exactly one of {', '.join(FORMS)}: {', '.join(forms) or 'none'}"
            raise ValueError(message)
        if self.cap is not None:
            require_at_least("cap", self.cap, 1)
            if self.gift or self.coupon:
                message = f"a {forms[0]} has no cap"
                raise ValueError(message)

    @property
    def form(self) -> RewardForm:
        """The one form that is given."""
        found: RewardForm = next(
            form for name in FORMS if (form := getattr(self, name)) is not None)
        return found


FORMS = tuple(field.name for field in fields(Reward) if field.name not in ("scope", "cap"))


@lru_cache(maxsize=256)
def factor_of(text: str) -> Fraction:
    """Return the exact value of the decimal string ``text``. Raises ``ValueError`` when it is none."""
    if not _FACTOR.fullmatch(text):
        message = f"not a factor: {text!r} (expected a decimal such as '1.5')"
        raise ValueError(message)
    return Fraction(text)


def check_rate(rate: str) -> None:
    """Raise ``ValueError`` when ``rate`` is not a percentage of at most 100."""
    if percent(rate) > 1:
        message = f"more than 100 percent: {rate!r}"
        raise ValueError(message)


def require_at_least(name: str, value: int, least: int) -> None:
    """Raise ``ValueError`` when ``value`` is below ``least``."""
    if value < least:
        message = f"{name} is {value}, expected at least {least}"
        raise ValueError(message)
