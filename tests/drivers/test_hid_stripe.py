"""MagTek's HID reports, by the layout of its manual and by its printed examples, and the reader that hears them."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from drivers.catalogue import survey
from drivers.hid_line import HidId, HidPorts, hidapi
from drivers.magtek import REPORT_BYTES, read_report
from drivers.port import Device
from drivers.readers.hid_stripe import NAME, READERS, HidStripeDriver, HidStripeReader
from drivers.tracks import Track
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import pack, to_tracks
from station.errors import ErrorCode, StationError
from tests.rigs import hid_hand as rig
from tests.rigs.proven_cards import signed
from tests.rigs.serial_hand import BANK_SWIPE, member

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "hid_stripe.json").read_text(encoding="utf-8"))
PLAIN_BANK_TRACK = bytes.fromhex(VECTORS["magtek_plain_track_1"]["bytes"]).decode()
MASKED = bytes(VECTORS["magtek_masked"]["from"]) + bytes.fromhex("".join(VECTORS["magtek_masked"]["bytes"]))
PATH = f"{NAME}:/dev/hidraw3"
CARD = f";{member(1)}?"
SOON_S = 0.2


@pytest.fixture
def hand() -> rig.HidHand:
    return rig.HidHand("/dev/hidraw3", rig.MAGTEK)


@pytest.fixture
def reader(hand: rig.HidHand) -> HidStripeReader:
    return driver(hand).open(Device(PATH, ""))


def driver(*hands: rig.HidHand) -> HidStripeDriver:
    return HidStripeDriver(ports=HidPorts(READERS, load=lambda: rig.HidLibrary(*hands)))


def test_the_report_is_as_long_as_the_manual_says() -> None:
    # 227 to 336 are the bytes of track 3.
    assert REPORT_BYTES == 336 + 1 == len(rig.magtek_report())


@pytest.mark.parametrize("tracks", [
    ("", CARD), ("%CLUB^DEMO?", CARD), ("%CLUB^DEMO?", CARD, ";0123?"), ("%CLUB?", CARD, "+0123?"), ("", CARD, "%AAMVA?"),
])
def test_a_swipe_is_one_tap(hand: rig.HidHand, reader: HidStripeReader, tracks: tuple[str, ...]) -> None:
    hand.send(rig.magtek_report(*tracks))
    assert reader.wait(SOON_S) == Tap(PATH, Medium.STRIPE, member(1), Evidence.TRACK)
    assert reader.wait(0) is None


def test_a_signed_record_comes_with_the_number(hand: rig.HidHand, reader: HidStripeReader) -> None:
    record = signed(member(1))
    one, three = to_tracks(record)
    hand.send(rig.magtek_report(f"%{one}?", CARD, f";{three}?"))
    assert reader.wait(SOON_S) == Tap(
        PATH, Medium.STRIPE, member(1), Evidence.TRACK, proofs=(Proof(ProofKind.RECORD, pack(record)),))


def test_what_is_left_over_from_an_earlier_card_is_never_looked_at(hand: rig.HidHand, reader: HidStripeReader) -> None:
    bank = rig.magtek_report("", ";4111111111111111=2512101?")
    own = bytearray(rig.magtek_report("", CARD))
    own[117 + len(CARD):227] = bank[117 + len(CARD):227]
    own[7:117] = b"%B4111111111111111^X^".ljust(110, b"1")
    hand.send(bytes(own))
    assert reader.wait(SOON_S) == Tap(PATH, Medium.STRIPE, member(1), Evidence.TRACK)


@pytest.mark.parametrize(("report", "code"), [
    (rig.magtek_report(*BANK_SWIPE.replace("?;", "?\n;").split("\n")), ErrorCode.CARD_IS_BANK_CARD),
    (rig.magtek_report(PLAIN_BANK_TRACK), ErrorCode.CARD_IS_BANK_CARD),
    (rig.magtek_report("", CARD, f";01{'9' * 16}{'=' * 21}?"), ErrorCode.CARD_IS_BANK_CARD),
    (rig.magtek_report("", ";9999000000000017?"), ErrorCode.CARD_NOT_OF_CLUB),
    (rig.magtek_report(), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report(status=(1, 1, 1)), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report("%CLUB^DEMO?", "", status=(0, 1, 0)), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report("", CARD[:-1]), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report("", CARD[1:]), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report("", "?"), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report("", ";93640000000A?"), ErrorCode.CARD_UNREADABLE),
    (rig.magtek_report("", CARD)[:-1], ErrorCode.CARD_UNREADABLE),
    (b"\0", ErrorCode.CARD_UNREADABLE),
    (MASKED, ErrorCode.CARD_IS_BANK_CARD),
    (rig.magtek_report("", CARD) + bytes(16), ErrorCode.CARD_UNREADABLE),
])
def test_a_swipe_that_is_not_taken_says_why_and_the_next_is_read(
    hand: rig.HidHand, reader: HidStripeReader, report: bytes, code: ErrorCode,
) -> None:
    hand.send(report, rig.magtek_report("", CARD))
    with pytest.raises(StationError) as caught:
        reader.wait(SOON_S)
    assert caught.value.code is code
    assert not any(isinstance(each, str) and any(map(str.isdigit, each)) for each in caught.value.detail.values())
    assert reader.wait(SOON_S) == Tap(PATH, Medium.STRIPE, member(1), Evidence.TRACK)


def test_a_track_that_does_not_hold_together_is_unread_beside_one_that_does() -> None:
    swipe = read_report(rig.magtek_report("%CLUB", CARD, ";12A?"))
    assert [each.track for each in swipe.tracks] == [Track.TWO]
    assert swipe.unread == (Track.ONE, Track.THREE)


def test_a_length_beyond_the_field_reads_no_other_track() -> None:
    report = bytearray(rig.magtek_report("%CLUB", CARD))
    report[3] = 255
    assert [each.track for each in read_report(report).tracks] == [Track.TWO]


def test_what_is_not_a_reader_of_this_kind_is_not_listed() -> None:
    hands = [rig.HidHand(f"/dev/hidraw{place}", listed) for place, listed in enumerate(
        (rig.MAGTEK, rig.ENCRYPTING, rig.INSERTION, rig.MSR605X, rig.MOUSE))]
    assert driver(*hands).find() == (
        Device("hid_stripe:/dev/hidraw0", "USB Swipe Reader (/dev/hidraw0)"),
        Device("hid_stripe:/dev/hidraw1", "USB Swipe Reader (/dev/hidraw1)"))


@pytest.mark.parametrize(("page", "ours"), [(0xFF00, True), (0, True), (1, False)])
def test_a_system_that_does_not_tell_the_usage_page_is_believed(page: int, ours: bool) -> None:  # noqa: FBT001
    assert HidId(1, 2, vendor_page=True).is_of({"vendor_id": 1, "product_id": 2, "usage_page": page}) is ours


def test_pulled_out_within_a_read_the_reader_is_gone(hand: rig.HidHand, reader: HidStripeReader) -> None:
    hand.send(rig.magtek_report("", CARD))
    hand.unplug()
    for _ in range(2):
        with pytest.raises(StationError) as caught:
            reader.wait(SOON_S)
        assert caught.value.code is ErrorCode.READER_GONE
    assert driver(hand).find() == ()
    reader.close()


def test_a_closed_reader_is_gone_and_closing_twice_is_nothing(reader: HidStripeReader) -> None:
    reader.close()
    reader.close()
    with pytest.raises(StationError) as caught:
        reader.wait(0)
    assert caught.value.code is ErrorCode.READER_GONE


def test_without_the_library_the_driver_says_what_is_missing() -> None:
    def load() -> Any:
        message = "No module named 'hid'"
        raise ImportError(message)

    bare = HidStripeDriver(ports=HidPorts(READERS, load=load))
    assert bare.missing() == "hidapi (No module named 'hid')"
    for call in (bare.find, lambda: bare.open(Device(PATH, ""))):
        with pytest.raises(StationError) as caught:
            call()
        assert caught.value.code is ErrorCode.READER_DRIVER_MISSING


def test_the_library_itself_finds_none_of_our_readers_here_and_opens_nothing() -> None:
    found = next(each for each in survey() if each.name == NAME)
    assert (found.devices, found.error) == ((), None)
    with pytest.raises(OSError, match="open failed"):
        hidapi().device().open_path(b"/no/such/device")


def test_nothing_of_a_swipe_reaches_the_log(
    hand: rig.HidHand, reader: HidStripeReader, caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    hand.send(rig.magtek_report(PLAIN_BANK_TRACK), rig.magtek_report("", CARD))
    with pytest.raises(StationError):
        reader.wait(SOON_S)
    reader.wait(SOON_S)
    assert not any(map(str.isdigit, caplog.text))
