"""A shift's X or Z report on paper, as the receipt printer draws it. No Qt."""

from station.journal import Entry
from station.shift import CountReason, Reading, ShiftClosed
from station.tender import TenderKind
from station.totals import Tally, figure
from ui.format import Format
from ui.text import Words, mark
from ui.views_report import ReceiptView, Row

MEANS: dict[TenderKind, str] = {
    TenderKind.CASH: mark("Cash"), TenderKind.DEBIT: mark("Bank terminal"), TenderKind.WALLET: mark("Wallet"),
    TenderKind.GIFT_CARD: mark("Gift card")}
REASONS: dict[CountReason, str] = {
    CountReason.CHANGE_GIVEN: mark("Wrong change given"), CountReason.NOT_RUNG_UP: mark("Sold and not rung up"),
    CountReason.UNEXPLAINED: mark("Nobody knows why"), CountReason.NOT_COUNTED: mark("Not counted"),
    CountReason.CASH_TAKEN: mark("The cash was taken away before"), CountReason.TILL_FAILED: mark("The till had failed")}
_MONEY = frozenset({
    Tally.LISTED, Tally.DISCOUNT, Tally.TOTAL, Tally.RETURNED, Tally.VOIDED, Tally.NO_SALE_MONEY, Tally.TENDER, Tally.CASH_MOVED})
_LRM = "\u200e"


def report_view(
    entry: Entry[Reading] | Entry[ShiftClosed], shop: str, cashier: str, words: Words, style: Format, *, copy: bool,
) -> ReceiptView:
    """Return the report in ``entry`` in the language of ``words``; ``copy`` marks one that was printed before."""
    body = entry.body
    closed = body if isinstance(body, ShiftClosed) else None
    fmt = fitted(body, style)
    kind = words("Z report {number}", number=fmt.number(body.number)) if closed else words(
        "X report {number}", number=fmt.number(body.number))
    return ReceiptView(
        rtl=words.rtl, shop=shop, copy=words("COPY") if copy else "",
        head=(Row(words("Report"), kind), Row(words("Shift"), fmt.number(body.shift)),
              Row(words("Date"), fmt.date_time(entry.at)), Row(words("Cashier"), cashier),
              Row(words("Entry"), f"{_LRM}{entry.station}-{entry.seq:06d}")),
        unit=words("Amounts in {unit}", unit=fmt.unit_name), lines=(), sums=_sums(body, words, fmt),
        total=Row(words("Expected in the drawer"), fmt.money(body.expected_cash)), taxes=(),
        paid=_counted(closed, words, fmt) if closed else (), member=_members(body, words, fmt), footer=())


def fitted(body: Reading | ShiftClosed, style: Format) -> Format:
    """Return ``style`` in the one unit of all that the report says."""
    counted = (body.counted or 0) if isinstance(body, ShiftClosed) else 0
    return style.fitting((*(each.amount for each in body.totals if each.tally in _MONEY), body.expected_cash, counted))


def _sums(body: Reading | ShiftClosed, words: Words, fmt: Format) -> tuple[Row, ...]:
    """Return what was sold, what came back, and how it was paid."""
    def amount(tally: Tally, name: str = "") -> int:
        return figure(body.totals, tally, name)

    rows = [
        Row(words("Sales"), fmt.number(amount(Tally.SALES))), Row(words("Subtotal"), fmt.amount(amount(Tally.LISTED))),
        Row(words("Discounts"), fmt.amount(-amount(Tally.DISCOUNT))), Row(words("Sold"), fmt.amount(amount(Tally.TOTAL))),
        Row(words("Tax contained"), fmt.amount(amount(Tally.TAX))),
        Row(words("Returns"), fmt.number(amount(Tally.RETURNS))), Row(words("Given back"), fmt.amount(-amount(Tally.RETURNED)))]
    if voids := amount(Tally.VOIDS):
        rows.append(Row(words("of it for {count} voids", count=fmt.number(voids)), fmt.amount(-amount(Tally.VOIDED))))
    if unknown := amount(Tally.NO_SALE):
        rows.append(Row(words("of it without a sale, {count} times", count=fmt.number(unknown)), fmt.amount(-amount(Tally.NO_SALE_MONEY))))
    rows += [Row(words(MEANS[kind]), fmt.amount(taken)) for kind in MEANS if (taken := amount(Tally.TENDER, kind.value))]
    if moved := amount(Tally.CASH_MOVED):
        rows.append(Row(words("Moved in or out of the drawer"), fmt.amount(moved)))
    return tuple(rows)


def _counted(closed: ShiftClosed, words: Words, fmt: Format) -> tuple[Row, ...]:
    if closed.counted is None:
        why = () if closed.reason is CountReason.NOT_COUNTED or closed.reason not in REASONS else (
            Row(words("Reason"), words(REASONS[closed.reason])),)
        return (Row(words("Counted"), words(REASONS[CountReason.NOT_COUNTED])), *why)
    rows = [Row(words("Counted"), fmt.amount(closed.counted))]
    if closed.difference:
        rows.append(Row(words("Difference"), fmt.amount(closed.difference)))
    if closed.reason in REASONS:
        rows.append(Row(words("Reason"), words(REASONS[closed.reason])))
    return tuple(rows)


def _members(body: Reading | ShiftClosed, words: Words, fmt: Format) -> tuple[Row, ...]:
    return tuple(
        Row(words(label), fmt.number(figure(body.totals, tally)))
        for label, tally in (
            (mark("Sales to members"), Tally.MEMBER_SALES), (mark("Points earned"), Tally.EARNED),
            (mark("Points spent"), Tally.SPENT)))


def test_page(shop: str, words: Words) -> ReceiptView:
    """Return a page that shows whether the printer prints, in the language of ``words``."""
    return ReceiptView(
        rtl=words.rtl, shop=shop, copy="", head=(), unit="", lines=(), sums=(), total=Row(words("Printer test"), "1234567890"),
        taxes=(), paid=(), member=(), footer=(words("If you can read this, the printer works."),))
