"""The manager's period without Qt: what is asked, what it comes to in words, and the way down."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from station.errors import ErrorCode, StationError
from station.flags import FlagKind, Thresholds
from station.hand import ByHand
from station.journal import Draft, EntryKind
from station.pack import Pack
from station.people import Actor, Role
from station.shift import CashMoved, CashReason
from station.shift_rows import ReportRow
from station.span import Span
from station.tender import Tender, TenderKind
from tests.rigs.manager_days import NIMA, ManagedShop
from ui.export.sheet import Value, shown
from ui.format import Format
from ui.presenters.period import PeriodPresenter, Sources
from ui.presenters.period_words import describe_period
from ui.presenters.sale_words import describe_entry, describe_sale, describe_sales
from ui.text import Words
from ui.views_period import (
    EntryView,
    OpeningsView,
    Part,
    PeriodScreen,
    PeriodView,
    SalesView,
    SaleView,
    Section,
)
from ui.views_report import Trend

FIRST, SECOND, BEFORE = "2026-11-21", "2026-11-22", "2026-11-20"
TWO = Span(FIRST, SECOND)
EN, FA = (Words("en"), Format("en")), (Words("fa"), Format("fa"))
NBSP = "\u00a0"


@dataclass
class Page:
    """Keeps what it is asked to show."""

    shown: list[PeriodView | SalesView | OpeningsView | SaleView | EntryView | StationError] = field(default_factory=list)

    def show_period(self, view: PeriodView) -> None:
        self.shown.append(view)

    def show_sales(self, view: SalesView) -> None:
        self.shown.append(view)

    def show_openings(self, view: OpeningsView) -> None:
        self.shown.append(view)

    def show_sale(self, view: SaleView) -> None:
        self.shown.append(view)

    def show_entry(self, view: EntryView) -> None:
        self.shown.append(view)

    def show_fault(self, fault: StationError) -> None:
        self.shown.append(fault)


@dataclass
class Desk:
    """A shop, its presenter and the page, and the reports that were printed again."""

    shop: ManagedShop
    page: Page = field(default_factory=Page)
    printed: list[tuple[str, int]] = field(default_factory=list)
    fault: StationError | None = None
    limits: Thresholds = field(default_factory=Thresholds)

    def __post_init__(self) -> None:
        self.presenter = self.asking(self.shop.sources)

    def asking(self, sources: Sources) -> PeriodPresenter:
        return PeriodPresenter(sources, self.shop.clock, self.page, self._print, self.limits)

    def _print(self, kind: str, number: int) -> None:
        if self.fault:
            raise self.fault
        self.printed.append((kind, number))

    def period(self, span: Span = TWO) -> PeriodView:
        self.presenter.choose(span)
        view = self.page.shown[-1]
        assert isinstance(view, PeriodView)
        return view

    def told(self, span: Span = TWO, how: tuple[Words, Format] = EN) -> PeriodScreen:
        return describe_period(self.period(span), *how)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ManagedShop]:
    made = ManagedShop(tmp_path)
    made.found(BEFORE)
    yield made
    made.journal.close()


@pytest.fixture
def desk(shop: ManagedShop) -> Desk:
    """Three days: a member bought a bread; then a milk and a rice, one of them a member's, and a short count; then an oil, brought back."""
    shop.open(BEFORE)
    shop.sell(3, who=4, at=(10, 0))  # silver: 150 000 less 3 %
    shop.close()
    shop.open(FIRST)
    shop.sell(1, who=1, at=(11, 0))  # gold: 385 000 less 10 %
    shop.sell(2, at=(18, 30))  # 14 500 000
    shop.close(-250_000)
    shop.open(SECOND, NIMA)
    place = shop.sell(4, who=2, cashier=NIMA, at=(18, 45))  # silver: 2 150 000 less 3 %
    shop.take_back(place, NIMA)
    return Desk(shop)


def column(part: Part, head: str) -> list[Value]:
    place = [each.head for each in part.sheet.columns].index(head)
    return [row[place] for row in part.sheet.rows]


def test_it_starts_with_the_business_date_of_the_open_shift(desk: Desk) -> None:
    desk.shop.clock.forward(9 * 60)
    desk.presenter.start()
    (view,) = desk.page.shown
    assert isinstance(view, PeriodView)
    assert (view.span, view.today) == (Span(SECOND, SECOND), SECOND)
    desk.period(TWO)
    desk.presenter.start()
    assert desk.page.shown[-1] == desk.page.shown[-2]


