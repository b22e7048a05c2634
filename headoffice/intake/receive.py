"""Exactly once per (station, incarnation, seq): a batch becomes durable rows, or nothing does.

One transaction locks the journal's row, stores the entries and moves the mark; what they amount to
is the projector's affair (decision 0019). An entry that must not be posted is stored and
acknowledged all the same and stands in quarantine: one bad entry never holds up those behind it.
Where a station's history contradicts what is held, nothing is taken and an alarm is kept: no branch
of a fork is ever overwritten, no entry ever skipped. What parts from a journal comes again as a
branch: a journal of its own that begins where the two part.

The receipt is stored with the mark it tells of. Who sends the same batch again because the answer
was lost gets the same bytes.
"""

from collections.abc import Sequence
from itertools import islice

import msgspec
from django.db import transaction
from django.db.models import F

from headoffice import metrics
from headoffice.intake.batch import Link
from headoffice.intake.models import Alarm, Entry, Incarnation, Quarantine
from headoffice.intake.personal import keep
from headoffice.intake.store import judged, store
from headoffice.projector import bell
from headoffice.refusal import RefusalError, refuse
from headoffice.stations.models import Station
from headoffice.transactions import in_good_time
from station.journal import GENESIS, branch_name
from sync.slots import next_slot
from sync.wire import BatchHead, Hello, ProblemCode, Quarantined, Receipt, Welcome


class _ForkError(Exception):
    """The station's history contradicts ours at ``seq``: hexadecimal hashes, ``ours`` "" if none."""

    def __init__(self, seq: int, theirs: str, ours: str, wanted: int) -> None:
        self.seq, self.theirs, self.ours, self.wanted = seq, theirs, ours, wanted
        super().__init__(f"fork at entry {seq}")


def welcome(station: Station, said: Hello, now_us: int) -> Welcome:
    """Return where head office stands with the journal ``said`` speaks of, met now if never before.

    What it says of the protection of its files is kept with the station. Raises ``RefusalError``
    FORK (and keeps an alarm) when the journal is shorter than what is held of it, or has another
    entry at the same place; GAP when it is a branch and what it goes on from is not here.
    """
    with transaction.atomic():
        if station.protection != said.protection.value:
            Station.objects.filter(id=station.id).update(protection=said.protection.value)
        known = _locked(station.id, said, now_us)
        known.last_seen_us = now_us
        known.save(update_fields=["last_seen_us"])
    head = bytes(known.head).hex()
    if said.seq < known.acknowledged or (said.seq == known.acknowledged and said.head != head):
        ours = _hashes(station.id, said.incarnation, said.seq, said.seq).get(said.seq, b"").hex()
        fork = _ForkError(said.seq, said.head, ours, known.acknowledged + 1)
        raise _alarmed(station.id, said.incarnation, fork, now_us)
    return Welcome(
        protocol=said.protocol, acknowledged=known.acknowledged, head=head, epoch=known.epoch, server_time_us=now_us,
        slot_us=next_slot(station.id, now_us))


