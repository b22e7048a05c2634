"""Encoding stripes, over a pseudo-terminal with the device's side of the dialogue and a card that keeps what it got."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.club_profile import ClubProfile
from drivers.port import Device
from drivers.readers.msr605 import Msr605Driver
from drivers.reading import DEMO_CLUB
from drivers.serial_line import SerialPorts
from drivers.tracks import Track
from drivers.writer_port import (
    CardLeft,
    Carrier,
    RecordJob,
    StripeJob,
    WriterDriver,
    WriterSetup,
    WriteStep,
    Written,
)
from drivers.writers.msr605 import StripeWriter, StripeWriterDriver
from station.card import ProofKind
from station.card_record import unpack
from station.errors import ErrorCode, StationError
from tests.rigs.at_the_writer import Person
from tests.rigs.issuing_office import KEY_ID, IssuingOffice
from tests.rigs.serial_hand import BANK_SWIPE, SerialHand, member

pytestmark = [
    pytest.mark.timeout(30),
    pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals"),
]
ANSWER_S = 0.4
LOOK, ERASE, WRITE, CHECK, AGAIN = (
    WriteStep.SWIPE_TO_LOOK, WriteStep.SWIPE_TO_ERASE, WriteStep.SWIPE_TO_WRITE, WriteStep.SWIPE_TO_CHECK,
    WriteStep.SWIPE_AGAIN)
JOB = StripeJob(member(1))
ON_CARD = ("", f";{member(1)}?", "")


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[SerialHand]:
    with SerialHand(tmp_path, "--msr") as started:
        started.take()
        yield started


@pytest.fixture
def office() -> IssuingOffice:
    return IssuingOffice()


@pytest.fixture
def active() -> set[str]:
    return set()


def driver_for(hand: SerialHand, office: IssuingOffice, active: set[str], *, hi_co: bool = True) -> StripeWriterDriver:
    setup = WriterSetup(DEMO_CLUB, office, active.__contains__, {"msr605": (hand.path,)}, hi_co)
    return StripeWriterDriver(setup, answer_limit_s=ANSWER_S)


@pytest.fixture
def writer(hand: SerialHand, office: IssuingOffice, active: set[str]) -> Iterator[StripeWriter]:
    driver = driver_for(hand, office, active)
    opened = driver.open(driver.find()[0])
    yield opened
    opened.close()


def swiping(hand: SerialHand, **others: Callable[[], object]) -> Person:
    """Return a person who draws the card in the hand at every step; ``others`` do more, by the step's name."""
    acts: dict[WriteStep, Callable[[], object]] = dict.fromkeys((LOOK, ERASE, WRITE, CHECK, AGAIN), hand.draw)
    return Person({**acts, **{WriteStep(name): act for name, act in others.items()}})


def refusal(writer: StripeWriter, person: Person, job: StripeJob = JOB) -> StationError:
    with pytest.raises(StationError) as caught:
        writer.write(job, person)
    return caught.value


def test_a_blank_card_is_looked_at_written_and_read_back(hand: SerialHand, writer: StripeWriter) -> None:
    person = swiping(hand)
    assert writer.write(JOB, person) == Written(Carrier.STRIPE)
    assert person.steps == [LOOK, WRITE, CHECK]
    assert hand.tracks() == ON_CARD


def test_the_bytes_sent(hand: SerialHand, writer: StripeWriter) -> None:
    writer.write(JOB, swiping(hand))
    number = member(1).encode()
    assert hand.heard() == (
        b"\x1ba\x1be\x1bx" b"\x1ba\x1be" b"\x1br"
        b"\x1bw\x1bs\x1b\x01\x1b\x02" + number + b"\x1b\x03?\x1c" b"\x1br")


def test_low_coercivity_is_asked_for(hand: SerialHand, office: IssuingOffice) -> None:
    driver = driver_for(hand, office, set(), hi_co=False)
    driver.open(Device(f"msr605:{hand.path}", "")).close()
    assert hand.heard() == b"\x1ba\x1be\x1by\x1ba"


