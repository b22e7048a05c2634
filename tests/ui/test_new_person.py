"""A new person in the family of a member, at the counter: the name is asked for, then the card; with keys, mouse, in both languages."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from station.card import Card, CardStatus
from tests.ui.test_member_desk import MakeShop, Shop, make, offered, say
from tests.ui.till import tap
from ui.qt.cards_dialog import CardsDialog
from ui.qt.letter_pad import CLOSE
from ui.qt.touch_keys import TouchKeys, outermost
from ui.text import Words

__all__ = ["make"]
ACTIVE = CardStatus.ACTIVE


def family(shop: Shop, member_id: str = "m1") -> list[tuple[str, int | None, int | None]]:
    return [(each.name, each.points_per_day, each.value_per_day) for each in shop.book.holders(member_id)]


def naming(shop: Shop, member_id: str = "m1") -> CardsDialog:
    """Ask for the name of a new person."""
    shop.till.counter.identify(member_id)
    shop.desk.show_cards()
    shop.desk.cards.new_person()
    return shop.desk.cards_dialog


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_new_person_is_taken_in_and_given_a_card_with_the_keyboard_alone(
        make: MakeShop, qtbot: QtBot, language: str) -> None:
    shop = make(language)
    shop.till.counter.identify("m2")
    shop.desk.show_cards()
    dialog = shop.desk.cards_dialog
    qtbot.waitExposed(dialog)
    dialog.further.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(dialog.further, Qt.Key.Key_Space)
    menu = offered(shop)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(menu, key)
    assert dialog.focusWidget() is dialog.person.name
    assert (dialog.person.isVisible(), dialog.further.isVisible(), dialog.told.isVisible()) == (True, False, False)
    QTest.keyClicks(dialog.person.name, "Kian")
    QTest.keyClick(dialog.person.name, Qt.Key.Key_Return)
    assert family(shop, "m2") == [("Kian", 0, 0)]
    assert dialog.told.text() == Words(language)("Show the further card of {name}, or scan it.", name="Kian")
    assert (dialog.person.isVisible(), dialog.person.name.text(), dialog.further.isVisible()) == (False, "", True)
    assert shop.desk.takes(tap("9364000000000703"))
    [kian] = shop.book.holders("m2")
    assert shop.book.card("9364000000000703") == Card("m2", ACTIVE, kian.holder_id)


def test_a_new_person_is_taken_in_with_the_mouse_alone(make: MakeShop, qtbot: QtBot) -> None:
    shop = make("en")
    touch_keys = TouchKeys(outermost(shop.desk.cards_dialog))
    shop.till.counter.identify("m1")
    shop.desk.show_cards()
    dialog = shop.desk.cards_dialog
    qtbot.waitExposed(dialog)
    QTest.mouseClick(dialog.further, Qt.MouseButton.LeftButton)
    menu = offered(shop)
    places = [menu.actionGeometry(each) for each in menu.actions()]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=places[-1].center())
    QTest.mouseClick(dialog.person.letters, Qt.MouseButton.LeftButton)
    assert touch_keys.pad
    for face in ("k", "i", "a", "n", CLOSE):
        QTest.mouseClick(touch_keys.pad.page.keys[face], Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.take_in, Qt.MouseButton.LeftButton)
    assert family(shop) == [("سارا", None, None), ("Kian", 0, 0)]
    assert dialog.told.text() == "Show the further card of Kian, or scan it."


@pytest.mark.parametrize(("language", "said"), [
    ("en", "Collects points at once; spends nothing until head office sets limits."),
    ("fa", "از همین حالا امتیاز جمع می‌کند؛ تا دفتر مرکزی سقف تعیین نکند، چیزی خرج نمی‌کند.")])
def test_it_says_what_a_new_person_may_do(make: MakeShop, language: str, said: str) -> None:
    dialog = naming(make(language))
    assert (dialog.person.hint.text(), dialog.person.isVisible()) == (said, True)
    assert dialog.person.name.accessibleName() == Words(language)("Name of the new person")
    assert dialog.person.letters.accessibleName()


@pytest.mark.parametrize(("name", "said"), [
    ("", "(E216)"), ("ک" * 101, "(E216)"), ("سارا", "(E217)"), ("6037 9911 1111 1117 Ali", "(E114)")])
def test_a_name_that_cannot_be_is_said_and_asked_for_still(make: MakeShop, name: str, said: str) -> None:
    shop = make("fa")
    dialog = naming(shop)
    shop.desk.cards.take_in(name)
    assert dialog.problem.text().endswith(said)
    assert (dialog.person.isVisible(), len(family(shop)), shop.journal.head().seq) == (True, 1, 1)


def test_what_was_typed_stays_when_it_is_refused(make: MakeShop) -> None:
    dialog = naming(make("en"))
    say(dialog.person.name, "سارا")
    assert dialog.problem.text() == "Somebody of this name is in the family already. (E217)"
    assert (dialog.person.name.text(), dialog.focusWidget()) == ("سارا", dialog.person.name)


def test_esc_takes_back_that_somebody_is_taken_in_and_forgets_the_name(make: MakeShop) -> None:
    shop = make("en")
    dialog = naming(shop)
    QTest.keyClicks(dialog.person.name, "Kian")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.isHidden(), dialog.person.isHidden(), dialog.person.name.text(), dialog.further.isHidden()) == (
        False, True, "", False)
    assert not dialog.person.name.isUndoAvailable()
    assert len(family(shop)) == 1
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


def test_a_card_shown_while_a_name_is_asked_for_is_given_to_nobody(make: MakeShop) -> None:
    shop = make("en")
    dialog = naming(shop)
    QTest.keyClicks(dialog.person.name, "Ki")
    assert shop.desk.takes(tap("9364000000000704"))
    assert dialog.problem.text() == "Say first what this card is for."
    assert (dialog.person.name.text(), shop.held("9364000000000704")) == ("Ki", None)


def test_a_bank_card_in_the_name_is_refused_in_words_and_does_not_stay(make: MakeShop) -> None:
    dialog = naming(make("en"))
    QTest.keyClicks(dialog.person.name, "4111111111111111")
    assert (dialog.person.name.text(), dialog.problem.text()[-6:]) == ("", "(E114)")


def test_nobody_is_taken_in_once_the_member_left_the_basket(make: MakeShop) -> None:
    shop = make("en")
    dialog = naming(shop)
    shop.till.counter.forget_member()
    say(dialog.person.name, "Kian")
    assert (dialog.person.isHidden(), shop.journal.head().seq) == (True, 1)
