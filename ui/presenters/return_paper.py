"""The receipt of a return, line by line, as the receipt printer draws it. No Qt."""

from dataclasses import dataclass, field

from station.basket import BasketLine
from station.clock import Moment
from station.pack import Pack
from station.sale import ReturnCause, Sale, SaleReturn
from station.tender import Tender, TenderKind
from station.unknown_return import UnknownReturn
from ui.format import Format
from ui.presenters.means import tender_name
from ui.presenters.reasons import rule_name
from ui.presenters.return_words import amounts_of, coupon_facts, dying
from ui.text import Words
from ui.views_report import ReceiptLine, ReceiptView, Row

_LRM = "\u200e"


@dataclass(frozen=True, slots=True)
class BackIssue:
    """What a return's receipt says beside the return: its number, the moment, and who took the goods back."""

    number: str
    at: Moment
    shop: str
    cashier: str
    approver: str = ""
    of_receipt: str = ""
    member_name: str = field(default="", repr=False)
    copy: bool = False


def return_view(back: SaleReturn, sale: Sale, issue: BackIssue, pack: Pack, words: Words, style: Format) -> ReceiptView:
    """Return the receipt of ``back`` in the language of ``words``; ``pack`` is that of the sale it names.

    A line says what was sold for how much and how much of it came back: what goes back for all of them
    together is reckoned on the whole sale and stands under them.
    """
    fmt = style.fitting((*amounts_of(sale), back.money, *(each.amount for each in back.tenders)))
    sold = {line.line: line for line in sale.basket.lines}
    totals = {line.line: line.total for line in sale.priced.lines}
    lines = tuple(ReceiptLine(
        sold[each.line].product.name.in_language(words.language),
        words("{back} of {sold} came back, paid for all:", back=fmt.quantity(each.quantity), sold=fmt.quantity(sold[each.line].quantity)),
        fmt.amount(totals[each.line])) for each in back.lines)
    member = _member(back, issue, pack, words, fmt)
    return ReceiptView(
        rtl=words.rtl, shop=issue.shop, copy=words("COPY") if issue.copy else "",
        head=_head(issue, words, fmt), unit=words("Amounts in {unit}", unit=fmt.unit_name), lines=lines, sums=(),
        total=Row(words("Given back"), fmt.money(back.money)), taxes=_taxes(back, words, fmt),
        paid=tuple(Row(tender_name(each, words, fmt), fmt.amount(each.amount)) for each in back.tenders if each.amount),
        member=member,
        footer=(*(f"{fact.label} {fact.note}" for fact in coupon_facts(dying(back, sale), pack, words, fmt)),
                words("Signature of the customer: ____________________")),
        band=words("VOID") if back.cause is ReturnCause.VOID else words("RETURN"), code=issue.number)


def unknown_return_view(back: UnknownReturn, issue: BackIssue, words: Words, style: Format) -> ReceiptView:
    """Return the receipt of goods that came back without their sale."""
    fmt = style.fitting((back.money, *(amount for line in back.lines for amount in (line.product.price, line.shelf_amount))))
    cash = Tender(TenderKind.CASH, back.money)
    return ReceiptView(
        rtl=words.rtl, shop=issue.shop, copy=words("COPY") if issue.copy else "",
        head=(*_head(issue, words, fmt), Row(words("Reason"), words(back.reason))),
        unit=words("Amounts in {unit}", unit=fmt.unit_name),
        lines=tuple(_unknown_line(line, words, fmt) for line in back.lines), sums=(),
        total=Row(words("Given back"), fmt.money(back.money)), taxes=_taxes(back, words, fmt),
        paid=(Row(tender_name(cash, words, fmt), fmt.amount(cash.amount)),), member=(),
        footer=(words("The sale was not found: the shelf's price of today was given back, and no points moved."),
                words("Signature of the customer: ____________________")),
        band=words("RETURN"), code=issue.number)


def _unknown_line(line: BasketLine, words: Words, fmt: Format) -> ReceiptLine:
    return ReceiptLine(
        line.product.name.in_language(words.language), f"{fmt.quantity(line.quantity)} × {fmt.amount(line.product.price)}",
        fmt.amount(line.shelf_amount))


def _head(issue: BackIssue, words: Words, fmt: Format) -> tuple[Row, ...]:
    rows = [Row(words("Return"), f"{_LRM}{issue.number}")]
    if issue.of_receipt:
        rows.append(Row(words("Of receipt"), f"{_LRM}{issue.of_receipt}"))
    rows += [Row(words("Date"), fmt.date_time(issue.at)), Row(words("Cashier"), issue.cashier)]
    if issue.approver:
        rows.append(Row(words("Approved by"), issue.approver))
    return tuple(rows)


def _taxes(back: SaleReturn | UnknownReturn, words: Words, fmt: Format) -> tuple[Row, ...]:
    return tuple(Row(words("Tax of {percent} contained", percent=fmt.percent(each.tax_percent)), fmt.amount(each.tax))
                 for each in back.taxes if each.tax)


def _member(back: SaleReturn, issue: BackIssue, pack: Pack, words: Words, fmt: Format) -> tuple[Row, ...]:
    """Return first name and the points that moved; nothing that would identify the member to a finder."""
    if back.member_id is None:
        return ()
    rows = [Row(words("Member"), issue.member_name.split(" ")[0])]
    for each in back.points:
        name = rule_name(pack, each.rule, words, fmt)
        rows.append(Row(words("Points given back: {rule}", rule=name) if each.points > 0
                        else words("Points taken back: {rule}", rule=name), fmt.number(each.points)))
    return tuple(rows)