def test_cards_sum_the_period_and_compare_it_with_as_many_days_before(desk: Desk) -> None:
    sales, share, discounts, points, returns = desk.told().cards
    members = 346_500 + 2_085_500
    assert (sales.title, sales.value) == ("Member sales (toman)", f"{members // 10:,}")
    assert (sales.note, sales.trend) == ("1571% against 2 days before", Trend.UP)  # 145 500 before
    assert (share.value, share.note) == ("14%", "Sales to members: 2")
    assert (discounts.value, discounts.note) == (f"{(38_500 + 64_500) // 10:,}", "0% of the list price")
    assert (points.value, points.note) == ("34", "Points spent: 0")  # 34 + 208, of which 208 went back
    assert (returns.value, returns.note) == ("208,550", "Returns: 1")


def test_one_day_is_compared_with_the_day_before(desk: Desk) -> None:
    assert desk.told(Span(FIRST, FIRST)).cards[0].note == "138% against the day before"
    assert desk.told(Span(BEFORE, BEFORE)).cards[0].note == "no member sales before"


def test_days_are_bars_and_a_table_newest_first_each_leading_to_its_day(desk: Desk) -> None:
    part = desk.told().parts[Section.DAYS]
    assert part.chart
    assert [bar.value for bar in part.chart.bars] == [346_500, 2_085_500]
    assert [bar.today for bar in part.chart.bars] == [False, True]
    assert column(part, "Date") == [SECOND, FIRST]
    assert column(part, "Member sales (toman)") == [2_085_500, 346_500]
    assert column(part, "All sales (toman)") == [2_085_500, 14_846_500]
    assert column(part, "Returns (toman)") == [2_085_500, 0]
    assert part.targets == (Span(SECOND, SECOND), Span(FIRST, FIRST))
    assert part.chart.table.rows[0][3] == "208,550"


def test_fridays_are_marked_and_persian_days_are_jalali(desk: Desk) -> None:
    chart = desk.told(Span(BEFORE, SECOND), FA).parts[Section.DAYS].chart
    assert chart
    assert [(bar.label, bar.below, bar.rest) for bar in chart.bars] == [
        ("۲۹", "ج", True), ("۳۰", "ش", False), ("۱", "ی", False)]


@pytest.mark.parametrize(("first", "bars", "labels", "heads"), [
    ("2026-09-22", 62, 9, ("Day", "Date")), ("2026-09-21", 10, 10, ("From", "To")), ("2025-11-23", 13, 13, ("Month",))])
def test_long_periods_are_weeks_and_months_with_the_same_sum(
    desk: Desk, first: str, bars: int, labels: int, heads: tuple[str, ...],
) -> None:
    part = desk.told(Span(first, SECOND)).parts[Section.DAYS]
    assert part.chart
    assert len(part.chart.bars) == len(part.sheet.rows) == bars
    assert sum(bar.value for bar in part.chart.bars) == 145_500 + 346_500 + 2_085_500
    assert sum(bool(bar.label) for bar in part.chart.bars) == labels
    assert tuple(each.head for each in part.sheet.columns[:len(heads)]) == heads


def test_hours_cover_the_shop_and_add_up(desk: Desk) -> None:
    part = desk.told().parts[Section.HOURS]
    sold = dict(zip(column(part, "Hour"), column(part, "All sales (toman)"), strict=True))
    assert {hour: amount for hour, amount in sold.items() if amount} == {
        "11:00 to 12:00": 346_500, "18:00 to 19:00": 14_500_000 + 2_085_500}
    assert column(part, "Share")[list(sold).index("18:00 to 19:00")] == 98


def test_first_and_second_purchases_are_counted(desk: Desk) -> None:
    part = desk.told(Span(BEFORE, SECOND)).parts[Section.SECOND]  # m1 and m4 had one purchase before, m2 two
    assert column(part, "First purchases") == [0, 0, 0]
    assert column(part, "Second purchases") == [0, 1, 1]
    assert part.sheet.title == "First to second purchase: 0 first, 2 second, –"


def test_promotions_stand_by_cost_with_their_names(desk: Desk) -> None:
    desk.shop.sell(5, hand="10", cashier=NIMA)
    part = desk.told().parts[Section.PROMOTIONS]
    assert list(zip(column(part, "Promotion"), column(part, "Sales"), column(part, "Discounts (toman)"), strict=True)) == [
        ("Given by hand", 1, 98_000), ("Silver discount", 1, 64_500), ("Ten percent for gold", 1, 38_500)]


def test_cash_differences_are_told_by_cashier_and_by_shift_with_the_reason(desk: Desk) -> None:
    screen = desk.told(Span(BEFORE, SECOND))
    (row,) = screen.parts[Section.CASHIERS].sheet.rows
    assert row == ("Sara Mohammadi", 2, 0, 1, -250_000, 0, -250_000)
    shifts = screen.parts[Section.SHIFTS]
    assert column(shifts, "Shift") == [3, 2, 2, 1, 1]
    assert column(shifts, "Report") == ["open", "Z report 2", "X report 2", "Z report 1", "X report 1"]
    assert column(shifts, "Difference (toman)") == [None, -250_000, None, 0, None]
    assert column(shifts, "Reason") == ["", "wrong change given", "", "", ""]
    assert shifts.targets[0] is None


