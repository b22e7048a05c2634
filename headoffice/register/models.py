# ruff: noqa: DJ008 - people see rows through the console's own models
"""The register of the club: members, their cards, the goods, the signed rule packs.

``version`` is the row's place in its feed (``headoffice.feeds.versions``).
"""

from django.db import models

from headoffice.fields import binary, flag, text, whole
from station.dates import Calendar
from station.product import ProductKind

CALENDARS = tuple(each.value for each in Calendar)
KINDS = tuple(each.value for each in ProductKind)


class Member(models.Model):
    """One account of the club. ``id`` is a UUIDv7; ``last_visit`` a local Gregorian date or "".

    ``segments`` are the groups the club put the member in. A birthday is a day and month of
    ``birth_calendar`` (``station.dates.Calendar``), without a year; "" and zeros when not known.
    """

    id = text(36, primary_key=True)
    name = text(100)
    phone = text(16, db_index=True)
    tier = text(32)
    last_visit = text(10, default="")
    segments: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    birth_calendar = text(16, default="")
    birth_month = whole(default=0)
    birth_day = whole(default=0)
    gone = flag(default=False)
    version = whole(unique=True)

    class Meta:
        """Stations refuse a whole page that holds a day no calendar has, so none gets in here."""

        constraints = (models.CheckConstraint(name="birth_is_a_day", condition=(
            models.Q(birth_calendar="", birth_month=0, birth_day=0)
            | models.Q(birth_calendar__in=CALENDARS, birth_month__range=(1, 12), birth_day__range=(1, 31)))),)


class Card(models.Model):
    """A card by its keyed look-up value (``station.card_hash``); its number is kept nowhere."""

    hash = whole(primary_key=True)
    member = text(36, db_index=True)
    status = text(16)


class Product(models.Model):
    """A good as the shelves sell it; the fields are those of ``station.product.Product``."""

    id = text(36, primary_key=True)
    barcode = text(32)
    name_fa = text(100)
    name_en = text(100)
    price = whole()
    tax_percent = text(16)
    tax_included = flag()
    tags: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    weighed = flag(default=False)
    category = text(100, default="")
    kind = text(16, default=ProductKind.GOODS.value)
    taxes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    gone = flag(default=False)
    version = whole(unique=True)

    class Meta:
        """As for members: what a station would refuse does not get in."""

        constraints = (models.CheckConstraint(name="kind_is_known", condition=models.Q(kind__in=KINDS)),)


class PackDocument(models.Model):
    """A rule pack: the exact bytes that were signed, and the detached signature by the office key."""

    number = whole(primary_key=True)
    document = binary()
    signature = binary()
    published_us = whole()
