"""A member's own report in words: figures, a table for each part, and the strip of paper. No Qt."""

from collections.abc import Callable, Iterator

from station.benefits import Benefits, PointsMove, Purchase
from station.matter import MatterState
from station.pack import HAND
from station.points import PointsKind
from ui.export.sheet import Column, Kind, Sheet, Value, numeric_date
from ui.format import Format, fold_digits, in_order
from ui.presenters.ask_words import KINDS, SUBJECTS
from ui.presenters.calendar_words import span_words
from ui.presenters.customer import first_name
from ui.presenters.member_book import local
from ui.presenters.reasons import held, rule_name
from ui.text import Words, mark
from ui.views_benefits import BenefitPart, BenefitsScreen, BenefitsView
from ui.views_period import Part
from ui.views_report import Card, ReceiptLine, ReceiptView, Row

MOST_ON_PAPER = 60
"""Purchases on one strip: a metre and a half of paper; those before them stand on the screen."""

LEFT_OPEN, LEAST_HIDDEN = 4, 3
"""Digits of a phone that stay readable at its end, and those at least that do not."""

_KINDS: dict[PointsKind, str] = {
    PointsKind.EARN: mark("Earned"), PointsKind.REDEEM: mark("Spent"), PointsKind.EXPIRE: mark("Ended unspent"),
    PointsKind.ADJUST: mark("Put right by hand"), PointsKind.TRANSFER: mark("Handed over")}

_STATES: dict[MatterState, str] = {
    MatterState.OPEN: mark("not answered yet"), MatterState.ANSWERED: mark("answered"), MatterState.CLOSED: mark("closed")}


def describe_benefits(view: BenefitsView, words: Words, fmt: Format) -> BenefitsScreen:
    """Return ``view`` in the language of ``words``; all amounts are in one unit."""
    story = _Report(view, words, fmt.fitting(_amounts(view.told)))
    here = words("Head office could not be asked: these are the figures of this station.")
    said = f"{here} {words.error(view.fault)}" if view.fault else ""
    return BenefitsScreen(
        words("Report of {name}", name=held(view.name, words)), story.source(), story.cards(), {
            BenefitPart.PURCHASES: story.purchases(), BenefitPart.DISCOUNTS: story.discounts(),
            BenefitPart.POINTS: story.points(), BenefitPart.EXPIRING: story.expiring(),
            BenefitPart.MATTERS: story.matters()}, said)


def benefits_paper(view: BenefitsView, shop: str, words: Words, style: Format) -> ReceiptView:
    """Return the report as a strip of paper: the first name, and of the phone its end."""
    return _Report(view, words, style.fitting(_amounts(view.told))).paper(shop)


def masked(phone: str, style: Format) -> str:
    """Return ``phone`` with all but its last digits hidden; of a short one nothing is left."""
    plain = fold_digits(phone)
    open_digits = LEFT_OPEN if len(plain) >= LEFT_OPEN + LEAST_HIDDEN else 0
    hidden = len(plain) - open_digits
    return in_order(f"{'*' * hidden}{style.digits(plain[hidden:])}") if plain else ""


def _amounts(told: Benefits) -> Iterator[int]:
    for each in told.purchases:
        yield each.total
        yield each.discount
    yield from (each.amount for each in told.given)


