# ruff: noqa: DJ008 - people see rows through the console's own models
"""Journals as received: every entry's exact bytes, for ever, and what was strange about them."""

from enum import StrEnum

from django.db import models

from headoffice.fields import binary, text, whole


class Incarnation(models.Model):
    """One journal of a station: how far it is durable here, and the hash it ends with.

    Entries up to ``projected`` were posted by the projector, or set aside. ``epoch`` numbers a
    station's incarnations in the order they were first seen, for people. ``receipt`` holds the
    bytes that answered the batch named ``answered`` (``headoffice.intake.receive``), the last that
    brought something new.

    A branch goes on after entry ``base`` of the journal ``of``, which is a branch itself or not; its
    entries name ``origin``, the incarnation they were written under. For others those are empty.
    """

    pk = models.CompositePrimaryKey("station", "incarnation")
    station = text(24)
    incarnation = text(32)
    of = text(32, default="")
    base = whole(default=0)
    origin = text(32, default="")
    epoch = whole()
    acknowledged = whole(default=0)
    projected = whole(default=0)
    head = binary()
    answered = text(110, default="")
    receipt = binary(default=b"")
    first_seen_us = whole()
    last_seen_us = whole()


class Entry(models.Model):
    """A journal entry. Append-only by trigger.

    ``kind`` is "" while the entry is one that must not be posted: it could not be read, or came
    from a revoked station. Of an entry's columns only ``kind`` may change, when it is replayed.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    kind = text(32)
    raw = binary()
    hash = binary()
    received_us = whole()


class Personal(models.Model):
    """What an entry keeps of people (``station.journal.Personal``), from when it came until it was posted.

    It may be erased at any time; the entry stays. Whether it is what the entry committed to is asked
    when it is posted.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    salt = binary()
    document = binary()


class Code(StrEnum):
    """Why an entry stands in quarantine.

    UNREADABLE: it is not an entry; VERSION: it is of a version or kind that is not known here yet;
    REVOKED: its station was revoked before it came; NOT_POSTED: the projector could not post it.
    """

    UNREADABLE = "UNREADABLE"
    VERSION = "VERSION"
    REVOKED = "REVOKED"
    NOT_POSTED = "NOT_POSTED"


class Quarantine(models.Model):
    """An entry that is kept and acknowledged but was not posted, and why."""

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    code = text(16, default=Code.NOT_POSTED.value)
    reason = text(300)


class Alarm(models.Model):
    """A fork: the station claims ``theirs`` (hexadecimal hash) where head office holds ``ours``.

    ``ours`` is "" where head office holds nothing there. A station that insists counts up ``times``.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq", "theirs")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    theirs = text(64)
    ours = text(64)
    first_us = whole()
    last_us = whole()
    times = whole(default=1)
