# ruff: noqa: DJ008 - people see rows through the console's own models
"""The register of the club: members, their cards, the goods and their prices, the staff, the signed rule packs.

``version`` is the row's place in its feed (``headoffice.feeds.versions``).
"""

from django.db import models

from headoffice.fields import binary, flag, optional_text, optional_whole, text, whole
from station.dates import Calendar
from station.people import EMPLOYED
from station.product import ProductKind

CALENDARS = tuple(each.value for each in Calendar)
KINDS = tuple(each.value for each in ProductKind)
ROLES = tuple(each.value for each in EMPLOYED)


class Member(models.Model):
    """One account of the club. ``id`` is a UUIDv7; ``last_visit`` a local Gregorian date or "".

    ``segments`` are the groups the club put the member in. A birthday is a day and month of
    ``birth_calendar`` (``station.dates.Calendar``), without a year; "" and zeros when not known.
    ``tastes`` and ``area`` are codes, ``invited_by`` the member who brought them, "" for nobody.
    ``erased_us`` is when all of it was erased last, 0 for never: what was told before counts no more.
    """

    id = text(36, primary_key=True)
    name = text(100)
    phone = text(16, db_index=True)
    tier = text(32)
    last_visit = text(10, default="")
    segments: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    birth_calendar = text(16, default="")
    birth_month = whole(default=0)
    birth_day = whole(default=0)
    email = text(100, default="")
    tastes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    area = text(40, default="")
    invited_by = text(36, default="")
    erased_us = whole(default=0)
    gone = flag(default=False)
    version = whole(db_index=True)

    class Meta:
        """Stations refuse a whole page that holds a day no calendar has, so none gets in here."""

        constraints = (models.CheckConstraint(name="birth_is_a_day", condition=(
            models.Q(birth_calendar="", birth_month=0, birth_day=0)
            | models.Q(birth_calendar__in=CALENDARS, birth_month__range=(1, 12), birth_day__range=(1, 31)))),)


class Consent(models.Model):
    """What a member agreed to, and when (``station.enrolling.Consent``); ``withdrawn_us`` is when it ended, null: it stands."""

    pk = models.CompositePrimaryKey("member", "purpose", "channel")
    member = text(36)
    purpose = text(16)
    channel = text(16)
    given_us = whole()
    station = text(24, default="")
    withdrawn_us = optional_whole()


class Enrolment(models.Model):
    """An entry that made somebody a member, decided once when it was posted, and kept when the books are rebuilt.

    ``duplicate`` is another member who had the same phone then, "" for none: both stay as they are until
    somebody looks into it, who closes it (``closed_us``). ``known``: there was a member by this id
    already, and nothing was changed. ``referrer`` is who is said to have invited them, ``referred``
    whether that is a member. Figures are those of ``station.enrolling.Admitted``.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    member = text(36)
    by = text(100)
    approver = text(100, default="")
    at_us = whole()
    pack = whole()
    purchase = whole()
    referrer = text(36, default="")
    referred = flag(default=False)
    duplicate = text(36, default="")
    known = flag(default=False)
    decided_us = whole()
    closed_us = optional_whole()


class Card(models.Model):
    """A card by its keyed look-up value (``station.card_hash``); its number is kept nowhere.

    ``block_version`` is its place in the block list, null while it was never anything but active.
    ``holder`` is who of the account carries it (``Holder``), "" for the member.
    """

    hash = whole(primary_key=True)
    member = text(36, db_index=True)
    status = text(16)
    block_version: "models.BigIntegerField[int | None, int | None]" = models.BigIntegerField(null=True, unique=True)
    holder = text(36, default="")


class Holder(models.Model):
    """Somebody beside the member who holds cards of the account; the fields are those of ``station.card_life.Holder``.

    An erased one has no name; the limits stay with the cards.
    """

    pk = models.CompositePrimaryKey("member", "holder_id")
    member = text(36)
    holder_id = text(36)
    name = text(100, default="")
    points_per_day = optional_whole()
    value_per_day = optional_whole()


class NewHolder(models.Model):
    """An entry by which a station took somebody into an account, decided once when it was posted, and kept when the books are rebuilt."""

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    member = text(36)
    holder_id = text(36)
    by = text(100)
    at_us = whole()
    decided_us = whole()


class Telling(models.Model):
    """One thing that a member told with an entry (``station.telling``), taken up once when it was posted, and kept when the books are rebuilt.

    ``what`` is TASTES, AREA, BIRTH, EMAIL, ANSWERS (the other way: answers they were shown), or purpose and channel of a consent, of which ``value`` says
    what became of it: so the history of every consent is here. What else was told is in ``Member`` alone.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq", "what")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    what = text(24)
    value = text(16, default="")
    member = text(36)
    by = text(100)
    at_us = whole()
    decided_us = whole()

    class Meta:
        """What was told later is asked for at each entry."""

        indexes = (models.Index(name="telling_of_member", fields=("member", "what")),)


