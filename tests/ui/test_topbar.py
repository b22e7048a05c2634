"""The top bar drawn: the patch on the station's files is there only when it has something to say."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.qt.topbar import TopBar
from ui.views import Chip, StatusView, Tone

QUIET = StatusView("Shop", "Sara", Chip("Open", Tone.OK), "14:05", Chip("Online", Tone.OK), Chip("Ready", Tone.OK))


def test_missing_members_are_shown_only_when_they_are_missing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = TopBar(window)
    bar.show_status(QUIET)
    with qtbot.waitExposed(window):
        window.show()
    assert not bar.data.isVisible()
    bar.show_status(replace(QUIET, data=Chip("No members here", Tone.WARN, "Why (E408)")))
    assert (bar.data.isVisible(), bar.data.text(), bar.data.toolTip()) == (True, "● No members here", "Why (E408)")
    assert not bar.members.isVisible()
    bar.show_status(replace(QUIET, members=Chip("Members: 5", Tone.OK, "As of")))
    assert (bar.members.isVisible(), bar.members.text(), bar.members.toolTip()) == (True, "● Members: 5", "As of")
    bar.show_status(QUIET)
    assert not bar.data.isVisible()
