"""Goods that come back without their sale: scanned one by one, worth the shelf's price of now, for a reason. No Qt."""

from station.basket import BasketLine
from station.counter import World
from station.errors import ErrorCode, StationError
from station.journal import Stored
from station.money import THOUSAND
from station.people import Actor
from station.product import Product, ProductKind
from station.returning import Returning
from station.tender import Tender, TenderKind
from station.unknown_return import worth_now
from ui.format import Format, fold_digits
from ui.presenters.return_choice import Choice, Offer
from ui.presenters.return_words import REASONS, tender_facts
from ui.text import Words
from ui.views_return import DoneView, GoodsLine, GoodsView

MOST = 9_999 * THOUSAND


class WithoutSale:
    """The goods so far. ``reason`` is one of ``REASONS`` or ""; ``receipt`` what was scanned or typed of a paper."""

    def __init__(self, world: World, returning: Returning, receipt: str = "") -> None:
        """Begin without goods."""
        self._world, self._returning = world, returning
        self._goods: dict[int, Product] = {}
        self.choice = Choice(())
        self.reason, self.receipt = "", receipt
        self.money = 0

    @property
    def lines(self) -> tuple[BasketLine, ...]:
        """What comes back."""
        return tuple(BasketLine(line, product, self.choice.chosen[line]) for line, product in self._goods.items())

    @property
    def ready(self) -> bool:
        """Whether it can be done."""
        return bool(self._goods and self.reason)

    @property
    def subject(self) -> str:
        """What an approval is bound to."""
        return ",".join(f"{line.product.product_id}:{line.quantity}" for line in self.lines)

    def add(self, code: str) -> None:
        """Add a piece of the good with this barcode. Raises ``StationError`` PRODUCT_UNKNOWN, RETURN_NOT_ALLOWED."""
        product = self._world.shelf.product(fold_digits(code).strip(), self._world.clock.now().utc_us)
        if product is None:
            raise StationError(ErrorCode.PRODUCT_UNKNOWN)
        if product.kind is not ProductKind.GOODS:
            raise StationError(ErrorCode.RETURN_NOT_ALLOWED)
        line = next((number for number, held in self._goods.items() if held == product), None)
        if line is None:
            line = max(self._goods, default=0) + 1
            self._goods[line] = product
        self._offer(line)
        self.choice.chosen[line] = min(MOST, self.choice.chosen.get(line, 0) + THOUSAND)
        self._reckon()

    def chosen(self) -> None:
        """Follow a change of quantities: a line of which nothing is left goes."""
        for line in [each for each in self._goods if each not in self.choice.chosen]:
            del self._goods[line]
        if self.choice.selected not in self._goods:
            self._offer(max(self._goods, default=None))
        self._reckon()

    def book(self, actor: Actor, approver: Actor | None) -> Stored:
        """Do it; durable when this returns. Raises as ``Returning.take_unknown``."""
        return self._returning.take_unknown(self.lines, self.receipt, self.reason, actor, approver)

    def describe(self, words: Words, style: Format, problem: str) -> GoodsView:
        """Return the page in the language of ``words``."""
        fmt = style.fitting((self.money, *(amount for line in self.lines for amount in (line.product.price, line.shelf_amount))))
        return GoodsView(
            words("Goods come back without their sale"),
            words("Scan the goods. What goes back is the shelf's price of now, in cash, and no points."),
            (words("Item"), words("Price ({unit})", unit=fmt.unit_name), words("Amount ({unit})", unit=fmt.unit_name),
             words("Comes back")),
            tuple(GoodsLine(line.line, line.product.name.in_language(words.language),
                            (fmt.amount(line.product.price), fmt.amount(line.shelf_amount), fmt.quantity(line.quantity)))
                  for line in self.lines),
            self.choice.selected, words("No goods yet."), words("Goes back"), fmt.money(self.money),
            tender_facts((Tender(TenderKind.CASH, self.money),), words, fmt),
            (words("A second person approves it."),), (), tuple((each, words(each)) for each in REASONS), self.reason,
            words("Take the goods back"), self.ready, problem, receipt_asked=True, receipt=self.receipt)

    def describe_done(self, money: int, number: str, words: Words, style: Format) -> DoneView:
        """Return what was done, after it was durable."""
        return DoneView(
            words("Goods came back without their sale"), style.money(money),
            tender_facts((Tender(TenderKind.CASH, money),), words, style.fitting((money,))),
            words("Return receipt {number}", number=number))

    def _offer(self, selected: int | None) -> None:
        self.choice = Choice(tuple(Offer(line, MOST, product.weighed) for line, product in self._goods.items()),
                             selected, self.choice.chosen)

    def _reckon(self) -> None:
        pack = self._world.packs.current(self._world.clock.now().utc_us)
        self.money, _ = worth_now(pack, self.lines) if self._goods else (0, ())
