"""Control totals: a Z report beside the sum of the entries of its shift, as head office received them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from headoffice.audit import shifts
from headoffice.audit.models import Difference
from headoffice.intake.models import Entry, Quarantine
from station.journal import Cause, Checkpoint, EntryKind, Opened, Position
from station.shift import CashMoved, CashReason, CountReason, ShiftClosed
from station.tender import TenderKind
from station.totals import Tally, Total
from tests.fakes import CASHIER, NOON
from tests.headoffice.shop import Till
from tests.headoffice.test_returns import MANAGER, Shop, differences, forge, shop

__all__ = ["shop"]


def day(shop: Shop) -> ShiftClosed:
    """A day with everything in it; return its Z report."""
    sold = shop.sell_pieces(2)
    shop.drawer.move_cash(-50_000, CashReason.BANK, CASHIER, MANAGER)
    shop.drawer.read(CASHIER)
    shop.back(sold.place)
    shop.drawer.close(0, CountReason.UNEXPLAINED, CASHIER)
    shop.counter.open_shift(CASHIER, 70_000)
    shop.drawer.correct(1, TenderKind.CASH, 100, CountReason.NOT_RUNG_UP, CASHIER, MANAGER)
    return shop.drawer.close(70_000, CountReason.NONE, CASHIER)


def test_everything_a_drawer_does_is_kept_and_closed_shifts_agree(shop: Shop) -> None:
    day(shop)
    assert shop.send().quarantined == ()
    assert list(Entry.objects.order_by("seq").values_list("kind", flat=True)) == [
        "OPENED", "SHIFT_OPENED", "SALE", "CASH_MOVED", "READING", "RETURN", "SHIFT_CLOSED", "SHIFT_OPENED",
        "CORRECTION", "SHIFT_CLOSED"]
    forge(shop, Checkpoint(3, "0f" * 32, "0f" * 32), EntryKind.CHECKPOINT)
    assert not Quarantine.objects.exists()
    assert differences() == []


def test_a_shift_over_two_incarnations_agrees(shop: Shop) -> None:
    """What another copy sold in the same shift after this one was taken is not this one's."""
    shop.sell_pieces(1)
    shop.send()
    sent = shop.sent
    shop.sell_pieces(1)
    shop.journal.begin_anew(Cause.RESTORED, "test", NOON)
    shop.sell_pieces(2)
    old = shop.journal.branches()[0]
    for stored in old.after(sent, 9):
        shop.till.journal.append_raw(stored.raw)
    last = shop.till.journal.append(CashMoved(1, 5, CashReason.OTHER), kind=EntryKind.CASH_MOVED)
    assert shop.till.put(sent + 1, last).status == 200
    shop.drawer.close(None, CountReason.NONE, CASHIER)
    shop.send()
    assert differences() == []


@pytest.mark.parametrize(("change", "words"), [
    (lambda _: {"expected_cash": 1}, "cash expected 1, due 0"),
    (lambda z: {"totals": z.totals[1:]}, "TENDER CASH"),
    (lambda _: {"totals": (Total(Tally.TAX, "", 5),)}, "TAX 5, due 0"),
    (lambda z: {"totals": (*z.totals, z.totals[-1])}, "a figure stands twice"),
    (lambda _: {"shift": 2}, "the opening of shift 2 is not here"),
])
def test_a_report_that_is_not_the_sum_of_its_entries_is_flagged(
    shop: Shop, change: Callable[[ShiftClosed], dict[str, Any]], words: str,
) -> None:
    shop.drawer.move_cash(100, CashReason.FLOAT, CASHIER)
    shop.drawer.move_cash(-100, CashReason.BANK, CASHIER)
    shop.send()
    honest = shop.drawer.close(None, CountReason.NONE, CASHIER)
    assert honest.totals == (Total(Tally.CASH_MOVED, "BANK", -100), Total(Tally.CASH_MOVED, "FLOAT", 100))
    seq = forge(shop, replace(honest, **change(honest)), EntryKind.SHIFT_CLOSED)
    assert differences() == [(seq, "TOTALS")]
    assert words.replace("TENDER CASH", "CASH_MOVED BANK 0, due -100") in Difference.objects.get().detail


@pytest.mark.parametrize("opened", [
    Opened("x"), Opened("x", Cause.RESTORED, Position("0f" * 16, 9), "0f" * 32),
    Opened("x", Cause.RESTORED, Position("a3f9" + "0" * 28, 9), "")])
def test_a_shift_that_was_never_opened_here_is_flagged(till: Till, opened: Opened) -> None:
    till.journal.incarnation, till.journal.raws = "a3f9" + "0" * 28, []
    till.journal.hashes = till.journal.hashes[:1]
    till.journal.append(opened)
    till.journal.append(ShiftClosed(1, 1, None, 0, CountReason.NOT_COUNTED, ()), kind=EntryKind.SHIFT_CLOSED)
    assert till.put(1, 2).status == 200
    assert differences() == [(2, "TOTALS")]


def test_a_journal_without_end_is_not_read_for_ever(shop: Shop) -> None:
    """What stands between a closing and its opening is bounded, and so is the number of incarnations."""
    assert (shifts.MOST_ENTRIES, shifts.MOST_INCARNATIONS) == (50_000, 20)
    after: Position | None = None
    for number in range(shifts.MOST_INCARNATIONS + 1):
        till = shop.till
        till.journal = type(till.journal)("12-1", f"{number:032x}")
        till.journal.append(Opened("x", Cause.RESTORED, after))
        assert till.put(1, 1).status == 200
        after = Position(f"{number:032x}", 1)
    seq = forge(shop, ShiftClosed(1, 1, None, 0, CountReason.NOT_COUNTED, ()), EntryKind.SHIFT_CLOSED)
    assert differences() == [(seq, "TOTALS")]
