"""Returns and voids on the points ledger: lots restored, claims, debt or clamp, lapsed points, grace."""

from dataclasses import replace

import pytest

from station.dates import Calendar
from station.ledger import Ledger
from station.lots import Lot, LotTerms, Move, Validity
from station.points import Approval, Earn, Merge, PointsKind, Redeem, Remaining, Return, Transfer
from station.posting import LedgerRefusal, LedgerRules, Outcome, Shortfall, goes_back

DAY = "2026-06-01"
BY_HAND = Approval("clerk", "manager", "a complaint")
RULES = LedgerRules(Calendar.GREGORIAN, LotTerms(Validity(days=300)))


def sold(ledger: Ledger, sale: str, spend: int, gain: int, day: str = DAY) -> None:
    """Post a sale: what is spent in it, then what is earned."""
    if spend:
        assert ledger.post(Redeem(f"{sale}/pay", "m", day, spend, "pay", sale)).refused is None
    if gain:
        ledger.post(Earn(f"{sale}/base", "m", day, gain, "base", sale))


def back(key: str, sale: str, day: str = DAY, **remains: int) -> Return:
    """A return; ``remains`` by the last part of the entry's key."""
    return Return(key, "m", day, sale, tuple(Remaining(f"{sale}/{name}", n) for name, n in remains.items()))


def left(ledger: Ledger, day: str = DAY) -> dict[str, int]:
    return {lot.lot_id: lot.left for lot in ledger.standing("m", day).lots}


def with_two_lots() -> Ledger:
    ledger = Ledger(RULES)
    ledger.post(Earn("soon", "m", DAY, 30, "base", terms=LotTerms(Validity(days=60))))
    ledger.post(Earn("late", "m", DAY, 50, "base", terms=LotTerms(Validity(days=90))))
    return ledger


def test_spent_points_go_back_into_their_lots_last_taken_first_part_by_part() -> None:
    ledger = with_two_lots()
    sold(ledger, "s", 70, 0)  # 30 of soon, 40 of late
    first = ledger.post(back("r1", "s", pay=45)).postings[0]
    assert (first.kind, first.amount, first.moves, first.origin) == (
        PointsKind.REVERSE, 25, (Move("late", 25),), "s/pay")
    second = ledger.post(back("r2", "s", pay=20)).postings[0]
    assert second.moves == (Move("late", 15), Move("soon", 10))
    assert ledger.post(back("r3", "s")).postings[0].moves == (Move("soon", 20),)
    assert left(ledger) == {"soon": 30, "late": 50}


def test_what_is_spent_comes_back_before_what_was_earned_is_taken() -> None:
    ledger = Ledger(RULES)
    ledger.post(Earn("had", "m", DAY, 100, "base"))
    sold(ledger, "s", 100, 40)
    sold(ledger, "t", 40, 0)  # the 40 of s are spent
    assert [p.amount for p in ledger.post(back("r", "s")).postings] == [100, -40]
    assert (ledger.standing("m", DAY).debt, left(ledger)) == (0, {"had": 60})


def test_a_lot_that_ends_before_the_grace_is_made_anew_with_the_grace() -> None:
    ledger = with_two_lots()  # end on 31 July and 30 August
    sold(ledger, "s", 50, 0)
    given = ledger.post(back("r", "s", "2026-07-15")).postings[0]  # grace to 14 August
    assert given.opened == (Lot("r/s/pay/soon", "m", "soon", "", DAY, "2026-08-14"),)
    assert given.moves == (Move("late", 20), Move("r/s/pay/soon", 30))
    assert left(ledger) == {"r/s/pay/soon": 30, "late": 50}


def test_a_lot_that_ends_with_the_grace_takes_its_points_back() -> None:
    ledger = with_two_lots()
    sold(ledger, "s", 10, 0)
    ledger.post(back("r", "s", "2026-07-01"))  # grace to 31 July, the last day of soon
    assert left(ledger) == {"soon": 30, "late": 50}


def test_a_lot_that_ended_long_ago_comes_back_with_the_grace_whether_or_not_expired() -> None:
    for expired in (False, True):
        ledger = with_two_lots()
        sold(ledger, "s", 10, 0)
        if expired:
            ledger.expire("2026-12-01")
        ledger.post(back("r", "s", "2026-12-01"))
        now = ledger.standing("m", "2026-12-31")
        assert (now.spendable, ledger.spendable("m", "2027-01-01")) == (10, 0)


def test_a_lot_without_end_takes_its_points_back() -> None:
    ledger = Ledger(replace(RULES, terms=LotTerms()))
    ledger.post(Earn("had", "m", DAY, 10, "base"))
    sold(ledger, "s", 4, 0)
    ledger.post(back("r", "s", "2030-01-01"))
    assert left(ledger) == {"had": 10}


def test_earned_points_are_taken_from_their_own_lot_then_the_earliest_to_expire_then_debt() -> None:
    ledger = with_two_lots()
    sold(ledger, "s", 0, 40)  # ends last of all
    sold(ledger, "t", 70, 0)  # soon 30, late 40
    assert left(ledger) == {"late": 10, "s/base": 40}
    assert ledger.post(back("r1", "s", base=25)).postings[0].moves == (Move("s/base", -15),)
    sold(ledger, "u", 30, 0)  # late 10, s/base 20
    last = ledger.post(back("r2", "s")).postings[0]
    assert (last.amount, last.moves, ledger.standing("m", DAY).debt) == (-25, (Move("s/base", -5),), 20)


