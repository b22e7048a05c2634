"""Returns in words: the sales found, what comes back of one, what that comes to and why, and the receipt of it. No Qt."""

from collections.abc import Iterable, Sequence

from station.basket import BasketLine
from station.journal import Position, receipt_number
from station.member import Member
from station.pack import Pack
from station.past_sale import PastSale
from station.points import PointsEntry
from station.priced import IssuedCoupon
from station.product import ProductKind
from station.returning import ELSEWHERE, Preview
from station.returns import reversals
from station.sale import ReturnCause, Sale, SaleReturn
from station.span import Span
from station.tender import Tender, TenderKind
from ui.format import Format, in_order
from ui.presenters.calendar_words import span_words
from ui.presenters.means import tender_name
from ui.presenters.reasons import held, rule_name
from ui.text import Words, mark
from ui.views_return import Asked, DoneView, Fact, FindView, FoundSale, GoodsLine

REASONS = (
    mark("The receipt is lost"), mark("The receipt cannot be read"), mark("It was a gift"),
    mark("The receipt is of another till or shop"))
"""Why goods come back without their sale; the English sentence is what the journal keeps."""

WHERE = {
    TenderKind.CASH: mark("out of the drawer"), TenderKind.DEBIT: mark("refund it on the bank terminal"),
    TenderKind.WALLET: mark("goes back into the wallet"), TenderKind.GIFT_CARD: mark("goes back onto the gift card"),
}


def number_of(station: str, place: Position) -> str:
    """Return a receipt number that keeps the order of its parts in a line that runs the other way."""
    return in_order(receipt_number(station, place))


def amounts_of(sale: Sale) -> Iterable[int]:
    """Return every amount of ``sale`` that adds up with what goes back."""
    yield from (each.amount for each in sale.tenders)
    yield from (each.total for each in sale.priced.lines)
    yield from (each.product.price for each in sale.basket.lines)


def describe_found(
    found: Sequence[PastSale], station: str, names: dict[str, str], span: Span, words: Words, style: Format,
) -> FindView:
    """Return the list of sales; ``names`` are those of members and of the people here, by their ids."""
    fmt = style.fitting(amount for each in found for amount in (each.row.total, each.returned))
    rows = tuple(FoundSale(
        each.row.place, number_of(station, each.name), (fmt.time(each.row.at.minute_of_day) if span.days == 1 else fmt.date_time(each.row.at)) if each.row.at else "",
        " · ".join(held(name, words) for name in (
            names.get(each.row.person, each.row.person), names.get(each.row.member_id or "", "")) if name),
        fmt.amount(each.row.total),
        words("{amount} went back", amount=fmt.amount(each.returned)) if each.returned else "") for each in found)
    said = words("Sales: {count}", count=fmt.number(len(rows))) if rows else words("No such sale was found.")
    return FindView(span_words(span, words, fmt), rows, said, "", fmt.unit_name)


