"""Reservations at head office, and its views: nothing is set aside that is not there."""

import argparse
from dataclasses import replace

import msgspec
import pytest
from django.contrib.auth.models import User
from django.test import Client

from headoffice import commands_books
from headoffice.clock import MICROSECONDS, now_us
from headoffice.refusal import RefusalError
from headoffice.spending.check import check
from headoffice.spending.loss import losses
from headoffice.spending.models import Account, Reservation, Settlement
from headoffice.spending.reservations import release_lost
from headoffice.spending.settle import UNCOVERED
from headoffice.spending.terms import DAY_US
from headoffice.stations import commands
from headoffice.stations.models import Station
from station.lots import LotTerms, Validity
from sync import wire_spending as wire
from sync.wire import Problem, ProblemCode
from tests.headoffice.spending import (
    ALL,
    AT,
    DAY,
    GIFT_CARD,
    POINTS,
    WALLET,
    Desk,
    balance,
    give,
    live,
    new_id,
    one,
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


def test_what_is_reserved_cannot_be_reserved_again(one: Desk, two: Desk) -> None:
    made = one.reserve(70)
    assert (made.available, made.expires_us, [lot.amount for lot in made.lots]) == (30, AT + 60 * MICROSECONDS, [70])
    with refused(ProblemCode.NOT_ENOUGH, 30):
        two.reserve(31)
    assert two.reserve(30).available == 0
    assert standing() == (100, 0, 100, 0)


def test_the_same_reservation_again_has_the_same_answer(one: Desk) -> None:
    name = new_id(AT)
    first = one.reserve(70, reservation_id=name)
    one.at_us += 10
    one.reserve(5)
    assert one.reserve(70, reservation_id=name) == first
    assert standing() == (100, 0, 75, 25)


@pytest.mark.parametrize("terms", [{"amount": 69}, {"hold_s": 61}, {"account": "n"}, {"kind": WALLET}])
def test_other_terms_under_the_same_id_are_refused(one: Desk, terms: dict[str, object]) -> None:
    give("n", 100)
    name = new_id(AT)
    one.reserve(70, reservation_id=name)
    with refused(ProblemCode.INVALID):
        one.reserve(**({"amount": 70, "reservation_id": name} | terms))  # type: ignore[arg-type] # each by its name
    assert live() == (0, 70)


def test_another_stations_id_is_refused(one: Desk, two: Desk) -> None:
    name = new_id(AT)
    one.reserve(10, reservation_id=name)
    with refused(ProblemCode.INVALID):
        two.reserve(10, reservation_id=name)
    for ask in (two.commit, two.void):
        with pytest.raises(RefusalError, match="404"):
            ask(name)


def test_what_its_time_was_over_for_is_there_again(one: Desk) -> None:
    name = one.reserve(70).reservation_id
    one.at_us += 60 * MICROSECONDS
    assert one.reserve(100).available == 0
    # it comes too late: somebody else has it
    assert one.commit(name) is RELEASED
    assert standing() == (100, 0, 100, 0)


def test_a_commit_keeps_it_while_the_sale_is_on_its_way(one: Desk) -> None:
    name = one.reserve(70).reservation_id
    assert one.commit(name) is COMMITTED
    one.at_us += 30 * DAY_US - 1
    assert list(release_lost(one.at_us)) == []
    with refused(ProblemCode.NOT_ENOUGH, 30):
        one.reserve(31)
    assert (one.commit(name), one.void(name)) == (COMMITTED, COMMITTED)
    one.sell(70, reserved=[name])
    assert (one.commit(name), one.void(name)) == (SPENT, SPENT)
    assert standing() == (30, 0, 0, 30)


def test_what_a_sale_that_never_came_was_to_spend_is_let_go_once_and_told(
    one: Desk, capsys: pytest.CaptureFixture[str],
) -> None:
    """The disk of the till died between the commit and the upload. The job is run by this computer's clock, long after."""
    lost, held = one.reserve(70).reservation_id, one.reserve(10, hold_s=3600).reservation_id
    one.commit(lost)
    for told in (f"reservation {lost} of 70 POINTS let go: its sale at 12-1 has not come", ""):
        Reservation.objects.filter(reservation_id=lost).update(made_us=now_us() - 30 * DAY_US)
        assert commands_books.expire(argparse.Namespace(day=DAY)) == 0
        assert capsys.readouterr().out == f"{told}\n".lstrip() + f"0 accounts had lots that ended before {DAY}\n"
        assert (standing(), check()) == ((100, 0, 10, 90), [])
    lost_us = dict(Reservation.objects.values_list("reservation_id", "lost_us"))
    assert lost_us[held] is None
    assert now_us() - MICROSECONDS * 60 < lost_us[lost] <= now_us()


def test_a_sale_that_comes_after_it_was_let_go_takes_what_is_there_and_the_club_bears_the_rest(one: Desk, two: Desk) -> None:
    name = one.reserve(70).reservation_id
    one.commit(name)
    [_] = release_lost(AT + 30 * DAY_US)
    two.at_us += 30 * DAY_US
    two.reserve(60)
    one.sell(70, reserved=[name])
    assert (balance(), written_off(), check()) == (60, [(30, UNCOVERED)], [])
    assert (one.commit(name), list(release_lost(AT + 90 * DAY_US))) == (SPENT, [])


def test_a_late_commit_takes_it_again_when_it_is_there(one: Desk) -> None:
    name = one.reserve(70).reservation_id
    one.at_us += 60 * MICROSECONDS
    one.reserve(30)
    assert one.commit(name) is COMMITTED
    assert standing() == (100, 0, 100, 0)


def test_a_commit_after_the_void_takes_it_again_for_the_sale_is_the_truth(one: Desk) -> None:
    name = one.reserve(70).reservation_id
    one.void(name)
    assert one.commit(name) is COMMITTED
    assert standing() == (100, 0, 70, 30)


def test_a_void_gives_it_back_once(one: Desk) -> None:
    name = one.reserve(70).reservation_id
    assert (one.void(name), one.void(name)) == (VOIDED, VOIDED)
    assert standing() == (100, 0, 0, 100)


def test_the_sale_commits_what_it_names_by_itself(one: Desk) -> None:
    name = one.reserve(70).reservation_id
    one.sell(60, reserved=[name])
    assert standing() == (40, 0, 0, 40)
    row = Settlement.objects.get()
    assert (row.amount, row.leased, row.reserved, row.charged, row.written_off) == (60, 0, 60, 0, 0)
    # named by another sale it covers nothing more
    one.sell(30, reserved=[name])
    assert Settlement.objects.order_by("seq").last().charged == 30  # type: ignore[union-attr]
    assert (standing(), check()) == ((10, 0, 0, 10), [])


def test_a_sale_with_a_hold_that_was_over_takes_what_is_available_and_the_club_bears_the_rest(one: Desk, two: Desk) -> None:
    late = one.reserve(70).reservation_id
    one.at_us = two.at_us = AT + 60 * MICROSECONDS
    two.reserve(60)
    one.sell(70, reserved=[late])
    # 40 were available, 30 are written off: the member pays 40
    assert standing() == (60, 0, 60, 0)
    assert written_off() == [(30, UNCOVERED)]
    assert check() == []


def test_a_sale_that_set_nothing_aside_is_posted_all_the_same(one: Desk) -> None:
    one.sell(130)
    assert balance() == 0
    assert written_off() == [(30, UNCOVERED)]
    assert check() == []


def test_a_gift_card_and_a_wallet_are_reserved_like_points(one: Desk) -> None:
    give("card", 500, GIFT_CARD)
    give("w", 300, WALLET)
    for account, kind, other in (("card", GIFT_CARD, WALLET), ("w", WALLET, GIFT_CARD)):
        name = one.reserve(200, account, kind).reservation_id
        with refused(ProblemCode.NOT_ENOUGH, 0):
            one.reserve(1, account, other)
        one.sell(200, account=account, kind=kind, reserved=[name])
    assert (standing("card", GIFT_CARD), standing("w", WALLET)) == ((300, 0, 0, 300), (100, 0, 0, 100))
    one.sell(150, account="w", kind=WALLET)
    assert (standing("w", WALLET), written_off()) == ((0, 0, 0, 0), [(50, UNCOVERED)])
    assert check() == []


def test_money_that_another_till_set_aside_is_given_back_to_the_wallet(one: Desk, two: Desk) -> None:
    give("w", 300, WALLET)
    two.reserve(200, "w", WALLET)
    one.sell(250, account="w", kind=WALLET)
    # the ledger took 250; 100 were available, and 150 come back
    assert standing("w", WALLET) == (200, 0, 200, 0)
    assert written_off() == [(150, UNCOVERED)]


def test_what_is_pending_has_ended_or_is_owed_cannot_be_reserved(one: Desk) -> None:
    give("pending", 50, terms=LotTerms(pending_days=30), day=DAY)
    give("ended", 50, terms=LotTerms(Validity(days=1)), day="2026-11-01")
    give("debtor", 50)
    take("debtor", 80)
    give("debtor", 40, terms=LotTerms(pending_days=30))
    for account in ("pending", "ended", "debtor", "unknown"):
        with refused(ProblemCode.NOT_ENOUGH, 0):
            one.reserve(1, account)
    assert Account.objects.filter(account="unknown").count() == 0


def test_the_views_answer_signed_questions_only(one: Desk) -> None:
    def ask(path: str, message: msgspec.Struct) -> tuple[int, bytes]:
        answer = one.till.ask("POST", path, body=msgspec.json.encode(message))
        return answer.status, answer.body

    asked = wire.Reserve(reservation_id=new_id(AT), kind=POINTS, account="m", amount=60, hold_s=60)
    status, body = ask(wire.RESERVE_PATH, asked)
    assert (status, msgspec.json.decode(body, type=wire.Reserved).available) == (200, 40)
    assert ask(wire.RESERVE_PATH, asked) == (200, body)
    status, body = ask(wire.AVAILABLE_PATH, wire.AvailableAsked(kind=POINTS, account="m"))
    assert (status, msgspec.json.decode(body, type=wire.Available).available) == (200, 40)
    status, body = ask(wire.RESERVE_PATH, msgspec.structs.replace(asked, reservation_id=new_id(AT)))
    assert (status, msgspec.json.decode(body, type=Problem)) == (409, Problem(
        code=ProblemCode.NOT_ENOUGH, reason="there is not this much", available=40))
    commit = wire.Commit(reservation_id=asked.reservation_id, incarnation=one.till.journal.incarnation, seq=1)
    for path, message in ((wire.COMMIT_PATH, commit), (wire.VOID_PATH, wire.Void(reservation_id=asked.reservation_id))):
        status, body = ask(path, message)
        assert (status, msgspec.json.decode(body, type=wire.ReservationAnswer).state) == (200, COMMITTED)
    status, body = ask(wire.ASK_PATH, wire.LeasesAsked(incarnation=one.till.journal.incarnation))
    assert (status, msgspec.json.decode(body, type=wire.LeasesGranted).frozen) == (200, False)
    status, _ = ask(wire.CLOSE_PATH, wire.CloseLease(lease_id=new_id(AT), left=1))
    assert status == 404
    assert one.till.client.post(wire.RESERVE_PATH, b"{}", content_type="application/json").status_code == 401


@pytest.mark.parametrize("change", [
    {"amount": 0}, {"amount": -5}, {"amount": 2**63}, {"hold_s": 0}, {"hold_s": 3601}, {"account": ""},
    {"account": "a\u0000"}, {"account": "a" * 101}, {"kind": "GOLD"}, {"reservation_id": "x"}, {"more": 1}])
def test_what_makes_no_sense_is_refused(one: Desk, change: dict[str, object]) -> None:
    good = {"reservation_id": new_id(AT), "kind": "POINTS", "account": "m", "amount": 1, "hold_s": 60}
    answer = one.till.ask("POST", wire.RESERVE_PATH, body=msgspec.json.encode(good | change))
    assert answer.problem() == (400, ProblemCode.INVALID)
    assert live() == (0, 0)


def test_people_see_what_a_theft_can_cost_and_what_the_club_bore(one: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.sell(30, uses=uses(lease, 30))
    one.sell(90)
    assert commands.stations(argparse.Namespace(loss=True)) == 0
    (row,) = msgspec.json.decode(capsys.readouterr().out)
    assert row["loss"]["POINTS"] == {"leased": 70, "daily": 500_000, "written_off": 90, "bound": 500_070}
    assert commands.stations(argparse.Namespace(loss=False)) == 0
    assert "loss" not in msgspec.json.decode(capsys.readouterr().out)[0]
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(User.objects.create_user("mina", is_staff=True))
    for language, words in (("en", ("500,070", "90")), ("fa", ("۵۰۰٬۰۷۰", "۹۰"))):
        browser.cookies["django_language"] = language
        page = browser.get("/console/console/stationrow/").content.decode()
        assert all(f'<bdi dir="ltr">{word}</bdi>' in page for word in words)


def test_the_loss_of_a_stolen_station_is_bounded_by_what_it_holds_and_a_day(one: Desk, two: Desk) -> None:
    (lease,) = one.ask((POINTS, "m"))
    one.sell(30, uses=uses(lease, 30))
    held = losses()["12-1"][POINTS]
    assert (held.leased, held.daily, held.bound) == (70, 500_000, 500_070)
    assert losses()["12-2"][GIFT_CARD].bound == 0
    Station.objects.filter(id="12-1").update(revoked=True)
    assert losses()["12-1"][POINTS].bound == 70
    assert losses()["12-2"][POINTS].leased == two.sent - 1


@pytest.mark.parametrize("wrong", [{"share": 101}, {"share": -1}, {"daily": -1}, {"station": -1}, {"station_daily": -1}])
def test_limits_are_figures_that_can_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limits of leases"):
        replace(ALL, **wrong)
