"""People whom stations took into a member's account, in the register before anything else is posted.

So the card that follows in the same journal is given to somebody who is known. They spend nothing until
somebody sets limits here (``headoffice holder``). What an entry did is kept in ``NewHolder``: the register
is not derived, so a rebuild finds it decided and leaves it.
"""

from collections.abc import Mapping, Sequence

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from headoffice.intake.personal import document_of, forget
from headoffice.ledger.steps import Step
from headoffice.register.models import Holder, Member, NewHolder
from station.card_life import HolderAdded, new_holder
from station.enrolling import read_person
from station.journal import Body, Entry


def post(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Take in whom ``entries`` took in, in their order, unless that is decided already.

    Raises ``ValueError`` for a member nobody knows, and when what an entry keeps of the person is not
    what it committed to, or no person.
    """
    for entry in entries:
        if isinstance(entry.body, HolderAdded):
            _post(cursor, entry, entry.body, step)


def taken_in(member: str) -> Mapping[str, NewHolder]:
    """Return by whom the people of a member's account were taken in at counters, by their ids."""
    return {row.holder_id: row for row in NewHolder.objects.filter(member=member).order_by("-decided_us")}


def _post(cursor: CursorWrapper, entry: Entry[Body], body: HolderAdded, step: Step) -> None:
    place = {"station": entry.station, "incarnation": entry.incarnation, "seq": entry.seq}
    if NewHolder.objects.filter(**place).exists():
        return
    if not Member.objects.filter(id=body.member_id, gone=False).exists():
        message = "nobody is a member by this id"
        raise ValueError(message)
    document = document_of(entry)
    made = new_holder(body.holder_id, read_person(document).name if document else "")
    Holder.objects.get_or_create(pk=(body.member_id, made.holder_id), defaults={
        "name": made.name, "points_per_day": made.points_per_day, "value_per_day": made.value_per_day})
    NewHolder.objects.create(
        **place, member=body.member_id, holder_id=body.holder_id, by=entry.actor.person, at_us=entry.at.utc_us,
        decided_us=step.at_us)
    members_changed(cursor, {body.member_id: ""})
    forget(entry)
