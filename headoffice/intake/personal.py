"""What entries keep of people, on its way: kept when the entry comes, handed to whoever posts it, dropped once it was.

From then on it lies where it belongs, in the register for one, and nowhere twice: so it can be erased.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from headoffice.intake.batch import Link
from headoffice.intake.models import Personal
from station.journal import Body, Entry
from station.journal import Personal as Kept


def keep(station: str, incarnation: str, links: Sequence[Link]) -> None:
    """Keep what ``links``, just stored, keep of people; in the caller's transaction."""
    Personal.objects.bulk_create([
        Personal(station=station, incarnation=incarnation, seq=link.seq, salt=link.personal.salt, document=link.personal.document)
        for link in links if link.personal], ignore_conflicts=True)


def document_of(entry: Entry[Body]) -> bytes | None:
    """Return what ``entry`` keeps of people; None for nothing, erased, or posted before.

    Raises ``ValueError`` when it is not what the entry committed to.
    """
    row = _rows(entry).first()
    if row is None:
        return None
    kept = Kept(bytes(row.salt), bytes(row.document))
    if kept.commitment != entry.personal:
        message = "what came of people is not what the entry committed to"
        raise ValueError(message)
    return kept.document


def forget(entry: Entry[Body]) -> None:
    """Drop what ``entry`` keeps of people; in the caller's transaction."""
    _rows(entry).delete()


def _rows(entry: Entry[Body]) -> QuerySet[Personal]:
    return Personal.objects.filter(station=entry.station, incarnation=entry.incarnation, seq=entry.seq)
