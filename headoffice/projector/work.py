"""The projector at work: a thread beside the embedded server, or a process of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from headoffice.clock import now_us
from headoffice.feeds.versions import begin_life
from headoffice.projector import bell
from headoffice.projector.project import Projector
from headoffice.projector.traces import where

POLL_S = 1.0
"""A ring that was missed, or rung in another process, costs at most this."""

_LOGGER = logging.getLogger(__name__)


def work(is_over: Callable[[], bool]) -> None:
    """Project whatever comes in until ``is_over``, asked between steps and at least every ``POLL_S`` seconds.

    A fault of the database is logged and the step tried again; nothing of it was written.
    """
    projector, failing, is_begun = Projector(), "", False
    while not is_over():
        try:
            if not is_begun:
                begin_life()
                is_begun = True
            is_idle = projector.project(now_us()).name is None
            failing = ""
        except Exception as fault:  # noqa: BLE001 - it goes on whatever happens, or nothing is posted any more
            is_idle, is_begun, kind = True, False, type(fault).__name__
            if kind != failing:  # once, not every second of a night without the database
                _LOGGER.error("projecting: %s", where(fault))  # noqa: TRY400 - without values
            failing = kind
            connection.close()
        if is_idle:
            bell.wait(POLL_S)
    connection.close()


@contextmanager
def beside() -> Iterator[None]:
    """Project in a thread of its own while the block runs; the step under way is finished at its end."""
    over = threading.Event()
    thread = threading.Thread(target=work, args=(over.is_set,), name="projector")
    thread.start()
    try:
        yield
    finally:
        over.set()
        bell.ring()
        thread.join()
