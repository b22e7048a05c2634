# ruff: noqa: DJ008 - people see rows through the console's own models
"""What the journals amount to: sales, points, balances. Every row is derived from entries or opening balances."""

from django.db import models

from headoffice.fields import optional_text, text, whole

MOST_LOT, MOST_KEY = 1000, 1100
"""A lot made again by a return with grace has the names of both in its own, and its EXPIRE that and a day."""


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
        """Reports ask by business date, the member feed for one station's sales after a place, a member for the own ones."""

        indexes = (
            models.Index("business_date", "station", name="sale_by_date"),
            models.Index("station", "incarnation", "seq", name="sale_by_entry"),
            models.Index(
                "member", "business_date", name="sale_by_member", condition=models.Q(member__isnull=False)))


class SaleReturn(models.Model):
    """Goods of a sale that came back, as the station booked it; ``money`` went back.

    The sale is entry ``sale_seq`` of ``sale_incarnation`` of ``sale_station``, and this its return ``number`` in
    the order of posting. ``cause`` is that of ``station.sale.ReturnCause``, or NO_SALE for goods that came back
    without their sale: then ``sale_id``, ``sale_station`` and ``sale_incarnation`` are "", ``sale_seq`` and ``number`` 0.
    """

    pk = models.CompositePrimaryKey("station", "return_id")
    station = text(24)
    return_id = text(36)
    incarnation = text(32)
    seq = whole()
    sale_id = text(36)
    sale_station = text(24)
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
    cause = text(16)

    class Meta:
        """Reports ask by business date, the audit for the earlier returns of a sale, a difference for its own, a member too."""

        indexes = (
            models.Index("business_date", "station", name="return_by_date"),
            models.Index("sale_station", "sale_incarnation", "sale_seq", name="return_by_sale"),
            models.Index("station", "incarnation", "seq", name="return_by_entry"),
            models.Index(
                "member", "business_date", name="return_by_member", condition=models.Q(member__isnull=False)))


class ReturnTender(models.Model):
    """What of a return went back by the sale's tender ``number`` (from 1), on its ``account`` ("" for none)."""

    pk = models.CompositePrimaryKey("station", "return_id", "number")
    station = text(24)
    return_id = text(36)
    number = whole()
    kind = text(16)
    account = text(100)
    amount = whole()


class Posting(models.Model):
    """One row of a ledger, append-only by trigger; a key already written changes nothing.

    ``station`` is "" for entries head office made itself. ``posted`` is its place in the order of
    posting, ``day`` the local day it is judged by. ``moves`` are what it did to the lots, as JSON
    [[lot, amount], …]; "" means that all of it filled the lot that has its key. For ``origin``,
    ``lapsed`` and ``clamped`` see ``station.posting``.
    """

    key = text(MOST_KEY)
    station = text(24)
    incarnation = text(32)
    seq = whole()
    kind = text(16)
    rule = text(100)
    posted = whole()
    day = text(10)
    moves: "models.TextField[str, str]" = models.TextField(default="")
    origin = text(100, default="")
    lapsed = whole(default=0)
    clamped = whole(default=0)

    class Meta:
        """Two ledgers have it."""

        abstract = True


class PointsEntry(Posting):
    """The points ledger: what sales, returns and head office moved, as posted."""

    pk = models.CompositePrimaryKey("member", "key")
    member = text(100)
    points = whole()

    class Meta:
        """The member feed asks for one station's entries after a place in its journal, a return for earlier ones."""

        indexes = (
            models.Index("station", "incarnation", "seq", name="points_by_entry"),
            models.Index("member", "origin", name="points_by_origin", condition=models.Q(origin__gt="")))


class ValueEntry(Posting):
    """The ledger of stored value, wallets and gift cards; ``amount`` in minor units."""

    pk = models.CompositePrimaryKey("account", "key")
    account = text(100)
    amount = whole()

    class Meta:
        """As for points."""

        indexes = (
            models.Index("station", "incarnation", "seq", name="value_by_entry"),
            models.Index("account", "origin", name="value_by_origin", condition=models.Q(origin__gt="")))


class Lot(models.Model):
    """What was earned together and ends together (``station.lots``); the order of ``opened`` is that of posting.

    ``held`` is what is left of it, ``expired`` what EXPIRE entries took; ``last_day`` "" is never.
    """

    lot_id = text(MOST_LOT)
    source = text(100)
    sale = text(36)
    first_day = text(10)
    last_day = text(10)
    opened = whole()
    held = whole()
    expired = whole(default=0)

    class Meta:
        """Two ledgers have it."""

        abstract = True


class PointsLot(Lot):
    """A lot of a member's points."""

    pk = models.CompositePrimaryKey("member", "lot_id")
    member = text(100)

    class Meta:
        """Posting asks for the lots that hold something, and for no others."""

        indexes = (models.Index("member", name="points_lot_open", condition=models.Q(held__gt=0)),)


class ValueLot(Lot):
    """A lot of money on a wallet or gift card."""

    pk = models.CompositePrimaryKey("account", "lot_id")
    account = text(100)

    class Meta:
        """As for points."""

        indexes = (models.Index("account", name="value_lot_open", condition=models.Q(held__gt=0)),)


class Balance(models.Model):
    """The sum of a member's points entries and the number of sales that name the member.

    ``points`` is what the member's lots hold less ``debt``. All are kept in the transaction that
    writes the entries and sales.
    """

    member = text(100, primary_key=True)
    points = whole()
    purchases = whole()
    debt = whole(default=0)


class ValueAccount(models.Model):
    """A wallet or gift card (``station.stored_value.ValueAccount``) and what is on it, as for ``Balance``."""

    account = text(100, primary_key=True)
    purpose = text(16)
    member = text(100)
    amount = whole(default=0)
    debt = whole(default=0)


class Step(models.Model):
    """One transaction of posting (``headoffice.ledger.steps``): never dropped, it is the order of posting.

    ``station`` is "" for head office's own.
    """

    pk = models.CompositePrimaryKey("station", "step")
    station = text(24)
    step = whole()
    kind = text(16)
    incarnation = text(32)
    first = whole()
    last = whole()
    at_us = whole()

    class Meta:
        """A rebuild reads them in order."""

        indexes = (models.Index("step", name="step_in_order"),)
