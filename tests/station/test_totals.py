"""The running sums of a shift are the exact sums of its entries, whatever the shift was."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.derived import decode
from data.journal import JournalStore
from station.journal import Body
from station.points import PointsEntry, PointsKind
from station.priced import TaxTotal
from station.report import HOURS, RuleCost, day_figures, day_report
from station.sale import Sale, SaleReturn
from station.shift import CashMoved, Correction
from station.tender import Tender, TenderKind
from station.totals import Tally, Total, expected_cash, figure, joined, of_return
from tests.fakes import NOON
from tests.rigs.history import STEPS, History

Sums = Counter[tuple[str, str]]


def of_a_sale(sale: Sale, hour: int) -> Sums:
    """What ``sale`` adds, added up from its parts instead of its sums."""
    made, member, lines = Sums(), sale.basket.member, sale.priced.lines
    made["SALES", ""] = 1
    made["LISTED", ""] = sum(line.listed for line in lines)
    made["DISCOUNT", ""] = sum(line.listed - line.total for line in lines)
    made["TOTAL", ""] = sum(line.total for line in lines)
    made["HOUR", f"{hour:02}"] = sum(each.amount for each in sale.tenders) - sale.change
    made["EARNED", ""] = sum(each.points for each in sale.points if each.kind is PointsKind.EARN)
    made["SPENT", ""] = -sum(each.points for each in sale.points if each.kind is PointsKind.REDEEM)
    if member:
        made["MEMBER_SALES", ""] = 1
        made["MEMBER_TOTAL", ""] = sale.priced.total
        made["FIRST_PURCHASES", ""] = member.purchases == 0
        made["SECOND_PURCHASES", ""] = member.purchases == 1
    for tax in sale.priced.taxes:
        made["TAX", ""] += tax.tax
        made["TAX_RATE", tax.tax_percent] += tax.tax
    for tender in sale.tenders:
        made["TENDER", tender.kind] += tender.amount
    made["TENDER", "CASH"] -= sale.change
    for each in sale.priced.discounts:
        made["RULE", each.rule.split("/")[0]] += each.amount
    made.update({("RULE_SALES", rule): 1 for rule in {each.rule.split("/")[0] for each in sale.priced.discounts}})
    return made


def of_goods_back(back: SaleReturn) -> Sums:
    """What ``back`` adds, the same way."""
    made = Sums({("RETURNS", ""): 1, ("RETURNED", ""): sum(tender.amount for tender in back.tenders)})
    for tender in back.tenders:
        made["TENDER", tender.kind] -= tender.amount
    for tax in back.taxes:
        made["TAX", ""] -= tax.tax
        made["TAX_RATE", tax.tax_percent] -= tax.tax
    made["EARNED", ""] = sum(min(0, each.points) for each in back.points)
    made["SPENT", ""] = -sum(max(0, each.points) for each in back.points)
    return made


def naive(body: Body, hour: int) -> Sums:
    if isinstance(body, Sale):
        return of_a_sale(body, hour)
    if isinstance(body, SaleReturn):
        return of_goods_back(body)
    if isinstance(body, CashMoved):
        return Sums({("CASH_MOVED", ""): body.amount, ("CASH_MOVED", str(body.reason)): body.amount})
    assert isinstance(body, Correction)
    return Sums({("CORRECTED", f"{body.of_shift}/{body.kind}"): body.amount})


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(STEPS), min_size=10, max_size=30))
def test_running_sums_are_those_of_the_entries(seed: int, steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = JournalStore(Path(folder) / "journal.db", bytes(32))
        journal.found("12-1", "test", NOON)
        History(journal, seed).play(steps)
        by_shift: dict[int, Sums] = {}
        dates: dict[int, str] = {}
        for stored in journal.entries(0, 999):
            entry = decode(stored.raw, stored.kind)
            if isinstance(entry.body, Sale | SaleReturn | CashMoved | Correction):
                by_shift.setdefault(entry.body.shift, Sums()).update(naive(entry.body, entry.at.minute_of_day // 60))
            if isinstance(entry.body, Sale | SaleReturn):
                dates[entry.body.shift] = entry.body.business_date
        for shift in range(1, journal.shift_number() + 1):
            expected = {key: amount for key, amount in by_shift.get(shift, Sums()).items() if amount}
            totals = journal.totals(shift)
            assert {(each.tally, each.name): each.amount for each in totals} == expected
            assert [(each.tally, each.name) for each in totals] == sorted(expected)
        for date in set(dates.values()):
            day_agrees(journal, date, [body for shift, body in by_shift.items() if dates.get(shift) == date])
        journal.close()


def day_agrees(journal: JournalStore, date: str, shifts: list[Sums]) -> None:
    """The day's figures are those of its shifts, and where they overlap those of the day report."""
    made = journal.day_totals(date)
    summed = Sums()
    for each in shifts:
        summed.update(each)
    report, figures = day_report(date, journal.facts(date, date)), day_figures(made)
    assert (report.sales, report.total, report.discount) == (figures.sales, figures.total, figures.discount)
    assert (report.member_sales, report.member_total) == (
        figure(made, Tally.MEMBER_SALES), figure(made, Tally.MEMBER_TOTAL))
    assert report.hours == tuple(figure(made, Tally.HOUR, f"{hour:02}") for hour in range(HOURS))
    assert figures.net == summed["TOTAL", ""] - summed["RETURNED", ""]
    assert sum(each.amount for each in figures.rules) == figures.discount
    if not figures.returns:  # the day report tells sales alone
        assert (report.tax, report.points) == (figures.tax, figures.earned)


