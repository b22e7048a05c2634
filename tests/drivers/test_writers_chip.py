"""Chips with keys, made by head office's own key service through the real PC/SC service and the writer between."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from drivers.pcsc_writing import PcscDevices
from drivers.port import Device
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
from drivers.writers.pcsc_chip import ChipWriter, ChipWriterDriver
from station.card_task import CardPurpose, CardStep, CardTask, KeyHolder, Outcome, Verdict
from station.errors import ErrorCode, StationError
from tests.rigs.at_the_writer import Person
from tests.rigs.issuing_office import IssuingOffice
from tests.rigs.near_holder import NearHolder
from tests.rigs.pcscd import READER, PcscService, wait_until_empty
from tests.rigs.secure_hand import SecureHand
from tests.rigs.serial_hand import member

pytestmark = [pytest.mark.pcsc, pytest.mark.timeout(60, func_only=True)]
DEVICE = Device(f"pcsc:{READER}", READER)
UID = "04A1B2C3D4E5F6"
JOB = ChipJob(member(1), "m1")


@pytest.fixture
def hand(pcsc: PcscService) -> Iterator[SecureHand]:
    assert pcsc
    wait_until_empty()
    with SecureHand() as started:
        yield started


@pytest.fixture
def office(tmp_path: Path) -> NearHolder:
    return NearHolder(tmp_path)


def writer_for(holder: KeyHolder) -> ChipWriter:
    setup = WriterSetup(DEMO_CLUB, holder, set[str]().__contains__)
    return ChipWriterDriver(setup, PcscDevices(limit_s=6.0)).open(DEVICE)


@pytest.fixture
def writer(hand: SecureHand, office: NearHolder) -> Iterator[ChipWriter]:
    assert hand
    opened = writer_for(office)
    yield opened
    opened.close()


def refusal(writer: ChipWriter) -> StationError:
    with pytest.raises(StationError) as caught:
        writer.write(JOB, Person())
    return caught.value


@pytest.mark.parametrize(("kind", "carrier"), [("ntag424", Carrier.NTAG424), ("desfire", Carrier.DESFIRE_EV2)])
def test_a_chip_is_made_and_looked_at(
    hand: SecureHand, writer: ChipWriter, kind: str, carrier: Carrier,
) -> None:
    hand.insert(UID, kind)
    before, person = hand.held_keys(), Person()
    assert writer.write(JOB, person) == Written(carrier, UID)
    assert person.steps == [WriteStep.PLACE_CARD, WriteStep.WRITING, WriteStep.CHECKING]
    assert hand.held_keys() != before


def test_without_head_office_the_chip_stays_as_it_was(hand: SecureHand) -> None:
    hand.insert(UID, "ntag424")
    before = hand.held_keys()
    opened = writer_for(IssuingOffice())
    try:
        assert refusal(opened).code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    finally:
        opened.close()
    assert hand.held_keys() == before


class Halting:
    """Head office that falls silent after so many steps."""

    def __init__(self, holder: KeyHolder, steps: int) -> None:
        self._holder, self._left = holder, steps
        self.check_sun, self.sign_record = holder.check_sun, holder.sign_record

    def begin(self, task: CardTask) -> CardStep:
        return self._counted(self._holder.begin(task))

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        return self._counted(self._holder.go_on(session, answers))

    def _counted(self, step: CardStep) -> CardStep:
        self._left -= 1
        if self._left < 0:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
        return step


def test_a_head_office_that_falls_silent_in_the_middle_leaves_a_chip_that_is_not_to_be_given_out(
    hand: SecureHand, office: NearHolder,
) -> None:
    hand.insert(UID, "desfire")
    opened = writer_for(Halting(office, 3))
    try:
        fault = refusal(opened)
    finally:
        opened.close()
    assert (fault.code, fault.detail) == (ErrorCode.WRITE_FAILED, {"left": CardLeft.HALF.value, "because": 501})


@pytest.mark.parametrize("kind", ["ntag424", "desfire"])
def test_a_chip_pulled_away_can_be_made_again(
    hand: SecureHand, writer: ChipWriter, kind: str,
) -> None:
    hand.insert(UID, kind)
    hand.pull_after(16)
    fault = refusal(writer)
    assert (fault.code, fault.detail.get("left")) == (ErrorCode.WRITE_FAILED, CardLeft.HALF.value), fault
    hand.again()
    assert writer.write(JOB, Person())


class Judging(IssuingOffice):
    """Head office with a verdict of its own for each purpose."""

    def __init__(self, made: Verdict, verified: Verdict) -> None:
        super().__init__()
        self._verdicts = {CardPurpose.PERSONALISE: made, CardPurpose.VERIFY: verified}

    def begin(self, task: CardTask) -> CardStep:
        return CardStep("s", verdict=self._verdicts[task.purpose])


DONE, PROVEN = Verdict(Outcome.DONE), Verdict(Outcome.PROVEN)


def refused(code: ErrorCode) -> Verdict:
    return Verdict(Outcome.REFUSED, code, "why")


@pytest.mark.parametrize(("made", "verified", "code", "left"), [
    (refused(ErrorCode.CARD_TAKEN), PROVEN, ErrorCode.CARD_TAKEN, None),
    (refused(ErrorCode.CARD_NOT_BLANK), PROVEN, ErrorCode.CARD_NOT_BLANK, None),
    (refused(ErrorCode.WRITE_FAILED), PROVEN, ErrorCode.WRITE_FAILED, CardLeft.HALF),
    (Verdict(Outcome.UNKNOWN), PROVEN, ErrorCode.WRITE_FAILED, CardLeft.HALF),
    (DONE, refused(ErrorCode.CARD_FORGED), ErrorCode.WRITE_NOT_VERIFIED, CardLeft.HALF),
    (DONE, Verdict(Outcome.UNKNOWN), ErrorCode.WRITE_NOT_VERIFIED, CardLeft.HALF),
])
def test_what_head_office_says_counts(
    hand: SecureHand, made: Verdict, verified: Verdict, code: ErrorCode, left: CardLeft | None,
) -> None:
    hand.insert(UID, "ntag424")
    opened = writer_for(Judging(made, verified))
    try:
        fault = refusal(opened)
    finally:
        opened.close()
    assert (fault.code, fault.detail.get("left")) == (code, left)


def test_a_silence_at_the_check_leaves_an_unchecked_chip(hand: SecureHand) -> None:
    class Silent(Judging):
        def begin(self, task: CardTask) -> CardStep:
            if task.purpose is CardPurpose.VERIFY:
                raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
            return super().begin(task)

    hand.insert(UID, "ntag424")
    opened = writer_for(Silent(DONE, PROVEN))
    try:
        fault = refusal(opened)
    finally:
        opened.close()
    assert (fault.code, fault.detail["left"]) == (ErrorCode.WRITE_NOT_VERIFIED, CardLeft.UNCHECKED.value)


@pytest.mark.parametrize(("kind", "uid", "code"), [
    ("emv", UID, ErrorCode.CARD_IS_BANK_CARD), ("phone", "08A1B2C3", ErrorCode.CARD_IS_PHONE),
    ("ntag", UID, ErrorCode.CARD_NOT_WRITABLE), ("type4", UID, ErrorCode.CARD_NOT_WRITABLE),
])
def test_cards_that_are_no_such_chips_are_refused(
    hand: SecureHand, writer: ChipWriter, kind: str, uid: str, code: ErrorCode,
) -> None:
    hand.insert(uid, kind)
    assert refusal(writer).code is code


def test_it_makes_chips_only(writer: ChipWriter) -> None:
    with pytest.raises(StationError) as caught:
        writer.write(RecordJob(member(1)), Person())
    assert caught.value.code is ErrorCode.WRITER_UNAVAILABLE


def test_the_driver_lists_the_readers(pcsc: PcscService) -> None:
    assert pcsc
    driver = ChipWriterDriver(WriterSetup(DEMO_CLUB, IssuingOffice(), set[str]().__contains__))
    assert isinstance(driver, WriterDriver)
    assert driver.missing() is None
    assert DEVICE in driver.find()
