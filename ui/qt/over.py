"""What stands over the counter, dialogs and what pops up: what makes way for a card or goods, and what a lock takes away."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget


@runtime_checkable
class Keeping(Protocol):
    """A dialog in which something may stand that is not to be lost. One without this holds nothing of value."""

    def keeps(self) -> bool:
        """Return whether something stands there now."""
        ...

    def refuse(self, said: str) -> None:
        """Say in the dialog why goods were not taken; what stands there stays."""
        ...


class Over:
    """All dialogs over ``window``, whose pages are ``pages``. The ``payment`` makes way for nothing but a lock."""

    def __init__(self, window: QWidget, pages: QStackedWidget, payment: QDialog) -> None:
        """Nobody was there yet."""
        self._window, self._pages, self._payment = window, pages, payment
        self._waiting: list[QDialog] = []
        self._page: QWidget | None = None
        self._whose = ""

    def keeping(self) -> Keeping | None:
        """Return the dialog that stands there and keeps something, None for none."""
        return next((each for each in self._standing() if isinstance(each, Keeping) and each.keeps()), None)

    def make_way(self) -> bool:
        """Close every dialog that keeps nothing, and what popped up; return whether one did close."""
        close_popups()
        gone = [each for each in self._standing() if each is not self._payment and not _keeps(each)]
        for each in gone:
            each.reject()
        return any(not each.isVisible() for each in gone)

    def lock(self) -> None:
        """Take everything off the screen. What keeps something waits unseen, with the page, for whoever was there."""
        close_popups()
        for each in self._standing():
            if _keeps(each):
                self._waiting.append(each)
            else:
                each.reject()
            each.hide()  # also one that would not close
        self._page = self._pages.currentWidget()

    def unlock(self, person: str, counter: Callable[[], None]) -> None:
        """Show the ``counter``; who was there before finds page and dialogs again, for anybody else they are forgotten."""
        same, self._whose = person == self._whose, person
        waiting, self._waiting = self._waiting, []
        counter()
        if same and self._page and self._page is not self._pages.currentWidget():
            self._pages.setCurrentWidget(self._page)
            (self._page.focusWidget() or self._page).setFocus()
        for each in waiting:
            if same:
                each.open()
            else:
                each.done(QDialog.DialogCode.Rejected)

    def _standing(self) -> list[QDialog]:
        return [each for each in self._window.findChildren(QDialog) if each.isVisible()]


def close_popups() -> None:
    """Close every menu, pad and list that popped up: Qt keeps them over everything, also over a lock."""
    while popup := QApplication.activePopupWidget():
        popup.close()


def _keeps(dialog: QDialog) -> bool:
    return isinstance(dialog, Keeping) and dialog.keeps()
