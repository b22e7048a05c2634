# ruff: noqa: DJ008 - people see rows through the console's own models
"""What entries did to coupons. Nothing here is anything but derived from journals: a rebuild makes it again."""

from django.db import models

from headoffice.fields import text, whole


class Note(models.Model):
    """One ``deed`` of an entry to the coupon ``code`` (``station.coupons.CouponNote``), at ``at_us`` by the station's clock.

    ``number`` holds the digits of what is printed of it; ``member`` is "" for nobody's sale.
    """

    pk = models.CompositePrimaryKey("code", "station", "incarnation", "seq")
    code = text(200)
    station = text(24)
    incarnation = text(32)
    seq = whole()
    number = whole()
    deed = text(8)
    member = text(100)
    promotion = text(100)
    last_day = text(10)
    at_us = whole()

    class Meta:
        """A station asks by number, the member feed for what members were given."""

        indexes = (
            models.Index(fields=("number",), name="coupon_called"),
            models.Index(fields=("member", "last_day"), name="coupon_given", condition=models.Q(deed="GIVEN")))
