"""What the counter says under the sums: what a little more would bring, the nearest first. No Qt."""

from collections.abc import Iterator
from itertools import islice

from station.basket import Basket
from station.conditions import facts_of, use_fault
from station.pack import Pack
from station.priced import Hint, HintKind, Quote, Refusal, RefusalCode
from station.promotion import EarningRule, Promotion
from ui.format import Format
from ui.presenters.reasons import Reasons, find_rule
from ui.text import Words

MOST_TOLD = 2


def temptations(pack: Pack, basket: Basket, quote: Quote, words: Words, style: Format) -> tuple[str, ...]:
    """Return at most two sentences, the one with the least missing amount first.

    What is missing in pieces counts as so many of the cheapest piece in the basket. Nothing is told
    that takes more than the basket's total again, or that would not be given all the same.
    """
    short = [each for each in quote.refusals if each.code in (RefusalCode.MINIMUM, RefusalCode.QUANTITY)]
    refused = {each.rule for each in short}
    near: list[tuple[int, str, Refusal | Hint]] = []
    for refusal in short:
        amount = _missing(pack, basket, refusal)
        if amount is not None and amount <= quote.priced.total:
            near.append((amount, refusal.rule, refusal))
    for hint in quote.hints:
        amount = _to_next(pack, basket, hint)
        if amount is not None and amount <= quote.priced.total and hint.rule not in refused:
            near.append((amount, hint.rule, hint))
    nearest = (each for _, rule, each in sorted(near, key=lambda found: found[:2])
               if isinstance(each, Hint) or _would_be_given(pack, basket, quote, rule))
    reasons = Reasons(pack, words, style)
    return tuple(
        reasons.hint(each) if isinstance(each, Hint) else reasons.refusal(each)
        for each in islice(nearest, MOST_TOLD))


def _missing(pack: Pack, basket: Basket, refusal: Refusal) -> int | None:
    """Return the amount that is missing, or None when more goods would not help."""
    more = refusal.need - refusal.have
    if refusal.code is RefusalCode.MINIMUM:
        return more
    return _price_of(pack, basket, refusal.rule, more) if more > 0 else None


def _to_next(pack: Pack, basket: Basket, hint: Hint) -> int | None:
    if hint.kind is HintKind.ONE_MORE_FREE:
        return 0
    if hint.kind is HintKind.NEXT_STEP_AMOUNT:
        return hint.missing
    return _price_of(pack, basket, hint.rule, hint.missing)


def _price_of(pack: Pack, basket: Basket, rule: str, pieces: int) -> int | None:
    """Return what ``pieces`` more of the cheapest good in the basket that ``rule`` counts cost, or None."""
    found = find_rule(pack, rule)
    prices = [line.shelf_amount if line.product.weighed else line.product.price
              for line in basket.lines if found and found.counted.covers(line.product)]
    return min(prices) * pieces if prices else None


def _would_be_given(pack: Pack, basket: Basket, quote: Quote, rule: str) -> bool:
    """Whether nothing but more goods stands between the customer and ``rule``, as far as can be known.

    One that is used up, asks for points, or shares its group with one that is given is not promised.
    """
    found = find_rule(pack, rule)
    if isinstance(found, Promotion) and (found.cost or use_fault(found, facts_of(basket))):
        return False
    given = {*quote.priced.applied, *(each.rule for each in quote.priced.earned)}
    return found is not None and not any(_same_group(found, each) for each in _rules(pack) if each.id in given)


def _same_group(one: Promotion | EarningRule, other: Promotion | EarningRule) -> bool:
    return bool(one.group) and one.group == other.group and type(one) is type(other)


def _rules(pack: Pack) -> Iterator[Promotion | EarningRule]:
    yield from pack.promotions
    yield from pack.earning
