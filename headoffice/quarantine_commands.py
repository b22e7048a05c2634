"""``headoffice quarantine``: what was set aside, and posting it after all once the program or the data knows better."""

import argparse
import sys
import time
from collections.abc import Callable

import msgspec
from django.db.models import QuerySet

from headoffice.clock import now_us
from headoffice.intake.models import Code, Quarantine
from headoffice.projector.quarantine import replay

WORTH_REPLAYING = (Code.VERSION, Code.UNREADABLE, Code.NOT_POSTED)
"""What a newer program may take. What a revoked station sent is taken only when somebody says so (--code REVOKED)."""

TRIES, REST_S = 200, 0.05
"""The projector is in the middle of a step most of the time; its steps are short."""


def quarantine(options: argparse.Namespace) -> int:
    """List what stands in quarantine, or replay it; 1 when some of it stays there."""
    if options.action == "list":
        sys.stdout.write(msgspec.json.encode([
            {"station": row.station, "incarnation": row.incarnation, "seq": row.seq, "code": row.code, "reason": row.reason}
            for row in _asked(options, tuple(Code))]).decode() + "\n")
        return 0
    posted = stays = 0
    for row in _asked(options, WORTH_REPLAYING):
        why = _replayed(row)
        if why:
            stays += 1
            sys.stdout.write(f"{row.station}/{row.incarnation}/{row.seq}: {why}\n")
        else:
            posted += 1
    sys.stdout.write(f"{posted} posted, {stays} stay in quarantine\n")
    return 1 if stays else 0


def _asked(options: argparse.Namespace, codes: tuple[Code, ...]) -> QuerySet[Quarantine]:
    """Return the rows that the command line names, in the order of their journals."""
    named = {name: value for name in ("station", "incarnation", "seq") if (value := getattr(options, name)) is not None}
    wanted = [options.code] if options.code else [code.value for code in codes]
    return Quarantine.objects.filter(**named, code__in=wanted).order_by("station", "incarnation", "seq")


def _replayed(row: Quarantine) -> str:
    """Post the entry; return "" or why it stays."""
    for _ in range(TRIES):
        try:
            return replay(row.station, row.incarnation, row.seq, now_us())
        except RuntimeError:
            time.sleep(REST_S)
        except LookupError as fault:
            return str(fault)
    return "the projector gave no time for it"


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"quarantine": quarantine}
