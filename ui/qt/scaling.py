"""The size of everything, changed while it stands: sizes made at one percentage are taken to another.

``QT_SCALE_FACTOR`` works only before the program starts. What is painted and what the style sheet
says follows the tokens by itself; what was set once, when a widget was made, is changed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QHeaderView,
    QLayout,
    QTableView,
    QWidget,
)

from ui.look import Look
from ui.qt import own_words, tokens

SMALLEST = 1024, 600
"""What every page fits into at 100 %."""

BLINK_MS = 1000
_EFFECTS = (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo,
            Qt.UIEffect.UI_AnimateTooltip, Qt.UIEffect.UI_FadeTooltip)
_MOST = 16_777_215
"""Qt's QWIDGETSIZE_MAX: no limit was set."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one percentage to another."""

    before: int
    after: int

    def __call__(self, pixels: int) -> int:
        """Return ``pixels`` that were right before as they are right after; what is no length stays."""
        if pixels <= 0 or pixels >= _MOST:
            return pixels
        return tokens.of_design(round(pixels * 100 / self.before), self.after)


def fitting(percent: int, screen: QScreen | None) -> int:
    """Return ``percent``, or the largest size below it at which a page still fits on ``screen``."""
    if screen is None:
        return percent
    room = screen.geometry()
    fits = [each for each in tokens.SIZES if each <= percent and tokens.of_design(SMALLEST[0], each) <= room.width()
            and tokens.of_design(SMALLEST[1], each) <= room.height()]
    return max(fits, default=tokens.SIZES[0])


def wear(look: Look, tops: Sequence[QWidget]) -> bool:
    """Take language, size and motion of ``look`` for the program and all that hangs on ``tops``; return whether the size is new.

    The caller then puts the style sheet on anew, which takes its sizes from the tokens.
    """
    application = QApplication.instance()
    if isinstance(application, QApplication):
        own_words.speak(application, look.language)
        _move(application, moves=look.motion)
    step = Step(tokens.PERCENT, look.size)
    if step.before == step.after:
        return False
    tokens.scale_to(look.size)
    if isinstance(application, QApplication):
        font = application.font()
        font.setPixelSize(tokens.BODY)
        application.setFont(font)
    for top in tops:
        for widget in (top, *top.findChildren(QWidget)):
            _take(widget, step)
        for layout in top.findChildren(QLayout):
            _take_layout(layout, step)
    return True


def _move(application: QApplication, *, moves: bool) -> None:
    """Let menus glide and the caret blink, or not."""
    for effect in _EFFECTS:
        application.setEffectEnabled(effect, moves)
    application.setCursorFlashTime(BLINK_MS if moves else 0)


def _take(widget: QWidget, step: Step) -> None:
    least, most = widget.minimumSize(), widget.maximumSize()
    widget.setMinimumSize(step(least.width()), step(least.height()))
    widget.setMaximumSize(step(most.width()), step(most.height()))
    if isinstance(widget, QHeaderView):
        usual, low = widget.defaultSectionSize(), widget.minimumSectionSize()
        widget.setMinimumSectionSize(step(low))
        widget.setDefaultSectionSize(step(usual))
    elif isinstance(widget, QTableView):
        _take_columns(widget, step)


def _take_columns(table: QTableView, step: Step) -> None:
    head = table.horizontalHeader()
    for column in range(head.count()):
        if head.sectionResizeMode(column) is not QHeaderView.ResizeMode.Stretch:
            head.resizeSection(column, step(head.sectionSize(column)))


def _take_layout(layout: QLayout, step: Step) -> None:
    around = layout.contentsMargins()
    layout.setContentsMargins(step(around.left()), step(around.top()), step(around.right()), step(around.bottom()))
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(step(layout.horizontalSpacing()))
        layout.setVerticalSpacing(step(layout.verticalSpacing()))
        for row in range(layout.rowCount()):
            layout.setRowMinimumHeight(row, step(layout.rowMinimumHeight(row)))
        for column in range(layout.columnCount()):
            layout.setColumnMinimumWidth(column, step(layout.columnMinimumWidth(column)))
    elif isinstance(layout, QBoxLayout):
        layout.setSpacing(step(layout.spacing()))
