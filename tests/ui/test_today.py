"""The manager's figures: what is summed, compared, scaled and said."""

from dataclasses import dataclass, field, replace

import pytest

from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.pack import Pack
from station.people import Role, StaffRecord
from station.report import DayReport, SaleFact, day_report
from station.shift import CountReason, Shift
from station.shift_rows import ReportRow, ShiftRow
from station.span import Span
from station.text import Text
from station.totals import Tally, Total
from tests.fakes import CASHIER, NOON, FixedClock, MemoryJournal, MemoryPacks, pack, promotion
from ui.format import Format
from ui.presenters.today import TodayPresenter, TodaySources, business_dates, day_reports, describe
from ui.text import Words
from ui.views_report import TodayView, Trend

TODAY, YESTERDAY = "2026-11-22", "2026-11-21"
EN = Words("en"), Format("en")
FA = Words("fa"), Format("fa")
NBSP, MINUS = "\u00a0", "\u2212"
SHORT = (ReportRow("Z", 3, 9, NOON, "sara", 5_400_000, 5_390_000, CountReason.UNEXPLAINED),)


def sold(date: str, total: int, member: str | None = "m1", hour: int = 10, discount: int = 0) -> SaleFact:
    return SaleFact(date, hour, member, total, discount, 0, total // 100_000)


def view(*facts: SaleFact, at: Moment = NOON) -> TodayView:
    return TodayView(at, day_reports(business_dates(TODAY), facts))


@dataclass
class Page:
    """Keeps what it is asked to show."""

    shown: list[TodayView] = field(default_factory=list)

    def render(self, view: TodayView) -> None:
        self.shown.append(view)


class NoPacks(MemoryPacks):
    """A station whose rules have not come down yet."""

    def current(self, at_us: int) -> Pack:
        assert at_us == NOON.utc_us
        raise StationError(ErrorCode.PACK_MISSING)


class FactJournal(MemoryJournal):
    """A journal that answers with given facts, and remembers for which dates it was asked."""

    def __init__(self, *facts: SaleFact) -> None:
        super().__init__()
        self.given = facts
        self.asked: list[tuple[str, str]] = []

    def facts(self, first_date: str, last_date: str) -> list[SaleFact]:
        self.asked.append((first_date, last_date))
        return [fact for fact in self.given if first_date <= fact.business_date <= last_date]


@dataclass
class Book:
    """What reports know of a day, and for which it was asked."""

    asked: list[Span] = field(default_factory=list)

    def day_sums(self, span: Span) -> list[tuple[str, Total]]:
        self.asked.append(span)
        return [(span.first, Total(Tally.SPENT, "", 40)), (span.first, Total(Tally.FIRST_PURCHASES, "", 3)),
                (span.first, Total(Tally.SECOND_PURCHASES, "", 1)),
                (span.first, Total(Tally.DISCOUNT, "", 50_000)), (span.first, Total(Tally.RULE, "gold-10", 40_000)),
                (span.first, Total(Tally.RULE_SALES, "gold-10", 3)), (span.first, Total(Tally.RULE, "hand", 10_000)),
                (span.first, Total(Tally.RULE_SALES, "hand", 1))]

    def joined(self, span: Span) -> int:
        self.asked.append(span)
        return 14

    def shifts(self, span: Span) -> list[ShiftRow]:
        self.asked.append(span)
        return [ShiftRow(7, span.first, "sara", 5_000_000, SHORT), ShiftRow(8, span.first, "gone", 0, ())]


def sources(journal: MemoryJournal, book: Book) -> TodaySources:
    """Whom the presenter asks; Sara works here, and a rule gives ten per cent to gold members."""
    gold = replace(promotion("gold-10", "10"), name=Text("ده درصد اعضای طلایی", "Ten percent for gold"))
    return TodaySources(
        journal, book, lambda: [StaffRecord("sara", Text("سارا", "Sara"), Role.CASHIER)], MemoryPacks(pack(promotions=(gold,))))


def test_new_members_and_second_purchases_are_those_of_the_day() -> None:
    page, book = Page(), Book()
    TodayPresenter(sources(FactJournal(sold(TODAY, 6_800_000)), book), FixedClock(), page).refresh()
    assert book.asked == [Span(TODAY, TODAY)] * 3
    cards = describe(page.shown[0], *EN).cards
    assert [(card.title, card.value, card.note) for card in cards[2:]] == [
        ("New members", "14", "1st purchases: 3 · 2nd: 1"), ("Points spent", "40", "Points earned: 68")]


def test_promotions_of_the_day_and_the_cash_of_its_cashiers_are_told() -> None:
    page = Page()
    TodayPresenter(sources(FactJournal(), Book()), FixedClock(), page).refresh()
    english, persian = describe(page.shown[0], *EN), describe(page.shown[0], *FA)
    assert (english.promotions.title, english.promotions.table.headers) == (
        "Promotions, the dearest first", ("Promotion", "Sales", "Discounts (toman)", "Share"))
    assert english.promotions.table.rows == (("Ten percent for gold", "3", "4,000", "80%"), ("Given by hand", "1", "1,000", "20%"))
    assert english.cashiers.title == "Cash differences by cashier"
    assert english.cashiers.table.rows == (("Sara", "1", "0", "1", f"{MINUS}1,000", "0", f"{MINUS}1,000"),)
    assert persian.promotions.table.rows[1][:3] == ("تخفیف دستی", "۱", "۱٬۰۰۰")
    assert persian.cashiers.table.rows[0][0] == "سارا"


def test_a_day_without_any_says_so_and_without_rules_their_ids_stand() -> None:
    nothing = describe(view(), *EN)
    assert (nothing.promotions.title, nothing.cashiers.title) == ("No promotion was given.", "No shift was closed.")
    page = Page()
    TodayPresenter(replace(sources(FactJournal(), Book()), rules=NoPacks()), FixedClock(), page).refresh()
    assert [row[0] for row in describe(page.shown[0], *EN).promotions.table.rows] == ["gold-10", "hand"]


def test_the_presenter_sums_the_fourteen_days_that_end_today() -> None:
    journal, page = FactJournal(sold(TODAY, 500), sold(TODAY, 70, None), sold("2026-11-08", 9)), Page()
    TodayPresenter(sources(journal, Book()), FixedClock(), page).refresh()
    (shown,) = page.shown
    assert journal.asked == [("2026-11-09", TODAY)]
    assert [day.business_date for day in shown.days] == list(business_dates(TODAY))
    assert shown.today == day_report(TODAY, journal.given)
    assert (shown.today.member_total, shown.today.total) == (500, 570)
    assert sum(day.sales for day in shown.days[:-1]) == 0


def test_after_midnight_today_is_still_the_business_date_of_the_open_shift() -> None:
    journal, page = FactJournal(sold(YESTERDAY, 500)), Page()
    journal.append(Draft(EntryKind.SHIFT_OPENED, NOON, CASHIER, Shift(1, "sara", YESTERDAY, 0)))
    TodayPresenter(sources(journal, Book()), FixedClock(), page).refresh()
    assert page.shown[0].today.business_date == YESTERDAY
    assert page.shown[0].today.member_total == 500


def test_business_dates_cross_months_and_leap_days() -> None:
    assert business_dates("2028-03-01", 3) == ("2028-02-28", "2028-02-29", "2028-03-01")


def test_a_report_wants_its_days_in_order() -> None:
    days = day_reports((TODAY, YESTERDAY), ())
    with pytest.raises(ValueError, match="not the days"):
        TodayView(NOON, days)
    with pytest.raises(ValueError, match="not the days"):
        TodayView(NOON, days[:1])


@pytest.mark.parametrize(("today", "yesterday", "note", "trend"), [
    (112_500, 100_000, "13% against yesterday", Trend.UP),  # 12.5 goes up
    (88_000, 100_000, "12% against yesterday", Trend.DOWN),
    (100_000, 100_000, "as yesterday", Trend.LEVEL),
    (100_000, 0, "no member sales yesterday", None),
    (0, 100_000, "100% against yesterday", Trend.DOWN),
])
def test_member_sales_are_compared_with_yesterday(
    today: int, yesterday: int, note: str, trend: Trend | None,
) -> None:
    card = describe(view(sold(TODAY, today), sold(YESTERDAY, yesterday)), *EN).cards[0]
    assert card.value == f"{today // 10:,}{NBSP}toman"
    assert (card.note, card.trend) == (note, trend)


def test_cards_show_share_and_the_heading_who_bought() -> None:
    shown = describe(view(
        sold(TODAY, 6_800_000, "m1", discount=300_000), sold(TODAY, 200_000, "m1"),
        sold(TODAY, 3_000_000, None, discount=100_000),
        sold(YESTERDAY, 100_000, "m2"), sold(YESTERDAY, 100_000, None)), *EN)
    share = shown.cards[1]
    assert (share.value, share.note, share.trend) == ("70%", "20 pp against yesterday", Trend.UP)
    assert shown.cards[3].note == "Points earned: 100"
    assert shown.heading.endswith(" · Members: 1 · sales: 2")


def test_one_odd_rial_puts_every_full_amount_in_rials() -> None:
    shown = describe(view(sold(TODAY, 100_005), sold(YESTERDAY, 100_000, discount=50)), *EN)
    assert shown.cards[0].value == f"100,005{NBSP}rial"
    assert "Member sales (rial)" in shown.days.table.headers
    assert shown.days.table.rows[1][3] == "100,000"


def test_the_hours_are_in_the_unit_of_all_other_figures() -> None:
    # Two odd hours of which the day's sum is a whole number of toman.
    shown = describe(view(sold(TODAY, 1_000_005, hour=10), sold(TODAY, 2_000_005, hour=11)), *EN)
    assert shown.hours.table.headers[1] == "All sales (rial)"
    assert [amount for _, amount in shown.hours.table.rows if amount != "0"] == ["1,000,005", "2,000,005"]
    assert shown.cards[0].value == f"3,000,010{NBSP}rial"


def test_the_chart_runs_to_today_and_marks_fridays() -> None:
    facts = [sold(date, 10_000_000 * (count + 1)) for count, date in enumerate(business_dates(TODAY))]
    chart = describe(view(*facts), *FA).days
    assert [bar.label for bar in chart.bars] == [
        "۱۸", "۱۹", "۲۰", "۲۱", "۲۲", "۲۳", "۲۴", "۲۵", "۲۶", "۲۷", "۲۸", "۲۹", "۳۰", "۱"]
    assert "".join(bar.below for bar in chart.bars) == "دسچپجشیدسچپجشی"
    assert [bar.below for bar in chart.bars if bar.rest] == ["ج", "ج"]
    assert [bar.today for bar in chart.bars] == [False] * 13 + [True]
    assert chart.unit == "میلیون تومان"
    assert chart.bars[-1].figure == "۱۴"
    assert chart.bars[-1].tip == f"یکشنبه ۱ آذر ۱۴۰۵: ۱۴٬۰۰۰٬۰۰۰{NBSP}تومان"


@pytest.mark.parametrize(("most", "unit", "labels"), [
    (412_500_000, "million toman", ["0", "15", "30", "45"]),
    (100_000_000, "million toman", ["0", "4", "8", "12"]),
    (99_000_000, "thousand toman", ["0", "4,000", "8,000", "12,000"]),
    (450_000, "thousand toman", ["0", "15", "30", "45"]),
    (90_000, "toman", ["0", "3,000", "6,000", "9,000"]),
    (0, "toman", ["0", "1", "2", "3"]),
])
def test_the_axis_is_round_and_reaches_the_highest_bar(most: int, unit: str, labels: list[str]) -> None:
    chart = describe(view(sold(TODAY, most)), *EN).days
    assert chart.unit == unit
    assert [tick.label for tick in chart.ticks] == labels
    assert chart.ticks[-1].value >= most


def test_the_table_holds_the_exact_figures_of_the_bars_newest_first() -> None:
    chart = describe(view(sold(TODAY, 41_250_000), sold(TODAY, 1_000_000, None)), *EN).days
    assert chart.table.rows[0] == (
        "Sun", "22 Nov 2026", "2", "4,125,000", "4,225,000", "97%", "0", "422")
    assert len(chart.table.rows) == len(chart.bars)
    assert all(len(row) == len(chart.table.headers) == len(chart.table.numeric) for row in chart.table.rows)
    assert f"4,125,000{NBSP}toman" in chart.summary


def test_hours_cover_the_shop_and_every_hour_that_sold() -> None:
    chart = describe(view(
        sold(TODAY, 900_000, hour=14), sold(TODAY, 100_000, None, hour=23), sold(YESTERDAY, 7, hour=3)), *EN).hours
    assert [bar.label for bar in chart.bars] == [str(hour) for hour in range(8, 24)]
    assert {bar.label: bar.value for bar in chart.bars if bar.value} == {"14": 900_000, "23": 100_000}
    assert [bar.label for bar in chart.bars if bar.today] == ["14"]
    assert chart.table.rows[-1] == ("23:00 to 00:00", "100,000")
    assert "the busiest hour was 14:00 to 15:00" in chart.summary


def test_no_hour_is_the_present_one_when_an_older_day_is_shown() -> None:
    late = Moment(NOON.utc_us, NOON.offset, "2026-11-23")
    assert not any(bar.today for bar in describe(view(at=late), *EN).hours.bars)


def test_the_heading_names_the_day_and_the_minute() -> None:
    assert describe(view(), *FA).heading == "یکشنبه ۱ آذر ۱۴۰۵، تا ساعت ۱۴:۰۵ · عضو: ۰ · فروش: ۰"
    assert describe(view(), *EN).heading == "Sun 22 Nov 2026, as of 14:05 · Members: 0 · sales: 0"


def test_days_without_sales_are_zeros() -> None:
    empty = day_reports((TODAY,), ())
    assert empty == (DayReport(TODAY, 0, 0, 0, 0, 0, 0, 0, 0, (0,) * 24),)
