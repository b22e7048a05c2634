"""Receipts on their way to the printer: drawn from the journal, on the printing thread."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from data.past_sales import PastSales
from data.report_rows import ReportRows
from drivers.printers.port import Raster
from station.errors import StationError
from station.journal import Position, receipt_number
from station.pack import Pack
from station.sale import Sale
from station.text import Text
from station.unknown_return import UnknownReturn
from ui.format import Format
from ui.presenters.receipt import Issue, receipt_view
from ui.presenters.report_paper import report_view, test_page
from ui.presenters.return_paper import BackIssue, return_view, unknown_return_view
from ui.qt import fonts
from ui.qt.papers import Papers
from ui.qt.receipt import receipt_raster, save_pdf
from ui.text import Words
from ui.views_report import ReceiptView
from ui.wiring import Memory

TEST_PAGE = 0
"""No entry has this place: what is printed for it shows that the printer works."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on every receipt of this till; ``speak`` returns the language of the moment."""

    shop: Text
    cashier: Text
    speak: Callable[[], tuple[Words, Format]]


class ReceiptJobs:
    """``drivers.printers.queue.PrintJobs`` over the station's own files, opened for the printing thread."""

    def __init__(self, memory: Memory, head: Letterhead, papers: Papers | None = None) -> None:
        """Read from ``memory``, which is closed with the jobs; ``papers`` are strips that are in no journal."""
        self._memory = memory
        self._head = head
        self._papers = papers or Papers()

    def waiting(self) -> Sequence[int]:
        """Return the sales whose receipt is to be printed, oldest first."""
        return self._memory.journal.waiting_prints()

    def render(self, seq: int, *, copy: bool) -> Raster:
        """Draw the receipt of sale ``seq``."""
        return receipt_raster(self.describe(seq, copy=copy))

    def describe(self, seq: int, *, copy: bool) -> ReceiptView:
        """Return what the receipt of sale or return ``seq`` says, or the X or Z report there, the test page at ``TEST_PAGE``, or a strip below 0.

        Raises ``KeyError`` when there is neither.
        """
        if seq < 0:
            return self._papers.view(seq)
        words, style = self._head.speak()
        shop = self._head.shop.in_language(words.language)
        if seq == TEST_PAGE:
            return test_page(shop, words)
        try:
            entry = self._memory.journal.sale(seq)
        except KeyError:
            back = self._describe_return(seq, shop, words, style, copy=copy)
            if back:
                return back
            report = ReportRows(self._memory.journal.database).report_at(seq)
            name = self._name(report.actor.person).in_language(words.language)
            return report_view(report, shop, name, words, style, copy=copy)
        sale, buyer = entry.body, entry.body.basket.member
        member = self._memory.members.member(buyer.member_id) if buyer else None
        issue = Issue(
            receipt_number(entry.station, Position(entry.incarnation, entry.seq)), entry.at,
            shop, self._name(entry.actor.person).in_language(words.language),
            member.name if member else "", buyer.points + sale.priced.points - sale.priced.spent if buyer else None, copy)
        pack = self._memory.packs.pack(sale.basket.pack)
        return receipt_view(sale, issue, pack, words, style)

    def _describe_return(self, place: int, shop: str, words: Words, style: Format, *, copy: bool) -> ReceiptView | None:
        """Return what the receipt of the return at ``place`` says, None where there is none."""
        memory = self._memory
        past = PastSales(memory.journal.database)
        try:
            entry = past.return_at(place)
        except KeyError:
            return None
        back = entry.body
        issue = BackIssue(
            receipt_number(entry.station, Position(entry.incarnation, entry.seq)), entry.at, shop,
            self._name(entry.actor.person).in_language(words.language),
            self._name(entry.approver.person).in_language(words.language) if entry.approver else "", copy=copy)
        if isinstance(back, UnknownReturn):
            return unknown_return_view(back, replace(issue, of_receipt=back.receipt), words, style)
        member = memory.members.member(back.member_id) if back.member_id else None
        issue = replace(issue, member_name=member.name if member else "")
        if back.elsewhere:
            sale, of_receipt = back.elsewhere.sale, back.elsewhere.receipt
        else:
            sold = memory.journal.sale(past.place_of(Position(back.incarnation, back.seq)) or 0)
            sale, of_receipt = sold.body, receipt_number(sold.station, Position(sold.incarnation, sold.seq))
        return return_view(back, sale, replace(issue, of_receipt=of_receipt), self._rules(sale, entry.at.utc_us), words, style)

    def _rules(self, sale: Sale, at_us: int) -> Pack:
        """Return the pack of ``sale``; of one made elsewhere that is not here, the one then in force, for the names of its rules."""
        try:
            return self._memory.packs.pack(sale.basket.pack)
        except StationError:
            return self._memory.packs.current(at_us)

    def _name(self, person: str) -> Text:
        """Return who sold it; the name the program was started with where nobody of that id works here."""
        known = self._memory.staff.person(person)
        return known.name if known else self._head.cashier

    def done(self, seq: int) -> None:
        """Take sale ``seq`` off the list, durably."""
        self._memory.journal.printed(seq)

    def close(self) -> None:
        """Close the files."""
        self._memory.close()


def write_pdf(memory: Memory, head: Letterhead, seq: int, path: Path) -> None:
    """Write a copy of the receipt of sale ``seq`` as a PDF, without a window.

    Raises ``KeyError`` when that is no sale, ``StationError`` PRINTER_UNAVAILABLE.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication):
        fonts.prepare(app)
    save_pdf(ReceiptJobs(memory, head).describe(seq, copy=True), path)
