"""Every screen a person at the counter can see, by name: for what walks over widgets, and for pictures of them.

A new page or dialog is one more function here, or in ``tool_screens``, and one more line in ``SCREENS``.
Each is given a ``Stage`` and returns the shown widget that is to be looked at.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from drivers.printers.queue import PrinterState
from station.approval import Operation, OperationKind
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Actor, Role
from station.span import Span
from station.tender import TenderKind
from sync.state import BookState, SyncState
from tests.fakes import NOON, member
from tests.rigs.diagnosed import PCSC, SWIPE
from tests.ui import coupon_screens, customer_screens, member_screens, setup_screens, tool_screens
from tests.ui.stage import DAYS, TRAINING, Stage
from tests.ui.till import GOLD_CARD, MILK, STRANGE_CARD, tap
from ui.format import Format
from ui.presenters.give_card import GiveView
from ui.presenters.period import PeriodPresenter
from ui.presenters.standing import Rules
from ui.qt import style
from ui.qt.issue_dialog import IssueDialog
from ui.qt.period_pane import PeriodPane
from ui.qt.place_dialog import PlaceDialog, Wish
from ui.qt.places import Place
from ui.qt.today import TodayPane
from ui.qt.tokens import THEMES
from ui.qt.window import Window
from ui.views_period import Section

SARA = {"fa": "سارا محمدی", "en": "Sara Mohammadi"}
GIVEN = "9364000000000017"


def empty(stage: Stage) -> QWidget:
    """Show the counter before the first good."""
    return stage.shown(stage.window())


def basket(stage: Stage) -> QWidget:
    """Show three goods, nobody's."""
    return stage.shown(stage.basket())


def with_member(stage: Stage) -> QWidget:
    """Show a member's basket."""
    return stage.shown(stage.member())


def banner(stage: Stage) -> QWidget:
    """Show the refusal of a card nobody knows."""
    window = stage.basket()
    window.tapped(tap(STRANGE_CARD))
    return stage.shown(window)


def training(stage: Stage) -> QWidget:
    """Show the band over everything that is not real."""
    stage.band = TRAINING
    return stage.shown(stage.member())


def pay(stage: Stage) -> QWidget:
    """Show the payment of a member's basket."""
    window = stage.member()
    window.checkout.begin_pay()
    return stage.shown(window.pay_dialog)


def pay_by(means: TenderKind) -> Callable[[Stage], QWidget]:
    """Return what shows the payment by ``means`` after a part was paid in cash."""
    def show(stage: Stage) -> QWidget:
        window = stage.member()
        window.checkout.begin_pay()
        window.checkout.paying.take_cash("1000000")
        window.checkout.paying.choose(means)
        return stage.shown(window.pay_dialog)

    return show


def done(stage: Stage) -> QWidget:
    """Show the change, after a member's basket was paid with too large notes."""
    window = stage.member()
    window.checkout.begin_pay()
    window.checkout.pay_cash("1400000")
    window.activateWindow()
    return stage.shown(window)


