"""The demo club: one shop, its goods, its rules and its members. Deterministic: no chance, no clock.

Every member has two cards: a printed 16-digit number that begins with 9364, as no bank's does, and
an NFC card with a 7-byte UID of the manufacturer 04.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from headoffice import clock
from headoffice.cardkeys.issuers import issuers_in
from headoffice.demo_goods import KINDS
from headoffice.demo_names import FAMILY, FIRST
from headoffice.feeds.versions import MEMBERS, SHELF, take
from headoffice.ledger import own
from headoffice.ledger.books import POINTS
from headoffice.register.models import Barcode, Card, Member, Product
from headoffice.register.packs import publish
from headoffice.stations.models import Shop
from station.card import CardStatus
from station.card_hash import card_hash
from station.dates import MONTHS, Calendar, month_length
from station.ids import RANDOM_BYTES, uuid7
from station.pack import PACK_VERSION, HandLimit, Pack, Tier
from station.people import Role
from station.points import PointsKind
from station.posting import Stated
from station.promotion import EarningRule, Minimum, Promotion, When
from station.redemption import RedemptionRules
from station.rewards import AmountOff, PercentOff, Reward
from station.text import Text

SHOP = ("12", "شعبهٔ ۱۲ · ونک", "Branch 12 · Vanak")
TODAY = date(2026, 11, 21)
FIRST_MEMBER_US = 1_700_000_000_000_000
ISSUER = "9364"
NUMBER_DIGITS = 16
GOODS_PREFIX = "626"
MOST_GOODS = sum(len(sorts) for *_, sorts in KINDS)
BASE = 10
UID_BITS = 48
UID_STEP = 0x9E3779B1
PHONES = 10**7
PHONE_STEP = 7_654_321
HUNDRED = 100
PRICE_STEP = 1_000
ODD_CARD, BLOCKED_AT, LOST_AT = 400, 7, 11
SORTS = 4

# (tier, drawn below which percentage, most points): 70, 20, 8 and 2 percent of the members
TIERS = (("bronze", 70, 900), ("silver", 90, 4_000), ("gold", 98, 15_000), ("platinum", 100, 60_000))
# (segment, percent of the members in it); a member may be in several
SEGMENTS = (("family", 30), ("student", 15), ("organic", 8))
BIRTHDAYS_KNOWN = 80  # percent of the members
LEAP_YEAR = 1403  # a Jalali year that has a 30 Esfand

PACK = Pack(
    PACK_VERSION, 1, "IRR",
    tiers=(
        Tier("bronze", 1, Text("برنزی", "Bronze")), Tier("silver", 2, Text("نقره‌ای", "Silver")),
        Tier("gold", 3, Text("طلایی", "Gold")), Tier("platinum", 4, Text("پلاتینی", "Platinum"))),
    promotions=(*(
        Promotion(f"tier-{tier}", Text(f"تخفیف عضو {fa}", f"{en} member discount"),
                  Reward(percent=PercentOff(percent)), when=When(tiers=(tier,)))
        for tier, percent, fa, en in (
            ("silver", "3", "نقره‌ای", "Silver"), ("gold", "5", "طلایی", "Gold"),
            ("platinum", "8", "پلاتینی", "Platinum"))),
        Promotion("big-basket", Text("تخفیف خرید بزرگ", "Big basket discount"),
                  Reward(amount=AmountOff(300_000)), stage=2, when=When(minimum=Minimum(8_000_000)))),
    earning=(EarningRule("earn", Text("امتیاز خرید", "Points for purchases"), 1, 10_000),),
    by_hand=(HandLimit(Role.CASHIER, "5"), HandLimit(Role.SENIOR, "20"), HandLimit(Role.MANAGER, "100")),
    redemption=RedemptionRules(100, 50_000),
    texts={
        "taste:bakery": Text("نان و شیرینی", "Bakery"), "taste:tea": Text("چای و قهوه", "Tea and coffee"),
        "taste:dairy": Text("لبنیات", "Dairy"), "taste:fruit": Text("میوه و سبزی", "Fruit and vegetables"),
        "area:near": Text("همین محله", "This quarter"), "area:city": Text("جای دیگر شهر", "Elsewhere in the city"),
        "area:away": Text("بیرون شهر", "Outside the city")})


def card_number(i: int) -> str:
    """Return the number printed on the card of member ``i``: 9364, 11 digits, a Luhn check digit."""
    body = f"{ISSUER}{i:011d}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    total = sum(value - 9 if value >= BASE else value for value in doubled)
    return f"{body}{-total % BASE}"


def card_uid(i: int) -> str:
    """Return the UID of the NFC card of member ``i``: 7 bytes as upper-case hexadecimal."""
    return f"04{i * UID_STEP % (1 << UID_BITS):012X}"


def member_id(i: int) -> str:
    """Return the id of member ``i``, a UUIDv7."""
    return uuid7(FIRST_MEMBER_US + i * 60_000_000, _digest("member", i)[:RANDOM_BYTES])


def barcode(i: int) -> str:
    """Return the EAN-13 of good ``i``: 626, 9 digits, the check digit of GS1."""
    body = f"{GOODS_PREFIX}{i:09d}"
    total = sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(body))
    return f"{body}{-total % BASE}"


def scale_number(product: str) -> str:
    """Return the number under which the scales know ``product``: the 5 digits that stand on their labels."""
    return f"{int(product[1:]):05}"


def seed(members: int, goods: int, now_us: int) -> None:
    """Write the demo club with its first ``members`` members and ``goods`` goods, in one transaction; make an issuing key.

    Raises ``ValueError`` beyond the goods there are, ``IntegrityError`` when a club was written before.
    """
    if goods > MOST_GOODS:
        message = f"the demo shop has {MOST_GOODS} goods"
        raise ValueError(message)
    with transaction.atomic(), connection.cursor() as cursor:
        Shop.objects.create(id=SHOP[0], name_fa=SHOP[1], name_en=SHOP[2])
        publish(PACK, now_us)
        shelf = [_product(i, version) for i, version in enumerate(take(cursor, SHELF, goods))]
        Product.objects.bulk_create(shelf)
        Barcode.objects.bulk_create(Barcode(barcode=scale_number(each.id), product=each.id) for each in shelf if each.weighed)
        rows = [_member(i, version) for i, version in enumerate(take(cursor, MEMBERS, members))]
        Member.objects.bulk_create(rows)
        Card.objects.bulk_create(card for i in range(members) for card in _cards(i))
        own.give(cursor, POINTS, [_opening(i, row) for i, row in enumerate(rows)], now_us)
    issuers = issuers_in(settings.HOME)
    if not issuers.listed().keys:
        issuers.new(clock.now_us())


def shown_cards(count: int) -> Iterator[dict[str, str]]:
    """Yield for each of the first ``count`` members: card number, UID, the UID card's status, name, tier."""
    for i in range(count):
        member = Member.objects.get(id=member_id(i))
        card = Card.objects.get(hash=card_hash(settings.KEYS.card, card_uid(i)))
        yield {"number": card_number(i), "uid": card_uid(i), "status": card.status,
               "name": member.name, "tier": member.tier}


