"""Goods come back at the counter: the sale is found in the journal, recomputed, and the return is durable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from station.basket import BasketLine
from station.counter import World
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, Entry, EntryKind, Position, Stored
from station.people import Actor
from station.pricing import Engine
from station.returns import (
    NOTHING,
    GoneBack,
    Returned,
    gone_before,
    reversals,
    take_back,
    taxes_back,
    void_lines,
)
from station.sale import ReturnCause, ReturnedLine, Sale, SaleReturn
from station.shift import Shift
from station.tender import Tender, TenderKind
from station.unknown_return import UnknownReturn, require_second, worth_now


@dataclass(frozen=True, slots=True)
class Preview:
    """What the return of ``lines`` of the sale at ``place`` would come to.

    That is ``returned``, after ``earlier`` returns and what they brought ``before``.
    """

    place: int
    entry: Entry[Sale]
    lines: tuple[ReturnedLine, ...]
    before: GoneBack
    returned: Returned
    earlier: tuple[SaleReturn, ...]
    cause: ReturnCause = ReturnCause.RETURNED


@dataclass(frozen=True, slots=True)
class Booked:
    """A return by its sale that is durable, and where it lies."""

    back: SaleReturn
    stored: Stored


class Returning:
    """Returns of this station's own sales, and of goods whose sale is not found."""

    def __init__(self, world: World) -> None:
        """Work with the counter's world."""
        self._world = world

    def preview(self, place: int, lines: Sequence[ReturnedLine]) -> Preview:
        """Return what the return of ``lines`` of the sale at ``place`` would come to.

        Raises ``StationError`` SALE_UNKNOWN, RETURN_TOO_MUCH or PACK_MISSING; ``ValueError`` as
        ``station.returns.take_back``.
        """
        try:
            entry = self._world.journal.sale(place)
        except KeyError:
            raise StationError(ErrorCode.SALE_UNKNOWN) from None
        engine = Engine(self._world.packs.pack(entry.body.basket.pack))
        earlier = tuple(self._world.journal.returns_of(Position(entry.incarnation, entry.seq)))
        before = gone_before(entry.body, earlier) if earlier else NOTHING
        return Preview(place, entry, tuple(lines), before, take_back(engine, entry.body, lines, before), earlier)

    def preview_void(self) -> Preview:
        """Return what voiding the sale just made would come to; a card sold in it was not used yet.

        Raises ``StationError`` SHIFT_CLOSED, PACK_MISSING, or VOID_TOO_LATE unless the last sale is of the
        open shift and nothing of it has come back.
        """
        shift, place = self._shift(), self._world.journal.last_sale()
        if place is None:
            raise StationError(ErrorCode.VOID_TOO_LATE)
        found = self.preview(place, ())
        if found.entry.body.shift != shift.number or found.earlier:
            raise StationError(ErrorCode.VOID_TOO_LATE)
        return replace(self.preview(place, void_lines(found.entry.body)), cause=ReturnCause.VOID)

    def take_back(
        self, place: int, lines: Sequence[ReturnedLine], cashier: Actor, approver: Actor | None = None,
        traces: Sequence[str] = (),
    ) -> SaleReturn:
        """Take ``lines`` of the sale at ``place`` back; durable when this returns.

        ``traces`` are the bank terminal's trace numbers of the refund, parallel to the tenders of the sale.
        Raises as ``preview``, and ``StationError`` SHIFT_CLOSED, or 4xx when the journal cannot be written.
        """
        self._shift()
        return self._book(self.preview(place, lines), cashier, approver, traces).back

    def book(self, found: Preview, cashier: Actor, approver: Actor | None = None, traces: Sequence[str] = ()) -> Booked:
        """Do what was previewed; durable when this returns. Raises as ``take_back`` or ``preview_void``.

        It is reckoned once more, so that nothing comes back twice whatever happened since.
        """
        self._shift()
        now = self.preview_void() if found.cause is ReturnCause.VOID else self.preview(found.place, found.lines)
        return self._book(now, cashier, approver, traces)

    def take_unknown(
        self, lines: Sequence[BasketLine], receipt: str, reason: str, cashier: Actor, approver: Actor | None,
    ) -> Stored:
        """Take goods back whose sale is not found, for cash at the shelf's price; durable when this returns.

        Raises ``StationError`` RETURN_NOT_ALLOWED unless another person than ``cashier`` approves, or for
        money in another form, SHIFT_CLOSED, PACK_MISSING, or 4xx when the journal cannot be written.
        """
        require_second(cashier, approver)
        shift, now = self._shift(), self._world.clock.now()
        pack = self._world.packs.current(now.utc_us)
        money, taxes = worth_now(pack, lines)
        back = UnknownReturn(
            self._new_id(now.utc_us), shift.business_date, shift.number, pack.number, tuple(lines), money, taxes, receipt, reason)
        return self._world.journal.append(Draft(EntryKind.RETURN_UNKNOWN, now, cashier, back, approver))

    def _book(self, found: Preview, cashier: Actor, approver: Actor | None, traces: Sequence[str]) -> Booked:
        sale, shift, now = found.entry.body, self._shift(), self._world.clock.now()
        return_id = self._new_id(now.utc_us)
        given = (*traces, *[""] * (len(sale.tenders) - len(traces)))
        back = SaleReturn(
            return_id, sale.sale_id, found.entry.incarnation, found.entry.seq, shift.business_date, shift.number,
            sale.basket.member.member_id if sale.basket.member else None, found.lines, found.returned.money,
            tuple(Tender(tender.kind, amount, trace if amount and tender.kind is TenderKind.DEBIT else "", tender.account)
                  for tender, amount, trace in zip(sale.tenders, found.returned.tenders, given, strict=True)),
            taxes_back(sale, found.earlier, found.returned.remains),
            reversals(return_id, sale, found.before, found.returned),
            tuple(coupon.code for coupon in found.returned.coupons), found.cause)
        return Booked(back, self._world.journal.append(Draft(EntryKind.RETURN, now, cashier, back, approver)))

    def _shift(self) -> Shift:
        shift = self._world.journal.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        return shift

    def _new_id(self, at_us: int) -> str:
        return uuid7(at_us, self._world.random(RANDOM_BYTES))
