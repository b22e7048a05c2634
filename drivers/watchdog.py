"""A time limit for calls into device libraries that know none."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(limit_s: float, work: Callable[[], T]) -> T:
    """Return ``work()``, run on a thread of its own, or raise what it raises.

    Raises ``TimeoutError`` after ``limit_s`` seconds. The work then goes on unheeded until its
    call returns, so it must hold nothing others need and clean up after itself.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as fault:  # noqa: BLE001 - handed to the caller, whatever it is
            outcome.set_exception(fault)

    # A daemon, because a call that never returns must not keep the program from ending.
    Thread(target=run, name="watched", daemon=True).start()
    return outcome.result(limit_s)