def receive(station: Station, head: BatchHead, links: Sequence[Link], now_us: int) -> bytes:
    """Store the entries ``links`` of a batch whose chain was found to be as ``head`` says.

    Returns the JSON of the ``Receipt``: for the batch answered last the very bytes it was answered
    with, for an older or another cut of known entries a receipt worked out anew. What a revoked
    station sends is set aside whole. Raises ``RefusalError``: GAP when entries before it are
    missing here (of a branch also those it goes on from, ``wanted`` is then one of that journal), FORK (and keeps an alarm) when another entry is held at one of its places; nothing
    is stored then.
    """
    aside: list[Quarantine] = []
    entries = in_good_time(judged(station, head.incarnation, links, now_us, _named(station.id, head), aside))
    try:
        with transaction.atomic():
            known = _locked(station.id, head, now_us)
            name = f"{head.first}-{head.last}-{head.head}"
            if known.answered == name:
                metrics.BATCHES.labels("repeated").inc()
                return bytes(known.receipt)
            _check_place(station.id, known, head, links)
            _check_branches(station.id, known, head, links)
            held = known.acknowledged - head.first + 1
            if held >= len(links):
                metrics.BATCHES.labels("known").inc()
                return msgspec.json.encode(_receipt(station.id, head, 0))
            store(islice(entries, held, None))
            keep(station.id, head.incarnation, links[held:])
            new = [row for row in aside if row.seq > known.acknowledged]
            Quarantine.objects.bulk_create(new)
            if head.of and known.acknowledged == head.base:
                # A branch is a fork, whether or not what it parts from is here, or an alarm survived a restore.
                ours = hash_of(station, head.of, links[0].seq) or b""
                _keep(station.id, head.of, _ForkError(head.first, links[0].hash.hex(), ours.hex(), head.first), now_us)
            receipt = msgspec.json.encode(_receipt(station.id, head, len(links) - held))
            known.acknowledged, known.head = links[-1].seq, links[-1].hash
            known.answered, known.receipt, known.last_seen_us = name, receipt, now_us
            known.save(update_fields=["acknowledged", "head", "answered", "receipt", "last_seen_us"])
    except _ForkError as fork:
        raise _alarmed(station.id, head.incarnation, fork, now_us) from fork
    bell.ring()
    metrics.BATCHES.labels("fresh").inc()
    metrics.ENTRIES.inc(len(links) - held)
    for row in new:
        metrics.QUARANTINED.labels(row.code).inc()
    return receipt


def hash_of(station: Station, incarnation: str, seq: int) -> bytes | None:
    """Return the hash held of entry ``seq`` of a journal of ``station``, None for none; before the first 32 zero bytes."""
    return _hashes(station.id, incarnation, seq, seq).get(seq)


def _named(station: str, head: BatchHead) -> str:
    """Return the incarnation that the entries of a batch name: of a branch, that of the journal it is of."""
    if head.of is None:
        return head.incarnation
    parent = Incarnation.objects.filter(station=station, incarnation=head.of).first()
    return (parent and parent.origin) or head.of


def _locked(station: str, said: Hello | BatchHead, now_us: int) -> Incarnation:
    """Return the journal's row, locked until the transaction ends; made now if it was never met.

    Who makes one locks the station first, so that no two journals of a station get the same epoch.
    A branch begins where it leaves the journal it is of: up to there it is held as that one's.
    """
    if (said.of is None) != (said.base == 0):
        refuse("a branch goes on after an entry of another journal")
    here = Incarnation.objects.select_for_update().filter(station=station, incarnation=said.incarnation)
    known = here.first()
    if known is None:
        origin, head = _start(station, said)
        Station.objects.select_for_update().get(id=station)
        Incarnation.objects.bulk_create([Incarnation(
            station=station, incarnation=said.incarnation,
            of=said.of or "", base=said.base, origin=origin, acknowledged=said.base, projected=said.base,
            epoch=Incarnation.objects.filter(station=station).count() + 1,
            head=head, first_seen_us=now_us, last_seen_us=now_us)], ignore_conflicts=True)
        known = here.get()
    if (known.of, known.base) != (said.of or "", said.base):
        refuse("the journal is known as a branch of another place")
    return known


def _start(station: str, said: Hello | BatchHead) -> tuple[str, bytes]:
    """Return the incarnation that the entries of a new journal name, if it is a branch, and the hash it goes on from."""
    if said.of is None:
        return "", GENESIS
    parent = Incarnation.objects.filter(station=station, incarnation=said.of).first()
    head = _hashes(station, said.of, said.base, said.base).get(said.base)
    if parent is None or head is None:
        raise RefusalError(
            409, ProblemCode.GAP, "what the branch goes on from is not here",
            wanted=parent.acknowledged + 1 if parent else 1)
    return parent.origin or parent.incarnation, head