class HolderUse(models.Model):
    """What the sale at (``station``, ``incarnation``, ``seq``) took of a holder's local ``day``; kept when the books are rebuilt.

    ``over`` says in figures what was beyond the limits of then, "" for nothing.
    """

    pk = models.CompositePrimaryKey("member", "station", "incarnation", "seq")
    member = text(100)
    station = text(24)
    incarnation = text(32)
    seq = whole()
    holder = text(100)
    day = text(10)
    points = whole()
    value = whole()
    over = text(200, default="")

    class Meta:
        """A day's sum is asked for before anything is set aside."""

        indexes = (models.Index(name="holder_use_by_day", fields=("member", "holder", "day")),)


class CardDeed(models.Model):
    """What an entry of a station did to a card, decided once when it was posted, and kept when the books are rebuilt.

    ``status``, ``was`` and ``holder`` are those of ``station.card_life.CardDeed``. ``conflict`` says
    why it was not done, "" where it was; ``owner`` whose the card was then ("": nobody's) and
    ``stood`` its status. ``closed_us`` is when somebody closed the conflict.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq", "card")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    card = whole()
    member = text(100)
    status = text(16)
    was = optional_text(16)
    holder = optional_text(100)
    by = text(100)
    at_us = whole()
    conflict = text(16, default="")
    owner = text(36, default="")
    stood = text(16, default="")
    decided_us = whole()
    closed_us = optional_whole()

    class Meta:
        """Conflicts are looked for among all of them."""

        indexes = (models.Index(
            "decided_us", name="deed_in_conflict", condition=~models.Q(conflict="")),)


class Product(models.Model):
    """A good as the shelves sell it; the fields are those of ``station.product.Product``."""

    id = text(36, primary_key=True)
    barcode = text(32)
    name_fa = text(100)
    name_en = text(100)
    price = whole()
    tax_percent = text(16)
    tax_included = flag()
    tags: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    weighed = flag(default=False)
    category = text(100, default="")
    kind = text(16, default=ProductKind.GOODS.value)
    taxes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    gone = flag(default=False)
    version = whole(unique=True)

    class Meta:
        """As for members: what a station would refuse does not get in."""

        constraints = (models.CheckConstraint(name="kind_is_known", condition=models.Q(kind__in=KINDS)),)


class Barcode(models.Model):
    """A barcode that a good has beside its first one."""

    barcode = text(32, primary_key=True)
    product = text(36, db_index=True)


class Plan(models.Model):
    """What a good costs, and how it is taxed, from ``from_us`` on; in one ``shop``, or in all ("").

    A shop's own plans outrank those for all. Null stays as it was before.
    """

    pk = models.CompositePrimaryKey("product", "shop", "from_us")
    product = text(36)
    shop = text(16)
    from_us = whole()
    price = optional_whole()
    tax_percent = optional_text(16)
    tax_included: "models.BooleanField[bool | None, bool | None]" = models.BooleanField(null=True)
    taxes: "models.JSONField[list[str] | None, list[str] | None]" = models.JSONField(null=True)


class Staff(models.Model):
    """Somebody who works at ``shops`` (all, where the list is empty).

    ``badge`` is the look-up hash of the own badge, ``pin`` an argon2 verifier ("": none), to be
    replaced at the next sign-in where ``must_change``; ``resets`` counts how often head office set
    it. ``member`` is the own membership, "" for none.
    """

    id = text(100, primary_key=True)
    name_fa = text(100)
    name_en = text(100)
    role = text(16)
    shops: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    badge = optional_whole()
    pin = text(200, default="")
    must_change = flag(default=False)
    resets = whole(default=0)
    member = text(36, default="")
    gone = flag(default=False)
    version = whole(unique=True)

    class Meta:
        """As for members: what a station would refuse does not get in."""

        constraints = (models.CheckConstraint(name="role_is_known", condition=models.Q(role__in=ROLES)),)


class PackDocument(models.Model):
    """A rule pack: the exact bytes that were signed, and the detached signature by the office key."""

    number = whole(primary_key=True)
    document = binary()
    signature = binary()
    published_us = whole()
    effective_us = whole()
