"""Exactly once per (station, incarnation, seq): a batch becomes durable rows, or nothing does.

One IMMEDIATE transaction stores the entries, posts what they amount to and moves the mark. An entry
that cannot be posted is stored and acknowledged all the same and stands in quarantine: one bad
entry never holds up those behind it. Where a station's history contradicts what is held, nothing
is taken and an alarm is kept: no branch of a fork is ever overwritten.
"""

from collections.abc import Sequence
from typing import cast

from django.db import connection, transaction
from django.db.models import F

from headoffice.audit.review import review
from headoffice.intake.batch import Link
from headoffice.intake.entries import Place, read_entry
from headoffice.intake.models import Alarm, Incarnation, Quarantine
from headoffice.intake.models import Entry as Received
from headoffice.ledger.posting import ReturnEntry, SaleEntry, post
from headoffice.refusal import RefusalError
from headoffice.stations.models import Station
from station.journal import GENESIS, Entry
from station.sale import Sale, SaleReturn
from station.shift import ShiftClosed
from sync.wire import BatchHead, Hello, ProblemCode, Quarantined, Receipt, Welcome

MOST_REASON = 300


class _ForkError(Exception):
    """The station's history contradicts ours at ``seq``: hexadecimal hashes, ``ours`` "" if none."""

    def __init__(self, seq: int, theirs: str, ours: str, wanted: int) -> None:
        self.seq, self.theirs, self.ours, self.wanted = seq, theirs, ours, wanted
        super().__init__(f"fork at entry {seq}")


def welcome(station: Station, said: Hello, now_us: int) -> Welcome:
    """Return where head office stands with the journal ``said`` speaks of, met now if never before.

    What it says of the protection of its files is kept with the station. Raises ``RefusalError`` FORK (and keeps an alarm) when the journal is shorter than what is held
    of it, or has another entry at the same place.
    """
    with transaction.atomic():
        known = _incarnation(station.id, said.incarnation, now_us)
        known.last_seen_us = now_us
        known.save()
        Station.objects.filter(id=station.id).update(protection=said.protection.value)
    head = bytes(known.head).hex()
    if said.seq < known.acknowledged or (said.seq == known.acknowledged and said.head != head):
        ours = _hashes(station.id, said.incarnation, said.seq, said.seq).get(said.seq, b"").hex()
        fork = _ForkError(said.seq, said.head, ours, known.acknowledged + 1)
        raise _alarmed(station.id, said.incarnation, fork, now_us)
    return Welcome(
        protocol=said.protocol, acknowledged=known.acknowledged, head=head, server_time_us=now_us)


def receive(station: Station, head: BatchHead, links: Sequence[Link], now_us: int) -> Receipt:
    """Store and post the entries ``links`` of a batch whose chain was found to be as ``head`` says.

    Sent again, a batch changes nothing and gets the same receipt but for the counts. Raises
    ``RefusalError``: GAP when entries before it are missing here, FORK (and keeps an alarm) when
    another entry is held at one of its places; nothing is stored then.
    """
    try:
        with transaction.atomic():
            known = _incarnation(station.id, head.incarnation, now_us)
            if head.first > known.acknowledged + 1:
                raise RefusalError(
                    409, ProblemCode.GAP, "entries are missing before the batch", wanted=known.acknowledged + 1)
            _check_overlap(station.id, known, head, links)
            new = [link for link in links if link.seq > known.acknowledged]
            if new:
                _store(station, head.incarnation, new, now_us)
                known.acknowledged = new[-1].seq
                known.head = new[-1].hash
                known.last_seen_us = now_us
                known.save()
            quarantined = Quarantine.objects.filter(
                station=station.id, incarnation=head.incarnation, seq__range=(head.first, head.last))
            return Receipt(
                incarnation=head.incarnation, acknowledged=head.last, head=head.head,
                accepted=len(new), duplicates=len(links) - len(new),
                quarantined=tuple(
                    Quarantined(seq=each.seq, reason=each.reason) for each in quarantined.order_by("seq")))
    except _ForkError as fork:
        raise _alarmed(station.id, head.incarnation, fork, now_us) from fork


