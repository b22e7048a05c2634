"""The manager's today: member sales of the business day against the fourteen days that lead to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from station.clock import Clock
from station.money import half_up
from station.people import StaffRecord
from station.ports import Journal, Packs
from station.report import DayReport, SaleFact, day_figures, day_report
from station.shift_rows import ShiftRow
from station.span import Span
from station.totals import Total
from ui.export.sheet import Sheet, shown
from ui.format import Format, is_friday
from ui.presenters.figure_sheets import cash_amounts, cashier_sheet, promotion_sheet
from ui.presenters.reasons import rules_now
from ui.text import Words
from ui.views_report import Bar, Card, Chart, Table, Tick, TitledTable, TodayScreen, TodayView, Trend

DAYS = 14
INTERVALS = 3
SHOP_HOURS = (8, 21)
MILLION = 1_000_000
THOUSAND = 1_000
_STEPS = (10, 15, 20, 25, 30, 40, 50, 60, 80)


class TodayPage(Protocol):
    """The screen the presenter speaks to."""

    def render(self, view: TodayView) -> None:
        """Show ``view``."""
        ...


class TodayBook(Protocol):
    """What reports know of a day beside its sales (``data.report_rows``). All raise ``StationError`` 4xx."""

    def day_sums(self, span: Span) -> Sequence[tuple[str, Total]]:
        """Return the running sums of each business date of ``span``."""
        ...

    def joined(self, span: Span) -> int:
        """Return how many became members here in ``span``."""
        ...

    def shifts(self, span: Span) -> Sequence[ShiftRow]:
        """Return the shifts of ``span`` with their reports."""
        ...


@dataclass(frozen=True, slots=True)
class TodaySources:
    """Whom the presenter asks. ``people`` tells who works here; without ``rules`` figures are told by their ids."""

    journal: Journal
    book: TodayBook
    people: Callable[[], Sequence[StaffRecord]]
    rules: Packs


class TodayPresenter:
    """Sums the journal for the manager. Lives on the screen's thread."""

    def __init__(self, sources: TodaySources, clock: Clock, page: TodayPage) -> None:
        """Remember whom to ask and where to show it."""
        self._from = sources
        self._clock = clock
        self._page = page

    def refresh(self) -> None:
        """Show the business day sales are booked on now: the open shift's, else the clock's.

        Raises ``StationError`` 4xx when the journal cannot be read.
        """
        now, journal, book = self._clock.now(), self._from.journal, self._from.book
        shift = journal.shift()
        today = shift.business_date if shift else now.date
        dates, span = business_dates(today), Span(today, today)
        self._page.render(TodayView(
            now, day_reports(dates, journal.facts(dates[0], today)),
            tuple(total for _, total in book.day_sums(span)), book.joined(span), tuple(book.shifts(span)),
            tuple(self._from.people()), rules_now(self._from.rules, now.utc_us)))


def business_dates(last: str, days: int = DAYS) -> tuple[str, ...]:
    """Return the ``days`` Gregorian dates that end with ``last``, the oldest first."""
    end = date.fromisoformat(last)
    return tuple((end - timedelta(days=back)).isoformat() for back in reversed(range(days)))


def day_reports(dates: Iterable[str], facts: Iterable[SaleFact]) -> tuple[DayReport, ...]:
    """Return one report for each of ``dates``; days without sales are all zeros."""
    by_date: dict[str, list[SaleFact]] = {}
    for fact in facts:
        by_date.setdefault(fact.business_date, []).append(fact)
    return tuple(day_report(each, by_date.get(each, ())) for each in dates)


def describe(view: TodayView, words: Words, fmt: Format) -> TodayScreen:
    """Return ``view`` in the language of ``words`` and the figures of ``fmt``.

    All full amounts are in one unit: rials if one of them is no whole number of toman.
    """
    fit = fmt.fitting((
        *(amount for day in view.days for amount in (day.total, day.member_total, day.discount)),
        *view.today.hours, *(each.amount for each in day_figures(view.totals).rules), *cash_amounts(view.shifts)))
    heading = words(
        "{day}, as of {time}",
        day=f"{fit.weekday(view.today.business_date)} {fit.date(view.today.business_date)}",
        time=fit.time(view.at.minute_of_day))
    who = words("Members: {members} · sales: {sales}",
                sales=fit.number(view.today.member_sales), members=fit.number(view.today.members))
    return TodayScreen(
        f"{heading} · {who}", _cards(view, words, fit), _days(view, words, fit), _hours(view, words, fit),
        _titled(promotion_sheet(view.totals, view.pack, words, fit, ()), words("No promotion was given.")),
        _titled(cashier_sheet(view.shifts, view.staff, words, fit, ()), words("No shift was closed.")))


def _titled(sheet: Sheet, nothing: str) -> TitledTable:
    return TitledTable(sheet.title if sheet.rows else nothing, shown(sheet))


def _cards(view: TodayView, words: Words, fmt: Format) -> tuple[Card, ...]:
    today, before, got = view.today, view.yesterday, day_figures(view.totals)
    return (
        Card(words("Member sales, today"), fmt.money(today.member_total), *_growth(view, words, fmt)),
        Card(words("Members' share"), fmt.percent(str(today.member_share)),
             *_compared(today.member_share - before.member_share, words, lambda points: words(
                 "{change} pp against yesterday", change=fmt.number(points)))),
        Card(words("New members"), fmt.number(view.joined),
             words("1st purchases: {first} · 2nd: {second}", first=fmt.number(got.first), second=fmt.number(got.second))),
        Card(words("Points spent"), fmt.number(got.spent),
             words("Points earned: {count}", count=fmt.number(today.points))))


