"""A list of sales, one sale, and one journal entry in words: the way down from a figure to what was written. No Qt."""

import json
from collections.abc import Iterator

from station.clock import Moment
from station.drawer import COUNTED
from station.journal import Entry, Position, receipt_number
from station.pack import Pack
from station.points import PointsEntry
from station.priced import Quote
from station.pricing import Engine
from station.sale import ReturnCause, Sale
from ui.export.sheet import Column, Kind, Sheet, Value
from ui.format import Format, in_order
from ui.presenters.calendar_words import span_words
from ui.presenters.explain import amounts_told, explain
from ui.presenters.figure_sheets import person_name
from ui.presenters.flag_words import flag_title
from ui.presenters.means import tender_name
from ui.presenters.reasons import held, rule_name
from ui.text import Words, mark
from ui.views_period import (
    MOST_SHOWN,
    EntryScreen,
    EntryView,
    OpeningsView,
    Part,
    SaleScreen,
    SalesView,
    SaleView,
)

_LRM = "\u200e"
_HASH_GROUP = 8
_NOTES = {COUNTED: mark("The drawer is counted")}
"""What the program itself wrote down as the reason; what people chose is marked where they choose it."""


def describe_sales(view: SalesView, words: Words, fmt: Format) -> Part:
    """Return the list: no name stands in it, so none gets into an export."""
    fit = fmt.fitting(amount for row in view.rows for amount in (row.total, row.discount))
    unit = fit.unit_name
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (row.business_date, row.at.minute_of_day if row.at else row.hour * 60,
         person_name(row.person, view.people.staff, words), words("member") if row.member_id else "",
         row.discount, row.points, row.total) for row in view.rows)
    title, notes = _sales_title(view, words, fit)
    return Part(Sheet("sales", title, (
        Column(words("Date"), Kind.DATE), Column(words("Time"), Kind.TIME), Column(words("Cashier")), Column(words("Membership")),
        Column(words("Discount ({unit})", unit=unit), Kind.MONEY), Column(words("Points"), Kind.NUMBER),
        Column(words("Total ({unit})", unit=unit), Kind.MONEY)), rows, fit, notes),
        view.rows, nothing=words("There was no sale."), most=MOST_SHOWN,
        more=words("The first {shown} of {count} are shown; a saved file has all of them.", shown=fit.number(MOST_SHOWN), count=fit.number(len(rows)))
        if len(rows) > MOST_SHOWN else "")


def describe_openings(view: OpeningsView, words: Words, fmt: Format) -> Part:
    """Return the list of drawers that were opened without a sale."""
    staff = view.people.staff
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (row.business_date, row.at.minute_of_day, person_name(row.person, staff, words), person_name(row.approver, staff, words),
         words(_NOTES.get(row.reason, row.reason))) for row in view.rows)
    return Part(Sheet("drawer", flag_title(view.flag, words, fmt), (
        Column(words("Date"), Kind.DATE), Column(words("Time"), Kind.TIME), Column(words("Who")), Column(words("Approved by")),
        Column(words("Reason"))), rows, fmt, (words("A flag accuses nobody: it shows where to look."),)), view.rows)


def _sales_title(view: SalesView, words: Words, fmt: Format) -> tuple[str, tuple[str, ...]]:
    count = fmt.number(len(view.rows))
    if view.flag:
        return flag_title(view.flag, words, fmt), (words("Sales: {count}", count=count),)
    if view.span:
        return (words("Sales of {span}", span=span_words(view.span, words, fmt)),
                (words("Sales: {count} · {total}", count=count, total=fmt.money(sum(row.total for row in view.rows))),))
    return (words("Purchases of this member"),
            (words("This station only: what was bought elsewhere is at head office. Sales: {count}", count=count),))


def describe_sale(view: SaleView, words: Words, fmt: Format) -> SaleScreen:
    """Return the sale: its lines, how it was paid with the points, every discount with its reason, its entry."""
    entry, row = view.entry, view.row
    if entry is None:
        gone = words("This entry was cut off here after head office had it. Only the sums are left.")
        nothing = Part(Sheet("sale", "", (Column(""),), (), fmt), (), nothing=gone)
        return SaleScreen(words("Sale of {day}", day=fmt.date(row.business_date)), gone, nothing, nothing, (gone,), None,
                          row.member_id or "")
    fit = fmt.fitting(_amounts(view, entry.body))
    number = in_order(receipt_number(entry.station, Position(entry.incarnation, entry.seq)))
    story = _Sale(view, entry, words, fit)
    return SaleScreen(
        words("Sale {number} · {moment}", number=number, moment=fit.date_time(entry.at)), story.caption(),
        story.lines(), story.paid(), story.why(), describe_entry(EntryView(view.stored), words, fit) if view.stored else None,
        row.member_id or "")


