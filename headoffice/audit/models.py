# ruff: noqa: DJ008 - people see rows through the console's own models
"""What head office found when it went over the uploaded sales."""

from django.db import models

from headoffice.fields import text, whole


class Difference(models.Model):
    """One breach of the rules in one sale. The sale is posted as it was: the customer has the receipt."""

    pk = models.CompositePrimaryKey("station", "incarnation", "seq", "breach")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    breach = text(32)
    sale_id = text(36)
    detail = text(500)
    found_us = whole()
