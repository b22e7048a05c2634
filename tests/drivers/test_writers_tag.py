"""Signed records on tags: written through the real PC/SC service to cards that can be worn, locked and torn away."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from drivers.pcsc_writing import PcscDevices
from drivers.port import Device
from drivers.readers.pcsc import PcscDriver
from drivers.reading import DEMO_CLUB
from drivers.writer_port import (
    CardLeft,
    Carrier,
    ChipJob,
    RecordJob,
    WriterDriver,
    WriterSetup,
    WriteStep,
    Written,
)
from drivers.writers.pcsc_tag import TagWriter, TagWriterDriver
from station.card import Medium, Proof, ProofKind
from station.card_record import CardRecord, unpack
from station.errors import ErrorCode, StationError
from tests.rigs.at_the_writer import Person
from tests.rigs.hand import VirtualCard
from tests.rigs.issuing_office import KEY_ID, IssuingOffice
from tests.rigs.pcscd import READER, PcscService, wait_until_empty
from tests.rigs.serial_hand import member
from tests.rigs.writing_hand import WritingHand

pytestmark = [pytest.mark.pcsc, pytest.mark.timeout(60, func_only=True)]
DEVICE = Device(f"pcsc:{READER}", READER)
UID = "04A1B2C3D4E5F6"
JOB = RecordJob(member(1), "2030-03-20")
DATA = 16
OTHERS_TEXT = bytes.fromhex("030BD101075402656E68656C6CFE")
"""An NDEF TLV with the Text record "hell" (a foreign card's)."""


@pytest.fixture
def hand(pcsc: PcscService) -> Iterator[WritingHand]:
    assert pcsc
    wait_until_empty()
    with WritingHand() as started:
        yield started


@pytest.fixture
def office() -> IssuingOffice:
    return IssuingOffice()


@pytest.fixture
def active() -> set[str]:
    return set()


@pytest.fixture
def writer(pcsc: PcscService, office: IssuingOffice, active: set[str]) -> Iterator[TagWriter]:
    assert pcsc
    setup = WriterSetup(DEMO_CLUB, office, active.__contains__)
    opened = TagWriterDriver(setup, PcscDevices(limit_s=3.0)).open(DEVICE)
    yield opened
    opened.close()


def refusal(writer: TagWriter, job: RecordJob = JOB) -> StationError:
    with pytest.raises(StationError) as caught:
        writer.write(job, Person())
    return caught.value


def tap_of() -> tuple[str, str, CardRecord]:
    """Read the card that lies there as the counter does."""
    reader = PcscDriver().open(DEVICE)
    try:
        tap = reader.wait(3.0)
    finally:
        reader.close()
    assert tap is not None
    assert tap.medium is Medium.CHIP
    [proof] = tap.proofs
    assert isinstance(proof, Proof)
    assert proof.kind is ProofKind.RECORD
    return tap.number, tap.uid, unpack(proof.content)


@pytest.mark.parametrize(("kind", "carrier"), [
    ("ntag213", Carrier.TYPE_2), ("ntag215", Carrier.TYPE_2), ("type4", Carrier.TYPE_4)])
def test_a_blank_tag_gets_its_record_and_the_counter_reads_it(
    hand: WritingHand, writer: TagWriter, kind: str, carrier: Carrier,
) -> None:
    hand.blank(kind)
    person = Person()
    assert writer.write(JOB, person) == Written(carrier, UID)
    assert person.steps == [
        WriteStep.PLACE_CARD, WriteStep.ASKING, WriteStep.WRITING, WriteStep.CHECKING]
    number, uid, record = tap_of()
    assert (number, uid) == (member(1), UID)
    assert (record.key_id, record.uid, record.number, record.expires) == (KEY_ID, UID, member(1), "2030-03-20")


def test_no_other_bytes_change_on_a_tag(hand: WritingHand, writer: TagWriter) -> None:
    hand.blank("ntag213")
    before = hand.memory()
    writer.write(JOB, Person())
    after = hand.memory()
    # lock control TLV 01 03 A0 0C 34, NDEF TLV 03 and its length, terminator behind the message
    length = after[DATA + 6]
    assert after[:DATA + 6] == before[:DATA + 6]
    assert after[DATA + 7 + length] == 0xFE
    assert after[DATA + 12 + length:] == before[DATA + 12 + length:]


def test_one_card_lying_there_is_written_once(hand: WritingHand, writer: TagWriter) -> None:
    hand.blank()
    writer.write(JOB, Person())
    person = Person()
    person.leave()
    assert writer.write(RecordJob(member(2)), person) is None
    hand.remove()
    wait_until_empty()
    hand.blank("type4", "04A1B2C3D4E5F7")
    assert writer.write(RecordJob(member(2)), Person()) == Written(Carrier.TYPE_4, "04A1B2C3D4E5F7")


def test_its_own_number_may_be_written_again(hand: WritingHand, writer: TagWriter, active: set[str]) -> None:
    hand.blank()
    writer.write(JOB, Person())
    active.add(member(1))
    hand.again()
    assert writer.write(JOB, Person()) == Written(Carrier.TYPE_2, UID)


@pytest.mark.parametrize("kind", ["ntag213", "type4"])
def test_another_card_of_the_club_is_overwritten_only_when_asked_to(
    hand: WritingHand, writer: TagWriter, active: set[str], kind: str,
) -> None:
    hand.blank(kind)
    writer.write(JOB, Person())
    before = hand.memory()
    second = RecordJob(member(2))
    hand.again()
    assert refusal(writer, second).code is ErrorCode.CARD_NOT_BLANK
    active.add(member(1))
    hand.again()
    assert refusal(writer, second).code is ErrorCode.CARD_TAKEN
    assert hand.memory() == before
    hand.again()
    assert writer.write(replace(second, overwrite=True), Person())
    assert tap_of()[0] == member(2)


def test_a_chip_whose_uid_is_a_card_in_use_is_refused(
    hand: WritingHand, writer: TagWriter, active: set[str],
) -> None:
    active.add(UID)
    hand.blank()
    before = hand.memory()
    assert refusal(writer).code is ErrorCode.CARD_TAKEN
    assert hand.memory() == before


def foreign_text(hand: WritingHand) -> None:
    hand.blank("ntag215")
    hand.poke(DATA, OTHERS_TEXT)


def foreign_data(hand: WritingHand) -> None:
    hand.blank("ntag213")
    hand.poke(DATA, bytes.fromhex("FD04AABBCCDDFE"))


def foreign_behind_an_empty_message(hand: WritingHand) -> None:
    hand.blank("ntag215")
    hand.poke(DATA, bytes.fromhex("030000FD04AABBCCDDFE"))


def foreign_file(hand: WritingHand) -> None:
    hand.blank("type4")
    hand.poke(0, len(OTHERS_TEXT[2:-1]).to_bytes(2, "big") + OTHERS_TEXT[2:-1])


def locked_page(hand: WritingHand) -> None:
    hand.blank("ntag213")
    hand.poke(11, b"\x01")


def locked_above(hand: WritingHand) -> None:
    hand.blank("ntag213")
    hand.poke(0x28 * 4, b"\x08")


def read_only_tag(hand: WritingHand) -> None:
    hand.blank("ntag213")
    hand.poke(15, b"\x0f")


def container_only(hand: WritingHand) -> None:
    hand.blank("bare")


@pytest.mark.parametrize(("lay", "code"), [
    (foreign_text, ErrorCode.CARD_NOT_BLANK), (foreign_data, ErrorCode.CARD_NOT_BLANK),
    (foreign_behind_an_empty_message, ErrorCode.CARD_NOT_BLANK), (foreign_file, ErrorCode.CARD_NOT_BLANK),
    (locked_page, ErrorCode.CARD_LOCKED), (locked_above, ErrorCode.CARD_LOCKED),
    (read_only_tag, ErrorCode.CARD_LOCKED),
    (lambda hand: hand.blank("read_only"), ErrorCode.CARD_LOCKED),
    (lambda hand: hand.blank("ultralight"), ErrorCode.CARD_TOO_SMALL),
    (container_only, ErrorCode.CARD_NOT_WRITABLE),
])
def test_what_may_not_be_written_is_refused_and_stays_as_it_was(
    hand: WritingHand, writer: TagWriter, lay: object, code: ErrorCode,
) -> None:
    assert callable(lay)
    lay(hand)
    before = hand.memory()
    fault = refusal(writer, replace(JOB, overwrite=True))
    assert fault.code is code
    assert "left" not in fault.detail
    assert hand.memory() == before
    assert not any(command[:2] in {b"\xff\xd6", b"\x00\xd6"} for command in hand.heard())


@pytest.mark.parametrize(("kind", "uid", "code"), [
    ("emv", UID, ErrorCode.CARD_IS_BANK_CARD), ("cobranded", UID, ErrorCode.CARD_IS_BANK_CARD),
    ("phone", "08A1B2C3", ErrorCode.CARD_IS_PHONE), ("classic", "A1B2C3D4", ErrorCode.CARD_NOT_WRITABLE),
    ("file", UID, ErrorCode.CARD_NOT_WRITABLE), ("ntag", "08A1B2C3", ErrorCode.CARD_NUMBER_RANDOM),
])
def test_cards_that_are_no_tags_are_refused_by_the_same_guard(
    card: VirtualCard, writer: TagWriter, office: IssuingOffice, kind: str, uid: str, code: ErrorCode,
) -> None:
    card.insert(uid, kind)
    assert refusal(writer).code is code
    assert not any(command[1:2] == b"\xd6" for command in card.heard())
    assert office.signed == []


def test_without_head_office_nothing_is_written(hand: WritingHand, writer: TagWriter, office: IssuingOffice) -> None:
    office.reachable = False
    hand.blank()
    before = hand.memory()
    assert refusal(writer).code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    assert hand.memory() == before


def test_a_record_of_another_card_is_not_written(hand: WritingHand, pcsc: PcscService) -> None:
    class Confused(IssuingOffice):
        def sign_record(self, number: str, uid: str, expires: str) -> bytes:
            return super().sign_record(number, uid[::-1], expires)

    assert pcsc
    hand.blank()
    before = hand.memory()
    opened = TagWriterDriver(WriterSetup(DEMO_CLUB, Confused(), set[str]().__contains__)).open(DEVICE)
    try:
        assert refusal(opened).code is ErrorCode.ANSWER_INVALID
    finally:
        opened.close()
    assert hand.memory() == before


@pytest.mark.parametrize(("kind", "fault", "code", "left"), [
    *((kind, fault, ErrorCode.WRITE_FAILED, CardLeft.EMPTY)
      for kind in ("ntag213", "type4") for fault in ("tear 1", "pull 2")),
    *((kind, "false 40", ErrorCode.WRITE_NOT_VERIFIED, CardLeft.EMPTY) for kind in ("ntag213", "type4")),
    ("ntag213", "worn 40", ErrorCode.WRITE_FAILED, CardLeft.UNCHANGED),
    ("type4", "worn 40", ErrorCode.WRITE_FAILED, CardLeft.EMPTY),
])
def test_a_write_that_breaks_off_leaves_a_blank_card_that_can_be_written_again(
    hand: WritingHand, writer: TagWriter, kind: str, fault: str, code: ErrorCode, left: CardLeft,
) -> None:
    hand.blank(kind)
    hand.tell(fault)
    refused = refusal(writer)
    assert (refused.code, refused.detail["left"]) == (code, left.value)
    if fault.startswith(("tear", "pull")):
        hand.again()
        assert writer.write(JOB, Person())
        assert tap_of()[0] == member(1)


def test_a_card_that_falls_silent_is_given_up(hand: WritingHand, writer: TagWriter) -> None:
    hand.blank()
    hand.hang()
    assert refusal(writer).code is ErrorCode.CARD_SILENT


def test_a_card_that_falls_silent_in_the_middle_may_hold_all_or_nothing(
    hand: WritingHand, writer: TagWriter,
) -> None:
    hand.blank()
    with pytest.raises(StationError) as caught:
        writer.write(JOB, Person({WriteStep.WRITING: hand.hang}))
    assert (caught.value.code, caught.value.detail["left"]) == (ErrorCode.WRITE_FAILED, CardLeft.UNCHECKED.value)


def test_the_shops_files_are_asked_on_the_thread_that_writes(hand: WritingHand, pcsc: PcscService) -> None:
    assert pcsc
    threads: list[int] = []

    def is_active(number: str) -> bool:
        threads.append(threading.get_ident())
        return number == UID

    hand.blank()
    opened = TagWriterDriver(WriterSetup(DEMO_CLUB, IssuingOffice(), is_active)).open(DEVICE)
    try:
        assert refusal(opened).code is ErrorCode.CARD_TAKEN
    finally:
        opened.close()
    assert threads == [threading.get_ident()]


def test_it_writes_nothing_else_and_no_number_of_another_club(hand: WritingHand, writer: TagWriter) -> None:
    hand.blank()
    with pytest.raises(StationError) as caught:
        writer.write(ChipJob(member(1), "m1"), Person())
    assert caught.value.code is ErrorCode.WRITER_UNAVAILABLE
    with pytest.raises(ValueError, match="none of the club"):
        writer.write(RecordJob("6037991234567893"), Person())


def test_the_driver_lists_the_readers(pcsc: PcscService) -> None:
    assert pcsc
    driver = TagWriterDriver(WriterSetup(DEMO_CLUB, IssuingOffice(), set[str]().__contains__))
    assert isinstance(driver, WriterDriver)
    assert driver.missing() is None
    assert DEVICE in driver.find()
