"""Cards that prove something, at the counter: codes are in the journal before anybody is believed."""

from dataclasses import dataclass, field, replace

import pytest

from station.card import Card, CardStatus, CardTier, Medium, Tap
from station.card_seen import CardSeen
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.in_hand import NO_CARD
from station.journal import EntryKind
from station.people import SYSTEM
from station.promotion import When
from station.proving import ProofNote
from station.tender import Tender, TenderKind
from tests.fakes import (
    CASHIER,
    NAME,
    NOON,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
    pack,
    product,
    promotion,
)
from tests.rigs.judged_cards import (
    KEY_ID,
    NUMBER,
    OTHER_NUMBER,
    PUBLIC,
    Trust,
    as_code,
    card_hash,
    code,
    of_phone,
    of_record,
    of_tap,
    on_chip,
    record,
    tapped,
    window,
)

CARD = card_hash(NUMBER)


@dataclass
class CountingMembers(MemoryMembers):
    """A member book that counts how often it is asked."""

    asked: int = 0

    def card(self, number: str) -> Card | None:
        self.asked += 1
        return super().card(number)


@dataclass
class Till:
    """A counter that knows two members and one issuing key; gold members get 10 % on an issued card."""

    clock: FixedClock = field(default_factory=FixedClock)
    journal: MemoryJournal = field(default_factory=MemoryJournal)

    def __post_init__(self) -> None:
        self.members = CountingMembers(
            {NUMBER: Card("m1", CardStatus.ACTIVE), OTHER_NUMBER: Card("m2", CardStatus.ACTIVE),
             "04B2": Card("m2", CardStatus.BLOCKED)},
            {"m1": member(1), "m2": member(2)})
        self.trust = Trust(drafts=self.journal.drafts, windows={CARD: window(60)})
        rules = pack(promotions=(
            replace(promotion("issued-10", "10"), when=When(tiers=("gold",), card=CardTier.ISSUED)),))
        self.good = product(1, 100_000)
        self.counter = Counter(Place("12-1", "12", NAME), World(
            self.clock, bytes, self.members, MemoryShelf({self.good.barcode: self.good}), MemoryPacks(rules),
            self.journal, prover=self.trust.prover()))

    def seen(self) -> list[CardSeen]:
        return [each.body for each in self.journal.drafts if isinstance(each.body, CardSeen)]

    def total(self) -> int:
        if not self.counter.basket or not self.counter.basket.lines:
            self.counter.scan(self.good.barcode)
        priced = self.counter.priced()
        assert priced is not None
        return priced.total


@pytest.fixture
def till() -> Till:
    return Till()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_what_a_card_proves_decides_what_it_gets(till: Till) -> None:
    till.counter.tap(on_chip())
    assert (till.counter.card_tier, till.total()) == (CardTier.NUMBER, 100_000)
    till.counter.tap(on_chip(of_record(record())))
    assert (till.counter.card_tier, till.total()) == (CardTier.ISSUED, 90_000)
    assert till.seen() == []


def test_a_withdrawn_key_gives_nothing_and_is_told(till: Till) -> None:
    till.trust.keys[KEY_ID] = replace(PUBLIC, withdrawn_us=1)
    till.counter.tap(on_chip(of_record(record())))
    assert (till.counter.card_tier, till.total()) == (CardTier.NUMBER, 100_000)
    assert till.counter.shown.notes == (ProofNote.KEY_WITHDRAWN,)


def test_a_taps_code_is_written_down_before_anybody_is_believed(till: Till) -> None:
    till.counter.tap(on_chip(of_tap(tapped(61))))
    [draft] = till.journal.drafts
    assert (draft.kind, draft.at, draft.actor) == (EntryKind.CARD_SEEN, NOON, SYSTEM)
    assert till.seen() == list(till.counter.shown.seen)
    assert NUMBER not in repr(draft)
    till.counter.abandon()
    till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    with refused(ErrorCode.DISK_FULL):
        till.counter.tap(on_chip(of_tap(tapped(62))))
    assert till.counter.member is None


def test_a_code_shown_again_in_another_basket_is_refused_and_written_down(till: Till) -> None:
    for tap in (on_chip(of_tap(tapped(61))), as_code(of_phone(code()))):
        till.counter.tap(tap)
        till.counter.abandon()
        with refused(ErrorCode.CARD_REPLAYED):
            till.counter.tap(tap)
        assert till.counter.basket is None
        assert [each.refused for each in till.seen()[-2:]] == ["", "CARD_REPLAYED"]


@pytest.mark.parametrize("tap", [on_chip(of_tap(tapped(61))), as_code(of_phone(code()))])
def test_a_scanner_that_reads_twice_changes_nothing(till: Till, tap: Tap) -> None:
    first = till.counter.tap(tap)
    till.total()
    before = till.counter.basket
    assert till.counter.tap(tap) == first
    assert (till.counter.basket, till.counter.card_tier) == (before, CardTier.CHANGING_CODE)
    assert (len(till.seen()), till.members.asked) == (1, 1)