def _growth(view: TodayView, words: Words, fmt: Format) -> tuple[str, Trend | None]:
    """Return the change of member sales in whole percent of yesterday's, half up."""
    base = view.yesterday.member_total
    if not base:
        return words("no member sales yesterday"), None
    change = half_up((view.today.member_total - base) * 100, base)
    return _compared(change, words, lambda size: words(
        "{change} against yesterday", change=fmt.percent(str(size))))


def _compared(change: int, words: Words, sentence: Callable[[int], str]) -> tuple[str, Trend | None]:
    if not change:
        return words("as yesterday"), Trend.LEVEL
    return sentence(abs(change)), Trend.UP if change > 0 else Trend.DOWN


def _days(view: TodayView, words: Words, fmt: Format) -> Chart:
    """Member sales day by day."""
    scale = Scale([day.member_total for day in view.days], words, fmt)
    bars = tuple(
        Bar(day.member_total, scale.figure(day.member_total), fmt.day(day.business_date),
            f"{fmt.weekday(day.business_date)} {fmt.date(day.business_date)}: "
            f"{fmt.money(day.member_total)}",
            below=fmt.weekday_short(day.business_date),
            today=day is view.today, rest=is_friday(day.business_date))
        for day in view.days)
    best = max(view.days, key=lambda day: day.member_total)
    summary = words(
        "Member sales of {days} days. Today {today}; the best day was {day} with {best}.",
        days=fmt.number(len(view.days)), today=fmt.money(view.today.member_total),
        day=fmt.date(best.business_date), best=fmt.money(best.member_total))
    unit = fmt.unit_name
    table = Table(
        (words("Day"), words("Date"), words("Sales"), words("Member sales ({unit})", unit=unit),
         words("All sales ({unit})", unit=unit), words("Members' share"),
         words("Discounts ({unit})", unit=unit), words("Points earned")),
        (False, False, True, True, True, True, True, True),
        tuple((fmt.weekday(day.business_date), fmt.date(day.business_date),
               fmt.number(day.sales), fmt.amount(day.member_total), fmt.amount(day.total),
               fmt.percent(str(day.member_share)), fmt.amount(day.discount),
               fmt.number(day.points)) for day in reversed(view.days)))
    return Chart(words("Member sales, {days} days", days=fmt.number(len(view.days))),
                 scale.unit, summary, bars, scale.ticks, table)


def _hours(view: TodayView, words: Words, fmt: Format) -> Chart:
    """Return all sales of today hour by hour, over the usual hours and any other that sold."""
    sold = view.today.hours
    busy = [hour for hour, total in enumerate(sold) if total]
    hours = range(min([SHOP_HOURS[0], *busy]), max([SHOP_HOURS[1], *busy]) + 1)
    scale = Scale([sold[hour] for hour in hours], words, fmt)
    now = view.at.minute_of_day // 60 if view.at.date == view.today.business_date else None
    spans = {hour: words(
        "{first} to {last}", first=fmt.time(hour * 60), last=fmt.time((hour + 1) % 24 * 60)) for hour in hours}
    bars = tuple(
        Bar(sold[hour], scale.figure(sold[hour]) if sold[hour] else "", fmt.digits(str(hour)),
            f"{spans[hour]}: {fmt.money(sold[hour])}", today=hour == now)
        for hour in hours)
    best = max(hours, key=lambda hour: sold[hour])
    summary = words(
        "All sales of the day by hour: {total} in all; the busiest hour was {hour} with {best}.",
        total=fmt.money(view.today.total), hour=spans[best], best=fmt.money(sold[best]))
    table = Table(
        (words("Hour"), words("All sales ({unit})", unit=fmt.unit_name)), (False, True),
        tuple((spans[hour], fmt.amount(sold[hour])) for hour in hours))
    return Chart(words("All sales by hour, today"), scale.unit, summary, bars, scale.ticks, table)


class Scale:
    """The money axis: from 0 to a round figure over the highest, in millions where there are tens."""

    def __init__(self, amounts: Sequence[int], words: Words, fmt: Format) -> None:
        self._style = fmt
        most = max(amounts)
        self._size = next(
            (size for size in (MILLION, THOUSAND) if most >= 10 * size * fmt.unit.value), 1)
        self.unit = {
            MILLION: words("million {unit}", unit=fmt.unit_name),
            THOUSAND: words("thousand {unit}", unit=fmt.unit_name),
            1: fmt.unit_name,
        }[self._size]
        step = _round_step(most)
        self.ticks = tuple(
            Tick(step * count, self.figure(step * count)) for count in range(INTERVALS + 1))

    def figure(self, minor: int) -> str:
        """Return ``minor`` in the axis' unit, to the nearest whole."""
        return self._style.number(half_up(minor, self._size * self._style.unit.value))


def _round_step(most: int) -> int:
    """Return the smallest round amount of which three reach ``most``."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * INTERVALS >= most:
                return step * power
        power *= 10
