"""No window outlives its test: each one left behind would be styled and turned round again by every later test."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken


def _place(window: QWidget) -> int:
    """Return where it is in memory: Python's own objects for it come and go."""
    return int(Shiboken.getCppPointer(window)[0])


@pytest.fixture(autouse=True)
def _windows_end_with_their_test() -> Iterator[None]:
    before = set(map(_place, QApplication.topLevelWidgets()))
    yield
    for each in QApplication.topLevelWidgets():
        if _place(each) not in before:
            # Closed, a dialog would act on files that its test has closed.
            each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
