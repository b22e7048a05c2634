"""The figures of a period in words: cards, bars, and the table of each part. No Qt."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from station.dates import month_start
from station.money import half_up
from station.report import HOURS, day_figures
from station.shift import CountReason
from station.shift_rows import ReportRow, ShiftRow
from station.span import Grain, Span, buckets, week_start
from station.totals import Tally, Total, figure, joined
from ui.export.sheet import Column, Kind, Sheet, Value, calendar_of, shown
from ui.format import Format, is_friday
from ui.presenters.approval_words import approval_part
from ui.presenters.calendar_words import day_and_month, month_name, month_title, span_words
from ui.presenters.figure_sheets import cash_amounts, cashier_sheet, person_name, promotion_sheet
from ui.presenters.flag_words import flag_part
from ui.presenters.today import SHOP_HOURS, Scale
from ui.text import Words, mark
from ui.views_period import Part, PeriodScreen, PeriodView, Section
from ui.views_report import Bar, Card, Chart, Trend

MOST_LABELLED = 31
"""With more bars their figures and days would run into each other: then each week's first day is named."""

_RLM = "\u200f"
"""Before a label that begins with a figure: a painter takes its direction from nothing else."""

REASONS = {
    CountReason.NONE: "", CountReason.CHANGE_GIVEN: mark("wrong change given"),
    CountReason.NOT_RUNG_UP: mark("not rung up"), CountReason.UNEXPLAINED: mark("unexplained"),
    CountReason.NOT_COUNTED: mark("not counted"),
    CountReason.CASH_TAKEN: mark("cash taken before"), CountReason.TILL_FAILED: mark("till had failed"),
}


def describe_period(view: PeriodView, words: Words, fmt: Format) -> PeriodScreen:
    """Return ``view`` in the language of ``words``; all full amounts are in one unit."""
    fit = fmt.fitting(_amounts(view))
    story = _Period(view, words, fit)
    return PeriodScreen(span_words(view.span, words, fit), story.cards(), {
        Section.DAYS: story.days(), Section.HOURS: story.hours(), Section.SECOND: story.second(),
        Section.PROMOTIONS: story.promotions(), Section.CASHIERS: story.cashiers(), Section.SHIFTS: story.shifts(),
        Section.APPROVALS: approval_part(view, words, fit), Section.FLAGS: flag_part(view, words, fit)})


_MONEY = frozenset({Tally.TOTAL, Tally.MEMBER_TOTAL, Tally.DISCOUNT, Tally.RETURNED, Tally.RULE, Tally.HOUR})


def _amounts(view: PeriodView) -> Iterator[int]:
    yield from (total.amount for _, total in view.sums if total.tally in _MONEY)
    yield from cash_amounts(view.shifts)
    yield from (each.amount for each in view.approvals or () if each.amount is not None)