def _incarnation(station: str, incarnation: str, now_us: int) -> Incarnation:
    known = Incarnation.objects.filter(station=station, incarnation=incarnation).first()
    if known is None:
        known = Incarnation.objects.create(
            station=station, incarnation=incarnation,
            epoch=Incarnation.objects.filter(station=station).count() + 1,
            acknowledged=0, head=GENESIS, first_seen_us=now_us, last_seen_us=now_us)
    return known


def _hashes(station: str, incarnation: str, first: int, last: int) -> dict[int, bytes]:
    """Return the hashes held of entries ``first`` to ``last``; before the first there are 32 zero bytes."""
    held = {0: GENESIS} if first == 0 else {}
    rows = Received.objects.filter(station=station, incarnation=incarnation, seq__range=(first, last))
    held.update((seq, bytes(digest)) for seq, digest in rows.values_list("seq", "hash"))
    return held


def _check_overlap(station: str, known: Incarnation, head: BatchHead, links: Sequence[Link]) -> None:
    """Compare what is sent with what is held at the same places, and at the place before."""
    held = _hashes(station, head.incarnation, head.first - 1, head.last)
    sent = {head.first - 1: bytes.fromhex(head.previous), **{link.seq: link.hash for link in links}}
    for seq, ours in sorted(held.items()):
        if sent[seq] != ours:
            raise _ForkError(seq, sent[seq].hex(), ours.hex(), known.acknowledged + 1)


def _store(station: Station, incarnation: str, links: Sequence[Link], now_us: int) -> None:
    """Write the new entries, post the sales and returns among them, set aside what cannot be posted."""
    kinds: dict[int, str] = {}
    reasons: dict[int, str] = {}
    moving: list[SaleEntry | ReturnEntry] = []
    closed: list[Entry[ShiftClosed]] = []
    for link in links:
        try:
            entry = read_entry(link.raw, Place(station.id, incarnation, link.seq))
        except ValueError as fault:
            reasons[link.seq] = str(fault)[:MOST_REASON]
            continue
        kinds[link.seq] = entry.kind.value
        if isinstance(entry.body, Sale | SaleReturn):
            moving.append(cast("SaleEntry | ReturnEntry", entry))
        elif isinstance(entry.body, ShiftClosed):
            closed.append(cast("Entry[ShiftClosed]", entry))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO intake_entry (station, incarnation, seq, kind, raw, hash, received_us)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [(station.id, incarnation, link.seq, kinds.get(link.seq, ""), link.raw, link.hash, now_us)
             for link in links])
        posted = post(cursor, moving)
    reasons.update((seq, "a sale or return by this id was posted before") for seq in posted.repeated)
    Quarantine.objects.bulk_create(
        Quarantine(station=station.id, incarnation=incarnation, seq=seq, reason=reason)
        for seq, reason in reasons.items())
    review(station.shop, posted, closed, now_us)


def _alarmed(station: str, incarnation: str, fork: _ForkError, now_us: int) -> RefusalError:
    """Keep the alarm in a transaction of its own and return the refusal."""
    with transaction.atomic():
        _alarm, is_new = Alarm.objects.get_or_create(
            station=station, incarnation=incarnation, seq=fork.seq, theirs=fork.theirs,
            defaults={"ours": fork.ours, "first_us": now_us, "last_us": now_us})
        if not is_new:
            Alarm.objects.filter(
                station=station, incarnation=incarnation, seq=fork.seq, theirs=fork.theirs,
            ).update(last_us=now_us, times=F("times") + 1)
    return RefusalError(
        409, ProblemCode.FORK, "the journal contradicts what head office holds of it", wanted=fork.wanted)
