"""Members beside selling, over the whole line: who forgot the card is proven, and cards live offline first."""

import json
from dataclasses import replace

import pytest
from msgspec import json as strict

from station.card import Card, CardLink, CardStatus, CardTier, Medium, Tap
from station.card_desk import CardDesk
from station.card_life import CardReason, Holder, Spender
from station.errors import ErrorCode, StationError
from station.pack import CardCap
from station.redemption import RedemptionRules
from station.step_up import ClaimMethod
from station.tell_desk import Sheet
from station.tender import Tender, TenderKind
from station.told import Channel, Purpose, Told
from tests.line.conftest import Line
from tests.line.test_spending_line import SARA
from ui.clock import SystemClock
from ui.wiring import card_book, make_counter, make_world
from ui.wiring_lines import claims_office, spending_office
from ui.wiring_members import member_parts, tell_desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_a_code_lets_a_member_without_a_card_spend_as_far_as_the_pack_says(line: Line) -> None:
    pack = line.memory.packs.current(SystemClock().now().utc_us)
    file = line.home.folder / "pack.json"
    file.write_bytes(strict.encode(replace(
        pack, number=pack.number + 1, redemption=RedemptionRules(10, 100), card_caps=(CardCap(CardTier.NUMBER, 20, 100),))))
    line.office.ask("pack", str(file))
    line.exchange()
    known = [line.memory.members.card(each.uid) for each in line.cards if each.status == "ACTIVE"]
    points, who = max((member.points, member.member_id) for card in known
                      if card and (member := line.memory.members.member(card.member_id)))
    assert points >= 200
    member = line.memory.members.member(who)
    assert member
    asked, claims = spending_office(line.home, line.who), claims_office(line.home, line.who)
    counter = make_counter(line.who.enrolment, line.memory, asked)
    parts = member_parts(counter, line.memory, SystemClock(), claims, line.who.enrolment.card_key)
    assert parts
    counter.open_shift(SARA, 0)
    counter.scan(next(line.memory.shelf.products(1)).barcode, 2000)
    counter.identify(who)
    counter.redeem(90)
    before = counter.priced()
    assert before
    assert before.spent == 20

    parts.claiming.begin(member.phone, ClaimMethod.CODE, who)
    [sent] = (line.office.home / "codes").glob("*.json")
    message = json.loads(sent.read_text("utf-8"))
    assert message["to"] == member.phone
    code = next(word for word in message["text"].replace(".", " ").split() if word.isdecimal())
    wrong = f"{(int(code) + 1) % 10 ** 6:06d}"
    with pytest.raises(StationError) as refused:
        parts.claiming.answer(wrong)
    assert (refused.value.code, refused.value.detail) == (ErrorCode.CLAIM_REFUSED, {"tries": 4})
    parts.claiming.answer(code)
    priced = counter.priced()
    assert priced
    assert priced.spent == 90
    counter.settle([Tender(TenderKind.CASH, priced.total)], SARA)
    line.exchange()
    line.office.ask("work", "--once")
    assert line.office.ask("verify") == "the books agree with the journals"

    line.office.stop()
    with pytest.raises(StationError) as silent:
        parts.claiming.begin(member.phone, ClaimMethod.PIN, who)
    assert silent.value.code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    claims.close()
    asked.close()


def test_a_card_given_out_offline_is_the_members_everywhere_once_it_was_sent(line: Line) -> None:
    line.office.stop()
    gold = line.card_of("gold")
    counter = make_counter(line.who.enrolment, line.memory)
    book = card_book(line.memory)
    desk = CardDesk(make_world(line.memory), book, lambda: None)
    held = book.card(gold.uid)
    assert held
    desk.issue("9364990000000017", held.member_id, Medium.BARCODE, SARA)
    desk.block(book.card_hash(gold.uid), CardReason.LOST, SARA)
    counter.tap(Tap("sim:1", Medium.BARCODE, "9364990000000017"))
    with pytest.raises(StationError) as lost:
        counter.tap(Tap("sim:1", Medium.NFC_UID, gold.uid))
    assert (lost.value.code, lost.value.detail) == (ErrorCode.CARD_NOT_ACTIVE, {"status": "LOST"})
    assert line.memory.members.card("9364990000000017") is None

    line.office.start()
    line.exchange()
    line.office.ask("work", "--once")
    line.exchange()
    card = line.memory.members.card("9364990000000017")
    assert card == Card(held.member_id, CardStatus.ACTIVE)
    assert line.memory.members.card(gold.uid) == Card(held.member_id, CardStatus.LOST)
    assert CardLink(book.card_hash("9364990000000017"), CardStatus.ACTIVE) in desk.cards(held.member_id)
    assert line.office.ask("cards", "conflicts") == ""


def test_a_person_taken_into_a_family_offline_has_a_card_at_once_and_spends_once_head_office_says_so(line: Line) -> None:
    line.office.stop()
    counter = make_counter(line.who.enrolment, line.memory)
    parts = member_parts(counter, line.memory, SystemClock(), None, line.who.enrolment.card_key)
    held = line.memory.members.card(line.card_of("gold").uid)
    assert held
    assert parts
    kian = parts.cards.add_holder(held.member_id, "کیان", SARA)
    parts.cards.issue("9364990000000025", held.member_id, Medium.BARCODE, SARA, kian.holder_id)
    shown = Tap("sim:1", Medium.BARCODE, "9364990000000025")
    counter.open_shift(SARA, 0)
    counter.scan(next(line.memory.shelf.products(1)).barcode, 2000)
    counter.tap(shown)
    basket, priced = counter.basket, counter.priced()
    assert basket
    assert priced
    assert (basket.spender, priced.points > 0) == (Spender(kian.holder_id, 0, 0), True)
    counter.settle([Tender(TenderKind.CASH, priced.total)], SARA)
    assert list(line.memory.members.holders(held.member_id)) == []

    line.office.start()
    line.exchange()
    listed = line.posted_json("holder", held.member_id)
    assert (listed["id"], listed["named"], listed["points_per_day"], listed["value_per_day"], listed["by"]) == (
        kian.holder_id, True, 0, 0, SARA.person)
    line.office.ask("holder", held.member_id, kian.holder_id, "--points-per-day", "40", "--value-per-day", "0", typed="\n")
    line.exchange()
    assert list(line.memory.members.holders(held.member_id)) == [Holder(kian.holder_id, "کیان", 40, 0)]
    counter.scan(next(line.memory.shelf.products(1)).barcode, 1000)
    counter.tap(shown)
    assert counter.basket
    assert counter.basket.spender == Spender(kian.holder_id, 40, 0)
    assert line.office.ask("verify") == "the books agree with the journals"


def test_what_a_member_tells_offline_is_known_at_once_and_at_head_office_once_it_was_sent(line: Line) -> None:
    line.office.stop()
    desk = tell_desk(line.memory)
    held = line.memory.members.card(line.card_of("gold").uid)
    assert desk
    assert held
    before = desk.known(held.member_id)
    after = Sheet(Told(("tea",), "12", ((Purpose.SERVICE, Channel.SMS),)), before.birth, "sara@shop.example")
    assert desk.tell(held.member_id, before, after, SARA)
    assert desk.known(held.member_id) == replace(after, email="")
    assert desk.tell(held.member_id, after, replace(after, told=Told(("tea",), "12"), email=""), SARA)

    line.office.start()
    line.exchange()
    line.office.ask("work", "--once")
    line.exchange()
    member = line.memory.members.member(held.member_id)
    assert member
    assert member.told == desk.known(held.member_id).told == Told(("tea",), "12")
    assert line.office.ask("verify") == "the books agree with the journals"
