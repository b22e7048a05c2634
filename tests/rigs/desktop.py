"""A screen without hardware, and the handles of the two programs that meet there.

The screen is Xvfb with a window manager, without which no window has the focus. On it
``key_window.py`` shows a field behind the program's key filter, and ``wedge.py`` types.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDER = Path(__file__).parent
STOP_LIMIT_S = 5.0
SEEN_LIMIT_S = 10.0
NEEDED = ("Xvfb", "openbox", "setxkbmap")


class DesktopUnavailableError(Exception):
    """This machine has no virtual screen for us; the text says why."""


def why_unavailable() -> str | None:
    """Return what this machine lacks for a virtual screen with keys, or None."""
    if sys.platform != "linux":
        return "the virtual screen needs X11"
    missing = [each for each in NEEDED if shutil.which(each) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return None if find_spec("Xlib") else "python-xlib is not installed"


class Desktop:
    """A running X server with a window manager and a US keyboard. Use it as a context manager."""

    def __init__(self, screen: str = "1024x768") -> None:
        """Start both, with a ``screen`` of so many pixels. Raises ``DesktopUnavailableError`` when this machine cannot."""
        reason = why_unavailable()
        if reason:
            raise DesktopUnavailableError(reason)
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{screen}x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            self._server.wait(STOP_LIMIT_S)
            message = "Xvfb does not come up"
            raise DesktopUnavailableError(message)
        self.display = f":{number}"
        self._manager = subprocess.Popen(
            ["openbox"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs that are to show here."""
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def use_layout(self, layout: str) -> None:
        """Set the keyboard to an XKB ``layout`` ("us", "ir", "de", "fr")."""
        subprocess.run(["setxkbmap", "-display", self.display, "-layout", layout], check=True)

    def close(self) -> None:
        """End both."""
        for process in (self._manager, self._server):
            process.terminate()
            process.wait(STOP_LIMIT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()


class _Program:
    """A rig's program, commanded over its standard input and answering with a line each time."""

    def __init__(self, file: str, *options: str, environment: dict[str, str]) -> None:
        self._file = file
        self._process = subprocess.Popen(
            [sys.executable, str(FOLDER / file), *options], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)

    def tell(self, command: str) -> str:
        """Send ``command`` and return the answer. Raises ``RuntimeError`` when the program is dead."""
        if self._process.stdin is None or self._process.stdout is None:
            message = "the program has no pipes"
            raise RuntimeError(message)
        self._process.stdin.write(command + "\n")
        answer = self._process.stdout.readline().strip()
        if not answer:
            message = f"{self._file} is dead"
            raise RuntimeError(message)
        return answer

    def close(self) -> None:
        """End the program."""
        self._process.communicate("quit\n", timeout=STOP_LIMIT_S)


class Wedge(_Program):
    """The typing reader; to be started while the layout is US."""

    def __init__(self, desktop: Desktop) -> None:
        """Start the program and wait until it knows the keys."""
        super().__init__("wedge.py", "--display", desktop.display, environment=desktop.environment)
        self.pause(0)

    def type(self, text: str, gap_ms: int) -> None:
        """Press the keys of ASCII ``text``, ``gap_ms`` apart; returns when they are done."""
        self.tell(f"type {gap_ms} {text.encode('ascii').hex()}")

    def pause(self, milliseconds: int) -> None:
        """Let the next key wait."""
        self.tell(f"pause {milliseconds}")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the window holds: the note's ``text``, how often its button fired, and what readers said."""

    text: str
    pressed: int
    results: tuple[str, ...]


class KeyWindow(_Program):
    """The window with the note field that has the focus, a default button, and the key filter."""

    def __init__(self, desktop: Desktop, swipe_gap_ms: int = 50) -> None:
        """Start the program and wait until the field has the focus."""
        super().__init__("key_window.py", "--gap", str(swipe_gap_ms), environment=desktop.environment)
        self.tell("focus")

    def seen(self, wanted: Callable[[Seen], bool]) -> Seen:
        """Return what the window holds as soon as it is ``wanted``, or after a while in any case."""
        deadline = time.monotonic() + SEEN_LIMIT_S
        while True:
            held = json.loads(self.tell("seen"))
            seen = Seen(held["text"], held["pressed"], tuple(held["results"]))
            if wanted(seen) or time.monotonic() > deadline:
                return seen
            time.sleep(0.02)

    def undo(self) -> None:
        """Take the last change of the note back."""
        self.tell("undo")

    def clear(self) -> None:
        """Empty the note and its undo stack, and forget what readers said."""
        self.tell("clear")

    def busy(self, milliseconds: int) -> None:
        """Let the program hear nothing for a while, from now on."""
        self.tell(f"busy {milliseconds}")
