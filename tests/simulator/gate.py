"""Where a program can be killed: before or after any of its own SQL statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Killed(BaseException):
    """The process ends here: nothing of it runs on, not even what cleans up."""


@dataclass
class Gate:
    """Counts the statements of one process; at the one it was armed for, the process is ``dead``."""

    dead: bool = False
    left: int | None = None

    def arm(self, statements: int) -> None:
        """Kill at the half statement ``statements``: even before it, odd after it."""
        self.left = statements

    def disarm(self) -> None:
        self.left = None

    def step(self) -> None:
        """Pass one half of a statement."""
        if self.left is not None:
            self.left -= 1
            self.dead = self.dead or self.left < 0
        if self.dead:
            raise Killed


class GatedConnection:
    """A station's connection as ``data.database`` uses it, whose every statement passes the gate."""

    def __init__(self, real: Any, gate: Gate) -> None:
        self.real = real
        self._gate = gate

    def execute(self, sql: str, values: Sequence[object] = ()) -> Any:
        self._gate.step()
        found = self.real.execute(sql, values)
        self._gate.step()
        return found

    def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> Any:
        self._gate.step()
        found = self.real.executemany(sql, rows)
        self._gate.step()
        return found

    @property
    def in_transaction(self) -> bool:
        return bool(self.real.in_transaction)

    def close(self) -> None:
        self.real.close()
