"""A sale told line by line: every amount with the rule it comes from."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from headoffice.console.format import decimal, isolated, number
from headoffice.intake.entries import Place, read_entry
from headoffice.intake.models import Entry
from headoffice.register.packs import numbered
from station.money import THOUSAND
from station.pack import EarningRule, Pack, Promotion
from station.pricing import RefusalCode
from station.sale import Sale
from station.tender import TenderKind
from station.text import Text


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the calculation: words, the base it was taken of (None: no base), the amount."""

    words: SafeString | str
    base: SafeString | None
    amount: SafeString


def explain(place: Place) -> SafeString:
    """Return the pricing of the sale at ``place`` as HTML, with the entry as received below it."""
    entry = Entry.objects.get(station=place.station, incarnation=place.incarnation, seq=place.seq)
    raw = bytes(entry.raw)
    sale = read_entry(raw, place).body
    if not isinstance(sale, Sale):
        message = f"entry {place.seq} of {place.station} is not a sale"
        raise TypeError(message)
    return SafeString(render_to_string("console/sale.html", {
        "rows": _rows(sale, numbered(sale.basket.pack)), "raw": raw.decode(), "hash": bytes(entry.hash).hex(),
        "pack": number(sale.basket.pack),
    }))


def _rows(sale: Sale, pack: Pack | None) -> list[Row]:
    rules: tuple[Promotion | EarningRule, ...] = (*pack.promotions, *pack.earning) if pack else ()
    names = {rule.id: _in_language(rule.name) for rule in rules}
    products = {line.line: line for line in sale.basket.lines}
    priced = sale.priced
    rows = [
        Row(format_html("{} × {}", _in_language(products[each.line].product.name),
                        decimal(quantity(products[each.line].quantity))),
            number(products[each.line].product.price), number(each.listed))
        for each in priced.lines if each.line in products]
    rows.append(Row(_("Before discount"), None, number(priced.listed)))
    rows.extend(
        Row(format_html(
            _("{promotion} on line {line}"),
            promotion=names.get(each.promotion, each.promotion), line=number(each.line)),
            number(each.base), number(-each.amount))
        for each in priced.discounts)
    rows.extend(
        Row(format_html(
            _("Lost, for line {line} held no more: {promotion}"),
            promotion=names.get(each.promotion, each.promotion), line=number(each.line)),
            isolated("–"), number(each.lost))
        for each in priced.clamps)
    rows.extend(
        Row(format_html(
            _("Not given: {promotion} ({reason})"),
            promotion=names.get(each.promotion, each.promotion), reason=_refusal(each.code)),
            isolated("–"), number(0))
        for each in priced.refusals)
    rows.append(Row(_("Total"), None, number(priced.total)))
    rows.extend(
        Row(format_html(_("Tax contained, {rate} percent"), rate=decimal(each.tax_percent)),
            number(each.gross), number(each.tax))
        for each in priced.taxes)
    rows.extend(
        Row(names.get(each.rule, each.rule), number(each.base), number(each.points))
        for each in priced.earned)
    rows.extend(Row(_tender(each.kind), None, number(each.amount)) for each in sale.tenders)
    rows.append(Row(_("Change given"), None, number(sale.change)))
    return rows


def quantity(thousandths: int) -> str:
    """Return thousandths of a piece as a decimal without idle zeros."""
    return f"{thousandths // THOUSAND}.{thousandths % THOUSAND:03d}".rstrip("0").rstrip(".")


def _in_language(text: Text) -> str:
    return text.in_language(get_language() or "fa")


def _refusal(code: RefusalCode) -> str:
    return {
        RefusalCode.MEMBER: _("no member"), RefusalCode.TIER: _("not for this tier"),
        RefusalCode.NOTHING_LEFT: _("nothing left to discount"),
    }[code]


def _tender(kind: TenderKind) -> str:
    return {TenderKind.CASH: _("Cash"), TenderKind.DEBIT: _("Bank terminal")}[kind]
