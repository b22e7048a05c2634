"""Rules in words: what they are called, why one was not given, and what a little more would bring. No Qt.

The sentences are for the customer at the counter: where something can be done about it they say
what. An amount that is missing is rounded up to the unit it is told in: it is enough.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station.dates import add_days
from station.errors import StationError
from station.pack import HAND, POINTS, ROUNDING, Pack
from station.ports import Packs
from station.priced import Hint, HintKind, Refusal, RefusalCode
from station.pricing import Joining
from station.promotion import EarningRule, Promotion
from station.rewards import PercentOff
from station.tender import TenderKind
from station.windows import DateSpan, HourSpan, Weekday
from ui.format import Format
from ui.text import Words, mark

_NBSP, _LRM, _RLM = "\u00a0", "\u200e", "\u200f"
_A_SATURDAY = "2026-11-21"

_PLAIN = {
    RefusalCode.OFF: mark("“{name}” is switched off at present."),
    RefusalCode.SHOP: mark("“{name}” is given in other shops of the club."),
    RefusalCode.MEMBER: mark("“{name}” is for members of the club."),
    RefusalCode.SEGMENT: mark("“{name}” is for members who were chosen for it."),
    RefusalCode.COUPON: mark("“{name}” is given only with its coupon."),
    RefusalCode.NOTHING_LEFT: mark("Nothing was left for “{name}”."),
}
_MEANS = {
    TenderKind.CASH: mark("in cash"), TenderKind.DEBIT: mark("on the bank terminal"),
    TenderKind.WALLET: mark("from the wallet"), TenderKind.GIFT_CARD: mark("by gift card"),
}


def rules_now(packs: Packs, at_us: int) -> Pack | None:
    """Return the rules in force at ``at_us`` (µs since 1970 UTC), None where they are not here: figures are told without."""
    try:
        return packs.current(at_us)
    except StationError:
        return None


def rule_name(pack: Pack, rule: str, words: Words, style: Format, *, rate: bool = False) -> str:
    """Return what ``rule`` of a result is called; with ``rate``, a plain percentage behind its name."""
    if rule == POINTS:
        return words("Paid with points")
    if rule == ROUNDING:
        return words("Rounded down for cash")
    if rule.startswith(f"{HAND}/"):
        return words("Given by hand")
    name = pack.rule_name(rule)
    text = name.in_language(words.language) if name else rule
    form = next((each.reward.form for each in pack.promotions if each.id == rule), None)
    return f"{text} ({style.percent(form.rate)})" if rate and isinstance(form, PercentOff) else text


def find_rule(pack: Pack, rule: str) -> Promotion | EarningRule | None:
    """Return the promotion or earning rule called ``rule``, or None."""
    rules: tuple[Promotion | EarningRule, ...] = (*pack.promotions, *pack.earning)
    return next((each for each in rules if each.id == rule), None)


def held(text: str, words: Words) -> str:
    """Return ``text`` so that it stays in its place in a sentence that runs the other way.

    Marks around it keep the figures and the punctuation beside it in the sentence's own direction
    (UAX #9, rules W2 and W7).
    """
    foreign, own = (("L",), _RLM) if words.rtl else (("R", "AL"), _LRM)
    return f"{own}{text}{own}" if any(unicodedata.bidirectional(each) in foreign for each in text) else text


def in_unit(style: Format, minor: int) -> str:
    """Return ``minor`` in the unit of ``style`` whatever it takes, with the unit's name."""
    return f"{style.amount(minor)}{_NBSP}{style.unit_name}"


def joining(gain: Joining, words: Words, style: Format) -> str:
    """Return what joining the club would have brought on this purchase."""
    saved, points = in_unit(style, gain.saved), style.points(gain.points)
    if gain.points <= 0:
        return words("As a member you would have saved {saved}.", saved=saved)
    if gain.saved <= 0:
        return words("As a member you would have earned {points}.", points=points)
    return words("As a member you would have saved {saved} and earned {points}.", saved=saved, points=points)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Tells refusals and hints under ``pack``, amounts in the unit of ``style``."""

    pack: Pack
    words: Words
    style: Format

    def name(self, rule: str) -> str:
        """Return the name of ``rule``, safe inside a sentence."""
        return held(rule_name(self.pack, rule, self.words, self.style), self.words)

    def refusal(self, refusal: Refusal) -> str:
        """Return why the rule was not given, as a sentence."""
        plain = _PLAIN.get(refusal.code)
        if plain:
            return self.words(plain, name=self.name(refusal.rule))
        return self._figures()[refusal.code](refusal)

    def hint(self, hint: Hint) -> str:
        """Return what a little more would bring, as a sentence."""
        name, words = self.name(hint.rule), self.words
        if hint.kind is HintKind.ONE_MORE_FREE:
            return words("One more piece is free: “{name}”.", name=name)
        everything = self._rule(hint.rule).counted.everything
        if hint.kind is HintKind.NEXT_STEP_AMOUNT:
            more = self.missing(hint.rule, hint.missing)
            return (words("Spend {more} and you reach the next step of “{name}”.", more=more, name=name)
                    if everything else
                    words("Spend {more} on eligible goods and you reach the next step of “{name}”.",
                          more=more, name=name))
        more = self.pieces(hint.missing)
        return (words("Add {more} and you reach the next step of “{name}”.", more=more, name=name)
                if everything else
                words("Add {more} of eligible goods and you reach the next step of “{name}”.", more=more, name=name))

    def pieces(self, count: int) -> str:
        """Return a number of pieces, named."""
        return self.words("1 piece") if count == 1 else self.words("{count} pieces", count=self.style.number(count))

    def missing(self, rule: str, amount: int) -> str:
        """Return that ``amount`` minor units more are needed for ``rule``, rounded up to the unit."""
        unit = self.style.unit.value
        more = in_unit(self.style, -(-amount // unit) * unit)
        found = find_rule(self.pack, rule)
        minimum = found.when.minimum if found else None
        if minimum and minimum.before_tax:
            return self.words("{amount} more before tax", amount=more)
        return self.words("{amount} more", amount=more)

    def _figures(self) -> dict[RefusalCode, Callable[[Refusal], str]]:
        """Return the sentences that tell figures or names, by code."""
        return {
            RefusalCode.DATE: self._time, RefusalCode.HOUR: self._time, RefusalCode.WEEKDAY: self._time,
            RefusalCode.TIER: self._tier, RefusalCode.CARD: self._card, RefusalCode.BIRTHDAY: self._birthday,
            RefusalCode.VISIT: self._visit, RefusalCode.PAYMENT: self._payment,
            RefusalCode.QUANTITY: self._quantity, RefusalCode.MINIMUM: self._minimum,
            RefusalCode.LIMITS: self._limits, RefusalCode.BUDGET: self._budget,
            RefusalCode.NOT_CHOSEN: self._not_chosen, RefusalCode.POINTS: self._points,
            RefusalCode.GROUP: self._group}

    def _time(self, refusal: Refusal) -> str:
        words, when = self.words, self._rule(refusal.rule).when
        if refusal.code is RefusalCode.DATE:
            time = self._and([self._dates(each) for each in when.dates])
        elif refusal.code is RefusalCode.HOUR:
            time = self._and([self._hours(each) for each in when.hours])
        else:
            days = [self._weekday(each) for each in Weekday if each in when.weekdays]
            time = words("on {days}", days=self._and(days))
        return words("“{name}” is for purchases {time}.", name=self.name(refusal.rule), time=time)

    def _dates(self, span: DateSpan) -> str:
        first, last = (self.style.date(day) if day else "" for day in (span.first, span.last))
        if not last:
            return self.words("from {first} on", first=first)
        if not first:
            return self.words("through {last}", last=last)
        return self.words("from {first} through {last}", first=first, last=last)

    def _hours(self, span: HourSpan) -> str:
        first, last = self.style.digits(span.start), self.style.digits(span.end)
        return self.words("between {first} and {last}", first=first, last=last)

    def _weekday(self, day: Weekday) -> str:
        return self.style.weekday(add_days(_A_SATURDAY, list(Weekday).index(day)))

    def _tier(self, refusal: Refusal) -> str:
        names = [tier.name.in_language(self.words.language) for each in self._rule(refusal.rule).when.tiers
                 if (tier := self.pack.tier(each))]
        return self.words("“{name}” is for {tiers} members.", name=self.name(refusal.rule),
                          tiers=held(self._and(names), self.words))

    def _card(self, refusal: Refusal) -> str:
        return self.words(
            "“{name}” needs a card that proves more: level {need}, and this is level {have}.",
            name=self.name(refusal.rule), need=self.style.number(refusal.need), have=self.style.number(refusal.have))

    def _birthday(self, refusal: Refusal) -> str:
        words, name, window = self.words, self.name(refusal.rule), self._rule(refusal.rule).when.birthday
        before, after = (self._days(window.before), self._days(window.after)) if window else ("", "")
        if before and after:
            return words("“{name}” is given from {before} before the birthday through {after} after it.",
                         name=name, before=before, after=after)
        if before:
            return words("“{name}” is given from {before} before the birthday through the birthday.",
                         name=name, before=before)
        if after:
            return words("“{name}” is given from the birthday through {after} after it.", name=name, after=after)
        return words("“{name}” is given on the birthday.", name=name)

    def _days(self, count: int) -> str:
        if count <= 1:
            return self.words("1 day") if count else ""
        return self.words("{count} days", count=self.style.number(count))

    def _visit(self, refusal: Refusal) -> str:
        visits, have = self._rule(refusal.rule).when.visits, self.style.number(refusal.have)
        if visits == (1,):
            return self.words("“{name}” is for the first purchase; this is number {have}.",
                              name=self.name(refusal.rule), have=have)
        numbers = self._and([self.style.number(each) for each in visits])
        return self.words("“{name}” is for purchase number {numbers}; this is number {have}.",
                          name=self.name(refusal.rule), numbers=numbers, have=have)

    def _payment(self, refusal: Refusal) -> str:
        means = [self.words(_MEANS[each]) for each in TenderKind if each in self._rule(refusal.rule).when.payments]
        return self.words("Pay all of it {means} and you get “{name}”.", name=self.name(refusal.rule),
                          means=self._or(means))

    def _quantity(self, refusal: Refusal) -> str:
        words, name = self.words, self.name(refusal.rule)
        if refusal.have > refusal.need:
            return words("“{name}” is only for up to {most}; these are {have}.", name=name,
                         most=self.pieces(refusal.need), have=self.style.number(refusal.have))
        more, rule = self.pieces(refusal.need - refusal.have), self._rule(refusal.rule)
        if rule.when.quantity_scope(rule.counted).everything:
            return words("Add {more} and you get “{name}”.", more=more, name=name)
        return words("Add {more} of eligible goods and you get “{name}”.", more=more, name=name)

    def _minimum(self, refusal: Refusal) -> str:
        words, name = self.words, self.name(refusal.rule)
        more, rule = self.missing(refusal.rule, refusal.need - refusal.have), self._rule(refusal.rule)
        if rule.when.minimum_scope(rule.counted).everything:
            return words("Spend {more} and you get “{name}”.", more=more, name=name)
        return words("Spend {more} on eligible goods and you get “{name}”.", more=more, name=name)

    def _limits(self, refusal: Refusal) -> str:
        return self.words(
            "The limit of “{name}” is reached: {have} of {need}.", name=self.name(refusal.rule),
            have=self.style.number(refusal.have), need=self.style.number(refusal.need))

    def _budget(self, refusal: Refusal) -> str:
        name = self.name(refusal.rule)
        if not refusal.need:
            return self.words("The budget of “{name}” is used up.", name=name)
        return self.words(
            "The budget of “{name}” holds {have}; {need} are needed.", name=name,
            have=in_unit(self.style, refusal.have), need=in_unit(self.style, refusal.need))

    def _not_chosen(self, refusal: Refusal) -> str:
        rule, name, points = self._rule(refusal.rule), self.name(refusal.rule), self.style.points(refusal.need)
        cost = rule.cost if isinstance(rule, Promotion) else None
        if cost and cost.per_pieces:
            return self.words("You can have “{name}”: {points} for every {pieces}.",
                              name=name, points=points, pieces=self.pieces(cost.per_pieces))
        return self.words("You can have “{name}” for {points}.", name=name, points=points)

    def _points(self, refusal: Refusal) -> str:
        return self.words(
            "“{name}” takes {need}; you have {have}.", name=self.name(refusal.rule),
            need=self.style.points(refusal.need), have=self.style.points(refusal.have))

    def _group(self, refusal: Refusal) -> str:
        if refusal.other:
            return self.words("“{other}” is better for you than “{name}”.",
                              name=self.name(refusal.rule), other=self.name(refusal.other))
        return self.words("Without “{name}” the purchase comes out better for you.", name=self.name(refusal.rule))

    def _rule(self, rule: str) -> Promotion | EarningRule:
        found = find_rule(self.pack, rule)
        if found is None:
            raise KeyError(rule)
        return found

    def _and(self, items: Sequence[str]) -> str:
        *others, last = items
        return self.words("{first} and {last}", first=self._listed(others), last=last) if others else last

    def _or(self, items: Sequence[str]) -> str:
        *others, last = items
        return self.words("{first} or {last}", first=self._listed(others), last=last) if others else last

    def _listed(self, items: Sequence[str]) -> str:
        return ("، " if self.words.rtl else ", ").join(items)
