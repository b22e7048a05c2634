"""The code by which the member's phone becomes a card: shown once, for the phone's camera."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from ui.presenters.phone_link import PhoneLink, PhoneLinkView
from ui.qt import tokens
from ui.qt.labels import ElidedLabel, button, keyed, on_click
from ui.text import Words

_SIDE = 300
_QUIET = 4
_WIDTH = 420


class PhoneDialog(QDialog):
    """One code; it is gone from the screen and from memory when the dialog closes."""

    def __init__(self, parent: QWidget) -> None:
        """Build the dialog, closed; ``connect_to`` gives it its presenter."""
        super().__init__(parent)
        self._page: PhoneLink | None = None
        self.setModal(True)
        self.setFixedWidth(tokens.px(_WIDTH))
        self.member = ElidedLabel("heading", self)
        self.code = QLabel(self)
        self.code.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hint, self.problem = QLabel(self), QLabel(self)
        for label, name in ((self.hint, "caption"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.back = button("plain", self)
        on_click(self.back, self.accept)
        self.finished.connect(self.code.clear)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(tokens.XL, tokens.L, tokens.XL, tokens.L)
        column.setSpacing(tokens.M)
        for widget in (self.member, self.code, self.hint, self.problem, self.back):
            column.addWidget(widget)

    def connect_to(self, page: PhoneLink) -> None:
        """Let ``page`` make the links."""
        self._page = page

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        if self._page:
            self._page.speak(words)
        self.setWindowTitle(words("Phone as a card"))
        self.code.setAccessibleName(words("Code for the phone's camera"))
        self.hint.setText(words(
            "The member opens this with the phone's camera. It works for one phone, for a day; the phone is a card then."))
        self.back.setText(keyed(words("Done"), "Esc"))

    def start(self, member_id: str, name: str) -> None:
        """Show a fresh code for a member."""
        if self._page:
            self._page.start(member_id, name)
            self.open()

    def show_link(self, view: PhoneLinkView) -> None:
        """Show ``view``."""
        self.member.say(view.member)
        self.problem.setText(view.problem)
        for widget, shown in ((self.problem, bool(view.problem)), (self.code, bool(view.address)),
                              (self.hint, bool(view.address))):
            widget.setVisible(shown)
        if view.address:
            self.code.setPixmap(drawn(view.address))
        # Left to itself a dialog takes no more than two thirds of the screen, and the code would be cut.
        self.resize(self.width(), self._column.totalHeightForWidth(self.width()))


def drawn(text: str) -> QPixmap:
    """Return ``text`` as a QR code (ISO/IEC 18004) of ``_SIDE`` pixels or a little less, dark on light in every theme."""
    import segno

    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    modules = len(rows) + 2 * _QUIET
    scale = max(1, tokens.px(_SIDE) // modules)
    image = QImage(modules * scale, modules * scale, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        for place, row in enumerate(rows, _QUIET):
            for column, dark in enumerate(row, _QUIET):
                if dark:
                    painter.fillRect(QRect(column * scale, place * scale, scale, scale), QColor("black"))
    return QPixmap.fromImage(image)
