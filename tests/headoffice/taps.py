"""Codes of cards as stations write them down, and what head office makes of them."""

from dataclasses import replace

from django.db import connection, transaction

from headoffice.cards import check
from headoffice.cards.models import Chip, CloneAlert, Standing
from headoffice.clock import MICROSECONDS
from headoffice.stations.models import Station
from station.card import CardTier, ProofKind
from station.card_seen import CardSeen
from station.card_task import Technology
from station.journal import EntryKind
from tests.headoffice.shop import NOON, Till

CARD, OTHER = 77, 78
UID = "04A1B2C3D4E5F6"
MINUTE_US = 60 * MICROSECONDS


def paired(station: str, shop: str = "12") -> Till:
    """A paired station whose journal holds its first entry, nothing sent."""
    till = Till(station)
    Station.objects.create(id=station, shop=shop, public_key=till.public, paired_us=0)
    return till


def tap(
    till: Till, counter: int, minute: float = 0, *, card: int = CARD, tier: CardTier = CardTier.CHANGING_CODE, refused: str = "",
    kind: ProofKind = ProofKind.SUN, mark: str = "",
) -> int:
    """Write down that ``card`` showed this code so many minutes after noon; return the entry's seq.

    The mark is the chip's own of that counter, unless another is given.
    """
    body = CardSeen(card, kind, counter, mark or f"{card:04x}{counter:012x}", tier, refused)
    at = replace(NOON, utc_us=NOON.utc_us + int(minute * MINUTE_US))
    return till.journal.append(body, kind=EntryKind.CARD_SEEN, at=at)


def sent(till: Till, first: int = 1) -> None:
    """Upload what ``till`` has from entry ``first`` on, and have it posted."""
    assert till.put(first, len(till.journal.raws)).status == 200


def found() -> list[tuple[str, str, int, str, int]]:
    """The alerts: kind, where, against what."""
    return sorted(CloneAlert.objects.values_list("kind", "station", "seq", "other_station", "other_seq"))


def counter_of(card: int = CARD) -> int:
    """How far the chip's codes have come."""
    row = Standing.objects.filter(card=card, kind=ProofKind.SUN.value).first()
    return row.counter if row else -1


def issued(card: int = CARD, shop: str = "12", counter: int = 0) -> Chip:
    """A chip just personalised in ``shop``, not registered yet."""
    return Chip(card=card, uid=f"{UID[:-4]}{card:04X}", technology=Technology.NTAG424.value, key_version=1, shop=shop, counter=counter,
                issued_us=NOON.utc_us)


def wrong() -> list[str]:
    """What ``headoffice verify`` finds about cards."""
    with transaction.atomic(), connection.cursor() as cursor:
        return list(check.differences(cursor))
