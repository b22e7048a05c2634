"""Rule packs: published once under a number, signed over their exact bytes, never changed."""

from functools import lru_cache

import msgspec
from django.conf import settings
from django.db import transaction

from headoffice.register.models import PackDocument
from station.errors import ErrorCode, StationError
from station.pack import Pack
from station.pricing import Engine
from sync.documents import read_pack
from sync.ed25519 import sign_bytes


def publish(pack: Pack, now_us: int) -> PackDocument:
    """Sign ``pack`` and put it in force.

    Raises ``StationError`` PACK_OLDER (``pack``, ``held``) when its number is not above all
    published before: a station would refuse to go back to it.
    """
    document = msgspec.json.encode(pack)
    with transaction.atomic():
        held = current()
        if held and pack.number <= held.number:
            raise StationError(ErrorCode.PACK_OLDER, pack=pack.number, held=held.number)
        return PackDocument.objects.create(
            number=pack.number, document=document, signature=sign_bytes(settings.KEYS.office, document),
            published_us=now_us, effective_us=pack.effective_us)


def current() -> PackDocument | None:
    """Return the pack in force, the one with the highest number, or None."""
    return PackDocument.objects.order_by("-number").first()


def following(after: int, now_us: int) -> tuple[int, PackDocument | None]:
    """Return the highest number ever published, and the next pack above ``after`` that is in force or will be.

    None when there is none: a station that holds none needs the one in force and all that come.
    """
    packs = PackDocument.objects.order_by("number")
    in_force = packs.filter(effective_us__lte=now_us).last()
    highest = packs.last()
    needed = packs.filter(number__gt=after, number__gte=in_force.number if in_force else 0)
    return (highest.number if highest else 0), needed.first()


def numbered(number: int) -> Pack | None:
    """Return the pack published as ``number``, or None."""
    ready = engine(number)
    return ready.pack if ready else None


def engine(number: int) -> Engine | None:
    """Return the pricing engine of the pack published as ``number``, or None."""
    held = PackDocument.objects.filter(number=number).first()
    return _engine(bytes(held.document)) if held else None


@lru_cache(maxsize=64)
def _engine(document: bytes) -> Engine:
    return Engine(read_pack(document))
