"""What members told at counters about themselves: into the register, field by field the last word, and every consent with its history.

What an entry told is kept in ``Telling``: the register is not derived, so a rebuild finds it taken up
and leaves it. Of two entries the later one counts, by the clocks they were written at, whichever
comes first; nothing that was told before a member was erased comes back.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from headoffice.intake.personal import document_of, forget
from headoffice.ledger.steps import Step
from headoffice.register import models
from headoffice.register.models import Member, Telling
from station.journal import Body, Entry
from station.telling import MemberTold, read_beside
from station.told import Consent

TASTES, AREA, BIRTH, EMAIL = "TASTES", "AREA", "BIRTH", "EMAIL"
ENROLLED, GIVEN, WITHDRAWN = "ENROLLED", "GIVEN", "WITHDRAWN"
"""What became of a consent: given when the member was enrolled, given, or withdrawn."""


def post(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Take up what ``entries`` told, in their order, unless that was done already.

    Raises ``ValueError`` for a member nobody knows, and when what an entry keeps beside the chain is
    not what it committed to, or not in the form of it.
    """
    for entry in entries:
        if isinstance(entry.body, MemberTold):
            _post(cursor, entry, entry.body, step)


def consent(each: Consent) -> str:
    """Return what a consent is called in ``Telling.what``."""
    return f"{each.purpose.value}/{each.channel.value}"


def _post(cursor: CursorWrapper, entry: Entry[Body], body: MemberTold, step: Step) -> None:
    place = {"station": entry.station, "incarnation": entry.incarnation, "seq": entry.seq}
    if Telling.objects.filter(**place).exists():
        return
    member = Member.objects.filter(id=body.member_id, gone=False).first()
    if member is None:
        message = "nobody is a member by this id"
        raise ValueError(message)
    fields = _fields(entry, body)
    consents = {consent(each): (each, value) for value, told in ((GIVEN, body.given), (WITHDRAWN, body.withdrawn)) for each in told}
    if not fields and not consents:
        return  # all of it was erased at the station
    later = _told_later(entry, body.member_id)
    if entry.at.utc_us > member.erased_us:
        changed = {name: value for what, values in fields.items() if what not in later for name, value in values.items()}
        if changed:
            Member.objects.filter(id=body.member_id).update(**changed)
        for what, (each, value) in consents.items():
            if what not in later:
                _agree(entry, body.member_id, each, value)
    Telling.objects.bulk_create([Telling(
        **place, what=what, value=consents[what][1] if what in consents else "", member=body.member_id, by=entry.actor.person,
        at_us=entry.at.utc_us, decided_us=step.at_us) for what in (*fields, *consents)])
    members_changed(cursor, {body.member_id: ""})
    forget(entry)


def _fields(entry: Entry[Body], body: MemberTold) -> dict[str, dict[str, Any]]:
    """Return the columns of ``Member`` that ``entry`` tells, by what it is; nothing of what was erased at the station."""
    told: dict[str, dict[str, Any]] = {}
    if body.tastes is not None:
        told[TASTES] = {"tastes": list(body.tastes)}
    if body.area is not None:
        told[AREA] = {"area": body.area}
    document = document_of(entry) if body.is_personal else None
    if document is not None:
        beside = read_beside(document)
        birth = beside.birth
        if body.birth:
            told[BIRTH] = {"birth_calendar": birth.calendar.value if birth else "", "birth_month": birth.month if birth else 0,
                           "birth_day": birth.day if birth else 0}
        if body.email:
            told[EMAIL] = {"email": beside.email}
    return told


def _told_later(entry: Entry[Body], member: str) -> set[str]:
    """Return what the member told later than ``entry``. An enrolment is before everything, whatever its clock said."""
    mine = (entry.at.utc_us, entry.station, entry.incarnation, entry.seq)
    rows = Telling.objects.filter(member=member, at_us__gte=entry.at.utc_us).exclude(value=ENROLLED)
    return {row.what for row in rows if (row.at_us, row.station, row.incarnation, row.seq) > mine}


def _agree(entry: Entry[Body], member: str, each: Consent, value: str) -> None:
    """Let a consent be given from when it was, or end; one that stands goes on standing since it was given first."""
    held = models.Consent.objects.filter(member=member, purpose=each.purpose.value, channel=each.channel.value)
    if value == WITHDRAWN:
        held.filter(withdrawn_us=None).update(withdrawn_us=each.at_us)
    elif not held.filter(withdrawn_us=None).exists():
        models.Consent.objects.update_or_create(
            pk=(member, each.purpose.value, each.channel.value),
            defaults={"given_us": each.at_us, "station": entry.station, "withdrawn_us": None})
