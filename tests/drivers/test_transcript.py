"""Transcripts: recorded from the rigs, without a number, and played again through the same drivers."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drivers.port import CardReader, Device, Driver
from drivers.readers.msr605 import Msr605Driver
from drivers.readers.pcsc import PcscDriver
from drivers.readers.qr import QrDriver
from drivers.readers.serial_stripe import SerialStripeDriver
from drivers.readers.simulated import SimulatedDriver
from drivers.reading import DEMO_CLUB
from drivers.replay import ReplayedCalls, replayed_pyserial
from drivers.serial_line import SerialPorts
from drivers.taping import TapedReader, taped
from drivers.transcript import MASKED_CLUB, Event, Tape, Transcript, mask, outcome
from station import card_record, member_pass
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import READER
from tests.rigs.proven_cards import shown, signed
from tests.rigs.serial_hand import BANK_SWIPE, SerialHand, member

pytestmark = [
    pytest.mark.timeout(30, func_only=True),
    pytest.mark.skipif(sys.platform == "win32", reason="the rigs need pseudo-terminals"),
]
TRANSCRIPTS = sorted(Path(__file__).parents[1].joinpath("transcripts").glob("*.json"))
SEEN_S = 3.0
ZEROS = "0" * 16
SERIAL: dict[str, Callable[..., Driver]] = {
    "serial_stripe": SerialStripeDriver, "msr605": Msr605Driver, "qr": QrDriver}


def replayed(transcript: Transcript) -> CardReader:
    """Return the reader of the transcript's driver, on what was recorded."""
    device = Device(f"{transcript.driver}:replay", "Replay")
    if transcript.driver == PcscDriver.name:
        return PcscDriver(MASKED_CLUB, load=lambda: ReplayedCalls(transcript)).open(device)
    ports = SerialPorts(load=lambda: replayed_pyserial(transcript))
    return SERIAL[transcript.driver](MASKED_CLUB, ports).open(device)


def outcomes(reader: CardReader, count: int) -> tuple[str, ...]:
    """Return what comes of the next ``count`` cards."""
    seen = []
    for _ in range(count):
        try:
            tap = reader.wait(SEEN_S)
        except StationError as fault:
            seen.append(outcome(fault))
        else:
            seen.append(outcome(tap) if tap else "nothing")
    return tuple(seen)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: str(path.stem))
def test_what_was_recorded_gives_the_same_taps_again(path: Path) -> None:
    transcript = Transcript.load(path)
    assert transcript.outcomes()
    reader = replayed(transcript)
    assert outcomes(reader, len(transcript.outcomes())) == transcript.outcomes()
    assert reader.wait(0) is None
    reader.close()


def test_there_is_a_transcript_of_each_kind() -> None:
    assert {Transcript.load(path).driver for path in TRANSCRIPTS} == {"pcsc", "serial_stripe", "msr605"}


@pytest.mark.parametrize("name", ["serial_stripe", "msr605", "qr"])
def test_a_serial_reader_is_recorded_without_its_numbers(name: str, tmp_path: Path) -> None:
    tape = Tape(name, DEMO_CLUB)
    with SerialHand(tmp_path, *(["--msr"] if name == "msr605" else [])) as hand:
        driver = taped(SERIAL[name](), hand.path, DEMO_CLUB, tape)
        reader = TapedReader(driver.open(driver.find()[0]), tape)
        show(hand, name, member(7))
        assert outcomes(reader, 1)[0].endswith(ZEROS)
        show(hand, name, "4111111111111111")
        assert outcomes(reader, 1) == ("CARD_IS_BANK_CARD",)
        show(hand, name, "1234567890")
        assert outcomes(reader, 1) == ("CARD_NOT_OF_CLUB",)
        reader.close()
    transcript = tape.transcript()
    transcript.save(tmp_path / "kept.json")
    kept = (tmp_path / "kept.json").read_text(encoding="ascii")
    assert kept.count(ZEROS) == 2
    for number in (member(7), "1111", "7890", str(tmp_path)):
        assert number not in kept
    assert Transcript.load(tmp_path / "kept.json") == transcript
    assert len(transcript.outcomes()) == 2
    again = replayed(transcript)
    assert outcomes(again, 2) == transcript.outcomes()


def show(hand: SerialHand, name: str, number: str) -> None:
    if name == "msr605":
        assert hand.swipe("%CLUB^DEMO?", f";{number}?") == "read"
    else:
        hand.send(f"]Q1{number}\r\n" if name == "qr" else f"%CLUB^DEMO?;{number}?\r")


@pytest.mark.pcsc
def test_a_chip_card_is_recorded_without_its_uid(card: VirtualCard, tmp_path: Path) -> None:
    tape = Tape("pcsc", DEMO_CLUB)
    reader = TapedReader(taped(PcscDriver(), READER, DEMO_CLUB, tape).open(Device(f"pcsc:{READER}", READER)), tape)
    card.insert("04A1B2C3D4E5F6")
    assert outcomes(reader, 1) == ("NFC_UID UID 00000000000000",)
    reader.close()
    transcript = tape.transcript()
    transcript.save(tmp_path / "kept.json")
    assert "B2C3" not in (tmp_path / "kept.json").read_text(encoding="ascii")
    assert outcomes(replayed(transcript), 1) == transcript.outcomes()


def test_of_a_reader_without_a_library_the_outcomes_are_recorded() -> None:
    tape = Tape("simulated", DEMO_CLUB, lambda: 2.5)
    driver = SimulatedDriver()
    hand = driver.plug("Counter")
    assert taped(driver, "Counter", DEMO_CLUB, tape) is driver
    reader = TapedReader(driver.open(hand.device), tape)
    hand.present("04A1B2C3D4E5F6")
    assert outcomes(reader, 1) == ("NFC_UID UID 00000000000000",)
    assert tape.transcript().events == (Event(0, "tap", "NFC_UID UID 00000000000000"),)


