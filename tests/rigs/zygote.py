"""A program that is run again and again with its modules imported once: ``zygote.py MODULE`` forks for each run.

It reads one JSON line for each run: the file for what the run says, and the arguments. It answers
with the process id of a fork that waits for SIGUSR1 before it calls the module's ``main``, and when
that has ended with its exit status, negative for a signal. Before the signal a tracer can be
attached: the fork has then opened nothing and drawn nothing by chance.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
_PR_SET_PTRACER, _ANY = 0x59616D61, ctypes.c_ulong(-1)
"""Where Yama guards processes, only this lets one that is no ancestor trace the fork: prctl(2)."""


class Zygote:
    """One such program, for one run at a time."""

    def __init__(self, module: str) -> None:
        """Start it for the ``main`` of ``module``."""
        self._program = subprocess.Popen(
            [sys.executable, __file__, module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"})

    @contextmanager
    def fork(self, said: Path, arguments: Sequence[str]) -> Iterator[tuple[int, Callable[[], int]]]:
        """Lend the id of a process that waits, and what waits for its end and returns its exit status.

        What it says goes to the file ``said``. Whatever happens, it has ended afterwards.
        """
        talk, answer = self._pipes()
        talk.write(json.dumps([str(said), *arguments]) + "\n")
        talk.flush()
        process, ended = int(answer.readline()), list[int]()

        def end() -> int:
            if not ended:
                ended.append(int(answer.readline()))
            return ended[0]

        try:
            yield process, end
        finally:
            if not ended:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                end()

    def close(self) -> None:
        """End the program."""
        for pipe in self._pipes():
            pipe.close()
        self._program.wait()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._program.stdin
        assert self._program.stdout
        return self._program.stdin, self._program.stdout


def serve(main: Callable[[], int]) -> None:
    """Fork for each line of standard input."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        said, *arguments = json.loads(line)
        process = os.fork()
        if not process:
            sys.argv[1:] = arguments
            os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_EXCL), 1)
            ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY)
            signal.sigwait({signal.SIGUSR1})
            os._exit(main())
        answer(process)
        answer(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


def answer(number: int) -> None:
    """Say ``number`` to whoever asked."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(importlib.import_module(sys.argv[1]).main)
