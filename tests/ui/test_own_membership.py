"""The own membership on own sales, in the window: refused or taken out by whatever way it comes, and always said."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.card import Card, CardLink, CardStatus
from station.card_desk import CardDesk
from station.card_hash import card_hash
from station.claiming import Claiming
from station.feed import MemberPage, MemberRecord, StaffPage, Stamp
from station.journal import Draft, EntryKind, Position
from station.people import Actor, Role
from station.shift import Shift
from station.step_up import ClaimMethod, StepUp
from tests.fakes import member
from tests.rigs.paired import CARD_KEY
from tests.rigs.shift_till import MILK as SOLD
from tests.rigs.shift_till import NIMA, Station
from tests.rigs.shift_till import SARA as AT_STATION
from tests.rigs.shift_till import sign_in as type_in
from tests.station.test_claiming import Office
from tests.station.test_staff_desk import SARA
from tests.ui.test_staff_gate import Shop, sign_in
from tests.ui.till import GOLD_CARD, MILK, tap
from ui.clock import SystemClock
from ui.look import Look
from ui.presenters.desk import Desk
from ui.presenters.member_cards import MemberParts
from ui.qt import fonts
from ui.qt.app import App
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.window import Window

NOW = SystemClock().now()
OTHER_CARD = "93640000000009"
MakeWindow = Callable[[str], Window]


@pytest.fixture
def shop() -> Shop:
    """Sara's own membership is the gold one; another member has a card too."""
    made = Shop()
    made.book.records["sara"] = replace(SARA, member_id="m1")
    made.till.members.cards[OTHER_CARD] = Card("m2", CardStatus.ACTIVE)
    return made


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication, shop: Shop, caplog: pytest.LogCaptureFixture) -> Iterator[MakeWindow]:
    fonts.prepare(qapp)
    till = shop.till
    office = Office([StepUp("c", "m1", ClaimMethod.PIN, till.clock.now().utc_us + 60_000_000)])

    def build(language: str) -> Window:
        made = Window(
            Desk(till.counter, till.members, till.clock, shop.at_till, till.closed.append),
            replace(till.board, at_till=shop.at_till),
            Services(Rooms(shop.refresh), lambda: None, lambda _look: None, staff=shop.parts, members=MemberParts(
                Claiming(till.counter, office, till.clock, bytes), cast("CardDesk", None))),  # no card is given here
            Look(language))
        qtbot.addWidget(made)
        with qtbot.waitExposed(made):
            made.show()
        made.activateWindow()
        return made

    yield build
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def news(window: Window) -> str:
    return window.page.banner.text.text() if window.page.banner.isVisible() else ""


def member_of(shop: Shop) -> str:
    return shop.till.counter.member.member_id if shop.till.counter.member else ""


def colleague(window: Window) -> None:
    sign_in(window, "badge-omid", "480216")


def pay(window: Window) -> None:
    window.checkout.begin_pay()
    window.checkout.pay_cash("")


