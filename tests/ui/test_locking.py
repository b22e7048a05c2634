"""The lock: what keeps it open, what it takes off the screen, and what whoever was there finds again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from station.card import Medium, Tap
from tests.fakes import member
from tests.ui.stage import Stage
from tests.ui.till import GOLD_CARD, MILK, tap
from ui.look import Look
from ui.presenters.give_card import GiveView
from ui.qt import tokens
from ui.qt.issue_dialog import IssueDialog
from ui.qt.window import Window

SARA, OMID = ("badge-sara", "7294"), ("badge-omid", "480216")
FIRST = {"en": "Sign in first: nothing was scanned.", "fa": "اول وارد شوید؛ چیزی اسکن نشد."}


@pytest.fixture
def stages(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    assert qtbot
    made: list[Stage] = []

    def make(language: str = "en") -> Stage:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Stage(folder, Look(language), people=True))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append("beep"))
    return heard


def sign_in(window: Window, who: tuple[str, str] = SARA) -> None:
    assert window.gate
    window.tapped(Tap("pcsc:reader", Medium.NFC_UID, who[0]))
    QTest.keyClicks(window.gate.page.pin.field, who[1])
    QTest.keyClick(window.gate.page.pin.field, Qt.Key.Key_Return)
    assert not window.locked


def choose(window: Window, meaning: str) -> None:
    window.attempt(next(each.act for each in window.entries if each.meaning == meaning))


def seen(window: Window) -> list[QWidget]:
    """Return every window and popup that is on the screen beside the counter's own."""
    return [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]


def by_hand(_stage: Stage, window: Window) -> None:
    window.lock()


def by_itself(stage: Stage, window: Window) -> None:
    assert window.gate
    stage.clock.forward(3)
    window.gate.tick()


ways = pytest.mark.parametrize("lock", [by_hand, by_itself])


@pytest.mark.parametrize("minutes", [1, 2])
def test_whoever_scans_is_there(stages: Callable[..., Stage], minutes: int) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    assert window.gate
    for _ in range(6):
        stage.clock.forward(minutes)
        window.scanned(MILK.barcode)
        window.gate.tick()
    assert not window.locked
    assert stage.counter.basket
    assert stage.counter.basket.lines[0].quantity == 6000


