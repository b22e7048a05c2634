"""A club replayed from its events: what comes together across ledger, tiers, stamps and referral."""

from dataclasses import replace

import pytest

from station.bonus import Birth, BirthdayRules, StampRules, Visit
from station.club import ClubRules
from station.dates import Calendar
from station.lots import LotTerms, Validity
from station.points import Approval, Earn, Merge, Redeem, Return
from station.posting import LedgerRules
from station.referral import ReferralRules
from station.replay import Born, Event, Invite, Nightly, OnValue, Refused, Report, replay
from station.stored_value import Purpose, ValueAccount
from station.tiers import Floor, Period, TierBasis, TierPolicy, TierStep

DAY = "2026-06-01"
BY_HAND = Approval("clerk", "manager", "one person")
POLICY = TierPolicy(
    (TierStep("blue", 0), TierStep("gold", 500)), period=Period.MONTH, calendar=Calendar.GREGORIAN)
RULES = ClubRules(LedgerRules(Calendar.GREGORIAN, LotTerms(Validity(days=20))), POLICY)


def run(*events: Event, rules: ClubRules = RULES, at: str = "2026-06-10") -> Report:
    return replay(rules, (ValueAccount("w", Purpose.WALLET, "m"),), events, at)


def balances(report: Report) -> dict[str, int]:
    return {each.account: each.points.balance for each in report.members}


def tiers(report: Report) -> dict[str, str]:
    return {each.account: each.tier.tier for each in report.members if each.tier}


def test_events_after_the_day_are_left_out() -> None:
    events = (Earn("a", "m", "2026-06-10", 5, "base"), Earn("b", "m", "2026-06-11", 7, "base"))
    assert balances(run(*events)) == {"m": 5}
    assert balances(run(*events, at="2026-06-11")) == {"m": 12}


def test_refusals_name_their_event() -> None:
    report = run(
        Earn("a", "m", DAY, 5, "base"), Redeem("b", "m", DAY, 6, "pay"), Invite("m", "m", DAY),
        OnValue(Redeem("c", "w", DAY, 1, "pay")))
    assert report.refused == (Refused(2, "NOT_ENOUGH"), Refused(3, "SELF"), Refused(4, "NOT_ENOUGH"))


def test_members_appear_by_whatever_they_did_in_order_of_id() -> None:
    report = run(Visit("s", "v", DAY, 10), Invite("i", "x", DAY), Born("b", Birth(Calendar.JALALI, 1, 1), DAY),
                 Floor("f", "gold", DAY, DAY), Earn("k", "e", DAY, 1, "base"))
    assert [each.account for each in report.members] == ["b", "e", "f", "i", "v"]
    assert {each.stamps for each in report.members} == {None}


def test_tiers_by_spend_follow_visits_and_returns_and_a_floor() -> None:
    bought = (Visit("s1", "m", "2026-05-02", 300), Visit("s2", "m", "2026-05-03", 200))
    assert tiers(run(*bought)) == {"m": "gold"}
    assert tiers(run(*bought, at="2026-07-01")) == {"m": "blue"}
    fewer = (bought[0], replace(bought[0], day="2026-05-03", total=100), bought[1])
    assert tiers(run(*fewer)) == {"m": "blue"}
    assert tiers(run(*fewer, Floor("m", "gold", DAY, "2026-06-30"))) == {"m": "gold"}


def test_tiers_by_points_count_what_was_earned_and_not_what_was_spent() -> None:
    rules = replace(RULES, tiers=replace(POLICY, basis=TierBasis.POINTS))
    earned = (Earn("s/base", "m", DAY, 600, "base", "s"), Redeem("t", "m", DAY, 400, "pay"))
    assert tiers(run(*earned, rules=rules)) == {"m": "gold"}
    assert tiers(run(*earned, Return("r", "m", DAY, "s"), rules=rules)) == {"m": "blue"}


def test_a_merged_member_brings_visits_floors_and_points() -> None:
    report = run(Visit("s1", "a", DAY, 300), Visit("s2", "b", DAY, 200), Earn("k", "a", DAY, 5, "base"),
                 Merge("x", "a", DAY, "b", BY_HAND))
    assert tiers(report) == {"b": "gold"}
    assert [(each.account, each.merged_into, each.points.balance) for each in report.members] == [
        ("a", "b", 0), ("b", "", 5)]


