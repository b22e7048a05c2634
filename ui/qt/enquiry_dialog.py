"""The price of a good: scan it or type its code; nothing goes into the basket."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from drivers.bank_cards import Lane
from ui.presenters.enquiry import NOTHING, EnquiryView, PriceEnquiry
from ui.qt import tokens
from ui.qt.labels import ElidedLabel, Field, NumberLabel, Side, button, keyed, on_click
from ui.qt.number_pad import NumberPad
from ui.qt.touch_keys import Keys
from ui.text import Words

_WIDTH, _HEIGHT = 760, 500


class EnquiryDialog(QDialog):
    """Shows one good after the other, until it is closed."""

    def __init__(self, enquiry: PriceEnquiry, parent: QWidget) -> None:
        """Build the dialog, closed."""
        super().__init__(parent)
        self._enquiry = enquiry
        self._code = ""
        self.setModal(True)
        self.hint, self.quantity, self.whose, self.tells, self.problem = (QLabel(self) for _ in range(5))
        for label, name in ((self.hint, "caption"), (self.quantity, "caption"), (self.whose, "caption"),
                            (self.tells, "tempts"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.asked = Field(self, Lane.BARCODE, Keys.CODES)
        self.name = ElidedLabel("heading", self)
        self.price = NumberLabel(Side.START, "total", self)
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self.pad = NumberPad(self)
        self.pad.serve(self.asked)
        self.back, self.ask = button("plain", self), button("primary", self)
        self._arrange()
        on_click(self.back, self.reject)
        on_click(self.ask, self._ask)
        self.asked.returnPressed.connect(self._ask)

    def set_words(self, words: Words) -> None:
        """Speak another language; the good follows when it is asked for again."""
        self.setWindowTitle(words("Price enquiry"))
        self.hint.setText(words("Scan an item, or type its code. Nothing is added to the basket."))
        self.asked.setAccessibleName(words("Code of the item"))
        self.ask.setText(keyed(words("Show the price"), "Enter"))
        self.back.setText(keyed(words("Back"), "Esc"))
        self.pad.set_words(words)

    def start(self) -> None:
        """Open, empty."""
        self.setMinimumSize(tokens.px(_WIDTH), tokens.px(_HEIGHT))
        self._code = ""
        self.asked.empty()
        self.show_view(NOTHING)
        self.asked.setFocus()
        self.open()

    def scanned(self, code: str) -> None:
        """Show the good with this code."""
        self._code = code
        self.show_view(self._enquiry.ask(code))
        self.asked.empty()
        self.asked.setFocus()

    def refresh(self) -> None:
        """Show the same good again: it may cost the member who came something else."""
        self.show_view(self._enquiry.ask(self._code))

    def show_view(self, view: EnquiryView) -> None:
        """Show ``view``."""
        self.name.say(view.name)
        self.price.setText(view.price)
        self.price.setAccessibleName(view.price)
        for label, text in ((self.quantity, view.quantity), (self.whose, view.whose), (self.problem, view.problem),
                            (self.tells, "\n".join(view.tells))):
            label.setText(text)
            label.setVisible(bool(text))
        while item := self._grid.takeAt(0):
            if made := item.widget():
                made.hide()
                made.deleteLater()
        for place, row in enumerate(view.rows):
            label, amount = ElidedLabel("caption", self._rows), NumberLabel(Side.END, "amount", self._rows)
            label.say(row.label)
            amount.setText(row.amount)
            self._grid.addWidget(label, place, 0)
            self._grid.addWidget(amount, place, 1)
        self._rows.setVisible(bool(view.rows))

    def _ask(self) -> None:
        if self.asked.text().strip():
            self.scanned(self.asked.text())

    def _arrange(self) -> None:
        good = QVBoxLayout()
        good.setSpacing(tokens.S)
        for widget in (self.hint, self.asked, self.name, self.quantity, self.whose, self.price, self._rows, self.tells,
                       self.problem):
            good.addWidget(widget)
        good.addStretch(1)
        side = QVBoxLayout()
        side.addWidget(self.pad)
        side.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(tokens.XL)
        columns.addLayout(good, 3)
        columns.addLayout(side, 2)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        column.addLayout(columns, 1)
        column.addLayout(foot)
