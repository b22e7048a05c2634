"""Limits of a day over all stations: what is set aside is refused in time, what was sold beyond them is flagged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from headoffice import demo
from headoffice.audit.models import Difference
from headoffice.projector.rebuild import rebuild
from headoffice.refusal import RefusalError
from headoffice.register import cards
from headoffice.register.models import HolderUse
from headoffice.spending import reservations
from headoffice.stations.models import Station
from station.card_life import Holder, Spender
from station.ids import uuid7
from station.leases import AccountKind
from station.priced import PaidPoints
from station.sale import points_of
from station.tender import Tender, TenderKind
from sync.wire import ProblemCode
from sync.wire_spending import DayOfHolder, Reserve, Void
from tests.headoffice.shop import NOON, Till, member, sale
from tests.headoffice.spending import give

WHO, NOW, TODAY, TOMORROW = demo.member_id(0), NOON.utc_us, NOON.date, "2026-11-23"
_DRAWN = iter(range(10**6))


@pytest.fixture(autouse=True)
def family(till: Till) -> None:
    """A member with much to spend, whose family has Sara (60 points, 5 000 rial a day) and Kian, without limits."""
    assert till
    cards.keep_holder(WHO, Holder("h1", "Sara", 60, 5_000))
    cards.keep_holder(WHO, Holder("h2", "Kian"))
    for account, kind in ((WHO, AccountKind.POINTS), ("w", AccountKind.WALLET), ("g", AccountKind.GIFT_CARD)):
        give(account, 50_000, kind)


def reserve(amount: int, holder: str = "h1", day: str = TODAY, **facts: Any) -> Reserve:
    who = DayOfHolder(member_id=WHO, holder_id=holder, day=day) if holder else None
    asked = {"reservation_id": uuid7(NOW, next(_DRAWN).to_bytes(10, "big")), "kind": AccountKind.POINTS, "account": WHO,
             "amount": amount, "hold_s": 900, "holder": who, **facts}
    made = Reserve(**asked)
    reservations.reserve(Station.objects.get(id="12-1"), made, NOW)
    return made


def refused(ask: Callable[[], object]) -> tuple[ProblemCode, int | None]:
    with pytest.raises(RefusalError) as refusal:
        ask()
    return refusal.value.problem.code, refusal.value.problem.available


def spent(points: int = 0, wallet: int = 0, holder: str = "h1") -> Any:
    """A sale in which ``holder`` paid with points, or out of the wallet; its prices are no matter."""
    who = member(0)
    made = sale(who)
    priced = replace(made.priced, paid_points=(PaidPoints("points", points, 0),) if points else ())
    basket = replace(made.basket, spender=Spender(holder, 60, 5_000))
    paid = (Tender(TenderKind.WALLET, wallet, account="w"),) if wallet else made.tenders
    return replace(made, basket=basket, priced=priced, points=points_of(made.sale_id, WHO, priced), tenders=paid)


def post(till: Till, *sales: Any) -> None:
    first = len(till.journal.raws) + 1
    for each in sales:
        till.journal.append(each)
    till.put(1 if first == 2 else first, len(till.journal.raws))


def flagged() -> list[tuple[int, str]]:
    return list(Difference.objects.filter(breach="HOLDER").order_by("seq").values_list("seq", "detail"))


def test_a_day_is_shared_by_all_stations() -> None:
    held = reserve(40)
    assert refused(lambda: reserve(21)) == (ProblemCode.HOLDER_LIMIT, 20)
    reserve(20)
    assert refused(lambda: reserve(1)) == (ProblemCode.HOLDER_LIMIT, 0)
    reservations.void(Station.objects.get(id="12-1"), Void(reservation_id=held.reservation_id))
    reserve(40)
    reserve(60, day=TOMORROW)
    reserve(1_000, "h2")
    reserve(1_000, "")


def test_the_same_reservation_again_is_the_same_also_at_the_limit() -> None:
    held = reserve(60)
    again = reservations.reserve(Station.objects.get(id="12-1"), held, NOW)
    assert again.reservation_id == held.reservation_id


def test_what_is_sold_counts_and_no_longer_twice(till: Till) -> None:
    held = reserve(40)
    post(till, replace(spent(40), reservations=(held.reservation_id,)))
    assert list(HolderUse.objects.values_list("holder", "day", "points", "value", "over")) == [("h1", TODAY, 40, 0, "")]
    assert refused(lambda: reserve(21)) == (ProblemCode.HOLDER_LIMIT, 20)
    reserve(20)


def test_wallets_have_a_limit_of_their_own_and_gift_cards_none() -> None:
    wallet = {"kind": AccountKind.WALLET, "account": "w"}
    reserve(5_000, **wallet)
    assert refused(lambda: reserve(1, **wallet)) == (ProblemCode.HOLDER_LIMIT, 0)
    reserve(60)
    reserve(9_000, kind=AccountKind.GIFT_CARD, account="g")


def test_a_holder_nobody_knows_spends_nothing() -> None:
    assert refused(lambda: reserve(1, "h9")) == (ProblemCode.HOLDER_LIMIT, 0)


def test_too_little_is_still_told_as_such() -> None:
    assert refused(lambda: reserve(10**9, "h2"))[0] is ProblemCode.NOT_ENOUGH


def test_two_stations_offline_that_together_spent_too_much_are_flagged(till: Till) -> None:
    other = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=other.public, paired_us=0)
    post(till, spent(50), spent(0))
    post(other, spent(11, wallet=5_001), spent(500, holder="h2"), spent(1, holder="h9"))
    assert flagged() == [(2, "POINTS 11, 10 left; WALLET 5001, 5000 left"), (4, "POINTS 1, 0 left")]
    cards.keep_holder(WHO, Holder("h1", "", 10_000, None))
    assert "audit_difference" not in rebuild().differing
    assert len(flagged()) == 2
    post(other, spent(61))
    assert len(flagged()) == 2
