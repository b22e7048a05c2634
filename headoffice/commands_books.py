"""What the ``headoffice`` program does with its books: project, expire, rebuild, verify."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from itertools import chain
from types import FrameType

from django.db import connection

from headoffice.cards import check as cards
from headoffice.claims import service as claims
from headoffice.clock import now_us
from headoffice.ledger import own
from headoffice.projector.hooks import KEPT_FROM_EXPIRY
from headoffice.projector.project import Projector
from headoffice.projector.rebuild import rebuild
from headoffice.projector.verify import differences
from headoffice.projector.work import work
from headoffice.spending import check as spending
from headoffice.spending import reservations
from headoffice.terminal import refused
from headoffice.transactions import one_state
from station.dates import day_number, day_text

BUSY_S = 0.05
"""Another projector's steps are short."""


class _Told:
    """Whether the process was told to end. The handler does no more than remember it: it may interrupt anything."""

    def __init__(self) -> None:
        self.over = False

    def end(self, _signal: int, _frame: FrameType | None) -> None:
        self.over = True


def project(options: argparse.Namespace) -> int:
    """Project what comes in until SIGTERM or Ctrl+C, or what is here ``--once``; the step under way is finished first."""
    if options.once:
        projector = Projector()
        while (done := projector.project(now_us())).name or done.busy:
            if done.busy:
                time.sleep(BUSY_S)
        return 0
    told = _Told()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told.end)
    sys.stdout.write("at work\n")
    sys.stdout.flush()
    work(lambda: told.over)
    return 0


def expire(options: argparse.Namespace) -> int:
    """Write the EXPIRE entries of a day, let go of lost reservations, forget old claims; run again it writes nothing."""
    try:
        day = day_text(day_number(options.day))
    except ValueError as fault:
        return refused(str(fault))
    count = own.expire(day, now_us(), KEPT_FROM_EXPIRY)
    for lost in reservations.release_lost(now_us()):
        sys.stdout.write(
            f"reservation {lost.reservation_id} of {lost.amount} {lost.kind.value} let go: its sale at {lost.station} has not come\n")
    claims.forget_old(now_us())
    sys.stdout.write(f"{count} accounts had lots that ended before {day}\n")
    return 0


def make_again(_options: argparse.Namespace) -> int:
    """Rebuild the books and print every derived table with its digest; 1 when one is not what it was."""
    try:
        done = rebuild()
    except (RuntimeError, ValueError) as fault:
        return refused(str(fault))
    for table, after in done.after.items():
        sys.stdout.write(f"{'differs' if table in done.differing else 'equal':8} {table:24} {after}\n")
    sys.stdout.write(f"{done.steps} steps made again\n")
    return 1 if done.differing else 0


def check(_options: argparse.Namespace) -> int:
    """Check the books; 1 with the first difference when there is one."""
    with one_state(), connection.cursor() as cursor:
        wrong = next(chain(differences(cursor), spending.differences(cursor), cards.differences(cursor)), "")
    sys.stdout.write(f"{wrong or 'the books agree with the journals'}\n")
    return 1 if wrong else 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "work": project, "expire": expire, "rebuild": make_again, "verify": check}