def test_a_signed_card_carries_its_record_and_the_counter_reads_it(
    hand: SerialHand, writer: StripeWriter,
) -> None:
    assert writer.write(StripeJob(member(1), signed=True, expires="2030-03-20"), swiping(hand))
    writer.close()
    reader = Msr605Driver(ports=SerialPorts(paths=(hand.path,))).open(Device(f"msr605:{hand.path}", ""))
    try:
        reader.wait(0)
        assert hand.draw() == "read"
        tap = reader.wait(3.0)
    finally:
        reader.close()
    assert tap is not None
    assert tap.number == member(1)
    [proof] = tap.proofs
    record = unpack(proof.content)
    assert (proof.kind, record.key_id, record.number, record.expires, record.uid) == (
        ProofKind.RECORD, KEY_ID, member(1), "2030-03-20", "")


def test_without_head_office_a_number_is_written_but_no_signed_card(
    hand: SerialHand, writer: StripeWriter, office: IssuingOffice,
) -> None:
    office.reachable = False
    person = swiping(hand)
    assert refusal(writer, person, StripeJob(member(1), signed=True)).code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    assert hand.tracks() == ("", "", "")
    assert person.steps == [WriteStep.ASKING]
    assert writer.write(JOB, swiping(hand))


@pytest.mark.parametrize(("tracks", "code"), [
    ([each + "?" for each in BANK_SWIPE.split("?")[:2]], ErrorCode.CARD_IS_BANK_CARD),
    (["%SOMEBODY ELSE?", ";1234567?"], ErrorCode.CARD_NOT_BLANK),
    (["%B", ";12", ""], ErrorCode.CARD_NOT_BLANK),
    (["", f";{member(2)}?"], ErrorCode.CARD_TAKEN),
    (["", f";{member(3)}?"], ErrorCode.CARD_NOT_BLANK),
])
def test_a_card_that_holds_something_is_refused_and_stays_as_it_was(
    hand: SerialHand, writer: StripeWriter, active: set[str], tracks: list[str], code: ErrorCode,
) -> None:
    active.add(member(2))
    hand.take(*tracks)
    before = hand.tracks()
    fault = refusal(writer, swiping(hand))
    assert fault.code is code
    assert "left" not in fault.detail
    assert hand.tracks() == before
    assert b"\x1bw" not in hand.heard()


@pytest.mark.parametrize("tracks", [
    [each + "?" for each in BANK_SWIPE.split("?")[:2]], ["%SOMEBODY ELSE?", ";1234567?"]])
def test_what_is_not_ours_is_not_overwritten_even_when_asked_to(
    hand: SerialHand, writer: StripeWriter, tracks: list[str],
) -> None:
    hand.take(*tracks)
    before = hand.tracks()
    refusal(writer, swiping(hand), replace(JOB, overwrite=True))
    assert hand.tracks() == before
    assert b"\x1bw" not in hand.heard()
    assert b"\x1bc" not in hand.heard()


def test_another_card_of_the_club_is_overwritten_when_asked_to_and_its_other_tracks_erased(
    hand: SerialHand, writer: StripeWriter, active: set[str],
) -> None:
    active.add(member(2))
    hand.take("%CLUB?", f";{member(2)}?", ";12?")
    person = swiping(hand)
    assert writer.write(replace(JOB, overwrite=True), person)
    assert person.steps == [LOOK, ERASE, WRITE, CHECK]
    assert hand.tracks() == ON_CARD
    assert b"\x1bc\x05" in hand.heard()


def test_its_own_number_may_be_written_again(hand: SerialHand, writer: StripeWriter, active: set[str]) -> None:
    active.add(member(1))
    hand.take(*ON_CARD)
    assert writer.write(JOB, swiping(hand))


def test_a_bad_swipe_is_asked_for_again(hand: SerialHand, writer: StripeWriter) -> None:
    hand.tell("spoil 39")
    person = swiping(hand)
    assert writer.write(JOB, person)
    assert person.steps == [LOOK, WRITE, AGAIN, CHECK]
    assert hand.tracks() == ON_CARD


