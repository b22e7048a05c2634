"""The demo shop as ``make run`` starts it, on a real X display, and what a screen reader hears of it.

Where something stands on the screen, what is written there and what has the focus is all taken from the accessibility
bus; the product has no part of the rig in it.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from station.text import Text
from tests.rigs.accessible import ROOT, AccessibleDesktop, Reader
from tests.rigs.day_hands import Hands
from ui.text import Words

PROGRAM = "__main__.py"
"""What the demo calls itself on the bus: the file that ``python -m ui.demo`` runs."""
SCREEN = "1366x768"
START_S, PATIENCE_S, END_S = 90, 20, 30
PIN = re.compile(r"sign in as (\w+) with PIN (\d+)")
REST_S = 1.0
OPERATED = ("push button", "check box", "toggle button", "radio button", "list item", "menu item", "text", "password text", "table cell")


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing on the screen: its role, its name, what is written in it, its place and its states."""

    role: str
    name: str
    text: str
    box: tuple[int, int, int, int]
    states: frozenset[str]

    @property
    def middle(self) -> tuple[int, int]:
        """Where a finger hits it."""
        x, y, width, height = self.box
        return x + width // 2, y + height // 2


class DayCounter:
    """The running counter. Use it as a context manager; it begins in Persian, as the demo does."""

    def __init__(self, desktop: AccessibleDesktop, folder: Path) -> None:
        """Start the demo in ``folder`` and wait until its counter shows."""
        self.folder = folder
        self.words = Words("fa")
        self.hands = Hands(desktop.display)
        self._log = folder.with_suffix(".txt")
        with self._log.open("w", encoding="utf-8") as told:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ui.demo", "--out", str(folder)], cwd=ROOT, env=desktop.environment, stdout=told, stderr=told)
        self._reader = Reader(desktop)
        self._pictures = 0
        self.until(lambda: len(self.pins) == 2, "the people", START_S)
        self.until(lambda: self.shows("The till is locked"), "the lock")

    @property
    def pins(self) -> dict[str, str]:
        """The PINs that head office gave, by staff id."""
        return dict(PIN.findall(self._log.read_text(encoding="utf-8")))

    def until(self, holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until ``holds``. Raises ``TimeoutError`` with ``what`` was waited for and what is shown."""
        deadline = time.monotonic() + patience_s
        while not holds():
            if self._process.poll() is not None:
                message = f"the demo ended: {self._log.read_text(encoding='utf-8')[-2000:]}"
                raise RuntimeError(message)
            if time.monotonic() > deadline:
                self.stuck(f"waited {patience_s} s for {what}")
            time.sleep(0.05)

    def screen(self) -> list[Seen]:
        """Return all that shows, the window that takes the keys last."""
        told = self._reader.tell(f"screen {PROGRAM}")
        if not isinstance(told, list):
            return []
        return [Seen(role, name, text, tuple(box), frozenset(states)) for role, name, text, box, states in told]

    def said(self, message: str | Text) -> str:
        """Return ``message`` in the present language."""
        return message.in_language(self.words.language) if isinstance(message, Text) else self.words(message)

    def shows(self, message: str | Text) -> bool:
        """Return whether ``message`` is read somewhere."""
        said = self.said(message)
        return any(said in each.name or said in each.text for each in self.screen())

    def wait_for(self, *messages: str | Text) -> None:
        """Wait until every one of ``messages`` is read."""
        for each in messages:
            self.until(lambda each=each: self.shows(each), f"{each!r}")  # type: ignore[misc]

    def wait_gone(self, message: str | Text) -> None:
        """Wait until ``message`` is read nowhere."""
        self.until(lambda: not self.shows(message), f"{message!r} to go")

    def is_called(self, seen: Seen, name: str | Text) -> bool:
        """Return whether ``seen`` is called ``name``, by itself, with its key, or with a person's role."""
        said = self.said(name)
        return seen.name == said or seen.name.startswith((f"{said}  ", f"{said} …", f"{said}, ", f"{said} ("))

    def found(self, name: str | Text, screen: list[Seen] | None = None) -> Seen | None:
        """Return what can be operated on ``screen`` (None: now) and is called ``name``; of several that in the uppermost window."""
        able = [each for each in (self.screen() if screen is None else screen) if each.role in OPERATED and "enabled" in each.states and each.box[2] > 0]
        return next((each for each in reversed(able) if self.is_called(each, name)), None)

    def rest(self, holds: Callable[[], bool]) -> None:
        """Give the program a moment until ``holds``; go on in any case."""
        deadline = time.monotonic() + REST_S
        while not holds() and time.monotonic() < deadline:
            time.sleep(0.02)

    def stuck(self, why: str) -> None:
        """Raise ``TimeoutError`` with ``why`` and all that is shown, which is kept as a picture too."""
        self.picture("stuck")
        held = self.focus()
        message = f"{why}; the focus is on {held and held.name!r}; there is {[each.name for each in self.screen() if each.name]}"
        raise TimeoutError(message)

    def focus(self) -> Seen | None:
        """Return what has the focus; the present row of a table or a list says that it has, whether or not all of it has."""
        held = [each for each in reversed(self.screen()) if "focused" in each.states]
        return next((each for each in held if each.role not in {"table cell", "list item"}), held[0] if held else None)

    def picture(self, name: str) -> None:
        """Keep what the screen shows, beside the demo's folder."""
        self._pictures += 1
        self.hands.picture(self.folder.parent / f"{self._pictures:02}-{name}.png")

    def ended(self) -> int:
        """Wait for the end after the window was closed; return the demo's status."""
        try:
            return self._process.wait(END_S)
        finally:
            self._end()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(END_S)
        self._reader.close()
        self.hands.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self.picture("failed")
        if self._process.poll() is None:
            self._end()
