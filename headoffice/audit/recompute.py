"""One sale or return gone over again: what would the same engine have made of the same input? Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from station.errors import StationError
from station.priced import Priced
from station.pricing import Engine
from station.returns import gone_before, reversals, take_back, taxes_back, void_lines
from station.sale import ReturnCause, Sale, SaleReturn, points_of
from station.tender import Tender, TenderKind, change_due


class Breach(StrEnum):
    """Which rule a sale, a return or the report of a shift breaks."""

    PACK_UNKNOWN = "PACK_UNKNOWN"
    PRICE = "PRICE"
    POINTS = "POINTS"
    PAYMENT = "PAYMENT"
    BY_HAND = "BY_HAND"
    BASKET = "BASKET"
    SHOP = "SHOP"
    KEY_WRITTEN = "KEY_WRITTEN"
    MEMBER_UNKNOWN = "MEMBER_UNKNOWN"
    RETURN = "RETURN"
    SALE_UNKNOWN = "SALE_UNKNOWN"
    TOTALS = "TOTALS"
    CLAIM = "CLAIM"
    HOLDER = "HOLDER"
    COUPON = "COUPON"


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach, with the figures that show it."""

    breach: Breach
    detail: str


def findings(sale: Sale, engine: Engine | None, shop: str) -> tuple[Finding, ...]:
    """Return what is wrong with ``sale``, sold in ``shop`` under the pack of ``engine`` (None: there is none)."""
    return tuple(_findings(sale, engine, shop))


def _findings(sale: Sale, engine: Engine | None, shop: str) -> Iterator[Finding]:
    if engine is None:
        yield Finding(Breach.PACK_UNKNOWN, f"pack {sale.basket.pack}")
    else:
        yield from _price(sale, engine)
    member = sale.basket.member
    if sale.points != (points_of(sale.sale_id, member.member_id, sale.priced) if member else ()):
        stated = sum(entry.points for entry in sale.points)
        yield Finding(Breach.POINTS, f"entries of {stated}, priced {sale.priced.points}")
    yield from _payment(sale)
    if not sale.basket.lines or sale.basket.basket_id != sale.sale_id:
        yield Finding(Breach.BASKET, f"{len(sale.basket.lines)} lines, basket {sale.basket.basket_id}")
    if sale.basket.shop != shop:
        yield Finding(Breach.SHOP, f"shop {sale.basket.shop}, the station's is {shop}")


def return_findings(
    back: SaleReturn, sale: Sale | None, earlier: Sequence[SaleReturn], engine: Engine | None,
) -> tuple[Finding, ...]:
    """Return what is wrong with ``back``, which came after ``earlier`` returns of ``sale`` (None: not found here).

    ``engine`` is that of the sale's pack, None when there is none.
    """
    if sale is None:
        return (Finding(Breach.SALE_UNKNOWN, f"entry {back.seq} of {back.incarnation} is no sale {back.sale_id}"),)
    if engine is None:
        return (Finding(Breach.PACK_UNKNOWN, f"pack {sale.basket.pack}"),)
    try:
        due = _returned(back, sale, earlier, engine)
    except (StationError, ValueError, ArithmeticError, LookupError) as fault:
        # of no matter which forgery: what cannot be gone over again is not as the rules say
        return (Finding(Breach.RETURN, f"cannot come back: {fault}"),)
    if back.cause is ReturnCause.VOID and (earlier or back.lines != void_lines(sale)):
        return (Finding(Breach.RETURN, "a void of less than the whole sale"),)
    words = "; ".join(
        f"{name} {stated}, due {ours}" if isinstance(ours, int) else name
        for name, ours, stated in ((name, getattr(due, name), getattr(back, name)) for name in _RETURNED)
        if ours != stated)
    return (Finding(Breach.RETURN, words),) if words else ()


_RETURNED = ("member_id", "money", "tenders", "taxes", "points", "coupons")


def _returned(back: SaleReturn, sale: Sale, earlier: Sequence[SaleReturn], engine: Engine) -> SaleReturn:
    """Return ``back`` as the rules make it. Raises what ``take_back`` raises, and more on forged ``earlier`` ones."""
    before = gone_before(sale, earlier)
    returned = take_back(engine, sale, back.lines, before)
    member = sale.basket.member
    return replace(
        back, money=returned.money, member_id=member.member_id if member else None,
        tenders=tuple(Tender(tender.kind, amount, trace, tender.account) for tender, amount, trace in zip(
            sale.tenders, returned.tenders, _traces(back, sale), strict=True)),
        taxes=taxes_back(sale, earlier, returned.remains), points=reversals(back.return_id, sale, before, returned),
        coupons=tuple(coupon.code for coupon in returned.coupons))


def _traces(back: SaleReturn, sale: Sale) -> tuple[str, ...]:
    """Return the trace numbers of the refund as they were typed: nothing says what they ought to be."""
    typed = (each.trace if each.kind is TenderKind.DEBIT and each.amount else "" for each in back.tenders)
    return tuple(typed) if len(back.tenders) == len(sale.tenders) else ("",) * len(sale.tenders)


def _price(sale: Sale, engine: Engine) -> Iterator[Finding]:
    try:
        expected = engine.price(sale.basket)
    except StationError as fault:
        yield Finding(Breach.BY_HAND, str(fault))
    except ValueError as fault:
        yield Finding(Breach.BASKET, str(fault))
    else:
        if expected != sale.priced:
            yield Finding(Breach.PRICE, _differing(sale.priced, expected))


def _payment(sale: Sale) -> Iterator[Finding]:
    total = sale.priced.total
    try:
        due = change_due(total, sale.tenders)
    except StationError as fault:
        yield Finding(Breach.PAYMENT, f"{fault} of total {total}")
        return
    means = {tender.kind for tender in sale.tenders}
    if means != set(sale.basket.payments):
        yield Finding(Breach.PAYMENT, f"paid by {sorted(means)}, priced for {sorted(sale.basket.payments)}")
    if due != sale.change:
        yield Finding(Breach.PAYMENT, f"change {sale.change}, due {due}")


def _differing(stated: Priced, expected: Priced) -> str:
    """Return the fields that differ; sums with both figures, parts by name alone."""
    words = []
    for field in fields(Priced):
        ours, theirs = getattr(expected, field.name), getattr(stated, field.name)
        if ours != theirs:
            words.append(f"{field.name} {theirs}, due {ours}" if isinstance(ours, int) else field.name)
    return "; ".join(words)
