"""How often may be tried: for one phone, and from one station. Counted before it is judged, so no crash forgets a try.

A phone that nobody has is counted and locked like any other: otherwise the lock would tell who is a member.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from headoffice.claims.models import Attempts
from headoffice.clock import MICROSECONDS

HOUR_US = 3600 * MICROSECONDS
PHONE, STATION = "phone", "station"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many wrong answers and codes within ``window_us``; then nothing for as long."""

    failed: int
    sent: int
    window_us: int


LIMITS: Mapping[str, Limit] = {PHONE: Limit(10, 10, 24 * HOUR_US), STATION: Limit(60, 120, HOUR_US)}
"""Ten wrong answers a day: a PIN of six digits stands for centuries, and a forgetful member is back tomorrow."""


class Counting:
    """The counts of some subjects, locked in the caller's transaction; each is named "kind/…"."""

    def __init__(self, subjects: Iterable[str], now_us: int) -> None:
        """Read them at ``now_us``; what lies before their window, or a lock that is over, is forgotten."""
        self._now_us = now_us
        names = sorted(subjects)
        Attempts.objects.bulk_create([Attempts(subject=each, since_us=now_us) for each in names], ignore_conflicts=True)
        self._rows = list(Attempts.objects.select_for_update().filter(subject__in=names).order_by("subject"))
        for row in self._rows:
            over = 0 < row.locked_until_us <= now_us or row.since_us + _limit(row).window_us <= now_us
            if over and row.locked_until_us <= now_us:
                row.failed = row.sent = row.locked_until_us = 0
                row.since_us = now_us

    @property
    def locked_us(self) -> int:
        """For how long nothing is answered, 0 when it is."""
        return max(0, *(row.locked_until_us - self._now_us for row in self._rows))

    def send(self) -> None:
        """Count a code that is sent."""
        for row in self._rows:
            row.sent += 1
            self._judge(row)

    def fail(self) -> None:
        """Count an answer as wrong, until ``forgive`` says otherwise."""
        for row in self._rows:
            row.failed += 1
            self._judge(row)

    def forgive(self) -> None:
        """Take the last ``fail`` back, for the answer was right; the phone begins anew."""
        for row in self._rows:
            row.failed = 0 if row.subject.startswith(PHONE) else max(0, row.failed - 1)
            if not self._too_many(row):
                row.locked_until_us = 0

    def write(self) -> None:
        """Write the counts."""
        Attempts.objects.bulk_update(self._rows, ["failed", "sent", "since_us", "locked_until_us"])

    def _judge(self, row: Attempts) -> None:
        if self._too_many(row):
            row.locked_until_us = self._now_us + _limit(row).window_us

    @staticmethod
    def _too_many(row: Attempts) -> bool:
        return row.failed >= _limit(row).failed or row.sent > _limit(row).sent


def _limit(row: Attempts) -> Limit:
    return LIMITS[row.subject.split("/", 1)[0]]
