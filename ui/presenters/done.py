"""A sale that was just made, in words: what was paid, the change, the receipt's number, the points. No Qt."""

from ui.format import Format, in_order
from ui.presenters.desk import Closed
from ui.presenters.reasons import rule_name
from ui.text import Words
from ui.views import BannerView, Tone


def done(closed: Closed, words: Words, style: Format) -> BannerView:
    """Return the news of ``closed``: the change is what the cashier hands over, so it is the largest."""
    sale, settled = closed.settled.sale, closed.settled
    fit = style.fitting((sale.priced.total, sale.change))
    text = words("Done: {amount} · receipt {receipt}", amount=fit.money(sale.priced.total), receipt=in_order(settled.receipt))
    change = words("Change {amount}", amount=fit.money(sale.change)) if sale.change else ""
    points = []
    if settled.points_after is not None:
        points = [words("Points got: {points}", points=style.number(sale.priced.points))] if sale.priced.points else []
        points.append(words("Points balance: {points}", points=style.number(settled.points_after)))
    return BannerView(Tone.OK, text, change, more=" · ".join((*points, *next_visit(closed, words, style))), again=True)


def next_visit(closed: Closed, words: Words, style: Format) -> tuple[str, ...]:
    """Return the coupons that the sale gave for a later visit, a sentence each."""
    return tuple(
        words("Coupon for the next visit, through {day}: {name}", day=style.date(each.last_day),
              name=rule_name(closed.pack, each.promotion, words, style, rate=True))
        for each in closed.settled.sale.priced.coupons)
