"""Members whom stations enrolled: member, consents and who invited them, in the register before anything else is posted.

So the sale that follows in the same journal meets a member whom the register knows, and the card of the
same entry is given to somebody (``headoffice.register.deeds``). What an enrolment made is kept in
``Enrolment``: the register is not derived, so a rebuild finds it decided and leaves it. Nobody is ever
left out: two members with one phone both stay, points and all, and the later one is flagged.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper
from django.db.models import Q, QuerySet

from headoffice.feeds.versions import MEMBERS, take
from headoffice.intake.personal import document_of, forget
from headoffice.ledger.steps import Step
from headoffice.register.models import Consent, Enrolment, Member, Telling
from headoffice.register.tellings import ENROLLED, consent
from station.enrolling import MemberEnrolled, Person, read_person
from station.journal import Body, Entry


def post(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Enrol whom ``entries`` enrolled, in their order, unless that is decided already.

    Raises ``ValueError`` when what an entry keeps of the person is not what it committed to, or no person.
    """
    for entry in entries:
        if isinstance(entry.body, MemberEnrolled):
            _post(cursor, entry, entry.body, step)


def latest() -> QuerySet[Enrolment]:
    """Return all enrolments, latest first."""
    return Enrolment.objects.order_by("-decided_us", "station", "seq")


def flagged(*, closed: bool = False) -> QuerySet[Enrolment]:
    """Return the enrolments that somebody should look into, latest first; ``closed``: also those somebody has."""
    wrong = latest().filter(~Q(duplicate="") | Q(known=True) | (~Q(referrer="") & Q(referred=False)))
    return wrong if closed else wrong.filter(closed_us=None)


def close(station: str, incarnation: str, seq: int, now_us: int) -> bool:
    """Note that somebody looked into the enrolment of an entry; return whether that was open."""
    return bool(flagged().filter(station=station, incarnation=incarnation, seq=seq).order_by().update(closed_us=now_us))


def _post(cursor: CursorWrapper, entry: Entry[Body], body: MemberEnrolled, step: Step) -> None:
    place = {"station": entry.station, "incarnation": entry.incarnation, "seq": entry.seq}
    if Enrolment.objects.filter(**place).exists():
        return
    document = document_of(entry)
    person = Person("", "") if document is None else read_person(document)
    known = Member.objects.filter(id=body.member_id).exists()
    referred = Member.objects.filter(id=body.referrer, gone=False).exists()
    others = Member.objects.filter(phone=person.phone, gone=False).exclude(id=body.member_id).order_by("version", "id")
    duplicate = others.values_list("id", flat=True).first() if person.phone else None
    if not known:
        _enrol(cursor, entry, body, person, body.referrer if referred else "")
        Telling.objects.bulk_create([Telling(
            **place, what=consent(each), value=ENROLLED, member=body.member_id, by=entry.actor.person, at_us=each.at_us,
            decided_us=step.at_us) for each in body.consents])
    Enrolment.objects.create(
        **place, member=body.member_id, by=entry.actor.person, approver=entry.approver.person if entry.approver else "",
        at_us=entry.at.utc_us, pack=body.admitted.pack, purchase=body.admitted.purchase, referrer=body.referrer,
        referred=referred, duplicate=duplicate or "", known=known, decided_us=step.at_us)
    forget(entry)


def _enrol(cursor: CursorWrapper, entry: Entry[Body], body: MemberEnrolled, person: Person, invited_by: str) -> None:
    [version] = take(cursor, MEMBERS, 1)
    birth = person.birth
    Member.objects.create(
        id=body.member_id, name=person.name, phone=person.phone, email=person.email, tier=body.tier,
        birth_calendar=birth.calendar.value if birth else "", birth_month=birth.month if birth else 0,
        birth_day=birth.day if birth else 0, tastes=list(body.tastes), area=body.area, invited_by=invited_by, version=version)
    Consent.objects.bulk_create([Consent(
        member=body.member_id, purpose=each.purpose.value, channel=each.channel.value, given_us=each.at_us,
        station=entry.station) for each in body.consents])
