"""Promotions and earning rules: when they apply, what they give, and how often. Rules: design "Promotions"."""

from dataclasses import dataclass

from station.card import CardTier
from station.lots import LotTerms
from station.product import ALL_GOODS, Scope
from station.rewards import Gift, NextCoupon, PointsForm, Reward, require_at_least
from station.tender import TenderKind
from station.text import Text
from station.windows import BirthdayWindow, DateSpan, HourSpan, Weekday


@dataclass(frozen=True, slots=True)
class QuantityWindow:
    """From ``least`` through ``most`` pieces that are paid (None: no upper end), of ``scope`` (None: the counted)."""

    least: int = 0
    most: int | None = None
    scope: Scope | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a window that is empty or no window at all."""
        if self.least < 0 or (self.most is None and not self.least) or (
                self.most is not None and self.most < self.least):
            message = f"a quantity window runs from {self.least} through {self.most}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least total of the goods of ``scope`` (None: the counted); ``before_tax``: less the tax of each rate in them."""

    amount: int
    before_tax: bool = False
    scope: Scope | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the amount is positive."""
        require_at_least("amount", self.amount, 1)


@dataclass(frozen=True, slots=True)
class CouponTerm:
    """A coupon is needed: one of the common ``codes``, or, when ``issued``, one made for this promotion."""

    codes: tuple[str, ...] = ()
    issued: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when no coupon could ever do."""
        if not self.codes and not self.issued:
            message = "a coupon needs codes, or to be issued"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class When:
    """All conditions of a rule; what is left out does not matter.

    ``card`` is the least that the card shown must prove; ``visits`` which purchases of the member
    count (1 is the first). ``counted`` are the goods that ``quantity``, ``minimum``, steps, groups
    and the X of buy-get count; left out, those of the reward.
    """

    dates: tuple[DateSpan, ...] = ()
    hours: tuple[HourSpan, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    shops: tuple[str, ...] = ()
    members_only: bool = False
    tiers: tuple[str, ...] = ()
    card: CardTier | None = None
    segments: tuple[str, ...] = ()
    birthday: BirthdayWindow | None = None
    visits: tuple[int, ...] = ()
    payments: tuple[TenderKind, ...] = ()
    coupon: CouponTerm | None = None
    counted: Scope | None = None
    quantity: QuantityWindow | None = None
    minimum: Minimum | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a visit before the first."""
        if any(visit < 1 for visit in self.visits):
            message = f"visits count from 1: {self.visits}"
            raise ValueError(message)

    def quantity_scope(self, counted: Scope) -> Scope:
        """Return the goods whose pieces ``quantity`` counts, where a rule counts those of ``counted``."""
        return (self.quantity and self.quantity.scope) or counted

    def minimum_scope(self, counted: Scope) -> Scope:
        """Return the goods whose total ``minimum`` asks for."""
        return (self.minimum and self.minimum.scope) or counted

    @property
    def for_members(self) -> bool:
        """Whether only a member can fulfil this."""
        return bool(self.members_only or self.tiers or self.segments or self.birthday or self.visits
                    or self.card is not None)


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sales of a member, of a member's day, of a day and in all get it; ``budget`` in minor units."""

    per_member: int | None = None
    per_member_day: int | None = None
    per_day: int | None = None
    in_all: int | None = None
    budget: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a limit below 1."""
        for name in ("per_member", "per_member_day", "per_day", "in_all", "budget"):
            value = getattr(self, name)
            if value is not None:
                require_at_least(name, value, 1)


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Cost:
    """Points the member pays for the reward, each time it is chosen.

    With ``per_pieces``, for every such number of free pieces, full or not.
    """

    points: int
    per_pieces: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the points are positive."""
        require_at_least("points", self.points, 1)
        require_at_least("per_pieces", self.per_pieces, 0)


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion of the pack.

    Promotions of a lower ``stage`` come first; of those that share a ``group`` ("" is none) at
    most one applies. One that has a ``cost`` applies only when the member chooses it.
    """

    id: str
    name: Text
    reward: Reward
    stage: int = 1
    group: str = ""
    when: When = ALWAYS
    limits: Limits = UNLIMITED
    cost: Cost | None = None
    off: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a stage below 1 or a cost or budget that cannot be counted."""
        require_at_least("stage", self.stage, 1)
        form = self.reward.form
        if self.cost and self.cost.per_pieces and not self.free_goods:
            message = "only free goods have a cost per pieces"
            raise ValueError(message)
        if self.limits.budget is not None and isinstance(form, PointsForm):
            message = "a budget of money is for rewards of money"
            raise ValueError(message)
        if isinstance(form, NextCoupon) and not self.reward.scope.everything:
            message = "a coupon is for no goods in particular: its conditions go into 'when'"
            raise ValueError(message)

    @property
    def counted(self) -> Scope:
        """The goods its conditions count."""
        return self.when.counted or self.reward.scope

    @property
    def free_goods(self) -> bool:
        """Whether it makes pieces free, and so comes first in its stage."""
        return self.reward.buy_get is not None or isinstance(self.reward.form, Gift)


@dataclass(frozen=True, slots=True)
class EarningRule:
    """``points`` for every full ``per`` minor units that the member pays for the goods of ``scope``.

    ``per`` 0 makes it a fixed bonus, once a sale. ``before_tax``: the base is less the tax in it.
    Its minimum and quantity are judged at the end, on what is paid. Of those that share a
    ``group`` only the one with the most points counts. ``terms`` are those of its lots.
    """

    id: str
    name: Text
    points: int
    per: int = 0
    scope: Scope = ALL_GOODS
    when: When = ALWAYS
    group: str = ""
    before_tax: bool = False
    terms: LotTerms | None = None
    off: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the points are positive and ``per`` is not negative."""
        require_at_least("points", self.points, 1)
        require_at_least("per", self.per, 0)

    @property
    def counted(self) -> Scope:
        """The goods its conditions count."""
        return self.when.counted or self.scope
