"""The engine's answer: what each line costs and why, the points, and why other offers were not given."""

from dataclasses import dataclass
from enum import StrEnum

from station.lots import LotTerms


class RefusalCode(StrEnum):
    """Why a promotion was not given: the first that fails, in this order (design "Promotions")."""

    OFF = "OFF"
    DATE = "DATE"
    HOUR = "HOUR"
    WEEKDAY = "WEEKDAY"
    SHOP = "SHOP"
    MEMBER = "MEMBER"
    TIER = "TIER"
    CARD = "CARD"
    SEGMENT = "SEGMENT"
    BIRTHDAY = "BIRTHDAY"
    VISIT = "VISIT"
    PAYMENT = "PAYMENT"
    COUPON = "COUPON"
    QUANTITY = "QUANTITY"
    MINIMUM = "MINIMUM"
    LIMITS = "LIMITS"
    BUDGET = "BUDGET"
    NOT_CHOSEN = "NOT_CHOSEN"
    POINTS = "POINTS"
    GROUP = "GROUP"
    NOTHING_LEFT = "NOTHING_LEFT"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rule ``rule`` was not given, and why.

    ``have`` and ``need`` are the figures of the code: pieces (QUANTITY), minor units (MINIMUM,
    BUDGET), sales (LIMITS, VISIT), points (POINTS), card tiers (CARD); 0 where a code has none.
    ``other`` is the rule that was given instead (GROUP), "" when none was better.
    """

    rule: str
    code: RefusalCode
    have: int = 0
    need: int = 0
    other: str = ""


class HintKind(StrEnum):
    """What a little more would bring."""

    ONE_MORE_FREE = "ONE_MORE_FREE"
    NEXT_STEP_AMOUNT = "NEXT_STEP_AMOUNT"
    NEXT_STEP_QUANTITY = "NEXT_STEP_QUANTITY"


@dataclass(frozen=True, slots=True)
class Hint:
    """``missing`` more (pieces that would be free, minor units, or pieces) and ``rule`` gives more."""

    rule: str
    kind: HintKind
    missing: int


@dataclass(frozen=True, slots=True)
class Discount:
    """``amount`` taken off line ``line`` by ``rule`` in ``stage``, of what it was taken of: ``base``.

    ``rule`` is a promotion's id, ``hand/N`` for the N-th given by hand (stage 0), ``points`` for
    points paid (the stage after the last) or ``rounding`` for cash (the one after that). ``free``
    counts the pieces it made free.
    """

    line: int
    rule: str
    stage: int
    base: int
    amount: int
    free: int = 0


@dataclass(frozen=True, slots=True)
class Clamp:
    """``lost``: what ``rule`` would have taken off line ``line`` beyond what the line still held.

    Of one given by hand it is what it would have taken off beyond what was approved.
    """

    line: int
    rule: str
    lost: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line after everything: ``listed`` with tax before discounts, ``total`` to be paid."""

    line: int
    listed: int
    discount: int
    total: int
    free: int = 0


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """The tax of all goods of one rate, contained in their total."""

    tax_percent: str
    gross: int
    tax: int


@dataclass(frozen=True, slots=True)
class Multiplied:
    """``points`` that ``promotion`` added to (or took from) an earning rule by its ``factor``."""

    promotion: str
    factor: str
    points: int


@dataclass(frozen=True, slots=True)
class EarnedPoints:
    """``points`` by ``rule`` on ``base`` minor units (0 for a bonus), multipliers among them."""

    rule: str
    base: int
    points: int
    multipliers: tuple[Multiplied, ...] = ()
    terms: LotTerms | None = None


@dataclass(frozen=True, slots=True)
class PaidPoints:
    """``points`` paid for the reward ``rule``; its rule is ``points`` where they paid ``amount`` of the sale."""

    rule: str
    points: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class IssuedCoupon:
    """A coupon that ``rule`` gives: ``code`` opens ``promotion`` through ``last_day``, from the next sale on."""

    rule: str
    promotion: str
    code: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Priced:
    """What the sale costs and earns. Sums: listed − discount = total; tax is contained in total.

    ``applied`` are the promotions that gave something, by id: they count for their limits.
    ``exhaustive`` says whether all combinations of the groups were tried.
    """

    lines: tuple[PricedLine, ...]
    discounts: tuple[Discount, ...]
    clamps: tuple[Clamp, ...]
    taxes: tuple[TaxTotal, ...]
    earned: tuple[EarnedPoints, ...]
    paid_points: tuple[PaidPoints, ...]
    coupons: tuple[IssuedCoupon, ...]
    applied: tuple[str, ...]
    exhaustive: bool
    listed: int
    discount: int
    total: int
    tax: int
    points: int

    @property
    def spent(self) -> int:
        """All points the sale takes from the member."""
        return sum(each.points for each in self.paid_points)


@dataclass(frozen=True, slots=True)
class Quote:
    """``priced`` with what is told about it: refusals in order of rule id, hints, coupons of no promotion."""

    priced: Priced
    refusals: tuple[Refusal, ...]
    hints: tuple[Hint, ...]
    unknown_coupons: tuple[str, ...]
