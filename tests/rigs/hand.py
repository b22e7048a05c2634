"""The hand that puts software cards on the virtual reader, and takes them away."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.rigs.pcscd import wait_until_empty

PROGRAM = Path(__file__).with_name("virtual_card.py")
END_LIMIT_S = 10.0


class VirtualCard:
    """Runs the card's program for the first virtual reader. Use it as a context manager."""

    def __init__(self) -> None:
        """Start the program; no card is on the reader yet."""
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            bufsize=1)

    def insert(self, uid: str) -> None:
        """Put the card with this hexadecimal UID on the reader. The service sees it within 400 ms."""
        self._tell(f"in {uid}")

    def remove(self) -> None:
        """Take the card away; the next one behaves again. The service sees it within 400 ms."""
        self._tell("out")

    def swap(self, uid: str) -> None:
        """Put another card down as soon as the service has seen the first one go.

        Any sooner, and the service may take the two for one: it learns of both by looking.
        """
        self.remove()
        wait_until_empty()
        self.insert(uid)

    def hang(self) -> None:
        """Let this card, or the next one, never answer a command."""
        self._tell("hang")

    def garbage(self, answer: str) -> None:
        """Let this card, or the next one, answer every command with these hexadecimal bytes."""
        self._tell(f"garbage {answer}")

    def close(self) -> None:
        """Take the card away and end the program."""
        self._process.communicate("quit\n", timeout=END_LIMIT_S)

    def _tell(self, command: str) -> None:
        """Send ``command``. Raises ``RuntimeError`` when the card refuses it or is dead."""
        if self._process.stdin is None or self._process.stdout is None:
            message = "the card's program has no pipes"
            raise RuntimeError(message)
        self._process.stdin.write(command + "\n")
        answer = self._process.stdout.readline().strip()
        if not answer.startswith("ok"):
            message = f"virtual card: {command.partition(' ')[0]}: {answer or 'it is dead'}"
            raise RuntimeError(message)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()
