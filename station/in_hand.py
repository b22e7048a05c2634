"""The basket in hand: what was fixed when it was opened, whose it is, and the card that was shown for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from station.basket import Basket, BasketLine
from station.card import CardTier, Medium, Tap
from station.card_seen import CardSeen
from station.clock import Clock, Moment
from station.coupons import GivenCoupon
from station.errors import ErrorCode
from station.hand import ByHand
from station.journal import Draft, EntryKind
from station.member import Member
from station.pack import Pack
from station.people import SYSTEM
from station.ports import Journal, Packs
from station.pricing import Engine
from station.proving import ProofNote, Prover
from station.scanned import check_taxes


@dataclass(frozen=True, slots=True)
class Shown:
    """The card that was shown for a member: what it proved, and why not more.

    ``number`` is "" for one that was shown before the program began.
    """

    medium: Medium | None
    tier: CardTier | None
    number: str = field(default="", repr=False)
    notes: tuple[ProofNote, ...] = ()
    seen: tuple[CardSeen, ...] = ()

    def or_better(self, again: "Shown") -> "Shown":
        """Return ``again``; when it is the same card and proves less this time, with what it proved before."""
        if self.tier is None or again.tier is None or again.number != self.number or again.tier >= self.tier:
            return again
        return replace(again, tier=self.tier, notes=self.notes)


NO_CARD = Shown(None, None)
"""Of a basket that belongs to nobody, or to a member who was found without a card."""


@dataclass(frozen=True, slots=True)
class InHand:
    """The basket in hand; ``coupons`` are those the member had to use when the member was found."""

    basket: Basket
    engine: Engine
    member: Member | None = None
    shown: Shown = NO_CARD
    coupons: tuple[GivenCoupon, ...] = ()

    @property
    def coupons_left(self) -> tuple[GivenCoupon, ...]:
        """Those of ``coupons`` that are not in the basket."""
        return tuple(each for each in self.coupons if each.shown not in self.basket.coupons)

    def raised_by(self, shown: Shown) -> "InHand | None":
        """Return the same when the member's own card was ``shown`` and proves more, or said the same again; else None."""
        before = self.shown
        if before.tier is None or shown.tier is None or shown.number != before.number:
            return None
        if shown is before:
            return self
        return replace(
            self, basket=replace(self.basket, card=shown.tier), shown=shown) if shown.tier > before.tier else None


def on_rules_of(basket: Basket, packs: Packs, now: Moment) -> tuple[Basket, Pack]:
    """Return ``basket`` with its pack; on another day than its own it is opened ``now``, without what was given by hand.

    Raises ``StationError`` PACK_MISSING, or TAX_UNKNOWN when the rules of now do not know a tax of a good.
    """
    if basket.opened.date == now.date:
        return basket, packs.pack(basket.pack)
    pack = packs.current(now.utc_us)
    check_taxes(pack, [line.product for line in basket.lines])
    return replace(basket, pack=pack.number, opened=now, by_hand=()), pack


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out, and what was given on it by hand."""

    line: BasketLine
    by_hand: tuple[ByHand, ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A basket of ``lines`` that was found again; ``reopened`` on the rules of another day than its own."""

    lines: int
    reopened: bool


def show(tap: Tap, prover: Prover | None, journal: Journal, clock: Clock, before: Shown = NO_CARD) -> Shown:
    """Return the card of ``tap`` with what it proves; its codes are then durably in the journal.

    ``before`` is returned as it is for the code that was taken just before: a scanner may read twice.
    Raises ``StationError`` as ``Prover.prove`` tells, and 4xx when the journal cannot be written.
    """
    if prover is None or not tap.proofs:
        return Shown(tap.medium, tap.tier, tap.number)
    now = clock.now()
    proven = prover.prove(tap, now)
    refusal = proven.refusal
    if (refusal is None or refusal.code is ErrorCode.CARD_REPLAYED) and _is_again(proven.seen, proven.tier, before):
        return before
    for seen in proven.seen:
        journal.append(Draft(EntryKind.CARD_SEEN, now, SYSTEM, seen))
    if refusal:
        raise refusal
    return Shown(tap.medium, proven.tier, tap.number, proven.notes, proven.seen)


def _is_again(seen: Sequence[CardSeen], tier: CardTier, before: Shown) -> bool:
    """Return whether ``seen`` are the very codes that were shown ``before``, and prove no more now."""
    return bool(seen) and before.tier is not None and tier <= before.tier and (
        [each.code for each in seen] == [each.code for each in before.seen])
