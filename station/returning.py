"""Goods come back at the counter: the sale is found in the journal, recomputed, and the return is durable."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.counter import World
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, Entry, EntryKind, Position
from station.people import Actor
from station.pricing import Engine
from station.returns import NOTHING, GoneBack, Returned, gone_before, reversals, take_back, taxes_back
from station.sale import ReturnedLine, Sale, SaleReturn
from station.tender import Tender


@dataclass(frozen=True, slots=True)
class Preview:
    """What a return would come to: ``returned``, after ``earlier`` returns and what they brought ``before``."""

    entry: Entry[Sale]
    before: GoneBack
    returned: Returned
    earlier: tuple[SaleReturn, ...]


class Returning:
    """Returns of this station's own sales."""

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
        return Preview(entry, before, take_back(engine, entry.body, lines, before), earlier)

    def take_back(
        self, place: int, lines: Sequence[ReturnedLine], cashier: Actor, approver: Actor | None = None,
    ) -> SaleReturn:
        """Take ``lines`` of the sale at ``place`` back; durable when this returns.

        Raises as ``preview``, and ``StationError`` SHIFT_CLOSED, or 4xx when the journal cannot be written.
        """
        shift = self._world.journal.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        found = self.preview(place, lines)
        sale, now = found.entry.body, self._world.clock.now()
        return_id = uuid7(now.utc_us, self._world.random(RANDOM_BYTES))
        back = SaleReturn(
            return_id, sale.sale_id, found.entry.incarnation, found.entry.seq, shift.business_date, shift.number,
            sale.basket.member.member_id if sale.basket.member else None, tuple(lines), found.returned.money,
            tuple(Tender(tender.kind, amount, account=tender.account)
                  for tender, amount in zip(sale.tenders, found.returned.tenders, strict=True)),
            taxes_back(sale, found.earlier, found.returned.remains),
            reversals(return_id, sale, found.before, found.returned),
            tuple(coupon.code for coupon in found.returned.coupons))
        self._world.journal.append(Draft(EntryKind.RETURN, now, cashier, back, approver))
        return back
