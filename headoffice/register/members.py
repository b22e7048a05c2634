"""What is known of a member as a person, let go for good; account, cards, points and books stay under the id."""

from django.db import connection, transaction

from headoffice.feeds.versions import members_changed
from headoffice.register.models import Consent, Member


def erase(member_id: str, now_us: int) -> None:
    """Forget name, phone, e-mail, birthday, tastes and area of a member, and let no consent stand from ``now_us`` (µs) on.

    The feed tells it to every station. Raises ``LookupError`` when there is no such member.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not Member.objects.filter(id=member_id).update(
                name="", phone="", email="", birth_calendar="", birth_month=0, birth_day=0, tastes=[], area="", erased_us=now_us):
            message = "nobody is a member by this id"
            raise LookupError(message)
        Consent.objects.filter(member=member_id, withdrawn_us=None).update(withdrawn_us=now_us)
        members_changed(cursor, {member_id: ""})
