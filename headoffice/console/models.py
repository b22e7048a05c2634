"""What the console lists: read-only models over SQL views.

Django's admin wants one column as key and the books have keys of several, so each view carries a
text ``key``. The views are made by the console's migration.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from headoffice.fields import binary, flag, optional_text, optional_whole, text, whole


class SaleRow(models.Model):
    """A sale with its member's name and the number of its differences.

    ``incarnation`` is the journal that has it, ``named`` the one its entry names, as the receipt does.
    """

    key = text(64, primary_key=True)
    station = text(24, _("station"))
    sale_id = text(36, _("sale id"))
    incarnation = text(32)
    named = text(32)
    seq = whole(_("entry"))
    business_date = text(10, _("business date"))
    at_us = whole(_("time"))
    at_offset = whole()
    cashier = text(100, _("cashier"))
    member = optional_text(100)
    member_name = optional_text(100, _("member"))
    listed = whole(_("before discount"))
    discount = whole(_("discount"))
    tax = whole(_("tax contained"))
    total = whole(_("total"))
    points = whole(_("points"))
    differences = whole(_("differences"))

    class Meta:
        """The newest business first."""

        managed = False
        db_table = "console_sale"
        verbose_name = _("sale")
        verbose_name_plural = _("sales")

    def __str__(self) -> str:
        return self.sale_id


class MemberRow(models.Model):
    """A member with the balance, the number of purchases and that of usable cards."""

    key = text(36, primary_key=True)
    name = text(100, _("name"))
    phone = text(16, _("phone"))
    tier = text(32, _("tier"))
    points = whole(_("points"))
    last_visit = text(10, _("last visit"))
    segments: "models.JSONField[list[str], list[str]]" = models.JSONField(_("segments"))
    birth_calendar = text(16)
    birth_month = whole()
    birth_day = whole()
    cards = whole(_("active cards"))
    sales = whole(_("sales"))

    class Meta:
        """By name."""

        managed = False
        db_table = "console_member"
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return self.name


class StationRow(models.Model):
    """A station with the journal it writes now and what is held of it."""

    key = text(24, _("station"), primary_key=True)
    shop_fa = text(100, _("shop"))
    shop_en = text(100, _("shop"))
    revoked = flag(_("revoked"))
    fingerprint = text(20, _("fingerprint of its key"))
    protection = text(16, _("its files"))
    epoch = optional_whole(_("epoch"))
    acknowledged = optional_whole(_("entries held"))
    last_seen_us = optional_whole(_("last seen"))
    alarms = whole(_("alarms"))
    quarantined = whole(_("in quarantine"))

    class Meta:
        """By number."""

        managed = False
        db_table = "console_station"
        verbose_name = _("station")
        verbose_name_plural = _("stations")

    def __str__(self) -> str:
        return self.key


class AlarmRow(models.Model):
    """A journal that contradicts itself."""

    key = text(160, primary_key=True)
    station = text(24, _("station"))
    epoch = whole(_("epoch"))
    seq = whole(_("entry"))
    theirs = text(64, _("the station's hash"))
    ours = text(64, _("head office's hash"))
    first_us = whole(_("first"))
    last_us = whole(_("last"))
    times = whole(_("times"))

    class Meta:
        """The latest first."""

        managed = False
        db_table = "console_alarm"
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")

    def __str__(self) -> str:
        return f"{self.station} · {self.seq}"


class ConflictRow(models.Model):
    """What a station did to a card and was not done here, with the member it meant and the one who has the card."""

    key = text(120, primary_key=True)
    conflict = text(16, _("conflict"))
    station = text(24, _("station"))
    seq = whole(_("entry"))
    member_name = optional_text(100, _("member"))
    owner_name = optional_text(100, _("who has it"))
    status = text(16, _("wanted"))
    stood = text(16, _("stands as"))
    by = text(100, _("cashier"))
    at_us = whole(_("time"))
    decided_us = whole(_("found"))
    closed = flag(_("closed"))

    class Meta:
        """What is open first."""

        managed = False
        db_table = "console_conflict"
        verbose_name = _("card conflict")
        verbose_name_plural = _("card conflicts")

    def __str__(self) -> str:
        return f"{self.station} · {self.seq}"


class EnrolmentRow(models.Model):
    """Somebody enrolled at a station; ``finding`` is what stands out about it, ``other_name`` who has the same phone."""

    key = text(120, primary_key=True)
    station = text(24, _("station"))
    seq = whole(_("entry"))
    member_name = optional_text(100, _("member"))
    other_name = optional_text(100, _("who has the phone too"))
    finding = text(16, _("what was noticed"))
    by = text(100, _("cashier"))
    approver = text(100, _("approved by"))
    at_us = whole(_("time"))
    decided_us = whole(_("found"))
    open = flag(_("open"))

    class Meta:
        """What is open first."""

        managed = False
        db_table = "console_enrolment"
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def __str__(self) -> str:
        return f"{self.station} · {self.seq}"


class CloneRow(models.Model):
    """An alert of a copied card, with its member and both places."""

    key = text(80, primary_key=True)
    kind = text(16, _("what was noticed"))
    station = text(24, _("station"))
    seq = whole(_("entry"))
    counter = whole(_("counter"))
    at_us = whole(_("time"))
    other_station = text(24, _("against"))
    other_seq = whole(_("entry"))
    other_at_us = optional_whole(_("other time"))
    member_name = optional_text(100, _("member"))
    found_us = whole(_("found"))
    closed = flag(_("closed"))

    class Meta:
        """What is open first."""

        managed = False
        db_table = "console_clone"
        verbose_name = _("card alert")
        verbose_name_plural = _("card alerts")

    def __str__(self) -> str:
        return f"{self.station} · {self.seq}"


class DifferenceRow(models.Model):
    """A breach, beside the sale it was found in; ``sale`` and the day are "" where there is none."""

    key = text(160, primary_key=True)
    station = text(24, _("station"))
    seq = whole(_("entry"))
    breach = text(32, _("rule broken"))
    detail = text(500, _("figures"))
    sale = text(64, _("sale"))
    business_date = text(10, _("business date"))
    total = whole(_("total"))
    found_us = whole(_("found"))

    class Meta:
        """The latest first."""

        managed = False
        db_table = "console_difference"
        verbose_name = _("difference")
        verbose_name_plural = _("differences")

    def __str__(self) -> str:
        return f"{self.station} · {self.seq}"


class QuarantineRow(models.Model):
    """An entry that could not be posted, with its bytes."""

    key = text(80, primary_key=True)
    station = text(24, _("station"))
    epoch = whole(_("epoch"))
    seq = whole(_("entry"))
    reason = text(300, _("reason"))
    raw = binary(_("entry as received"))
    received_us = whole(_("received"))

    class Meta:
        """The latest first."""

        managed = False
        db_table = "console_quarantine"
        verbose_name = _("quarantined entry")
        verbose_name_plural = _("quarantine")

    def __str__(self) -> str:
        return f"{self.station} · {self.seq}"
