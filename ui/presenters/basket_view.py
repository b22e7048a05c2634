"""The open basket in words and figures: rows, member card and sums, each amount with its rule."""

from dataclasses import dataclass

from station.basket import Basket, BasketLine
from station.counter import Counter
from station.in_hand import InHand, Shown
from station.member import Member
from station.pack import HAND, Pack
from station.priced import Priced, Quote
from station.pricing import Joining
from station.promotion import Promotion
from station.rewards import PercentOff
from ui.format import Format
from ui.presenters.reasons import find_rule, in_unit, joining, rule_name
from ui.presenters.tempting import temptations
from ui.text import Words
from ui.views import BannerView, Chip, LineView, MemberView, SumView, Tone, TotalsView


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The open basket and what the engine says of it; ``joining`` is what a non-member would have gained.

    ``coupons`` counts those that lie ready for the member and are not in the basket.
    """

    basket: Basket
    pack: Pack
    quote: Quote
    joining: Joining | None = None
    coupons: int = 0

    @property
    def priced(self) -> Priced:
        """What the basket costs and earns."""
        return self.quote.priced


def reckon(counter: Counter) -> Reckoned | None:
    """Return what the engine says of the open basket of ``counter``, None without one."""
    held, quote = counter.in_hand, counter.quote()
    if held is None or quote is None:
        return None
    pack = held.engine.pack
    ready = sum(find_rule(pack, each.promotion) is not None for each in held.coupons_left)
    return Reckoned(held.basket, pack, quote, counter.gain_by_joining() if held.basket.lines else None, ready)


def fitting(style: Format, reckoned: Reckoned | None) -> Format:
    """Return ``style`` in the one unit that writes every amount of the basket without a fraction."""
    if reckoned is None:
        return style
    priced = reckoned.priced
    return style.fitting((
        *(line.product.price for line in reckoned.basket.lines), *(line.listed for line in priced.lines),
        *_by_rule(priced).values(), priced.total))


class BasketRows:
    """The rows of a basket. Those whose lines came out as before are kept: of 500 goods a scan changes one."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._way: tuple[str, Format] | None = None
        self._kept: dict[int, tuple[BasketLine, int, str, LineView]] = {}

    def describe(self, reckoned: Reckoned | None, words: Words, style: Format) -> tuple[LineView, ...]:
        """Return the rows: amounts are before discounts, as on the shelf, and with tax."""
        way = words.language, style
        if reckoned is None or way != self._way:
            self._way, self._kept = way, {}
        if reckoned is None:
            return ()
        rows, kept, by_hand = [], self._kept, bool(reckoned.basket.by_hand)
        for line, done in zip(reckoned.basket.lines, reckoned.priced.lines, strict=True):
            note = _by_hand(line, reckoned, words, style) if by_hand else ""
            row = kept.get(line.line)
            if row is None or row[0] is not line or row[1] != done.listed or row[2] != note:
                row = kept[line.line] = line, done.listed, note, LineView(
                    line.line, _name(line, words, style) + note, style.quantity(line.quantity),
                    style.amount(line.product.price), style.amount(done.listed))
            rows.append(row[3])
        return tuple(rows)


def _name(line: BasketLine, words: Words, style: Format) -> str:
    product = line.product
    name = product.name.in_language(words.language)
    if product.tax_included or product.tax_percent == "0":
        return name
    return words("{name}, plus {percent} tax", name=name, percent=style.percent(product.tax_percent))


def _by_hand(line: BasketLine, reckoned: Reckoned, words: Words, style: Format) -> str:
    """Return what was given by hand on this line alone and for what, in the unit of the columns; "" for nothing."""
    notes = []
    for number, given in enumerate(reckoned.basket.by_hand, 1):
        if given.line == line.line:
            rule, reason = f"{HAND}/{number}", words(given.reason)
            off = _by_rule(reckoned.priced).get(rule, 0)
            notes.append(words("at most {amount}: {reason}", amount=style.amount(off), reason=reason)
                         if rule in beyond(reckoned) else words("{reason}: {amount}", amount=style.amount(-off), reason=reason))
    return "".join(f" · {note}" for note in notes)


def beyond(reckoned: Reckoned | None) -> dict[str, int]:
    """Return what each that was given by hand would come to beyond what was approved, in minor units; those that do not are left out."""
    lost = [each for each in reckoned.priced.clamps if each.rule.startswith(f"{HAND}/")] if reckoned else []
    return {rule: sum(each.lost for each in lost if each.rule == rule) for rule in {each.rule for each in lost}}


