"""Goods come back (F7), the sale just made is voided (Shift+F7), and a scanned receipt opens its sale."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from station.card import Tap
from station.leases import AccountKind
from station.past_sale import read_receipt
from ui.format import Format
from ui.late import LateReturns
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.presenters.return_parts import ReturnParts
    from ui.presenters.returning import ReturnDesk
    from ui.qt.return_page import ReturnPage
    from ui.qt.toolbox import Parts


class ReturnTool(Quiet):
    """The page is made when it is first wanted."""

    def __init__(self, parts: "Callable[[], ReturnParts]", till: Till) -> None:
        """Take back what ``till`` sold; ``parts`` are made when the page is."""
        self._parts, self._till = parts, till
        self.page: ReturnPage | None = None
        self.desk: ReturnDesk | None = None

    def entries(self) -> Sequence[Entry]:
        """Return return and void."""
        return (
            Entry(mark("Return"), self._open, Section.SALE, "F7", on_bar=True),
            Entry(mark("Void the last sale"), self._void, Section.SALE, "Shift+F7"))

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, in another theme."""
        super().set_words(words, style, theme)
        if self.page and self.desk:
            self.page.set_words(words, style, theme)
            self.desk.speak(words, style)

    def takes(self, tap: Tap) -> bool:
        """Look for the sales to a member whose card is shown while a sale is looked for."""
        return bool(self.page and self.desk and self.page.isVisible() and self.desk.tapped(tap.number))

    def takes_code(self, code: str) -> bool:
        """Open the sale of a receipt, wherever it is scanned, but not under a dialog; take goods while the page is open."""
        if read_receipt(code) and QApplication.activeModalWidget() is None:
            _, desk = self._shown()
            desk.start()
            desk.open_receipt(code)
            return True
        return bool(self.page and self.desk and self.page.isVisible() and self.desk.scanned(code))

    def _open(self) -> None:
        page, desk = self._shown()
        desk.start()
        page.start(desk.span.last)

    def _void(self) -> None:
        page, desk = self._made()
        desk.start_void()
        self._till.open_page(page)

    def _shown(self) -> "tuple[ReturnPage, ReturnDesk]":
        page, desk = self._made()
        self._till.open_page(page)
        return page, desk

    def _made(self) -> "tuple[ReturnPage, ReturnDesk]":
        from ui.presenters.returning import ReturnDesk
        from ui.qt.return_page import ReturnPage

        if self.page is None or self.desk is None:
            self.page = page = ReturnPage(self._till.leave, self._till.parent)
            self.desk = ReturnDesk(self._parts(), self.words, self.style, page)
            page.connect_to(self.desk)
            page.set_words(self.words, self.style, self.theme)
        return self.page, self.desk


def return_tool(parts: "Parts", till: Till) -> ReturnTool:
    """Return the tool over what the program is made of."""
    def balance(kind: AccountKind, account: str) -> int | None:
        found = parts.counter.spendable(kind, account)
        return found.amount if found and found.online else None

    def done(cash: bool) -> None:  # noqa: FBT001 - as the desk calls it
        parts.wake()
        parts.printer().wake()
        if cash:
            parts.printer().kick()

    def make() -> "ReturnParts":
        from data.past_sales import PastSales
        from ui.presenters.return_parts import ReturnParts

        return ReturnParts(
            parts.counter.place.station, parts.world, PastSales(parts.memory.journal.database), parts.at_till, balance,
            parts.memory.staff.people, till.approved, done, lambda place: parts.printer().reprint(place), office, parts.online)

    office = LateReturns(parts.home, parts.paired) if parts.home and not parts.training else None
    if office:
        till.parent.destroyed.connect(office.close)
    return ReturnTool(make, till)
