"""What second persons approved, in words: who asked, who agreed, to what, when and for how much. No Qt."""

from station.approval import OperationKind
from station.card_life import CardReason
from station.shift import CashReason, CountReason
from station.shift_rows import ApprovalRow
from ui.export.sheet import Column, Kind, Sheet, Value
from ui.format import Format
from ui.presenters.calendar_words import span_words
from ui.text import Words, mark
from ui.views_period import Part, PeriodView

WHAT: dict[OperationKind, str] = {
    OperationKind.HAND_DISCOUNT: mark("Discount by hand"), OperationKind.RETURN: mark("Return"),
    OperationKind.RETURN_UNKNOWN: mark("Return without the sale"), OperationKind.VOID: mark("Sale made void"),
    OperationKind.DRAWER: mark("Drawer opened without a sale"), OperationKind.CASH_MOVED: mark("Cash put in or taken out"),
    OperationKind.COUNT_DIFFERENCE: mark("Difference in the count"), OperationKind.CORRECTION: mark("Correction of a closed shift"),
    OperationKind.CARD_BACK_IN_USE: mark("Card put back to use"), OperationKind.LET_IN: mark("Let in without the own PIN"),
    OperationKind.ENROL: mark("Member admitted"), OperationKind.BIRTHDAY: mark("Birthday of a member changed"),
    OperationKind.TRAINING: mark("Training begun")}

REASONS: dict[str, str] = {
    CashReason.FLOAT: mark("change for the drawer"), CashReason.BANK: mark("to the bank"), CashReason.EXPENSE: mark("an expense"),
    CashReason.OTHER: mark("something else"),
    CountReason.CHANGE_GIVEN: mark("wrong change given"), CountReason.NOT_RUNG_UP: mark("not rung up"),
    CountReason.UNEXPLAINED: mark("unexplained"), CountReason.NOT_COUNTED: mark("not counted"),
    CardReason.FOUND: mark("found again"), CardReason.MISTAKE: mark("a mistake"), CardReason.WISHED: mark("as the member wished")}
"""What the codes of reasons mean; a reason that a cashier chose is kept as a sentence."""


def approval_part(view: PeriodView, words: Words, fmt: Format) -> Part:
    """Return the table of approvals; each leads to the sale or the entry it was for."""
    held = view.flagged or view.span
    found = view.approvals or ()
    names = {each.staff_id: each.name.in_language(words.language) for each in view.people.staff}

    def row(each: ApprovalRow) -> tuple[Value, ...]:
        return (each.business_date, each.at.minute_of_day, names.get(each.asked) or each.asked,
                names.get(each.approver) or each.approver, words(WHAT[each.what]) if each.what else words("something else"),
                _reason(each, words), each.amount)

    return Part(
        Sheet("approvals", words("Approvals, {span}", span=span_words(held, words, fmt)), (
            Column(words("Date"), Kind.DATE), Column(words("Time"), Kind.TIME), Column(words("Asked by")),
            Column(words("Approved by")), Column(words("What")), Column(words("Reason")),
            Column(words("Amount ({unit})", unit=fmt.unit_name), Kind.MONEY)),
            tuple(map(row, found)), fmt,
            (words("This station only. Amounts in {unit}.", unit=fmt.unit_name),)),
        found, nothing=words("Nothing was approved by a second person."))


def _reason(each: ApprovalRow, words: Words) -> str:
    said = REASONS.get(each.reason, each.reason)
    return words(said) if said else ""