def _digest(label: str, i: int) -> bytes:
    return hashlib.sha256(f"{label} {i}".encode()).digest()


def _draw(label: str, i: int, below: int) -> int:
    """Return a figure from 0 to ``below`` − 1 that looks like chance and is always the same."""
    return int.from_bytes(_digest(label, i)[:8], "big") % below


def _tier(i: int) -> tuple[str, int]:
    drawn = _draw("tier", i, HUNDRED)
    return next((tier, most) for tier, below, most in TIERS if drawn < below)


def _member(i: int, version: int) -> Member:
    name = f"{FIRST[_draw('first', i, len(FIRST))]} {FAMILY[_draw('family', i, len(FAMILY))]}"
    visit = TODAY - timedelta(days=1 + _draw("visit", i, 365))
    return Member(
        id=member_id(i), name=name, phone=f"0912{(i * PHONE_STEP + 3456789) % PHONES:07d}",
        tier=_tier(i)[0], last_visit=visit.isoformat(), segments=_segments(i), version=version, **_birth(i))


def _segments(i: int) -> list[str]:
    return [name for name, share in SEGMENTS if _draw(f"segment {name}", i, HUNDRED) < share]


def _birth(i: int) -> dict[str, Any]:
    """Return the columns of the birthday of member ``i``, a Jalali day; none for one member in five."""
    if _draw("birth", i, HUNDRED) >= BIRTHDAYS_KNOWN:
        return {}
    month = 1 + _draw("birth month", i, MONTHS)
    day = 1 + _draw("birth day", i, month_length(Calendar.JALALI, LEAP_YEAR, month))
    return {"birth_calendar": Calendar.JALALI.value, "birth_month": month, "birth_day": day}


def _cards(i: int) -> Iterator[Card]:
    """Yield the two cards of member ``i``; one printed card in 400 is blocked, one NFC card in 400 lost."""
    key, owner = settings.KEYS.card, member_id(i)
    printed = CardStatus.BLOCKED if i % ODD_CARD == BLOCKED_AT else CardStatus.ACTIVE
    touched = CardStatus.LOST if i % ODD_CARD == LOST_AT else CardStatus.ACTIVE
    yield Card(hash=card_hash(key, card_number(i)), member=owner, status=printed.value)
    yield Card(hash=card_hash(key, card_uid(i)), member=owner, status=touched.value)


def _opening(i: int, member: Member) -> Stated:
    return Stated(
        f"opening/{member.id}", member.id, PointsKind.ADJUST, _draw("points", i, _tier(i)[1] + 1), "opening",
        TODAY.isoformat())


def _product(i: int, version: int) -> Product:
    fa, en, price, tax, category, tags, sorts = KINDS[i // SORTS % len(KINDS)]
    sort_fa, sort_en, share = sorts[i % SORTS]
    return Product(
        id=f"G{i + 1:04d}", barcode=barcode(i + 1), name_fa=f"{fa} {sort_fa}", name_en=f"{en}, {sort_en}",
        price=price * share // HUNDRED // PRICE_STEP * PRICE_STEP, tax_percent=tax,
        tax_included=tax == "0" or i % (2 * SORTS) != 1, tags=list(tags), weighed="weighed" in tags,
        category=category, version=version)
