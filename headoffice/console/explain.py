"""A sale told line by line: every amount with the rule it comes from, every rule not given with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from headoffice.console.format import date, decimal, isolated, number
from headoffice.intake.entries import Place, read_entry
from headoffice.intake.models import Entry
from headoffice.ledger.lines import origin_of
from headoffice.register.packs import engine
from station.errors import StationError
from station.money import THOUSAND
from station.pack import HAND, POINTS, ROUNDING, Pack
from station.priced import Discount, Refusal, RefusalCode
from station.pricing import Engine
from station.sale import Sale
from station.tender import TenderKind
from station.text import Text

Words = SafeString | str
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the calculation: words, the base it was taken of (None: a sum), the amount."""

    words: Words
    base: SafeString | None
    amount: SafeString


def explain(place: Place) -> SafeString:
    """Return the pricing of the sale at ``place`` as HTML, with the entry as received below it."""
    entry = Entry.objects.get(station=place.station, incarnation=place.incarnation, seq=place.seq)
    raw = bytes(entry.raw)
    sale = read_entry(raw, replace(place, incarnation=origin_of(place.station, place.incarnation))).body
    if not isinstance(sale, Sale):
        message = f"entry {place.seq} of {place.station} is not a sale"
        raise TypeError(message)
    return SafeString(render_to_string("console/sale.html", {
        "rows": list(_Told(sale, engine(sale.basket.pack)).rows()), "raw": raw.decode(),
        "hash": bytes(entry.hash).hex(), "pack": number(sale.basket.pack),
    }))


def quantity(thousandths: int) -> str:
    """Return thousandths of a piece as a decimal without idle zeros."""
    return f"{thousandths // THOUSAND}.{thousandths % THOUSAND:03d}".rstrip("0").rstrip(".")


class _Told:
    """Tells one sale as it was uploaded; ``ready`` is the engine of its pack, None when nobody published that."""

    def __init__(self, sale: Sale, ready: Engine | None) -> None:
        self._sale = sale
        self._priced = sale.priced
        self._ready = ready
        self._names = _names(ready.pack) if ready else {}

    def rows(self) -> Iterator[Row]:
        """Yield the calculation from the goods to the change."""
        yield from self._goods()
        yield from (Row(self._discount(each), number(each.base), number(-each.amount)) for each in self._priced.discounts)
        yield from (
            Row(format_html(_("Not approved, for line {line}: {promotion}") if each.rule.startswith(f"{HAND}/")
                            else _("Lost, for line {line} held no more: {promotion}"),
                            promotion=self._name(each.rule), line=number(each.line)), _nothing(), number(each.lost))
            for each in self._priced.clamps)
        yield from self._not_given()
        yield Row(_("Total"), None, number(self._priced.total))
        yield from (
            Row(format_html(_("Tax contained, {rate} percent"), rate=decimal(each.tax_percent)),
                number(each.gross), number(each.tax))
            for each in self._priced.taxes)
        yield from self._points()
        yield from (Row(_tender(each.kind), None, number(each.amount)) for each in self._sale.tenders)
        yield Row(_("Change given"), None, number(self._sale.change))

    def _goods(self) -> Iterator[Row]:
        products = {line.line: line for line in self._sale.basket.lines}
        for each in self._priced.lines:
            if each.line in products:
                line = products[each.line]
                yield Row(format_html("{} × {}", _in_language(line.product.name), decimal(quantity(line.quantity))),
                          number(line.product.price), number(each.listed))
        yield Row(_("Before discount"), None, number(self._priced.listed))

    def _discount(self, discount: Discount) -> SafeString:
        name, line = self._name(discount.rule), number(discount.line)
        if discount.free:
            return format_html(_("{promotion} on line {line}, free pieces: {free}"),
                               promotion=name, line=line, free=number(discount.free))
        return format_html(_("{promotion} on line {line}"), promotion=name, line=line)

    def _name(self, rule: str) -> Words:
        """Return what ``rule`` is called; of what was given by hand, who gave it and why."""
        if rule == POINTS:
            return _("Paid with points")
        if rule == ROUNDING:
            return _("Rounded down for cash")
        given = {f"{HAND}/{place}": each for place, each in enumerate(self._sale.basket.by_hand, 1)}.get(rule)
        if given is None:
            return self._names.get(rule, rule)
        if given.approver:
            return format_html(_("By hand from {actor}, approved by {approver} ({reason})"), reason=given.reason,
                               actor=isolated(given.actor.person), approver=isolated(given.approver.person))
        return format_html(_("By hand from {actor} ({reason})"),
                           actor=isolated(given.actor.person), reason=given.reason)

    def _not_given(self) -> Iterator[Row]:
        """Yield what the engine refuses when it goes over the basket again, or why it cannot."""
        reason: Words
        try:
            quote = self._ready.quote(self._sale.basket) if self._ready else None
        except (StationError, ValueError) as fault:
            quote, reason = None, isolated(str(fault))
        else:
            reason = _("nobody published this rule pack")
        if quote is None:
            yield Row(format_html(_("What was not given cannot be told: {reason}"), reason=reason), _nothing(), _nothing())
            return
        for each in quote.refusals:
            yield Row(
                format_html(_("Not given: {promotion} ({reason})"),
                            promotion=self._name(each.rule), reason=self._refusal(each)), _nothing(), number(0))
        for code in quote.unknown_coupons:
            yield Row(format_html(_("Unknown coupon: {code}"), code=isolated(code)), _nothing(), number(0))

    def _points(self) -> Iterator[Row]:
        for spent in self._priced.paid_points:
            base = number(spent.amount) if spent.amount else _nothing()
            name = self._name(spent.rule)
            words = name if spent.rule == POINTS else format_html(_("Points spent: {rule}"), rule=name)
            yield Row(words, base, number(-spent.points))
        for earned in self._priced.earned:
            yield Row(self._name(earned.rule), number(earned.base), number(earned.points))
            for each in earned.multipliers:
                yield Row(format_html(_("among them {promotion}, factor {factor}"),
                                      promotion=self._name(each.promotion), factor=decimal(each.factor)),
                          _nothing(), number(each.points))
        for coupon in self._priced.coupons:
            yield Row(format_html(_("Coupon for {promotion}, through {day}"),
                                  promotion=self._name(coupon.promotion), day=date(coupon.last_day)),
                      _nothing(), _nothing())

    def _refusal(self, refusal: Refusal) -> Words:
        """Return the reason with its figures."""
        if refusal.code is RefusalCode.GROUP and refusal.other:
            return format_html(_("{promotion} was better"), promotion=self._name(refusal.other))
        figures = _figures(refusal)
        if figures:
            return format_html(figures, have=number(refusal.have), need=number(refusal.need))
        return _plain(refusal.code)