def test_a_claim_leaves_its_own_lot_for_the_one_that_ends_first() -> None:
    ledger = with_two_lots()
    sold(ledger, "s", 0, 40)
    ledger.post(Transfer("t", "m", DAY, 20, "n", BY_HAND))  # of soon
    sold(ledger, "u", 65, 0)  # soon 10, late 50, s/base 5
    ledger.post(Earn("new", "m", DAY, 8, "base", terms=LotTerms()))
    assert ledger.post(back("r", "s")).postings[0].moves == (Move("s/base", -35), Move("new", -5))


def test_points_that_expired_unspent_count_as_taken_back() -> None:
    for expired in (False, True):
        ledger = Ledger(replace(RULES, terms=LotTerms(Validity(days=10))))
        sold(ledger, "s", 0, 100)
        sold(ledger, "t", 30, 0)
        ledger.post(Earn("other", "m", DAY, 500, "base", terms=LotTerms()))
        if expired:
            ledger.expire("2026-07-01")
        first, second = (ledger.post(back(key, "s", "2026-07-01", base=n)).postings[0] for key, n in (("r1", 40), ("r2", 0)))
        assert [(first.amount, first.lapsed), (second.amount, second.lapsed)] == [(0, 60), (-30, 10)]
        ledger.expire("2026-07-01")
        assert ledger.balance("m") == 470
        assert sum(n for _, n in ledger.earned("m")) == 500


def test_clamped_is_forgiven_for_good() -> None:
    ledger = Ledger(replace(RULES, shortfall=Shortfall.CLAMP))
    sold(ledger, "s", 0, 150)
    sold(ledger, "t", 100, 0)
    first = ledger.post(back("r1", "s", base=50)).postings[0]
    assert (first.amount, first.clamped) == (-50, 50)
    ledger.post(Earn("later", "m", DAY, 200, "base"))
    second = ledger.post(back("r2", "s")).postings[0]
    assert (second.amount, second.clamped) == (-50, 0)


def test_each_rule_of_a_sale_is_reversed_for_itself() -> None:
    ledger = Ledger(RULES)
    sold(ledger, "s", 0, 30)
    ledger.post(Earn("s/bonus", "m", DAY, 100, "bonus", "s"))
    postings = ledger.post(back("r", "s", base=20, bonus=100)).postings
    assert [(p.key, p.amount, p.rule) for p in postings] == [("r/s/base", -10, "base")]


def test_a_return_twice_or_of_more_than_was_changes_nothing() -> None:
    ledger = Ledger(RULES)
    sold(ledger, "s", 0, 30)
    assert ledger.post(back("r0", "s", base=31)) == Outcome()
    assert len(ledger.post(back("r1", "s", base=10)).postings) == 1
    assert ledger.post(back("r1", "s", base=0)) == Outcome()  # the key is written, whatever it says now
    assert len(ledger.post(back("r2", "s")).postings) == 1
    assert ledger.post(back("r3", "s")) == Outcome()


def test_a_return_of_what_is_not_there_is_refused() -> None:
    ledger = Ledger(RULES)
    sold(ledger, "s", 0, 30)
    for wrong in (back("r", "other"), back("r", "s", base=1, pay=1), replace(back("r", "s"), account="n")):
        assert ledger.post(wrong).refused is LedgerRefusal.UNKNOWN_ENTRY
    assert ledger.balance("m") == 30


def test_a_return_after_a_merge_finds_its_lots_in_the_new_account() -> None:
    ledger = with_two_lots()
    sold(ledger, "s", 35, 12)  # soon 30, late 5
    ledger.post(Merge("x", "m", DAY, "n", BY_HAND))
    postings = ledger.post(back("r", "s")).postings
    assert [(p.account, p.amount) for p in postings] == [("n", 35), ("n", -12)]
    assert [(lot.left, lot.last_day) for lot in ledger.standing("n", DAY).lots] == [
        (30, "2026-07-31"), (45, "2026-08-30"), (5, "2026-08-30")]
    assert ledger.balance("m") == 0


def test_a_return_of_the_givers_sale_does_not_reach_what_the_receiver_holds() -> None:
    ledger = Ledger(RULES)
    sold(ledger, "s", 0, 40)
    ledger.post(Transfer("t", "m", DAY, 40, "n", BY_HAND))
    ledger.post(back("r", "s"))
    assert (ledger.balance("n"), ledger.balance("m")) == (40, -40)


def test_points_given_back_pay_a_debt_first() -> None:
    ledger = Ledger(RULES)
    sold(ledger, "s", 0, 40)
    sold(ledger, "t", 40, 0)
    ledger.post(back("r1", "s"))
    assert ledger.standing("m", DAY).debt == 40
    ledger.post(back("r2", "t"))
    assert (ledger.standing("m", DAY).debt, left(ledger)) == (0, {})


@pytest.mark.parametrize(("then", "remains", "before", "now"), [
    (10, 6, 0, 4), (10, 3, 4, 3), (10, 0, 7, 3), (10, 8, 4, 0), (10, 12, 0, 0)])
def test_what_goes_back_now(then: int, remains: int, before: int, now: int) -> None:
    assert goes_back(then, remains, before) == now


def test_what_remains_is_not_negative_and_a_return_names_its_sale() -> None:
    with pytest.raises(ValueError, match="negative"):
        Remaining("s/base", -1)
    with pytest.raises(ValueError, match="names its sale"):
        Return("r", "m", DAY, "")
