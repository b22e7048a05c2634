# ruff: noqa: DJ008 - nobody sees the rows: they live for minutes
"""Whose turn it is to take goods of a sale back. Nothing here is derived from journals: a rebuild keeps all of it."""

from django.db import models

from headoffice.fields import flag, text, whole


class Turn(models.Model):
    """Station ``holder`` may take goods of a sale back, until ``until_us`` (µs since 1970 UTC), by the return ``return_id``.

    The sale is entry ``seq`` of ``incarnation`` of ``station``, as it is posted. ``settled``: the return was about
    to be written, so it is waited for.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq", "return_id")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    return_id = text(36)
    holder = text(24)
    settled = flag(default=False)
    until_us = whole()
