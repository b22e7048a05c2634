# ruff: noqa: DJ008 - people see rows through the console's own models
"""Where each feed stands."""

from django.db import models

from headoffice.fields import text, whole


class FeedVersion(models.Model):
    """The last version given out in ``feed``.

    After head office was restored from a backup, versions above ``lost_after`` up to ``lost_until``
    are those of changes that it does not know.
    """

    feed = text(16, primary_key=True)
    version = whole()
    lost_after = whole(default=0)
    lost_until = whole(default=0)


class Life(models.Model):
    """One life of head office, from a start of its projector to the next; ``since`` holds each feed's last version then.

    Whoever puts a backup back has to start head office again. So versions that it gave out in a
    future it lost, and gives out again, belong to different lives.
    """

    number = whole(primary_key=True)
    name = text(32)
    since: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
