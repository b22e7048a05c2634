"""Into training and out of it at the till: a manager agrees, a basket in hand comes first."""

from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.people import Actor, Role
from tests.ui.test_staff_gate import Shop, badge, sign_in
from tests.ui.till import MILK
from ui.look import Look
from ui.presenters.desk import Desk
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.tools.training import TrainingTool
from ui.qt.window import Window

OMID = Actor("omid", Role.MANAGER)


@dataclass
class Program:
    """What the program around the window is told."""

    turns: list[bool] = field(default_factory=list)
    noted: list[Actor | None] = field(default_factory=list)


@dataclass
class Counter:
    """Sara is at the till."""

    shop: Shop
    window: Window
    program: Program

    def choose(self, meaning: str) -> None:
        """Choose from the menu, as the window does."""
        entry = next(each for each in self.window.entries if each.meaning == meaning)
        self.window.attempt(entry.act)

    def offered(self) -> list[str]:
        return [entry.meaning for tool in self.window.tools for entry in tool.entries()]


def counter(qtbot: QtBot, qapp: QApplication, *, training: bool) -> Counter:
    fonts.prepare(qapp)
    shop, program = Shop(), Program()
    till = shop.till
    made = Window(
        Desk(till.counter, till.members, till.clock, shop.at_till, till.closed.append),
        replace(till.board, at_till=shop.at_till),
        Services(Rooms(shop.refresh), lambda: None, lambda _look: None, staff=shop.parts, tools=(
            partial(TrainingTool, turn=program.turns.append, note=program.noted.append, training=training),)),
        Look("en", "light"))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    sign_in(made)
    return Counter(shop, made, program)


@pytest.fixture
def real(qtbot: QtBot, qapp: QApplication) -> Counter:
    return counter(qtbot, qapp, training=False)


@pytest.fixture
def training(qtbot: QtBot, qapp: QApplication) -> Counter:
    return counter(qtbot, qapp, training=True)


def approve(window: Window) -> None:
    assert window.gate
    window.tapped(badge("badge-omid"))
    QTest.keyClicks(window.gate.dialog.pin.field, "480216")
    QTest.keyClick(window.gate.dialog.pin.field, Qt.Key.Key_Return)


def test_training_begins_when_a_manager_agrees_and_the_real_journal_hears_of_it_first(real: Counter) -> None:
    assert real.offered() == ["Begin training"]
    real.choose("Begin training")
    assert real.window.gate
    assert real.window.gate.dialog.what.text() == "Training begins at this till: nothing is sold for real until it ends."
    assert real.program.turns == []
    approve(real.window)
    assert (real.program.noted, real.program.turns) == ([OMID], [True])


def test_whoever_says_no_leaves_the_till_as_it_is(real: Counter) -> None:
    real.choose("Begin training")
    assert real.window.gate
    QTest.keyClick(real.window.gate.dialog, Qt.Key.Key_Escape)
    assert (real.program.noted, real.program.turns) == ([], [])


@pytest.mark.parametrize("into", [True, False], ids=["into training", "out of it"])
def test_a_basket_in_hand_comes_first(real: Counter, training: Counter, *, into: bool) -> None:
    at = real if into else training
    at.window.scanned(MILK.barcode)
    at.choose("Begin training" if into else "End training")
    assert "E354" in at.window.page.banner.text.text()
    assert not at.window.gate.approving.asking  # type: ignore[union-attr]
    at.window.checkout.abandon()
    at.choose("Begin training" if into else "End training")
    approve(at.window)
    assert at.program.turns == [into]


def test_training_ends_when_a_manager_agrees_and_writes_nothing(training: Counter) -> None:
    training.choose("End training")
    assert training.window.gate
    assert training.window.gate.dialog.what.text() == "Training ends at this till: from then on all is sold for real."
    approve(training.window)
    assert (training.program.noted, training.program.turns) == ([], [False])


def test_whoever_trains_may_empty_it_without_a_manager(training: Counter) -> None:
    training.window.scanned(MILK.barcode)
    training.choose("Empty the training and begin anew")
    assert training.program.turns == [True]
