"""Goods of a sale come back at one till at a time, whichever station sold them. Decision 0038.

Under the lock of the sale's row a station gets the turn, with the sale and its returns so far as they were
received. Another station is refused until that turn is over: given back, run out, or its return posted.
Nothing here refuses an entry: what came back without a turn, for there was no line, is posted and flagged.
"""

import base64
from collections.abc import Sequence
from typing import cast

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.clock import MICROSECONDS
from headoffice.intake.models import Entry as Received
from headoffice.intake.models import Incarnation
from headoffice.ledger.models import Sale as Sold
from headoffice.ledger.models import SaleReturn as Back
from headoffice.ledger.originals import sale_of
from headoffice.ledger.steps import Step
from headoffice.refusal import RefusalError, refuse
from headoffice.returns.models import Turn
from headoffice.stations.models import Station
from station.journal import Body, Entry
from station.sale import SaleReturn
from sync.wire import ProblemCode
from sync.wire_returns import ReturnAsked, ReturnDropped, ReturnTold, TurnOver

OPEN_S, SETTLED_S = 600, 86_400
"""How long a turn lasts while goods are chosen, and while a return that is about to be written is waited for."""


def ask(station: Station, asked: ReturnAsked, now_us: int) -> ReturnTold:
    """Give ``station`` the turn at a sale from ``now_us`` on, and tell what is known of the sale.

    Raises ``RefusalError`` 404 when no such sale is posted, UNDER_WAY (409) while another station has the turn.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        sale = _sale(asked)
        if sale is None:
            refuse("no such sale is posted here", 404)
        _lock(cursor, sale)
        turns = Turn.objects.filter(station=sale.station, incarnation=sale.incarnation, seq=sale.seq)
        turns.filter(until_us__lte=now_us).delete()
        if turns.exclude(holder=station.id).exists():
            raise RefusalError(409, ProblemCode.UNDER_WAY, "goods of this sale are coming back at another station")
        turns.filter(settled=False).delete()
        held = turns.filter(return_id=asked.return_id).first()
        seconds = SETTLED_S if asked.settle or held else OPEN_S
        if held is None:
            Turn.objects.create(
                station=sale.station, incarnation=sale.incarnation, seq=sale.seq, return_id=asked.return_id,
                holder=station.id, settled=asked.settle, until_us=now_us + seconds * MICROSECONDS)
        return ReturnTold(
            return_id=asked.return_id, incarnation=sale.incarnation, seq=sale.seq, entry=_entry(sale),
            returns=tuple(map(_entry, Back.objects.filter(
                sale_station=sale.station, sale_incarnation=sale.incarnation, sale_seq=sale.seq).order_by("number"))),
            seconds=seconds)


def drop(station: Station, dropped: ReturnDropped) -> TurnOver:
    """Give a turn of ``station`` back; return whether there was one."""
    count, _ = Turn.objects.filter(
        station__in=_stations(dropped.station), seq=dropped.seq, return_id=dropped.return_id, holder=station.id).delete()
    return TurnOver(dropped=bool(count))


def end(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """End the turns whose returns are among the posted ``entries``."""
    del step
    returns = cast("list[Entry[SaleReturn]]", [entry for entry in entries if isinstance(entry.body, SaleReturn)])
    cursor.executemany(
        "DELETE FROM returns_turn WHERE station = %s AND incarnation = %s AND seq = %s AND return_id = %s AND holder = %s",
        [(*sale_of(entry), entry.body.return_id, entry.station) for entry in returns])


def _sale(asked: ReturnAsked) -> Sold | None:
    """Return the posted sale of the receipt, the latest where copies of a journal printed the same number twice."""
    stations = _stations(asked.station)
    names = [name for name, origin in Incarnation.objects.filter(
        station__in=stations).values_list("incarnation", "origin") if (origin or name).startswith(asked.incarnation)]
    found = Sold.objects.filter(station__in=stations, incarnation__in=names, seq=asked.seq).order_by("-at_us")
    return (found.filter(sale_id=asked.sale_id) if asked.sale_id else found).first()


def _stations(name: str) -> list[str]:
    """Return the stations of this name, which receipts print in capitals: one, if any."""
    return list(Station.objects.filter(id__iexact=name).values_list("id", flat=True))


def _lock(cursor: CursorWrapper, sale: Sold) -> None:
    """Let no other turn at ``sale`` be given until the transaction ends."""
    if connection.vendor == "postgresql":  # SQLite has one writer at a time, and every transaction here begins IMMEDIATE
        cursor.execute(
            "SELECT 1 FROM ledger_sale WHERE station = %s AND sale_id = %s FOR NO KEY UPDATE", [sale.station, sale.sale_id])


def _entry(row: Sold | Back) -> str:
    """Return the bytes of the entry that ``row`` is of, as messages carry them."""
    held = Received.objects.get(station=row.station, incarnation=row.incarnation, seq=row.seq)
    return base64.b64encode(bytes(held.raw)).decode()
