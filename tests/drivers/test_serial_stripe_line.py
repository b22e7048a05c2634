"""Serial ports: which a driver may use, and what can be wrong with one."""

import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drivers.port import Device
from drivers.readers.msr605 import USUAL_ADAPTERS, Msr605Driver
from drivers.readers.qr import QrDriver
from drivers.readers.serial_stripe import SerialStripeDriver
from drivers.serial_line import LineFormat, SerialPorts, UsbId
from station.errors import ErrorCode, StationError
from tests.rigs.serial_hand import SerialHand

pytestmark = pytest.mark.timeout(30)
posix = pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals")


def listed(device: str, vid: int | None = None, pid: int | None = None, product: str | None = None) -> Any:
    return SimpleNamespace(device=device, vid=vid, pid=pid, product=product)


PORTS = (
    listed("COM1"), listed("COM2", 0x1EAB, 0x0D06, "Newland FM430"), listed("COM3", 0x0ACD, 0x0300),
    listed("COM4", 0x067B, 0x2303, "USB-Serial Controller"), listed("COM5", 0x0ACD, 0x3610, "Payment terminal"),
)


class Library:
    """pyserial with these ports, none of which can be opened: ``Serial`` raises ``fault``."""

    def __init__(self, ports: tuple[Any, ...] = PORTS, fault: Exception | None = None) -> None:
        self.tools = SimpleNamespace(list_ports=SimpleNamespace(comports=lambda: ports))
        self._fault = fault

    def Serial(self, *_: object, **__: object) -> Any:  # noqa: N802 (pyserial's name)
        assert self._fault, "a port was opened"
        raise self._fault


def ports(*paths: str, usb: tuple[UsbId, ...] = ()) -> SerialPorts:
    return SerialPorts(paths, usb, load=Library)


def test_a_driver_lists_ports_of_its_makers_and_those_it_was_given() -> None:
    assert ports("COM1", "COM9", usb=(UsbId(0x1EAB),)).find("qr") == (
        Device("qr:COM1", "COM1"), Device("qr:COM2", "Newland FM430 (COM2)"))


def test_a_port_given_and_found_is_listed_once(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB0")
    given = str(tmp_path / "by-id")
    found = SerialPorts(
        (given,), (UsbId(0x0ACD, 0x0300),), load=lambda: Library((listed(str(tmp_path / "ttyUSB0"), 0x0ACD, 0x0300),)))
    assert found.find("serial_stripe") == (Device(f"serial_stripe:{given}", given),)


def test_only_devices_that_can_be_nothing_else_are_found_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    import serial.tools.list_ports

    monkeypatch.setattr(serial.tools.list_ports, "comports", lambda: PORTS)
    assert [each.path for each in SerialStripeDriver().find()] == ["serial_stripe:COM3"]
    assert [each.path for each in QrDriver().find()] == ["qr:COM2"]
    assert Msr605Driver().find() == ()
    asked = Msr605Driver(ports=SerialPorts(usb=USUAL_ADAPTERS))
    assert [each.path for each in asked.find()] == ["msr605:COM4"]


@pytest.mark.parametrize(("fault", "code"), [
    (FileNotFoundError(errno.ENOENT, "no such port"), ErrorCode.READER_GONE),
    (PermissionError(errno.EACCES, "not yours"), ErrorCode.READER_FORBIDDEN),
    (OSError(errno.EBUSY, "busy"), ErrorCode.READER_BUSY),
    (BlockingIOError(errno.EWOULDBLOCK, "locked"), ErrorCode.READER_BUSY),
    (OSError("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"), ErrorCode.READER_BUSY),
    (OSError("could not open port 'COM3': FileNotFoundError(2, '…', None, 2)"), ErrorCode.READER_GONE),
], ids=["none", "forbidden", "busy", "locked", "busy on Windows", "none on Windows"])
def test_a_port_that_does_not_open_says_why(fault: Exception, code: ErrorCode) -> None:
    closed = SerialPorts(("COM1",), load=lambda: Library(fault=fault))
    with pytest.raises(StationError) as caught:
        closed.open("qr", Device("qr:COM1", "COM1"))
    assert caught.value.code is code


def test_without_the_library_each_driver_says_what_is_missing() -> None:
    def load() -> Any:
        message = "No module named 'serial'"
        raise ImportError(message)

    absent = SerialPorts(load=load)
    for driver in (SerialStripeDriver(ports=absent), Msr605Driver(ports=absent), QrDriver(ports=absent)):
        assert driver.missing() == "pyserial (No module named 'serial')"
        for call in (driver.find, lambda driver=driver: driver.open(Device("x:COM1", "COM1"))):
            with pytest.raises(StationError) as caught:
                call()
            assert caught.value.code is ErrorCode.READER_DRIVER_MISSING


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[SerialHand]:
    with SerialHand(tmp_path) as started:
        yield started


@posix
def test_a_port_another_program_holds_is_busy_until_it_lets_go(hand: SerialHand) -> None:
    driver = QrDriver(ports=SerialPorts((hand.path,)))
    device = driver.find()[0]
    other = driver.open(device)
    with pytest.raises(StationError) as caught:
        driver.open(device)
    assert caught.value.code is ErrorCode.READER_BUSY
    other.close()
    driver.open(device).close()


@posix
def test_a_format_the_line_cannot_take_is_no_reader() -> None:
    """Such a port raises what is neither pyserial's exception nor the system's."""
    import termios

    refused = SerialPorts(("COM1",), line=LineFormat(bits=7, parity="E"),
                          load=lambda: Library(fault=termios.error(errno.EINVAL, "Invalid argument")))
    with pytest.raises(StationError) as caught:
        refused.open("qr", Device("qr:COM1", "COM1"))
    assert caught.value.code is ErrorCode.READER_GONE


@posix
def test_closing_a_reader_that_was_pulled_out_raises_nothing(hand: SerialHand) -> None:
    line = SerialPorts((hand.path,)).open("qr", Device(f"qr:{hand.path}", "reader"))
    hand.tell("unplug")
    for call in (lambda: line.receive(1), lambda: line.send(b"x"), line.drop_input):
        with pytest.raises(StationError) as caught:
            call()
        assert caught.value.code is ErrorCode.READER_GONE
    line.close()
    line.close()
