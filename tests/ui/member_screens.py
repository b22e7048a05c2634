"""The screens about members: enrolment, what they tell and ask, their cards and their report, and the keys for fingers."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
from PySide6.QtWidgets import QWidget

from station.admission import AdmissionPolicy
from station.bonus import Birth
from station.card_hash import card_hash
from station.dates import Calendar
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Role
from station.tell_desk import Sheet, TellDesk
from station.told import Channel, Purpose, Told
from tests.fakes import CASHIER, member
from tests.ui.enrolling import FRESH
from tests.ui.stage import CARD_KEY, Stage, rules
from tests.ui.till import BREAD, MILK, RICE
from tests.ui.tool_screens import choose, of, press
from ui.qt.tools.enrolling import EnrollingTool
from ui.qt.tools.telling import TellTool
from ui.qt.touch_keys import keys_of

KIAN = {"fa": "کیان محمدی", "en": "Kian Mohammadi"}
SAID = {"fa": "چرا امتیاز خرید هفتهٔ پیش هنوز نیامده است؟", "en": "Why have last week's points not come yet?"}


def enrol(stage: Stage) -> QWidget:
    """Show a new member, with a card and a name."""
    window = stage.basket()
    press(window, "F3")
    window.tapped(FRESH)
    dialog = of(window, EnrollingTool).dialog
    assert dialog is not None
    dialog.phone.setText("0912 345 6789")
    dialog.name.setText("پرویز شاهین‌فر")
    return stage.shown(dialog)


def find_nobody(stage: Stage) -> QWidget:
    """Show that who was looked for is nobody's member yet, and can become one."""
    window = stage.basket()
    window.find_dialog.start()
    window.find_dialog.asked.setText("0935 123 4567")
    window.find_dialog.asked.returnPressed.emit()
    return stage.shown(window.find_dialog)


def enrol_duplicate(stage: Stage) -> QWidget:
    """Show that somebody is a member already."""
    window = stage.basket()
    press(window, "F3")
    dialog = of(window, EnrollingTool).dialog
    assert dialog is not None
    dialog.phone.setText("+98 912 000 0001")
    return stage.shown(dialog)


def enrol_all(stage: Stage) -> QWidget:
    """Show all that a new member can say, and that the manager has to approve it."""
    strict = replace(rules(), number=2, admission=AdmissionPolicy(least_visits=1, approved_by=Role.MANAGER))
    stage.memory.packs.install(strict, msgspec.json.encode(strict), b"signature")
    window = stage.basket()
    press(window, "F3")
    dialog = of(window, EnrollingTool).dialog
    assert dialog is not None
    dialog.phone.setText("0912 345 6789")
    dialog.birth.setText("7/15")
    dialog.consents.boxes[Purpose.SERVICE, Channel.SMS].click()
    dialog.consents.boxes[Purpose.MARKETING, Channel.EMAIL].click()
    dialog.page.choose_referrer("m1")
    dialog.page.finish(dialog.typed())
    return stage.shown(dialog)


def card_replaced(stage: Stage) -> QWidget:
    """Show that the card which takes another's place is waited for."""
    window = stage.member()
    press(window, "Shift+F3")
    assert window.member_desk is not None
    dialog = window.member_desk.cards_dialog
    dialog.pressed[stage.words()("Replace"), card_hash(CARD_KEY, "2")].click()
    return stage.shown(dialog)


def new_person(stage: Stage) -> QWidget:
    """Show that the name of somebody new in the family is asked for."""
    window = stage.member()
    press(window, "Shift+F3")
    assert window.member_desk is not None
    dialog = window.member_desk.cards_dialog
    window.member_desk.cards.new_person()
    dialog.person.name.setText(KIAN[stage.look.language])
    return stage.shown(dialog)


def ask(stage: Stage) -> QWidget:
    """Show a question being taken down."""
    window = stage.member()
    choose(window, "Question, complaint, idea")
    dialog = stage.dialog(window)
    dialog.said.setPlainText(SAID[stage.look.language])  # type: ignore[attr-defined] # an AskDialog, which is made late
    return dialog


def keys(page: str = "") -> Callable[[Stage], QWidget]:
    """Return what shows the keys for fingers beside what a member says: ``page`` of them, "" the first."""
    def show(stage: Stage) -> QWidget:
        dialog = ask(stage)
        found = keys_of(dialog)
        assert found
        found.open_for(dialog.said)  # type: ignore[attr-defined] # an AskDialog, which is made late
        assert found.pad
        if page:
            found.pad.turn(page)
        return stage.shown(found.pad)

    return show


def keys_offered(stage: Stage) -> QWidget:
    """Show the key that a click with a mouse brings into a field."""
    window = stage.basket()
    press(window, "F2")
    window.touch_keys.touched(window.find_dialog.asked, by_finger=False)
    return stage.shown(window.find_dialog)


def tell(stage: Stage) -> QWidget:
    """Show what a member told, one consent of it withdrawn now."""
    told = Sheet(Told(("tea",), "12", ((Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS))), Birth(Calendar.JALALI, 7, 15))
    TellDesk(stage.world, stage.book).tell("m1", Sheet(), told, CASHIER)
    window = stage.member()
    choose(window, "Tastes, birthday, consents")
    dialog = of(window, TellTool).dialog
    assert dialog is not None
    dialog.consents.boxes[Purpose.MARKETING, Channel.SMS].click()
    return stage.shown(dialog)


def tell_wrong(stage: Stage) -> QWidget:
    """Show that an e-mail address is asked for where writing by e-mail is agreed to."""
    window = stage.member()
    choose(window, "Tastes, birthday, consents")
    dialog = of(window, TellTool).dialog
    assert dialog is not None
    dialog.consents.boxes[Purpose.SERVICE, Channel.EMAIL].click()
    dialog.confirm.click()
    return stage.shown(dialog)


def answer_waits(stage: Stage) -> QWidget:
    """Show that an answer of head office waits for the member, whose birthday is today."""
    asked = replace(member(1), answers=("a1",), birth=Birth(Calendar.JALALI, 9, 1))
    here = Position(stage.memory.journal.head().incarnation, stage.memory.journal.head().seq)
    stage.memory.members.apply(MemberPage("d", here, (  # type: ignore[union-attr] # with members
        MemberRecord(asked, tuple(stage.book.cards("m1"))),), (), Stamp(2, 2), last=True))
    return stage.shown(stage.member())


def benefits(stage: Stage) -> QWidget:
    """Show what membership brought."""
    stage.sell(MILK, RICE)
    stage.sell(BREAD)
    window = stage.member()
    choose(window, "The member's own report")
    return stage.shown(window)


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "enrol": enrol, "enrol-duplicate": enrol_duplicate, "find-nobody": find_nobody, "enrol-all": enrol_all,
    "card-replaced": card_replaced, "new-person": new_person, "answer-waits": answer_waits, "tell": tell, "tell-wrong": tell_wrong,
    "ask": ask, "keys": keys(), "keys-latin": keys("en"), "keys-signs": keys("signs"), "keys-offered": keys_offered, "benefits": benefits}