def test_a_figure_is_found_by_tally_and_name() -> None:
    totals = (Total(Tally.TENDER, "CASH", 5), Total(Tally.TENDER, "DEBIT", 7), Total(Tally.TOTAL, "", 9))
    assert [figure(totals, Tally.TENDER, "DEBIT"), figure(totals, Tally.TOTAL), figure(totals, Tally.TAX)] == [7, 9, 0]


def test_expected_cash_is_float_cash_and_what_was_moved() -> None:
    totals = (Total(Tally.TENDER, "CASH", 500), Total(Tally.TENDER, "DEBIT", 70), Total(Tally.CASH_MOVED, "", -200),
              Total(Tally.CASH_MOVED, "BANK", -200))
    assert expected_cash(1_000, totals) == 1_300
    assert expected_cash(1_000, ()) == 1_000


def test_what_comes_to_nothing_is_left_out() -> None:
    assert joined([(Tally.TAX, "", 5), (Tally.LISTED, "", 1), (Tally.TAX, "", -5)]) == (Total(Tally.LISTED, "", 1),)


@pytest.mark.parametrize(("points", "part"), [(-3, (Tally.EARNED, "", -3)), (20, (Tally.SPENT, "", -20))])
def test_a_return_takes_earned_points_back_and_gives_spent_ones_back(
    points: int, part: tuple[Tally, str, int],
) -> None:
    back = SaleReturn(
        "r", "s", "i", 1, NOON.date, 1, "m1", (), 10, (Tender(TenderKind.CASH, 10),), (TaxTotal("10", 11, 1),),
        (PointsEntry("r/a", "m1", PointsKind.REVERSE, points, "base"),), ())
    assert list(of_return(back)) == [
        (Tally.RETURNS, "", 1), (Tally.RETURNED, "", 10), (Tally.TENDER, "CASH", -10), (Tally.TAX_RATE, "10", -1),
        (Tally.TAX, "", -1), part]


def test_a_days_figures_by_hand() -> None:
    totals = [
        Total(Tally.SALES, "", 4), Total(Tally.TOTAL, "", 9_000), Total(Tally.RETURNS, "", 1), Total(Tally.RETURNED, "", 1_000),
        Total(Tally.TAX, "", 700), Total(Tally.EARNED, "", 8), Total(Tally.SPENT, "", 3), Total(Tally.FIRST_PURCHASES, "", 2),
        Total(Tally.SECOND_PURCHASES, "", 1), Total(Tally.DISCOUNT, "", 600), Total(Tally.RULE, "b", 250),
        Total(Tally.RULE, "a", 250), Total(Tally.RULE, "hand", 100), Total(Tally.RULE_SALES, "a", 2),
        Total(Tally.SALES, "", 1), Total(Tally.RULE, "hand", 200)]  # the last two of a second shift
    figures = day_figures(totals)
    assert (figures.sales, figures.returns, figures.total, figures.returned, figures.net) == (5, 1, 9_000, 1_000, 8_000)
    assert (figures.tax, figures.earned, figures.spent, figures.discount) == (700, 8, 3, 600)
    assert (figures.first, figures.second) == (2, 1)
    assert figures.rules == (RuleCost("hand", 300, 0), RuleCost("a", 250, 2), RuleCost("b", 250, 0))
