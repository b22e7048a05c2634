"""The top bar: whose till this is, with the lock; the time, and how files, clock, rules, printer, members, readers and head office stand."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.format import Format
from ui.qt import tokens
from ui.qt.guard import guarded
from ui.qt.labels import ChipLabel, ElidedLabel, NumberLabel, Side, button, keyed, on_click
from ui.qt.lock_key import LockKey
from ui.text import Words
from ui.views import Chip, StatusView, Tone

GRAVITY = (Tone.ERROR, Tone.WARN, Tone.NEUTRAL, Tone.OK)
LEAST_NAME = 72
"""What is left of each name, in pixels at 100 %, before chips give way instead."""
_MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest, QEvent.Type.Show})


class TopBar(QWidget):
    """Shows ``StatusView`` values; under them a band in the colour of what is not real, where there is one.

    Where not all chips have room the date goes, then the least grave of them are counted in one, never head office's. ``key``
    lies over all chips: whoever presses it is shown how everything stands, and a screen reader reads it there.
    """

    def __init__(self, parent: QWidget, band: str = "") -> None:
        """Build the empty bar; ``band`` is what the band says, to be translated."""
        super().__init__(parent)
        self._shop = ElidedLabel("shop", self)
        self.cashier = ElidedLabel("caption", self)
        self.lock: LockKey | None = None
        self._shift = ChipLabel(self)
        self._moment = NumberLabel(Side.END, "caption", self, even=False)
        self.more, self.data, self.clock, self.rules, self.printer, self.members, self.readers, self.sync = (
            ChipLabel(self, dot=True) for _ in range(8))
        self._chips = (self.data, self.clock, self.rules, self.printer, self.members, self.readers, self.sync)
        self._said: dict[ChipLabel, Chip] = {}
        self._when = "", ""
        self._words = Words("en")
        self._says = band
        self.band = QLabel(self)
        self.band.setObjectName("band")
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setVisible(bool(band))
        for each in (self.more, *self._chips):
            each.hide()
        self._above = parent
        self.key = button("state", parent)
        self.key.hide()
        self._opens = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.XS)
        row = QHBoxLayout()
        column.addLayout(row)
        column.addWidget(self.band)
        row.setSpacing(tokens.L)
        who: tuple[QWidget, ...] = (self._shop, self.cashier, self._shift)
        what: tuple[QWidget, ...] = (self._moment, self.more, *self._chips)
        for widget in who:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in what:
            row.addWidget(widget)
        self._row = row

    def let_lock(self, ground: QWidget, page: QWidget, lock: Callable[[], None]) -> None:
        """Have a touch on the cashier's name ``lock`` the till. The key lies on ``ground``, under ``page``: the bar is too low for it."""
        self.lock = LockKey(self.cashier, self, ground)
        self.lock.stackUnder(page)
        on_click(self.lock, lock)

    def set_words(self, words: Words) -> None:
        """Say in another language what is not real, and what the cashier's name does."""
        self._words = words
        if self.lock:
            self.lock.setAccessibleName(words("Lock the till"))
            self.lock.setToolTip(keyed(words("Lock the till"), "Shift+Esc"))
        self.band.setText(words(self._says) if self._says else "")

    def opens(self, act: Callable[[], None]) -> None:
        """Do ``act`` when somebody wants to know more of how everything stands."""
        on_click(self.key, act)
        self._opens = True
        self._fit()

    def show_status(self, view: StatusView) -> None:
        """Show ``view``."""
        self._shop.say(view.shop)
        self.cashier.say(view.cashier)
        self._shift.say(view.shift)
        self._when = view.moment, view.time or view.moment
        all_of_it = {
            self.data: view.data, self.clock: view.clock, self.rules: view.rules, self.printer: view.printer,
            self.members: view.members, self.readers: view.readers, self.sync: None if self._says else view.sync}
        self._said = {label: chip for label, chip in all_of_it.items() if chip}  # in training head office's would promise to send
        for label, chip in self._said.items():
            label.say(chip)
        told = "\n".join(f"{chip.text}\n{chip.hint}" if chip.hint else chip.text for chip in self._said.values())
        self.key.setAccessibleName(self._words("Readers, printer, connection"))
        self.key.setAccessibleDescription(told)
        self.key.setToolTip(told)
        self._fit()

    @guarded(QSize())
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Allow any width: what then has no room gives way."""
        return QSize(0, super().minimumSizeHint().height())

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Choose anew what has room when the size changes, of the bar or of what is said."""
        done = super().event(event)
        if event.type() in _MOVES:
            self._fit()
        return done

    def _fit(self) -> None:
        """Show the chips that have room together, and over them the key."""
        wanted = [label for label in self._chips if label in self._said and not self._is_quiet(label)]
        self._moment.setText(self._when[0])
        shown, gone = wanted, list[ChipLabel]()
        if self._width_of(wanted, 0) > self._room():
            self._moment.setText(self._when[1])
            shown = self._gravest(wanted)
            gone = [each for each in wanted if each not in shown]
        if gone:
            self.more.say(Chip(self._more_text(len(gone)), min((self._said[each].tone for each in gone), key=GRAVITY.index)))
        self.more.setVisible(bool(gone))
        for label in self._chips:
            label.setVisible(label in shown)
        self._place_key()

    def _is_quiet(self, label: ChipLabel) -> bool:
        return label in (self.clock, self.rules, self.printer) and self._said[label].tone in (Tone.OK, Tone.NEUTRAL)

    def _more_text(self, count: int) -> str:
        return self._words("{count} more", count=Format(self._words.language).number(count))

    def _room(self) -> int:
        """Return how many pixels are left for chips when the names are shortened as far as they may be."""
        least = tokens.px(LEAST_NAME)
        return (self.width() - sum(min(each.sizeHint().width(), least) for each in (self._shop, self.cashier))
                - sum(each.sizeHint().width() for each in (self._shift, self._moment)) - 3 * self._row.spacing())

    def _gravest(self, wanted: list[ChipLabel]) -> list[ChipLabel]:
        """Return which of ``wanted`` have room together with the count of the others: head office's always, then the gravest."""
        order = (self.data, self.printer, self.clock, self.readers, self.rules, self.members)
        shown = [each for each in (self.sync,) if each in wanted]
        for label in sorted((each for each in order if each in wanted), key=lambda each: GRAVITY.index(self._said[each].tone)):
            gone = len(wanted) - len(shown) - 1
            if self._width_of([*shown, label], gone) <= self._room():
                shown.append(label)
        return shown

    def _width_of(self, shown: list[ChipLabel], gone: int) -> int:
        """Return how much room chips take, with the one that counts those that are gone."""
        if gone:
            self.more.say(Chip(self._more_text(gone), Tone.NEUTRAL))
            shown = [self.more, *shown]
        return sum(each.sizeHint().width() + self._row.spacing() for each in shown)

    def _place_key(self) -> None:
        """Lay the key over the chips, as high as a finger needs; there is no room of its own for it in a low bar."""
        shown = [each.geometry() for each in (self.more, *self._chips) if not each.isHidden()]
        self.key.setVisible(self._opens and bool(shown))
        around = QRect()
        for each in shown:
            around = around.united(each)
        high = max(tokens.BUTTON, around.height())
        at = self.mapTo(self._above, QPoint(around.left() - tokens.XS, around.center().y() - high // 2))
        self.key.setGeometry(QRect(QPoint(at.x(), max(at.y(), 0)), QSize(around.width() + 2 * tokens.XS, high)))
        self.key.raise_()
