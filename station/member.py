"""Members: the person's account as the counter may know it, and what the engine may know of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """One account of the club, as cached at the station.

    ``tier`` is a tier id of the rule pack, ``points`` the spendable balance as known now (head
    office's figure plus this station's own entries after it), ``last_visit`` a local Gregorian
    date or "" when there was none. Personal fields stay out of ``repr``.
    """

    member_id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    tier: str
    points: int
    last_visit: str = ""

    def snapshot(self) -> "MemberSnapshot":
        """Return what the engine may see of this member: no name, no phone."""
        return MemberSnapshot(self.member_id, self.tier, self.points)


@dataclass(frozen=True, slots=True)
class MemberSnapshot:
    """The member as the engine's input, stored in the sale: ids and numbers only."""

    member_id: str
    tier: str
    points: int
