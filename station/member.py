"""Members: the person's account as the counter may know it, and what the engine may know of it."""

from dataclasses import dataclass, field

from station.bonus import Birth
from station.told import NOTHING_TOLD, Told


@dataclass(frozen=True, slots=True)
class Member:
    """One account of the club, as cached at the station.

    ``tier`` is a tier id of the rule pack, ``points`` the spendable balance as known now (head
    office's figure plus this station's own entries after it), ``last_visit`` a local Gregorian
    date or "" when there was none, ``segments`` the groups head office put the member in,
    ``purchases`` how many there were, ``told`` what they told of tastes, area and consents,
    ``answers`` the ids of what they asked and are to be answered at the counter. Personal fields stay out of ``repr``.
    """

    member_id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    tier: str
    points: int
    last_visit: str = ""
    segments: tuple[str, ...] = ()
    birth: Birth | None = field(default=None, repr=False)
    purchases: int = 0
    told: Told = field(default=NOTHING_TOLD, repr=False)
    answers: tuple[str, ...] = ()

    def snapshot(self) -> "MemberSnapshot":
        """Return what the engine may see of this member: no name, no phone."""
        return MemberSnapshot(
            self.member_id, self.tier, self.points, self.segments, self.birth, self.purchases)


@dataclass(frozen=True, slots=True)
class MemberSnapshot:
    """The member as the engine's input, stored in the sale: ids and numbers only.

    ``points`` are those that may be spent; ``birth`` is a day and month, no year; ``purchases`` is
    how many there were before this sale.
    """

    member_id: str
    tier: str = ""
    points: int = 0
    segments: tuple[str, ...] = ()
    birth: Birth | None = field(default=None, repr=False)
    purchases: int = 0
