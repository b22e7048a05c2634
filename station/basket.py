"""The open basket: the engine's complete input but for the pack, frozen as it was at every scan."""

from dataclasses import dataclass, replace

from station.card import CardTier, Medium
from station.card_life import Spender
from station.clock import Moment
from station.dates import day_number
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.member import MemberSnapshot
from station.money import THOUSAND, half_up, line_amount
from station.product import Product, ProductKind
from station.step_up import StepUp
from station.tender import TenderKind

MOST_QUANTITY = 9_999 * THOUSAND


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line: ``quantity`` thousandths of ``product``. ``line`` counts from 1 and is never reused.

    ``account`` is the wallet or gift card that a top-up or a sold card loads, "" for goods;
    ``labelled`` what a label of the shop's scales says it costs, whatever price and quantity come to.
    """

    line: int
    product: Product
    quantity: int
    account: str = ""
    labelled: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a quantity that cannot be sold, a top-up of nobody's account, or a label below 0."""
        if not 0 < self.quantity <= MOST_QUANTITY or (self.quantity % THOUSAND and not self.product.weighed):
            message = f"quantity {self.quantity} on line {self.line}"
            raise ValueError(message)
        if bool(self.account) == (self.product.kind is ProductKind.GOODS):
            message = f"line {self.line}: a gift card or top-up names its account, goods name none"
            raise ValueError(message)
        if self.labelled is not None and self.labelled < 0:
            message = f"line {self.line}: a label of {self.labelled}"
            raise ValueError(message)

    @property
    def shelf_amount(self) -> int:
        """What its label says, or price × quantity, rounded once; tax is in it when the price includes tax."""
        return line_amount(self.product.price, self.quantity) if self.labelled is None else self.labelled

    def of(self, quantity: int) -> "BasketLine":
        """Return the line with only ``quantity`` thousandths, for that part of what its label says."""
        labelled = self.labelled and half_up(self.labelled * quantity, self.quantity)
        return replace(self, quantity=quantity, labelled=labelled)

    @property
    def pieces(self) -> int:
        """How many pieces the line counts as: a weighed line is one."""
        return 1 if self.product.weighed else self.quantity // THOUSAND


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon shown: its ``code``; for one made for a member also its ``promotion`` and last day."""

    code: str
    promotion: str = ""
    last_day: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without a code, or on a day that does not exist."""
        if not self.code:
            message = "a coupon has a code"
            raise ValueError(message)
        if self.last_day:
            day_number(self.last_day)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The member wants the reward of ``promotion`` for points, ``times`` over."""

    promotion: str
    times: int = 1

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when it is wanted less than once."""
        if self.times < 1:
            message = f"chosen {self.times} times: {self.promotion}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Usage:
    """How many sales got ``promotion`` before this one; ``budget_left`` of its money (None: all of it)."""

    promotion: str
    by_member: int = 0
    by_member_today: int = 0
    today: int = 0
    in_all: int = 0
    budget_left: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative count."""
        if min(self.by_member, self.by_member_today, self.today, self.in_all) < 0:
            message = f"a usage count of {self.promotion} is negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Basket:
    """What is bought, by whom, when, and everything else the engine judges; stored in the sale as it was.

    ``pack`` is the number of the rule pack fixed at ``opened``, the moment at which time is judged;
    ``next_line`` the number the next new line gets. ``card`` is what the member's card proved,
    ``payments`` the means the customer pays with (empty: not said yet), ``redeem`` how many points
    the member wants to pay with, ``by_hand`` what people gave, in the order they gave it. ``spender``
    is who of the member's family buys (None: the member), ``step_up`` what was proven beside the card.
    """

    basket_id: str
    shop: str
    pack: int
    opened: Moment
    lines: tuple[BasketLine, ...] = ()
    member: MemberSnapshot | None = None
    next_line: int = 1
    card: CardTier | None = None
    payments: tuple[TenderKind, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    redeem: int = 0
    by_hand: tuple[ByHand, ...] = ()
    usage: tuple[Usage, ...] = ()
    spender: Spender | None = None
    step_up: StepUp | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a line or usage stands twice, or a figure points nowhere."""
        numbers = [line.line for line in self.lines]
        if len(set(numbers)) != len(numbers) or (numbers and max(numbers) >= self.next_line):
            message = f"line numbers {numbers} stand twice or reach next_line {self.next_line}"
            raise ValueError(message)
        if self.redeem < 0:
            message = f"points to pay with are not negative: {self.redeem}"
            raise ValueError(message)
        for name, promotions in (("usage", self.usage), ("chosen", self.chosen)):
            if len({each.promotion for each in promotions}) != len(promotions):
                message = f"{name}: a promotion stands twice"
                raise ValueError(message)
        for given in self.by_hand:
            if given.line is not None and given.line not in numbers:
                message = f"given by hand on line {given.line}, which is not there"
                raise ValueError(message)

    def with_product(self, product: Product, quantity: int, account: str = "", labelled: int | None = None) -> "Basket":
        """Return the basket with ``quantity`` more of ``product``.

        Pieces of one product at the same shelf facts share a line; each weighing is a line of its
        own, and so is each labelled packet, gift card or top-up. Raises ``StationError`` QUANTITY_INVALID outside
        (0, 9 999] pieces.
        """
        for held in self.lines:
            if held.product == product and not product.weighed and not account and held.labelled is labelled is None:
                return self.with_quantity(held.line, held.quantity + quantity)
        _check_quantity(quantity)
        added = BasketLine(self.next_line, product, quantity, account, labelled)
        return replace(self, lines=(*self.lines, added), next_line=self.next_line + 1)

    def with_quantity(self, line: int, quantity: int) -> "Basket":
        """Return the basket with line number ``line`` at ``quantity`` thousandths.

        Raises ``StationError`` QUANTITY_INVALID outside (0, 9 999] pieces, LABEL_FIXED for what a
        label says, ``KeyError`` when there is no such line.
        """
        _check_quantity(quantity)
        self._require(line)
        if any(held.line == line and held.labelled is not None for held in self.lines):
            raise StationError(ErrorCode.LABEL_FIXED)
        return replace(self, lines=tuple(
            replace(held, quantity=quantity) if held.line == line else held for held in self.lines))

    def without(self, line: int) -> "Basket":
        """Return the basket without line number ``line`` and what was given on it by hand.

        Raises ``KeyError`` when there is no such line.
        """
        self._require(line)
        return replace(
            self, lines=tuple(held for held in self.lines if held.line != line),
            by_hand=tuple(given for given in self.by_hand if given.line != line))

    def with_line(self, line: BasketLine) -> "Basket":
        """Return the basket with ``line`` put back in its place (the undo of ``without``)."""
        others = (held for held in self.lines if held.line != line.line)
        return replace(self, lines=tuple(sorted((*others, line), key=lambda held: held.line)))

    def with_member(
        self, member: MemberSnapshot | None, card: CardTier | None = None, spender: Spender | None = None,
    ) -> "Basket":
        """Return the basket belonging to ``member``, who showed a card of tier ``card``, or to nobody.

        ``spender`` is who of the family holds that card. What another member wanted to pay with
        points, chose, used or proved goes with that member, and the given coupons; one that was shown
        before there was a member is whoever's brings it, and stays.
        """
        if self.member and member and self.member.member_id == member.member_id:
            return replace(self, member=member, card=card, spender=spender)
        return replace(
            self, member=member, card=card, spender=spender, step_up=None, chosen=(), redeem=0, usage=(), coupons=tuple(
                coupon for coupon in self.coupons if self.member is None or not coupon.promotion))

    def _require(self, line: int) -> None:
        if all(held.line != line for held in self.lines):
            raise KeyError(line)


@dataclass(frozen=True, slots=True)
class HeldBasket:
    """A basket in hand and how its member was identified (None: without a card), to be found after a restart."""

    basket: Basket
    medium: Medium | None = None


def _check_quantity(quantity: int) -> None:
    if not 0 < quantity <= MOST_QUANTITY:
        raise StationError(ErrorCode.QUANTITY_INVALID, quantity=quantity)