class _Period:
    """Tells one view; ``fmt`` writes all amounts in its unit."""

    def __init__(self, view: PeriodView, words: Words, fmt: Format) -> None:
        self._view, self._words, self._fmt = view, words, fmt
        self._buckets = buckets(view.span, calendar_of(fmt))
        self._sums = _by_bucket(view, self._buckets)
        self._all = _together(total for _, total in view.sums)

    def cards(self) -> tuple[Card, ...]:
        words, fmt, unit = self._words, self._fmt, self._fmt.unit_name
        got = day_figures(self._all)
        given = got.discount * 100 // (got.total + got.discount) if got.total + got.discount else 0
        return (
            Card(words("Member sales ({unit})", unit=unit), fmt.amount(figure(self._all, Tally.MEMBER_TOTAL)), *self._growth()),
            Card(words("Members' share"), fmt.percent(str(_share(self._all))),
                 words("Sales to members: {count}", count=fmt.number(figure(self._all, Tally.MEMBER_SALES)))),
            Card(words("Discounts ({unit})", unit=unit), fmt.amount(got.discount),
                 words("{percent} of the list price", percent=fmt.percent(str(given)))),
            Card(words("Points earned"), fmt.number(got.earned),
                 words("Points spent: {count}", count=fmt.number(got.spent))),
            Card(words("Returns ({unit})", unit=unit), fmt.amount(got.returned),
                 words("Returns: {count}, of them voids: {voids}", count=fmt.number(got.returns), voids=fmt.number(voids))
                 if (voids := figure(self._all, Tally.VOIDS)) else words("Returns: {count}", count=fmt.number(got.returns))))

    def _growth(self) -> tuple[str, Trend | None]:
        """Return the change of member sales against as many days before, in whole percent, half up."""
        words, fmt = self._words, self._fmt
        base = figure((total for _, total in self._view.before), Tally.MEMBER_TOTAL)
        if not base:
            return words("no member sales before"), None
        change = half_up((figure(self._all, Tally.MEMBER_TOTAL) - base) * 100, base)
        if not change:
            return words("as before"), Trend.LEVEL
        size = fmt.percent(str(abs(change)))
        said = (words("{change} against the day before", change=size) if self._view.span.days == 1 else
                words("{change} against {days} days before", change=size, days=fmt.number(self._view.span.days)))
        return said, Trend.UP if change > 0 else Trend.DOWN

    def days(self) -> Part:
        words, fmt, unit = self._words, self._fmt, self._fmt.unit_name
        columns = (
            *self._time_columns(), Column(words("Sales"), Kind.NUMBER),
            Column(words("Member sales ({unit})", unit=unit), Kind.MONEY), Column(words("All sales ({unit})", unit=unit), Kind.MONEY),
            Column(words("Members' share"), Kind.PERCENT), Column(words("Discounts ({unit})", unit=unit), Kind.MONEY),
            Column(words("Returns ({unit})", unit=unit), Kind.MONEY), Column(words("Points earned"), Kind.NUMBER))
        rows: list[tuple[Value, ...]] = []
        for each in reversed(self._buckets):
            totals = self._sums[each]
            got = day_figures(totals)
            rows.append((*self._time(each), got.sales, figure(totals, Tally.MEMBER_TOTAL), got.total, _share(totals),
                         got.discount, got.returned, got.earned))
        title = {
            Grain.DAY: words("Member sales by day"), Grain.WEEK: words("Member sales by week"),
            Grain.MONTH: words("Member sales by month")}[self._view.span.grain]
        sheet = Sheet("days", title, columns, tuple(rows), fmt, self._notes())
        values = [figure(self._sums[each], Tally.MEMBER_TOTAL) for each in self._buckets]
        return Part(sheet, tuple(reversed(self._buckets)), self._bars(title, sheet, values))

    def _bars(self, title: str, sheet: Sheet, values: list[int]) -> Chart:
        words, fmt = self._words, self._fmt
        scale = Scale(values, words, fmt)
        few = len(values) <= MOST_LABELLED
        bars = tuple(
            Bar(value, scale.figure(value) if few else "", *self._labels(each, few=few),
                today=each.holds(self._view.today), rest=self._view.span.grain is Grain.DAY and is_friday(each.first))
            for each, value in zip(self._buckets, values, strict=True))
        best = max(zip(values, self._buckets, strict=True), key=lambda each: each[0])
        summary = words(
            "{title}: {total} in all; the most was {best}, {when}.", title=title, total=fmt.money(sum(values)),
            best=fmt.money(best[0]), when=span_words(best[1], words, fmt))
        return Chart(title, scale.unit, summary, bars, scale.ticks, shown(sheet))

    def _labels(self, each: Span, *, few: bool) -> tuple[str, str, str]:
        """Return what stands under a bar, its tip, and the second line under it."""
        fmt, value = self._fmt, figure(self._sums[each], Tally.MEMBER_TOTAL)
        tip = f"{span_words(each, self._words, fmt)}: {fmt.money(value)}"
        if self._view.span.grain is Grain.DAY:
            if few:
                return fmt.day(each.first), tip, fmt.weekday_short(each.first)
            is_first = week_start(each.first) == each.first
            label = day_and_month(each.first, fmt) if is_first else ""
            return (f"{_RLM}{label}" if self._words.rtl else label), tip, ""
        if self._view.span.grain is Grain.WEEK:
            return fmt.day(each.first), tip, month_name(each.first, fmt)
        starts_year = each.first == self._view.span.first or month_title(each.first, fmt).split(" ")[1] != (
            month_title(self._before(each), fmt).split(" ")[1])
        return month_name(each.first, fmt), tip, month_title(each.first, fmt).split(" ")[1] if starts_year else ""

    def _before(self, each: Span) -> str:
        """Return the first day of the bucket before."""
        return self._buckets[self._buckets.index(each) - 1].first

    def _time_columns(self) -> tuple[Column, ...]:
        words = self._words
        if self._view.span.grain is Grain.DAY:
            return Column(words("Day")), Column(words("Date"), Kind.DATE)
        if self._view.span.grain is Grain.WEEK:
            return Column(words("From"), Kind.DATE), Column(words("To"), Kind.DATE)
        return (Column(words("Month")),)

    def _time(self, each: Span) -> tuple[str, ...]:
        if self._view.span.grain is Grain.DAY:
            return self._fmt.weekday(each.first), each.first
        if self._view.span.grain is Grain.WEEK:
            return each.first, each.last
        return (month_title(month_start(each.first, calendar_of(self._fmt)), self._fmt),)

    def _notes(self) -> tuple[str, ...]:
        return (span_words(self._view.span, self._words, self._fmt),
                self._words("This station only. Amounts in {unit}.", unit=self._fmt.unit_name))

    def hours(self) -> Part:
        words, fmt = self._words, self._fmt
        sold = [figure(self._all, Tally.HOUR, f"{hour:02}") for hour in range(HOURS)]
        busy = [hour for hour, total in enumerate(sold) if total]
        hours = range(min([SHOP_HOURS[0], *busy]), max([SHOP_HOURS[1], *busy]) + 1)
        spans = {hour: words("{first} to {last}", first=fmt.time(hour * 60), last=fmt.time((hour + 1) % HOURS * 60))
                 for hour in hours}
        total = sum(sold)
        title = words("All sales by hour")
        sheet = Sheet("hours", title, (
            Column(words("Hour")), Column(words("All sales ({unit})", unit=fmt.unit_name), Kind.MONEY),
            Column(words("Share"), Kind.PERCENT)),
            tuple((spans[hour], sold[hour], half_up(sold[hour] * 100, total) if total else 0) for hour in hours),
            fmt, self._notes())
        scale = Scale([sold[hour] for hour in hours], words, fmt)
        bars = tuple(
            Bar(sold[hour], scale.figure(sold[hour]) if sold[hour] else "", fmt.digits(str(hour)),
                f"{spans[hour]}: {fmt.money(sold[hour])}") for hour in hours)
        best = max(hours, key=lambda hour: sold[hour])
        summary = words("{title}: {total} in all; the most was {best}, {when}.", title=title,
                        total=fmt.money(total), best=fmt.money(sold[best]), when=spans[best])
        return Part(sheet, (None,) * len(hours), Chart(title, scale.unit, summary, bars, scale.ticks, shown(sheet)))

    def second(self) -> Part:
        """First and second purchases: how many new members came, and how many came again."""
        words, fmt = self._words, self._fmt
        rows: list[tuple[Value, ...]] = []
        for each in reversed(self._buckets):
            got = day_figures(self._sums[each])
            rows.append((*self._time(each), got.first, got.second,
                         got.second * 100 // got.first if got.first else None))
        got = day_figures(self._all)
        share = fmt.percent(str(got.second * 100 // got.first)) if got.first else "–"
        title = words("First to second purchase: {first} first, {second} second, {share}",
                      first=fmt.number(got.first), second=fmt.number(got.second), share=share)
        return Part(Sheet("second-purchases", title, (
            *self._time_columns(), Column(words("First purchases"), Kind.NUMBER),
            Column(words("Second purchases"), Kind.NUMBER), Column(words("Second for each first"), Kind.PERCENT)),
            tuple(rows), fmt, self._notes()), tuple(reversed(self._buckets)))

    def promotions(self) -> Part:
        sheet = promotion_sheet(self._all, self._view.people.pack, self._words, self._fmt, self._notes())
        return Part(sheet, (None,) * len(sheet.rows), nothing=self._words("No promotion was given."))

    def cashiers(self) -> Part:
        """Return the cash differences of each cashier, from the Z reports."""
        sheet = cashier_sheet(self._view.shifts, self._view.people.staff, self._words, self._fmt, self._notes())
        return Part(sheet, (None,) * len(sheet.rows), nothing=self._words("No shift was closed."))

    def shifts(self) -> Part:
        words, fmt = self._words, self._fmt
        made = [(shift, each) for shift in self._view.shifts for each in (reversed(shift.reports) if shift.reports else (None,))]
        return Part(
            Sheet("shifts", words("Shifts with their X and Z reports"), (
                Column(words("Shift"), Kind.NUMBER), Column(words("Date"), Kind.DATE), Column(words("Cashier")),
                Column(words("Report")), Column(words("Time"), Kind.TIME),
                Column(words("Expected ({unit})", unit=fmt.unit_name), Kind.MONEY),
                Column(words("Counted ({unit})", unit=fmt.unit_name), Kind.MONEY),
                Column(words("Difference ({unit})", unit=fmt.unit_name), Kind.MONEY), Column(words("Reason"))),
                tuple(self._shift(shift, each) for shift, each in made), fmt, self._notes()),
            tuple(each for _, each in made), nothing=words("No shift was opened."))

    def _shift(self, shift: ShiftRow, report: ReportRow | None) -> tuple[Value, ...]:
        words, who = self._words, person_name(shift.cashier, self._view.people.staff, self._words)
        if report is None:
            return (shift.number, shift.business_date, who, words("open"), None, None, None, None, "")
        reason = REASONS[report.reason]
        return (
            shift.number, shift.business_date, who,
            words("{kind} report {number}", kind=report.kind, number=self._fmt.number(report.number)),
            report.at.minute_of_day if report.at else None, report.expected, report.counted, report.difference,
            words(reason) if reason else "")


def _together(totals: Iterable[Total]) -> tuple[Total, ...]:
    return joined((each.tally, each.name, each.amount) for each in totals)


def _by_bucket(view: PeriodView, spans: tuple[Span, ...]) -> dict[Span, tuple[Total, ...]]:
    """Return the sums of each of ``spans``, in one walk over those of the days."""
    held: dict[Span, list[Total]] = {each: [] for each in spans}
    starts = [each.first for each in spans]
    for day, total in view.sums:
        held[spans[bisect_right(starts, day) - 1]].append(total)
    return {each: _together(totals) for each, totals in held.items()}


def _share(totals: tuple[Total, ...]) -> int:
    """Return members' part of what was sold, in whole percent, rounded down."""
    total = figure(totals, Tally.TOTAL)
    return figure(totals, Tally.MEMBER_TOTAL) * 100 // total if total else 0
