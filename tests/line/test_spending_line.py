"""Points over the whole line: reserved while head office answers, leased while it does not, never spent twice."""

import pytest
from msgspec import json

from station.card import Medium, Tap
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.leases import AccountKind
from station.people import Actor, Role
from station.redemption import RedemptionRules
from station.sale import Sale
from station.spending import Spendable
from station.tender import Tender, TenderKind
from tests.line.conftest import Line
from ui.clock import SystemClock
from ui.wiring import make_counter
from ui.wiring_lines import spending_office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
SARA = Actor("sara", Role.CASHIER)


def buy(line: Line, counter: Counter, card: str, points: int = 0) -> Sale:
    """Sell two of the first good to the holder of ``card``, ``points`` of whose pay for it."""
    if line.memory.journal.shift() is None:
        counter.open_shift(SARA, 0)
    counter.scan(next(line.memory.shelf.products(1)).barcode, 2000)
    counter.tap(Tap("sim:1", Medium.NFC_UID, card))
    counter.redeem(points)
    counter.pay_by([TenderKind.CASH])
    priced = counter.priced()
    assert priced is not None
    return counter.settle([Tender(TenderKind.CASH, priced.total)], SARA).sale


def lost(line: Line) -> dict[str, int]:
    """What head office thinks the theft of the station could cost in points."""
    (row,) = line.posted_json("stations", "--loss")
    found: dict[str, int] = row["loss"]["POINTS"]
    return found


def test_points_pay_online_and_offline_and_nothing_is_overdrawn(line: Line) -> None:
    pack = line.memory.packs.current(SystemClock().now().utc_us)
    file = line.home.folder / "pack.json"
    file.write_bytes(json.encode({**json.decode(json.encode(pack)), "number": pack.number + 1,
                                  "redemption": json.decode(json.encode(RedemptionRules(block=10, worth=100)))}))
    line.office.ask("pack", str(file))
    line.exchange()
    known = [(line.memory.members.card(each.uid), each.uid) for each in line.cards if each.status == "ACTIVE"]
    points, uid, who = max(
        (member.points, uid, member.member_id) for card, uid in known
        if card and (member := line.memory.members.member(card.member_id)))
    assert points >= 200
    asked = spending_office(line.home, line.who)
    counter = make_counter(line.who.enrolment, line.memory, asked)

    # head office answers: what is paid is reserved there, and the sale is known as the one it was for
    paid = buy(line, counter, uid, 50)
    assert (len(paid.reservations), paid.lease_uses, paid.priced.spent) == (1, (), 50)
    line.exchange()
    line.office.ask("work", "--once")
    earned = paid.priced.points
    assert counter.spendable(AccountKind.POINTS, who) == Spendable(points - 50 + earned, online=True)

    # who buys here gets a lease here: a fifth of what there is, but no more than 2 000 a day
    line.exchange()
    share = min((points - 50 + earned) * 20 // 100, 2_000)
    assert lost(line)["leased"] == share
    asked.close()

    # and nobody answers: the lease pays, up to its amount
    line.office.stop()
    offline = make_counter(line.who.enrolment, line.memory, spending_office(line.home, line.who))
    leased_here = offline.spendable(AccountKind.POINTS, who)
    assert leased_here is not None
    assert (leased_here.amount, leased_here.online) == (share, False)
    assert leased_here.until_us is not None
    with pytest.raises(StationError) as short:
        buy(line, offline, uid, share + 1)
    assert (short.value.code, short.value.detail) == (ErrorCode.LEASE_SHORT, {"spendable": share})
    offline.abandon()
    leased = buy(line, offline, uid, 20)
    assert (leased.reservations, sum(use.amount for use in leased.lease_uses)) == ((), 20)

    line.office.start()
    line.exchange()
    assert lost(line) == {"leased": share - 20, "daily": 500_000, "written_off": 0, "bound": share - 20 + 500_000}
    assert line.office.ask("verify") == "the books agree with the journals"
