"""A bank card's number at the screen: fields let go of it, and no reader can bring it past the presenter."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from drivers.bank_cards import Lane
from station.card import CardTier, Medium, Tap
from tests.ui.test_checkout import Station
from tests.ui.till import GOLD_CARD, Till, tap
from ui.qt.labels import Field
from ui.text import TIER_LABELS, Words

BANK = "6037991234567893"


@pytest.mark.parametrize("text", [BANK, "6037 9912 3456 7893", "۶۰۳۷۹۹۱۲۳۴۵۶۷۸۹۳"])
@pytest.mark.parametrize("lane", [Lane.TEXT, Lane.BARCODE])
def test_a_field_lets_go_of_the_number_and_of_its_history(qtbot: QtBot, text: str, lane: Lane) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = Field(window, lane)
    with qtbot.waitSignal(field.bank_card):
        for character in text:
            field.insert(character)
    assert field.text() == ""
    assert not field.isUndoAvailable()
    assert not field.isRedoAvailable()


@pytest.mark.parametrize("text", ["09123456789", "9364000000000017", "6260000000017", "12500"])
def test_a_field_keeps_everything_else(qtbot: QtBot, text: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = Field(window)
    field.insert(text)
    assert field.text() == text


def test_a_short_field_keeps_no_beginning_of_the_number(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = Field(window)
    field.limit(5)
    with qtbot.waitSignal(field.bank_card):
        field.insert(BANK)
    assert field.text() == ""
    field.insert("1234567")
    assert field.text() == "12345"


def test_the_presenter_is_the_last_door() -> None:
    station = Station(Till())
    station.checkout.scanned(BANK)
    assert "E114" in station.screen.news
    station.checkout.dismiss()
    station.checkout.tapped(Tap("sloppy", Medium.STRIPE, BANK))
    assert "E114" in station.screen.news
    assert station.view.member is None


@pytest.mark.parametrize("text", ["CS1PAEAAC", "cs1raeaac"])
def test_a_code_that_is_a_card_is_no_good_and_counts_for_nobody_typed(text: str) -> None:
    station = Station(Till())
    station.checkout.scanned(text)
    assert "E111" in station.screen.news
    assert station.view.member is None
    assert station.view.lines == ()


def test_what_a_card_proves_is_said_in_both_languages() -> None:
    assert set(TIER_LABELS) == set(CardTier)
    assert Words("en").card_tier(CardTier.NUMBER) == "Number card: anyone who sees it can copy it"
    assert "رونوشت" in Words("fa").card_tier(CardTier.NUMBER)


def test_the_member_pane_carries_the_cards_honest_label() -> None:
    station = Station(Till())
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.member is not None
    assert "anyone who sees it can copy it" in station.view.member.proof
