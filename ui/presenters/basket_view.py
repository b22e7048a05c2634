"""The open basket in words and figures: rows, member card and sums, each amount with its rule."""

from station.basket import Basket, BasketLine
from station.card import CardTier
from station.member import Member
from station.pack import Pack
from station.pricing import Priced
from ui.format import Format
from ui.text import Words
from ui.views import Chip, LineView, MemberView, SumView, Tone, TotalsView


def fitting(style: Format, basket: Basket | None, priced: Priced | None) -> Format:
    """Return ``style`` in the one unit that writes every amount of the basket without a fraction."""
    if basket is None or priced is None:
        return style
    return style.fitting((
        *(line.product.price for line in basket.lines), *(line.listed for line in priced.lines),
        *_by_promotion(priced).values(), priced.total))


def describe_lines(
    basket: Basket | None, priced: Priced | None, words: Words, style: Format,
) -> tuple[LineView, ...]:
    """Return the rows: amounts are before discounts, as on the shelf, and with tax."""
    if basket is None or priced is None:
        return ()
    return tuple(
        LineView(line.line, _name(line, words, style), style.quantity(line.quantity),
                 style.amount(line.product.price), style.amount(done.listed))
        for line, done in zip(basket.lines, priced.lines, strict=True))


def _name(line: BasketLine, words: Words, style: Format) -> str:
    product = line.product
    name = product.name.in_language(words.language)
    if product.tax_included or product.tax_percent == "0":
        return name
    return words("{name}, plus {percent} tax", name=name, percent=style.percent(product.tax_percent))


def describe_member(
    member: Member, pack: Pack, card: CardTier | None, words: Words, style: Format,
) -> MemberView:
    """Return the member's card; the highest tier wears the warm colour.

    ``card`` is what the card shown can prove, None when the member was found without one.
    """
    tier = pack.tier(member.tier)
    name = tier.name.in_language(words.language) if tier else member.tier
    highest = max((each.rank for each in pack.tiers), default=0)
    tone = Tone.WARN if tier and tier.rank == highest else Tone.NEUTRAL
    gains = (f"{each.name.in_language(words.language)} {style.percent(each.reward.percent)}"
             for each in pack.promotions if member.tier in each.tiers)
    proof = words.card_tier(card) if card is not None else ""
    return MemberView(
        member.name, Chip(words("{tier} member", tier=name), tone, proof), style.phone(member.phone),
        words("Last visit: {date}", date=style.date(member.last_visit)) if member.last_visit
        else words("First visit"),
        style.points(member.points), " · ".join(gains))


def describe_totals(
    basket: Basket | None, pack: Pack | None, priced: Priced | None, words: Words, style: Format,
) -> TotalsView:
    """Return the sums: list, each promotion that gave something by its name, tax contained, total.

    All are in one unit; the tax, which is only told, may show a tenth of a toman.
    """
    if basket is None or pack is None or priced is None:
        return TotalsView((SumView(words("Subtotal"), style.money(0)),), style.money(0), "")
    names = {each.id: each.name.in_language(words.language) for each in pack.promotions}
    discounts = (SumView(names[promotion], style.money(-amount))
                 for promotion, amount in _by_promotion(priced).items())
    earns = words("Earns {points}", points=style.points(priced.points)) if basket.member else ""
    return TotalsView(
        (SumView(words("Subtotal"), style.money(priced.listed)), *discounts,
         SumView(words("Tax contained"), f"{style.amount(priced.tax)}\u00a0{style.unit_name}")),
        style.money(priced.total), earns)


def _by_promotion(priced: Priced) -> dict[str, int]:
    """Return what each promotion took off in all, in the order they were applied."""
    sums: dict[str, int] = {}
    for discount in priced.discounts:
        sums[discount.promotion] = sums.get(discount.promotion, 0) + discount.amount
    return sums
