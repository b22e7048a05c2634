"""Entries out of quarantine: posted after all, once what kept them out is mended."""

from django.db import connection, transaction

from headoffice.intake.entries import Place, read_entry
from headoffice.intake.models import Entry as Received
from headoffice.intake.models import Quarantine
from headoffice.ledger.lines import Lines, origin_of
from headoffice.ledger.steps import StepKind, Stretch, begin, log
from headoffice.projector.project import MOST_REASON, alone, posted, release, set_aside


def replay(station: str, incarnation: str, seq: int, now_us: int) -> str:
    """Post the entry, which stands in quarantine, as a step of its own; return "" or why it stays there.

    Raises ``LookupError`` when it does not stand there or lies ahead of what is projected,
    ``RuntimeError`` while a projector is in the middle of a step (ask again), Django's
    ``DatabaseError`` when the database's surroundings do not let it.
    """
    name = (station, incarnation)
    with transaction.atomic(), connection.cursor() as cursor:
        if not alone(cursor):
            message = "the projector is at work"
            raise RuntimeError(message)
        held = Quarantine.objects.filter(station=station, incarnation=incarnation, seq=seq).first()
        cursor.execute(
            "SELECT projected FROM intake_incarnation WHERE station = %s AND incarnation = %s", [station, incarnation])
        row = cursor.fetchone()
        if held is None or row is None or row[0] < seq:
            message = f"entry {seq} does not stand in quarantine, or what is before it is not projected"
            raise LookupError(message)
        raw = bytes(Received.objects.get(station=station, incarnation=incarnation, seq=seq).raw)
        try:
            entry = read_entry(raw, Place(station, origin_of(station, incarnation), seq))
        except ValueError as fault:
            held.reason = str(fault)[:MOST_REASON]
            held.save(update_fields=["reason"])
            return held.reason
        step = begin(cursor, now_us)
        reasons = posted(cursor, [each for each in Lines(station).posted(incarnation, [entry]) if each], step)
        if reasons:
            set_aside(cursor, name, reasons)
            return reasons[seq]
        cursor.execute(
            "UPDATE intake_entry SET kind = %s WHERE station = %s AND incarnation = %s AND seq = %s",
            [entry.kind.value, station, incarnation, seq])
        release(name, [seq])
        log(cursor, step, StepKind.REPLAYED, Stretch(station, incarnation, seq, seq))
    return ""
