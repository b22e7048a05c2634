"""Taking down what a member says: without Qt what becomes of it, with Qt by keys and by touch alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from station.asking import MOST_WORDS, AskDesk
from station.errors import ErrorCode, StationError
from station.journal import EntryKind
from station.matter import AnswerBy, AskKind, MemberAsked, Subject
from tests.fakes import CASHIER
from tests.ui.till import GOLD_CARD, Till, tap
from ui.presenters.asking import AskForm, AskPresenter
from ui.qt.ask_dialog import AskDialog
from ui.text import Words

EN, FA = Words("en"), Words("fa")
BANK_CARD = "6037991234567893"  # Luhn: a bank's


@dataclass
class Asking:
    """A till, its presenter, and what was waked and told."""

    till: Till = field(default_factory=Till)
    woken: int = 0
    told: list[StationError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = AskPresenter(
            AskDesk(self.till.clock, bytes, self.till.journal), self.till.counter, lambda: CASHIER, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def taken(self) -> list[tuple[MemberAsked, bytes]]:
        return [(each.body, each.personal) for each in self.till.journal.drafts
                if each.kind is EntryKind.MEMBER_ASKED and isinstance(each.body, MemberAsked)]


@pytest.fixture
def asking() -> Asking:
    return Asking()


def form(typed: str = "Why?", kind: AskKind = AskKind.QUESTION, answer: AnswerBy = AnswerBy.SMS) -> AskForm:
    return AskForm(kind, Subject.POINTS, typed, answer)


def test_it_is_the_members_in_hand_and_head_office_is_told(asking: Asking) -> None:
    asking.till.counter.tap(tap(GOLD_CARD))
    assert asking.page.take_down(form(), EN) == ""
    ((body, personal),) = asking.taken()
    assert (body.member_id, body.kind, body.subject, body.answer_by) == ("m1", AskKind.QUESTION, Subject.POINTS, AnswerBy.SMS)
    assert b"Why?" in personal
    assert asking.woken == 1


def test_without_a_member_nobody_is_answered(asking: Asking) -> None:
    assert asking.page.take_down(form(), EN) == ""
    ((body, _),) = asking.taken()
    assert (body.member_id, body.answer_by) == ("", AnswerBy.NONE)
    assert "nobody is answered" in asking.page.whose(EN)


@pytest.mark.parametrize(("typed", "why"), [
    ("  ", "Write down what was said."), ("x" * (MOST_WORDS + 1), "This is too long to be taken down.")])
def test_nothing_and_too_much_are_not_taken_down(asking: Asking, typed: str, why: str) -> None:
    assert asking.page.take_down(form(typed), EN) == why
    assert (asking.taken(), asking.woken) == ([], 0)


def test_what_is_out_of_date_needs_no_words(asking: Asking) -> None:
    assert asking.page.take_down(form("", AskKind.OUT_OF_DATE), FA) == ""
    assert "قدیمی شده: امتیاز" in asking.taken()[0][1].decode()


@pytest.fixture
def dialog(qtbot: QtBot, asking: Asking) -> Iterator[AskDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = AskDialog(asking.page, asking.told.append, parent)
    made.set_words(EN)
    yield made  # with its parent still there
    parent.close()


def test_by_keys_alone(dialog: AskDialog, asking: Asking) -> None:
    asking.till.counter.tap(tap(GOLD_CARD))
    dialog.start()
    QTest.keyClicks(dialog.said, "Where is my card")
    QTest.keyClick(dialog.said, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    ((body, personal),) = asking.taken()
    assert (body.kind, body.answer_by) == (AskKind.QUESTION, AnswerBy.NONE)
    assert b"Where is my card" in personal
    assert dialog.said.toPlainText() == ""


def test_by_touch_alone(dialog: AskDialog, asking: Asking) -> None:
    asking.till.counter.tap(tap(GOLD_CARD))
    dialog.start()
    for pressed in (dialog.kind.toggles[AskKind.OUT_OF_DATE], dialog.subject.toggles[Subject.PRICES],
                    dialog.answer.toggles[AnswerBy.COUNTER], dialog.confirm):
        pressed.click()
    ((body, _),) = asking.taken()
    assert (body.kind, body.subject, body.answer_by) == (AskKind.OUT_OF_DATE, Subject.PRICES, AnswerBy.COUNTER)


def test_every_toggle_is_big_enough_and_named(dialog: AskDialog) -> None:
    dialog.start()
    for choice in (dialog.kind, dialog.subject, dialog.answer):
        assert all(toggle.accessibleName() for toggle in choice.toggles.values())
    assert dialog.answer.chosen is AnswerBy.NONE
    assert [each for each, toggle in dialog.answer.toggles.items() if toggle.isEnabled()] == [AnswerBy.NONE]


def test_what_is_refused_stays_in_the_dialog(dialog: AskDialog, asking: Asking) -> None:
    dialog.start()
    dialog.confirm.click()
    assert (dialog.isVisible(), dialog.problem.text()) == (True, "Write down what was said.")
    asking.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    dialog.said.setPlainText("Full?")
    dialog.confirm.click()
    assert (dialog.isVisible(), dialog.said.toPlainText()) == (True, "Full?")
    assert [each.code for each in asking.told] == [ErrorCode.DISK_FULL]


def test_a_bank_cards_number_does_not_stay(dialog: AskDialog, qtbot: QtBot) -> None:
    dialog.start()
    with qtbot.waitSignal(dialog.said.bank_card):
        dialog.said.setPlainText(f"my card is {BANK_CARD}")
    assert dialog.said.toPlainText() == ""
    assert not dialog.said.document().isUndoAvailable()


def test_shift_enter_is_a_new_line(dialog: AskDialog, asking: Asking) -> None:
    dialog.start()
    QTest.keyClicks(dialog.said, "a")
    QTest.keyClick(dialog.said, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.isVisible()
    assert asking.taken() == []


def test_it_speaks_persian_at_once(dialog: AskDialog) -> None:
    dialog.start()
    dialog.set_words(FA)
    assert dialog.kind.toggles[AskKind.COMPLAINT].text() == "شکایت"
