"""Rule packs: the numbered document that says what the club gives and asks, as frozen values.

The JSON form is the one of these classes, field by field; docs/pricing.md describes it and
docs/pack.schema.json is its schema. ``version`` is that of the form: a program refuses a version
it does not know rather than overlook a condition it cannot read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from station.admission import AdmissionPolicy
from station.card import CardTier
from station.club import ClubRules
from station.drawer_rules import DrawerRules
from station.money import percent
from station.people import Role
from station.promotion import EarningRule, Promotion
from station.redemption import RedemptionRules
from station.return_rules import ReturnRules
from station.text import Text

PACK_VERSION = 1
HAND, POINTS, ROUNDING = "hand", "points", "rounding"  # rules of a result that no pack defines
MOST_ID = 40
_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_ID - 1}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tier:
    """A rung of the club, lowest ``rank`` first."""

    id: str
    rank: int
    name: Text


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax of the country under an ``id`` that goods may name; ``percent`` a decimal string."""

    id: str
    name: Text
    percent: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the percentage is not one."""
        percent(self.percent)


@dataclass(frozen=True, slots=True)
class CardCap:
    """The most points one sale takes from a member whose card proves no more than ``card``.

    It is ``most_points_proven`` (None: no limit) when the member gave a PIN or a one-time code besides.
    """

    card: CardTier
    most_points: int
    most_points_proven: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative figure, or one that would be lower for proving more."""
        if self.most_points < 0:
            message = f"most_points is {self.most_points}, expected at least 0"
            raise ValueError(message)
        if self.most_points_proven is not None and self.most_points_proven < self.most_points:
            message = f"most_points_proven is {self.most_points_proven}, expected at least {self.most_points}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class HandLimit:
    """Up to which percent of a line (a decimal string) a person in ``role`` may give by hand, or approve."""

    role: Role
    percent: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the limit is no percentage up to 100."""
        if percent(self.percent) > 1:
            message = f"more than 100 percent: {self.percent!r}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class OfflinePolicy:
    """What a station may do without head office.

    ``lease_points`` and ``lease_value`` (minor units) are the most one lease holds of a member's
    points or wallet, for ``lease_hours``. A cache older than ``stale_hours`` is shown as stale;
    from then on member discounts go on only when ``discounts_when_stale``. ``returns_approved``:
    another station's sale is returned only with a second approval.
    """

    lease_points: int = 0
    lease_value: int = 0
    lease_hours: int = 72
    stale_hours: int = 48
    discounts_when_stale: bool = True
    returns_approved: bool = True

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative figure."""
        if min(self.lease_points, self.lease_value, self.lease_hours, self.stale_hours) < 0:
            message = "a figure of the offline policy is negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Pack:
    """The club's rules under one ``number``; a higher number replaces a lower one.

    ``version`` is that of the document's form, ``currency`` an ISO 4217 code. The pack is in force
    from ``effective_us`` (µs since 1970 UTC) on. ``by_hand`` says what people may give, ``returns`` who
    takes goods back,
    ``card_caps`` what a card is trusted with, ``club`` how points, tiers and stored value live,
    ``drawer`` what a cashier may do with the cash alone. What is paid in cash alone comes down to a
    multiple of ``cash_step`` minor units (0: it does not).
    """

    version: int
    number: int
    currency: str
    tiers: tuple[Tier, ...]
    promotions: tuple[Promotion, ...] = ()
    earning: tuple[EarningRule, ...] = ()
    effective_us: int = 0
    redemption: RedemptionRules | None = None
    card_caps: tuple[CardCap, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    by_hand: tuple[HandLimit, ...] = ()
    admission: AdmissionPolicy = AdmissionPolicy()  # noqa: RUF009 - frozen
    offline: OfflinePolicy = OfflinePolicy()
    club: ClubRules = ClubRules()  # noqa: RUF009 - frozen
    drawer: DrawerRules = DrawerRules()  # noqa: RUF009 - frozen
    texts: dict[str, Text] = field(default_factory=dict)
    returns: ReturnRules = ReturnRules()  # noqa: RUF009 - frozen
    cash_step: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError``, naming path, value and what was expected, at the first thing amiss."""
        for fault in _faults(self):
            raise ValueError(fault)

    def tier(self, tier_id: str) -> Tier | None:
        """Return the tier called ``tier_id``, or None when the pack does not know it."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def entry_tier(self) -> Tier | None:
        """Return the tier a new member starts on: the lowest, or None in a club without tiers."""
        return min(self.tiers, key=lambda tier: tier.rank, default=None)

    def rule_name(self, rule: str) -> Text | None:
        """Return the name of the promotion or earning rule ``rule``, or None for another."""
        rules: tuple[Promotion | EarningRule, ...] = (*self.promotions, *self.earning)
        return next((each.name for each in rules if each.id == rule), None)


def _faults(pack: Pack) -> Iterator[str]:
    """Yield what is amiss with the parts of ``pack`` taken together; each part is sound by itself."""
    if pack.version != PACK_VERSION:
        yield f"$.version: {pack.version}, expected {PACK_VERSION}: another program made this"
    if pack.number < 1:
        yield f"$.number: {pack.number}, expected at least 1"
    if pack.cash_step < 0:
        yield f"$.cash_step: {pack.cash_step}, expected at least 0"
    if not re.fullmatch("[A-Z]{3}", pack.currency, re.ASCII):
        yield f"$.currency: {pack.currency!r}, expected an ISO 4217 code"
    rules = [(f"$.promotions[{i}].id", each.id) for i, each in enumerate(pack.promotions)]
    rules += [(f"$.earning[{i}].id", each.id) for i, each in enumerate(pack.earning)]
    yield from _bad_ids(rules, reserved=(HAND, POINTS, ROUNDING))
    yield from _bad_ids((f"$.tiers[{i}].id", each.id) for i, each in enumerate(pack.tiers))
    yield from _bad_ids((f"$.taxes[{i}].id", each.id) for i, each in enumerate(pack.taxes))
    yield from _bad_ids((f"$.card_caps[{i}].card", each.card.name) for i, each in enumerate(pack.card_caps))
    yield from _bad_ids((f"$.by_hand[{i}].role", each.role.value) for i, each in enumerate(pack.by_hand))
    yield from _unknown_tiers(pack)
    promotions = {each.id: each for each in pack.promotions}
    for i, each in enumerate(pack.promotions):
        coupon = each.reward.coupon
        target = promotions.get(coupon.promotion) if coupon else None
        if coupon and not (target and target.when.coupon and target.when.coupon.issued):
            yield (f"$.promotions[{i}].reward.coupon.promotion: {coupon.promotion!r}, "
                   "expected a promotion that takes issued coupons")


def _bad_ids(found: Iterable[tuple[str, str]], reserved: tuple[str, ...] = ()) -> Iterator[str]:
    seen = dict[str, str]()
    for path, name in found:
        if not _ID.fullmatch(name) or name in reserved:
            yield f"{path}: {name!r}, expected 1 to {MOST_ID} of A-Z a-z 0-9 . _ - and no reserved word"
        if name in seen:
            yield f"{path}: {name!r} stands twice, first at {seen[name]}"
        seen[name] = path


def _unknown_tiers(pack: Pack) -> Iterator[str]:
    known = {tier.id for tier in pack.tiers}
    named = [(f"$.promotions[{i}].when.tiers", tier) for i, each in enumerate(pack.promotions) for tier in each.when.tiers]
    named += [(f"$.earning[{i}].when.tiers", tier) for i, each in enumerate(pack.earning) for tier in each.when.tiers]
    if pack.club.tiers:
        named += [("$.club.tiers.steps", step.tier) for step in pack.club.tiers.steps]
    for path, tier in named:
        if tier not in known:
            yield f"{path}: {tier!r}, expected one of {', '.join(sorted(known)) or 'no tier: there are none'}"
