"""A whole counter on a stage: real files, every tool, and a clock that stands, so that it looks the same each time."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from data.aside import AsideStore
from data.journal import JournalStore
from data.member_file import CurrentMembers, MemberFile
from data.own_cards import LaidOver
from data.shelf import PackShelf, ShelfStore
from data.staff import StaffStore
from drivers.printers.queue import PrintQueue
from station.card import CardLink, CardStatus, Medium, Tap
from station.card_desk import CardDesk
from station.card_hash import CardHasher, card_hash
from station.card_life import Holder
from station.claiming import Claiming
from station.counter import Counter, Place, World
from station.drawer_rules import DrawerRules
from station.feed import MemberPage, MemberRecord, ShelfPage, ShelfRecord, StaffPage, Stamp
from station.journal import Position
from station.leases import AccountKind
from station.pack import HandLimit, Pack
from station.people import Actor, Role, StaffRecord
from station.product import Product
from station.promotion import Cost, CouponTerm, EarningRule, Minimum, Promotion, When
from station.protection import Protection
from station.redemption import RedemptionRules
from station.report import HOURS, DayReport
from station.rewards import AmountOff, PercentOff, Reward
from station.shift import CashReason, CountReason
from station.shift_rows import ReportRow, ShiftRow
from station.sign_in import SessionRules
from station.staff_desk import StaffDesk
from station.stored_value import gift_card_of
from station.tender import Tender, TenderKind
from station.text import Text
from station.totals import Tally, Total
from sync.enrol import Enrolment
from sync.keys import OwnKeys
from tests.fakes import CASHIER, NOON, FixedClock, member, pack, product
from tests.rigs.diagnosed import Diagnosed
from tests.rigs.manager_days import NIMA, SARA, ManagedShop
from tests.rigs.manager_days import PACK as MANAGED
from tests.rigs.manager_days import STAFF as CASHIERS
from tests.rigs.random_club import chance
from tests.station.test_claiming import Office
from tests.station.test_staff_desk import Book, PlainPins
from tests.ui.enrolling import TEXTS
from tests.ui.purses import Purses
from tests.ui.till import BLOCKED_CARD, BREAD, GOLD_CARD, MILK, RICE, SHOP, tap
from ui.format import Format
from ui.look import Look
from ui.presenters.at_till import AtTill, Person
from ui.presenters.desk import Closed, Desk
from ui.presenters.diagnostics import Diagnostics
from ui.presenters.drawer_key import DrawerKey
from ui.presenters.member_cards import MemberParts
from ui.presenters.period import PeriodPresenter
from ui.presenters.standing import Rules
from ui.presenters.status import Board
from ui.presenters.today import TodayPage, business_dates
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.diagnostics_pane import DiagnosticsPane
from ui.qt.papers import Papers
from ui.qt.period_pane import PeriodPane
from ui.qt.services import Services
from ui.qt.staff_gate import StaffParts
from ui.qt.toolbox import Parts, toolbox
from ui.qt.window import Window
from ui.text import Words, mark
from ui.views_report import TodayView
from ui.wiring import Memory, Paired
from ui.wiring_cards import issuer_keys

KEY, CARD_KEY = bytes(range(32)), bytes(reversed(range(32)))
MANAGER, OMID = Actor("omid", Role.MANAGER), Text("امید رضایی", "Omid Rezaei")
DAYS = "2026-11-21", "2026-11-22"
FLOAT = 2_000_000
MILLIONS = (23, 14, 33, 17, 12, 33, 26, 11, 41, 31, 19, 14, 21, 24)
DAY_SUMS = (
    Total(Tally.SPENT, "", 86_400), Total(Tally.FIRST_PURCHASES, "", 14), Total(Tally.SECOND_PURCHASES, "", 9),
    Total(Tally.DISCOUNT, "", 31_400_000), Total(Tally.RULE, "gold-10", 21_300_000), Total(Tally.RULE_SALES, "gold-10", 41),
    Total(Tally.RULE, "silver-3", 7_600_000), Total(Tally.RULE_SALES, "silver-3", 63),
    Total(Tally.RULE, "hand", 2_500_000), Total(Tally.RULE_SALES, "hand", 6))
DAY_SHIFTS = (
    ShiftRow(7, NOON.date, "sara", 5_000_000, (
        ReportRow("Z", 6, 90, NOON, "sara", 64_200_000, 64_050_000, CountReason.CHANGE_GIVEN),)),
    ShiftRow(8, NOON.date, "nima", 5_000_000, (ReportRow("Z", 7, 95, NOON, "nima", 38_000_000, 38_000_000),)))
APPLES = product(4, 900_000, name=Text("سیب", "Apples"), weighed=True)
OIL = product(5, 2_150_000, name=Text("روغن آفتابگردان یک‌لیتری", "Sunflower oil, 1 litre"))
GOODS = (MILK, RICE, BREAD, APPLES, OIL)
STAFF = (
    StaffRecord("sara", Text("سارا محمدی", "Sara Mohammadi"), Role.CASHIER, 77, "verifier"),
    StaffRecord("omid", OMID, Role.MANAGER, 78, "verifier"))
TRAINING = mark("TRAINING: nothing here is real, and nothing is sent")


def rules() -> Pack:
    """Everything a screen can show of a club: discounts, rewards for points, coupons, limits, tastes."""
    return replace(
        pack(promotions=(
            Promotion("gold-10", Text("ده درصد اعضای طلایی", "Ten percent for gold"), Reward(percent=PercentOff("10")),
                      when=When(tiers=("gold",))),
            Promotion("twenty", Text("خرید بزرگ", "Large purchase"), Reward(percent=PercentOff("3")), 2,
                      when=When(minimum=Minimum(16_000_000))),
            Promotion("tea", Text("یک بسته چای", "A packet of tea"), Reward(amount=AmountOff(500_000)), 2, cost=Cost(120)),
            Promotion("much", Text("بیست درصد تخفیف", "Twenty percent off"), Reward(percent=PercentOff("20")), 2,
                      cost=Cost(900)),
            Promotion("yalda", Text("یلدا", "Yalda"), Reward(percent=PercentOff("10")),
                      when=When(coupon=CouponTerm(("YALDA",)))))),
        earning=(EarningRule("base", Text("امتیاز خرید", "Points for purchases"), 1, 10_000),),
        redemption=RedemptionRules(100, 50_000), by_hand=(HandLimit(Role.CASHIER, "20"),),
        drawer=DrawerRules(most_moved=5_000_000, most_difference=500_000), texts=TEXTS, effective_us=1)


class Held(Purses):
    """What the gold member can spend at head office."""

    def available(self, kind: AccountKind, account: str) -> int:
        """Return points, or money."""
        self.asked.append(account)
        return 450 if kind is AccountKind.POINTS else 2_000_000


class Silent:
    """A printer's queue that prints nothing."""

    def reprint(self, seq: int) -> None:
        """Do nothing."""

    def wake(self) -> None:
        """Do nothing."""

    def kick(self) -> None:
        """Do nothing."""


