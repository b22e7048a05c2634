"""Rule packs: published once under a number, signed over their exact bytes, never changed."""

from functools import lru_cache

import msgspec
from django.conf import settings

from headoffice.register.models import PackDocument
from station.pack import Pack
from sync.signatures import sign_bytes


def publish(pack: Pack, now_us: int) -> PackDocument:
    """Sign ``pack`` and put it in force. ``IntegrityError`` when its number was used before."""
    document = msgspec.json.encode(pack)
    return PackDocument.objects.create(
        number=pack.number, document=document, signature=sign_bytes(settings.KEYS.office, document),
        published_us=now_us)


def current() -> PackDocument | None:
    """Return the pack in force, the one with the highest number, or None."""
    return PackDocument.objects.order_by("-number").first()


def numbered(number: int) -> Pack | None:
    """Return the pack published as ``number``, or None."""
    held = PackDocument.objects.filter(number=number).first()
    return _parse(bytes(held.document)) if held else None


@lru_cache(maxsize=64)
def _parse(document: bytes) -> Pack:
    return msgspec.json.decode(document, type=Pack)
