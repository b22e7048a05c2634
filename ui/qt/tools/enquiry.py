"""The price of a good (Shift+F6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from station.card import Tap
from ui.format import Format
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark

if TYPE_CHECKING:
    from ui.presenters.enquiry import PriceEnquiry
    from ui.qt.enquiry_dialog import EnquiryDialog


class EnquiryTool(Quiet):
    """While its dialog is open, what is scanned is asked about, and a card shows that member's prices."""

    def __init__(self, till: Till) -> None:
        """Ask the counter of ``till``."""
        self._till = till
        self._enquiry: PriceEnquiry | None = None
        self.dialog: EnquiryDialog | None = None

    def entries(self) -> Sequence[Entry]:
        """Return the one entry."""
        return (Entry(mark("Price enquiry"), self._open, Section.SALE, "Shift+F6"),)

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language."""
        super().set_words(words, style, theme)
        if self.dialog and self._enquiry:
            self._enquiry.speak(words, style)
            self.dialog.set_words(words)
            self.dialog.refresh()

    def takes(self, tap: Tap) -> bool:
        """Give the basket to the member, as ever, and show what the good costs that member."""
        if not self._is_open:
            return False
        self._till.checkout.tapped(tap)
        if self.dialog:
            self.dialog.refresh()
        return True

    def takes_code(self, code: str) -> bool:
        """Ask about what was scanned."""
        if self.dialog and self._is_open:
            self.dialog.scanned(code)
            return True
        return False

    @property
    def _is_open(self) -> bool:
        return self.dialog is not None and self.dialog.isVisible()

    def _open(self) -> None:
        if self.dialog is None:
            from ui.presenters.enquiry import PriceEnquiry
            from ui.qt.enquiry_dialog import EnquiryDialog

            self._enquiry = PriceEnquiry(self._till.desk.counter)
            self._enquiry.speak(self.words, self.style)
            self.dialog = EnquiryDialog(self._enquiry, self._till.parent)
            self.dialog.set_words(self.words)
            self._till.fields(self.dialog)
        self.dialog.start()
