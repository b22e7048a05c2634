"""The counter: one basket at a time, from the first tap or scan to the durable sale."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from station.account import check_sale, member_now, spender_of
from station.basket import Basket, BasketLine, Chosen, Coupon, HeldBasket, Usage
from station.card import CardStatus, CardTier, Tap
from station.clock import Moment
from station.coupons import GivenCoupon, check_used, find_coupon, open_on, usable, with_given
from station.enquiry import Enquiry, enquire
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.hand_desk import as_approved
from station.ids import RANDOM_BYTES, uuid7
from station.in_hand import NO_CARD, InHand, Recovered, Removed, Shown, on_rules_of, show
from station.journal import Draft, EntryKind, Position, receipt_number
from station.leases import AccountKind
from station.member import Member
from station.money import THOUSAND
from station.pack import Pack
from station.people import Actor
from station.priced import Priced, Quote
from station.pricing import Engine, Joining, gain_by_joining
from station.sale import Sale, points_of
from station.scanned import check_kind, check_taxes, look_up
from station.shift import Shift
from station.spending import Need, Spendable, covering
from station.step_up import StepUp
from station.tender import Tender, TenderKind, change_due, means_of
from station.world import Place, Settled, World

__all__ = ["Counter", "Place", "Settled", "World"]


class Counter:
    """The cashier's side of the counter. Not thread-safe: it lives on one thread."""

    def __init__(self, place: Place, world: World) -> None:
        """Start with no basket."""
        self._place = place
        self._world = world
        self._open: InHand | None = None
        self._ready: Engine | None = None

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
        """The member the open basket belongs to, with this station's own points and purchases counted in."""
        return self._open.member if self._open else None

    @property
    def in_hand(self) -> InHand | None:
        """The open basket with its engine, its member and the card shown; None between sales."""
        return self._open

    @property
    def card_tier(self) -> CardTier | None:
        """What the card that was shown has proven; None without a member or without a card."""
        return self.shown.tier

    @property
    def shown(self) -> Shown:
        """The card the member showed and what it proved; ``NO_CARD`` without a member or without a card."""
        return self._open.shown if self._open else NO_CARD

    def tap(self, tap: Tap) -> Member:
        """Prove a membership by a card and give the open basket to that member.

        The same card that now proves more raises the tier and nothing else. Raises ``StationError`` as
        ``station.in_hand.show``, CARD_UNKNOWN, CARD_NOT_ACTIVE (``status``), or as ``identify``; the
        basket then stays as it was.
        """
        world, held = self._world, self._open
        shown = self.shown.or_better(show(tap, world.prover, world.journal, world.clock, self.shown))
        raised = held.raised_by(shown) if held else None
        if raised and raised.member:
            self._set(raised)
            return raised.member
        card = self._world.members.card(tap.number)
        if card is None:
            raise StationError(ErrorCode.CARD_UNKNOWN)
        if card.status is not CardStatus.ACTIVE:
            raise StationError(ErrorCode.CARD_NOT_ACTIVE, status=card.status.value)
        return self.identify(card.member_id, shown, card.holder)

    def disprove(self, number: str) -> None:
        """Take the member out when the card with this number was shown: head office has found it forged meanwhile."""
        if number and self.shown.number == number:
            self.forget_member()

    def prove(self, step_up: StepUp | None) -> None:
        """Take what was proven beside the card, None to forget it; a basket that is not that member's is from now on.

        Raises ``StationError`` as ``identify``; the basket then stays as it was.
        """
        if step_up and (self.member is None or self.member.member_id != step_up.member_id):
            self.identify(step_up.member_id)
        self._change(step_up=step_up)

    def identify(self, member_id: str, shown: Shown = NO_CARD, holder: str = "") -> Member:
        """Give the open basket to ``member_id``, whose card was ``shown``, the one of ``holder`` in the family.

        Raises ``StationError`` MEMBER_UNKNOWN, CARD_OWN for that of the person at the till; the basket then stays as it was.
        """
        if member_id and member_id == self._world.own():
            raise StationError(ErrorCode.CARD_OWN)
        members, journal = self._world.members, self._world.journal
        member = member_now(members, journal, member_id)
        held = self._hold()
        day = held.basket.opened.date
        basket = held.basket.with_member(
            member.snapshot(), shown.tier, spender_of(members, journal, member_id, holder, day))
        self._set(replace(
            held, basket=replace(basket, usage=self._usage(held.engine, basket)),
            member=member, shown=shown, coupons=open_on(members.coupons(member_id, day), day)))
        return member

    def leave_out_own(self) -> None:
        """Take the member out, and raise ``StationError`` OWN_LEFT_OUT, who is the person at the till."""
        if self.member and self.member.member_id == self._world.own():
            self.forget_member()
            raise StationError(ErrorCode.OWN_LEFT_OUT)

    def forget_member(self) -> None:
        """Take the member out of the basket."""
        if self._open:
            basket = self._open.basket.with_member(None)
            self._set(replace(
                self._open, basket=replace(basket, usage=self._usage(self._open.engine, basket)),
                member=None, shown=NO_CARD, coupons=()))

    def scan(self, barcode: str, quantity: int = THOUSAND, account: str = "") -> BasketLine:
        """Add ``quantity`` thousandths of the good with ``barcode``; return its line.

        Price and tax are those of the moment the basket was opened. ``account`` is what a gift card
        or top-up loads. Raises ``StationError`` as ``station.scanned.look_up``,
        QUANTITY_INVALID also for a fraction of a good that is not sold by weight, ACCOUNT_MISSING (``kind``)
        for money without an account (or goods with one), TAX_UNKNOWN when the rules do not know a
        tax of the good; the basket stays as it was.
        """
        opened = self._open.basket.opened if self._open else self._world.clock.now()
        found = look_up(self._world.shelf, self._world.labels, barcode, quantity, opened.utc_us)
        check_kind(found, account)
        held = self._hold()
        check_taxes(held.engine.pack, (found.product,))
        before = {line.line: line for line in held.basket.lines}
        basket = held.basket.with_product(found.product, found.quantity, account, found.labelled)
        self._take(basket)
        return next(line for line in basket.lines if before.get(line.line) != line)

    def enquire(self, barcode: str) -> Enquiry:
        """Return what one of the good with ``barcode`` would cost now, for the member in hand; nothing is added.

        Raises ``StationError`` as ``station.scanned.look_up``, TAX_UNKNOWN, or PACK_MISSING.
        """
        world, held, now = self._world, self._open, self._world.clock.now()
        opened = held.basket.opened if held else now
        found = look_up(world.shelf, world.labels, barcode, THOUSAND, opened.utc_us)
        engine = held.engine if held else self._engine(world.packs.current(now.utc_us))
        check_taxes(engine.pack, (found.product,))
        basket = held.basket if held else Basket("", self._place.shop, engine.pack.number, now)
        return enquire(engine, replace(basket, usage=self._usage(engine, basket)), found)

    def set_quantity(self, line: int, quantity: int) -> None:
        """Set line number ``line`` to ``quantity`` thousandths.

        Raises ``StationError`` QUANTITY_INVALID, LABEL_FIXED, or HAND_NOT_ALLOWED when what was given
        by hand would then be too much; the basket stays as it was.
        """
        self._take(self._hold().basket.with_quantity(line, quantity))

    def remove(self, line: int) -> Removed:
        """Take line number ``line`` out and return it with what was given on it, so that it can be put back.

        Raises ``StationError`` HAND_NOT_ALLOWED as ``set_quantity``.
        """
        basket = self._hold().basket
        taken = Removed(
            next(each for each in basket.lines if each.line == line),
            tuple(given for given in basket.by_hand if given.line == line))
        self._take(basket.without(line))
        return taken

    def put_back(self, line: BasketLine, by_hand: tuple[ByHand, ...] = ()) -> None:
        """Undo ``remove`` or a change of quantity."""
        basket = self._hold().basket.with_line(line)
        self._take(replace(basket, by_hand=(*basket.by_hand, *by_hand)))

    def abandon(self) -> None:
        """Drop the open basket."""
        self.let_go()
        self._world.journal.keep_basket(None)

    def let_go(self) -> None:
        """Have no basket in hand; what is kept of it for a restart stays as it is."""
        self._open = None

    def go_back(self, before: InHand) -> None:
        """Undo whatever was done since: go on with the basket as it was ``before``. Raises as ``leave_out_own``."""
        self._set(before)
        self.leave_out_own()

    def recover(self) -> Recovered | None:
        """Take up the basket that was in hand when the program ended; None when there was none. Raises as ``take_up``."""
        held = self._world.journal.open_basket()
        return None if held is None or self._open else self.take_up(held)

    def take_up(self, held: HeldBasket) -> Recovered:
        """Go on with a basket that was kept.

        It gets another id: where the disk was copied, both copies find it, and each may close it.
        On another day it is opened anew on the rules of now, without what was given by hand on
        those of then. A member that is gone from the book is left out. Raises ``StationError``
        PACK_MISSING, or TAX_UNKNOWN when the rules of now do not know a tax of a good; as
        ``leave_out_own``, or 4xx when the files cannot be used, and what could be had is then in hand.
        """
        now = self._world.clock.now()
        basket, pack = on_rules_of(held.basket, self._world.packs, now)
        basket, engine = replace(basket, basket_id=self._new_id(now)), self._engine(pack)
        self._open, fault = InHand(basket, engine), None
        if basket.member:
            try:
                holder = basket.spender.holder if basket.spender else ""
                self.identify(basket.member.member_id, Shown(held.medium, basket.card), holder)
            except StationError as error:
                fault = StationError(ErrorCode.OWN_LEFT_OUT) if error.code is ErrorCode.CARD_OWN else error
        if self._open.member is None:
            basket = basket.with_member(None)
            self._set(InHand(replace(basket, usage=self._usage(engine, basket)), engine))
        if fault and fault.code is not ErrorCode.MEMBER_UNKNOWN:
            raise fault
        return Recovered(len(basket.lines), basket.opened != held.basket.opened)

    def priced(self, means: Sequence[TenderKind] | None = None) -> Priced | None:
        """Return the open basket as the engine prices it now, or None without a basket.

        ``means`` asks what it would be if the customer paid by those.
        """
        if self._open is None:
            return None
        basket = self._open.basket
        return self._open.engine.price(basket if means is None else replace(basket, payments=means_of(means)))

    def quote(self) -> Quote | None:
        """Return the same with what was not given and why, and what a little more would bring."""
        return self._open.engine.quote(self._open.basket) if self._open else None

    def gain_by_joining(self) -> Joining | None:
        """Return what a customer without membership would gain on the open basket, or None."""
        return gain_by_joining(self._open.engine, self._open.basket) if self._open else None

    def pay_by(self, means: Sequence[TenderKind]) -> None:
        """Say by which means the customer pays: promotions may depend on it."""
        self._change(payments=means_of(means))

    def show_coupon(self, code: str) -> None:
        """Take a coupon's common code; one that is there already changes nothing."""
        coupons = self._hold().basket.coupons
        if all(each.code != code for each in coupons):
            self._change(coupons=(*coupons, Coupon(code)))

    def use_coupon(self, number: str) -> GivenCoupon:
        """Take the coupon with this printed number, that a sale gave, and return it; one that is there already changes nothing.

        Raises ``StationError`` as ``station.coupons.find_coupon``, ``usable`` and ``with_given``; the basket stays as it was.
        """
        world, member = self._world, self.member
        opened = self._open.basket.opened if self._open else world.clock.now()
        found = find_coupon(number, world.members.coupons_called, world.coupons)
        given = usable(found, member.member_id if member else "", opened.date)
        self._change(coupons=with_given(self._hold().basket.coupons, given))
        return given

    def choose(self, promotion: str, times: int = 1) -> None:
        """Take the reward of ``promotion`` for points, ``times`` over; 0 gives it back."""
        others = tuple(each for each in self._hold().basket.chosen if each.promotion != promotion)
        self._change(chosen=(*others, Chosen(promotion, times)) if times else others)

    def redeem(self, points: int) -> None:
        """Pay with up to ``points`` points; the engine takes what the rules allow.

        Raises ``StationError`` as ``Spending.require`` when they cannot be spent now; the basket stays as it was.
        """
        spending, member = self._world.spending, self.member
        if spending and member and points:
            spending.require(Need(AccountKind.POINTS, member.member_id, points), self._world.clock.now())
        self._change(redeem=points)

    def spendable(self, kind: AccountKind, account: str) -> Spendable | None:
        """Return what can be spent of ``account`` now, asking head office; None where nothing is set aside."""
        spending = self._world.spending
        return spending.spendable(kind, account, self._world.clock.now()) if spending else None

    def give_by_hand(self, given: ByHand) -> None:
        """Give a price or a discount by hand; one that somebody agreed to never takes off more than it does now.

        Raises ``StationError`` HAND_NOT_ALLOWED when those who give may not; the basket stays as it was.
        """
        held = self._hold()
        self._take(replace(held.basket, by_hand=(*held.basket.by_hand, as_approved(held, given))))

    def take_back(self, number: int) -> None:
        """Take back what was given by hand as number ``number``, from 1; those after it move up. Raises as ``give_by_hand``."""
        basket = self._hold().basket
        self._take(replace(basket, by_hand=basket.by_hand[:number - 1] + basket.by_hand[number:]))

    def open_shift(self, cashier: Actor, opening_float: int) -> Shift:
        """Open the next shift for ``cashier`` on today's local date, durably.

        Raises ``StationError`` SHIFT_OPEN when one is open, 4xx when the journal cannot be written.
        """
        if self._world.journal.shift():
            raise StationError(ErrorCode.SHIFT_OPEN)
        now = self._world.clock.now()
        shift = Shift(self._world.journal.shift_number() + 1, cashier.person, now.date, opening_float)
        self._world.journal.append(Draft(EntryKind.SHIFT_OPENED, now, cashier, shift))
        return shift

    def settle(self, tenders: Sequence[Tender], cashier: Actor) -> Settled:
        """Close the open basket as a sale paid by ``tenders``; durable when this returns.

        Raises ``StationError`` BASKET_EMPTY, TENDER_SHORT, TENDER_INVALID, SHIFT_CLOSED, as ``leave_out_own``, as
        ``station.account.check_sale``, as ``station.coupons.check_used``, as ``Spending.covering`` when what it spends cannot be set aside, or
        4xx when the journal cannot be written; the basket then stays open and nothing was recorded.
        """
        self.leave_out_own()
        held = self._open
        if held is None or not held.basket.lines:
            raise StationError(ErrorCode.BASKET_EMPTY)
        shift = self._world.journal.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        basket = replace(held.basket, payments=means_of([tender.kind for tender in tenders]))
        priced = held.engine.price(basket)
        sale_id = basket.basket_id
        sale = Sale(
            sale_id, shift.business_date, shift.number, basket, priced, tuple(tenders),
            change_due(priced.total, tenders), held.shown.medium,
            points_of(sale_id, held.member.member_id, priced) if held.member else ())
        now = self._world.clock.now()
        check_sale(sale, now)
        check_used(sale, self._world.members.coupons_called)
        with covering(self._world.spending, sale, now) as covered:
            stored = self._world.journal.append(Draft(EntryKind.SALE, now, cashier, covered))
        self._open = None
        place = Position(stored.incarnation, stored.seq)
        after = held.member.points + priced.points - priced.spent if held.member else None
        return Settled(covered, receipt_number(self._place.station, place), stored.place, after)

    def _hold(self) -> InHand:
        """Return the basket in hand, opening one under the pack in force when there is none."""
        if self._open is None:
            now = self._world.clock.now()
            engine = self._engine(self._world.packs.current(now.utc_us))
            basket = Basket(self._new_id(now), self._place.shop, engine.pack.number, now)
            self._open = InHand(replace(basket, usage=self._usage(engine, basket)), engine)
        return self._open

    def _new_id(self, now: Moment) -> str:
        return uuid7(now.utc_us, self._world.random(RANDOM_BYTES))

    def _engine(self, pack: Pack) -> Engine:
        """Return the engine of ``pack``; the one used last is kept, for making it ready takes time."""
        if self._ready is None or self._ready.pack is not pack:
            self._ready = Engine(pack)
        return self._ready

    def _usage(self, engine: Engine, basket: Basket) -> tuple[Usage, ...]:
        """Return how far the promotions that have limits are used up, as this station knows it."""
        member = basket.member.member_id if basket.member else None
        usage = self._world.journal.usage(engine.limited, member, basket.opened.date)
        return self._world.spending.with_budgets(usage, self._world.clock.now()) if self._world.spending else usage

    def _set(self, opened: InHand) -> None:
        """Go on with ``opened``, and keep it for a restart; what is not kept is in hand all the same."""
        self._open = opened
        self._world.journal.keep_basket(HeldBasket(opened.basket, opened.shown.medium))

    def _take(self, basket: Basket) -> None:
        """Go on with ``basket``, unless what was given by hand is then more than those who gave it may."""
        held = self._hold()
        if basket.by_hand:
            held.engine.price(basket)
        self._set(replace(held, basket=basket))

    def _change(self, **facts: Any) -> None:
        held = self._hold()
        self._set(replace(held, basket=replace(held.basket, **facts)))