def trouble(stage: Stage) -> QWidget:
    """Show the change of a sale whose receipt is not printed, at a counter where nothing is in order."""
    day_us = 86_400_000_000
    stage.club_rules, stage.ahead_us = Rules(12, NOON.utc_us - 9 * day_us), 12 * 60_000_000
    shown = done(stage)
    assert isinstance(shown, Window)
    shown.status.sync_state(SyncState(unsent=12, book=BookState(12_345, Stamp(1_057, NOON.utc_us - 3 * day_us))))
    for state in (PCSC, SWIPE):
        shown.status.reader_state(state)
    shown.status.printer_state(PrinterState(error=ErrorCode.PRINTER_UNAVAILABLE, waiting=3))
    shown.checkout.tell(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    return stage.shown(shown)


def find(stage: Stage) -> QWidget:
    """Show who was found by the beginning of a name."""
    window = stage.window()
    window.find_dialog.start()
    window.find_dialog.asked.setText("مهرداد")
    window.find_dialog.asked.returnPressed.emit()
    return stage.shown(window.find_dialog)


def find_many(stage: Stage) -> QWidget:
    """Show the first of many who have the same name."""
    window = stage.window()
    stage.memory.members.apply(MemberPage(  # type: ignore[union-attr] # with members
        "d", Position(stage.memory.journal.head().incarnation, 0),
        tuple(MemberRecord(replace(member(10 + place, "silver"), name="زهرا محمدی"), ()) for place in range(30)),
        (), Stamp(2, 2), last=True))
    window.find_dialog.start()
    window.find_dialog.asked.setText("محمدی")
    window.find_dialog.asked.returnPressed.emit()
    return stage.shown(window.find_dialog)


def menu(stage: Stage) -> QWidget:
    """Show the manager's menu behind F10 over a member's basket."""
    window = stage.signed_in("badge-omid", "480216")
    window.scanned(MILK.barcode)
    window.tapped(tap(GOLD_CARD))
    window.open_menu()
    return stage.dialog(window)


def help_keys(stage: Stage) -> QWidget:
    """Show the keys."""
    window = stage.window()
    window.show_help()
    return stage.dialog(window)


def today(stage: Stage) -> QWidget:
    """Show the day's sales to members."""
    window = stage.window()
    window.open_today()
    return stage.shown(window)


def hours_today(stage: Stage) -> QWidget:
    """Show the day hour by hour."""
    shown = today(stage)
    _today_pane(stage).hours_button.click()
    return stage.shown(shown)


def promotions_today(stage: Stage) -> QWidget:
    """Show what rules gave today."""
    shown = today(stage)
    _today_pane(stage).promotions_button.click()
    return stage.shown(shown)


def cashiers_today(stage: Stage) -> QWidget:
    """Show how the cash of today's cashiers came out."""
    shown = today(stage)
    _today_pane(stage).cashiers_button.click()
    return stage.shown(shown)


def period(stage: Stage) -> QWidget:
    """Show the sales of two days."""
    window, _, _ = _period(stage)
    return stage.shown(window)


def part(section: Section, *, table: bool = False) -> Callable[[Stage], QWidget]:
    """Return what shows one of the period's parts."""
    def show(stage: Stage) -> QWidget:
        window, _, pane = _period(stage)
        pane.overview.sections[section].click()
        if table:
            pane.overview.table_button.click()
        return stage.shown(window)

    return show


def sales(stage: Stage) -> QWidget:
    """Show the sales of a day."""
    window, presenter, _ = _period(stage)
    presenter.open(Span(DAYS[0], DAYS[0]))
    return stage.shown(window)


def sale(stage: Stage) -> QWidget:
    """Show one sale."""
    window, presenter, pane = _period(stage)
    presenter.open(Span(DAYS[0], DAYS[0]))
    pane.sales.table.open_current()
    return stage.shown(window)


def entry(stage: Stage) -> QWidget:
    """Show how a shift was closed, as it was written."""
    window, _, pane = _period(stage)
    pane.overview.sections[Section.SHIFTS].click()
    pane.overview.table.table.selectRow(1)
    pane.overview.table.table.setCurrentCell(1, 0)
    pane.overview.table.open_current()
    return stage.shown(window)


def calendar(stage: Stage) -> QWidget:
    """Show the days being chosen."""
    _, _, pane = _period(stage)
    pane.range_button.click()
    return stage.shown(pane.picker)


def save(stage: Stage) -> QWidget:
    """Show where a table may go."""
    window, _, _ = _period(stage)
    words, home = stage.words(), Path("/home/omid")
    found = [Place(words("Stick: {name}", name="KINGSTON"), Path("/media/omid/KINGSTON")), Place(words("Documents"), home / "Documents"),
             Place(words("Desktop"), home / "Desktop"), Place(words("Own folder"), home)]
    dialog = PlaceDialog(
        Wish(words("Save the table"), words, {"fa": "sales-1405-08-30-1405-09-01", "en": "sales-2026-11-21-2026-11-22"}[stage.look.language], "xlsx"), lambda _path: None, window, lambda _words: found)
    dialog.open()
    return stage.shown(dialog)


def diagnostics(stage: Stage) -> QWidget:
    """Show how readers, printer and line stand."""
    window = stage.window()
    window.back_office.open_diagnostics()
    return stage.shown(window)


def diagnostics_page(place: int) -> Callable[[Stage], QWidget]:
    """Return what shows one of the other pages of diagnostics: head office, what is kept here, the computer."""
    def show(stage: Stage) -> QWidget:
        shown = diagnostics(stage)
        assert isinstance(shown, Window)
        pane = shown.back_office.diagnostics
        assert pane is not None
        pane.toggles[place].click()
        return stage.shown(shown)

    return show


def locked(stage: Stage) -> QWidget:
    """Show the lock: names to choose from."""
    stage.people = True
    return stage.shown(stage.window())


def locked_scan(stage: Stage) -> QWidget:
    """Show the lock after goods were scanned."""
    stage.people = True
    window = stage.window()
    window.scanned(MILK.barcode)
    return stage.shown(window)


def pin(stage: Stage) -> QWidget:
    """Show the lock asking for a PIN, after a wrong one."""
    return stage.shown(stage.signed_in("badge-sara", "1111"))


def new_pin(stage: Stage) -> QWidget:
    """Show the lock asking for a PIN of one's own."""
    return stage.shown(stage.signed_in("badge-new", "5555"))


def approval(stage: Stage) -> QWidget:
    """Show a second person being asked."""
    window = stage.signed_in("badge-sara", "7294")
    assert window.gate is not None
    operation = Operation(OperationKind.CARD_BACK_IN_USE, Actor("sara", Role.CASHIER), "1", needs=Role.SENIOR)
    words = stage.words()
    window.gate.ask(operation, words(
        "{member}: {card} ({status}) is put back to use.", member=SARA[stage.look.language], status=words("lost"),
        card=words("Card {number}", number=Format(stage.look.language).number(2))), lambda _approval: None)
    return stage.shown(window.gate.dialog)


def claim(stage: Stage) -> QWidget:
    """Show somebody proving to be a member without the card."""
    window = stage.window()
    assert window.member_desk is not None
    window.member_desk.prove()
    return stage.shown(window.member_desk.claim_dialog)


def cards(stage: Stage) -> QWidget:
    """Show the cards of a member."""
    window = stage.member()
    assert window.member_desk is not None
    window.member_desk.show_cards()
    return stage.shown(window.member_desk.cards_dialog)


def phone(stage: Stage) -> QWidget:
    """Show the code by which a phone becomes a card."""
    window = stage.member()
    window.show_phone_link()
    assert window.phone_dialog is not None
    return stage.shown(window.phone_dialog)


def issue(stage: Stage) -> QWidget:
    """Show the giving of a card."""
    window = QWidget()
    stage.kept.append(window)
    stage.rest.callback(window.deleteLater)
    stage.rest.callback(window.close)
    window.setStyleSheet(style.sheet(THEMES[stage.look.theme]))
    dialog = IssueDialog(window)
    dialog.start("m1", "مهرداد کاظمی‌نژاد", stage.words())
    dialog.propose(GIVEN)
    dialog.show_give(GiveView("مهرداد کاظمی‌نژاد"))
    return stage.shown(dialog)


def _today_pane(stage: Stage) -> TodayPane:
    window = next(each for each in stage.kept if isinstance(each, Window))
    assert window.today
    return window.today


def _period(stage: Stage) -> tuple[Window, PeriodPresenter, PeriodPane]:
    window = stage.window()
    window.back_office.open_period()
    pane = window.back_office.period
    assert pane is not None
    presenter = [each for each in stage.kept if isinstance(each, PeriodPresenter)][-1]
    presenter.choose(Span(*DAYS))
    return window, presenter, pane


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "locked": locked, "locked-scan": locked_scan, "pin": pin, "new-pin": new_pin, "empty": empty, "basket": basket,
    "member": with_member, "banner": banner, "training": training, "pay": pay, "pay-bank": pay_by(TenderKind.DEBIT),
    "pay-wallet": pay_by(TenderKind.WALLET), "pay-gift": pay_by(TenderKind.GIFT_CARD), "done": done, "trouble": trouble,
    "find": find, "find-many": find_many, "menu": menu, "help": help_keys, "today": today,
    "today-hours": hours_today, "today-promotions": promotions_today, "today-cashiers": cashiers_today, "period": period,
    "period-table": part(Section.DAYS, table=True), "second": part(Section.SECOND),
    "promotions": part(Section.PROMOTIONS), "shifts": part(Section.SHIFTS), "approvals": part(Section.APPROVALS),
    "flags": part(Section.FLAGS), "sales": sales, "sale": sale, "entry": entry, "calendar": calendar, "save": save,
    "diagnostics": diagnostics,
    "head-office": diagnostics_page(1), "kept-here": diagnostics_page(2), "computer": diagnostics_page(3),
    "approval": approval, "claim": claim, "cards": cards, "issue": issue, "phone": phone, **customer_screens.SCREENS,
    **tool_screens.SCREENS, **member_screens.SCREENS, **coupon_screens.SCREENS, **setup_screens.SCREENS}