class _Report:
    """Tells one view; ``fmt`` writes all amounts in its unit."""

    def __init__(self, view: BenefitsView, words: Words, fmt: Format) -> None:
        self._view, self._told, self._words, self._fmt = view, view.told, words, fmt

    def source(self) -> str:
        """Return whose figures these are, and as of when."""
        words, as_of = self._words, self._told.as_of_us
        span = span_words(self._told.span, words, self._fmt)
        if as_of is None:
            return words("{span}. This station only.", span=span)
        moment = self._fmt.date_time(local(as_of, self._view.now.offset))
        return words("{span}. All shops, as head office has it: {moment}.", span=span, moment=moment)

    def cards(self) -> tuple[Card, ...]:
        words, fmt, told, unit = self._words, self._fmt, self._told, self._fmt.unit_name
        bought = sum(not each.is_back for each in told.purchases)
        listed = told.gained + sum(each.total for each in told.purchases if not each.is_back)
        share = fmt.percent(str(told.gained * 100 // listed if listed else 0))
        coming = told.expiring_from(self._view.now.date)
        balance = (words("Balance: {count}", count=fmt.number(told.balance)) if told.balance is not None
                   else words("as this station knows it"))
        return (
            Card(words("Paid ({unit})", unit=unit), fmt.amount(told.bought), words("Purchases: {count}", count=fmt.number(bought))),
            Card(words("Gained by discounts ({unit})", unit=unit), fmt.amount(told.gained),
                 words("{percent} of the list price", percent=share)),
            Card(words("Points got"), fmt.number(told.got), balance),
            Card(words("Points spent"), fmt.number(told.spent),
                 words("Given back: {count}", count=fmt.number(told.given_back))),
            Card(words("Points that end"), "–" if told.expiring is None else fmt.number(sum(each.points for each in coming)),
                 words("known at head office") if told.expiring is None else
                 words("from {day} on", day=fmt.date(coming[0].last_day)) if coming else words("none with an end")))

    def _notes(self) -> tuple[str, ...]:
        words = self._words
        notes = [self.source()]
        if self._told.more:
            notes.append(words("There were more: only the latest are told. Choose fewer days."))
        if self._told.untold:
            notes.append(words("Purchases of which only the sums are kept here: {count}", count=self._fmt.number(self._told.untold)))
        return tuple(notes)

    def purchases(self) -> Part:
        words, unit = self._words, self._fmt.unit_name
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (each.day, each.minute, self._what(each), in_order(each.receipt) if each.receipt else "",
             each.discount, each.points, each.total) for each in self._told.purchases)
        return self._part(Sheet("purchases", words("Purchases"), (
            Column(words("Date"), Kind.DATE), Column(words("Time"), Kind.TIME), Column(words("What")), Column(words("Receipt")),
            Column(words("Discount ({unit})", unit=unit), Kind.MONEY), Column(words("Points"), Kind.NUMBER),
            Column(words("Total ({unit})", unit=unit), Kind.MONEY)), rows, self._fmt, self._notes()),
            words("There was no purchase."))

    def _what(self, purchase: Purchase) -> str:
        if purchase.is_back:
            return self._words("Brought back")
        return self._words("Bought in shop {shop}", shop=self._fmt.digits(purchase.shop)) if (
            self._told.as_of_us is not None and purchase.shop) else self._words("Bought")

    def discounts(self) -> Part:
        words, told = self._words, self._told
        rows: tuple[tuple[Value, ...], ...] = tuple((self._rule(each.rule), each.times, each.amount) for each in told.given)
        title = words("Gained by discounts: {total}", total=self._fmt.money(told.gained))
        return self._part(Sheet("discounts", title, (
            Column(words("Reason")), Column(words("Purchases"), Kind.NUMBER),
            Column(words("Discount ({unit})", unit=self._fmt.unit_name), Kind.MONEY)), rows, self._fmt, self._notes()),
            words("There was no discount."))

    def points(self) -> Part:
        words = self._words
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (each.day, self._moved(each), self._rule(each.rule) if each.rule else "", each.points) for each in self._told.moves)
        return self._part(Sheet("points", words("Points, entry by entry"), (
            Column(words("Date"), Kind.DATE), Column(words("What")), Column(words("Reason")),
            Column(words("Points"), Kind.NUMBER)), rows, self._fmt, self._notes()), words("No points moved."))

    def _moved(self, move: PointsMove) -> str:
        if move.kind is PointsKind.REVERSE:
            return self._words("Given back") if move.points > 0 else self._words("Taken back with goods")
        return self._words(_KINDS[move.kind])

    def expiring(self) -> Part:
        words, told = self._words, self._told
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (each.last_day, each.points) for each in told.expiring_from(self._view.now.date))
        nothing = (words("When points end is known at head office. Ask it while the line is up.") if told.expiring is None
                   else words("No points of this member have an end."))
        return self._part(Sheet("expiring", words("Points that end, by their last day"), (
            Column(words("Last day"), Kind.DATE), Column(words("Points"), Kind.NUMBER)), rows, self._fmt, self._notes()), nothing)

    def matters(self) -> Part:
        """Return what the member said at counters, and what head office answered."""
        words, told = self._words, self._told
        offset = self._view.now.offset
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (local(each.at_us, offset).date, words(KINDS[each.kind]), words(SUBJECTS[each.subject]), each.words,
             each.answer or words(_STATES[each.state])) for each in told.matters or ())
        nothing = (words("What was answered is known at head office. Ask it while the line is up.") if told.matters is None
                   else words("This member has asked nothing."))
        return self._part(Sheet("questions", words("What the member said, and what was answered"), (
            Column(words("Date"), Kind.DATE), Column(words("Kind")), Column(words("About")), Column(words("In the member's words")),
            Column(words("Answer"))), rows, self._fmt, self._notes()), nothing)

    def _part(self, sheet: Sheet, nothing: str) -> Part:
        return Part(sheet, (None,) * len(sheet.rows), nothing=nothing)

    def _rule(self, rule: str) -> str:
        pack, whole = self._view.pack, f"{rule}/" if rule == HAND else rule
        return rule_name(pack, whole, self._words, self._fmt) if pack else rule

    def paper(self, shop: str) -> ReceiptView:
        """Return the strip: purchases, what each rule gained, points and what ends when."""
        words, fmt, told, view = self._words, self._fmt, self._told, self._view
        shown = told.purchases[:MOST_ON_PAPER]
        left = len(told.purchases) - len(shown)
        phone, name = masked(view.phone, fmt), first_name(view.name)
        return ReceiptView(
            rtl=words.rtl, shop=shop, copy="",
            head=(Row(words("Report"), words("What membership brought")), *((Row(words("Member"), name),) if name else ()),
                  *((Row(words("Phone"), phone),) if phone else ()),
                  Row(words("Days"), span_words(told.span, words, fmt)), Row(words("Printed"), fmt.date_time(view.now))),
            unit=words("Amounts in {unit}", unit=fmt.unit_name), lines=tuple(map(self._line, shown)),
            sums=tuple(Row(self._rule(each.rule), fmt.amount(each.amount)) for each in told.given),
            total=Row(words("Gained by discounts"), fmt.money(told.gained)), taxes=(),
            paid=(Row(words("Paid"), fmt.amount(told.bought)),), member=self._points_on_paper(),
            footer=(self.source(), *self._notes()[1:], *(
                (words("Older purchases that are not printed: {count}", count=fmt.number(left)),) if left else ())))

    def _line(self, each: Purchase) -> ReceiptLine:
        words, fmt = self._words, self._fmt
        calendar = Sheet("", "", (), (), fmt).calendar
        day = fmt.digits(numeric_date(each.day, calendar))
        name = f"{day} · {in_order(each.receipt)}" if each.receipt else day
        what = self._what(each)
        if each.discount:
            what = words("{what}, {amount} off", what=what, amount=fmt.amount(each.discount))
        if each.points:
            what = words("{what}, points {count}", what=what, count=fmt.number(each.points))
        return ReceiptLine(name, what, fmt.amount(each.total))

    def _points_on_paper(self) -> tuple[Row, ...]:
        words, fmt, told = self._words, self._fmt, self._told
        balance = words("known at head office") if told.balance is None else fmt.number(told.balance)
        figures: tuple[tuple[str, Callable[[Benefits], int]], ...] = (
            (mark("Points got"), lambda each: each.got), (mark("Points spent"), lambda each: each.spent),
            (mark("Points given back"), lambda each: each.given_back), (mark("Points ended unspent"), lambda each: each.expired))
        rows = [Row(words("Points now"), balance), *(Row(words(label), fmt.number(of(told))) for label, of in figures)]
        rows += [Row(words("{count} points end after", count=fmt.number(each.points)), fmt.date(each.last_day))
                 for each in told.expiring_from(self._view.now.date)]
        return tuple(rows)