@pytest.mark.parametrize(("heard", "result"), [
    (BANK_SWIPE, None), (BANK_SWIPE, StationError(ErrorCode.CARD_UNREADABLE)),
    (";41111111", StationError(ErrorCode.SWIPE_INCOMPLETE)), ("\x1bs\x1b\x01%B41111111", None),
    (";1?", StationError(ErrorCode.CARD_IS_BANK_CARD)),
    (BANK_SWIPE, Tap("", Medium.STRIPE, member(1), Evidence.TRACK)),
], ids=["bank", "bank, unreadable", "half", "half, MSR", "the driver's word", "beside a card of the club"])
def test_what_may_be_a_bank_card_is_not_kept_at_all(heard: str, result: Tap | StationError | None) -> None:
    tape = Tape("serial_stripe", DEMO_CLUB)
    for piece in (heard[:5], heard[5:]):
        tape.take("received", piece.encode())
    tape.judge(result)
    assert tape.transcript().events == ()


RECORD, PASS = signed(member(7), "04A1B2C3D4E5F6"), shown(member(7))
TRACKS = card_record.to_tracks(signed(member(7)))


@pytest.mark.parametrize(("heard", "proof", "said"), [
    (card_record.to_text(RECORD), Proof(ProofKind.RECORD, card_record.pack(RECORD)), "QR CODE"),
    (f"]Q1{member_pass.to_text(PASS)}", Proof(ProofKind.PASS, member_pass.pack(PASS)), "QR CODE"),
    (f"%{TRACKS[0]}?;{member(7)}?+{TRACKS[1]}?", Proof(ProofKind.RECORD, card_record.pack(RECORD)), "STRIPE TRACK"),
])
def test_what_a_card_gives_to_be_believed_is_not_kept(heard: str, proof: Proof, said: str) -> None:
    medium, evidence = said.split()
    tape = Tape("qr", DEMO_CLUB, lambda: 1.0)
    tape.take("received", heard.encode())
    tape.judge(Tap("", Medium(medium), member(7), Evidence(evidence), uid=RECORD.uid, proofs=(proof,)))
    received, outcome_of_it = tape.transcript().events
    assert outcome_of_it == Event(0, "tap", f"{said} {ZEROS}")
    assert len(received.data) == len(heard)
    assert set(received.data) <= set("0A%?;+]Q1")
    parts = {heard[at:at + 6] for at in range(3, len(heard) - 6)} - {"000000"}
    assert not any(part in received.data for part in parts)


def test_a_number_in_pieces_is_masked_as_one_and_times_stay() -> None:
    now_s = iter((10.0, 10.001, 10.002, 10.003, 10.5))
    tape = Tape("serial_stripe", DEMO_CLUB, lambda: next(now_s))
    for piece in (b";93", b"64", b"012?\r"):
        tape.take("received", piece)
    tape.judge(StationError(ErrorCode.CARD_NOT_OF_CLUB))
    assert tape.transcript().events == (
        Event(1, "received", ";00"), Event(2, "received", "00"), Event(3, "received", "000?\r"),
        Event(500, "fault", "CARD_NOT_OF_CLUB"))


@pytest.mark.parametrize(("text", "masked"), [
    ("%CLUB^REZA ALI?;9364000000000070?", "%AAAA^AAAA AAA?;0000000000000000?"),
    ("%E?;E?", "%E?;E?"),
    ("]Q19364000000000070", "]Q10000000000000000"),
    ("https://club.example/c/04A1B2", "AAAAA://AAAA.AAAAAAA/A/00A0A0"),
    ("0912 345 67 89", "0000 000 00 00"),
    ("\x1bs\x1b\x01%ABC?\x1b\x02;123?\x1c\x1b0", "\x1bs\x1b\x01%ABC?\x1b\x02;123?\x1c\x1b0"),
])
def test_the_shape_of_what_was_read_stays(text: str, masked: str) -> None:
    assert mask(text.encode("latin-1")).decode("latin-1") == masked


@given(st.binary(max_size=60), st.text("0123456789ABCDEF", min_size=4, max_size=30))
def test_no_run_of_digits_or_hexadecimal_is_left(before: bytes, number: str) -> None:
    assume(b"]" not in before[-2:])  # a scanner's own mark before a code ("]C0") stays
    masked = mask(before + number.encode())[len(before):].decode()
    assert set(masked) <= {"0", "A"}
    assert len(masked) == len(number)


def test_a_transcript_of_another_version_is_refused(tmp_path: Path) -> None:
    Transcript("qr", ()).save(tmp_path / "old.json")
    text = (tmp_path / "old.json").read_text(encoding="ascii")
    (tmp_path / "old.json").write_text(text.replace('"version": 1', '"version": 9'), encoding="ascii")
    with pytest.raises(ValueError, match="version 9"):
        Transcript.load(tmp_path / "old.json")


def test_a_driver_that_asks_otherwise_is_told() -> None:
    with pytest.raises(ValueError, match="at 3 ms"):
        replayed(Transcript("msr605", (Event(3, "sent", "\x1bv"),)))
    calls = ReplayedCalls(Transcript("pcsc", (Event(0, "command", "00A40400"), Event(1, "answer", "9000"))))
    with pytest.raises(ValueError, match="FFCA"):
        calls.SCardTransmit(1, 0, [0xFF, 0xCA])
