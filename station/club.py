"""How a club's points, tiers, bonuses and stored value live: the rules beside prices, as one value."""

from dataclasses import dataclass

from station.bonus import BirthdayRules, StampRules
from station.posting import LedgerRules
from station.referral import ReferralRules
from station.stored_value import ValueRules
from station.tiers import TierPolicy


@dataclass(frozen=True, slots=True)
class ClubRules:
    """What is None is not part of the club."""

    ledger: LedgerRules = LedgerRules()  # noqa: RUF009 - frozen
    tiers: TierPolicy | None = None
    referral: ReferralRules | None = None
    birthday: BirthdayRules | None = None
    stamps: StampRules | None = None
    value: ValueRules = ValueRules()  # noqa: RUF009 - frozen
