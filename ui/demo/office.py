"""An embedded head office as a child process: made, seeded, started, stopped, asked."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY = "ready on "
STOP_S = 15


@dataclass(frozen=True, slots=True)
class Seed:
    """How large a demo shop to make."""

    members: int
    goods: int


class Office:
    """The program ``headoffice`` on a folder of its own, on a free loopback port."""

    def __init__(self, home: Path) -> None:
        """Name the folder; nothing runs yet."""
        self.home = home
        self.port = free_port()
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """The address a station talks to."""
        return f"https://127.0.0.1:{self.port}"

    def make(self, seed: Seed) -> None:
        """Create the database, the keys and the demo shop."""
        self.ask("init")
        self.ask("seed-demo", "--members", str(seed.members), "--goods", str(seed.goods))

    def ask(self, *words: str, typed: str = "") -> str:
        """Run one command of ``headoffice`` with ``typed`` as its standard input, and return what it printed.

        Raises ``subprocess.CalledProcessError`` with its words when it fails.
        """
        done = subprocess.run(  # noqa: S603 - our own program
            [*_program(), words[0], "--home", str(self.home), *words[1:]],
            input=typed, capture_output=True, text=True, check=False, encoding="utf-8")
        if done.returncode:
            sys.stderr.write(done.stderr)
            done.check_returncode()
        return done.stdout.strip()

    def ask_json(self, *words: str) -> Any:
        """Run one command and return the JSON it printed."""
        return json.loads(self.ask(*words))

    def start(self) -> None:
        """Serve, and return when it listens. Raises ``RuntimeError`` when it ends instead."""
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*_program(), "serve", "--home", str(self.home), "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": "1"})
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in self._process.stdout:
            if line.startswith(READY):
                return
        message = f"head office ended with status {self._process.wait()} before it was ready"
        raise RuntimeError(message)

    def stop(self) -> None:
        """Stop serving; the data stays."""
        if self._process is not None:
            self._process.terminate()
            self._end()

    def kill(self) -> None:
        """Stop without a word, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with process:
                process.wait(STOP_S)


def _program() -> list[str]:
    return [sys.executable, "-m", "headoffice.main"]


def free_port() -> int:
    """Return a TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
