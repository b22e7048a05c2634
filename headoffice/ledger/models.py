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


class SaleReturn(models.Model):
    """Goods of a sale that came back, as the station booked it; ``money`` went back.

    The sale is entry ``sale_seq`` of ``sale_incarnation``, and this its return ``number`` in the
    order of posting.
    """

    pk = models.CompositePrimaryKey("station", "return_id")
    station = text(24)
    return_id = text(36)
    incarnation = text(32)
    seq = whole()
    sale_id = text(36)
    sale_incarnation = text(32)
    sale_seq = whole()
    number = whole()
    business_date = text(10)
    shift = whole()
    at_us = whole()
    at_offset = whole()
    cashier = text(100)
    member = optional_text(100)
    money = whole()

    class Meta:
        """Reports ask by business date, the audit for the earlier returns of a sale."""

        indexes = (
            models.Index("business_date", "station", name="return_by_date"),
            models.Index("station", "sale_incarnation", "sale_seq", name="return_by_sale"))


class ReturnTender(models.Model):
    """What of a return went back by the sale's tender ``number`` (from 1), on its ``account`` ("" for none)."""

    pk = models.CompositePrimaryKey("station", "return_id", "number")
    station = text(24)
    return_id = text(36)
    number = whole()
    kind = text(16)
    account = text(100)
    amount = whole()


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
