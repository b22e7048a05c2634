"""What a cashier sees of the own day: the receipts, to be printed again. No sums, no figures of the club. No Qt."""

from collections.abc import Callable, Sequence
from typing import Protocol

from station.clock import Clock
from station.journal import Position, Stored, receipt_number
from station.shift import Shift
from station.shift_rows import SaleRow
from station.span import Span
from ui.format import Format
from ui.presenters.at_till import AtTill
from ui.text import Words
from ui.views_shift import OwnSale, OwnSalesView

MOST_SHOWN = 200
_LRM = "\u200e"


class SaleBook(Protocol):
    """The journal as reports read it (``data.report_rows``). Both raise ``StationError`` 4xx."""

    def sales(self, span: Span) -> Sequence[SaleRow]:
        """Return the sales of ``span``, the latest first."""
        ...

    def stored(self, place: int) -> Stored | None:
        """Return the entry at ``place`` as it lies on disk, or None where it was cut off."""
        ...


class OwnSales:
    """Lives on the screen's thread; reads the journal anew each time."""

    def __init__(
        self, book: SaleBook, shift: Callable[[], Shift | None], clock: Clock, at_till: AtTill, station: str,
    ) -> None:
        """``shift`` returns the open one, on whose day sales are booked; ``station`` is the first part of a receipt's number."""
        self._book = book
        self._shift = shift
        self._clock = clock
        self._at_till = at_till
        self._station = station

    def describe(self, words: Words, style: Format) -> OwnSalesView:
        """Return the receipts of who is at the till, of the business day sales are booked on now, the latest first."""
        shift, who = self._shift(), self._at_till.person
        day = shift.business_date if shift else self._clock.now().date
        rows = [each for each in self._book.sales(Span(day, day)) if each.person == who.actor.person][:MOST_SHOWN]
        fmt = style.fitting(each.total for each in rows)
        title = words("Sales of {name}, {date}", name=who.name.in_language(words.language), date=style.date(day))
        return OwnSalesView(title, fmt.unit_name, tuple(
            OwnSale(each.place, fmt.time(each.at.minute_of_day) if each.at else "", self._receipt(each.place),
                    words("Member") if each.member_id else "", fmt.amount(each.total)) for each in rows))

    def _receipt(self, place: int) -> str:
        stored = self._book.stored(place)
        return _LRM + receipt_number(self._station, Position(stored.incarnation, stored.seq)) if stored else ""
