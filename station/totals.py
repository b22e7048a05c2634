"""The running sums of a shift: what each entry adds to which. Exact, and the same fold for X, Z and the day.

A total is a figure by its ``tally`` and, where a tally has parts, a name: a tender kind, a tax
rate, a rule, a local hour.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from station.sale import ReturnCause, Sale, SaleReturn
from station.tender import TenderKind
from station.unknown_return import UnknownReturn


class Tally(StrEnum):
    """What is summed. Amounts in minor units.

    RETURNS counts all that came back and RETURNED is all that went back for it; VOIDS and VOIDED are the
    part of it that took back a sale just made, NO_SALE and NO_SALE_MONEY the part without its sale.
    """

    SALES = "SALES"
    LISTED = "LISTED"
    DISCOUNT = "DISCOUNT"
    TOTAL = "TOTAL"
    TAX = "TAX"
    RETURNS = "RETURNS"
    RETURNED = "RETURNED"
    VOIDS = "VOIDS"
    VOIDED = "VOIDED"
    NO_SALE = "NO_SALE"
    NO_SALE_MONEY = "NO_SALE_MONEY"
    EARNED = "EARNED"
    SPENT = "SPENT"
    MEMBER_SALES = "MEMBER_SALES"
    MEMBER_TOTAL = "MEMBER_TOTAL"
    FIRST_PURCHASES = "FIRST_PURCHASES"
    SECOND_PURCHASES = "SECOND_PURCHASES"
    TENDER = "TENDER"
    TAX_RATE = "TAX_RATE"
    RULE = "RULE"
    RULE_SALES = "RULE_SALES"
    HOUR = "HOUR"
    CASH_MOVED = "CASH_MOVED"
    CORRECTED = "CORRECTED"


@dataclass(frozen=True, slots=True)
class Total:
    """One figure: ``amount`` of ``tally`` ``name`` ("" where the tally has no parts)."""

    tally: Tally
    name: str
    amount: int


Part = tuple[Tally, str, int]
"""What is added to one figure: its tally, its name, and the amount."""


def of_sale(sale: Sale, hour: int) -> Iterator[Part]:
    """Yield what ``sale``, closed in local ``hour``, adds."""
    priced, member = sale.priced, sale.basket.member
    yield Tally.SALES, "", 1
    yield Tally.LISTED, "", priced.listed
    yield Tally.DISCOUNT, "", priced.discount
    yield Tally.TOTAL, "", priced.total
    yield Tally.TAX, "", priced.tax
    yield Tally.EARNED, "", priced.points
    yield Tally.SPENT, "", priced.spent
    yield Tally.HOUR, f"{hour:02}", priced.total
    if member:
        yield Tally.MEMBER_SALES, "", 1
        yield Tally.MEMBER_TOTAL, "", priced.total
        if member.purchases == 0:
            yield Tally.FIRST_PURCHASES, "", 1
        if member.purchases == 1:
            yield Tally.SECOND_PURCHASES, "", 1
    for tender in sale.tenders:
        yield Tally.TENDER, tender.kind.value, tender.amount
    yield Tally.TENDER, TenderKind.CASH.value, -sale.change
    for tax in priced.taxes:
        yield Tally.TAX_RATE, tax.tax_percent, tax.tax
    given: dict[str, int] = {}
    for each in priced.discounts:
        rule = each.rule.split("/")[0]
        given[rule] = given.get(rule, 0) + each.amount
    for rule, amount in given.items():
        yield Tally.RULE, rule, amount
        yield Tally.RULE_SALES, rule, 1


def of_return(returned: SaleReturn) -> Iterator[Part]:
    """Yield what ``returned`` adds: tenders fall, and so does the tax."""
    yield Tally.RETURNS, "", 1
    yield Tally.RETURNED, "", returned.money
    if returned.cause is ReturnCause.VOID:
        yield Tally.VOIDS, "", 1
        yield Tally.VOIDED, "", returned.money
    for tender in returned.tenders:
        yield Tally.TENDER, tender.kind.value, -tender.amount
    for tax in returned.taxes:
        yield Tally.TAX_RATE, tax.tax_percent, -tax.tax
        yield Tally.TAX, "", -tax.tax
    for points in returned.points:
        if points.points < 0:
            yield Tally.EARNED, "", points.points
        else:
            yield Tally.SPENT, "", -points.points


def of_unknown_return(returned: UnknownReturn) -> Iterator[Part]:
    """Yield what ``returned`` adds: cash falls, and so does the tax."""
    yield Tally.RETURNS, "", 1
    yield Tally.RETURNED, "", returned.money
    yield Tally.NO_SALE, "", 1
    yield Tally.NO_SALE_MONEY, "", returned.money
    yield Tally.TENDER, TenderKind.CASH.value, -returned.money
    for tax in returned.taxes:
        yield Tally.TAX_RATE, tax.tax_percent, -tax.tax
        yield Tally.TAX, "", -tax.tax


def joined(parts: Iterable[Part]) -> tuple[Total, ...]:
    """Return ``parts`` with one total for each tally and name, in order of both, without those of 0."""
    sums: dict[tuple[Tally, str], int] = {}
    for tally, name, amount in parts:
        sums[tally, name] = sums.get((tally, name), 0) + amount
    return tuple(Total(tally, name, amount) for (tally, name), amount in sorted(sums.items()) if amount)


def figure(totals: Iterable[Total], tally: Tally, name: str = "") -> int:
    """Return the amount of ``tally`` ``name`` among ``totals``, 0 when there is none."""
    return sum(each.amount for each in totals if each.tally is tally and each.name == name)


def expected_cash(opening_float: int, totals: Iterable[Total]) -> int:
    """Return the cash that must be in the drawer: float, cash taken and given back, cash moved."""
    held = tuple(totals)
    return (opening_float + figure(held, Tally.TENDER, TenderKind.CASH.value) + figure(held, Tally.CASH_MOVED))
