"""The diagnostics screen as painted: it takes cards only while it is looked at, and says in words what it colours."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, current_thread

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode
from tests.fakes import NOON
from tests.rigs.diagnosed import CHIP, NUMBER, Diagnosed
from ui.checking import CheckStage, CheckState, DatabaseCheck
from ui.format import Format
from ui.presenters.diagnostics_facts import Aside
from ui.qt import fonts
from ui.qt.check_card import CheckNews
from ui.qt.diagnostics_pane import DiagnosticsPane
from ui.qt.place_dialog import Wish
from ui.qt.tokens import BUTTON, HIGH, LIGHT, ROW_COMPACT, THEMES, Theme
from ui.text import Words

SIZES = (1024, 600), (1366, 768)


class Chosen:
    """Somebody who chooses a folder, or none."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.asked = ""

    def __call__(self, _parent: QWidget, wish: Wish, then: Callable[[Path], None]) -> None:
        self.asked = wish.title
        assert wish.name == ""  # a folder is wanted
        if self.folder:
            then(self.folder)


class Shown:
    def __init__(self, qtbot: QtBot, language: str = "en", theme: Theme = LIGHT, *, retries: bool = True) -> None:
        self.chosen = Chosen(Path("folder"))
        self.pane = DiagnosticsPane(Words(language), theme, choose=self.chosen)
        qtbot.addWidget(self.pane)
        self.desk = Diagnosed(language, self.pane, retries=retries)
        self.pane.serve(self.desk.presenter)
        self.pane.resize(*SIZES[0])
        self.pane.show()
        self.desk.news()
        QApplication.processEvents()

    def texts(self) -> list[str]:
        return [label.text() for label in self.pane.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture(autouse=True)
def _typeface(qapp: QApplication) -> None:
    fonts.prepare(qapp)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def test_a_card_goes_to_the_pad_only_while_the_screen_is_looked_at(shown: Shown) -> None:
    assert shown.desk.presenter.takes(CHIP)
    assert "\u200e0017\u200e" in shown.texts()
    shown.pane.hide()
    assert not shown.desk.presenter.takes(CHIP)
    shown.pane.show()
    assert "\u200e0017\u200e" not in shown.texts()
    assert shown.pane.pad.title.text().startswith("Present a card")


def test_no_widget_ever_holds_the_whole_number(shown: Shown) -> None:
    shown.desk.presenter.takes(CHIP)
    held = [text for label in shown.pane.findChildren(QLabel)
            for text in (label.text(), label.toolTip(), label.accessibleName())]
    assert not [text for text in held if NUMBER[-5:] in text or CHIP.uid in text]


def test_buttons_do_what_they_say(shown: Shown) -> None:
    pane = shown.pane
    for button in (pane.print_test, pane.send_now, pane.check.go):
        button.click()
    assert shown.desk.done == ["print", "send", "check"]
    pane.retry.click()  # of the first one, until another is chosen
    shown.desk.presenter.check_state(CheckState(CheckStage.ENTRIES, 1, 4))
    pane.check.go.click()
    assert shown.desk.done[-2:] == ["retry 4711", "cancel"]


def test_an_entry_is_chosen_and_stays_chosen_while_it_is_there(shown: Shown) -> None:
    pane, answers = shown.pane, shown.desk.answers
    first, second, third = Aside(1, "one", "a"), Aside(2, "two", "a"), Aside(2, "two", "b")
    answers.aside = (first, second, third)
    shown.desk.presenter.refresh()
    assert (pane.aside.currentRow(), pane.retry.isEnabled()) == (0, True)
    pane.aside.setCurrentCell(2, 1)
    answers.aside = (second, third)  # the first was posted meanwhile
    shown.desk.presenter.refresh()
    assert pane.aside.currentRow() == 1
    pane.retry.click()
    assert shown.desk.done == ["retry b2"]
    answers.aside = (second,)
    shown.desk.presenter.refresh()
    assert pane.aside.currentRow() == 0


def test_where_nothing_can_be_tried_again_the_button_says_so(shown: Shown) -> None:
    shown.desk.answers.aside = ()
    shown.desk.presenter.refresh()
    assert not shown.pane.retry.isEnabled()
    shown.desk.answers.faults["aside"] = ErrorCode.DATABASE_LOCKED
    shown.desk.presenter.refresh()
    assert (shown.pane.aside.rowCount(), shown.pane.retry.isEnabled()) == (1, False)  # the line says why none is listed
    shown.pane.retry.click()
    assert shown.desk.done == []


def test_by_keyboard_the_list_leads_to_its_button(shown: Shown) -> None:
    pane = shown.pane
    pane.activateWindow()
    pane.start()
    assert pane.focusWidget() is pane.toggles[0]
    pane.toggles[1].click()
    pane.start()
    assert pane.focusWidget() is pane.toggles[1]
    pane.aside.setFocus()
    QTest.keyClick(pane.aside, Qt.Key.Key_Tab)
    assert pane.focusWidget() is pane.retry
    QTest.keyClick(pane.retry, Qt.Key.Key_Space)
    assert "retry 4711" in shown.desk.done


@pytest.mark.parametrize(("language", "text"), [("en", "Back  Esc"), ("fa", "بازگشت  Esc")])
def test_back_leaves(qtbot: QtBot, language: str, text: str) -> None:
    pane = Shown(qtbot, language).pane
    assert pane.back_button.text() == text
    with qtbot.waitSignal(pane.left):
        QTest.mouseClick(pane.back_button, Qt.MouseButton.LeftButton)


def test_the_button_says_that_an_entry_is_being_tried_again(shown: Shown) -> None:
    pane, waits = shown.pane, list[Callable[[], None]]()
    shown.desk.waits = waits
    pane.toggles[1].click()
    pane.aside.setCurrentCell(0, 0)
    pane.retry.click()
    assert (pane.retry.isEnabled(), pane.retry.text()) == (False, "Being tried again")
    waits.pop()()
    assert (pane.retry.isEnabled(), pane.retry.text()) == (True, "Try again")


def test_what_was_put_aside_counts_as_seen_once_it_is_on_the_screen(shown: Shown) -> None:
    shown.desk.presenter.refresh()
    assert "saw" not in shown.desk.done  # another page is looked at
    shown.pane.toggles[1].click()
    assert shown.desk.done == ["saw"]


def test_rows_are_as_high_as_their_reason_needs(shown: Shown) -> None:
    shown.pane.toggles[1].click()
    short = "no such shop"
    shown.desk.answers.aside = (Aside(1, short), Aside(2, " ".join([short] * 20)))
    shown.desk.presenter.refresh()
    QApplication.processEvents()
    assert shown.pane.aside.rowHeight(0) == ROW_COMPACT
    assert shown.pane.aside.rowHeight(1) > 2 * ROW_COMPACT


def test_a_report_goes_to_the_folder_that_was_chosen_and_nowhere_without_one(shown: Shown) -> None:
    shown.chosen.folder = None
    shown.pane.save.click()
    assert (shown.desk.done, shown.chosen.asked) == ([], "Folder for the report")
    shown.chosen.folder = Path("folder")
    shown.pane.save.click()
    assert shown.desk.done == ["report"]
    assert "report.zip" in shown.pane.banner.text.text()


def test_where_nobody_can_retry_there_is_no_button(qtbot: QtBot) -> None:
    shown = Shown(qtbot, retries=False)
    shown.pane.toggles[1].click()
    assert not shown.pane.retry.isVisible()


def test_the_check_shows_how_far_it_is_and_what_it_found(shown: Shown) -> None:
    card = shown.pane.check
    shown.pane.toggles[2].click()
    tell = shown.desk.presenter.check_state
    tell(CheckState(CheckStage.FILE))
    assert (card.bar.isVisible(), card.bar.maximum(), card.go.text()) == (True, 0, "End the check")
    tell(CheckState(CheckStage.ENTRIES, 1, 4))
    assert (card.bar.value(), card.bar.maximum()) == (25, 100)
    tell(CheckState(CheckStage.ENTRIES, 1, 4, stopping=True))
    assert not card.go.isEnabled()
    tell(CheckState(CheckStage.FAULTY, 4, 4, 1, ("entry 7 is missing",), ended_us=NOON.utc_us))
    assert (card.bar.isVisible(), card.go.isEnabled(), card.go.text()) == (False, True, "Check now")
    assert card.faults.item(0).text() == "\u200eentry 7 is missing"
    tell(CheckState(CheckStage.SOUND, ended_us=NOON.utc_us))
    assert (card.faults.isVisible(), card.faults.count()) == (False, 0)


def test_a_real_check_tells_the_screen_in_the_screens_thread(qtbot: QtBot) -> None:
    parent = QObject()
    news, seen = CheckNews(parent), []
    go_on = Event()

    def check(step: object) -> Iterator[str]:
        assert callable(step)
        step(0, 1)
        go_on.wait(5)
        step(1, 1)
        yield "entry 1 is missing"

    news.on_state = lambda state: seen.append((state.stage, current_thread().name))
    running = DatabaseCheck(check, news.state, lambda: NOON.utc_us)
    here = current_thread().name
    running.start()
    qtbot.waitUntil(lambda: len(seen) == 2)
    go_on.set()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0] is CheckStage.FAULTY)
    assert {name for _, name in seen} == {here}
    assert running.close(5)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_and_all_can_be_touched(
    qtbot: QtBot, language: str, theme: Theme, size: tuple[int, int],
) -> None:
    shown = Shown(qtbot, language, theme)
    shown.pane.resize(*size)
    shown.desk.presenter.takes(CHIP)
    for toggle in shown.pane.toggles:
        toggle.click()
        QApplication.processEvents()
        for label in shown.pane.findChildren(QLabel):
            if label.isVisible() and label.text():
                assert label.height() >= label.heightForWidth(label.width()) or not label.wordWrap(), label.text()
                assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width() or label.wordWrap(), label.text()
        assert all(button.height() >= BUTTON for button in shown.pane.findChildren(QPushButton)
                   if button.isVisible())


def test_language_and_theme_change_live(shown: Shown) -> None:
    shown.desk.presenter.takes(CHIP)
    shown.pane.set_words(Words("fa"))
    shown.pane.set_theme(HIGH)
    shown.desk.presenter.speak(Words("fa"), Format("fa"))
    assert shown.pane.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert (shown.pane.toggles[0].text(), shown.pane.pad.title.text()) == ("دستگاه‌ها", "یک کارت خوانده شد")
    assert shown.pane.grab().toImage().pixelColor(2, 2).name().upper() == HIGH.bg
    reader = shown.pane.readers.rows[1][1]
    assert reader.accessibleName() == "Stripe reader: کارت‌خوان وصل نیست. (E102)"


def test_it_works_without_a_presenter(qtbot: QtBot) -> None:
    pane = DiagnosticsPane(Words("en"), LIGHT, choose=Chosen(None))
    qtbot.addWidget(pane)
    pane.show()
    for press in (pane.save, pane.retry, pane.check.go, pane.print_test):
        press.click()
    pane.hide()