@dataclass
class Stage:
    """A counter in ``folder`` under one window; with ``people`` it begins locked. ``close`` ends it.

    ``band`` is what stands over everything in training, ``sold`` a place in the journal that a screen is about.
    ``club_rules`` are as of when, ``ahead_us`` how far head office's clock is ahead.
    """

    folder: Path
    look: Look = field(default_factory=Look)
    size: tuple[int, int] = (1024, 600)
    people: bool = False
    band: str = ""
    sold: int = 0
    club_rules: Rules | None = None
    ahead_us: int | None = None
    goods: tuple[Product, ...] = GOODS
    clock: FixedClock = field(default_factory=FixedClock)
    rest: ExitStack = field(default_factory=ExitStack)
    kept: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the files, with a shift open; the program reads from the side the language does."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        fonts.prepare(application)
        application.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if self.words().rtl else Qt.LayoutDirection.LeftToRight)
        journal = JournalStore(self.folder / "journal.db", KEY, chance(2).randbytes)
        self.rest.callback(journal.close)
        journal.found("12-1", "test", NOON)
        members = CurrentMembers(MemberFile(journal.database), CARD_KEY)
        self.rest.callback(members.close)
        who = Enrolment("12-1", "12", SHOP, CARD_KEY, bytes(32), bytes(32), OwnKeys(bytes(32)), "", bytes(32))
        self.paired = Paired("https://club.example", who)
        self.memory = Memory(
            journal, members, ShelfStore(journal.database), StaffStore(journal.database), PackShelf(journal.database),
            issuer_keys(journal.database, who, lambda: who), Protection.OS_ACCOUNT, ())
        self._fill()
        self.book = LaidOver(members, journal)
        self.world = World(
            self.clock, chance(1).randbytes, self.book, self.memory.shelf, self.memory.packs, journal,
            Held().spending())
        self.counter = Counter(Place("12-1", "12", SHOP), self.world)
        self.at_till = AtTill(Person(CASHIER, STAFF[0].name))
        self.counter.open_shift(CASHIER, FLOAT)

    def window(self) -> Window:
        """Return the counter's window, shown."""
        if self.people:
            self.at_till = AtTill()
        members, journal = self.book, self.memory.journal
        made = Window(
            Desk(self.counter, members, self.clock, self.at_till, self._closed, partial(gift_card_of, CardHasher(CARD_KEY))),
            Board(SHOP, self.at_till, journal.shift(), self.clock, Protection.OS_ACCOUNT, None,
                  AsideStore(journal.database).count, lambda: self.club_rules, lambda: self.ahead_us),
            self._services(), self.look)
        self.kept.append(made)
        self.rest.callback(made.deleteLater)
        self.rest.callback(made.close)
        self.rest.callback(made.rest)
        made.resize(*self.size)
        made.show()
        made.activateWindow()
        QApplication.processEvents()
        return made

    def basket(self) -> Window:
        """Return the window with three goods in the basket."""
        window = self.window()
        for good in (MILK, RICE, BREAD):
            window.checkout.scanned(good.barcode)
        return window

    def member(self) -> Window:
        """Return the window with a member's basket."""
        window = self.basket()
        window.tapped(tap(GOLD_CARD))
        return window

    def signed_in(self, badge: str, pin: str) -> Window:
        """Return the window of a till where people sign in, opened by one of them."""
        self.people = True
        window = self.window()
        assert window.gate is not None
        window.tapped(Tap("pcsc:reader", Medium.NFC_UID, badge))
        QTest.keyClicks(window.gate.page.pin.field, pin)
        QTest.keyClick(window.gate.page.pin.field, Qt.Key.Key_Return)
        return window

    def sell(self, *goods: Product, who: bool = True) -> int:
        """Sell a piece of each, to the gold member or to a stranger, for cash; return the entry's place."""
        if who:
            self.counter.tap(tap(GOLD_CARD))
        for each in goods:
            self.counter.scan(each.barcode, 1000)
        priced = self.counter.priced()
        assert priced
        self.clock.forward(7)
        return self.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).place

    def shown(self, widget: QWidget) -> QWidget:
        """Return ``widget`` as it stands when all is laid out."""
        for _ in range(3):
            QApplication.processEvents()
        assert widget.isVisible()
        return widget

    def dialog(self, window: Window) -> QWidget:
        """Return the dialog that stands over ``window``."""
        return self.shown(next(each for each in window.findChildren(QDialog) if each.isVisible()))

    def close(self) -> None:
        """Close all windows and files, and let nothing of them linger."""
        self.rest.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.kept.clear()
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def words(self) -> Words:
        """Return the language of the look."""
        return Words(self.look.language)

    def _fill(self) -> None:
        memory, of_pack = self.memory, rules()
        memory.packs.install(of_pack, msgspec.json.encode(of_pack), b"signature")
        memory.shelf.apply(ShelfPage("1", 1, tuple(ShelfRecord(each) for each in self.goods), ()))
        memory.staff.apply(StaffPage("1", 1, STAFF, ()))
        cards = (CardLink(card_hash(CARD_KEY, GOLD_CARD), CardStatus.ACTIVE),
                 CardLink(card_hash(CARD_KEY, "2"), CardStatus.ACTIVE, "h1"),
                 CardLink(card_hash(CARD_KEY, "3"), CardStatus.REPLACED))
        memory.members.apply(MemberPage("c", Position(memory.journal.head().incarnation, 0), (  # type: ignore[union-attr] # with members
            MemberRecord(member(1), cards, (Holder("h1", "سارا"),)),
            MemberRecord(replace(member(3, "silver"), name="مهرداد یزدانی"), ()),
            MemberRecord(replace(member(2, "silver"), name="زهرا علوی"),
                         (CardLink(card_hash(CARD_KEY, BLOCKED_CARD), CardStatus.BLOCKED),))), (), Stamp(1, 1), last=True))

    def _closed(self, closed: Closed) -> None:
        self.kept.append(closed)

    def _services(self) -> Services:
        staff = self._staff() if self.people else None
        members = MemberParts(
            Claiming(self.counter, Office(), self.clock, bytes), CardDesk(self.world, self.book, lambda: None))
        parts = Parts(
            self.counter, self.world, self.memory, self.at_till, self.paired, None, lambda: cast("PrintQueue", Silent()),
            lambda: None, self._speak, lambda: False, Papers(), lambda _shift: None,
            lambda _training: None, bool(self.band))
        return Services(
            Rooms(self._today, self._period, self._diagnostics), lambda: None, lambda _look: None,
            give_card=lambda _words: None, members=members, staff=staff,
            phone_link=lambda member_id: f"https://club.example/m/#{member_id}",
            drawer=DrawerKey(staff.desk, self.at_till, lambda: None, lambda _fault: None) if staff else None,
            tools=toolbox(parts), band=self.band)

    def _speak(self) -> tuple[Words, Format]:
        return self.words(), Format(self.look.language, self.look.unit)

    def _staff(self) -> StaffParts:
        badges = {"badge-sara": 77, "badge-omid": 78, "badge-new": 79}
        return StaffParts(
            StaffDesk(self.world, Book(), PlainPins()), lambda number: badges.get(number, 0), self.at_till, self.clock,
            rules=SessionRules(180, 43_200))

    def _today(self, page: TodayPage) -> None:
        hours = (0,) * 10 + (150_000_000, 90_000_000) + (0,) * (HOURS - 12)
        page.render(TodayView(NOON, tuple(
            DayReport(date, 9, total * 10_000_000, 5, total * 10_000_000, 4, 1_000, 0, 24, hours)
            for date, total in zip(business_dates(NOON.date), MILLIONS, strict=True)),
            DAY_SUMS, 14, DAY_SHIFTS, CASHIERS, MANAGED))

    def _period(self, page: PeriodPane) -> PeriodPresenter:
        folder = self.folder / "period"
        folder.mkdir(exist_ok=True)
        shop = ManagedShop(folder)
        self.rest.callback(shop.journal.close)
        shop.found(DAYS[0])
        shop.day(DAYS[0], 12, SARA, -250_000)
        shop.day(DAYS[1], 12, NIMA, close=False)
        shop.drawer.move_cash(-3_000_000, CashReason.EXPENSE, NIMA, Actor("sara", Role.MANAGER))
        presenter = PeriodPresenter(shop.sources, shop.clock, page, lambda _kind, _number: None)
        self.kept.append(presenter)
        return presenter

    def _diagnostics(self, page: DiagnosticsPane, words: Words, _style: Format) -> Diagnostics:
        made = Diagnosed(words.language, page)
        self.kept.append(made)
        made.news()
        return made.presenter
