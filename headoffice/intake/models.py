# ruff: noqa: DJ008 - people see rows through the console's own models
"""Journals as received: every entry's exact bytes, for ever, and what was strange about them."""

from django.db import models

from headoffice.fields import binary, text, whole


class Incarnation(models.Model):
    """One journal of a station: how far it is durable here, and the hash it ends with.

    ``epoch`` numbers a station's incarnations in the order they were first seen, for people.
    """

    pk = models.CompositePrimaryKey("station", "incarnation")
    station = text(24)
    incarnation = text(32)
    epoch = whole()
    acknowledged = whole()
    head = binary()
    first_seen_us = whole()
    last_seen_us = whole()


class Entry(models.Model):
    """A journal entry. Append-only by trigger; ``kind`` is "" when the entry could not be read."""

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    kind = text(32)
    raw = binary()
    hash = binary()
    received_us = whole()


class Quarantine(models.Model):
    """An entry that is kept and acknowledged but was not posted, and why."""

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
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