@pytest.mark.parametrize("status", ["31", "39", "41"])
def test_a_card_that_takes_nothing_may_hold_anything(hand: SerialHand, writer: StripeWriter, status: str) -> None:
    def badly() -> None:
        hand.tell(f"spoil {status}")
        hand.draw()

    person = swiping(hand, SWIPE_TO_WRITE=badly, SWIPE_AGAIN=badly)
    fault = refusal(writer, person)
    assert (fault.code, fault.detail) == (
        ErrorCode.WRITE_FAILED, {"left": CardLeft.HALF.value, "status": status})
    assert person.steps == [LOOK, WRITE, AGAIN, AGAIN]
    # what is left can be written over when asked to, not by mistake
    assert refusal(writer, swiping(hand)).code is ErrorCode.CARD_NOT_BLANK
    assert writer.write(replace(JOB, overwrite=True), swiping(hand))
    assert hand.tracks() == ON_CARD


@pytest.mark.parametrize("status", ["32", "34"])
def test_a_device_that_knows_no_writing_leaves_the_card_alone(
    hand: SerialHand, writer: StripeWriter, status: str,
) -> None:
    def refuse() -> None:
        hand.tell(f"send 1b{status}")

    fault = refusal(writer, swiping(hand, SWIPE_TO_WRITE=refuse))
    assert (fault.code, fault.detail["status"]) == (ErrorCode.WRITER_UNAVAILABLE, status)
    assert hand.tracks() == ("", "", "")


def test_what_was_written_wrong_is_found_by_reading(hand: SerialHand, writer: StripeWriter) -> None:
    hand.tell("blur 2")
    fault = refusal(writer, swiping(hand))
    assert (fault.code, fault.detail["left"]) == (ErrorCode.WRITE_NOT_VERIFIED, CardLeft.HALF.value)


def test_another_card_at_the_check_is_found(hand: SerialHand, writer: StripeWriter) -> None:
    def other() -> None:
        hand.take("", f";{member(9)}?")
        hand.draw()

    assert refusal(writer, swiping(hand, SWIPE_TO_CHECK=other)).code is ErrorCode.WRITE_NOT_VERIFIED


def test_a_check_that_cannot_be_read_is_asked_for_again_and_then_given_up(
    hand: SerialHand, writer: StripeWriter,
) -> None:
    def nothing() -> None:
        hand.take()
        hand.draw()

    person = swiping(hand, SWIPE_TO_CHECK=nothing, SWIPE_AGAIN=nothing)
    fault = refusal(writer, person)
    assert (fault.code, fault.detail["left"]) == (ErrorCode.WRITE_NOT_VERIFIED, CardLeft.HALF.value)
    assert person.steps == [LOOK, WRITE, CHECK, AGAIN, AGAIN]


@pytest.mark.parametrize("tracks", [("", "", ""), ON_CARD])
def test_a_card_that_gives_nothing_and_an_error_is_blank_when_it_does_so_twice(
    hand: SerialHand, writer: StripeWriter, tracks: tuple[str, ...],
) -> None:
    hand.tell("status 31")

    def look_again() -> None:
        hand.tell("status 30") if any(tracks) else None
        hand.take(*tracks)
        hand.draw()
        hand.tell("status 30")

    person = swiping(hand, SWIPE_AGAIN=look_again)
    assert writer.write(JOB, person)
    assert person.steps == [LOOK, AGAIN, WRITE, CHECK]


def test_half_an_answer_leaves_the_card_alone(hand: SerialHand, writer: StripeWriter) -> None:
    hand.take(*ON_CARD)
    hand.tell("half 12")
    assert refusal(writer, swiping(hand)).code is ErrorCode.SWIPE_INCOMPLETE
    assert hand.tracks() == ON_CARD


@pytest.mark.parametrize(("step", "left"), [
    (LOOK, None), (ERASE, None), (WRITE, CardLeft.HALF), (CHECK, CardLeft.UNCHECKED)])
