"""What the station itself did to cards and coupons, whom it enrolled or took into a family, what it was told, over the member book until that counts it.

The rows follow from the journal (``data.derived``); each stays for ever, and counts as long as the
member feed has not come past its entry. So a card that was given out or blocked a moment ago is so
at once, also offline, also after a restart, and head office's verdict takes over by itself.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from data.database import Database
from data.own_coupons import OwnCoupons, Wanted, called, of_member
from station.card import Card, CardLink, CardStatus
from station.card_life import CardDeed, Holder, laid_over
from station.coupons import GivenCoupon, standing
from station.journal import Position
from station.member import Member
from station.search import MOST_FOUND, wanted

_DEEDS = "SELECT place, card, member_id, status, was, holder FROM own_card"


def deeds(database: Database, card: int | None) -> list[tuple[int, CardDeed]]:
    """Return what was done to ``card``, or (None) to any, with the place of its entry, in order."""
    rows = (database.rows(f"{_DEEDS} ORDER BY place, card DESC") if card is None
            else database.rows(f"{_DEEDS} WHERE card = ? ORDER BY place", (card,)))
    return [
        (place, CardDeed(card, member_id, CardStatus(status), CardStatus(was) if was else None, holder))
        for place, card, member_id, status, was, holder in rows]


class Book(Protocol):
    """A member book as its file has it."""

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of the card with this number."""
        ...

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash."""
        ...

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Return the cards of a member."""
        ...

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people who hold cards of a member's account."""
        ...

    def member(self, member_id: str) -> Member | None:
        """Return the member with this id."""
        ...

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        """Return the coupons of a member that are open by head office's knowledge, and not over on local ``day``."""
        ...

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the open coupons of any member with this printed number."""
        ...

    def search(self, text: str) -> Sequence[Member]:
        """Return the members that ``text`` may mean."""
        ...

    def projected_through(self) -> Position | None:
        """Return up to which of this station's entries the book counts."""
        ...


class OwnJournal(Protocol):
    """The journal, as far as it is about cards, members and coupons."""

    def cards_after(self, position: Position | None, card: int | None = None) -> tuple[CardDeed, ...]:
        """Return what this station did to ``card``, or to any, after ``position``, in order."""
        ...

    def members_after(self, position: Position | None, member_id: str | None = None) -> tuple[Member, ...]:
        """Return who became a member here after ``position``, or that one, in order."""
        ...

    def holders_after(self, position: Position | None, member_id: str) -> tuple[Holder, ...]:
        """Return who was taken into the account of a member here after ``position``, in order."""
        ...

    def told_after(self, member: Member, position: Position | None) -> Member:
        """Return ``member`` with what they told, and without the answers they were shown, here after ``position``."""
        ...

    def coupons(self, wanted: Wanted, position: Position | None) -> OwnCoupons:
        """Return what was done here to the coupons ``wanted``, and which of them a book as of ``position`` counts."""
        ...


class LaidOver:
    """``station.ports.MemberBook`` and ``station.card_desk.CardBook``: the book, and over it what was done here since.

    Not thread-safe: it lives on the counter's thread, where both files are open.
    """

    def __init__(self, book: Book, journal: OwnJournal) -> None:
        """Lay the deeds in ``journal`` over ``book``."""
        self._book = book
        self._journal = journal

    def card(self, number: str) -> Card | None:
        """Return the card with this number, as it is now."""
        return self.card_of(self._book.card_hash(number))

    def card_hash(self, number: str) -> int:
        """Return the look-up hash of the card with this number."""
        return self._book.card_hash(number)

    def card_of(self, card: int) -> Card | None:
        """Return the card with this look-up hash, as it is now."""
        while True:
            counted = self._book.projected_through()
            held = self._book.card_of(card)
            if self._book.projected_through() == counted:  # both of one page of the feed
                return laid_over(held, self._journal.cards_after(counted, card))

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Return the cards of a member as they are now, those given out here last."""
        hashes = [link.hash for link in self._book.cards(member_id)]
        own = [deed.card for deed in self._journal.cards_after(None) if deed.member_id == member_id]
        found = ((card, self.card_of(card)) for card in dict.fromkeys((*hashes, *own)))
        return [CardLink(card, held.status, held.holder) for card, held in found if held and held.member_id == member_id]

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Return the people who hold cards of a member's account, those taken in here since last."""
        while True:
            counted = self._book.projected_through()
            held = self._book.holders(member_id)
            if self._book.projected_through() == counted:  # both of one page of the feed
                known = {each.holder_id for each in held}
                own = self._journal.holders_after(counted, member_id)
                return [*held, *(each for each in own if each.holder_id not in known)]

    def member(self, member_id: str) -> Member | None:
        """Return the member with this id, with what was told here; one enrolled here is known before the book knows it."""
        while True:
            counted = self._book.projected_through()
            held = self._book.member(member_id)
            if self._book.projected_through() == counted:  # both of one page of the feed
                held = held or next(iter(self._journal.members_after(counted, member_id)), None)
                return self._journal.told_after(held, counted) if held else None

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        """Return the coupons of a member that are not over on local ``day``, with what became of them here."""
        return self._coupons(of_member(member_id, day), lambda: self._book.coupons(member_id, day))

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the coupons with this printed number that are known here, with what became of them."""
        return self._coupons(called(number), lambda: self._book.coupons_called(number))

    def _coupons(self, wanted: Wanted, ask: Callable[[], Sequence[GivenCoupon]]) -> Sequence[GivenCoupon]:
        while True:
            counted = self._book.projected_through()
            held = ask()
            if self._book.projected_through() == counted:  # both of one page of the feed
                own = self._journal.coupons(wanted, counted)
                return standing(own.notes, held, own.counted)

    def search(self, text: str) -> Sequence[Member]:
        """Return the members that ``text`` may mean, those enrolled here since first, at most ``MOST_FOUND``."""
        asked = wanted(text)
        joined = {each.member_id: each for each in self._journal.members_after(self._book.projected_through())
                  if asked.matches(each.name, each.phone)}
        found = self._book.search(text)
        known = {each.member_id for each in found}
        new = [each for each in joined.values() if each.member_id not in known and not self._book.member(each.member_id)]
        return [*new, *found][:MOST_FOUND]

    def projected_through(self) -> Position | None:
        """Return up to which of this station's entries the balances and purchases count."""
        return self._book.projected_through()
