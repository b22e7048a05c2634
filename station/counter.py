"""The counter: one basket at a time, from the first tap or scan to the durable sale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from station.basket import Basket, BasketLine
from station.card import CardStatus, CardTier, Medium, Tap
from station.clock import Clock
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, EntryKind, Position, receipt_number
from station.member import Member
from station.money import THOUSAND
from station.pack import Pack
from station.people import Actor
from station.ports import Journal, MemberBook, Packs, Shelf
from station.pricing import Priced, price
from station.sale import Sale, points_of
from station.shift import Shift
from station.tender import Tender, change_due
from station.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Which station this is: its id, its shop's id, and the shop's name for people."""

    station: str
    shop: str
    shop_name: Text


@dataclass(frozen=True, slots=True)
class Settled:
    """A sale that is durable, its receipt number and the member's balance after it."""

    sale: Sale
    receipt: str
    seq: int
    points_after: int | None


@dataclass(frozen=True, slots=True)
class World:
    """Everything the counter reaches through ports."""

    clock: Clock
    random: Callable[[int], bytes]
    members: MemberBook
    shelf: Shelf
    packs: Packs
    journal: Journal


@dataclass(frozen=True, slots=True)
class _Open:
    """The basket in hand and what was fixed when it was opened."""

    basket: Basket
    pack: Pack
    member: Member | None = None
    medium: Medium | None = None
    tier: CardTier | None = None


class Counter:
    """The cashier's side of the counter. Not thread-safe: it lives on one thread."""

    def __init__(self, place: Place, world: World) -> None:
        """Start with no basket."""
        self._place = place
        self._world = world
        self._open: _Open | None = None

    @property
    def place(self) -> Place:
        """Which station this is."""
        return self._place

    @property
    def basket(self) -> Basket | None:
        """The open basket, or None between sales."""
        return self._open.basket if self._open else None

    @property
    def member(self) -> Member | None:
        """The member the open basket belongs to, with this station's own points counted in."""
        return self._open.member if self._open else None

    @property
    def card_tier(self) -> CardTier | None:
        """What the card that was shown can prove; None without a member or without a card."""
        return self._open.tier if self._open else None

    def tap(self, tap: Tap) -> Member:
        """Prove a membership by a card and give the open basket to that member.

        Raises ``StationError`` CARD_UNKNOWN, CARD_NOT_ACTIVE (``status``) or MEMBER_UNKNOWN; the
        basket then stays as it was.
        """
        card = self._world.members.card(tap.number)
        if card is None:
            raise StationError(ErrorCode.CARD_UNKNOWN)
        if card.status is not CardStatus.ACTIVE:
            raise StationError(ErrorCode.CARD_NOT_ACTIVE, status=card.status.value)
        return self._identify(card.member_id, tap.medium, tap.tier)

    def identify(self, member_id: str) -> Member:
        """Give the open basket to ``member_id``, who showed no card.

        Raises ``StationError`` MEMBER_UNKNOWN.
        """
        return self._identify(member_id, None, None)

    def _identify(self, member_id: str, medium: Medium | None, tier: CardTier | None) -> Member:
        known = self._world.members.member(member_id)
        if known is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        own = self._world.journal.points_after(member_id, self._world.members.projected_through())
        member = replace(known, points=known.points + own)
        held = self._hold()
        self._open = replace(
            held, basket=held.basket.with_member(member.snapshot()), member=member, medium=medium, tier=tier)
        return member

    def forget_member(self) -> None:
        """Take the member out of the basket."""
        if self._open:
            self._open = replace(
                self._open, basket=self._open.basket.with_member(None), member=None, medium=None, tier=None)

    def scan(self, barcode: str, quantity: int = THOUSAND) -> BasketLine:
        """Add ``quantity`` thousandths of the good with ``barcode``; return its line.

        Raises ``StationError`` PRODUCT_UNKNOWN, or QUANTITY_INVALID also for a fraction of a good
        that is not sold by weight; the basket stays as it was.
        """
        product = self._world.shelf.product(barcode)
        if product is None:
            raise StationError(ErrorCode.PRODUCT_UNKNOWN)
        if quantity % THOUSAND and not product.weighed:
            raise StationError(ErrorCode.QUANTITY_INVALID, quantity=quantity)
        held = self._hold()
        before = {line.line: line for line in held.basket.lines}
        basket = held.basket.with_product(product, quantity)
        self._open = replace(held, basket=basket)
        return next(line for line in basket.lines if before.get(line.line) != line)

    def set_quantity(self, line: int, quantity: int) -> None:
        """Set line number ``line`` to ``quantity`` thousandths (StationError QUANTITY_INVALID)."""
        held = self._hold()
        self._open = replace(held, basket=held.basket.with_quantity(line, quantity))

    def remove(self, line: int) -> BasketLine:
        """Take line number ``line`` out and return it, so that it can be put back."""
        held = self._hold()
        removed = next(each for each in held.basket.lines if each.line == line)
        self._open = replace(held, basket=held.basket.without(line))
        return removed

    def put_back(self, line: BasketLine) -> None:
        """Undo ``remove``."""
        held = self._hold()
        self._open = replace(held, basket=held.basket.with_line(line))

    def abandon(self) -> None:
        """Drop the open basket."""
        self._open = None

    def priced(self) -> Priced | None:
        """Return the open basket as the engine prices it now, or None without a basket."""
        return price(self._open.pack, self._open.basket) if self._open else None

    def pack(self) -> Pack | None:
        """Return the pack the open basket was opened under, or None without a basket."""
        return self._open.pack if self._open else None

    def open_shift(self, cashier: Actor, opening_float: int) -> Shift:
        """Open the next shift for ``cashier`` on today's local date, durably.

        Raises ``StationError`` 4xx when the journal cannot be written.
        """
        now = self._world.clock.now()
        last = self._world.journal.shift()
        shift = Shift(last.number + 1 if last else 1, cashier.person, now.date, opening_float)
        self._world.journal.append(Draft(EntryKind.SHIFT_OPENED, now, cashier, shift))
        return shift

    def settle(self, tenders: Sequence[Tender], cashier: Actor) -> Settled:
        """Close the open basket as a sale paid by ``tenders``; durable when this returns.

        Raises ``StationError`` BASKET_EMPTY, TENDER_SHORT, TENDER_INVALID, SHIFT_CLOSED, or 4xx
        when the journal cannot be written; the basket then stays open and nothing was recorded.
        """
        held = self._open
        if held is None or not held.basket.lines:
            raise StationError(ErrorCode.BASKET_EMPTY)
        shift = self._world.journal.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        priced = price(held.pack, held.basket)
        sale_id = held.basket.basket_id
        sale = Sale(
            sale_id, shift.business_date, shift.number, held.basket, priced, tuple(tenders),
            change_due(priced.total, tenders), held.medium,
            points_of(sale_id, held.member.member_id, priced) if held.member else ())
        stored = self._world.journal.append(
            Draft(EntryKind.SALE, self._world.clock.now(), cashier, sale))
        self._open = None
        place = Position(self._world.journal.head().incarnation, stored.seq)
        after = held.member.points + priced.points if held.member else None
        return Settled(sale, receipt_number(self._place.station, place), stored.seq, after)

    def _hold(self) -> _Open:
        """Return the basket in hand, opening one under the pack in force when there is none."""
        if self._open is None:
            now = self._world.clock.now()
            pack = self._world.packs.current()
            basket_id = uuid7(now.utc_us, self._world.random(RANDOM_BYTES))
            self._open = _Open(Basket(basket_id, self._place.shop, pack.number, now), pack)
        return self._open
