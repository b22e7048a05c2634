"""Rule packs: the numbered document that says what the club gives, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum

from station.money import percent
from station.text import Text

PACK_VERSION = 1


class RewardKind(StrEnum):
    """What a promotion gives."""

    PERCENT = "PERCENT"


@dataclass(frozen=True, slots=True)
class Tier:
    """A rung of the club, lowest ``rank`` first."""

    id: str
    rank: int
    name: Text


@dataclass(frozen=True, slots=True)
class Reward:
    """What is given: for ``PERCENT`` that percentage of the tax-included amounts in scope."""

    kind: RewardKind
    percent: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the percentage is not one, or more than 100."""
        if percent(self.percent) > 1:
            message = f"a reward of more than 100 percent: {self.percent!r}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion: a ``reward`` for members of ``tiers`` (empty: for everybody), in a ``stage``."""

    id: str
    name: Text
    stage: int
    reward: Reward
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarningRule:
    """``points`` for every full ``per`` minor units of what the member pays; floor comes last."""

    id: str
    name: Text
    points: int
    per: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless both figures are positive."""
        if self.points <= 0 or self.per <= 0:
            message = f"earning rule {self.id}: points and per must be positive"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Pack:
    """The club's rules under one ``number``; a higher number replaces a lower one.

    ``version`` is that of the document's form; ``currency`` an ISO 4217 code.
    """

    version: int
    number: int
    currency: str
    tiers: tuple[Tier, ...]
    promotions: tuple[Promotion, ...]
    earning: tuple[EarningRule, ...]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on an unknown version, a double id or a tier that is not defined."""
        if self.version != PACK_VERSION:
            message = f"pack version {self.version}, expected {PACK_VERSION}"
            raise ValueError(message)
        known = {tier.id for tier in self.tiers}
        ids = [promotion.id for promotion in self.promotions] + [rule.id for rule in self.earning]
        if len(set(ids)) != len(ids) or len(known) != len(self.tiers):
            message = "an id stands twice in the pack"
            raise ValueError(message)
        for promotion in self.promotions:
            for tier in promotion.tiers:
                if tier not in known:
                    message = f"promotion {promotion.id} names the unknown tier {tier!r}"
                    raise ValueError(message)

    def tier(self, tier_id: str) -> Tier | None:
        """Return the tier called ``tier_id``, or None when the pack does not know it."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)
