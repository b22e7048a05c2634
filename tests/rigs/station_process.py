"""The other end of ``tests.rigs.seller``: starts it, hears what it says, kills it."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
AT_MOST = 20
"""A station that goes on selling is current with so many entries unsent: they are of its last second or two."""



@dataclass(frozen=True)
class Said:
    """The sync thread's state, and when it was so (seconds of the monotonic clock)."""

    online: bool
    unsent: int
    error: str
    batch: int
    at: float

    @property
    def current(self) -> bool:
        """Whether head office has everything but the latest sales."""
        return self.online and self.unsent <= AT_MOST


@dataclass(frozen=True)
class Confirmed:
    """A sale that the station called done."""

    incarnation: str
    seq: int
    sale_id: str


class StationProcess:
    """A station in ``folder``; ``confirmed`` and ``states`` live on when it is killed and started again."""

    def __init__(
        self, folder: Path, url: str, members: tuple[str, ...] = (), environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.url = url
        self.members = members
        self.environment = environment or {}
        self.confirmed: list[Confirmed] = []
        self.states: list[Said] = []
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._process: subprocess.Popen[str] | None = None
        self._hearing: threading.Thread | None = None

    def start(self) -> None:
        """Start the program; it sends what waits, and sells when it is told to."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rigs.seller", str(self.folder), self.url, *self.members], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, **self.environment})
        self._hearing = threading.Thread(target=self._hear, args=(self._process,), daemon=True)
        self._hearing.start()

    def _hear(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            kind, *words = line.split()
            if not line.endswith("\n"):
                continue  # killed in the middle of a word
            if kind == "sale":
                self.confirmed.append(Confirmed(words[0], int(words[1]), words[2]))
            elif kind == "state":
                self.states.append(Said(words[0] == "1", int(words[1]), words[2], int(words[3]), float(words[4])))
            else:
                self._answers.put(kind)

    def tell(self, command: str, *, wait: bool = True) -> None:
        """Give a command and return once it is done. Raises ``queue.Empty`` when it is not within PATIENCE_S."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        if wait:
            self.await_answer()

    def await_answer(self) -> None:
        """Return once the command given last is done. Raises ``queue.Empty`` when it is not within PATIENCE_S."""
        self._answers.get(timeout=PATIENCE_S)

    def await_state(
        self, holds: Callable[[Said], bool], since: float, limit_s: float = PATIENCE_S,
    ) -> Said | None:
        """Return the first state at ``since`` or later that ``holds``; None when there is none within ``limit_s``."""
        until, seen = time.monotonic() + limit_s, 0
        while time.monotonic() < until:
            states = self.states
            while seen < len(states):
                if states[seen].at >= since and holds(states[seen]):
                    return states[seen]
                seen += 1
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.02)
        return None

    def await_current(self, since: float, limit_s: float = PATIENCE_S) -> float | None:
        """Return how many seconds after ``since`` the station was current; None when not within ``limit_s``."""
        found = self.await_state(lambda state: state.current, since, limit_s)
        return None if found is None else found.at - since

    def settle(self, limit_s: float = PATIENCE_S) -> float | None:
        """Sell no more and send all there is; return how many seconds that took, None when not within ``limit_s``."""
        self.tell("every 0")
        since = time.monotonic()
        self.tell("now")
        found = self.await_state(lambda state: state.current and state.unsent == 0, since, limit_s)
        return None if found is None else found.at - since

    def kill(self) -> None:
        """End it without a word, as a power cut would; what it had said is heard."""
        assert self._process is not None
        self._process.kill()
        self._ended()

    def quit(self) -> None:
        """End it in good order."""
        self.tell("quit")
        self._ended()

    def _ended(self) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._hearing is not None
        self._process.wait(PATIENCE_S)
        self._hearing.join(PATIENCE_S)
        with suppress(BrokenPipeError):  # a command it did not live to hear
            self._process.stdin.close()
        self._process.stdout.close()
        self._process = None

    def close(self) -> None:
        """End it if it still runs."""
        if self._process is not None:
            self.kill()
