"""A rig's program, run in a process of its own and commanded line by line."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
END_LIMIT_S = 10.0


class RigProcess:
    """Runs ``tests/rigs/<program>``; each command is answered by a line "ok …". A context manager."""

    def __init__(self, program: str, *arguments: str) -> None:
        """Start the program."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.rigs.{Path(program).stem}", *arguments], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def tell(self, command: str) -> str:
        """Send ``command`` and return what follows "ok". Raises ``RuntimeError`` when it is refused."""
        if self._process.stdin is None or self._process.stdout is None:
            message = "the rig has no pipes"
            raise RuntimeError(message)
        self._process.stdin.write(command + "\n")
        answer = self._process.stdout.readline().strip()
        if not answer.startswith("ok"):
            message = f"rig: {command.partition(' ')[0]}: {answer or 'it is dead'}"
            raise RuntimeError(message)
        return answer.removeprefix("ok").strip()

    def close(self) -> None:
        """End the program."""
        self._process.communicate("quit\n", timeout=END_LIMIT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()
