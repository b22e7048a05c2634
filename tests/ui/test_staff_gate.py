"""The till's door, offscreen: locked until somebody signs in, and again when nobody is there; whose card is refused."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.approval import Approval, Operation, OperationKind
from station.card import Card, CardStatus, Medium, Tap
from station.counter import World
from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from station.sign_in import SessionRules, reaches
from station.staff_desk import StaffDesk
from station.staff_event import StaffDeed, StaffEvent
from tests.station.test_staff_desk import OMID, SARA, Book, PlainPins
from tests.ui.till import GOLD_CARD, MILK, Till, tap
from ui.look import Look
from ui.presenters.at_till import NOBODY, AtTill, Person
from ui.presenters.desk import Desk
from ui.presenters.drawer_key import REASONS, DrawerKey
from ui.presenters.today import TodayPage
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.staff_gate import StaffParts
from ui.qt.window import Window
from ui.text import Words

BADGES = {"badge-sara": 77, "badge-omid": 78}


def badge(name: str) -> Tap:
    return Tap("pcsc:reader", Medium.NFC_UID, name)


@dataclass
class Shop:
    """A till with people, and the window over it."""

    till: Till = field(default_factory=Till)
    book: Book = field(default_factory=Book)
    at_till: AtTill = field(default_factory=AtTill)
    came: list[Person] = field(default_factory=list)
    full: StationError | None = None

    def __post_init__(self) -> None:
        till = self.till
        till.at_till = self.at_till
        world = World(till.clock, bytes, till.members, till.counter._world.shelf, till.counter._world.packs, till.journal)
        self.parts = StaffParts(
            StaffDesk(world, self.book, PlainPins()), lambda number: BADGES.get(number, 0), self.at_till, till.clock,
            self.arrive, SessionRules(180, 43_200))

    def arrive(self, person: Person) -> None:
        if self.full:
            raise self.full
        self.came.append(person)

    def window(self, language: str) -> Window:
        till = self.till
        return Window(
            Desk(till.counter, till.members, till.clock, self.at_till, till.closed.append, is_badge=BADGES.__contains__),
            replace(till.board, at_till=self.at_till),
            Services(Rooms(self.refresh), lambda: None, lambda _look: None, staff=self.parts,
                     phone_link=lambda member: f"https://club.example/m/#{member}"),
            Look(language))

    def refresh(self, page: TodayPage) -> None:
        raise AssertionError(page)

    def deeds(self) -> list[StaffDeed]:
        return [each.body.deed for each in self.till.journal.drafts if isinstance(each.body, StaffEvent)]


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def make(qtbot: QtBot, shop: Shop, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[str], Window]]:
    """Make shown windows; no override of a Qt method may have failed inside them."""
    fonts.prepare(qapp)

    def build(language: str = "en") -> Window:
        window = shop.window(language)
        qtbot.addWidget(window)
        window.resize(1024, 600)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return window

    yield build
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def sign_in(window: Window, name: str = "badge-sara", pin: str = "7294") -> None:
    window.tapped(badge(name))
    assert window.gate is not None
    QTest.keyClicks(window.gate.page.pin.field, pin)
    QTest.keyClick(window.gate.page.pin.field, Qt.Key.Key_Return)


def is_at_the_lock(window: Window) -> bool:
    return window.gate is not None and window.locked and window.pages.currentWidget() is window.gate.page


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_till_begins_locked_and_a_badge_and_a_pin_open_it(make: Callable[[str], Window], shop: Shop, language: str) -> None:
    window = make(language)
    assert is_at_the_lock(window)
    sign_in(window)
    assert not window.locked
    assert window.pages.currentWidget() is window.page
    assert shop.at_till.person == Person(Actor("sara", Role.CASHIER), SARA.name)
    assert [each.actor.person for each in shop.came] == ["sara"]


def test_names_and_keypad_do_without_badge_and_keyboard(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    assert window.gate is not None
    page = window.gate.page
    next(each for each in page.people.buttons if each.text().startswith("Sara")).click()
    for face in ("7", "2", "0", "⌫", "9", "4", "⏎"):
        page.pin.keys[face].click()
    assert not window.locked
    assert shop.at_till.actor.person == "sara"


def test_a_locked_till_does_nothing_but_ask(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F10, Qt.Key.Key_F12):
        QTest.keyClick(QApplication.focusWidget() or window, key)
    window.scanned(MILK.barcode)
    window.tapped(tap(GOLD_CARD))
    assert is_at_the_lock(window)
    assert shop.till.counter.basket is None
    assert not window.find_dialog.isVisible()
    assert window.gate is not None
    assert window.gate.page.problem.text() == "This is nobody's badge."


def test_a_badge_nobody_asked_for_is_no_unknown_card(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    window.tapped(badge("badge-omid"))
    assert "(E225)" in window.page.banner.text.text()
    window.tapped(badge("badge-nobody"))
    assert "(E201)" in window.page.banner.text.text()
    assert shop.till.counter.basket is not None
    assert shop.till.counter.member is None


def test_a_badge_that_is_a_member_s_card_too_brings_the_member(make: Callable[[str], Window], shop: Shop) -> None:
    shop.till.members.cards["badge-omid"] = Card("m1", CardStatus.ACTIVE)
    window = make("en")
    sign_in(window)
    window.tapped(badge("badge-omid"))
    assert shop.till.counter.member is not None
    assert shop.till.counter.member.member_id == "m1"


def test_a_basket_stays_over_a_lock_and_no_dialog_does(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    window.find_dialog.start()
    window.lock()
    assert is_at_the_lock(window)
    assert not window.find_dialog.isVisible()
    assert shop.at_till.person is NOBODY
    sign_in(window, "badge-omid", "480216")
    assert shop.till.counter.basket is not None
    assert shop.at_till.actor.role is Role.MANAGER
    assert shop.deeds() == [StaffDeed.SIGNED_IN, StaffDeed.SIGNED_OUT, StaffDeed.SIGNED_IN]


def test_the_keyboard_alone_opens_a_till_that_was_locked_again(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    QTest.keyClick(window.page.scan, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert window.locked
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        held = QApplication.focusWidget()
        assert held is not None
        QTest.keyClick(held, key)
    assert window.gate is not None
    assert QApplication.focusWidget() is window.gate.page.pin.field
    QTest.keyClicks(window.gate.page.pin.field, "7294")
    QTest.keyClick(window.gate.page.pin.field, Qt.Key.Key_Return)
    assert shop.at_till.actor.person == "sara"


def test_nobody_there_for_three_minutes_locks_it_and_a_card_or_key_before_does_not(
    make: Callable[[str], Window], shop: Shop, qapp: QApplication,
) -> None:
    window = make("en")
    sign_in(window)
    assert window.gate is not None
    qapp.installEventFilter(window.gate)
    for by_card in (False, True):
        shop.till.clock.forward(2)
        if by_card:
            window.tapped(tap(GOLD_CARD))
        else:
            QTest.keyClick(window.page.scan, Qt.Key.Key_Shift)
        window.gate.tick()
        assert not window.locked
    shop.till.clock.forward(3)
    window.gate.tick()
    qapp.removeEventFilter(window.gate)
    assert is_at_the_lock(window)
    assert shop.deeds()[-1] is StaffDeed.LOCKED


def test_a_sale_is_in_the_name_of_who_signed_in(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.scanned(MILK.barcode)
    window.checkout.begin_pay()
    window.checkout.pay_cash("")
    assert shop.till.journal.drafts[-1].actor == Actor("sara", Role.CASHIER)


def test_a_full_disk_lets_nobody_in_and_says_so(make: Callable[[str], Window], shop: Shop) -> None:
    shop.full = StationError(ErrorCode.DISK_FULL)
    window = make("en")
    sign_in(window)
    assert is_at_the_lock(window)
    assert window.gate is not None
    assert "E401" in window.gate.page.pin.problem.text()
    assert shop.at_till.person is NOBODY


def test_an_approval_takes_badges_instead_of_the_basket(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    assert window.gate is not None
    operation = Operation(OperationKind.VOID, shop.at_till.actor, "sale-1", 5)
    given = list[Approval]()
    window.gate.ask(operation, "Void of a sale", given.append)
    dialog = window.gate.dialog
    assert dialog.isVisible()
    assert dialog.what.text() == "Void of a sale"
    window.tapped(tap(GOLD_CARD))
    assert shop.till.counter.member is None
    window.tapped(badge("badge-omid"))
    QTest.keyClicks(dialog.pin.field, "480216")
    QTest.keyClick(dialog.pin.field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert given[0].use(operation, shop.till.clock.now().utc_us) == Actor(OMID.staff_id, Role.MANAGER)


def test_a_question_is_put_away_with_the_lock(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    assert window.gate is not None
    given = list[Approval]()
    window.gate.ask(Operation(OperationKind.VOID, shop.at_till.actor, "sale-1", 5), "Void", given.append)
    window.lock()
    assert not window.gate.dialog.isVisible()
    assert not given


def test_a_pin_is_never_shown(make: Callable[[str], Window]) -> None:
    window = make("en")
    window.tapped(badge("badge-sara"))
    assert window.gate is not None
    QTest.keyClicks(window.gate.page.pin.field, "7294")
    assert "7294" not in window.gate.page.pin.field.displayText()


def test_the_members_phone_is_given_a_code_by_which_it_becomes_a_card(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    sign_in(window)
    window.show_phone_link()
    assert window.phone_dialog is not None
    assert not window.phone_dialog.isVisible()  # there is nobody
    window.tapped(tap(GOLD_CARD))
    window.show_phone_link()
    picture = window.phone_dialog.code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = memoryview(bytes(picture.constBits())).cast("B", (picture.height(), picture.bytesPerLine()))
    [found] = zxingcpp.read_barcodes(pixels)
    assert found.text == "https://club.example/m/#m1"
    window.phone_dialog.accept()
    assert window.phone_dialog.code.pixmap().isNull()
    assert shop.at_till.actor.person == "sara"


def test_a_manager_lets_in_who_typed_too_many_wrong_pins(make: Callable[[str], Window], shop: Shop) -> None:
    window = make("en")
    assert window.gate is not None
    for _ in range(15):
        shop.till.clock.forward(15)
        sign_in(window, pin="0000")
    dialog = window.gate.dialog
    assert dialog.isVisible()
    assert dialog.what.text() == "Sara may sign in again"
    window.tapped(badge("badge-omid"))
    QTest.keyClicks(dialog.pin.field, "480216")
    QTest.keyClick(dialog.pin.field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert window.gate.page.pin.who.text() == "Sara"
    QTest.keyClicks(window.gate.page.pin.field, "7294")
    QTest.keyClick(window.gate.page.pin.field, Qt.Key.Key_Return)
    assert not window.locked
    assert StaffDeed.LET_IN in shop.deeds()


class Drawer:
    """A drawer, and what was said of it."""

    def __init__(self, shop: Shop) -> None:
        self.opened = 0
        self.said: list[StationError] = []
        self.asked: list[tuple[Operation, str, Callable[[Actor | None], None]]] = []
        self.key = DrawerKey(shop.parts.desk, shop.at_till, self.kick, self.said.append)

    def kick(self) -> None:
        self.opened += 1

    def approved(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        if reaches(operation.asked_by.role, operation.needs):
            then(None)
        else:
            self.asked.append((operation, what, then))


def test_a_cashier_opens_the_drawer_with_a_second_person_and_a_manager_alone(shop: Shop) -> None:
    drawer = Drawer(shop)
    shop.at_till.person = Person(Actor("sara", Role.CASHIER), SARA.name)
    drawer.key.open(REASONS[0], Words("en"), drawer.approved)
    assert drawer.opened == 0
    [(operation, what, then)] = drawer.asked
    assert what == "The drawer is opened without a sale: Change is needed"
    assert operation.needs is Role.SENIOR
    then(Actor("omid", Role.MANAGER))
    assert drawer.opened == 1
    shop.at_till.person = Person(Actor("omid", Role.MANAGER), OMID.name)
    drawer.key.open(REASONS[1], Words("en"), drawer.approved)
    assert drawer.opened == 2
    notes = [(each.body.note, each.actor.person, each.approver and each.approver.person)
             for each in shop.till.journal.drafts if isinstance(each.body, StaffEvent)]
    assert notes == [("Change is needed", "sara", "omid"), ("Cash is checked", "omid", None)]


def test_a_drawer_stays_shut_when_the_journal_cannot_keep_why(shop: Shop) -> None:
    drawer = Drawer(shop)
    shop.at_till.person = Person(Actor("omid", Role.MANAGER), OMID.name)
    shop.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    drawer.key.open(REASONS[0], Words("en"), drawer.approved)
    assert (drawer.opened, [each.code for each in drawer.said]) == (0, [ErrorCode.DISK_FULL])