def test_who_leaves_hears_how_the_card_was_left(
    hand: SerialHand, writer: StripeWriter, step: WriteStep, left: CardLeft | None,
) -> None:
    hand.take("%CLUB?", f";{member(2)}?")
    person = swiping(hand)
    person.at(step, person.leave)
    job = replace(JOB, overwrite=True)
    if left is None:
        assert writer.write(job, person) is None
        assert hand.tracks() == ("%CLUB?", f";{member(2)}?", "")
        assert hand.draw() == "missed"
    else:
        assert refusal(writer, person, job).detail["left"] == left.value


def test_who_leaves_before_a_blank_card_was_written_left_it_blank(hand: SerialHand, writer: StripeWriter) -> None:
    person = swiping(hand)
    person.at(WRITE, person.leave)
    assert writer.write(JOB, person) is None
    assert hand.draw() == "missed"
    assert hand.tracks() == ("", "", "")


@pytest.mark.parametrize(("step", "code", "left"), [
    (LOOK, ErrorCode.READER_GONE, None), (WRITE, ErrorCode.WRITE_FAILED, CardLeft.HALF),
    (CHECK, ErrorCode.WRITE_NOT_VERIFIED, CardLeft.UNCHECKED)])
def test_a_device_that_is_unplugged(
    hand: SerialHand, writer: StripeWriter, step: WriteStep, code: ErrorCode, left: CardLeft | None,
) -> None:
    fault = refusal(writer, swiping(hand, **{step.value: lambda: hand.tell("unplug")}))
    assert (fault.code, fault.detail.get("left")) == (code, left)


def test_a_device_that_says_nothing_is_not_there(hand: SerialHand, office: IssuingOffice) -> None:
    hand.tell("mute")
    with pytest.raises(StationError) as caught:
        driver_for(hand, office, set()).open(Device(f"msr605:{hand.path}", ""))
    assert caught.value.code is ErrorCode.READER_GONE


def test_a_record_of_another_card_or_of_no_sense_is_not_written(
    hand: SerialHand, writer: StripeWriter, office: IssuingOffice, active: set[str],
) -> None:
    class Confused(IssuingOffice):
        def sign_record(self, number: str, uid: str, expires: str) -> bytes:
            return super().sign_record(member(7), uid, expires) if expires else b"\x00" + number.encode()

    writer.close()
    assert office.signed == []
    driver = driver_for(hand, Confused(), active)
    opened = driver.open(driver.find()[0])
    try:
        for expires in ("", "2030-03-20"):
            job = StripeJob(member(1), signed=True, expires=expires)
            assert refusal(opened, swiping(hand), job).code is ErrorCode.ANSWER_INVALID
    finally:
        opened.close()


def test_a_club_whose_numbers_stand_elsewhere(hand: SerialHand, office: IssuingOffice) -> None:
    club = ClubProfile(Track.ONE, "CLUB", (8,), group=1, lead="N", letters=True)
    setup = WriterSetup(club, office, set[str]().__contains__, {"msr605": (hand.path,)})
    driver = StripeWriterDriver(setup, answer_limit_s=ANSWER_S)
    opened = driver.open(driver.find()[0])
    try:
        assert opened.write(StripeJob("CLUB0001"), swiping(hand))
        assert hand.tracks() == ("%^NCLUB0001?", "", "")
        assert refusal(opened, swiping(hand), StripeJob("CLUB0001", signed=True)).code is ErrorCode.WRITER_UNAVAILABLE
    finally:
        opened.close()


def test_it_writes_stripes_only_and_no_number_of_another_club(hand: SerialHand, writer: StripeWriter) -> None:
    with pytest.raises(StationError) as caught:
        writer.write(RecordJob(member(1)), swiping(hand))
    assert caught.value.code is ErrorCode.WRITER_UNAVAILABLE
    with pytest.raises(ValueError, match="none of the club"):
        writer.write(StripeJob("6037991234567893"), swiping(hand))


def test_it_is_a_writer_of_stripes(hand: SerialHand, office: IssuingOffice) -> None:
    driver = driver_for(hand, office, set())
    assert isinstance(driver, WriterDriver)
    assert driver.missing() is None
    assert [each.path for each in driver.find()] == [f"msr605:{hand.path}"]
