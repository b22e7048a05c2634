"""Without the card, and the cards of a member: what the dialogs ask, what is pressed, in both languages."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from data.journal import JournalStore
from data.members import MemberStore
from data.own_cards import LaidOver
from station.approval import Operation, OperationKind
from station.card import Card, CardLink, CardStatus, Medium, Tap
from station.card_desk import CardDesk
from station.card_hash import card_hash
from station.card_life import Holder
from station.claiming import Claiming
from station.counter import World
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Actor, Role
from station.step_up import ClaimMethod, StepUp
from tests.fakes import CASHIER, NOON, FixedClock, MemoryPacks, MemoryShelf, member
from tests.station.test_claiming import Office
from tests.ui.test_checkout import Screen
from tests.ui.till import Till, tap
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.member_cards import CardsView, MemberCards, MemberParts
from ui.qt.member_desk import MemberDesk
from ui.text import Words

KEY, CARD_KEY = bytes(range(32)), bytes(reversed(range(32)))
ACTIVE, BLOCKED, LOST, REPLACED, EXPIRED = CardStatus
PROVEN = StepUp("c", "m1", ClaimMethod.PIN, NOON.utc_us + 60_000_000)
MANAGER = Actor("reza", Role.MANAGER)


def digest(number: str) -> int:
    return card_hash(CARD_KEY, number)


class Shop:
    """A counter in memory, the cards of its members in real files, and both dialogs."""

    def __init__(self, folder: Path, window: QWidget, language: str) -> None:
        self.till, self.office, self.screen = Till(), Office(), Screen()
        self.journal = JournalStore(folder / "journal.db", KEY)
        self.journal.found("12-1", "test", NOON)
        self.members = MemberStore(folder / "members.db", KEY, CARD_KEY)
        cards = (CardLink(digest("1"), ACTIVE), CardLink(digest("2"), ACTIVE, "h1"), CardLink(digest("3"), REPLACED))
        self.members.apply(MemberPage("c", Position(self.journal.head().incarnation, 0), (
            MemberRecord(member(1), cards, (Holder("h1", "سارا"),)), MemberRecord(member(2), ())), (), Stamp(1, 1), last=True))
        self.book = LaidOver(self.members, self.journal)
        self.in_hand: int | None = None
        world = World(FixedClock(), bytes, self.book, MemoryShelf(), MemoryPacks(), self.journal)
        parts = MemberParts(
            Claiming(self.till.counter, self.office, FixedClock(), bytes), CardDesk(world, self.book, lambda: self.in_hand))
        words, style = Words(language), Format(language)
        self.checkout = Checkout(self.till.desk, words, style, self.screen)
        self.desk = MemberDesk(parts, self.till.desk, self.checkout, window)
        self.desk.set_words(words, style)

    def titles(self) -> list[tuple[str, int]]:
        """What can be pressed in the dialog of the cards."""
        return sorted(self.desk.cards_dialog.pressed)

    def press(self, text: str, number: str) -> None:
        self.desk.cards_dialog.pressed[text, digest(number)].click()

    def held(self, number: str) -> CardStatus | None:
        card = self.book.card(number)
        return card.status if card else None

    def close(self) -> None:
        self.members.close()
        self.journal.close()


MakeShop = Callable[[str], Shop]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeShop]:
    window, made = QWidget(), list[Shop]()
    qtbot.addWidget(window)

    def shop(language: str = "en") -> Shop:
        made.append(Shop(tmp_path, window, language))
        return made[-1]

    yield shop
    for each in made:
        with closing(each):
            pass


def say(field: QLineEdit, typed: str) -> None:
    field.setText(typed)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_code_is_sent_and_read_out(make: MakeShop) -> None:
    shop = make("en")
    shop.office.verdicts = [StationError(ErrorCode.CLAIM_REFUSED, tries=4), PROVEN]
    shop.desk.prove()
    dialog = shop.desk.claim_dialog
    assert not dialog.isHidden()
    say(dialog.phone, "09120000001")
    assert shop.office.asked[0].method is ClaimMethod.CODE
    assert (dialog.tries.text(), dialog.answer.echoMode()) == ("Tries left: 5", QLineEdit.EchoMode.Normal)
    say(dialog.answer, "111111")
    assert (dialog.problem.text(), dialog.tries.text()) == ("This is not right. Tries left: 4. (E210)", "Tries left: 4")
    assert dialog.answer.text() == ""
    say(dialog.answer, "482915")
    assert dialog.isHidden()
    assert shop.till.counter.member == member(1)
    assert shop.screen.view
    assert shop.screen.view.member
    assert (shop.screen.view.member.name, shop.screen.view.member.proof) == (member(1).name, "Proven by the PIN")


def test_who_is_proven_takes_anothers_place_and_gives_it_back(make: MakeShop) -> None:
    shop = make("en")
    shop.office.verdicts = [PROVEN]
    shop.checkout.identify("m2")
    before = shop.till.counter.in_hand
    shop.desk.prove()
    say(shop.desk.claim_dialog.phone, "09120000001")
    say(shop.desk.claim_dialog.answer, "482915")
    assert shop.screen.view
    assert shop.screen.view.banner
    assert (shop.screen.view.banner.text, shop.screen.view.banner.undo) == (
        f"Another member: the basket is now {member(1).name}'s.", True)
    shop.checkout.undo()
    assert shop.till.counter.in_hand == before


def test_a_pin_is_not_shown(make: MakeShop) -> None:
    shop = make("fa")
    shop.till.counter.identify("m1")
    shop.desk.prove()
    dialog = shop.desk.claim_dialog
    assert dialog.phone.text() == member(1).phone
    dialog.pin.click()
    [asked] = shop.office.asked
    assert (asked.method, asked.member_id) == (ClaimMethod.PIN, "m1")
    assert (dialog.answer.echoMode(), dialog.tries.text()) == (QLineEdit.EchoMode.Password, "دفعه‌های باقی‌مانده: ۵")
    dialog.reject()
    assert dialog.isHidden()
    shop.desk.prove()
    assert dialog.confirm.isHidden()


def test_another_phone_than_the_members_is_nobodys_in_particular(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    shop.desk.prove()
    say(shop.desk.claim_dialog.phone, "09129999999")
    assert shop.office.asked[0].member_id == ""


def test_what_goes_wrong_is_said_where_it_is_asked(make: MakeShop) -> None:
    shop = make("en")
    dialog = shop.desk.claim_dialog
    shop.desk.prove()
    say(dialog.phone, "Sara")
    assert dialog.problem.text() == "This is no phone number."
    shop.office.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="silent")
    say(dialog.phone, "09120000001")
    assert dialog.problem.text().startswith("Without head office nobody can prove to be a member.")
    assert not dialog.phone.isHidden()
    shop.office.fault = None
    say(dialog.phone, "09120000001")
    shop.office.verdicts = [StationError(ErrorCode.CLAIM_LOCKED, minutes=1440)]
    say(dialog.answer, "482915")
    assert "1,440 minutes" in dialog.problem.text()
    assert (dialog.phone.isHidden(), dialog.answer.isHidden()) == (False, True)


def test_the_cards_of_nobody_are_not_shown(make: MakeShop) -> None:
    shop = make("en")
    shop.desk.show_cards()
    assert shop.desk.cards_dialog.isHidden()


def test_a_card_is_blocked_and_comes_back_with_a_second_person(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    shop.in_hand = digest("1")
    shop.desk.show_cards()
    dialog = shop.desk.cards_dialog
    assert not dialog.isHidden()
    assert shop.titles() == [("Block", digest("2")), ("Lost", digest("2")), ("Replace", digest("2"))]
    shop.press("Lost", "2")
    assert shop.held("2") is LOST
    assert shop.titles() == [("Back to use", digest("2")), ("Replace", digest("2"))]
    shop.press("Back to use", "2")
    assert dialog.problem.text() == "A second person has to approve this. (E316)"
    asked: list[tuple[int, str]] = []

    def approve(card: int, what: str, approved: Callable[[Actor], None]) -> None:
        asked.append((card, what))
        approved(MANAGER)

    shop.desk.cards.ask_approval = approve
    shop.press("Back to use", "2")
    assert (asked, shop.held("2"), dialog.problem.isHidden()) == (
        [(digest("2"), f"{member(1).name}: Card 2 of سارا (lost) is put back to use.")], ACTIVE, True)
    shop.press("Block", "2")
    assert shop.book.card("2") == Card("m1", BLOCKED, "h1")


@pytest.mark.parametrize(("approver", "by"), [(MANAGER, MANAGER), (None, CASHIER)])
def test_a_card_is_put_back_by_who_approves_or_who_reaches_far_enough(
        make: MakeShop, approver: Actor | None, by: Actor) -> None:
    shop, asked, used = make("en"), list[tuple[Operation, str]](), list[Actor]()

    def approved(operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        asked.append((operation, what))
        then(approver)

    shop.desk.approve_by(approved)
    assert shop.desk.cards.ask_approval
    shop.desk.cards.ask_approval(digest("2"), "Card 2", used.append)
    assert (asked, used) == (
        [(Operation(OperationKind.CARD_BACK_IN_USE, CASHIER, str(digest("2")), needs=Role.SENIOR), "Card 2")], [by])


def test_who_approves_a_card_reads_whose_it_is_in_persian_and_of_nobodys_name(make: MakeShop) -> None:
    shop, asked = make("fa"), list[str]()
    shop.desk.cards.ask_approval = lambda _card, what, _approved: asked.append(what)
    shop.till.members.people["m1"] = replace(member(1), name="")
    shop.till.counter.identify("m1")
    shop.desk.show_cards()
    shop.press("مسدود کردن", "1")
    shop.press("بازگرداندن", "1")
    assert asked == ["عضو بی‌نام: کارت ۲ (مسدود) دوباره به کار می‌افتد."]


def test_a_card_that_came_into_hand_meanwhile_is_not_blocked(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    shop.desk.show_cards()
    shop.in_hand = digest("1")
    shop.press("Lost", "1")
    assert shop.desk.cards_dialog.problem.text().startswith("This card was shown for the basket in hand.")
    assert shop.held("1") is ACTIVE


def test_a_lost_card_is_replaced_by_the_one_that_is_shown(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    shop.desk.show_cards()
    dialog = shop.desk.cards_dialog
    shop.press("Lost", "2")
    shop.press("Replace", "2")
    assert dialog.told.text() == "Show the card that takes the place of Card 2 of سارا, or scan it."
    assert shop.desk.takes(tap("1"))
    assert dialog.problem.text() == "This card was given out already. (E208)"
    assert shop.held("1") is ACTIVE
    assert shop.desk.takes(tap("9364000000000700"))
    assert (shop.held("2"), shop.book.card("9364000000000700")) == (REPLACED, Card("m1", ACTIVE, "h1"))
    assert (dialog.told.text(), dialog.problem.isHidden()) == ("The card is given.", True)
    assert shop.titles() == [("Block", digest("1")), ("Block", digest("9364000000000700")), ("Lost", digest("1")),
                             ("Lost", digest("9364000000000700")), ("Replace", digest("1")), ("Replace", digest("9364000000000700"))]


def test_a_further_card_is_the_members_or_of_somebody_of_the_family(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    shop.desk.show_cards()
    dialog = shop.desk.cards_dialog
    dialog.further.click()
    menu = offered(shop)
    assert [each.text() for each in menu.actions()] == [member(1).name, "سارا", "A new person…"]
    menu.actions()[1].trigger()
    menu.hide()
    assert dialog.told.text() == "Show the further card of سارا, or scan it."
    assert shop.desk.takes_code("۹۳۶۴۰۰۰۰۰۰۰۰۰۷۰۱")
    assert shop.book.card("9364000000000701") == Card("m1", ACTIVE, "h1")
    shop.desk.cards.another()
    assert shop.desk.takes_code("9364000000000702")
    assert shop.book.card("9364000000000702") == Card("m1", ACTIVE, "")
    assert "9364000000000702" not in repr(shop.desk.cards._view)


def test_a_card_is_given_only_once_it_is_said_what_for_and_esc_takes_that_back(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    assert not shop.desk.takes(tap("9364000000000700"))
    assert not shop.desk.takes_code("9364000000000700")
    shop.desk.show_cards()
    dialog = shop.desk.cards_dialog
    shop.desk.cards.another()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.isHidden(), dialog.told.isHidden()) == (False, True)
    assert shop.desk.takes(tap("9364000000000700"))
    assert dialog.problem.text() == "Say first what this card is for."
    assert shop.held("9364000000000700") is None
    assert not shop.desk.takes_code("6260000000017")
    assert dialog.keeps()  # goods stay out of the basket behind
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


def test_a_phone_wallet_is_no_card_to_give(make: MakeShop) -> None:
    shop = make("en")
    shop.till.counter.identify("m1")
    shop.desk.show_cards()
    shop.desk.cards.another()
    shop.desk.takes(Tap("qr", Medium.QR, "9364000000000700"))
    assert shop.desk.cards_dialog.problem.text().endswith("(E115)")
    assert shop.desk.cards_dialog.told.text() == f"Show the further card of {member(1).name}, or scan it."
    assert shop.held("9364000000000700") is None


def test_also_an_account_without_a_family_may_get_one(make: MakeShop) -> None:
    shop = make("fa")
    shop.till.counter.identify("m2")
    shop.desk.show_cards()
    shop.desk.cards_dialog.further.click()
    menu = offered(shop)
    assert [each.text() for each in menu.actions()] == [member(2).name, "فرد تازه…"]
    menu.actions()[0].trigger()
    menu.hide()
    assert shop.desk.cards_dialog.told.text() == f"کارت تازهٔ {member(2).name} را نشان دهید یا اسکن کنید."


def offered(shop: Shop) -> QMenu:
    """The menu that asks whose a further card becomes."""
    [menu] = [each for each in shop.desk.cards_dialog.findChildren(QMenu) if each.isVisible()]
    return menu


def test_cards_are_named_by_place_and_by_who_carries_them(make: MakeShop) -> None:
    shop = make("fa")
    shop.till.counter.identify("m1")
    shop.in_hand = digest("1")
    views: list[CardsView] = []

    class Kept:
        def show_cards(self, view: CardsView) -> None:
            views.append(view)

    page = MemberCards(shop.desk.cards._desk, shop.till.counter, lambda: MANAGER, Kept())
    page.speak(Words("fa"), Format("fa"))
    page.show()
    assert [(row.title, row.status) for row in views[-1].rows] == [
        ("کارت ۱، همین کارت", "فعال"), ("کارت ۲ برای سارا", "فعال"), ("کارت ۳", "جایگزین‌شده")]
    shop.till.counter.forget_member()
    page.show()
    assert (views[-1].member, views[-1].rows) == ("", ())


def test_a_bank_cards_number_stays_in_neither_field(make: MakeShop) -> None:
    """A field that cut what is typed would keep a part of it, for only the whole is known as a bank card's."""
    dialog = make("en").desk.claim_dialog
    for field in (dialog.phone, dialog.answer):
        QTest.keyClicks(field, "4111111111111111")
        assert field.text() == ""


@pytest.mark.parametrize(("card", "said"), [
    ("own", "Number card: anyone who sees it can copy it"),
    ("sara", "Family: 60 points left today · Number card: anyone who sees it can copy it"),
    ("kian", "Card of the family · Number card: anyone who sees it can copy it")])
def test_the_pane_says_whose_card_of_a_family_it_is(make: MakeShop, card: str, said: str) -> None:
    shop = make("en")
    holders = {"own": "", "sara": "h1", "kian": "h2"}
    shop.till.members.families = {"m1": (Holder("h1", "Sara", 60), Holder("h2", "Kian"))}
    shop.till.members.cards = {each: Card("m1", ACTIVE, holder) for each, holder in holders.items()}
    shop.checkout.tapped(tap(card))
    assert shop.screen.view
    assert shop.screen.view.member
    assert shop.screen.view.member.proof == said
