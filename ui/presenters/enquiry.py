"""The price of a good, asked without selling it: in words and figures. No Qt."""

from dataclasses import dataclass

from station.counter import Counter
from station.enquiry import Enquiry
from station.errors import StationError
from station.money import THOUSAND
from ui.format import Format, fold_digits
from ui.presenters.reasons import Reasons, rule_name
from ui.text import Words
from ui.views import SumView

MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """What is shown of a good. ``price`` is large, for whom it is says ``whose``; ``quantity`` is "" for one piece.

    ``rows`` are what leads from the shelf's price to it, ``tells`` what more could be had. With a
    ``problem`` the rest is empty.
    """

    name: str = ""
    quantity: str = ""
    price: str = ""
    whose: str = ""
    rows: tuple[SumView, ...] = ()
    tells: tuple[str, ...] = ()
    problem: str = ""


NOTHING = EnquiryView()


class PriceEnquiry:
    """Lives on the screen's thread. No question raises ``StationError``: a refusal is the view's problem."""

    def __init__(self, counter: Counter) -> None:
        """Ask ``counter``; ``speak`` comes before anything else."""
        self._counter = counter
        self._words, self._style = Words("en"), Format("en")

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def ask(self, code: str) -> EnquiryView:
        """Return what the good with this ``code`` costs, in whatever digits it was typed."""
        plain = fold_digits(code).strip()
        if not plain:
            return NOTHING
        try:
            return self._view(self._counter.enquire(plain))
        except StationError as fault:
            return EnquiryView(problem=self._words.error(fault))

    def _view(self, found: Enquiry) -> EnquiryView:
        words, priced, pack = self._words, found.quote.priced, found.pack
        style = self._style.fitting((found.listed, priced.total, *(each.amount for each in priced.discounts)))
        member = self._counter.member
        whose = (words("Price for {name}", name=member.name or words("Member without a name")) if member
                 else words("Price without membership"))
        discounts = [SumView(rule_name(pack, each.rule, words, style), style.money(-each.amount))
                     for each in priced.discounts]
        rows = (SumView(words("Price on the shelf"), style.money(found.listed)), *discounts) if discounts else ()
        return EnquiryView(
            found.product.name.in_language(words.language), self._quantity(found, style), style.money(priced.total),
            whose, rows, self._tells(found, style))

    def _quantity(self, found: Enquiry, style: Format) -> str:
        """Return how much it is: a kilogram, or what the label says."""
        if not found.product.weighed:
            return ""
        if found.quantity == THOUSAND:
            return self._words("the kilogram")
        return self._words("{weight} kilograms", weight=style.quantity(found.quantity))

    def _tells(self, found: Enquiry, style: Format) -> tuple[str, ...]:
        reasons = Reasons(found.pack, self._words, style)
        hints = [reasons.hint(each) for each in found.quote.hints]
        told = [*hints, *(reasons.refusal(each) for each in found.refused)]
        points = found.quote.priced.points
        earns = [self._words("Earns {points}", points=style.points(points))] if points and self._counter.member else []
        return (*earns, *told[:MOST_TOLD])