def no_more_approved(before: Reckoned | None, after: Reckoned | None, words: Words, style: Format) -> BannerView | None:
    """Return the news that a discount by hand stays at what was approved, where more of it is ``after`` not given than ``before``."""
    held = beyond(after)
    if after is None or sum(held.values()) <= sum(beyond(before).values()):
        return None
    off = sum(amount for rule, amount in _by_rule(after.priced).items() if rule in held)
    return BannerView(Tone.WARN, words(
        "No more was approved: the discount by hand stays at {amount}.", amount=fitting(style, after).money(off)))


def another_member(before: InHand | None, after: InHand | None, words: Words) -> str:
    """Return the news that the basket, one member's ``before``, is another's ``after``, or ""."""
    former, member = (each.member if each else None for each in (before, after))
    if former is None or member is None or former.member_id == member.member_id:
        return ""
    return words("Another member: the basket is now {name}'s.", name=member.name or words("Member without a name"))


def describe_member(
    member: Member, pack: Pack, shown: Shown, words: Words, style: Format,
) -> MemberView:
    """Return the member's card; the highest tier wears the warm colour.

    ``shown`` is the card, of which is told what it proved and why not more.
    """
    tier = pack.tier(member.tier)
    name = tier.name.in_language(words.language) if tier else member.tier
    highest = max((each.rank for each in pack.tiers), default=0)
    tone = Tone.WARN if tier and tier.rank == highest else Tone.NEUTRAL
    gains = (_gain(each, words, style) for each in pack.promotions if member.tier in each.when.tiers and not each.off)
    return MemberView(
        member.name or words("Member without a name"), Chip(words("{tier} member", tier=name), tone),
        style.phone(member.phone) if member.phone else words("No phone number"),
        words("Last visit: {date}", date=style.date(member.last_visit)) if member.last_visit
        else words("First visit"),
        style.points(member.points), " · ".join(gains),
        words.card_tier(shown.tier) if shown.tier is not None else "", " ".join(map(words.proof_note, shown.notes)))


def _gain(promotion: Promotion, words: Words, style: Format) -> str:
    name, form = promotion.name.in_language(words.language), promotion.reward.form
    return f"{name} {style.percent(form.rate)}" if isinstance(form, PercentOff) else name


def describe_totals(reckoned: Reckoned | None, words: Words, style: Format) -> TotalsView:
    """Return the sums: list, each promotion that gave something by its name, tax contained, total.

    All are in one unit; the tax, which is only told, may show a tenth of a toman. Below them stand
    what joining would have brought, and what a little more would bring.
    """
    if reckoned is None:
        return TotalsView((SumView(words("Subtotal"), style.money(0)),), style.money(0), "")
    priced, member = reckoned.priced, reckoned.basket.member
    discounts = (SumView(_given(rule, reckoned, words) or rule_name(reckoned.pack, rule, words, style), style.money(-amount))
                 for rule, amount in _by_rule(priced).items())
    earns = words("Earns {points}", points=style.points(priced.points)) if member else ""
    return TotalsView(
        (SumView(words("Subtotal"), style.money(priced.listed)), *discounts,
         SumView(words("Tax contained"), in_unit(style, priced.tax))),
        style.money(priced.total), earns,
        joining(reckoned.joining, words, style) if reckoned.joining else "",
        temptations(reckoned.pack, reckoned.basket, reckoned.quote, words, style))


def _given(rule: str, reckoned: Reckoned, words: Words) -> str:
    """Return what was given by hand as ``rule`` is called in the sums, "" for what was not; its own line says how far it was approved."""
    given = next((each for number, each in enumerate(reckoned.basket.by_hand, 1) if rule == f"{HAND}/{number}"), None)
    if given is None:
        return ""
    reason = words(given.reason)
    return (words("Only this approved: {reason}", reason=reason) if given.line is None and rule in beyond(reckoned)
            else words("By hand: {reason}", reason=reason))


def _by_rule(priced: Priced) -> dict[str, int]:
    """Return what each rule took off in all, in the order they were applied."""
    sums: dict[str, int] = {}
    for discount in priced.discounts:
        sums[discount.rule] = sums.get(discount.rule, 0) + discount.amount
    return sums