def test_a_period_without_anything_is_all_zeros(desk: Desk) -> None:
    screen = desk.told(Span("2020-01-01", "2020-01-31"))
    assert [card.value for card in screen.cards] == ["0", "0%", "0", "0", "0"]
    assert screen.parts[Section.PROMOTIONS].nothing == "No promotion was given."
    assert screen.parts[Section.SHIFTS].sheet.rows == ()


def test_flags_are_looked_for_once_when_asked_and_lead_to_their_sales(desk: Desk) -> None:
    places = [desk.shop.sell(3, who=5, cashier=NIMA) for _ in range(4)]
    assert desk.period(Span("2026-06-01", SECOND)).flags is None
    desk.presenter.look_for_flags()
    view = desk.page.shown[-1]
    assert isinstance(view, PeriodView)
    assert view.flags
    assert view.flagged == Span("2026-10-23", SECOND)
    (flag,) = view.flags
    assert (flag.kind, flag.figure, flag.threshold) == (FlagKind.SAME_MEMBER, 4, 4)
    count = len(desk.page.shown)
    desk.presenter.look_for_flags()
    assert len(desk.page.shown) == count
    part = describe_period(view, *EN).parts[Section.FLAGS]
    assert part.sheet.rows == ((SECOND, "The same member often in one day", "a member", 4, 4),)
    desk.presenter.open(part.targets[0])
    sales = desk.page.shown[-1]
    assert isinstance(sales, SalesView)
    assert [row.place for row in sales.rows] == places[::-1]
    assert describe_sales(sales, *EN).sheet.title == (
        "The same member often in one day, 22 Nov 2026: 4, shown from 4")


def test_the_way_leads_from_a_week_to_a_day_to_a_sale_to_its_entry(desk: Desk) -> None:
    desk.presenter.open(TWO)
    assert isinstance(desk.page.shown[-1], PeriodView)
    desk.presenter.open(Span(FIRST, FIRST))
    sales = desk.page.shown[-1]
    assert isinstance(sales, SalesView)
    listed = describe_sales(sales, *EN)
    assert column(listed, "Total (toman)") == [14_500_000, 346_500]
    assert column(listed, "Membership") == ["", "member"]
    assert listed.sheet.notes == (f"Sales: 2 · 1,484,650{NBSP}toman",)
    desk.presenter.open(listed.targets[1])
    sale = desk.page.shown[-1]
    assert isinstance(sale, SaleView)
    screen = describe_sale(sale, *EN)
    assert "Sara Mohammadi" in screen.caption
    assert "مهرداد کاظمی‌نژاد" in screen.caption
    assert screen.lines.sheet.rows == (
        ("Low-fat milk", 1_000, 385_000, 385_000, 38_500, 346_500), ("Total", None, None, 385_000, 38_500, 346_500))
    assert any("Ten percent for gold" in line and "3,850" in line for line in screen.why)
    assert any("Silver discount" in line for line in screen.why)  # and why that one was not given
    assert column(screen.paid, "Points")[-1] == 34
    (stored,) = desk.shop.journal.entries(sale.row.place - 1, 1)
    assert screen.entry
    assert dict(screen.entry.facts)["Hash (SHA-256)"].replace(" ", "").strip("\u200e") == stored.hash.hex()
    assert '"kind": "SALE"' in screen.entry.document


def test_a_return_is_told_at_its_sale(desk: Desk) -> None:
    desk.presenter.open(desk.shop.rows.sales(Span(SECOND, SECOND))[0])
    sale = desk.page.shown[-1]
    assert isinstance(sale, SaleView)
    screen = describe_sale(sale, *EN)
    assert "brought back: 1" in screen.caption
    assert screen.paid.sheet.rows[-1] == ("Brought back on 22 Nov 2026", -2_085_500, -208)


def test_a_members_list_says_that_it_is_this_stations_only(desk: Desk) -> None:
    desk.presenter.open_member("m1")
    view = desk.page.shown[-1]
    assert isinstance(view, SalesView)
    part = describe_sales(view, *EN)
    assert part.sheet.notes == (
        "This station only: what was bought elsewhere is at head office. Sales: 1",)
    assert len(part.sheet.rows) == 1


