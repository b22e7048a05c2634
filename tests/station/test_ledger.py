"""The ledger: earning, spending, expiry, debt, moves by hand. Expected values worked by hand."""

from dataclasses import replace

import pytest

from station.dates import Calendar
from station.ledger import Ledger
from station.lots import Lot, LotTerms, Move, Until, Validity
from station.points import Adjust, Approval, Earn, Merge, PointsEntry, PointsKind, Redeem, Transfer
from station.posting import LedgerRefusal, LedgerRules, Outcome, Posting, Shortfall

BY_HAND = Approval("clerk", "manager", "a complaint")
DAY = "2026-06-01"
RULES = LedgerRules(Calendar.GREGORIAN, LotTerms(Validity(days=100)))


def earn(key: str, amount: int, day: str = DAY, account: str = "m", **more: object) -> Earn:
    return replace(Earn(key, account, day, amount, "base"), **more)  # type: ignore[arg-type] # fields of Earn


def redeem(key: str, amount: int, day: str = DAY, account: str = "m", sale: str = "") -> Redeem:
    return Redeem(key, account, day, amount, "pay", sale)


def left(ledger: Ledger, account: str = "m", day: str = DAY) -> dict[str, int]:
    return {lot.lot_id: lot.left for lot in ledger.standing(account, day).lots}


def test_an_earning_forms_a_lot_by_the_clubs_terms_or_its_own() -> None:
    ledger = Ledger(RULES)
    outcome = ledger.post(earn("k", 70, sale="s"))
    assert outcome.postings[0].entry == PointsEntry("k", "m", PointsKind.EARN, 70, "base")
    ledger.post(earn("own", 5, terms=LotTerms(Validity(until=Until.MONTH_END), pending_days=7)))
    ledger.post(earn("ever", 1, terms=LotTerms()))
    assert ledger.standing("m", DAY).lots == (
        Lot("own", "m", "own", "", "2026-06-08", "2026-06-30", 5),
        Lot("k", "m", "k", "s", "2026-06-01", "2026-09-09", 70),
        Lot("ever", "m", "ever", "", "2026-06-01", None, 1))


def test_pending_points_wait_and_ended_ones_are_gone_before_any_expire() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("k", 70, terms=LotTerms(Validity(days=30), pending_days=10)))
    got = {day: (now.spendable, now.pending, now.past) for day in ("2026-06-10", "2026-06-11", "2026-07-01", "2026-07-02")
           for now in (ledger.standing("m", day),)}
    assert got == {"2026-06-10": (0, 70, 0), "2026-06-11": (70, 0, 0), "2026-07-01": (70, 0, 0), "2026-07-02": (0, 0, 70)}
    assert ledger.post(redeem("r", 1, "2026-06-10")).refused is LedgerRefusal.NOT_ENOUGH
    assert ledger.post(redeem("r", 1, "2026-07-02")).refused is LedgerRefusal.NOT_ENOUGH


def test_a_lot_whose_month_ends_before_its_pending_days_is_past_not_pending() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("k", 5, "2026-06-29", terms=LotTerms(Validity(until=Until.MONTH_END), pending_days=7)))
    now = ledger.standing("m", "2026-07-01")
    assert (now.pending, now.past) == (0, 5)


def test_spending_takes_the_earliest_expiry_first_and_says_from_which_lots() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("late", 50, "2026-06-01"))
    ledger.post(earn("soon", 30, "2026-05-01"))
    outcome = ledger.post(redeem("r", 40))
    assert outcome.postings[0].moves == (Move("soon", -30), Move("late", -10))
    assert left(ledger) == {"late": 40}


def test_a_spend_above_the_spendable_is_refused_whole_and_may_be_asked_again() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("k", 70))
    assert ledger.post(redeem("r", 71)) == Outcome(refused=LedgerRefusal.NOT_ENOUGH)
    assert left(ledger) == {"k": 70}
    ledger.post(earn("more", 1))
    assert ledger.post(redeem("r", 71)).postings[0].amount == -71


