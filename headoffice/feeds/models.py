# ruff: noqa: DJ008 - people see rows through the console's own models
"""Where each feed stands."""

from django.db import models

from headoffice.fields import text, whole


class FeedVersion(models.Model):
    """The last version given out in ``feed``."""

    feed = text(16, primary_key=True)
    version = whole()


class Life(models.Model):
    """One life of head office, since a start of its projector; ``since`` holds each feed's last version then.

    Whoever puts a backup back has to start head office again. So versions that it gave out in a
    future it lost, and gives out again, belong to different lives. A life also begins when a
    station shows a version of such a future.
    """

    number = whole(primary_key=True)
    name = text(32)
    since: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
