"""What a good costs, asked without selling it: at the shelf, for the member in hand, and which promotions it takes part in. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from station.basket import Basket, BasketLine
from station.pack import Pack
from station.priced import Quote, Refusal, RefusalCode
from station.pricing import Engine
from station.product import Product, ProductKind
from station.promotion import Promotion
from station.scanned import Scanned

_NO_ACCOUNT = "-"
_OF_OTHERS = frozenset({RefusalCode.OFF, RefusalCode.SHOP, RefusalCode.SEGMENT, RefusalCode.NOTHING_LEFT})


@dataclass(frozen=True, slots=True)
class Enquiry:
    """``quantity`` thousandths of ``product`` (what its label says, or one) and what they would cost alone.

    ``listed`` is the price with tax before anything is taken off, ``quote`` what is asked of who is in
    hand. ``refused`` are the promotions that are for this good and were not given, those that name it
    before those that are for everything.
    """

    product: Product
    quantity: int
    listed: int
    quote: Quote
    pack: Pack
    refused: Sequence[Refusal]


def enquire(engine: Engine, basket: Basket, scanned: Scanned) -> Enquiry:
    """Return what ``scanned`` would cost whoever ``basket`` is of, alone: without its goods, gifts and wishes."""
    product = scanned.product
    account = "" if product.kind is ProductKind.GOODS else _NO_ACCOUNT
    alone = replace(
        basket, lines=(BasketLine(1, product, scanned.quantity, account, scanned.labelled),), next_line=2, by_hand=(),
        chosen=(), redeem=0, payments=())
    quote = engine.quote(alone)
    rules = {each.id: each for each in engine.pack.promotions}
    refused = [each for each in quote.refusals
               if each.rule in rules and each.code not in _OF_OTHERS and _is_for(rules[each.rule], product)]
    refused.sort(key=lambda each: rules[each.rule].counted.everything)
    return Enquiry(product, scanned.quantity, quote.priced.listed, quote, engine.pack, tuple(refused))


def _is_for(promotion: Promotion, product: Product) -> bool:
    """Return whether it may be told of beside ``product``; what is for chosen members is no news for others."""
    return not promotion.when.segments and (
        promotion.counted.covers(product) or promotion.reward.scope.covers(product))
