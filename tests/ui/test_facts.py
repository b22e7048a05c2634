"""Figures that are shown anew at every touch: nothing of the last ones is left, in Python's books of Qt's objects neither."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ui.qt.return_done import Facts
from ui.views_return import Fact

ROUNDS = 300


class Watcher(QObject):
    """Sees every event, as the till's door does, and what Python takes its receiver for."""

    def __init__(self) -> None:
        super().__init__()
        self.mistaken: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Note a receiver that Python knows as something that has no events."""
        if not isinstance(watched, QObject):
            self.mistaken.append(f"{type(watched).__name__} {event.type().name}")
        return False


@pytest.fixture
def facts(qtbot: QtBot) -> Facts:
    made = Facts(None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    return made


def settle() -> None:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_is_gone_is_gone(facts: Facts, qapp: QApplication) -> None:
    watcher = Watcher()
    qapp.installEventFilter(watcher)
    for number in range(ROUNDS):
        facts.show_facts([Fact(f"fact {place}", "1", "why" if place % 2 else "") for place in range(number % 5)])
        settle()
        # Whatever is made next lies where the last figures lay.
        for made in [QLabel("", facts) for _ in range(5)]:
            made.deleteLater()
        settle()
    qapp.removeEventFilter(watcher)
    assert watcher.mistaken == []
    facts.show_facts([Fact("Cash", "42,600", "out of the drawer")], ["Asked a second person."])
    settle()
    texts = [label.text() for label in facts.findChildren(QLabel)]
    assert sorted(texts) == ["42,600", "Asked a second person.", "Cash", "out of the drawer"]
