"""``card-station`` in an empty folder on a real X display, by keyboard alone: killed in the middle, it goes on where it was."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.error import BadWindow

from tests.rigs.desktop import Desktop, DesktopUnavailableError, Wedge
from ui.setup import SetupFile, Step

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
HUMAN_MS = 90
CODE = "K7QF2-9XT4M-0ZJ3B-RW8HC-5NPA6"
PATIENCE_S = 30.0


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    try:
        running = Desktop()
    except DesktopUnavailableError as fault:
        pytest.skip(str(fault))
    with running:
        yield running


def begun(desktop: Desktop, home: Path) -> "subprocess.Popen[bytes]":
    """Start the program; returns when the first run's window has the keys."""
    program = subprocess.Popen(
        [sys.executable, "-m", "ui.main", "--home", str(home), "--language", "en"], env=desktop.environment)
    display = Display(desktop.display)
    try:
        active = display.intern_atom("_NET_ACTIVE_WINDOW")

        def is_there() -> bool:
            found = display.screen().root.get_full_property(active, X.AnyPropertyType)
            if not found or not found.value[0]:
                return False
            try:
                return "Setting up the station" in (display.create_resource_object("window", found.value[0]).get_wm_name() or "")
            except BadWindow:
                return False

        until(is_there)
    finally:
        display.close()
    return program


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def test_killed_in_the_first_run_it_goes_on_where_it_was(desktop: Desktop, tmp_path: Path) -> None:
    home = tmp_path / "station"
    hand = Wedge(desktop)
    program = begun(desktop, home)
    try:
        for _ in range(6):  # to the way on, wherever the focus began
            if SetupFile(home).read():
                break
            hand.type("\t", HUMAN_MS)
            hand.type("\r", HUMAN_MS)
            time.sleep(0.5)
        assert SetupFile(home).read() is Step.PAIRING
        program.kill()
        program.wait()
        program = begun(desktop, home)
        hand.type(f"127.0.0.1:9\r{CODE}\r", HUMAN_MS)
        until(lambda: "E501" in (home / "station.log").read_text(encoding="utf-8"))
        assert CODE not in (home / "station.log").read_text(encoding="utf-8")
        assert SetupFile(home).read() is Step.PAIRING
    finally:
        program.kill()
        program.wait()
        hand.close()