@pytest.mark.parametrize("language", FIRST)
@pytest.mark.parametrize("chosen", [False, True])
def test_a_locked_till_refuses_goods_aloud(
        stages: Callable[..., Stage], heard: list[str], language: str, chosen: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stage = stages(language)
    window = stage.window()
    assert window.gate
    page = window.gate.page
    if chosen:
        window.tapped(Tap("pcsc:reader", Medium.NFC_UID, SARA[0]))
        QTest.keyClicks(page.pin.field, "72")
    window.scanned(MILK.barcode)
    problem = page.pin.problem if chosen else page.problem
    assert (problem.text(), problem.isVisible()) == (FIRST[language], True)
    assert page.pin.field.text() == ("72" if chosen else "")
    assert (heard, stage.counter.basket) == (["beep"], None)
    sign_in(window)
    window.lock()
    assert not page.problem.isVisible()


@ways
def test_nothing_that_popped_up_stays_over_the_lock(stages: Callable[..., Stage], lock: Callable[[Stage, Window], None]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    window.tapped(tap(GOLD_CARD))
    choose(window, "Cards of the member")
    assert window.member_desk
    window.member_desk.cards_dialog.further.click()
    assert QApplication.activePopupWidget()
    lock(stage, window)
    assert QApplication.activePopupWidget() is None
    assert seen(window) == []


@ways
def test_a_pad_of_letters_and_a_menu_of_tastes_go_too(stages: Callable[..., Stage], lock: Callable[[Stage, Window], None]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    for part in ("letters", "tastes"):
        choose(window, "New member")
        dialog = stage.dialog(window)
        if part == "letters":
            dialog.letters.click()  # type: ignore[attr-defined]
        else:
            dialog.tastes.menu().popup(QPoint(0, 0))  # type: ignore[attr-defined]
        assert len(seen(window)) == len(("dialog", part))
        lock(stage, window)
        assert seen(window) == []
        sign_in(window)


class Stubborn(QDialog):
    """A dialog that closes for nothing."""

    def reject(self) -> None:
        """Stay."""


@ways
def test_a_dialog_that_will_not_close_is_off_the_screen_all_the_same(
        stages: Callable[..., Stage], lock: Callable[[Stage, Window], None]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    Stubborn(window).open()
    lock(stage, window)
    assert seen(window) == []


NO_WINDOW = {"Full screen", "Begin training"}


@ways
def test_nothing_stays_over_the_lock_whatever_was_opened(
        stages: Callable[..., Stage], lock: Callable[[Stage, Window], None]) -> None:
    stage = stages()
    window = stage.window()
    stood = 0
    meanings = [each.meaning for each in window.entries if not each.sub and each.meaning not in NO_WINDOW]
    for meaning in meanings:
        if window.locked:
            sign_in(window, OMID)
        window.open_checkout()
        window.tapped(tap(GOLD_CARD))
        window.scanned(MILK.barcode)
        choose(window, meaning)
        QApplication.processEvents()
        stood += bool(seen(window))
        lock(stage, window)
        assert seen(window) == [], meaning
        assert window.gate
        assert window.pages.currentWidget() is window.gate.page
        shown = [each.text() for each in window.findChildren(QWidget) if each.isVisible() and hasattr(each, "text")]
        assert not [text for text in shown if member(1).name in str(text)], meaning
        for waiting in window.findChildren(QDialog):
            waiting.done(0)
    assert stood > 10


def ask(window: Window) -> QDialog:
    choose(window, "Question, complaint, idea")
    return next(each for each in window.findChildren(QDialog) if each.isVisible())


@ways
def test_whoever_was_there_finds_the_words_again(stages: Callable[..., Stage], lock: Callable[[Stage, Window], None]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    window.tapped(tap(GOLD_CARD))
    dialog = ask(window)
    QTest.keyClicks(dialog.said, "The milk was sour")  # type: ignore[attr-defined]
    lock(stage, window)
    assert not dialog.isVisible()
    sign_in(window)
    assert dialog.isVisible()
    assert dialog.said.toPlainText() == "The milk was sour"  # type: ignore[attr-defined]
    QTest.keyClick(dialog.said, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert not dialog.isVisible()
    assert window.page.banner.text.text() == "Taken down for head office."


def test_somebody_else_finds_nothing_of_it(stages: Callable[..., Stage]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    dialog = ask(window)
    QTest.keyClicks(dialog.said, "The milk was sour")  # type: ignore[attr-defined]
    window.lock()
    sign_in(window, OMID)
    assert seen(window) == []
    assert dialog.said.toPlainText() == ""  # type: ignore[attr-defined]
    window.lock()
    sign_in(window)
    assert seen(window) == []


def test_a_half_filled_enrolment_waits_and_is_forgotten_for_another(stages: Callable[..., Stage]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    choose(window, "New member")
    dialog = stage.dialog(window)
    QTest.keyClicks(dialog.phone, "09121234567")  # type: ignore[attr-defined]
    for _ in range(2):
        window.lock()
        assert not dialog.isVisible()
        sign_in(window)
        assert (dialog.isVisible(), dialog.phone.text()) == (True, "09121234567")  # type: ignore[attr-defined]
    window.lock()
    sign_in(window, OMID)
    assert (dialog.isVisible(), dialog.phone.text()) == (False, "")  # type: ignore[attr-defined]


def test_a_card_that_was_waited_for_is_waited_for_by_nobody_else(stages: Callable[..., Stage]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    window.tapped(tap(GOLD_CARD))
    choose(window, "Cards of the member")
    assert window.member_desk
    window.member_desk.cards.another()
    dialog = window.member_desk.cards_dialog
    window.lock()
    sign_in(window, OMID)
    assert not dialog.isVisible()


def test_whoever_was_there_finds_the_page_again_and_somebody_else_the_counter(stages: Callable[..., Stage]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    choose(window, "Count and close the shift")
    counting = window.pages.currentWidget()
    typed = QApplication.focusWidget()
    assert typed
    assert counting
    assert counting.isAncestorOf(typed)
    window.lock()
    sign_in(window)
    assert window.pages.currentWidget() is counting
    assert QApplication.focusWidget() is typed
    window.lock()
    sign_in(window, OMID)
    assert window.pages.currentWidget() is window.page


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_one_touch_on_the_cashiers_name_locks(stages: Callable[..., Stage], language: str, size: tuple[int, int]) -> None:
    stage = stages(language)
    stage.size = size
    window = stage.window()
    key = window.top.lock
    assert key is not None
    assert not key.isVisible()
    sign_in(window)
    QApplication.processEvents()
    assert key.isVisible()
    assert min(key.width(), key.height()) >= tokens.BUTTON
    name = window.top.cashier
    middle = name.mapTo(window, name.rect().center())
    assert window.childAt(middle) is key
    assert key.accessibleName() == stage.words()("Lock the till")
    assert "Shift+Esc" in key.toolTip()
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert window.locked
    assert not key.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark", "high"])
def test_the_name_shows_that_it_can_be_pressed(tmp_path: Path, stages: Callable[..., Stage], theme: str) -> None:
    assert tmp_path
    stage = stages()
    stage.look = Look("en", theme, motion=False)
    window = stage.window()
    sign_in(window)
    key = window.top.lock
    assert key
    QApplication.processEvents()
    bare = window.top.grab().toImage()
    key.setVisible(False)
    assert window.top.grab().toImage() == bare  # it draws nothing by itself
    key.setVisible(True)
    plain = window.grab().toImage()
    key.setFocus(Qt.FocusReason.TabFocusReason)
    held = window.grab().toImage()
    assert held != plain
    key.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    pointed_at = window.grab().toImage()
    key.setDown(True)
    touched = window.grab().toImage()
    assert len({each.pixelColor(key.geometry().center()).name() for each in (held, pointed_at, touched)}) == 3
    key.setDown(False)
    ring = key.mapTo(window, QPoint(tokens.FOCUS_RING // 2, round(key._shown.center().y())))
    assert held.pixelColor(ring).name().upper() == tokens.THEMES[theme].primary
    QTest.keyClick(key, Qt.Key.Key_Space)
    assert window.locked


@ways
def test_a_payment_goes_with_the_lock_and_what_was_taken_counts(
        stages: Callable[..., Stage], lock: Callable[[Stage, Window], None]) -> None:
    stage = stages()
    window = stage.window()
    sign_in(window)
    window.scanned(MILK.barcode)
    window.checkout.begin_pay()
    window.checkout.paying.take_cash("10000")
    lock(stage, window)
    assert seen(window) == []
    sign_in(window)
    assert "is taken already and counts" in window.page.banner.text.text()
    window.checkout.begin_pay()
    assert window.pay_dialog.taken.isVisible()


@pytest.mark.parametrize(("who", "finds"), [(SARA, True), (OMID, False)])
def test_a_card_being_written_is_off_the_screen_and_its_end_is_told_to_who_was_there(
        stages: Callable[..., Stage], who: tuple[str, str], finds: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stage = stages()
    window = stage.window()
    sign_in(window)
    dialog = IssueDialog(window)
    dialog.start("m1", member(1).name, stage.words())
    dialog.show_give(GiveView(member(1).name, is_busy=True))
    window.lock()
    assert seen(window) == []
    dialog.show_give(GiveView(member(1).name, news="Stopped. No card was written."))
    assert seen(window) == []
    sign_in(window, who)
    assert dialog.isVisible() == finds


def test_where_nobody_signs_in_there_is_nothing_to_lock(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.people = False
    window = stage.window()
    assert window.top.lock is None