def test_points_earned_in_a_sale_are_out_of_its_own_reach() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("had", 10))
    ledger.post(earn("s/base", 90, sale="s"))
    assert (ledger.spendable("m", DAY, "s"), ledger.spendable("m", DAY, "t")) == (10, 100)
    assert ledger.post(redeem("s/pay", 11, sale="s")).refused is LedgerRefusal.NOT_ENOUGH
    assert ledger.post(redeem("t/pay", 11, sale="t")).refused is None


def test_debt_stops_all_spending_and_is_paid_at_once_even_by_pending_points() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("k", 20))
    taken = ledger.post(Adjust("a", "m", DAY, -50, BY_HAND)).postings[0]
    assert (taken.amount, taken.moves, taken.approval) == (-50, (Move("k", -20),), BY_HAND)
    assert (ledger.balance("m"), ledger.standing("m", DAY).debt) == (-30, 30)
    assert ledger.post(redeem("r", 1)).refused is LedgerRefusal.DEBT
    ledger.post(earn("slow", 45, terms=LotTerms(pending_days=30)))
    assert (ledger.standing("m", DAY).debt, left(ledger)) == (0, {"slow": 15})


def test_a_claim_takes_pending_points_but_none_that_ended() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("ended", 40, "2026-01-01"))
    ledger.post(earn("slow", 30, terms=LotTerms(pending_days=30)))
    ledger.post(Adjust("a", "m", DAY, -50, BY_HAND))
    assert (ledger.standing("m", DAY).debt, left(ledger)) == (20, {"ended": 40})


def test_clamped_an_adjustment_takes_what_there_is() -> None:
    ledger = Ledger(replace(RULES, shortfall=Shortfall.CLAMP))
    ledger.post(earn("k", 20))
    taken = ledger.post(Adjust("a", "m", DAY, -50, BY_HAND)).postings[0]
    assert (taken.amount, taken.clamped) == (-20, 30)
    assert ledger.standing("m", DAY).debt == 0


def test_what_is_given_by_hand_is_never_pending() -> None:
    ledger = Ledger(replace(RULES, terms=LotTerms(Validity(days=100), pending_days=14)))
    ledger.post(Adjust("a", "m", DAY, 25, BY_HAND))
    assert ledger.standing("m", DAY).lots == (Lot("a", "m", "a", "", DAY, "2026-09-09", 25),)


def test_expire_is_written_once_for_each_lot_of_one_account_or_of_all() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("a", 10, "2026-01-01"))
    ledger.post(earn("b", 20, "2026-01-01", account="n"))
    ledger.post(earn("c", 30))
    assert [posting.entry for posting in ledger.expire(DAY, "m")] == [
        PointsEntry(f"a/expire/{DAY}", "m", PointsKind.EXPIRE, -10, "expiry")]
    assert [posting.account for posting in ledger.expire(DAY)] == ["n"]
    assert ledger.expire(DAY) == ()
    assert (ledger.balance("m"), ledger.balance("n")) == (30, 0)


def test_balances_of_a_day_are_the_sum_up_to_it() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("a", 10, "2026-05-01"))
    ledger.post(redeem("b", 4, "2026-05-03"))
    got = [ledger.balance("m", day) for day in ("2026-04-30", "2026-05-01", "2026-05-02", "2026-05-03")]
    assert got == [0, 10, 10, 6]


def test_a_transfer_hands_lots_over_with_their_days() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("late", 50, sale="s"))
    ledger.post(earn("soon", 30, "2026-05-01"))
    out, into = ledger.post(Transfer("t", "m", DAY, 40, "n", BY_HAND)).postings
    assert (out.entry, into.entry) == (
        PointsEntry("t", "m", PointsKind.TRANSFER, -40, "transfer"),
        PointsEntry("t/in", "n", PointsKind.TRANSFER, 40, "transfer"))
    assert ledger.standing("n", DAY).lots == (
        Lot("t/soon", "n", "t/soon", "", "2026-05-01", "2026-08-09", 30),
        Lot("t/late", "n", "t/late", "", "2026-06-01", "2026-09-09", 10))
    assert ledger.earned("n") == ()


