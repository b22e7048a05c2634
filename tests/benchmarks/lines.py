"""Swipe, scan or tag → tap on the serial and NFC rigs, beside the bare transport's own round trip."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import serial

from drivers.port import CardReader, Device, Driver
from drivers.readers.msr605 import Msr605Driver
from drivers.readers.nfc import NfcDriver
from drivers.readers.qr import QrDriver
from drivers.readers.serial_stripe import SerialStripeDriver
from drivers.reading import DEMO_CLUB
from drivers.serial_line import SerialPorts
from tests.benchmarks.figure import Figure, milliseconds
from tests.rigs.process import RigProcess
from tests.rigs.serial_hand import SerialHand, member

RUNS = 40
UID = "04A1B2C3D4E5F6"
BYTES = f";{member(1)}=2512?\r".encode()


def measure(folder: Path) -> list[Figure]:
    """Medians, the hand's own message to the rig included on both sides."""
    bare = _bare_line(folder / "bare")
    limit = "bare serial line, same bytes"
    lines: list[tuple[str, Callable[[SerialPorts], Driver], Callable[[SerialHand, int], object], tuple[str, ...]]] = [
        ("serial stripe", lambda ports: SerialStripeDriver(DEMO_CLUB, ports),
         lambda hand, place: hand.send(f";{member(place)}=2512?\r"), ()),
        ("MSR605", lambda ports: Msr605Driver(DEMO_CLUB, ports),
         lambda hand, place: hand.swipe("", f";{member(place)}=2512?"), ("--msr",)),
        ("QR scanner", lambda ports: QrDriver(DEMO_CLUB, ports),
         lambda hand, place: hand.send(f"{member(place)}\r"), ()),
    ]
    figures = [Figure(f"swipe or scan, tap ({name})", _line(folder / name, driver, show, options), "ms", limit, bare)
               for name, driver, show, options in lines]
    return [*figures, _nfc()]


def _line(
    folder: Path, make: Callable[[SerialPorts], Driver], show: Callable[[SerialHand, int], object],
    options: tuple[str, ...],
) -> float:
    folder.mkdir()
    with SerialHand(folder, *options) as hand:
        driver = make(SerialPorts((hand.path,)))
        reader = driver.open(driver.find()[0])
        reader.wait(0.2)
        taken = [milliseconds(partial(_shown, reader, show, hand, place)) for place in range(RUNS)]
        reader.close()
    return median(taken)


def _shown(reader: CardReader, show: Callable[[SerialHand, int], object], hand: SerialHand, place: int) -> None:
    show(hand, place)
    assert reader.wait(5.0)


def _bare_line(folder: Path) -> float:
    folder.mkdir()
    with SerialHand(folder) as hand, serial.Serial(hand.path, timeout=5) as port:

        def exchange() -> None:
            hand.send(BYTES)
            assert port.read(len(BYTES)) == BYTES

        return median(milliseconds(exchange) for _ in range(RUNS))


def _nfc() -> Figure:
    with RigProcess("udp_tag.py") as air:
        port = int(air.tell("port"))
        device = Device(f"nfc:udp:127.0.0.1:{port}", "UDP")
        taken = []
        for _ in range(RUNS // 4):
            reader = NfcDriver().open(device)
            reader.wait(0.0)

            def lay(reader: CardReader = reader) -> None:
                air.tell(f"in type2 {UID}")
                assert reader.wait(10.0)

            taken.append(milliseconds(lay))
            air.tell("out")
            reader.close()
        air.tell(f"in type2 {UID}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bare:
            bare.settimeout(5)

            def sense() -> None:
                bare.sendto(b"106A 26", ("127.0.0.1", port))
                bare.recvfrom(64)

            limit = median(milliseconds(sense) for _ in range(RUNS))
    return Figure("tag laid down, tap (NFC over UDP)", median(taken), "ms", "bare datagram to the tag", limit)
