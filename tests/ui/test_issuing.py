"""A card is bound once it was written and read back; what does not come so far is nobody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.club_numbers import draw_number
from drivers.club_profile import CheckDigit, ClubProfile
from drivers.reading import DEMO_CLUB
from drivers.tracks import Track
from drivers.writer_port import (
    CardForm,
    Carrier,
    ChipJob,
    RecordJob,
    StripeJob,
    WriterDriver,
    WriterSetup,
    WriteStep,
    Written,
)
from drivers.writers.simulated import SimulatedCard, SimulatedWriter, SimulatedWriterDriver, WriterHand
from station.card import CardLink, CardStatus, Medium, Tap
from station.errors import ErrorCode, StationError
from station.people import Actor
from tests.rigs.at_the_writer import Person
from tests.rigs.issuing_office import IssuingOffice
from tests.rigs.issuing_shop import CASHIER, OLD, IssuingShop, hash_of
from tests.rigs.serial_hand import member
from ui.presenters.issuing import Given, Issuing, Order, active_cards, job_of
from ui.wiring import card_book
from ui.wiring_writers import make_issuing

ORDER = Order(member(1), "m1", CardForm.TAG)


class Counter:
    """The shop's files, the desk over them and a simulated writer."""

    def __init__(self, shop: IssuingShop, issuing: Issuing, writer: SimulatedWriter, hand: WriterHand) -> None:
        self.shop, self.issuing, self.writer, self.hand = shop, issuing, writer, hand

    def refusal(self, order: Order) -> StationError:
        with pytest.raises(StationError) as caught:
            self.issuing.give(order, self.writer, Person())
        return caught.value


@contextmanager
def at_the_counter(shop: IssuingShop, form: CardForm = CardForm.TAG) -> Iterator[Counter]:
    hand = WriterHand()
    with shop.open() as memory:
        setup = WriterSetup(DEMO_CLUB, IssuingOffice(), active_cards(card_book(memory)))
        driver = SimulatedWriterDriver(setup, form, hand)
        yield Counter(shop, make_issuing(memory, lambda: CASHIER), driver.open(hand.device), hand)


@pytest.fixture
def shop(tmp_path: Path) -> IssuingShop:
    return IssuingShop(tmp_path)