def test_a_transfer_pays_the_receivers_debt_and_is_refused_like_any_spend() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("k", 50))
    ledger.post(Adjust("a", "n", DAY, -30, BY_HAND))
    assert ledger.post(Transfer("t", "m", DAY, 51, "n", BY_HAND)).refused is LedgerRefusal.NOT_ENOUGH
    assert ledger.post(Transfer("t", "n", DAY, 1, "m", BY_HAND)).refused is LedgerRefusal.DEBT
    assert ledger.post(Transfer("t", "m", DAY, 5, "m", BY_HAND)).refused is LedgerRefusal.SAME_ACCOUNT
    ledger.post(Transfer("t", "m", DAY, 40, "n", BY_HAND))
    assert (left(ledger, "n"), ledger.standing("n", DAY).debt) == ({"t/k": 10}, 0)


def test_a_merge_adds_balances_and_debts_and_later_requests_find_the_new_account() -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("ended", 7, "2026-01-01", account="old"))
    ledger.post(earn("k", 60, account="old"))
    ledger.post(Adjust("a", "m", DAY, -25, BY_HAND))
    postings = ledger.post(Merge("x", "old", DAY, "m", BY_HAND)).postings
    assert [(p.account, p.kind, p.amount, p.into) for p in postings] == [
        ("old", PointsKind.EXPIRE, -7, ""), ("old", PointsKind.TRANSFER, -60, "m"), ("m", PointsKind.TRANSFER, 60, "")]
    assert (ledger.balance("old"), ledger.balance("m"), left(ledger)) == (0, 35, {"x/k": 35})
    assert (ledger.owner("old"), ledger.parts("m")) == ("m", ("m", "old"))
    assert ledger.earned("m") == (("2026-01-01", 7), (DAY, 60))
    assert ledger.post(redeem("r", 5, account="old")).postings[0].account == "m"
    assert ledger.post(Merge("y", "m", DAY, "old", BY_HAND)).refused is LedgerRefusal.SAME_ACCOUNT


def test_a_member_in_debt_brings_the_debt_along_and_merges_may_chain() -> None:
    ledger = Ledger(RULES)
    ledger.post(Adjust("a", "a", DAY, -25, BY_HAND))
    ledger.post(earn("k", 60, account="b"))
    ledger.post(Merge("x", "a", DAY, "b", BY_HAND))
    assert (ledger.standing("a", DAY).debt, ledger.balance("a"), left(ledger, "b")) == (0, 0, {"k": 35})
    ledger.post(Merge("y", "b", DAY, "c", BY_HAND))
    assert (ledger.owner("a"), ledger.parts("c"), ledger.balance("c")) == ("c", ("c", "b", "a"), 35)


@pytest.mark.parametrize("wrong", [
    Posting("k", "m", PointsKind.EARN, 5, "base", DAY),  # written before
    Posting("new", "m", PointsKind.EARN, 5, "base", DAY),  # fills no lot and there is no debt to pay
    Posting("new", "m", PointsKind.REDEEM, -11, "pay", DAY, (Move("k", -11),)),  # the lot holds 10
])
def test_stored_postings_that_do_not_belong_together_are_a_fault(wrong: Posting) -> None:
    ledger = Ledger(RULES)
    ledger.post(earn("k", 10))
    with pytest.raises(ValueError, match="does not follow"):
        Ledger(RULES, (*ledger.postings(), wrong))


@pytest.mark.parametrize(("actor", "approver", "reason"), [
    ("", "b", "x"), ("a", "", "x"), ("a", "a", "x"), ("a", "b", " ")])
def test_an_approval_is_of_another_person_and_has_a_reason(actor: str, approver: str, reason: str) -> None:
    with pytest.raises(ValueError, match="approval needs"):
        Approval(actor, approver, reason)


@pytest.mark.parametrize("wrong", [
    lambda: earn("", 5), lambda: earn("k", 0), lambda: redeem("k", -5), lambda: earn("k", 5, "2026-02-30"),
    lambda: Adjust("k", "m", DAY, 0, BY_HAND), lambda: LedgerRules(grace_days=-1),
    lambda: LedgerRules(grace_days=36_526),
])
def test_requests_that_make_no_sense_cannot_be_made(wrong: object) -> None:
    with pytest.raises(ValueError, match="key|amount|day"):  # noqa: RUF043 - any of three
        wrong()  # type: ignore[operator]
