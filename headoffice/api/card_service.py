"""What only head office can do with cards, for stations: speak with a chip, check a tap, sign a record."""

import base64

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from msgspec.structs import replace

from headoffice.api.answers import answer, as_base64, read, signed
from headoffice.api.card_feeds import keys_of_cards
from headoffice.api.pace import Pace
from headoffice.cardkeys.service import Begin, CardKeys, Tapped, Told
from headoffice.cards import chips
from headoffice.cards.models import Chip
from headoffice.clock import now_us
from headoffice.phone.commands import member_address
from headoffice.refusal import refuse
from headoffice.register.models import Card
from headoffice.stations.models import Station
from station import sun
from station.card_hash import card_hash
from station.card_task import CardPurpose, Outcome, Technology, Verdict
from station.errors import ErrorCode
from sync.wire_card_service import (
    CardBegin,
    CardGoOn,
    CardStepTold,
    RecordAsked,
    RecordSigned,
    ServiceVerdict,
    SunAsked,
)

TASKS, CHECKS, RECORDS = Pace(30, 1.0), Pace(60, 2.0), Pace(60, 1.0)
UNKNOWN = Verdict(Outcome.UNKNOWN)


@signed("POST")
def begin(request: HttpRequest, station: Station) -> HttpResponse:
    """Begin to speak with a chip."""
    TASKS.spend(station.id)
    asked = read(request.body, CardBegin)
    chip = chips.chip_of(asked.card)
    verdict = _refused_personalising(asked, chip) if asked.purpose is CardPurpose.PERSONALISE else _unproven(asked, chip)
    if verdict:
        return answer(CardStepTold(session="", verdict=_wired(verdict)))
    if asked.purpose is not CardPurpose.AUTHENTICATE and not (
            asked.number and card_hash(settings.KEYS.card, asked.number) == asked.card):
        refuse("this is not the card's number")
    address = member_address(settings.HOME) or f"https://{request.get_host()}"
    begun = Begin(
        station.id, asked.purpose, Technology(chip.technology) if chip else asked.technology, asked.uid,
        version=chip.key_version if chip else 0, number=asked.number, host=address.partition("://")[2],
        card=asked.card, member=asked.member)
    with keys_of_cards() as keys:
        try:
            told = keys.begin(begun)
        except ValueError as fault:
            refuse(str(fault))
    return _stepped(station, told)


@signed("POST")
def go_on(request: HttpRequest, station: Station) -> HttpResponse:
    """Go on with what a chip answered."""
    asked = read(request.body, CardGoOn)
    with keys_of_cards() as keys:
        told = keys.go_on(station.id, asked.session, [_bytes(each) for each in asked.answers])
    if told is None:
        refuse("there is no such session, or not any more", 404)
    return _stepped(station, told)


@signed("POST")
def check_sun(request: HttpRequest, station: Station) -> HttpResponse:
    """Check the code of a tap, and that it was shown nowhere before."""
    CHECKS.spend(station.id)
    asked = read(request.body, SunAsked)
    content = _bytes(asked.content)
    if len(content) not in (sun.MESSAGE_BYTES, sun.SEALED_BYTES):
        refuse(f"a tap has {sun.MESSAGE_BYTES} or {sun.SEALED_BYTES} bytes")
    chip = chips.chip_of(asked.card)
    if chip is None or chip.technology != Technology.NTAG424:
        return answer(_wired(UNKNOWN))
    with keys_of_cards() as keys:
        tap = _genuine(keys, chip, content)
    if isinstance(tap, Verdict):
        return answer(_wired(tap))
    mark = sun.answer(tap).hex()
    if not chips.is_fresh(asked.card, tap.counter, mark, station.id, now_us()):
        return answer(_wired(Verdict(Outcome.REFUSED, ErrorCode.CARD_REPLAYED)))
    return answer(_wired(Verdict(Outcome.PROVEN)))


@signed("POST")
def record(request: HttpRequest, station: Station) -> HttpResponse:
    """Sign a card record."""
    RECORDS.spend(station.id)
    asked = read(request.body, RecordAsked)
    with keys_of_cards() as keys:
        try:
            made = keys.sign_record(asked.number, asked.uid, asked.expires)
        except LookupError:
            refuse("there is no issuing key that signs today", 409)
        except ValueError as fault:
            refuse(str(fault))
    return answer(RecordSigned(record=as_base64(made)))


def _unproven(asked: CardBegin, chip: Chip | None) -> Verdict | None:
    """Return the verdict on a chip that need not be asked at all."""
    if chip is None:
        return UNKNOWN
    return None if chip.uid == asked.uid else _forged("UID")


def _refused_personalising(asked: CardBegin, chip: Chip | None) -> Verdict | None:
    """Return why this chip cannot become this card: a card keeps its chip, its member and a chip its card."""
    card = Card.objects.filter(hash=asked.card).first()
    if (chip and chip.uid != asked.uid) or (card and card.member != asked.member):
        return Verdict(Outcome.REFUSED, ErrorCode.CARD_TAKEN)
    if Chip.objects.filter(uid=asked.uid).exclude(card=asked.card).exists():
        return Verdict(Outcome.REFUSED, ErrorCode.CARD_IN_USE)
    return None


def _genuine(keys: CardKeys, chip: Chip, content: bytes) -> sun.SunMessage | Verdict:
    """Return the tap in ``content`` once the chip is seen to have made it."""
    if sun.is_sealed(content):
        mac = content[sun.PICC_BYTES:]
        opened: Tapped | None = keys.open_sun(content[:sun.PICC_BYTES], mac)
        if opened is None:
            return _forged("MAC")
        return sun.SunMessage(opened.uid, opened.counter, mac) if opened.uid == chip.uid else _forged("UID")
    tap = sun.unpack(content)
    if tap.uid != chip.uid:
        return _forged("UID")
    return tap if keys.check_sun(chip.uid, chip.key_version, tap.counter, tap.mac) else _forged("MAC")


def _stepped(station: Station, told: Told) -> HttpResponse:
    """Answer a step; a chip that was made is registered before anybody hears of it."""
    if told.outcome is Outcome.DONE and told.asked and not chips.register(Chip(
            card=told.asked.card, uid=told.asked.uid, technology=told.asked.technology.value,
            key_version=told.version, shop=station.shop, counter=told.counter, issued_us=now_us())):
        told = replace(told, outcome=Outcome.REFUSED, refusal=ErrorCode.CARD_TAKEN.value)
    return answer(CardStepTold(
        session=told.session, commands=tuple(as_base64(each) for each in told.commands),
        verdict=ServiceVerdict(outcome=told.outcome, refusal=told.refusal, reason=told.reason) if told.outcome else None))


def _wired(verdict: Verdict) -> ServiceVerdict:
    return ServiceVerdict(
        outcome=verdict.outcome, refusal=verdict.refusal.value if verdict.refusal else 0, reason=verdict.reason)


def _forged(reason: str) -> Verdict:
    return Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, reason)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        refuse("this is no base 64")