def _figures(refusal: Refusal) -> str:
    """Return the wording of a reason that tells figures, "" when it has none."""
    if refusal.code is RefusalCode.QUANTITY and refusal.have > refusal.need:
        return _("{have} pieces, at most {need}")
    if refusal.code is RefusalCode.BUDGET and not refusal.need:
        return ""
    return {
        RefusalCode.CARD: _("card of level {have}, level {need} needed"),
        RefusalCode.VISIT: _("purchase number {have}, given on number {need}"),
        RefusalCode.QUANTITY: _("{have} of at least {need} pieces"),
        RefusalCode.MINIMUM: _("{have} of at least {need} rial"),
        RefusalCode.LIMITS: _("given {have} times before, at most {need}"),
        RefusalCode.BUDGET: _("{have} rial left of the budget, {need} needed"),
        RefusalCode.NOT_CHOSEN: _("not chosen for {need} points"),
        RefusalCode.POINTS: _("{have} points there, {need} needed"),
    }.get(refusal.code, "")


def _plain(code: RefusalCode) -> str:
    return {
        RefusalCode.OFF: _("switched off"), RefusalCode.DATE: _("not on this date"),
        RefusalCode.HOUR: _("not at this hour"), RefusalCode.WEEKDAY: _("not on this weekday"),
        RefusalCode.SHOP: _("not in this shop"), RefusalCode.MEMBER: _("no member"),
        RefusalCode.TIER: _("not for this tier"), RefusalCode.SEGMENT: _("not for this group of members"),
        RefusalCode.BIRTHDAY: _("not around the birthday"), RefusalCode.PAYMENT: _("not for this payment"),
        RefusalCode.COUPON: _("without its coupon"), RefusalCode.BUDGET: _("budget used up"),
        RefusalCode.GROUP: _("the sale was better without it"),
        RefusalCode.NOTHING_LEFT: _("nothing left to discount"),
    }[code]


def _names(pack: Pack) -> dict[str, str]:
    names = {each.id: _in_language(each.name) for each in pack.promotions}
    return names | {each.id: _in_language(each.name) for each in pack.earning}


def _in_language(text: Text) -> str:
    return text.in_language(get_language() or "fa")


def _nothing() -> SafeString:
    return isolated(NOTHING)


def _tender(kind: TenderKind) -> str:
    return {
        TenderKind.CASH: _("Cash"), TenderKind.DEBIT: _("Bank terminal"),
        TenderKind.WALLET: _("Wallet"), TenderKind.GIFT_CARD: _("Gift card"),
    }[kind]