def test_the_night_writes_expiry_in_both_ledgers_and_gives_birthdays_once() -> None:
    rules = replace(RULES, birthday=BirthdayRules(150))
    short = LotTerms(Validity(days=1))
    report = run(
        Born("m", Birth(Calendar.GREGORIAN, 6, 5), DAY), Born("n", Birth(Calendar.GREGORIAN, 7, 5), DAY),
        Earn("k", "m", DAY, 9, "base", terms=short),
        OnValue(Earn("t", "w", DAY, 9, "campaign", terms=short)), Nightly("2026-06-04"), Nightly("2026-06-05"),
        Nightly("2026-06-05"), rules=rules)
    assert [posting.key for posting in report.postings] == ["k", "k/expire/2026-06-04", "birthday/m/2026"]
    assert [posting.key for posting in report.value_postings] == ["t", "t/expire/2026-06-04"]
    assert report.stored_value[0].value.balance == 0
    assert balances(run(Nightly(DAY))) == {}


def test_a_merged_account_has_no_birthday_of_its_own() -> None:
    birth = Birth(Calendar.GREGORIAN, 6, 5)
    report = run(Born("a", birth, DAY), Born("b", birth, DAY), Merge("x", "a", DAY, "b", BY_HAND),
                 Nightly("2026-06-05"), rules=replace(RULES, birthday=BirthdayRules(150)))
    assert balances(report) == {"a": 0, "b": 150}


def test_the_first_purchase_of_an_invited_member_rewards_the_line_once() -> None:
    rules = replace(RULES, referral=ReferralRules((100, 30), least=50))
    events = (Invite("b", "a", DAY), Invite("c", "b", DAY), Visit("s0", "c", DAY, 49), Visit("s1", "c", DAY, 50),
              Visit("s2", "c", DAY, 900))
    assert balances(run(*events, rules=rules)) == {"a": 30, "b": 100, "c": 0}
    late = (Visit("s0", "c", DAY, 60), Invite("c", "b", DAY), Visit("s1", "c", DAY, 60))
    assert balances(run(*late, rules=rules)) == {"c": 0}


def test_the_cap_of_referral_counts_the_year() -> None:
    rules = replace(RULES, referral=ReferralRules((100,), most=150))
    events = [event for n, day in enumerate((DAY, DAY, DAY, "2027-01-02"))
              for event in (Invite(f"m{n}", "a", day), Visit(f"s{n}", f"m{n}", day, 5))]
    report = run(*events, rules=rules, at="2027-01-02")
    assert [(posting.day, posting.amount) for posting in report.postings] == [
        (DAY, 100), (DAY, 50), ("2027-01-02", 100)]


def test_stamps_fill_cards_and_a_returned_visit_takes_the_bonus_back() -> None:
    rules = replace(RULES, stamps=StampRules("tea", 2, 50))
    events = (Visit("s1", "m", DAY, 10), Visit("s2", "m", "2026-06-02", 10), Visit("s3", "m", "2026-06-03", 10))
    full = run(*events, rules=rules)
    assert (balances(full), full.members[0].stamps) == ({"m": 50}, 1)
    short = run(*events[:2], replace(events[0], day="2026-06-04", total=0), rules=rules)
    assert (balances(short), short.members[0].stamps) == ({"m": 0}, 1)
    again = run(*events[:2], replace(events[0], day="2026-06-04", total=0), Visit("s4", "m", "2026-06-05", 10), rules=rules)
    assert balances(again) == {"m": 50}


@pytest.mark.parametrize(("event", "words"), [
    (Nightly("2026-02-30"), "event 2: no such day"),
    (Floor("m", "gold", DAY, "soon"), "event 2: not a day"),
    (Floor("m", "lead", DAY, DAY), "event 2: not a tier of the policy: 'lead'"),
])
def test_a_malformed_event_is_named(event: Event, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        run(Earn("a", "m", DAY, 5, "base"), event)


def test_without_tiers_there_are_none_to_give() -> None:
    rules = replace(RULES, tiers=None)
    assert run(Earn("a", "m", DAY, 5, "base"), rules=rules).members[0].tier is None
    with pytest.raises(ValueError, match="the rules have no tiers"):
        run(Floor("m", "gold", DAY, DAY), rules=rules)
