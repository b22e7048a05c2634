# ruff: noqa: DJ008 - people see rows through the console's own models
"""Claims to be a member, members' PINs, and how often was tried.

Nothing here is derived from journals: a rebuild keeps all of it. No phone, PIN or code is kept: a
phone is an HMAC, a code as well, a PIN an argon2id verifier.
"""

from django.db import models

from headoffice.fields import binary, optional_whole, text, whole


class Pin(models.Model):
    """The argon2id ``verifier`` of a member's PIN. It never leaves head office."""

    member = text(36, primary_key=True)
    verifier = text(200)
    changed_us = whole()


class Claim(models.Model):
    """A claim of a station to have a member there; ``member`` is "" where nobody has the phone.

    ``subject`` is the HMAC of the phone, ``code`` that of the one-time code (empty for a PIN),
    ``answered`` that of the answer to try ``tries``, the last; ``judged`` the last try that was judged.
    ``proven_us`` is when it was proven, ``used_…`` the entry of the one sale that it counts for.
    """

    pk = models.CompositePrimaryKey("station", "claim_id")
    station = text(24)
    claim_id = text(36)
    subject = text(80)
    member = text(36, default="")
    method = text(8)
    code = binary(default=b"")
    begun_us = whole()
    until_us = whole()
    tries = whole(default=0)
    answered = binary(default=b"")
    judged = whole(default=0)
    proven_us = optional_whole()
    used_incarnation = text(32, default="")
    used_seq = whole(default=0)


class Attempts(models.Model):
    """What was tried of late for one phone, or from one station: ``subject``.

    Since ``since_us`` there were ``failed`` answers and ``sent`` codes; until ``locked_until_us``
    nothing is answered.
    """

    subject = text(80, primary_key=True)
    failed = whole(default=0)
    sent = whole(default=0)
    since_us = whole()
    locked_until_us = whole(default=0)
