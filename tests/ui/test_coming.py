"""What comes to the counter while something stands open over it: look-ups make way, what was typed is not lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from station.approval import Operation, OperationKind
from station.journal import Position, receipt_number
from station.people import Actor, Role
from station.step_up import ClaimMethod
from station.tender import TenderKind
from tests.fakes import member
from tests.ui.stage import Stage
from tests.ui.till import BLOCKED_CARD, GOLD_CARD, MILK, RICE, STRANGE_CARD, tap
from ui.look import Look
from ui.presenters.give_card import GiveView
from ui.qt.cash_dialogs import CashDialog, CorrectionDialog
from ui.qt.enrol_dialog import EnrolDialog
from ui.qt.issue_dialog import IssueDialog
from ui.qt.window import Window

REFUSED = "Finish this first, or go back: nothing was scanned."
GOLD = member(1).name


@pytest.fixture
def stage(tmp_path: Path, qtbot: QtBot) -> Iterator[Stage]:
    assert qtbot
    made = Stage(tmp_path, Look("en"))
    yield made
    made.close()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append("beep"))
    return heard


def standing(window: Window) -> list[str]:
    """Return the names of the dialogs that stand over the counter."""
    return [type(each).__name__ for each in window.findChildren(QDialog) if each.isVisible()]


def lines(stage: Stage) -> int:
    """Return how many goods are in the basket."""
    return len(stage.counter.basket.lines) if stage.counter.basket else 0


def choose(window: Window, meaning: str) -> None:
    """Do what the menu's entry does."""
    window.attempt(next(each.act for each in window.entries if each.meaning == meaning))


LOOK_UPS: dict[str, Callable[[Window], None]] = {
    "find": lambda window: choose(window, "Find member"),
    "menu": Window.open_menu,
    "help": Window.show_help,
    "phone": Window.show_phone_link,
    "claim": lambda window: choose(window, "Without the card"),
    "ask": lambda window: choose(window, "Question, complaint, idea"),
    "cash": lambda window: choose(window, "Cash into the drawer"),
}


@pytest.mark.parametrize("name", LOOK_UPS)
def test_goods_put_a_look_up_away_and_go_into_the_basket(stage: Stage, heard: list[str], name: str) -> None:
    window = stage.member()
    LOOK_UPS[name](window)
    assert standing(window)
    window.scanned(MILK.barcode)
    assert standing(window) == []
    assert stage.counter.basket
    assert [line.quantity for line in stage.counter.basket.lines] == [2000, 1000, 1000]
    assert window.pages.currentWidget() is window.page
    assert heard == []


@pytest.mark.parametrize("name", sorted(LOOK_UPS.keys() - {"phone", "ask"}))
def test_a_card_puts_a_look_up_away_and_its_member_is_shown(stage: Stage, name: str) -> None:
    window = stage.basket()
    LOOK_UPS[name](window)
    window.tapped(tap(GOLD_CARD))
    assert standing(window) == []
    assert stage.counter.member == member(1)


def test_the_code_for_one_members_phone_is_put_away_by_another_card(stage: Stage) -> None:
    window = stage.member()
    window.show_phone_link()
    window.tapped(tap(BLOCKED_CARD))
    assert standing(window) == []
    assert window.phone_dialog
    assert window.phone_dialog.code.pixmap().isNull()


def test_what_the_menu_offers_goes_with_it(stage: Stage) -> None:
    window = stage.basket()
    window.open_menu()
    menu = next(each for each in window.findChildren(QDialog) if each.isVisible())
    menu.key("Colours").click()  # type: ignore[attr-defined] # it is the menu
    assert QApplication.activePopupWidget()
    window.scanned(MILK.barcode)
    assert QApplication.activePopupWidget() is None
    assert standing(window) == []


def test_a_receipt_scanned_over_a_look_up_opens_its_sale(stage: Stage) -> None:
    place = stage.sell(MILK)
    window = stage.window()
    window.find_dialog.start()
    window.scanned(receipt_number("12-1", Position(stage.memory.journal.head().incarnation, place)))
    assert standing(window) == []
    assert window.pages.currentWidget() is not window.page


