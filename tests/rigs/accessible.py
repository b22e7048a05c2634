"""A screen with the bus on which programs tell screen readers what they show, and one that listens.

Real parts: Xvfb and openbox (``desktop``), a session bus, at-spi-bus-launcher, and pyatspi under Debian's own
Python. Qt tells only while QT_LINUX_ACCESSIBILITY_ALWAYS_ON is set or a screen reader runs.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.rigs.desktop import STOP_LIMIT_S, Desktop, DesktopUnavailableError, why_unavailable

ROOT = Path(__file__).parents[2]
PYTHON = "/usr/bin/python3"
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
TOLD_LIMIT_S = 20.0


@cache
def why_silent() -> str | None:
    """Return what this machine lacks for a screen reader, or None."""
    if reason := why_unavailable():
        return reason
    if shutil.which("dbus-daemon") is None or not LAUNCHER.exists():
        return "not installed: dbus, at-spi2-core"
    found = subprocess.run([PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return "not installed: python3-pyatspi, gir1.2-atspi-2.0" if found.returncode else None


class AccessibleDesktop(Desktop):
    """A desktop on which programs say what they show. Use it as a context manager."""

    def __init__(self, screen: str = "1024x768") -> None:
        """Start it all; as ``Desktop``, and raises as it does."""
        if reason := why_silent():
            raise DesktopUnavailableError(reason)
        self._runtime = tempfile.TemporaryDirectory(prefix="at-spi")
        self._more = {
            "XDG_RUNTIME_DIR": self._runtime.name, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "PYTHONPATH": str(ROOT)}
        super().__init__(screen)
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"], env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._bus.stdout
        self._more["DBUS_SESSION_BUS_ADDRESS"] = self._bus.stdout.readline().strip()
        self._launcher = subprocess.Popen(
            [LAUNCHER, "--launch-immediately"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs that are to show and tell here."""
        return super().environment | self._more

    def close(self) -> None:
        """End it all."""
        for process in (self._launcher, self._bus):
            process.terminate()
            process.wait(STOP_LIMIT_S)
        if self._bus.stdout:
            self._bus.stdout.close()
        super().close()
        self._runtime.cleanup()


class _Line:
    """A program that answers each line with one line of JSON."""

    def __init__(self, *command: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def tell(self, line: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        answer = self._process.stdout.readline()
        if not answer:
            self.close()
            message = f"{self._process.args!r} is dead"
            raise RuntimeError(message)
        return json.loads(answer)

    def close(self) -> None:
        self._process.communicate(timeout=TOLD_LIMIT_S)


class Counter(_Line):
    """The counter with a member's basket, in a process of its own."""

    def __init__(self, desktop: AccessibleDesktop, language: str) -> None:
        """Start it and wait until it shows."""
        super().__init__(sys.executable, "-m", "tests.rigs.counter_window", "--language", language, environment=desktop.environment)
        self.titles()

    def titles(self) -> list[str]:
        """Return the titles of the windows that are shown, as the program itself has them."""
        return list(self.tell("titles"))


class Reader(_Line):
    """A screen reader that listens to the counter."""

    def __init__(self, desktop: AccessibleDesktop) -> None:
        """Start it."""
        super().__init__(PYTHON, str(Path(__file__).with_name("at_spi_client.py")), environment=desktop.environment)

    def hear(self, command: str, wanted: Callable[[Any], bool]) -> Any:
        """Ask until the answer is ``wanted``, or for a while in any case; return the last."""
        deadline = time.monotonic() + TOLD_LIMIT_S
        while True:
            heard = self.tell(command)
            if (heard and "fault" not in heard and wanted(heard)) or time.monotonic() > deadline:
                return heard
            time.sleep(0.1)


def nodes(tree: list[Any]) -> Iterator[tuple[str, str]]:
    """Walk over a heard tree: role and name of each."""
    role, name, children = tree
    yield role, name
    for each in children:
        yield from nodes(each)