def test_the_same_code_from_another_chip_is_a_forgery_all_the_same(till: Till) -> None:
    till.counter.tap(on_chip(of_tap(tapped(61))))
    with refused(ErrorCode.CARD_FORGED):
        till.counter.tap(on_chip(of_tap(tapped(61)), uid="04A1B2C3D4E5F6"))
    assert till.counter.member == member(1)
    assert [each.refused for each in till.seen()] == ["", "CARD_FORGED"]


@pytest.mark.parametrize(("word", "written"), [
    (CardTier.CHANGING_CODE, [CardTier.NUMBER, CardTier.CHANGING_CODE]), (CardTier.SHARED_SECRET, [CardTier.NUMBER])])
def test_head_offices_word_raises_the_tier_of_the_member_in_hand(
    till: Till, word: CardTier, written: list[CardTier],
) -> None:
    till.trust.windows.clear()
    unchecked = on_chip(of_tap(tapped(61)))
    till.counter.tap(unchecked)
    assert till.counter.shown.notes == (ProofNote.NOT_CHECKED,)
    assert till.total() == 100_000
    chosen = till.counter.basket
    assert till.counter.tap(replace(unchecked, tier=word)).member_id == "m1"
    assert till.counter.card_tier is word
    assert not till.counter.shown.notes
    assert till.total() == 90_000
    assert chosen is not None
    assert till.counter.basket == replace(chosen, card=word)
    assert till.journal.held is not None
    assert till.journal.held.basket.card is word
    assert till.members.asked == 1
    assert [each.tier for each in till.seen()] == written


@pytest.mark.parametrize("word", [CardTier.CHANGING_CODE, CardTier.SHARED_SECRET])
def test_head_offices_word_on_a_code_that_was_believed_here_is_no_replay(till: Till, word: CardTier) -> None:
    tap = on_chip(of_tap(tapped(61)))
    till.counter.tap(tap)
    till.counter.tap(replace(tap, tier=word))
    assert till.counter.card_tier is word
    assert [each.refused for each in till.seen()] == [""]


def test_the_same_card_never_proves_less_than_before(till: Till) -> None:
    till.counter.tap(on_chip(of_record(record())))
    till.counter.tap(on_chip())
    assert (till.counter.card_tier, till.total()) == (CardTier.ISSUED, 90_000)
    assert till.members.asked == 2  # the member is looked up anew, as ever
    till.counter.tap(on_chip(of_record(record(number=OTHER_NUMBER)), number=OTHER_NUMBER))
    assert (till.counter.member, till.counter.card_tier) == (member(2), CardTier.ISSUED)
    till.counter.tap(on_chip())
    assert (till.counter.member, till.counter.card_tier) == (member(1), CardTier.NUMBER)


def test_a_card_found_forged_afterwards_takes_its_member_out(till: Till) -> None:
    till.counter.tap(on_chip(of_record(record())))
    till.total()
    till.counter.disprove(OTHER_NUMBER)
    assert till.counter.member == member(1)
    till.counter.disprove(NUMBER)
    assert till.total() == 100_000
    assert [till.counter.member, till.counter.shown] == [None, NO_CARD]


def test_nobody_is_taken_out_who_showed_no_card(till: Till) -> None:
    till.counter.disprove(NUMBER)
    till.counter.identify("m1")
    till.counter.disprove("")
    assert till.counter.member == member(1)
    assert till.counter.shown == NO_CARD


def test_a_member_found_without_a_card_may_still_show_one(till: Till) -> None:
    till.counter.identify("m1")
    till.counter.tap(on_chip(of_record(record())))
    assert till.counter.card_tier is CardTier.ISSUED


def test_a_refused_card_leaves_the_basket_as_it_was(till: Till) -> None:
    till.counter.tap(on_chip(of_record(record())))
    till.total()
    before = till.counter.basket
    for tap, expected in (
            (on_chip(of_record(record(number=OTHER_NUMBER))), ErrorCode.CARD_FORGED),
            (Tap("pcsc:1", Medium.CHIP, "04B2"), ErrorCode.CARD_NOT_ACTIVE)):
        with refused(expected):
            till.counter.tap(tap)
        assert till.counter.basket == before
        assert till.counter.card_tier is CardTier.ISSUED


def test_a_number_alone_costs_no_more_than_before(till: Till) -> None:
    till.counter.tap(on_chip())
    assert (till.trust.looked, till.members.asked, till.journal.drafts) == (0, 1, [])


def test_what_a_card_proved_survives_the_program(till: Till) -> None:
    till.counter.tap(on_chip(of_record(record())))
    till.total()
    again = Till(journal=till.journal)
    again.counter.recover()
    assert (again.counter.card_tier, again.total()) == (CardTier.ISSUED, 90_000)
    again.counter.tap(on_chip(of_tap(tapped(61))))
    assert again.counter.card_tier is CardTier.CHANGING_CODE


def test_a_sale_keeps_the_medium_and_the_tier(till: Till) -> None:
    till.counter.open_shift(CASHIER, 0)
    till.counter.tap(as_code(of_phone(code())))
    total = till.total()
    till.counter.settle([Tender(TenderKind.CASH, total)], CASHIER)
    [sale] = till.journal.sales()
    assert (sale.medium, sale.basket.card) == (Medium.QR, CardTier.CHANGING_CODE)
