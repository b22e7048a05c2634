"""When a lot ends, and in which order lots are drawn on."""

import pytest

from station.dates import Calendar
from station.lots import Lot, LotTerms, Move, Until, Validity, by_expiry, draw, join

JALALI, GREGORIAN = Calendar.JALALI, Calendar.GREGORIAN


@pytest.mark.parametrize(("validity", "calendar", "last"), [
    (Validity(days=90), JALALI, "2026-04-17"),
    (Validity(months=1), GREGORIAN, "2026-02-17"),
    (Validity(until=Until.MONTH_END), GREGORIAN, "2026-01-31"),
    (Validity(until=Until.MONTH_END), JALALI, "2026-01-20"),  # 27 Dey 1404, Dey has 30 days
    (Validity(months=2, until=Until.YEAR_END), JALALI, "2026-03-20"),  # still 1404
    (Validity(months=3, until=Until.YEAR_END), JALALI, "2027-03-20"),  # Farvardin of 1405
    (Validity(until=Until.YEAR_END), GREGORIAN, "2026-12-31"),
])
def test_the_last_day_of_a_lot_of_17_january(validity: Validity, calendar: Calendar, last: str) -> None:
    assert validity.last_day("2026-01-17", calendar) == last


def test_a_lot_is_spendable_from_its_first_through_its_last_day() -> None:
    lot = Lot("k", "m", "k", "", "2026-01-15", "2026-02-01", 5)
    states = {day: (lot.pending(day), lot.spendable(day), lot.past(day))
              for day in ("2026-01-14", "2026-01-15", "2026-02-01", "2026-02-02")}
    assert states == {
        "2026-01-14": (True, False, False), "2026-01-15": (False, True, False),
        "2026-02-01": (False, True, False), "2026-02-02": (False, False, True)}


@pytest.mark.parametrize("wrong", [
    lambda: Validity(days=-1), lambda: Validity(months=-1), lambda: Validity(days=1, months=1), lambda: Validity(days=36_526), lambda: Validity(months=1201),
    lambda: LotTerms(pending_days=36_526),
    lambda: LotTerms(pending_days=-1), lambda: LotTerms(Validity(days=9), pending_days=10),
])
def test_terms_that_make_no_sense_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"^(a lot|pending_days)"):
        wrong()  # type: ignore[operator]


def test_pending_days_may_reach_the_last_day() -> None:
    assert LotTerms(Validity(days=10), pending_days=10).pending_days == 10


def lot(lot_id: str, last_day: str | None, left: int, source: str = "") -> Lot:
    return Lot(lot_id, "m", source or lot_id, "", "2026-01-01", last_day, left)


def test_lots_are_drawn_on_by_expiry_then_posting_and_those_without_end_last() -> None:
    lots = [lot("never", None, 9), lot("b", "2026-05-01", 9), lot("c", "2026-05-01", 9), lot("a", "2026-04-01", 9)]
    assert [each.lot_id for each in by_expiry(lots)] == ["a", "b", "c", "never"]
    assert [each.lot_id for each in by_expiry(lots, first="c")] == ["c", "a", "b", "never"]


def test_a_draw_takes_no_more_than_there_is() -> None:
    lots = [lot("a", None, 3), lot("empty", None, 0), lot("b", None, 4), lot("c", None, 4)]
    assert draw(lots, 5) == (Move("a", -3), Move("b", -2))
    assert draw(lots, 50) == (Move("a", -3), Move("b", -4), Move("c", -4))


def test_moves_of_one_lot_are_joined_and_those_of_nothing_left_out() -> None:
    assert join((Move("a", 5), Move("b", 2), Move("a", -5), Move("b", 1))) == (Move("b", 3),)
