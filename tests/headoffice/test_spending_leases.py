"""Leases at head office: who gets one, and every sale is covered by a lease, by what there is, or by the club."""

import base64
from dataclasses import replace

import msgspec
import pytest
from django.conf import settings

from headoffice import demo
from headoffice.intake.models import Alarm, Incarnation
from headoffice.ledger import own
from headoffice.ledger.models import ValueAccount
from headoffice.projector import hooks
from headoffice.projector.rebuild import rebuild
from headoffice.refusal import RefusalError
from headoffice.register.packs import current, numbered, publish
from headoffice.spending import leases
from headoffice.spending.check import check
from headoffice.spending.loss import losses
from headoffice.spending.models import Account, Lease, LeasePart, Settlement
from headoffice.spending.settle import LATE, OVER, UNCOVERED
from headoffice.spending.terms import DAY_US, TERMS, Caps
from station.basket import Usage
from station.journal import Cause, Opened, Position
from station.leases import AccountKind, LeaseUse
from station.lots import LotTerms, Validity
from station.pricing import price
from station.promotion import Limits
from station.rewards import PercentOff
from sync import wire_spending as wire
from sync.ed25519 import Ed25519Verifier, public_key
from sync.wire import ProblemCode
from tests.fakes import deal
from tests.headoffice.shop import Journal, member, sale
from tests.headoffice.spending import (
    ALL,
    AT,
    DAY,
    GENEROUS,
    GIFT_CARD,
    POINTS,
    WALLET,
    Desk,
    balance,
    desk,
    give,
    new_id,
    one,
    reclaim,
    refused,
    standing,
    take,
    two,
    uses,
    written_off,
)

HELD, COMMITTED, SPENT, RELEASED, VOIDED = wire.ReservationState
LIVE, CLOSED, RECLAIMED = wire.LeaseState

__all__ = ["one", "two"]


