# ruff: noqa: DJ008 - people see rows through the console's own models
"""The register of the club: members, their cards, the goods, the signed rule packs.

``version`` is the row's place in its feed (``headoffice.feeds.versions``).
"""

from django.db import models

from headoffice.fields import binary, flag, text, whole


class Member(models.Model):
    """One account of the club. ``id`` is a UUIDv7; ``last_visit`` a local Gregorian date or ""."""

    id = text(36, primary_key=True)
    name = text(100)
    phone = text(16, db_index=True)
    tier = text(32)
    last_visit = text(10, default="")
    gone = flag(default=False)
    version = whole(unique=True)


class Card(models.Model):
    """A card by its keyed look-up value (``station.card_hash``); its number is kept nowhere."""

    hash = whole(primary_key=True)
    member = text(36, db_index=True)
    status = text(16)


class Product(models.Model):
    """A good as the shelves sell it; the fields are those of ``station.basket.Product``."""

    id = text(36, primary_key=True)
    barcode = text(32)
    name_fa = text(100)
    name_en = text(100)
    price = whole()
    tax_percent = text(16)
    tax_included = flag()
    tags: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    weighed = flag(default=False)
    gone = flag(default=False)
    version = whole(unique=True)


class PackDocument(models.Model):
    """A rule pack: the exact bytes that were signed, and the detached signature by the office key."""

    number = whole(primary_key=True)
    document = binary()
    signature = binary()
    published_us = whole()
