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

    ``id`` is "<shop>-<number in the shop>"; ``public_key`` raw Ed25519; ``protection`` how well its
    files are protected, as it said last ("" before it spoke).
    """

    id = text(24, primary_key=True)
    shop = text(16)
    public_key = binary()
    paired_us = whole()
    revoked = flag(default=False)
    protection = text(16, default="")


class PairingCode(models.Model):
    """A one-time code, as the SHA-256 of its letters; the code itself is kept nowhere."""

    code_hash = text(64, primary_key=True)
    shop = text(16)
    expires_us = whole()
    used_us = optional_whole()


class Nonce(models.Model):
    """A nonce a station has used, kept for as long as a request with it could still be fresh."""

    pk = models.CompositePrimaryKey("station", "nonce")
    station = text(24)
    nonce = text(64)
    created = whole()