def test_the_own_card_is_refused_and_a_colleague_may_take_it(make: MakeWindow, shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    window.tapped(tap(GOLD_CARD))
    assert (member_of(shop), "E224" in news(window)) == ("", True)
    window.checkout.identify("m1")
    assert (member_of(shop), "E224" in news(window)) == ("", True)
    window.lock()
    colleague(window)
    window.tapped(tap(GOLD_CARD))
    assert member_of(shop) == "m1"


def test_the_own_card_takes_nobody_elses_place(make: MakeWindow, shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    window.tapped(tap(OTHER_CARD))
    window.tapped(tap(GOLD_CARD))
    assert (member_of(shop), "E224" in news(window)) == ("m2", True)


def test_nobody_proves_to_be_the_own_member_by_phone_and_pin(make: MakeWindow, shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    window.tapped(tap(OTHER_CARD))
    assert window.member_desk
    dialog = window.member_desk.claim_dialog
    QTest.keyClick(window.page.scan, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.isVisible()
    dialog.phone.setText("09120000001")
    QTest.mouseClick(dialog.pin, Qt.MouseButton.LeftButton)
    dialog.answer.setText("482915")
    QTest.keyClick(dialog.answer, Qt.Key.Key_Return)
    assert (member_of(shop), "E224" in dialog.problem.text(), dialog.isVisible()) == ("m2", True, True)
    dialog.reject()
    pay(window)
    buyer = shop.till.journal.sales()[-1].basket.member
    assert buyer
    assert buyer.member_id == "m2"


@pytest.mark.parametrize(("language", "said"), [
    ("en", "Your own membership was taken out of the basket"), ("fa", "عضویت خود شما از سبد برداشته شد")])
def test_what_a_colleague_left_in_the_basket_is_taken_out_at_signing_in(
        make: MakeWindow, shop: Shop, language: str, said: str) -> None:
    window = make(language)
    colleague(window)
    window.scanned(MILK.barcode)
    window.tapped(tap(GOLD_CARD))
    window.lock()
    assert member_of(shop) == "m1"
    sign_in(window)
    assert (member_of(shop), said in news(window)) == ("", True)
    pay(window)
    sale = shop.till.journal.sales()[-1]
    assert (sale.basket.member, sale.priced.discount, sale.points) == (None, 0, ())


def test_what_came_back_before_anybody_signed_in_is_taken_out_then(make: MakeWindow, shop: Shop) -> None:
    shop.till.counter.scan(MILK.barcode)
    shop.till.counter.tap(tap(GOLD_CARD))
    shop.till.counter.let_go()
    window = make("en")
    window.checkout.recover()
    assert member_of(shop) == "m1"
    sign_in(window)
    assert (member_of(shop), "E227" in news(window)) == ("", True)


def test_what_came_back_stays_said_to_whoever_else_signs_in(make: MakeWindow, shop: Shop) -> None:
    shop.till.counter.scan(MILK.barcode)
    shop.till.counter.tap(tap(GOLD_CARD))
    shop.till.counter.let_go()
    window = make("en")
    window.checkout.recover()
    colleague(window)
    assert (member_of(shop), news(window)) == ("m1", "The basket from before was brought back.")


@pytest.mark.parametrize("gone", ["forgotten", "dropped"])
def test_an_undo_after_the_lock_does_not_bring_it_back(make: MakeWindow, shop: Shop, gone: str) -> None:
    window = make("en")
    colleague(window)
    window.scanned(MILK.barcode)
    window.tapped(tap(GOLD_CARD))
    if gone == "forgotten":
        window.checkout.forget_member()
    else:
        window.checkout.abandon()
    window.lock()
    sign_in(window)
    QTest.keyClick(window.page.scan, Qt.Key.Key_F8)
    assert (member_of(shop), "E227" in news(window)) == ("", True)
    assert shop.till.counter.basket
    assert len(shop.till.counter.basket.lines) == 1


def test_an_undo_of_another_members_coming_does_not_either(make: MakeWindow, shop: Shop) -> None:
    window = make("en")
    colleague(window)
    window.scanned(MILK.barcode)
    window.tapped(tap(GOLD_CARD))
    window.tapped(tap(OTHER_CARD))
    window.lock()
    sign_in(window)
    assert member_of(shop) == "m2"
    QTest.keyClick(window.page.scan, Qt.Key.Key_F8)
    assert (member_of(shop), "E227" in news(window)) == ("", True)


def test_no_sale_is_closed_with_it_however_it_came(make: MakeWindow, shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    shop.at_till.person = replace(shop.at_till.person, member_id="")
    window.tapped(tap(GOLD_CARD))
    shop.at_till.person = replace(shop.at_till.person, member_id="m1")
    window.checkout.begin_pay()
    window.checkout.pay_cash("")
    assert (member_of(shop), shop.till.journal.sales()) == ("", [])
    assert "E227" in window.pay_dialog.problem.text()
    window.checkout.pay_cash("")
    assert shop.till.journal.sales()[-1].basket.member is None


def is_out(app: App) -> bool:
    return app.counter.member is None


def test_over_real_files_and_a_restart(qapp: QApplication, tmp_path: Path) -> None:
    station = Station(tmp_path / "station")
    station.memory.staff.apply(StaffPage("2", 2, (replace(AT_STATION, member_id="m1"), NIMA), ()))
    journal = station.memory.journal
    journal.append(Draft(EntryKind.SHIFT_OPENED, NOW, Actor("nima", Role.SENIOR), Shift(1, "nima", NOW.date, 0)))
    card = CardLink(card_hash(CARD_KEY, GOLD_CARD), CardStatus.ACTIVE)
    station.memory.members.apply(MemberPage("c", Position(journal.head().incarnation, 0), (  # type: ignore[union-attr] # with members
        MemberRecord(member(1), (card,)),), (), Stamp(1, 1), last=True))
    app = station.start(Look("en"))
    type_in(app, "nima")
    app.window.scanned(SOLD.barcode)
    app.window.tapped(tap(GOLD_CARD))
    assert app.counter.member
    app.stop()
    station.memory = station._open()
    again = station.start(Look("en"))
    try:
        assert again.counter.member  # nobody is at the till yet
        type_in(again, "sara")
        assert is_out(again)
        assert "E227" in news(again.window)
        again.window.tapped(tap(GOLD_CARD))
        assert is_out(again)
        assert "E224" in news(again.window)
        pay(again.window)
        journal = again._memory.journal
        assert journal.sale(journal.head().seq).body.basket.member is None
    finally:
        again.stop()
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
