"""The opening sheet: what it needs, and how it says that the station cannot start."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.look import Look
from ui.qt.opening import NAME, Opening


@pytest.fixture
def opening(qapp: QApplication, qtbot: QtBot) -> Opening:
    assert qapp
    made = Opening(Look())
    qtbot.addWidget(made)
    return made


def test_it_is_seen_at_once_with_the_product_s_name(opening: Opening) -> None:
    opening.show_now()
    assert opening.isVisible()
    assert opening.said.text() == NAME
    assert not opening.close_button.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_a_refusal_stands_until_a_key_closes_it(opening: Opening, key: Qt.Key) -> None:
    opening.show_now()
    seen = []

    def press() -> None:
        seen.append((opening.said.text(), opening.close_button.text(), opening.close_button.isVisible()))
        QTest.keyClick(opening.close_button, key)

    QTimer.singleShot(0, press)
    opening.refuse("no key (E401)", "Close")
    assert seen == [("no key (E401)", "Close", True)]
    assert not opening.isVisible()


def test_a_key_before_does_not_close_it(opening: Opening) -> None:
    opening.show_now()
    QTest.keyClick(opening, Qt.Key.Key_Escape)
    assert opening.isVisible()


def test_it_is_painted_before_the_counter_is_loaded() -> None:
    script = "import sys; import ui.main; import ui.qt.opening; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, text=True)
    loaded = set(done.stdout.split())
    assert "ui.qt.opening" in loaded
    assert not loaded & {"ui.wiring", "ui.text", "ui.qt.window", "station.counter", "sqlcipher3", "requests"}