def test_words_that_were_written_down_stay_and_goods_are_refused_aloud(stage: Stage, heard: list[str]) -> None:
    window = stage.basket()
    choose(window, "Question, complaint, idea")
    dialog = stage.dialog(window)
    QTest.keyClicks(dialog.said, "The milk was sour")  # type: ignore[attr-defined]
    window.scanned(RICE.barcode)
    assert standing(window) == ["AskDialog"]
    assert (dialog.problem.text(), dialog.problem.isVisible()) == (REFUSED, True)  # type: ignore[attr-defined]
    assert dialog.said.toPlainText() == "The milk was sour"  # type: ignore[attr-defined]
    assert (lines(stage), len(heard)) == (3, 1)
    assert [line.quantity for line in stage.counter.basket.lines] == [1000] * 3  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["", "The milk was sour"])
@pytest.mark.parametrize("by_code", [False, True])
def test_whose_card_is_shown_is_who_asks(stage: Stage, typed: str, by_code: bool) -> None:  # noqa: FBT001 - a parameter of the test
    window = stage.basket()
    choose(window, "Question, complaint, idea")
    dialog = stage.dialog(window)
    QTest.keyClicks(dialog.said, typed)  # type: ignore[attr-defined]
    if by_code:
        window.scanned(GOLD_CARD)
    else:
        window.tapped(tap(GOLD_CARD))
    assert standing(window) == ["AskDialog"]
    assert dialog.said.toPlainText() == typed  # type: ignore[attr-defined]
    assert dialog.whose.text().startswith("From ")  # type: ignore[attr-defined]
    assert GOLD in dialog.whose.text()  # type: ignore[attr-defined]
    assert all(each.isEnabled() for each in dialog.answer.toggles.values())  # type: ignore[attr-defined]
    assert stage.counter.member == member(1)


def test_a_card_nobody_knows_leaves_the_question_as_it_was(stage: Stage) -> None:
    window = stage.basket()
    choose(window, "Question, complaint, idea")
    dialog = stage.dialog(window)
    QTest.keyClicks(dialog.said, "Why?")  # type: ignore[attr-defined]
    window.tapped(tap(STRANGE_CARD))
    assert standing(window) == ["AskDialog"]
    assert dialog.whose.text().startswith("No member is in the basket")  # type: ignore[attr-defined]
    assert "(E201)" in window.page.banner.text.text()


def claiming(window: Window, *, asked: bool) -> QDialog:
    """Open the claim, with a phone typed, or with the PIN asked for already."""
    assert window.member_desk
    window.member_desk.prove()
    dialog = window.member_desk.claim_dialog
    QTest.keyClicks(dialog.phone, "09120000001")
    if asked:
        dialog.page.begin(dialog.phone.text(), ClaimMethod.PIN)
        QTest.keyClicks(dialog.answer, "48")
    return dialog


@pytest.mark.parametrize("asked", [False, True])
def test_goods_do_not_end_a_claim_half_made(stage: Stage, heard: list[str], asked: bool) -> None:  # noqa: FBT001 - a parameter of the test
    window = stage.basket()
    dialog = claiming(window, asked=asked)
    window.scanned(MILK.barcode)
    assert dialog.isVisible()
    assert (dialog.problem.text(), dialog.problem.isVisible()) == (REFUSED, True)  # type: ignore[attr-defined]
    assert dialog.phone.text() == "09120000001"  # type: ignore[attr-defined]
    assert dialog.answer.text() == ("48" if asked else "")  # type: ignore[attr-defined]
    assert (lines(stage), len(heard)) == (3, 1)


@pytest.mark.parametrize("by_code", [False, True])
def test_the_card_ends_a_claim_and_one_that_proves_nothing_does_not(stage: Stage, by_code: bool) -> None:  # noqa: FBT001 - a parameter of the test
    window = stage.basket()
    dialog = claiming(window, asked=True)
    window.tapped(tap(STRANGE_CARD))
    assert dialog.isVisible()
    assert dialog.answer.text() == "48"  # type: ignore[attr-defined]
    if by_code:
        window.scanned(GOLD_CARD)
    else:
        window.tapped(tap(GOLD_CARD))
    assert not dialog.isVisible()
    assert stage.counter.member == member(1)
    assert window.member_desk
    assert window.member_desk.claim_dialog.page._claiming.claim is None


def test_the_members_own_phone_in_the_claim_was_typed_by_nobody(stage: Stage) -> None:
    window = stage.member()
    choose(window, "Without the card")
    window.scanned(MILK.barcode)
    assert standing(window) == []