def test_no_table_names_a_member_or_a_phone(desk: Desk) -> None:
    view = desk.period(Span(BEFORE, SECOND))
    desk.presenter.open_member("m1")
    sales = desk.page.shown[-1]
    assert isinstance(sales, SalesView)
    desk.presenter.open(sales.rows[0])
    sale = desk.page.shown[-1]
    assert isinstance(sale, SaleView)
    told = describe_sale(sale, *FA)
    parts = [*describe_period(view, *FA).parts.values(), describe_sales(sales, *FA), told.lines, told.paid]
    written = "\n".join(str(part.sheet) for part in parts)
    for member in desk.shop.members.people.values():
        assert member.phone not in written
        assert member.name not in written or member.name == "سارا محمدی"  # who also works here


def test_without_its_pack_a_sale_is_shown_and_its_reasons_are_not(desk: Desk) -> None:
    bare = desk.shop.sources
    presenter = desk.asking(Sources(bare.book, bare.journal, NoPacks(), bare.member, bare.people))
    presenter.open(desk.shop.rows.sales(Span(FIRST, FIRST))[1])
    sale = desk.page.shown[-1]
    assert isinstance(sale, SaleView)
    screen = describe_sale(sale, *EN)
    assert screen.why == ("The rules this sale was priced with are not here any more. Head office can explain it.",)
    assert screen.lines.sheet.rows[-1][-1] == 346_500


class NoPacks:
    """Rules of which none is here any more."""

    def current(self, at_us: int) -> Pack:
        raise StationError(ErrorCode.PACK_MISSING, at_us=at_us)

    def pack(self, number: int) -> Pack:
        raise StationError(ErrorCode.PACK_MISSING, number=number)


def test_a_sale_that_was_cut_off_says_so(desk: Desk) -> None:
    row = desk.shop.rows.sales(Span(FIRST, FIRST))[0]
    screen = describe_sale(SaleView(row, None, None, (), None, None, desk.period().people), *EN)
    assert screen.entry is None
    assert screen.lines.nothing == (
        "This entry was cut off here after head office had it. Only the sums are left.")


def test_a_report_leads_to_its_entry_and_is_printed_again(desk: Desk) -> None:
    report = desk.told().parts[Section.SHIFTS].targets[1]
    assert isinstance(report, ReportRow)
    desk.presenter.open(report)
    entry = desk.page.shown[-1]
    assert isinstance(entry, EntryView)
    assert '"kind": "SHIFT_CLOSED"' in describe_entry(entry, *EN).document
    desk.presenter.reprint(report)
    assert desk.printed == [("Z", 2)]


def test_one_odd_rial_puts_all_amounts_in_rials(desk: Desk) -> None:
    desk.shop.close(7, NIMA)
    assert desk.told().cards[0].title == "Member sales (rial)"
    assert desk.told().cards[0].value == "2,432,000"


def test_it_speaks_persian_with_jalali_dates(desk: Desk) -> None:
    screen = desk.told(how=FA)
    assert screen.heading == "۳۰ آبان ۱۴۰۵ تا ۱ آذر ۱۴۰۵"
    assert screen.cards[0].title == "فروش اعضا (تومان)"
    assert screen.cards[0].value == "۲۴۳٬۲۰۰"


def test_approvals_are_read_when_somebody_looks_and_lead_to_what_they_were_for(shop: ManagedShop, desk: Desk) -> None:
    zohre = Actor("zohre", Role.MANAGER)
    shop.counter.scan("6260000000001", 1000)
    shop.counter.give_by_hand(ByHand(NIMA, "damaged", percent="20", approver=Actor("zohre", Role.CASHIER)))
    priced = shop.counter.priced()
    assert priced
    sold = shop.counter.settle([Tender(TenderKind.CASH, priced.total)], NIMA).place
    moved = shop.journal.append(Draft(
        EntryKind.CASH_MOVED, shop.clock.now(), NIMA, CashMoved(2, -250_000, CashReason.BANK), zohre)).place
    assert desk.period().approvals is None
    desk.presenter.look_for_approvals()
    view = desk.page.shown[-1]
    assert isinstance(view, PeriodView)
    part = describe_period(view, *EN).parts[Section.APPROVALS]
    rows = [row[2:] for row in shown(part.sheet).rows]
    assert rows == [
        ("Nima Rostami", "zohre", "Cash put in or taken out", "to the bank", "\u221225,000"),
        ("Nima Rostami", "zohre", "Discount by hand", "damaged", "7,700")]
    for target, kind, place in zip(part.targets, (EntryView, SaleView), (moved, sold), strict=True):
        desk.presenter.open(target)
        opened = desk.page.shown[-1]
        assert isinstance(opened, kind)
        assert isinstance(opened, EntryView | SaleView)
        assert opened.stored
        assert opened.stored.place == place
    asked = len(desk.page.shown)
    desk.presenter.look_for_approvals()  # they are here already
    assert len(desk.page.shown) == asked
