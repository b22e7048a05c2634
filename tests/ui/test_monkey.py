"""Somebody presses everything at a whole counter on real files: no exception, no dead end, the books add up, no bank card."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.rigs.monkey import Monkey, Timepiece
from tests.rigs.monkey_books import bank_cards, faults_of, sales_in
from tests.rigs.workers import tell
from ui.clock import SystemClock
from ui.qt import place_dialog
from ui.qt.guard import guarded
from ui.qt.places import Place

FULL = bool(os.environ.get("CARD_STATION_FULL"))
STEPS = 1000 if FULL else 250
SEEDS = range(10) if FULL else range(4)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800 if FULL else 600)]


@pytest.fixture
def let_loose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[int], Monkey]]:
    """Let a seed loose at a counter of its own, whose time and whose places for files are ours."""
    assert qapp
    assert qtbot
    time = Timepiece()
    monkeypatch.setattr(SystemClock, "now", lambda _clock: time.now())
    monkeypatch.setattr(place_dialog, "places", lambda _words: [Place("Here", tmp_path)])
    yield lambda seed: Monkey(tmp_path / "station", seed, time)
    for left in QApplication.topLevelWidgets():
        left.hide()


def found(monkey: Monkey, log: pytest.LogCaptureFixture) -> list[str]:
    """Return all that is wrong after the program has ended."""
    folder = monkey.station.home.folder
    errors = [f"{each.getMessage()} {each.exc_text or ''}" for each in log.records if each.levelno >= logging.ERROR]
    left = bank_cards(folder, monkey.key, monkey.canaries, log.text)
    return [*errors, *monkey.stuck, *faults_of(folder, monkey.key), *(f"a bank card in {name}" for name in left)]


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_pressed_the_counter_stands_and_the_books_add_up(
    let_loose: Callable[[int], Monkey], seed: int, caplog: pytest.LogCaptureFixture,
) -> None:
    monkey = let_loose(seed)
    monkey.run(STEPS)
    monkey.finish()
    sales = sales_in(monkey.station.home.folder, monkey.key)
    counted = ", ".join(f"{deed} {times}" for deed, times in monkey.counted.most_common())
    tell("monkey at the counter", f"seed {seed}: {STEPS} steps, {sales} sales ({counted})")
    assert found(monkey, caplog) == []
    assert sales


class DeadEnd(QDialog):
    """A dialog that Escape does not close."""

    def reject(self) -> None:
        """Stay."""


def dead_end(monkey: Monkey) -> None:
    dialog = DeadEnd(monkey.window)
    dialog.open()


def fault_in_an_override(monkey: Monkey) -> None:
    def fails(text: str) -> None:
        raise ZeroDivisionError(len(text))

    monkey.window.checkout.scanned = guarded(None)(fails)  # type: ignore[method-assign]


def codes_in_the_log(monkey: Monkey) -> None:
    scanned = monkey.window.checkout.scanned

    def heard(text: str) -> None:
        logging.getLogger("ui").warning("scanned %s", text)
        scanned(text)

    monkey.window.checkout.scanned = heard  # type: ignore[method-assign]


def a_sum_that_is_wrong(monkey: Monkey) -> None:
    database = monkey.station.memory.journal.database
    with database.writing():
        database.execute("UPDATE shift_total SET amount = amount + 1 WHERE tally = 'TOTAL'")


@pytest.mark.parametrize(("plant", "said"), [
    (dead_end, "DeadEnd"), (fault_in_an_override, "ZeroDivisionError"), (codes_in_the_log, "a bank card in log"),
    (a_sum_that_is_wrong, "receipts come to")])
def test_a_planted_fault_is_found(
    let_loose: Callable[[int], Monkey], plant: Callable[[Monkey], None], said: str, caplog: pytest.LogCaptureFixture,
) -> None:
    monkey = let_loose(2)
    assert monkey.serve() == "somebody"
    plant(monkey)
    for _ in range(20):
        monkey.bank_card()
    monkey.finish()
    assert any(said in each for each in found(monkey, caplog))
