"""Tables that the day and a period share: what promotions gave, and how the cash of each cashier came out. No Qt."""

from collections.abc import Iterable, Sequence

from station.pack import HAND, Pack
from station.people import StaffRecord
from station.report import day_figures
from station.shift_rows import ReportRow, ShiftRow
from station.totals import Total
from ui.export.sheet import Column, Kind, Sheet, Value
from ui.format import Format
from ui.presenters.reasons import rule_name
from ui.text import Words


def person_name(person: str, staff: Iterable[StaffRecord], words: Words) -> str:
    """Return what ``person`` is called here, the staff id for somebody who is not known any more."""
    name = next((each.name.in_language(words.language) for each in staff if each.staff_id == person), "")
    return name or person


def promotion_sheet(totals: Iterable[Total], pack: Pack | None, words: Words, fmt: Format, notes: Sequence[str]) -> Sheet:
    """Return what each rule took off, the dearest first; without ``pack`` by the rules' ids."""
    got = day_figures(totals)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (rule_name(pack, _whole(each.rule), words, fmt) if pack else each.rule, each.sales, each.amount,
         each.amount * 100 // got.discount if got.discount else 0) for each in got.rules)
    return Sheet("promotions", words("Promotions, the dearest first"), (
        Column(words("Promotion")), Column(words("Sales"), Kind.NUMBER),
        Column(words("Discounts ({unit})", unit=fmt.unit_name), Kind.MONEY), Column(words("Share"), Kind.PERCENT)),
        rows, fmt, tuple(notes))


def cashier_sheet(
    shifts: Iterable[ShiftRow], staff: Iterable[StaffRecord], words: Words, fmt: Format, notes: Sequence[str],
) -> Sheet:
    """Return the cash differences of each cashier, from the Z reports of ``shifts``."""
    closed: dict[str, list[ReportRow]] = {}
    for shift in shifts:
        if shift.closing:
            closed.setdefault(shift.cashier, []).append(shift.closing)
    rows: list[tuple[Value, ...]] = []
    for cashier, reports in sorted(closed.items()):
        found = [each.difference for each in reports if each.difference is not None]
        rows.append((
            person_name(cashier, staff, words), len(reports), len(reports) - len(found),
            sum(each != 0 for each in found), sum(each for each in found if each < 0),
            sum(each for each in found if each > 0), sum(found)))
    return Sheet("cashiers", words("Cash differences by cashier"), (
        Column(words("Cashier")), Column(words("Closed shifts"), Kind.NUMBER),
        Column(words("Not counted"), Kind.NUMBER), Column(words("With a difference"), Kind.NUMBER),
        Column(words("Missing ({unit})", unit=fmt.unit_name), Kind.MONEY),
        Column(words("Over ({unit})", unit=fmt.unit_name), Kind.MONEY),
        Column(words("Together ({unit})", unit=fmt.unit_name), Kind.MONEY)), tuple(rows), fmt, tuple(notes))


def cash_amounts(shifts: Iterable[ShiftRow]) -> Iterable[int]:
    """Yield every amount of money that shifts and their reports tell."""
    for shift in shifts:
        yield shift.opening_float
        yield from (amount for each in shift.reports for amount in (each.expected, each.counted) if amount is not None)


def _whole(rule: str) -> str:
    """Return the rule as ``rule_name`` knows it: sums join all that was given by hand under one name."""
    return f"{rule}/" if rule == HAND else rule
