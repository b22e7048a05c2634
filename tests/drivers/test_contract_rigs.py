"""What every reader driver promises, asked of the drivers on serial lines, of HID readers and of nfcpy's.

Stripe readers and scanners see a card as it passes, so none can lie there before they are opened.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from drivers.hid_line import HidPorts
from drivers.port import CardReader, Driver
from drivers.readers import hid_stripe, msr605x
from drivers.readers.msr605 import Msr605Driver
from drivers.readers.nfc import NfcDriver
from drivers.readers.qr import QrDriver
from drivers.readers.serial_stripe import SerialStripeDriver
from drivers.serial_line import SerialPorts
from station.card import Evidence, Medium, Tap
from tests.drivers import test_contract as contract
from tests.rigs.hid_hand import MAGTEK, HidHand, HidLibrary, Msr605xHand, magtek_report
from tests.rigs.process import RigProcess
from tests.rigs.serial_hand import SerialHand, member

pytestmark = [
    pytest.mark.timeout(30),
    pytest.mark.skipif(sys.platform == "win32", reason="the rigs need pseudo-terminals"),
]
SEEN_S = 5.0
NOTHING_S = 0.05

device = contract.device
reader = contract.reader
test_it_is_a_driver_and_nothing_is_missing = contract.test_it_is_a_driver_and_nothing_is_missing
test_finding_does_not_open = contract.test_finding_does_not_open
test_an_empty_reader_says_nothing = contract.test_an_empty_reader_says_nothing
test_a_closed_reader_can_be_opened_again = contract.test_a_closed_reader_can_be_opened_again
test_a_device_that_is_not_there_is_gone = contract.test_a_device_that_is_not_there_is_gone


class Rig(Protocol):
    """A driver with a hand that shows cards, by place, to one of its devices."""

    driver: Driver
    path: str

    def show(self, place: int) -> Tap:
        """Show a card and return the tap it is to be."""
        ...


class SerialStripeRig:
    def __init__(self, hand: SerialHand) -> None:
        self._hand = hand
        self.driver: Driver = SerialStripeDriver(ports=SerialPorts(paths=(hand.path,)))
        self.path = f"serial_stripe:{hand.path}"

    def show(self, place: int) -> Tap:
        self._hand.send(f"%CLUB^DEMO?;{member(place)}?\r")
        return Tap(self.path, Medium.STRIPE, member(place), Evidence.TRACK)


class Msr605Rig:
    def __init__(self, hand: SerialHand) -> None:
        self._hand = hand
        self.driver: Driver = Msr605Driver(ports=SerialPorts(paths=(hand.path,)))
        self.path = f"msr605:{hand.path}"

    def show(self, place: int) -> Tap:
        assert self._hand.swipe("%CLUB^DEMO?", f";{member(place)}?") == "read"
        return Tap(self.path, Medium.STRIPE, member(place), Evidence.TRACK)


class QrRig:
    def __init__(self, hand: SerialHand) -> None:
        self._hand = hand
        self.driver: Driver = QrDriver(ports=SerialPorts(paths=(hand.path,)))
        self.path = f"qr:{hand.path}"

    def show(self, place: int) -> Tap:
        self._hand.send(f"]Q1{member(place)}\r\n")
        return Tap(self.path, Medium.QR, member(place), Evidence.CODE)


class NfcRig:
    def __init__(self, air: RigProcess, kind: str) -> None:
        self._air = air
        self._card = {"nfc": ("type2", "04A1B2C3D4"), "felica": ("felica", "012E4CD8A1B2")}[kind]
        port = air.tell("port")
        self.driver: Driver = NfcDriver(paths=(f"udp:127.0.0.1:{port}",))
        self.path = f"nfc:udp:127.0.0.1:{port}"

    def show(self, place: int) -> Tap:
        kind, prefix = self._card
        uid = f"{prefix}{place:04X}"
        self._air.tell(f"swap {kind} {uid}")
        return Tap(self.path, Medium.NFC_UID, uid)


class HidStripeRig:
    def __init__(self) -> None:
        self._hand = HidHand("/dev/hidraw3", MAGTEK)
        self.driver: Driver = hid_stripe.HidStripeDriver(
            ports=HidPorts(hid_stripe.READERS, load=lambda: HidLibrary(self._hand)))
        self.path = "hid_stripe:/dev/hidraw3"

    def show(self, place: int) -> Tap:
        self._hand.send(magtek_report("%CLUB^DEMO?", f";{member(place)}?"))
        return Tap(self.path, Medium.STRIPE, member(place), Evidence.TRACK)


class Msr605xRig:
    def __init__(self) -> None:
        self._hand = Msr605xHand("/dev/hidraw4")
        self.driver: Driver = msr605x.Msr605xDriver(
            ports=HidPorts(msr605x.READERS, load=lambda: HidLibrary(self._hand)))
        self.path = "msr605x:/dev/hidraw4"

    def show(self, place: int) -> Tap:
        assert self._hand.swipe("%CLUB^DEMO?", f";{member(place)}?") == "read"
        return Tap(self.path, Medium.STRIPE, member(place), Evidence.TRACK)


HID_RIGS: dict[str, Callable[[], Rig]] = {"hid_stripe": HidStripeRig, "msr605x": Msr605xRig}
RIGS: dict[str, Callable[[SerialHand], Rig]] = {
    "serial_stripe": SerialStripeRig, "msr605": Msr605Rig, "qr": QrRig,
}


@pytest.fixture(params=[*RIGS, *HID_RIGS, "nfc", "felica"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param in HID_RIGS:
        yield HID_RIGS[request.param]()
        return
    if request.param in {"nfc", "felica"}:
        with RigProcess("udp_tag.py") as air:
            yield NfcRig(air, request.param)
        return
    with SerialHand(tmp_path, *(["--msr"] if request.param == "msr605" else [])) as hand:
        yield RIGS[request.param](hand)


def test_a_card_is_one_tap(rig: Rig, reader: CardReader) -> None:
    reader.wait(0)
    shown = rig.show(1)
    assert reader.wait(SEEN_S) == shown
    assert reader.wait(NOTHING_S) is None


def test_each_card_is_a_tap_also_the_same_again(rig: Rig, reader: CardReader) -> None:
    for place in (1, 2, 2):
        shown = rig.show(place)
        assert reader.wait(SEEN_S) == shown