class Telling:
    """Tells one return before it is done."""

    def __init__(self, found: Preview, words: Words, style: Format, left: Iterable[int | None] = ()) -> None:
        """``left`` is what the accounts of its lines hold, which is told beside them; None where that is not known."""
        self._found, self._pack, self._words = found, found.pack, words
        self._sale, back = found.entry.body, found.returned
        self.fmt = style.fitting((
            *amounts_of(self._sale), back.money, back.cost, *back.tenders, *found.before.tenders,
            *(each for each in left if each is not None)))

    def caption(self, member: Member | None) -> str:
        """Return when it was sold, and to whom."""
        words = self._words
        said = [self.fmt.date_time(self._found.entry.at)]
        if self._found.place == ELSEWHERE:
            said.append(words("Bought at till {station}", station=in_order(self._found.entry.station)))
        if member:
            said.append(words("Member: {name}", name=held(member.name, words)))
        return " · ".join(said)

    def lines(self, chosen: dict[int, int], notes: dict[int, str]) -> tuple[GoodsLine, ...]:
        """Return the lines of the sale: sold for how much, how much came back, is left, and comes back now."""
        fmt, gone = self.fmt, gone_of(self._found)
        totals = {line.line: line.total for line in self._sale.priced.lines}
        return tuple(GoodsLine(
            line.line, line.product.name.in_language(self._words.language),
            (fmt.quantity(line.quantity), fmt.amount(totals[line.line]), fmt.quantity(line.quantity - gone.get(line.line, 0)),
             fmt.quantity(chosen.get(line.line, 0))), notes.get(line.line, "")) for line in self._sale.basket.lines)

    def headers(self) -> tuple[str, ...]:
        """Return the heads of the columns of ``lines``."""
        words = self._words
        return (words("Item"), words("Sold"), words("Paid ({unit})", unit=self.fmt.unit_name), words("Can come back"),
                words("Comes back"))

    def money(self) -> str:
        """Return what goes back, with its unit."""
        return self.fmt.money(self._found.returned.money)

    def facts(self) -> tuple[Fact, ...]:
        """Return how the money is reckoned, where it goes, and what moves of points and coupons."""
        return (*self._reckoning(), *tender_facts(self._tenders(), self._words, self.fmt), *self._points(), *self._coupons())

    def notes(self) -> tuple[str, ...]:
        """Return what else has to be known."""
        words, before = self._words, self._found.before
        returned = self._found.returned
        short = self._sale.priced.total - returned.cost - sum(before.tenders)
        said = [words("What stays costs more than was paid for everything: nothing goes back, and nothing is asked for.")
                ] if short < 0 else []
        dropped = [rule for rule in self._sale.priced.applied if rule not in returned.remains.applied]
        if dropped and returned.remains.lines:
            rules = ", ".join(rule_name(self._pack, rule, words, self.fmt) for rule in dropped)
            said.append(words("What stays no longer gets: {rules}", rules=rules))
        return tuple(said)

    def asked(self) -> tuple[Asked, ...]:
        """Return the trace numbers that are needed."""
        words, fmt = self._words, self.fmt
        return tuple(
            Asked(i, words("Trace number of the refund of {amount}", amount=fmt.money(each.amount)))
            for i, each in enumerate(self._tenders()) if each.kind is TenderKind.DEBIT and each.amount)

    def _tenders(self) -> tuple[Tender, ...]:
        return tuple(Tender(sold.kind, amount, account=sold.account)
                     for sold, amount in zip(self._sale.tenders, self._found.returned.tenders, strict=True))

    def _reckoning(self) -> tuple[Fact, ...]:
        words, fmt, returned = self._words, self.fmt, self._found.returned
        facts = [Fact(words("Was paid"), fmt.amount(self._sale.priced.total)),
                 Fact(words("What stays costs"), fmt.amount(-returned.cost))]
        if gone := sum(self._found.before.tenders):
            facts.append(Fact(words("Went back before"), fmt.amount(-gone)))
        return tuple(facts)

    def _points(self) -> tuple[Fact, ...]:
        return points_facts(
            reversals("", self._sale, self._found.before, self._found.returned), self._pack, self._words, self.fmt)

    def _coupons(self) -> tuple[Fact, ...]:
        return coupon_facts(self._found.returned.coupons, self._pack, self._words, self.fmt)


def gone_of(found: Preview) -> dict[int, int]:
    """Return by line how much of the sale came back before."""
    gone: dict[int, int] = {}
    for each in found.before.lines:
        gone[each.line] = gone.get(each.line, 0) + each.quantity
    return gone


def tender_facts(tenders: Iterable[Tender], words: Words, fmt: Format) -> tuple[Fact, ...]:
    """Return what goes back by each means, and what is to be done for it, until that was done."""
    return tuple(Fact(tender_name(each, words, fmt), fmt.amount(each.amount), "" if each.trace else words(WHERE[each.kind]))
                 for each in tenders if each.amount)


def points_facts(points: Iterable[PointsEntry], pack: Pack, words: Words, fmt: Format) -> tuple[Fact, ...]:
    """Return the points that come back to the member, and those that go."""
    return tuple(Fact(
        words("Points given back") if each.points > 0 else words("Points taken back"), fmt.number(each.points),
        rule_name(pack, each.rule, words, fmt)) for each in points)


def coupon_facts(coupons: Iterable[IssuedCoupon], pack: Pack, words: Words, fmt: Format) -> tuple[Fact, ...]:
    """Return the coupons that die, by what they give: their codes are long."""
    return tuple(Fact(
        words("Coupon: {name}", name=rule_name(pack, each.promotion, words, fmt)), fmt.number(-1),
        words("ends, if it was not used yet")) for each in coupons)


def dying(back: SaleReturn, sale: Sale) -> tuple[IssuedCoupon, ...]:
    """Return the coupons of ``sale`` that die with ``back``."""
    return tuple(each for each in sale.priced.coupons if each.code in back.coupons)


def line_note(line: BasketLine, words: Words, *, balance: int | None, fmt: Format) -> str:
    """Return what has to be said of a line that is money on an account, "" for goods."""
    if line.product.kind is ProductKind.GOODS:
        return ""
    if balance is None:
        return words("What is left on it is known at head office only. It comes back when head office can be reached.")
    return words("{amount} is left on it: no more comes back.", amount=fmt.money(balance))


def describe_done(
    back: SaleReturn, sale: Sale, numbers: tuple[str, str], pack: Pack, words: Words, style: Format,
) -> DoneView:
    """Return what was done, after it was durable; ``numbers`` are those of the return and of the sale."""
    number, of_receipt = numbers
    fmt = style.fitting((back.money, *(each.amount for each in back.tenders)))
    heading = (words("Receipt {number} is void", number=of_receipt) if back.cause is ReturnCause.VOID else
               words("Goods of receipt {number} came back", number=of_receipt))
    facts = (*tender_facts(back.tenders, words, fmt), *points_facts(back.points, pack, words, fmt),
             *coupon_facts(dying(back, sale), pack, words, fmt))
    return DoneView(heading, fmt.money(back.money), facts, words("Return receipt {number}", number=number))
