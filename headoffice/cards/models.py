# ruff: noqa: DJ008 - people see rows through the console's own models
"""Chips that head office issued, the codes that stations saw of cards, and what contradicts itself in them.

A card is its look-up value (``station.card_hash``); it leads every key. ``Seen``, ``Standing`` and
``CloneAlert`` follow from the journals and are made again by a rebuild; the rest is kept.
"""

from enum import StrEnum

from django.db import models

from headoffice.fields import text, whole

MOST_REFUSED = 32


class Chip(models.Model):
    """A chip with keys of its own: its ``uid`` (upper-case hexadecimal), ``technology`` (``station.card_task``).

    ``key_version`` says which master key its keys were derived of, ``shop`` where it was issued,
    ``counter`` how far its codes had come by then.
    """

    card = whole(primary_key=True)
    uid = text(20)
    technology = text(16)
    key_version = whole()
    shop = text(16)
    counter = whole(default=0)
    issued_us = whole()


class Checked(models.Model):
    """The last code of a card that head office itself was asked about, and by which station."""

    card = whole(primary_key=True)
    counter = whole()
    mark = text(16)
    station = text(24)
    at_us = whole()


class Seen(models.Model):
    """A CARD_SEEN entry (``station.card_seen``). ``at_us`` is its moment, by the station's clock, but never in the future."""

    pk = models.CompositePrimaryKey("card", "station", "incarnation", "seq")
    card = whole()
    station = text(24)
    incarnation = text(32)
    seq = whole()
    kind = text(8)
    counter = whole()
    mark = text(16)
    tier = whole()
    refused = text(MOST_REFUSED)
    at_us = whole()

    class Meta:
        """Who else showed this counter is asked at every tap that is not above all before."""

        indexes = (models.Index(name="seen_by_counter", fields=("card", "kind", "counter")),)


class Standing(models.Model):
    """How far the codes of a card have come, by ``kind`` (SUN, PASS); those that were refused do not count.

    ``counter`` is the highest that was proven, −1 before the first; ``top`` the highest shown at all,
    ``latest_us`` the latest moment of one.
    """

    pk = models.CompositePrimaryKey("card", "kind")
    card = whole()
    kind = text(8)
    counter = whole()
    top = whole()
    latest_us = whole()


class AlertKind(StrEnum):
    """What contradicts itself.

    SAME_CODE: one counter of a chip at two places. OLD_CODE: a counter below one that was proven
    before. PASS_TWICE: one code of a phone at two places. REPLAYED, FORGED: a station refused it.
    """

    SAME_CODE = "SAME_CODE"
    OLD_CODE = "OLD_CODE"
    PASS_TWICE = "PASS_TWICE"  # noqa: S105 - no password
    REPLAYED = "REPLAYED"
    FORGED = "FORGED"


class CloneAlert(models.Model):
    """An entry that shows a card, or a code of it, to have been copied; one alert an entry.

    ``other_…`` is the entry that it contradicts, "" and 0 where the station itself refused it.
    ``at_us`` is the entry's moment, ``found_us`` when head office could tell.
    """

    pk = models.CompositePrimaryKey("card", "station", "incarnation", "seq")
    card = whole()
    station = text(24)
    incarnation = text(32)
    seq = whole()
    kind = text(16)
    counter = whole()
    at_us = whole()
    other_station = text(24)
    other_incarnation = text(32)
    other_seq = whole()
    found_us = whole()


class Closed(models.Model):
    """Somebody looked into the alert of this entry and closed it."""

    pk = models.CompositePrimaryKey("card", "station", "incarnation", "seq")
    card = whole()
    station = text(24)
    incarnation = text(32)
    seq = whole()
    closed_us = whole()


class Window(models.Model):
    """A chip whose next answers a shop is given: issued there, or seen there at ``last_us``.

    ``counter`` is how far its codes had come when it was last put on top of the feed, at ``version``.
    """

    pk = models.CompositePrimaryKey("card", "shop")
    card = whole()
    shop = text(16)
    counter = whole()
    last_us = whole()
    version = whole()

    class Meta:
        """A shop's feed goes by version."""

        indexes = (models.Index(name="window_by_version", fields=("shop", "version")),)
