"""What training is played with: the shop's own goods, rules and people, and members who were made up.

No real member comes into it: neither a row of the book nor the number of a card. Any card of the
club stands for one of the made-up members, always for the same one; some stand for nobody, so that
an unknown card and enrolling can be practised.
"""

from collections.abc import Sequence

from data.database import Database
from data.member_file import CurrentMembers
from station.card import Card, CardStatus
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.member import Member

COPIED = ("product", "barcode", "pack", "staff", "staff_pin")
"""Tables of ``journal.db`` that hold no member."""

PAGE = 5_000
STRANGE = 4
"""Cards stand for one member more than there are made up, for each this many: that one is nobody."""

FIRST_NAMES = ("مریم", "رضا", "زهرا", "امیر", "نرگس", "علی")
LAST_NAMES = ("آموزشی", "نمونه‌زاده", "فرضی‌نژاد", "تمرینی")


def copy_shop(source: Database, target: Database) -> None:
    """Copy goods, rule packs and people from one ``journal.db`` into a fresh one. Raises ``StationError`` 4xx."""
    for table in COPIED:
        at = 0
        while rows := source.rows(f"SELECT * FROM {table} LIMIT ? OFFSET ?", (PAGE, at)):  # noqa: S608 - our names
            places = ", ".join("?" * len(rows[0]))
            with target.writing():
                target.execute_many(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our names
            at += len(rows)


def made_up(tiers: Sequence[str]) -> tuple[Member, ...]:
    """Return the members of training, spread over ``tiers`` (ids of the pack, lowest first)."""
    names = [f"{first} {last}" for last in LAST_NAMES for first in FIRST_NAMES]
    ladder = tiers or ("",)
    return tuple(
        Member(_id(place), name, f"0900000{place:04d}", ladder[place % len(ladder)], place * 150, purchases=place)
        for place, name in enumerate(names, start=1))


def first_page(members: Sequence[Member], journal: Position) -> MemberPage:
    """Return the only page of the training's member book; ``journal`` is where its journal stands."""
    return MemberPage("", journal, tuple(MemberRecord(each, ()) for each in members), (), Stamp(1, 0), last=True)


class TrainingMembers(CurrentMembers):
    """A book of ``made_up`` members in which every card of the club stands for somebody, or for nobody."""

    def card(self, number: str) -> Card | None:
        """Return the card, or whom it stands for."""
        return self.card_of(self.card_hash(number))

    def card_of(self, card: int) -> Card | None:
        """Return the card, or whom it stands for."""
        return super().card_of(card) or self._stand_in(card)

    def _stand_in(self, card: int) -> Card | None:
        count = self.count()
        place = card % (count + count // STRANGE) + 1 if count else 1
        return Card(_id(place), CardStatus.ACTIVE) if place <= count else None


def _id(place: int) -> str:
    return f"training-{place}"
