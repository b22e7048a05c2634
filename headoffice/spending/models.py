# ruff: noqa: DJ008 - people see rows through the console's own models
"""What is set aside of the accounts: leases, reservations, and how each posted sale was covered.

An account is (``account``, ``kind``): a member's points, a wallet's or gift card's money, what a
promotion may give away. Keys lead with the account; ``Claim`` leads with the station, for an entry
names a lease or a reservation only by its id. Nothing here is derived from journals alone, so a
rebuild of the books keeps all of it.
"""

from django.db import models

from headoffice.fields import binary, optional_whole, text, whole
from headoffice.ledger.models import MOST_LOT


class Account(models.Model):
    """An account of which something was ever set aside; its row is locked while that changes.

    ``leased`` is what live leases have not spent, ``reserved`` what live reservations hold. At any
    time leased + reserved + available − owed = balance, where one of the last two is 0: a return or
    an expiry can take what is set aside already, a sale cannot. ``total`` and ``spent`` are a
    budget's, of which there is no ledger; 0 for others.
    """

    pk = models.CompositePrimaryKey("account", "kind")
    account = text(100)
    kind = text(16)
    leased = whole(default=0)
    reserved = whole(default=0)
    total = whole(default=0)
    spent = whole(default=0)


class Claim(models.Model):
    """Which account a station's lease or reservation ``claim`` is of; ``form`` tells which it is."""

    pk = models.CompositePrimaryKey("station", "claim")
    station = text(24)
    claim = text(36)
    form = text(16)
    account = text(100)
    kind = text(16)


class Lease(models.Model):
    """A lease (``station.leases.Lease``), the ``document`` that is signed, and what is known to be ``used`` of it.

    ``state`` is one of ``sync.wire_spending.LeaseState``. Not before ``reclaim_us`` is it taken back
    without its station's word; ``ended_us`` is when it was closed or reclaimed.
    """

    pk = models.CompositePrimaryKey("account", "lease_id")
    account = text(100)
    lease_id = text(36)
    kind = text(16)
    station = text(24)
    incarnation = text(32)
    amount = whole()
    used = whole(default=0)
    granted_us = whole()
    expires_us = whole()
    reclaim_us = whole()
    state = text(16)
    ended_us = optional_whole()
    document = binary()

    class Meta:
        """A station asks for its live leases, the console for all of them, by station."""

        indexes = (models.Index("station", "state", name="lease_by_station"),)


class LeasePart(models.Model):
    """``amount`` of a lease out of lot ``lot``, which ends at ``expires_us`` (µs since 1970 UTC; None: never)."""

    pk = models.CompositePrimaryKey("account", "lease_id", "lot")
    account = text(100)
    lease_id = text(36)
    lot = text(MOST_LOT)
    amount = whole()
    used = whole(default=0)
    expires_us = optional_whole()


class Reservation(models.Model):
    """A reservation and the ``answer`` (JSON) it got; ``state`` is one of ``sync.wire_spending.ReservationState``.

    ``lost_us`` is when it was let go although a sale was committed to it, for that sale had not come.
    ``holder`` is whose day it counts in, as member/holder/day, "" for the member's own.
    """

    pk = models.CompositePrimaryKey("account", "reservation_id")
    account = text(100)
    reservation_id = text(36)
    kind = text(16)
    station = text(24)
    amount = whole()
    hold_s = whole()
    made_us = whole()
    expires_us = whole()
    state = text(16)
    answer = binary()
    lost_us = optional_whole()
    holder = text(160, default="")

    class Meta:
        """The daily job asks for those whose sale is not here."""

        indexes = (models.Index("made_us", name="reservation_committed", condition=models.Q(state="COMMITTED")),)


class Settlement(models.Model):
    """How what the sale at (``station``, ``incarnation``, ``seq``) spent of an account was covered, decided once.

    ``leased`` + ``reserved`` + ``charged`` (to what was available) + ``written_off`` (to the club)
    = ``amount``. ``reason`` says why something was written off, "" when nothing was.
    """

    pk = models.CompositePrimaryKey("account", "kind", "station", "incarnation", "seq")
    account = text(100)
    kind = text(16)
    station = text(24)
    incarnation = text(32)
    seq = whole()
    amount = whole()
    leased = whole()
    reserved = whole()
    charged = whole()
    written_off = whole()
    reason = text(32)
    settled_us = whole()

    class Meta:
        """The write-off account is asked for by station."""

        indexes = (models.Index(
            "station", "settled_us", name="write_off_by_station", condition=models.Q(written_off__gt=0)),)
