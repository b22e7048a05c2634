"""The hand at the software printer: opens its cover, takes its paper, pulls its plug."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from drivers.printers.connection import NetworkConnection

ROOT = Path(__file__).parents[2]
END_LIMIT_S = 10.0


class PrinterSink:
    """Runs the printer's program, which keeps its jobs in ``folder``. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        """Switch the printer on."""
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rigs.printer_sink", str(folder)], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.connection = NetworkConnection("127.0.0.1", int(self._answer().removeprefix("port ")))

    def tell(self, command: str) -> None:
        """Do ``command`` of the program. Raises ``RuntimeError`` when it refuses or is dead."""
        if self._process.stdin is None:
            message = "the printer's program has no pipes"
            raise RuntimeError(message)
        self._process.stdin.write(command + "\n")
        answer = self._answer()
        if answer != "ok":
            message = f"printer: {command}: {answer or 'it is dead'}"
            raise RuntimeError(message)

    def heard(self) -> list[bytes]:
        """Return what each connection that has ended brought, oldest first."""
        return [path.read_bytes() for path in sorted(self._folder.glob("*.bin"))]

    def anew(self) -> None:
        """Switch it off and on, and forget the jobs. No connection may be open."""
        self.tell("power")
        for path in self._folder.glob("*.bin"):
            path.unlink()

    def close(self) -> None:
        """Switch it off, if it still is on."""
        if self._process.poll() is None:
            self._process.communicate("quit\n", timeout=END_LIMIT_S)

    def _answer(self) -> str:
        return self._process.stdout.readline().strip() if self._process.stdout else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()
