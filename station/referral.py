"""Referral: who invited whom, over several levels, with a cap and a ring check.

Rules: requirement "growth by referral" and design "the club's cycle". A bonus is an EARN of the
points ledger; its key names the invited member and the level, so it is given once for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from station.lots import LotTerms
from station.points import Earn

RULE = "referral"


class InviteRefusal(StrEnum):
    """Why an invitation does not count."""

    SELF = "SELF"
    RING = "RING"
    ALREADY_INVITED = "ALREADY_INVITED"


@dataclass(frozen=True, slots=True)
class ReferralRules:
    """``points`` for the inviter, the inviter's inviter and so on, at the invited one's first purchase.

    ``least`` is what that purchase must reach (minor units); ``most`` the points one member gains
    by referral in one year of the shop's calendar (None: no cap). ``terms`` are those of the lots.
    """

    points: tuple[int, ...]
    least: int = 0
    most: int | None = None
    terms: LotTerms | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without levels, or on a figure that is negative."""
        if not self.points or min(self.points) < 0 or self.least < 0 or (self.most or 0) < 0:
            message = f"referral gives {self.points}, from {self.least}, at most {self.most}"
            raise ValueError(message)


def upline(invited_by: Mapping[str, str], member: str, levels: int) -> tuple[str, ...]:
    """Return at most ``levels`` inviters above ``member``, nearest first, ending before a ring closes."""
    line = [member]
    while len(line) <= levels:
        above = invited_by.get(line[-1])
        if above is None or above in line:
            break
        line.append(above)
    return tuple(line[1:])


def refuse_invite(invited_by: Mapping[str, str], member: str, inviter: str) -> InviteRefusal | None:
    """Return why ``inviter`` cannot have invited ``member``, or None when that is fine."""
    if inviter == member:
        return InviteRefusal.SELF
    if member in invited_by:
        return InviteRefusal.ALREADY_INVITED
    if member in upline(invited_by, inviter, len(invited_by)):
        return InviteRefusal.RING
    return None


def referral_bonuses(
    rules: ReferralRules, member: str, day: str, invited_by: Mapping[str, str], gained: Mapping[str, int],
) -> tuple[Earn, ...]:
    """Return the bonuses due when invited ``member`` makes the first purchase on ``day``.

    ``gained`` is what each inviter has gained by referral this year; the cap cuts what goes above
    it. Each bonus is a "sale" of its own, so a ``Return`` that names its key takes it back.
    """
    made = []
    for level, (account, points) in enumerate(
            zip(upline(invited_by, member, len(rules.points)), rules.points, strict=False), 1):
        left = points if rules.most is None else min(points, rules.most - gained.get(account, 0))
        if left > 0:
            key = f"{RULE}/{member}/{level}"
            made.append(Earn(key, account, day, left, RULE, sale=key, terms=rules.terms))
    return tuple(made)
