"""Receipts on their way to the printer: drawn from the journal, printed, then taken from its queue."""

from collections.abc import Callable
from dataclasses import dataclass

from data.journal import JournalStore
from data.members import MemberStore
from data.shelf import PackShelf
from drivers.printers.port import Printer, Raster
from station.errors import StationError
from station.journal import Position, receipt_number
from station.text import Text
from ui.format import Format
from ui.presenters.receipt import Issue, receipt_view
from ui.qt.receipt import receipt_raster
from ui.text import Words


@dataclass(frozen=True, slots=True)
class Records:
    """Where a receipt's facts come from."""

    journal: JournalStore
    members: MemberStore
    packs: PackShelf


class ReceiptDesk:
    """Prints what waits in the journal's print queue, oldest first, and any sale again as a copy.

    Lives on the screen's thread. ``speak`` returns the present words and format.
    """

    def __init__(
        self, records: Records, printer: Printer, shop: Text, cashier: Text,
        speak: Callable[[], tuple[Words, Format]],
    ) -> None:
        """Remember whom to ask and where to print."""
        self._records = records
        self._printer = printer
        self._shop = shop
        self._cashier = cashier
        self._speak = speak

    def print_waiting(self) -> StationError | None:
        """Print every waiting receipt; return the fault that stopped it, whose receipt stays queued."""
        for seq in self._records.journal.waiting_prints():
            try:
                self._print(seq, copy=False)
            except StationError as fault:
                return fault
            self._records.journal.printed(seq)
        return None

    def reprint_last(self) -> None:
        """Print the last sale's receipt again, marked as a copy; nothing without a sale.

        Raises ``StationError`` 6xx.
        """
        seq = self._records.journal.last_sale()
        if seq is not None:
            self._print(seq, copy=True)

    def _print(self, seq: int, *, copy: bool) -> None:
        raster, job = self._draw(seq, copy=copy)
        self._printer.print(raster, job)

    def _draw(self, seq: int, *, copy: bool) -> tuple[Raster, str]:
        entry = self._records.journal.sale(seq)
        sale, buyer = entry.body, entry.body.basket.member
        words, style = self._speak()
        language = words.language
        number = receipt_number(entry.station, Position(entry.incarnation, entry.seq))
        member = self._records.members.member(buyer.member_id) if buyer else None
        issue = Issue(
            number, entry.at, self._shop.in_language(language), self._cashier.in_language(language),
            member.name if member else "", buyer.points + sale.priced.points if buyer else None, copy)
        view = receipt_view(sale, issue, self._records.packs.pack(sale.basket.pack), words, style)
        return receipt_raster(view), f"{number}-copy" if copy else number
