"""Prints the steps of a demo with their times, and remembers whether all went well."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Steps:
    """Numbered steps on standard output; ``failed`` names what was not as it should be."""

    def __init__(self) -> None:
        """Start the clock."""
        self._start = time.monotonic()
        self._number = 0
        self.failed: list[str] = []

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time the block and print it."""
        self._number += 1
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        self._say(f"{self._number:3}  {began - self._start:7.2f} s  {took * 1000:8.1f} ms  {title}")

    def check(self, title: str, *, holds: bool) -> None:
        """Print a finding; one that does not hold fails the demo."""
        self._say(f"                              {'ok  ' if holds else 'FAIL'}  {title}")
        if not holds:
            self.failed.append(title)

    def note(self, text: str) -> None:
        """Print a line that belongs to the step before."""
        self._say(f"                              {text}")

    @staticmethod
    def _say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
