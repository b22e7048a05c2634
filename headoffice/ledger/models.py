# ruff: noqa: DJ008 - people see rows through the console's own models
"""What the journals amount to: sales, points, balances. Every row is derived from entries or opening balances."""

from django.db import models

from headoffice.fields import optional_text, text, whole


class Sale(models.Model):
    """A sale as its station closed it; amounts in minor units, ``hour`` local.

    ``at_us`` is UTC, ``at_offset`` the local offset in minutes east of it.
    """

    pk = models.CompositePrimaryKey("station", "sale_id")
    station = text(24)
    sale_id = text(36)
    incarnation = text(32)
    seq = whole()
    shop = text(100)
    business_date = text(10)
    hour = whole()
    at_us = whole()
    at_offset = whole()
    shift = whole()
    cashier = text(100)
    member = optional_text(100)
    pack = whole()
    listed = whole()
    discount = whole()
    tax = whole()
    total = whole()
    points = whole()

    class Meta:
        """Reports ask by business date, the member feed for one station's sales after a place."""

        indexes = (
            models.Index("business_date", "station", name="sale_by_date"),
            models.Index("station", "incarnation", "seq", name="sale_by_entry"))


class PointsEntry(models.Model):
    """The points ledger, append-only by trigger; a key already written changes nothing.

    ``station`` is "" for entries head office made itself.
    """

    pk = models.CompositePrimaryKey("member", "key")
    member = text(100)
    key = text(100)
    station = text(24)
    incarnation = text(32)
    seq = whole()
    kind = text(16)
    points = whole()
    rule = text(100)

    class Meta:
        """The member feed asks for one station's entries after a place in its journal."""

        indexes = (models.Index("station", "incarnation", "seq", name="points_by_entry"),)


class Balance(models.Model):
    """The sum of a member's points entries and the number of sales that name the member.

    Both are kept in the transaction that writes the entries and sales.
    """

    member = text(100, primary_key=True)
    points = whole()
    purchases = whole()