@pytest.mark.parametrize(("meaning", "kind"), [("Cash out of the drawer", CashDialog), ("Correct a closed shift", CorrectionDialog)])
def test_an_amount_that_was_typed_stays_and_a_member_comes_all_the_same(
        stage: Stage, heard: list[str], meaning: str, kind: type[QDialog]) -> None:
    window = stage.signed_in("badge-omid", "480216")
    choose(window, meaning)
    dialog = stage.dialog(window)
    assert isinstance(dialog, kind)
    QTest.keyClicks(dialog.amount, "500000")  # type: ignore[attr-defined]
    window.scanned(MILK.barcode)
    assert dialog.problem.text() == REFUSED  # type: ignore[attr-defined]
    assert (lines(stage), heard) == (0, ["beep"])
    window.tapped(tap(GOLD_CARD))
    assert dialog.isVisible()
    assert dialog.amount.text() == "500000"  # type: ignore[attr-defined]
    assert stage.counter.member == member(1)


def test_goods_stay_out_of_the_cards_of_a_member_aloud(stage: Stage, heard: list[str]) -> None:
    window = stage.member()
    choose(window, "Cards of the member")
    assert window.member_desk
    window.scanned(MILK.barcode)
    assert standing(window) == ["CardsDialog"]
    assert window.member_desk.cards_dialog.problem.text() == REFUSED
    assert heard == ["beep"]


def test_goods_stay_out_of_an_enrolment_aloud(stage: Stage, heard: list[str]) -> None:
    window = stage.window()
    choose(window, "New member")
    dialog = stage.dialog(window)
    assert isinstance(dialog, EnrolDialog)
    window.scanned(MILK.barcode)
    assert (dialog.isVisible(), dialog.problem.text(), dialog.problem.isVisible()) == (True, REFUSED, True)
    assert (stage.counter.basket, heard) == (None, ["beep"])


def test_goods_wait_for_a_second_persons_answer(stage: Stage, heard: list[str]) -> None:
    window = stage.signed_in("badge-sara", "7294")
    assert window.gate
    operation = Operation(OperationKind.CARD_BACK_IN_USE, Actor("sara", Role.CASHIER), "1", needs=Role.SENIOR)
    window.gate.ask(operation, "A blocked card is put back to use.", lambda _approval: None)
    dialog = window.gate.dialog
    QTest.keyClicks(dialog.pin.field, "48")
    window.scanned(MILK.barcode)
    assert (dialog.isVisible(), dialog.pin.problem.text(), dialog.pin.field.text()) == (True, REFUSED, "48")
    assert (stage.counter.basket, heard) == (None, ["beep"])


def test_goods_do_not_disturb_a_card_that_is_being_written(stage: Stage, heard: list[str]) -> None:
    window = stage.member()
    dialog = IssueDialog(window)
    dialog.start("m1", GOLD, stage.words())
    dialog.show_give(GiveView(GOLD, is_busy=True))
    window.scanned(MILK.barcode)
    assert (dialog.isVisible(), dialog.problem.text(), dialog.problem.isVisible()) == (True, REFUSED, True)
    assert heard == ["beep"]
    dialog.show_give(GiveView(GOLD))
    window.scanned(MILK.barcode)
    assert not dialog.isVisible()
    assert [line.quantity for line in stage.counter.basket.lines] == [2000, 1000, 1000]  # type: ignore[union-attr]


class Stubborn(QDialog):
    """A dialog that closes for nothing."""

    def reject(self) -> None:
        """Stay."""


def test_goods_are_taken_past_a_dialog_that_will_not_close(stage: Stage) -> None:
    window = stage.window()
    Stubborn(window).open()
    window.scanned(MILK.barcode)
    assert lines(stage) == 1


def test_the_payment_stays_and_follows(stage: Stage) -> None:
    window = stage.basket()
    window.checkout.begin_pay()
    window.checkout.paying.take_cash("1000000")
    window.checkout.paying.choose(TenderKind.DEBIT)
    window.tapped(tap(GOLD_CARD))
    window.scanned(MILK.barcode)
    assert standing(window) == ["PayDialog"]
    assert window.pay_dialog.taken.isVisible()
    assert stage.counter.member == member(1)
    assert lines(stage) == 3


def test_what_is_typed_into_the_search_is_there_no_more(stage: Stage) -> None:
    window = stage.window()
    window.find_dialog.start()
    QTest.keyClicks(window.find_dialog.asked, "0912")
    window.scanned(MILK.barcode)
    QTest.keyClick(window.page.scan, Qt.Key.Key_F2)
    assert (window.find_dialog.isVisible(), window.find_dialog.asked.text()) == (True, "")
