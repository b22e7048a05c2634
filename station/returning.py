"""Goods come back at the counter: the sale is found in the journal or at head office, recomputed, and the return is durable."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from station.basket import BasketLine
from station.counter import World
from station.elsewhere import ReturnOffice, SaleAsked, SaleTold
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, Entry, EntryKind, Position, Stored, receipt_number
from station.pack import Pack
from station.past_sale import ReceiptName
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

ELSEWHERE = 0
"""The place of a sale that is not in this journal."""

_SILENT = (ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the return of ``lines`` of the sale at ``place`` would come to, by its ``pack``.

    That is ``returned``, after ``earlier`` returns and what they brought ``before``. ``told`` is what head
    office knows of the sale, None where it was not asked; with the place ``ELSEWHERE`` the sale is known from it alone.
    """

    place: int
    entry: Entry[Sale]
    pack: Pack
    lines: tuple[ReturnedLine, ...]
    before: GoneBack
    returned: Returned
    earlier: tuple[SaleReturn, ...]
    told: SaleTold | None = None
    cause: ReturnCause = ReturnCause.RETURNED

    @property
    def receipt(self) -> str:
        """The number on the receipt of the sale."""
        return receipt_number(self.entry.station, Position(self.entry.incarnation, self.entry.seq))


@dataclass(frozen=True, slots=True)
class Booked:
    """A return by its sale that is durable, and where it lies."""

    back: SaleReturn
    stored: Stored


