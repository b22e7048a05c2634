# ruff: noqa: DJ008 - people see rows through the console's own models
"""Phones that are cards: links by which one comes in, and the phones that did.

No card number is kept: a phone's number lies in its own grant, here is its look-up value.
"""

from django.db import models

from headoffice.fields import binary, optional_whole, text, whole


class Link(models.Model):
    """A link by which one phone becomes a card of ``member``; ``digest`` is the SHA-256 of its token, hexadecimal.

    ``public`` is the raw Ed25519 key that used it, empty before, and ``card`` the card it became.
    """

    digest = text(64, primary_key=True)
    member = text(36)
    expires_us = whole()
    public = binary(default=b"")
    card = optional_whole()


class Phone(models.Model):
    """The phone whose card has look-up value ``hash``: its raw Ed25519 ``public`` key, and how long its grant holds."""

    hash = whole(primary_key=True)
    member = text(36, db_index=True)
    public = binary()
    until = text(10)
    granted_us = whole()
