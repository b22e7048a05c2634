"""``python -m tests.rigs.project_club HOME WORD ...``: what a head office in HOME makes of a random club.

``take STATIONS SALES`` stores so many sales with their returns; ``project STATIONS SALES`` the same,
but projects after every few hundred sales of each station and lets lots expire half-way. ``digests``
prints as JSON how many entries are projected and acknowledged, the digest of every derived table and
the first difference that ``verify`` names ("" for none). On SQLite and on PostgreSQL all of it must
be the same.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from headoffice import main as program
from tests.rigs.club_days import StationDays

ROUNDS = 10
EXPIRED = "2026-06-01"
"""In the middle of the days of the random baskets."""


def main() -> None:
    """Do it."""
    program.bootstrap(Path(sys.argv[1]))
    from headoffice.ledger import own
    from headoffice.projector.project import Projector
    from tests.rigs.received import RECEIVED_US

    if sys.argv[2] == "digests":
        sys.stdout.write(json.dumps(_digests()))
        return
    projector = Projector()

    def project(number: int) -> None:
        projector.drain(RECEIVED_US)
        if number == ROUNDS // 2:
            own.expire(EXPIRED, RECEIVED_US)

    _take(int(sys.argv[3]), int(sys.argv[4]), project if sys.argv[2] == "project" else lambda _number: None)


def _take(count: int, sales: int, after: Callable[[int], None]) -> None:
    """Store ``sales`` of ``count`` stations in rounds, and do something ``after`` each."""
    from tests.rigs import received

    stations = [StationDays(f"12-{number}", number) for number in range(1, count + 1)]
    received.found(stations)
    for number in range(1, ROUNDS + 1):
        for each in stations:
            first = 1 if number == 1 else len(each.raws) + 1
            each.play(sales // count // ROUNDS)
            received.take(each, first, len(each.raws))
        after(number)


def _digests() -> dict[str, object]:
    from django.db import connection, transaction
    from django.db.models import Sum

    from headoffice.intake.models import Incarnation
    from headoffice.projector.digests import digests
    from headoffice.projector.verify import differences

    with transaction.atomic(), connection.cursor() as cursor:
        sums = Incarnation.objects.aggregate(Sum("projected"), Sum("acknowledged"))
        return {"projected": int(sums["projected__sum"]), "acknowledged": int(sums["acknowledged__sum"]),
                "digests": digests(cursor), "wrong": next(differences(cursor), "")}


if __name__ == "__main__":
    main()
