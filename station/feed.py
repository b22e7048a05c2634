"""What comes down from head office, as the station's own values: pages of changes with a cursor."""

from dataclasses import dataclass

from station.card import CardLink
from station.journal import Position
from station.member import Member
from station.product import Product


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member with the complete list of the cards that open the account."""

    member: Member
    cards: tuple[CardLink, ...]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Changes of members. ``cursor`` is where the feed stands after this page.

    ``projected`` is up to which entry of this station's journal the points and purchases of the page,
    and of all members before it, count. ``gone`` are member ids to forget.
    """

    cursor: str
    projected: Position
    changed: tuple[MemberRecord, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """Changes of goods; ``gone`` are product ids no longer sold."""

    cursor: str
    changed: tuple[Product, ...]
    gone: tuple[str, ...]
