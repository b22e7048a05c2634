"""The first run's window: by keyboard alone, by mouse alone, in both languages."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.rigs.setting_up import WHO, World, first_run
from ui.look import Look
from ui.presenters.wizard import FirstRun, Outcome
from ui.qt import fonts
from ui.qt.scaling import wear
from ui.qt.wizard_keys import WizardKeys
from ui.qt.wizard_window import WizardWindow
from ui.settings import PrinterSettings
from ui.setup import Step
from ui.wiring import Paired

CODE = "K7QF2-9XT4M-0ZJ3B-RW8HC-5NPA6"
Opened = tuple[WizardWindow, FirstRun, World]
Open = Callable[..., Opened]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication) -> Open:
    """Open the window at a step; looks are worn as the program wears them."""
    fonts.prepare(qapp)

    def show(step: Step, who: Paired | None = None) -> Opened:
        world = World()
        window = WizardWindow(Look("en"), lambda: world.left.append(Outcome.LATER))
        qtbot.addWidget(window, before_close_func=tidy)
        run = first_run(world, window, step, who)
        world.wears = window.dress
        window.connect_to(run)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return window, run, world

    def tidy(_window: QWidget) -> None:
        wear(Look(), [])
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    return show


def press(window: WizardWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window.focusWidget(), key)


def tab_to(window: WizardWindow, wanted: QWidget) -> None:
    for _ in range(20):
        if window.focusWidget() is wanted:
            return
        press(window, Qt.Key.Key_Tab)
    pytest.fail("Tab does not reach it")


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_by_keyboard_alone(opened: Open) -> None:
    window, run, world = opened(Step.LANGUAGE)
    tab_to(window, window.forward)
    press(window, Qt.Key.Key_Return)
    assert window.focusWidget() is window.blanks["url"]
    QTest.keyClicks(window.focusWidget(), "office.example")
    press(window, Qt.Key.Key_Return)
    assert window.focusWidget() is window.blanks["code"]
    QTest.keyClicks(window.focusWidget(), CODE)
    press(window, Qt.Key.Key_Return)
    assert world.asked == [("https://office.example", CODE)]
    world.answer(WHO)
    assert window.focusWidget() is window.acts["same"]
    press(window, Qt.Key.Key_Return)
    assert world.kept == [WHO]
    for step in (Step.READERS, Step.PRINTER, Step.LOOK, Step.PRACTICE, Step.READY):
        world.done(None)
        tab_to(window, window.forward)
        press(window, Qt.Key.Key_Return)
        assert run.step is step
    press(window, Qt.Key.Key_Escape)
    assert run.step is Step.PRACTICE
    tab_to(window, window.acts["practise"])
    press(window, Qt.Key.Key_Space)
    assert world.left == [Outcome.PRACTISE]


def test_by_mouse_alone(opened: Open) -> None:
    window, run, world = opened(Step.LANGUAGE)
    click(window.ways["language:en"])
    click(window.forward)
    for key, text in (("url", "office.example:8443"), ("code", CODE.lower())):
        click(window.blanks[key])
        type_with(window, text)
    type_with(window, "z⌫")
    click(window.acts["pair"])
    assert world.asked == [("https://office.example:8443", CODE.lower())]
    world.answer(WHO)
    click(window.acts["same"])
    click(window.forward)
    click(window.forward)
    click(window.ways["kind:network"])
    type_with(window, "10.0.0.9")
    click(window.acts["print"])
    assert world.printed == [PrinterSettings(kind="network", host="10.0.0.9")]
    world.done(None)
    click(window.forward)
    click(window.back)
    assert run.step is Step.PRINTER


def type_with(window: WizardWindow, text: str) -> None:
    (keys,) = [each for each in window.findChildren(WizardKeys) if each.isVisible()]
    for face in text:
        click(keys.keys[face])


def test_the_key_that_was_chosen_is_marked_and_only_that(opened: Open) -> None:
    window, _, _ = opened(Step.PRINTER, WHO)
    click(window.ways["kind:serial"])
    assert [key for key, way in window.ways.items() if way.isChecked()] == ["kind:serial", "drawer:no"]
    click(window.ways["kind:serial"])
    assert window.ways["kind:serial"].isChecked()


def test_language_theme_and_size_change_under_the_hands(opened: Open, qapp: QApplication) -> None:
    window, run, _ = opened(Step.LOOK, WHO)
    low = window.forward.height()
    run.choose("size:125")
    QApplication.processEvents()
    assert window.forward.height() > low
    run.choose("language:fa")
    assert window.title.text() == "رنگ، اندازه، واحد پول"
    assert qapp.layoutDirection() == Qt.LayoutDirection.RightToLeft


def test_closing_the_window_is_another_time(opened: Open) -> None:
    window, _, world = opened(Step.PRINTER, WHO)
    window.close()
    assert world.left == [Outcome.LATER]


def test_a_bank_card_in_a_field_is_taken_out_and_refused(opened: Open) -> None:
    window, _, _ = opened(Step.PAIRING)
    window.blanks["code"].setText("6037991234567893")
    assert window.blanks["code"].text() == ""
    assert "E114" in window.news.text()
