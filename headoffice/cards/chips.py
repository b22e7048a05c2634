"""The chips that head office issued."""

from django.db import connection, transaction

from headoffice.cards import windows
from headoffice.cards.models import Checked, Chip, Standing
from headoffice.clock import MICROSECONDS
from station.card import ProofKind
from station.card_task import Technology

ASKED_AGAIN_US = 60 * MICROSECONDS


def chip_of(card: int) -> Chip | None:
    """Return the chip of the card with look-up value ``card``, or None."""
    return Chip.objects.filter(card=card).first()


def register(chip: Chip) -> bool:
    """Keep ``chip``, which was just personalised; its answers go to the shop it was issued in.

    Returns False, and keeps what there is, when the card has another chip already: its codes are
    counted from the first tap on, so a card keeps its chip for life. The same chip again changes the
    version of its keys.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        held = Chip.objects.select_for_update().filter(card=chip.card).first()
        if held and held.uid != chip.uid:
            return False
        chip.issued_us = held.issued_us if held else chip.issued_us
        chip.save()
        if chip.technology == Technology.NTAG424:
            windows.moved(cursor, {(chip.card, chip.shop): chip.issued_us}, {})
    return True


def is_fresh(card: int, counter: int, mark: str, station: str, now_us: int) -> bool:
    """Return whether a genuine code of ``card`` that ``station`` holds now was shown nowhere before, and remember it.

    Every code of a higher counter was made later, so one that is posted or was asked about makes this
    one old. The same question of the same station within ``ASKED_AGAIN_US`` is answered the same: answers get lost.
    """
    since_us = now_us - ASKED_AGAIN_US
    posted = Standing.objects.filter(card=card, kind=ProofKind.SUN.value).first()
    if posted and posted.counter >= counter and not Checked.objects.filter(
            card=card, counter=counter, mark=mark, station=station, at_us__gt=since_us).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cards_checked (card, counter, mark, station, at_us) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (card) DO UPDATE SET counter = excluded.counter, mark = excluded.mark,"
            " station = excluded.station, at_us = excluded.at_us"
            " WHERE excluded.counter > cards_checked.counter OR (excluded.counter = cards_checked.counter"
            " AND excluded.mark = cards_checked.mark AND excluded.station = cards_checked.station AND cards_checked.at_us > %s)",
            [card, counter, mark, station, now_us, since_us])
        return bool(cursor.rowcount)
