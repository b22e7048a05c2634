"""Referral over several levels: the line upwards, rings, the cap, once for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.dates import Calendar
from station.ledger import Ledger
from station.lots import LotTerms
from station.points import Earn, Return
from station.posting import LedgerRules
from station.referral import InviteRefusal, ReferralRules, referral_bonuses, refuse_invite, upline

DAY = "2026-06-01"
INVITED_BY = {"d": "c", "c": "b", "b": "a"}
RULES = ReferralRules((100, 30, 10), terms=LotTerms(pending_days=14))


def test_each_level_gets_its_points_once() -> None:
    bonuses = referral_bonuses(RULES, "d", DAY, INVITED_BY, {})
    assert bonuses == tuple(
        Earn(f"referral/d/{n}", who, DAY, points, "referral", f"referral/d/{n}", RULES.terms)
        for n, who, points in ((1, "c", 100), (2, "b", 30), (3, "a", 10)))
    ledger = Ledger(LedgerRules(Calendar.GREGORIAN))
    for bonus in (*bonuses, *referral_bonuses(RULES, "d", "2026-07-01", INVITED_BY, {})):
        ledger.post(bonus)
    assert [ledger.balance(who) for who in "abcd"] == [10, 30, 100, 0]


def test_there_are_no_more_bonuses_than_inviters_and_levels() -> None:
    assert [each.account for each in referral_bonuses(RULES, "b", DAY, INVITED_BY, {})] == ["a"]
    assert referral_bonuses(RULES, "a", DAY, INVITED_BY, {}) == ()
    assert upline({"e": "d"} | INVITED_BY, "e", 3) == ("d", "c", "b")


def test_the_cap_cuts_what_goes_above_it() -> None:
    capped = ReferralRules((100, 30, 10), most=120)
    bonuses = referral_bonuses(capped, "d", DAY, INVITED_BY, {"c": 90, "b": 120})
    assert [(each.account, each.amount) for each in bonuses] == [("c", 30), ("a", 10)]


def test_a_level_of_no_points_is_left_out() -> None:
    assert [each.account for each in referral_bonuses(ReferralRules((0, 5)), "d", DAY, INVITED_BY, {})] == ["b"]


@pytest.mark.parametrize(("member", "inviter", "refusal"), [
    ("x", "x", InviteRefusal.SELF), ("d", "x", InviteRefusal.ALREADY_INVITED), ("a", "d", InviteRefusal.RING),
    ("a", "b", InviteRefusal.RING), ("a", "x", None), ("x", "d", None)])
def test_invitations_that_do_not_count(member: str, inviter: str, refusal: InviteRefusal | None) -> None:
    assert refuse_invite(INVITED_BY, member, inviter) is refusal


def test_a_ring_that_a_merge_closed_ends_the_line() -> None:
    ring = {"a": "c", "b": "a", "c": "b"}
    assert upline(ring, "a", 9) == ("c", "b")


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_accepted_invitations_never_close_a_ring(asked: list[tuple[int, int]]) -> None:
    invited_by: dict[str, str] = {}
    for member, inviter in asked:
        if refuse_invite(invited_by, str(member), str(inviter)) is None:
            invited_by[str(member)] = str(inviter)
    for invited in invited_by:
        line = [invited]
        while line[-1] in invited_by:
            line.append(invited_by[line[-1]])
            assert line.count(line[-1]) == 1


def test_a_bonus_is_taken_back_by_its_key() -> None:
    ledger = Ledger(LedgerRules(Calendar.GREGORIAN))
    for bonus in referral_bonuses(RULES, "d", DAY, INVITED_BY, {}):
        ledger.post(bonus)
    ledger.post(Return("fraud", "b", DAY, "referral/d/2"))
    assert [ledger.balance(who) for who in "abc"] == [10, 0, 100]


@pytest.mark.parametrize("wrong", [
    lambda: ReferralRules(()), lambda: ReferralRules((5, -1)), lambda: ReferralRules((5,), least=-1),
    lambda: ReferralRules((5,), most=-1)])
def test_rules_that_make_no_sense_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="referral gives"):
        wrong()  # type: ignore[operator]