class Returning:
    """Returns of sales of this station and of others, and of goods whose sale is not found."""

    def __init__(
        self, world: World, office: ReturnOffice | None = None, online: Callable[[], bool] = lambda: True,
    ) -> None:
        """Work with the counter's world; without an ``office`` only with what is in its journal.

        While it is not ``online``, head office is not asked about this station's own sales: they come back without it.
        """
        self._world = world
        self._office = office
        self._online = online

    def preview(self, place: int, lines: Sequence[ReturnedLine]) -> Preview:
        """Return what the return of ``lines`` of the sale at ``place`` would come to, as far as this journal knows.

        Raises ``StationError`` SALE_UNKNOWN, RETURN_TOO_MUCH or PACK_MISSING; ``ValueError`` as
        ``station.returns.take_back``.
        """
        return self._reckoned(place, self._sale(place), lines, None)

    def preview_void(self) -> Preview:
        """Return what voiding the sale just made would come to; a card sold in it was not used yet.

        Raises ``StationError`` SHIFT_CLOSED, PACK_MISSING, or VOID_TOO_LATE unless the last sale is of the
        open shift and nothing of it has come back.
        """
        place = self._last_place()
        return self._void(place, self._sale(place), None)

    def open(self, place: int) -> Preview:
        """Ask for the turn at the sale at ``place`` and return how it stands; without head office as this journal knows it.

        Raises as ``preview``, and ``StationError`` RETURN_UNDER_WAY.
        """
        entry = self._sale(place)
        told = self._own(self._asked(entry), settle=False)
        with self._or_dropped(told):
            return self._reckoned(place, entry, (), told)

    def open_void(self) -> Preview:
        """Do the same for voiding the sale just made. Raises as ``preview_void``, and ``StationError`` RETURN_UNDER_WAY."""
        place = self._last_place()
        entry = self._sale(place)
        told = self._own(self._asked(entry), settle=False)
        with self._or_dropped(told):
            return self._void(place, entry, told)

    def open_elsewhere(self, receipt: ReceiptName) -> Preview:
        """Ask for the turn at the sale of a whole ``receipt`` that is not in this journal, and return how it stands.

        Raises ``StationError`` SALE_ELSEWHERE without an office, SALE_OUT_OF_REACH while it does not answer,
        SALE_NOT_YET, RETURN_UNDER_WAY, PACK_MISSING or 5xx.
        """
        asked = SaleAsked(self._new_id(self._world.clock.now().utc_us), receipt.station, receipt.incarnation, receipt.seq)
        told = self._theirs(asked, settle=False)
        with self._or_dropped(told):
            return self._reckoned(ELSEWHERE, told.entry, (), told)

    def choose(self, found: Preview, lines: Sequence[ReturnedLine]) -> Preview:
        """Return ``found`` with other ``lines`` of its sale; nobody is asked. Raises as ``preview``."""
        return self._reckoned(found.place, found.entry, lines, found.told)

    def drop(self, found: Preview) -> None:
        """Let others take goods of the sale back: no return comes of ``found``. What head office does not hear ends by itself."""
        self._drop(found.told)

    def take_back(
        self, place: int, lines: Sequence[ReturnedLine], cashier: Actor, approver: Actor | None = None,
        traces: Sequence[str] = (),
    ) -> SaleReturn:
        """Take ``lines`` of the sale at ``place`` back; durable when this returns.

        ``traces`` are the bank terminal's trace numbers of the refund, parallel to the tenders of the sale.
        Raises as ``preview``, and ``StationError`` SHIFT_CLOSED, or 4xx when the journal cannot be written.
        """
        self._shift()
        return self.book(self.preview(place, lines), cashier, approver, traces).back

    def book(self, found: Preview, cashier: Actor, approver: Actor | None = None, traces: Sequence[str] = ()) -> Booked:
        """Do what was previewed; durable when this returns. Raises as ``take_back`` or ``preview_void``.

        It is reckoned once more, so that nothing comes back twice whatever happened since, and head office is
        told first, where it has to be. Also raises ``StationError`` RETURN_CHANGED when another till's return
        made it come to something else, RETURN_UNDER_WAY, or SALE_OUT_OF_REACH; then nothing was done.
        """
        self._shift()
        asked = found.told.asked if found.told else self._asked(found.entry)
        settled = (self._theirs if found.place == ELSEWHERE else self._own)(asked, settle=True)
        told = settled or found.told
        with self._or_dropped(settled):
            now = (self._void(found.place, found.entry, told) if found.cause is ReturnCause.VOID
                   else self._reckoned(found.place, found.entry, found.lines, told))
            if told and now.returned != found.returned:
                raise StationError(ErrorCode.RETURN_CHANGED)
            return self._book(now, asked.return_id, cashier, approver, traces)

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

    def _book(
        self, found: Preview, return_id: str, cashier: Actor, approver: Actor | None, traces: Sequence[str],
    ) -> Booked:
        sale, shift, now = found.entry.body, self._shift(), self._world.clock.now()
        given = (*traces, *[""] * (len(sale.tenders) - len(traces)))
        told = found.told if found.place == ELSEWHERE else None
        name = told.name if told else Position(found.entry.incarnation, found.entry.seq)
        back = SaleReturn(
            return_id, sale.sale_id, name.incarnation, name.seq, shift.business_date, shift.number,
            sale.basket.member.member_id if sale.basket.member else None, found.lines, found.returned.money,
            tuple(Tender(tender.kind, amount, trace if amount and tender.kind is TenderKind.DEBIT else "", tender.account)
                  for tender, amount, trace in zip(sale.tenders, found.returned.tenders, given, strict=True)),
            taxes_back(sale, found.earlier, found.returned.remains),
            reversals(return_id, sale, found.before, found.returned),
            tuple(coupon.code for coupon in found.returned.coupons), found.cause,
            told.elsewhere(found.receipt) if told else None)
        return Booked(back, self._world.journal.append(Draft(EntryKind.RETURN, now, cashier, back, approver)))

    def _reckoned(
        self, place: int, entry: Entry[Sale], lines: Sequence[ReturnedLine], told: SaleTold | None,
    ) -> Preview:
        """Return what the return of ``lines`` comes to after what this journal and head office know."""
        name = told.name if told and place == ELSEWHERE else Position(entry.incarnation, entry.seq)
        others = told.returns if told else ()
        known = {each.return_id for each in others}
        earlier = (*others, *(each for each in self._world.journal.returns_of(name) if each.return_id not in known))
        pack = told.pack if told and told.pack else self._world.packs.pack(entry.body.basket.pack)
        try:
            before = gone_before(entry.body, earlier) if earlier else NOTHING
            returned = take_back(Engine(pack), entry.body, lines, before)
        except ValueError as fault:
            if not others:
                raise
            # A return that was tampered with is posted too, and flagged: the sale cannot be gone over from it.
            raise StationError(ErrorCode.ANSWER_INVALID, reason="returns") from fault
        return Preview(place, entry, pack, tuple(lines), before, returned, earlier, told)

    def _void(self, place: int, entry: Entry[Sale], told: SaleTold | None) -> Preview:
        found = self._reckoned(place, entry, (), told)
        if place != self._last_place() or entry.body.shift != self._shift().number or found.earlier:
            raise StationError(ErrorCode.VOID_TOO_LATE)
        return replace(self.choose(found, void_lines(entry.body)), cause=ReturnCause.VOID)

    def _own(self, asked: SaleAsked, *, settle: bool) -> SaleTold | None:
        """Ask about a sale of this journal; None where head office has not heard of it, as no other till has.

        Without an answer, or with one that makes no sense, it comes back here as ever: head office flags what is too much.
        """
        if self._office is None or not self._online():
            return None
        try:
            return self._office.ask(asked, settle=settle)
        except StationError as fault:
            if fault.code is ErrorCode.RETURN_UNDER_WAY:
                raise
            return None

    def _theirs(self, asked: SaleAsked, *, settle: bool) -> SaleTold:
        """Ask about a sale that is not in this journal, with its rules where they are not here."""
        office = self._office
        if office is None:
            raise StationError(ErrorCode.SALE_ELSEWHERE)
        with _in_reach():
            told = office.ask(asked, settle=settle)
        if told is None:
            raise StationError(ErrorCode.SALE_NOT_YET)
        with self._or_dropped(told), _in_reach():
            return replace(told, pack=self._pack_of(told, office))

    def _pack_of(self, told: SaleTold, office: ReturnOffice) -> Pack:
        number = told.entry.body.basket.pack
        try:
            return self._world.packs.pack(number)
        except StationError as fault:
            if fault.code is not ErrorCode.PACK_MISSING:
                raise
            return office.pack(number)

    def _drop(self, told: SaleTold | None) -> None:
        if self._office and told:
            with suppress(StationError):
                self._office.drop(told.asked)

    @contextmanager
    def _or_dropped(self, told: SaleTold | None) -> Iterator[None]:
        """Give the turn back when it comes to nothing."""
        try:
            yield
        except StationError:
            self._drop(told)
            raise

    def _asked(self, entry: Entry[Sale]) -> SaleAsked:
        return SaleAsked(
            self._new_id(self._world.clock.now().utc_us), entry.station, entry.incarnation, entry.seq, entry.body.sale_id)

    def _sale(self, place: int) -> Entry[Sale]:
        try:
            return self._world.journal.sale(place)
        except KeyError:
            raise StationError(ErrorCode.SALE_UNKNOWN) from None

    def _last_place(self) -> int:
        """Return the place of the sale just made. Raises ``StationError`` SHIFT_CLOSED, VOID_TOO_LATE."""
        self._shift()
        place = self._world.journal.last_sale()
        if place is None:
            raise StationError(ErrorCode.VOID_TOO_LATE)
        return place

    def _shift(self) -> Shift:
        shift = self._world.journal.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        return shift

    def _new_id(self, at_us: int) -> str:
        return uuid7(at_us, self._world.random(RANDOM_BYTES))


@contextmanager
def _in_reach() -> Iterator[None]:
    """Say what a silence of head office means for the sale of another till."""
    try:
        yield
    except StationError as fault:
        if fault.code in _SILENT:
            raise StationError(ErrorCode.SALE_OUT_OF_REACH) from fault
        raise