def _amounts(view: SaleView, sale: Sale) -> Iterator[int]:
    """Yield every amount on any side of the sale: its lines, its reasons, its tenders, and what went back."""
    yield from (amount for line in sale.priced.lines for amount in (line.listed, line.discount, line.total))
    yield from amounts_told(sale.basket, sale.priced)
    yield from (each.amount for each in sale.tenders)
    yield sale.change
    yield from (back.money for back in view.returns)


class _Sale:
    """Tells one sale that is here whole."""

    def __init__(self, view: SaleView, entry: Entry[Sale], words: Words, fmt: Format) -> None:
        self._view, self._words, self._fmt = view, words, fmt
        self._entry, self._sold = entry, entry.body

    def caption(self) -> str:
        words = self._words
        said = [words("Cashier: {name}", name=held(person_name(self._entry.actor.person, self._view.people.staff, words), words))]
        member = self._sold.basket.member
        if member:
            name = self._view.member.name if self._view.member else words("not known here any more")
            tier = self._view.pack.tier(member.tier) if self._view.pack else None
            said.append(words("Member: {name}", name=held(name, words)))
            if tier:
                said.append(held(tier.name.in_language(words.language), words))
        if self._view.returns:
            said.append(words("brought back: {count}", count=self._fmt.number(len(self._view.returns))))
        return " · ".join(said)

    def lines(self) -> Part:
        words, unit = self._words, self._fmt.unit_name
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (line.product.name.in_language(words.language), line.quantity, line.product.price, done.listed, done.discount, done.total)
            for line, done in zip(self._sold.basket.lines, self._sold.priced.lines, strict=True))
        priced = self._sold.priced
        total = (words("Total"), None, None, priced.listed, priced.discount, priced.total)
        return Part(Sheet("sale-lines", words("Goods"), (
            Column(words("Item")), Column(words("Quantity"), Kind.QUANTITY), Column(words("Price ({unit})", unit=unit), Kind.MONEY),
            Column(words("Listed ({unit})", unit=unit), Kind.MONEY), Column(words("Discount ({unit})", unit=unit), Kind.MONEY),
            Column(words("Total ({unit})", unit=unit), Kind.MONEY)), (*rows, total), self._fmt), (None,) * (len(rows) + 1))

    def paid(self) -> Part:
        words = self._words
        rows: list[tuple[Value, ...]] = [(tender_name(each, words, self._fmt), each.amount, None) for each in self._sold.tenders]
        if self._sold.change:
            rows.append((words("Change"), -self._sold.change, None))
        rows += [(self._points(each, self._view.pack), None, each.points) for each in self._sold.points]
        for back in self._view.returns:
            day = self._fmt.date(back.business_date)
            what = words("Voided on {day}", day=day) if back.cause is ReturnCause.VOID else words("Brought back on {day}", day=day)
            rows.append((what, -back.money, sum(each.points for each in back.points)))
        return Part(Sheet("sale-paid", words("Payment and points"), (
            Column(words("What")), Column(words("Amount ({unit})", unit=self._fmt.unit_name), Kind.MONEY),
            Column(words("Points"), Kind.NUMBER)), tuple(rows), self._fmt), (None,) * len(rows))

    def _points(self, entry: PointsEntry, pack: Pack | None) -> str:
        words = self._words
        rule = rule_name(pack, entry.rule, words, self._fmt) if pack else entry.rule
        return words("Points earned: {rule}", rule=rule) if entry.points > 0 else words("Points spent: {rule}", rule=rule)

    def why(self) -> tuple[str, ...]:
        """Return every discount with its rule, and why the others were not given."""
        pack, sale = self._view.pack, self._sold
        if pack is None:
            return (self._words("The rules this sale was priced with are not here any more. Head office can explain it."),)
        told = Engine(pack).quote(sale.basket)
        quote = Quote(sale.priced, told.refusals, told.hints, told.unknown_coupons)
        return tuple(explain(pack, sale.basket, quote, self._words, self._fmt))


def describe_entry(view: EntryView, words: Words, fmt: Format) -> EntryScreen:
    """Return an entry: where it stands, its hash, and its bytes with line breaks between the fields."""
    stored = view.stored
    document = json.loads(stored.raw)
    at = Moment(**document["at"])
    digits = stored.hash.hex()
    grouped = " ".join(digits[start:start + _HASH_GROUP] for start in range(0, len(digits), _HASH_GROUP))
    return EntryScreen(
        words("Journal entry {place}", place=fmt.number(stored.place)),
        ((words("Kind"), f"{_LRM}{stored.kind.value}"), (words("Time"), fmt.date_time(at)),
         (words("Incarnation and number"), f"{_LRM}{stored.incarnation} · {stored.seq}"), (words("Hash (SHA-256)"), f"{_LRM}{grouped}")),
        json.dumps(document, ensure_ascii=False, indent=2))