def test_a_card_is_written_and_given(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter:
        blank, person = SimulatedCard("04A1B2C3D4E5F6"), Person()
        counter.hand.lay(blank)
        assert counter.issuing.give(ORDER, counter.writer, person) == Given(Written(Carrier.TYPE_2, "04A1B2C3D4E5F6"))
        assert person.steps == [WriteStep.PLACE_CARD, WriteStep.WRITING, WriteStep.CHECKING]
        assert blank.number == member(1)
        assert counter.issuing.is_done(ORDER)
    assert shop.given() == [(hash_of(1), "m1")]


def test_a_card_that_could_not_be_verified_is_nobodys(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter:
        counter.hand.lay(SimulatedCard(fault=StationError(ErrorCode.WRITE_NOT_VERIFIED, left="EMPTY")))
        assert counter.refusal(ORDER).code is ErrorCode.WRITE_NOT_VERIFIED
        assert not counter.issuing.is_done(ORDER)
    assert shop.given() == []


@pytest.mark.parametrize(("order", "code"), [
    (Order(member(1), "m99", CardForm.TAG), ErrorCode.MEMBER_UNKNOWN),
    (Order(member(OLD), "m2", CardForm.TAG), ErrorCode.CARD_TAKEN),
    (Order(member(OLD), "m1", CardForm.TAG, replaces=hash_of(OLD)), ErrorCode.CARD_TAKEN),
])
def test_what_could_not_be_bound_is_not_written(shop: IssuingShop, order: Order, code: ErrorCode) -> None:
    with at_the_counter(shop) as counter:
        blank = SimulatedCard()
        counter.hand.lay(blank)
        assert counter.refusal(order).code is code
        assert blank.number == ""


def test_the_members_own_card_may_be_written_again_without_being_given_again(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter:
        counter.hand.lay(SimulatedCard())
        order = Order(member(OLD), "m1", CardForm.TAG)
        assert counter.issuing.give(order, counter.writer, Person()) == Given(Written(Carrier.TYPE_2))
    assert shop.given() == []


def test_a_card_takes_the_place_of_another(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter, shop.open() as memory:
        counter.hand.lay(SimulatedCard())
        order = Order(member(1), "m1", CardForm.TAG, replaces=hash_of(OLD))
        assert counter.issuing.give(order, counter.writer, Person()) == Given(Written(Carrier.TYPE_2))
        book = card_book(memory)
        old, new = book.card(member(OLD)), book.card(member(1))
        assert old is not None
        assert new is not None
        assert (old.status, new.status) == (CardStatus.REPLACED, CardStatus.ACTIVE)


class FullDisk:
    """A desk that cannot write."""

    def issue(self, number: str, member_id: str, medium: Medium, by: Actor, holder: str = "") -> CardLink:
        raise StationError(ErrorCode.DISK_FULL, bytes=len(number + member_id + medium + by.person + holder))

    def replace(self, old: int, number: str, medium: Medium, by: Actor) -> CardLink:
        raise StationError(ErrorCode.DISK_FULL, bytes=len(number + medium + by.person) + old)


def test_a_written_card_that_could_not_be_bound_is_named_and_bound_when_it_is_shown(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter, shop.open() as memory:
        counter.hand.lay(SimulatedCard())
        full = Issuing(FullDisk(), card_book(memory), lambda: CASHIER)
        given = full.give(ORDER, counter.writer, Person())
        assert given is not None
        assert given.fault is not None
        assert given.fault.code is ErrorCode.DISK_FULL
        assert not counter.issuing.is_done(ORDER)
        with pytest.raises(StationError) as caught:
            counter.issuing.bind_shown(ORDER, Tap("pcsc:x", Medium.CHIP, member(2)))
        assert caught.value.code is ErrorCode.CARD_UNKNOWN
        counter.issuing.bind_shown(ORDER, Tap("pcsc:x", Medium.CHIP, member(1)))
        assert counter.issuing.is_done(ORDER)
    assert shop.given() == [(hash_of(1), "m1")]


def test_who_leaves_gives_nothing(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter:
        person = Person()
        person.leave()
        assert counter.issuing.give(ORDER, counter.writer, person) is None
    assert shop.given() == []


def test_each_form_is_a_job_of_its_own() -> None:
    assert job_of(Order("n", "m", CardForm.STRIPE, signed=True, expires="2030-03-20", overwrite=True)) == StripeJob(
        "n", signed=True, expires="2030-03-20", overwrite=True)
    assert job_of(Order("n", "m", CardForm.TAG, expires="2030-03-20", overwrite=True)) == RecordJob(
        "n", "2030-03-20", overwrite=True)
    assert job_of(Order("n", "m", CardForm.CHIP)) == ChipJob("n", "m")


def test_the_simulated_writer_refuses_as_a_real_one_does(shop: IssuingShop) -> None:
    with at_the_counter(shop) as counter:
        for held, code in ((member(OLD), ErrorCode.CARD_TAKEN), (member(7), ErrorCode.CARD_NOT_BLANK)):
            card = SimulatedCard(number=held)
            counter.hand.lay(card)
            assert counter.refusal(ORDER).code is code
            assert card.number == held
        assert counter.refusal(Order(member(1), "m1", CardForm.CHIP)).code is ErrorCode.WRITER_UNAVAILABLE


def test_the_simulated_writer_fits_the_port() -> None:
    hand = WriterHand()
    setup = WriterSetup(DEMO_CLUB, IssuingOffice(), set[str]().__contains__)
    driver = SimulatedWriterDriver(setup, CardForm.STRIPE, hand)
    assert isinstance(driver, WriterDriver)
    assert driver.missing() is None
    assert driver.find() == (hand.device,)
    driver.open(hand.device).close()
    alone = SimulatedWriterDriver(setup)
    assert alone.find() == ()
    with pytest.raises(StationError) as caught:
        alone.open(hand.device)
    assert caught.value.code is ErrorCode.READER_GONE


class Dice:
    """Draws 1, 2, 3 … again and again."""

    def __init__(self) -> None:
        self._drawn = 0

    def below(self, limit: int) -> int:
        self._drawn += 1
        return self._drawn % limit


def test_a_new_number_is_one_of_the_club_and_free() -> None:
    first = draw_number(DEMO_CLUB, Dice().below, lambda _: True)
    assert first is not None
    assert first[:15] == "936412345678901"
    assert DEMO_CLUB.accepts(first.encode())
    second = draw_number(DEMO_CLUB, Dice().below, lambda number: number != first)
    assert second is not None
    assert second != first
    assert draw_number(DEMO_CLUB, Dice().below, lambda _: False) is None


def test_numbers_of_a_club_without_check_digits() -> None:
    club = ClubProfile(Track.TWO, "77", (6, 9), CheckDigit.NONE)
    assert draw_number(club, Dice().below, lambda _: True) == "771230"
