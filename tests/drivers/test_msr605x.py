"""The MSR605X's reports by their public descriptions, and its dialogue with a device made of software."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers.hid_line import HidPorts
from drivers.port import Device
from drivers.readers.msr605 import Msr605Reader
from drivers.readers.msr605x import NAME, READERS, Msr605xDriver, carried_by, reports_of
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import pack, to_tracks
from station.errors import ErrorCode, StationError
from tests.rigs import hid_hand as rig
from tests.rigs.proven_cards import signed
from tests.rigs.serial_hand import BANK_SWIPE, member

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "hid_stripe.json").read_text(encoding="utf-8"))["msr605x"]
PATH = f"{NAME}:/dev/hidraw4"
CARD = f";{member(1)}?"
SEEN_S = 1.0
TAP = Tap(PATH, Medium.STRIPE, member(1), Evidence.TRACK)


@pytest.fixture
def hand() -> rig.Msr605xHand:
    return rig.Msr605xHand("/dev/hidraw4")


@pytest.fixture
def reader(hand: rig.Msr605xHand) -> Msr605Reader:
    return driver(hand).open(Device(PATH, ""))


def driver(hand: rig.HidHand, answer_limit_s: float = 0.1, check_s: float = 30.0) -> Msr605xDriver:
    ports = HidPorts(READERS, load=lambda: rig.HidLibrary(hand))
    return Msr605xDriver(ports=ports, answer_limit_s=answer_limit_s, check_s=check_s)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["source"][:20])
def test_messages_go_in_reports_as_the_descriptions_show(vector: dict[str, Any]) -> None:
    if "reports" in vector:
        message, carried = bytes.fromhex(vector["message"]), [bytes.fromhex(each) for each in vector["reports"]]
    else:
        letter, count = vector["message_of"]
        message = bytes.fromhex(letter) * count
        carried = [bytes.fromhex(head) + bytes.fromhex(letter) * length for head, length in vector["reports_of"]]
    reports = list(reports_of(message))
    assert reports == [each.ljust(64, b"\0") for each in carried]
    assert b"".join(carried_by(each, begun=bool(place)) for place, each in enumerate(reports)) == message


def test_the_device_is_reset_tested_and_armed_by_feature_reports(hand: rig.Msr605xHand, reader: Msr605Reader) -> None:
    assert [each[:3] for each in hand.heard] == [b"\xc2\x1ba", b"\xc2\x1be", b"\xc2\x1br"]
    assert hand.armed
    reader.close()
    assert not hand.armed


@pytest.mark.parametrize("tracks", [("", CARD), ("%CLUB^DEMO?", CARD), ("%CLUB^DEMO?", CARD, ";0123?")])
def test_a_swipe_is_one_tap_and_the_device_armed_again(
    hand: rig.Msr605xHand, reader: Msr605Reader, tracks: tuple[str, ...],
) -> None:
    for _ in range(2):
        assert hand.swipe(*tracks) == "read"
        assert reader.wait(SEEN_S) == TAP
    assert reader.wait(0) is None


def test_a_signed_record_fills_three_reports(hand: rig.Msr605xHand, reader: Msr605Reader) -> None:
    record = signed(member(1))
    one, three = to_tracks(record)
    assert hand.swipe(f"%{one}?", CARD, f";{three}?") == "read"
    assert reader.wait(SEEN_S) == Tap(
        PATH, Medium.STRIPE, member(1), Evidence.TRACK, proofs=(Proof(ProofKind.RECORD, pack(record)),))


@pytest.mark.parametrize(("tracks", "code"), [
    (tuple(BANK_SWIPE.replace("?;", "?\n;").split("\n")), ErrorCode.CARD_IS_BANK_CARD),
    (("", ";9999000000000017?"), ErrorCode.CARD_NOT_OF_CLUB),
    (("%CLUB^DEMO?", "\x1b*"), ErrorCode.CARD_UNREADABLE),
])
def test_a_swipe_that_is_not_taken_says_why_and_the_next_is_read(
    hand: rig.Msr605xHand, reader: Msr605Reader, tracks: tuple[str, ...], code: ErrorCode,
) -> None:
    hand.swipe(*tracks)
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    assert caught.value.code is code
    assert hand.swipe("", CARD) == "read"
    assert reader.wait(SEEN_S) == TAP


def test_an_answer_whose_last_report_is_missing_is_incomplete(hand: rig.Msr605xHand, reader: Msr605Reader) -> None:
    hand.swipe("%CLUB^DEMO OF A LONG NAME THAT FILLS MORE THAN A REPORT?", CARD, upto=1)
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    assert caught.value.code is ErrorCode.SWIPE_INCOMPLETE
    assert hand.swipe("", CARD) == "read"
    assert reader.wait(SEEN_S) == TAP


def test_the_rest_of_a_message_from_before_is_no_answer(hand: rig.Msr605xHand) -> None:
    hand.send(*rig.framed(b"X" * 100)[1:])
    opened = driver(hand).open(Device(PATH, ""))
    hand.send(*rig.framed(b"X" * 100)[1:])
    assert hand.swipe("", CARD) == "read"
    assert opened.wait(SEEN_S) == TAP
    opened.close()


def test_pulled_out_within_an_answer_the_reader_is_gone(hand: rig.Msr605xHand, reader: Msr605Reader) -> None:
    hand.swipe("%CLUB^DEMO OF A LONG NAME THAT FILLS MORE THAN A REPORT?", CARD, upto=1)
    assert reader.wait(0) is None
    hand.unplug()
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    assert caught.value.code is ErrorCode.READER_GONE
    reader.close()


def test_a_device_that_does_not_answer_the_test_is_gone(hand: rig.Msr605xHand) -> None:
    hand.mute = True
    with pytest.raises(StationError) as caught:
        driver(hand).open(Device(PATH, ""))
    assert caught.value.code is ErrorCode.READER_GONE


def test_a_device_that_cannot_be_sent_to_is_gone(hand: rig.Msr605xHand) -> None:
    opened = driver(hand, check_s=0.0).open(Device(PATH, ""))
    hand.unplug()
    with pytest.raises(StationError) as caught:
        opened.wait(0)
    assert caught.value.code is ErrorCode.READER_GONE


def test_anothers_device_of_the_same_numbers_is_left_alone() -> None:
    assert driver(rig.HidHand("/dev/hidraw4", rig.INSERTION)).find() == ()
    assert driver(rig.Msr605xHand("/dev/hidraw4")).find() == (Device(PATH, "/dev/hidraw4"),)
    assert driver(rig.Msr605xHand("/dev/hidraw4", {**rig.MSR605X, "usage_page": 0})).find() != ()
