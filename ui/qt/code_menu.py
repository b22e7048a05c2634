"""A choice of codes by their names, one or several: a button that opens a menu and shows what was chosen."""

from collections.abc import Container, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from ui.qt import tokens
from ui.qt.guard import guarded


class CodeMenu(QPushButton):
    """Hidden while there is nothing to choose. With ``many`` several can be chosen."""

    def __init__(self, parent: QWidget, *, many: bool) -> None:
        """Build it without anything to choose."""
        super().__init__(parent)
        self._caption = self._said = ""
        self._offered: tuple[tuple[str, str], ...] = ()
        self.setObjectName("secondary")
        self.setAutoDefault(False)
        self.setMinimumWidth(tokens.px(tokens.BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._group = QActionGroup(self)
        optional = QActionGroup.ExclusionPolicy.ExclusiveOptional
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_ if many else optional)
        self._group.triggered.connect(self._say)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.hide()

    def set_words(self, caption: str) -> None:
        """Speak another language; the names follow with the next offer."""
        self._caption = caption
        self._say()

    def offer(self, codes: Sequence[tuple[str, str]]) -> None:
        """Let codes be chosen by their names; what is offered already keeps what was chosen."""
        if tuple(codes) == self._offered:
            return
        self._offered = tuple(codes)
        self._menu.clear()
        for old in self._group.actions():
            self._group.removeAction(old)
        for code, name in codes:
            action = QAction(name, self._menu, checkable=True)
            action.setData(code)
            self._group.addAction(action)
            self._menu.addAction(action)
        self.setVisible(bool(codes))
        self._say()

    def codes(self) -> tuple[str, ...]:
        """Return what was chosen."""
        return tuple(each.data() for each in self._group.actions() if each.isChecked())

    def choose(self, codes: Container[str]) -> None:
        """Choose those of ``codes`` that are offered, and no others."""
        for each in self._group.actions():
            each.setChecked(each.data() in codes)
        self._say()

    def clear(self) -> None:
        """Choose nothing."""
        self.choose(())

    def _say(self) -> None:
        names = [each.text() for each in self._group.actions() if each.isChecked()]
        self._said = f"{self._caption}: {', '.join(names)}" if names else self._caption
        self.setAccessibleName(self._said)
        self.setToolTip(self._said if names else "")
        self._fit()

    def _fit(self) -> None:
        """Show as much of it as there is room for; all of it is in the tip."""
        room = self.width() - 2 * tokens.px(tokens.L)
        self.setText(self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, room))

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit the text."""
        super().resizeEvent(event)
        self._fit()
