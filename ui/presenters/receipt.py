"""The receipt of a sale, line by line: every amount stands beside the rule it comes from. No Qt."""

from dataclasses import dataclass, field

from station.clock import Moment
from station.coupons import coupon_number, grouped
from station.pack import POINTS, Pack
from station.priced import IssuedCoupon
from station.pricing import Engine, gain_by_joining
from station.sale import Sale
from ui.format import Format, in_order
from ui.presenters.means import tender_name
from ui.presenters.reasons import joining, rule_name
from ui.text import Words
from ui.views_report import CouponSlip, ReceiptLine, ReceiptView, Row

# Keeps the parts of a receipt number in their order inside a right-to-left line.
_LRM = "\u200e"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a receipt says beside the sale itself.

    ``receipt`` is its number, ``at`` when it was sold, ``member_name`` the member's full name or
    "" (only the first name is printed), ``points_after`` the balance with this sale in it or None
    without a member, ``copy`` whether this is a reprint.
    """

    receipt: str
    at: Moment
    shop: str
    cashier: str
    member_name: str = field(default="", repr=False)
    points_after: int | None = None
    copy: bool = False


def receipt_view(sale: Sale, issue: Issue, pack: Pack, words: Words, style: Format) -> ReceiptView:
    """Return the receipt of ``sale`` in the language of ``words``.

    Whatever is added up or handed over is in one unit, rials if one amount is no whole number of
    toman; the contained tax may then show a tenth of a toman. Raises ``ValueError`` when ``pack``
    is not the pack the sale was priced with.
    """
    if pack.number != sale.basket.pack:
        message = f"sale under pack {sale.basket.pack}, receipt with {pack.number}"
        raise ValueError(message)
    fmt = style.fitting(_amounts(sale))
    return ReceiptView(
        rtl=words.rtl, shop=issue.shop, copy=words("COPY") if issue.copy else "",
        head=(Row(words("Receipt"), f"{_LRM}{issue.receipt}"), Row(words("Date"), fmt.date_time(issue.at)),
              Row(words("Cashier"), issue.cashier)),
        unit=words("Amounts in {unit}", unit=fmt.unit_name),
        lines=_lines(sale, words, fmt), sums=_sums(sale, pack, words, fmt),
        total=Row(words("Total"), fmt.money(sale.priced.total)),
        taxes=tuple(
            Row(words("Tax of {percent} contained", percent=fmt.percent(tax.tax_percent)),
                fmt.amount(tax.tax)) for tax in sale.priced.taxes if tax.tax),
        paid=_paid(sale, words, fmt), member=_member(sale, issue, pack, words, fmt),
        footer=(*_joining(sale, pack, words, fmt), words("Priced by rule pack {number}", number=fmt.number(pack.number)),
                words("Thank you for your purchase")),
        code=issue.receipt, coupons=tuple(_slip(each, sale, pack, words, fmt) for each in sale.priced.coupons))


def _amounts(sale: Sale) -> tuple[int, ...]:
    """Return every amount that adds up on the paper."""
    basket = (amount for line in sale.basket.lines for amount in (line.product.price, line.shelf_amount))
    given = (discount.amount for discount in sale.priced.discounts)
    paid = (tender.amount for tender in sale.tenders)
    return (*basket, *given, *paid, sale.priced.listed, sale.change)


def _lines(sale: Sale, words: Words, fmt: Format) -> tuple[ReceiptLine, ...]:
    return tuple(
        ReceiptLine(
            line.product.name.in_language(words.language),
            f"{fmt.quantity(line.quantity)} × {fmt.amount(line.product.price)}",
            fmt.amount(line.shelf_amount)) for line in sale.basket.lines)


def _sums(sale: Sale, pack: Pack, words: Words, fmt: Format) -> tuple[Row, ...]:
    """Return the way from the lines to the total: tax the shelf left out, subtotal, each promotion."""
    added = sale.priced.listed - sum(line.shelf_amount for line in sale.basket.lines)
    rows = [Row(words("Tax not in the shelf price"), fmt.amount(added))] if added else []
    rows.append(Row(words("Subtotal"), fmt.amount(sale.priced.listed)))
    for rule in dict.fromkeys(discount.rule for discount in sale.priced.discounts):
        given = sum(each.amount for each in sale.priced.discounts if each.rule == rule)
        rows.append(Row(rule_name(pack, rule, words, fmt, rate=True), fmt.amount(-given)))
    return tuple(rows)


def _paid(sale: Sale, words: Words, fmt: Format) -> tuple[Row, ...]:
    rows = [Row(tender_name(tender, words, fmt), fmt.amount(tender.amount)) for tender in sale.tenders]
    if sale.change:
        rows.append(Row(words("Change"), fmt.amount(sale.change)))
    return tuple(rows)


def _member(sale: Sale, issue: Issue, pack: Pack, words: Words, fmt: Format) -> tuple[Row, ...]:
    """Return first name, points by rule and balance; nothing that would identify the member to a finder."""
    if sale.basket.member is None:
        return ()
    first = issue.member_name.split(" ")[0]
    tier = pack.tier(sale.basket.member.tier)
    rows = [Row(words("Member"), " · ".join(
        part for part in (first, tier.name.in_language(words.language) if tier else "") if part))]
    for entry in sale.points:
        rule = rule_name(pack, entry.rule, words, fmt)
        if entry.points > 0:
            rule = words("Points earned: {rule}", rule=rule)
        elif entry.rule != POINTS:
            rule = words("Points spent: {rule}", rule=rule)
        rows.append(Row(rule, fmt.number(entry.points)))
    if issue.points_after is not None:
        rows.append(Row(words("Points balance"), fmt.number(issue.points_after)))
    return tuple(rows)


def _slip(coupon: IssuedCoupon, sale: Sale, pack: Pack, words: Words, fmt: Format) -> CouponSlip:
    """Return a coupon for the customer: a member needs no paper, for head office and the tills know it."""
    number = coupon_number(coupon.code)
    return CouponSlip(
        words("A coupon for your next visit"), rule_name(pack, coupon.promotion, words, fmt, rate=True),
        words("Once, through {day}", day=fmt.date(coupon.last_day)),
        words("It is kept with your membership: your card is enough.") if sale.basket.member else words("Bring this paper."),
        in_order(grouped(number)), number)


def _joining(sale: Sale, pack: Pack, words: Words, fmt: Format) -> tuple[str, ...]:
    """Return what joining would have brought a customer who is no member, as one sentence or none."""
    gain = gain_by_joining(Engine(pack), sale.basket)
    return (joining(gain, words, fmt),) if gain else ()