def test_a_lease_takes_of_what_is_available_and_is_signed_by_the_office(one: Desk, two: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    (signed,) = leases.ask(one.station, wire.LeasesAsked(incarnation=one.till.journal.incarnation), AT).leases
    document, signature = base64.b64decode(signed.document), base64.b64decode(signed.signature)
    assert Ed25519Verifier(public_key(settings.KEYS.office)).verify(signature, document)
    assert wire.lease_of(msgspec.json.decode(document, type=wire.LeaseTerms)) == lease
    assert (lease.amount, lease.station, lease.expires_us) == (100, "12-1", AT + TERMS.life_us)
    assert standing() == (100, 100, 0, 0)
    assert two.ask((POINTS, "m")) == []
    with refused(ProblemCode.NOT_ENOUGH, 0):
        two.reserve(1)


def test_asked_again_the_same_leases_come_again_for_an_answer_may_be_lost(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.held.clear()
    assert one.ask((POINTS, "m")) == [lease]
    assert Lease.objects.count() == 1


def test_a_use_of_a_lease_leaves_what_is_available_as_it_is(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.sell(30, uses=uses(lease, 30))
    assert standing() == (70, 70, 0, 0)
    one.close(lease, 70)
    assert standing() == (70, 0, 0, 70)
    assert leases.close(one.station, wire.CloseLease(lease_id=lease.lease_id, left=70)).state is CLOSED
    assert check() == []


def test_a_lease_is_drawn_from_its_lots_and_keeps_them_from_expiring(one: Desk) -> None:
    give("k", 40, terms=LotTerms(Validity(days=9)), day=DAY)
    give("k", 60)
    (lease,) = one.ask((POINTS, "k"), terms=replace(GENEROUS, caps={POINTS: replace(ALL, daily=50)}))
    # what ends first is leased first; 2026-12-01 ends at 20:30 UTC in Tehran
    assert [(lot.amount, lot.expires_us) for lot in lease.lots] == [(40, 1_796_157_000_000_000), (10, None)]
    day = "2026-12-02"
    assert own.expire(day, AT, hooks.KEPT_FROM_EXPIRY) == 0
    one.close(lease, 50)
    assert own.expire(day, AT, hooks.KEPT_FROM_EXPIRY) == 1
    assert standing("k") == (60, 0, 0, 60)


def test_not_before_the_entry_is_posted_is_a_closed_lease_given_back(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.close(lease, 100, sends=False)
    asked = wire.CloseLease(lease_id=lease.lease_id, left=100)
    assert leases.close(one.station, asked).state is LIVE
    assert standing() == (100, 100, 0, 0)
    one.send()
    assert leases.close(one.station, asked).state is CLOSED


def test_a_lease_whose_sale_is_set_aside_is_not_given_back_though_it_is_closed(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    # the sale of 30 is in quarantine, so only its station knows of it
    one.till.journal.append_raw(b'{"poison":1}')
    one.close(lease, 70)
    assert standing() == (100, 100, 0, 0)
    reclaim(one, lease)
    assert standing() == (100, 0, 0, 100)


def test_a_lease_is_reclaimed_only_after_its_end_skew_and_grace(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    end = lease.expires_us + TERMS.skew_us + TERMS.grace_us
    assert standing(at_us=end - 1) == (100, 100, 0, 0)
    assert standing(at_us=end) == (100, 0, 0, 100)


def test_a_late_use_of_a_reclaimed_lease_is_the_clubs(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.sell(10, uses=uses(lease, 10))
    one.sell(30, uses=uses(lease, 30), sends=False)
    reclaim(one, lease)
    one.send()
    assert standing() == (90, 0, 0, 90)
    assert written_off() == [(30, LATE)]
    assert losses()["12-1"][POINTS].written_off == 30
    assert check() == []


def test_a_lease_spent_twice_over_by_a_copy_costs_the_club(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.sell(80, uses=uses(lease, 80))
    one.sell(80, uses=uses(lease, 80))
    assert (standing(), written_off()) == ((0, 0, 0, 0), [(60, OVER)])
    assert check() == []


@pytest.mark.parametrize("use", [
    LeaseUse("00000000-0000-7000-8000-000000000000", "a", 20), LeaseUse("", "no such lot", 20)])
def test_a_use_of_what_was_never_leased_covers_nothing(one: Desk, use: LeaseUse) -> None:
    (lease,) = one.ask((POINTS, "m"), terms=replace(GENEROUS, caps={POINTS: replace(ALL, share=20)}))
    one.sell(30, uses=[use if use.lease_id else replace(use, lease_id=lease.lease_id)])
    row = Settlement.objects.get()
    assert (row.leased, row.charged, row.written_off) == (0, 30, 0)
    assert standing() == (70, 20, 0, 50)


def test_a_lease_of_one_member_does_not_cover_another(one: Desk) -> None:
    give("n", 50)
    (lease,) = one.ask((POINTS, "n"))
    one.sell(30, uses=uses(lease, 30), reserved=[one.reserve(10).reservation_id, new_id(AT)])
    row = Settlement.objects.get()
    assert (row.account, row.leased, row.reserved, row.charged) == ("m", 0, 10, 20)
    assert standing("n") == (50, 50, 0, 0)
    assert check() == []


def test_a_closing_of_what_is_not_a_lease_changes_nothing(one: Desk, two: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    two.close(lease, 100)
    assert standing() == (100, 100, 0, 0)
    with pytest.raises(RefusalError, match="404"):
        leases.close(two.station, wire.CloseLease(lease_id=lease.lease_id, left=100))


def test_a_share_a_day_and_a_station_have_their_limits(one: Desk, two: Desk) -> None:
    for each in "abc":
        give(each, 1000)
    caps = Caps(share=20, daily=300, station=350, station_daily=1000)
    terms = replace(GENEROUS, caps={POINTS: caps})
    asked = [(POINTS, each) for each in "abc"]
    # 20 % of each, and the third is cut where the station is full
    assert [lease.amount for lease in one.ask(*asked, terms=terms)] == [200, 150]
    assert two.ask((POINTS, "a"), terms=terms) == []
    assert [lease.amount for lease in two.ask((POINTS, "b"), (POINTS, "c"), terms=terms)] == [50, 200]
    for lease in list(one.held.values()):
        one.close(lease, lease.amount)
    one.at_us += 1
    tight = replace(terms, caps={POINTS: replace(caps, station_daily=360)})
    # given back, but the station was given 350 of its 360 a day
    assert [lease.amount for lease in one.ask((POINTS, "a"), terms=tight)] == [10]


def test_what_was_used_of_an_account_today_counts_for_its_day(one: Desk) -> None:
    terms = replace(GENEROUS, caps={POINTS: replace(ALL, daily=40)})
    (lease,) = one.ask((POINTS, "m"), terms=terms)
    one.sell(30, uses=uses(lease, 30))
    one.close(lease, 10)
    (next_lease,) = one.ask((POINTS, "m"), terms=terms)
    assert next_lease.amount == 10
    one.at_us += DAY_US + 1
    one.close(next_lease, 10)
    assert [each.amount for each in one.ask((POINTS, "m"), terms=terms)] == [40]


def test_gift_cards_are_not_leased(one: Desk) -> None:
    give("card", 500, GIFT_CARD)
    assert one.ask((GIFT_CARD, "card")) == []


def test_by_itself_head_office_leases_who_buys_here_and_their_wallets_and_the_budgets(one: Desk, two: Desk) -> None:
    often, once, never = (member(i) for i in range(3))
    give("w", 1000, WALLET)
    ValueAccount.objects.filter(account="w").update(member=often.member_id)
    for who in (often, often, once):
        give(who.member_id, 1000)
        one.till.journal.append(sale(who))
    one.send()
    give(never.member_id, 1000)
    spring = deal("spring", PercentOff("10"), limits=Limits(budget=10_000))
    publish(replace(demo.PACK, number=2, promotions=(spring, deal("free", PercentOff("1")))), AT)
    found = {(lease.kind, lease.account) for lease in one.ask(terms=replace(GENEROUS, members=1))}
    assert found == {(AccountKind.BUDGET, "spring"), (POINTS, often.member_id), (WALLET, "w")}
    assert {(lease.kind, lease.account) for lease in one.ask()} == {(POINTS, once.member_id)}
    assert two.ask() == []
    assert one.ask(terms=replace(GENEROUS, days=0)) == []


def test_a_budget_is_leased_in_parts_and_never_given_away_twice(one: Desk, two: Desk) -> None:
    assert current() is not None
    spring = deal("spring", PercentOff("10"), limits=Limits(budget=1000))
    publish(replace(demo.PACK, number=2, promotions=(spring,)), AT)
    terms = replace(GENEROUS, caps={AccountKind.BUDGET: replace(ALL, share=40)})
    (lease,) = one.ask((AccountKind.BUDGET, "spring"), terms=terms)
    assert (lease.amount, [lot.lot_id for lot in lease.lots]) == (400, [""])
    two.reserve(600, "spring", AccountKind.BUDGET)
    publish(replace(demo.PACK, number=3, promotions=()), AT)
    # the promotion is over; what is out stays good, and nothing else is there
    assert standing("spring", AccountKind.BUDGET) == (1000, 400, 600, 0)
    assert check() == []


@pytest.mark.parametrize("cause", [Cause.CLONED, Cause.FORKED])
def test_a_journal_that_began_as_a_copy_gets_no_lease(one: Desk, cause: Cause) -> None:
    (lease,) = one.ask((POINTS, "m"))
    copy = desk(1, AT)
    copy.till.journal.raws.clear()
    copy.till.journal = Journal("12-1")
    copy.till.journal.append(Opened("0.1.0", cause, Position(one.till.journal.incarnation, 1), "00"))
    copy.sent = 0
    copy.send()
    assert copy.ask((POINTS, "m")) == []
    assert one.ask() == []
    # what the copied one held stays set aside until its grace is over
    assert standing() == (100, 100, 0, 0)
    assert Lease.objects.get().lease_id == lease.lease_id


def test_a_restored_journal_may_have_leases_again(one: Desk) -> None:
    restored = desk(1, AT)
    restored.till.journal = Journal("12-1")
    restored.till.journal.append(Opened("0.1.0", Cause.RESTORED, Position(one.till.journal.incarnation, 1), "00"))
    restored.sent = 0
    restored.send()
    assert len(restored.ask((POINTS, "m"))) == 1


def test_neither_a_fork_nor_a_revoked_station_nor_one_that_is_not_known_gets_a_lease(one: Desk, two: Desk) -> None:
    incarnation = two.till.journal.incarnation
    assert leases.trusted(two.station, incarnation)
    assert not leases.trusted(two.station, "0" * 32)
    Alarm.objects.create(station="12-2", incarnation=incarnation, seq=1, theirs="", ours="", first_us=0, last_us=0)
    assert not leases.trusted(two.station, incarnation)
    one.station.revoked = True
    assert not leases.trusted(one.station, one.till.journal.incarnation)
    assert Incarnation.objects.count() == 2


def test_a_journal_whose_beginning_cannot_be_read_gets_no_lease(one: Desk) -> None:
    made = desk(3, AT)
    journal = Journal("12-3")
    journal.append_raw(b"{}")
    made.till.journal, made.sent = journal, 0
    made.send()
    assert made.ask((POINTS, "m")) == []
    assert one.ask((POINTS, "m"))


def test_a_return_that_takes_what_is_leased_leaves_the_lease_good(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    take("m", 60)
    assert standing() == (40, 100, 0, 0)
    assert check() == []
    one.sell(100, uses=uses(lease, 100))
    assert (standing(), written_off(), check()) == ((-60, 0, 0, 0), [], [])


def test_the_check_names_what_does_not_add_up(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    Account.objects.update(leased=90)
    LeasePart.objects.update(used=101)
    found = check()
    assert found[0] == "POINTS account m: leased 90, live leases 100; reserved 0, live reservations 0"
    assert found[1] == f"lease {lease.lease_id} of m: its parts do not make it up"
    Account.objects.update(leased=120)
    assert check()[1] == "POINTS account m: 20 more is set aside or spent than there is"


def test_books_made_again_are_the_same_whatever_became_of_leases_since(one: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"), terms=replace(GENEROUS, caps={POINTS: replace(ALL, share=60)}))
    name = one.reserve(30).reservation_id
    one.sell(20, uses=uses(lease, 20))
    one.sell(30, reserved=[name])
    one.sell(25, uses=uses(lease, 25), sends=False)
    reclaim(one, lease)
    one.send()
    one.sell(60)
    before = list(Settlement.objects.order_by("seq").values()), standing(), balance()
    # 100, less 20, 30; the 25 came late; of the 60 there were 50
    assert (balance(), written_off()) == (0, [(25, LATE), (10, UNCOVERED)])
    done = rebuild()
    assert done.differing == ()
    assert (list(Settlement.objects.order_by("seq").values()), standing(), balance()) == before
    assert check() == []


def test_a_sale_of_more_of_a_budget_than_was_set_aside_is_the_clubs(one: Desk) -> None:
    spring = deal("spring", PercentOff("10"), limits=Limits(budget=100_000))
    publish(replace(demo.PACK, number=2, promotions=(spring,)), AT)
    terms = replace(GENEROUS, caps={AccountKind.BUDGET: replace(ALL, share=50)})
    (lease,) = one.ask((AccountKind.BUDGET, "spring"), terms=terms)
    pack = numbered(2)
    assert pack is not None

    def sell(*covered: LeaseUse) -> None:
        """Two pieces of milk: 10 % of 733 260 is 73 326."""
        made = sale()
        basket = replace(made.basket, pack=2, usage=(Usage("spring", budget_left=100_000),))
        one.till.journal.append(replace(made, basket=basket, priced=price(pack, basket), lease_uses=covered))

    sell(*uses(lease, 50_000))
    sell()
    one.send()
    # all of the first: 50 000 leased, 23 326 of the other half; then the 26 674 that are left
    assert [(row.amount, row.leased, row.charged, row.written_off) for row in Settlement.objects.order_by("seq")] == [
        (73_326, 50_000, 23_326, 0), (73_326, 0, 26_674, 46_652)]
    assert standing("spring", AccountKind.BUDGET) == (0, 0, 0, 0)
    assert check() == []
