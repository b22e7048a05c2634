# ruff: noqa: DJ008 - people see rows through the console's own models
"""Shops, their stations, and how a station proves itself."""

from django.db import models

from headoffice.fields import binary, flag, optional_whole, text, whole


class Shop(models.Model):
    """A branch, by the number it is known by."""

    id = text(16, primary_key=True)
    name_fa = text(100)
    name_en = text(100)


class Station(models.Model):
    """A paired station.

    ``id`` is "<shop>-<number in the shop>"; ``public_key`` raw Ed25519, since ``key_us``, and
    ``next_key`` the one that takes its place at the first request it signs (b"" for none);
    ``fingerprint`` is what people compare of ``public_key``. ``revoked``: what it sends is put aside
    and it is given nothing; what it wrote from ``revoked_us`` on is doubtful. ``protection`` is how
    well its files are protected, as it said last ("" before it spoke).
    """

    id = text(24, primary_key=True)
    shop = text(16)
    public_key = binary()
    next_key = binary(default=b"")
    fingerprint = text(20, default="")
    key_us = whole(default=0)
    paired_us = whole()
    revoked = flag(default=False)
    revoked_us = optional_whole()
    protection = text(16, default="")


class PairingCode(models.Model):
    """A one-time code by its public ``name``, and the ``key`` derived from its secret letters (b"" once used).

    The letters themselves are kept nowhere. ``station`` is whose keys the code replaces, "" for a
    new station of ``shop``.
    """

    name = text(8, primary_key=True)
    key = binary()
    shop = text(16)
    station = text(24, default="")
    expires_us = whole()
    used_us = optional_whole()


class Nonce(models.Model):
    """A nonce a station has used, at ``used_s`` (seconds since 1970 UTC): kept while it could come again."""

    pk = models.CompositePrimaryKey("station", "nonce")
    station = text(24)
    nonce = text(64)
    used_s = whole()
