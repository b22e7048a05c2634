# ruff: noqa: DJ008 - people see rows through the console's own models
"""Where each feed stands."""

from django.db import models

from headoffice.fields import text, whole


class FeedVersion(models.Model):
    """The last version given out in ``feed``."""

    feed = text(16, primary_key=True)
    version = whole()
