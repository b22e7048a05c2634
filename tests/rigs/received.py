"""Random journals as head office's intake stores them. Import it once Django stands."""

from collections.abc import Sequence

from headoffice.intake.batch import Link
from headoffice.intake.receive import receive
from headoffice.register.packs import publish
from headoffice.stations.models import Station
from sync.wire import BatchHead
from tests.rigs.club_days import StationDays, packs

RECEIVED_US = 1_795_000_000_000_000


def found(stations: Sequence[StationDays]) -> None:
    """Publish the club's packs and pair ``stations``."""
    for pack in packs():
        publish(pack, 0)
    for number, each in enumerate(stations):
        Station.objects.create(
            id=each.station, shop=each.shop, public_key=bytes([number % 256]) * 32, paired_us=0)


def take(days: StationDays, first: int, last: int) -> None:
    """Store entries ``first`` to ``last`` of a journal, in batches as they are uploaded."""
    station = Station.objects.get(id=days.station)
    for start in range(first, last + 1, 500):
        end = min(start + 499, last)
        head = BatchHead(
            incarnation=days.incarnation, first=start, last=end, previous=days.hashes[start - 1].hex(),
            head=days.hashes[end].hex())
        receive(station, head, [Link(seq, days.raws[seq - 1], days.hashes[seq]) for seq in range(start, end + 1)],
                RECEIVED_US + start)