def _check_place(station: str, known: Incarnation, head: BatchHead, links: Sequence[Link]) -> None:
    """Compare what is sent with what is held at the same places, and at the place before."""
    if head.first > known.acknowledged + 1:
        raise RefusalError(
            409, ProblemCode.GAP, "entries are missing before the batch", wanted=known.acknowledged + 1)
    if head.first == known.acknowledged + 1:
        held = {known.acknowledged: bytes(known.head)}
    else:
        held = _hashes(station, head.incarnation, head.first - 1, head.last)
    sent = {head.first - 1: bytes.fromhex(head.previous), **{link.seq: link.hash for link in links}}
    for seq, ours in sorted(held.items()):
        if sent[seq] != ours:
            raise _ForkError(seq, sent[seq].hex(), ours.hex(), known.acknowledged + 1)


def _check_branches(station: str, known: Incarnation, head: BatchHead, links: Sequence[Link]) -> None:
    """Refuse, as a fork, what is held as a branch of this journal, or of a branch what is held in the journal it is of.

    A head office that was restored may be told the same history in another order: no entry is held twice.
    """
    hashes = {link.seq: link.hash for link in links}
    doubled = any(branch_name(head.incarnation, hashes[base + 1]) == name for name, base in Incarnation.objects.filter(
        station=station, of=head.incarnation, base__range=(head.first - 1, head.last - 1)).values_list("incarnation", "base"))
    if known.of and known.acknowledged == known.base:
        # Locked, so that it does not get the very entry meanwhile.
        parent = Incarnation.objects.select_for_update().get(station=station, incarnation=known.of)
        doubled |= _hashes(station, parent.incarnation, head.first, head.first).get(head.first) == links[0].hash
    if doubled:
        raise RefusalError(
            409, ProblemCode.FORK, "its entries are held under another name", wanted=known.acknowledged + 1)


def _hashes(station: str, incarnation: str, first: int, last: int) -> dict[int, bytes]:
    """Return the hashes held of entries ``first`` to ``last``; before the first there are 32 zero bytes."""
    held = {0: GENESIS} if first == 0 else {}
    rows = Entry.objects.filter(station=station, incarnation=incarnation, seq__range=(first, last))
    held.update((seq, bytes(digest)) for seq, digest in rows.values_list("seq", "hash"))
    return held


def _receipt(station: str, head: BatchHead, accepted: int) -> Receipt:
    quarantined = Quarantine.objects.filter(
        station=station, incarnation=head.incarnation, seq__range=(head.first, head.last))
    return Receipt(
        incarnation=head.incarnation, acknowledged=head.last, head=head.head,
        accepted=accepted, duplicates=head.last - head.first + 1 - accepted,
        quarantined=tuple(Quarantined(seq=each.seq, reason=each.reason) for each in quarantined.order_by("seq")))


def _alarmed(station: str, incarnation: str, fork: _ForkError, now_us: int) -> RefusalError:
    """Keep the alarm in a transaction of its own and return the refusal."""
    with transaction.atomic():
        _keep(station, incarnation, fork, now_us)
    return RefusalError(
        409, ProblemCode.FORK, "the journal contradicts what head office holds of it", wanted=fork.wanted)


def _keep(station: str, incarnation: str, fork: _ForkError, now_us: int) -> None:
    """Keep the alarm, in the caller's transaction."""
    metrics.FORKS.inc()
    _alarm, is_new = Alarm.objects.get_or_create(
        station=station, incarnation=incarnation, seq=fork.seq, theirs=fork.theirs,
        defaults={"ours": fork.ours, "first_us": now_us, "last_us": now_us})
    if not is_new:
        Alarm.objects.filter(
            station=station, incarnation=incarnation, seq=fork.seq, theirs=fork.theirs,
        ).update(last_us=now_us, times=F("times") + 1)
