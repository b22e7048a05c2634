"""Claims: begun by a phone, answered by a PIN or a one-time code, judged here and nowhere else.

A station, or whoever sits at one, must not learn from it who is a member: a phone that nobody has is
answered, counted and locked like any other, and takes as long. A try is counted before it is judged,
and durably; the answer is noted with it (as an HMAC), so the same try again with another answer is
one more wrong answer, and with the same one no other try.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from headoffice.claims.attempts import HOUR_US, LIMITS, PHONE, STATION, Counting
from headoffice.claims.models import Attempts, Claim
from headoffice.claims.pins import is_pin
from headoffice.claims.sender import CodeMessage, CodeSender
from headoffice.clock import MICROSECONDS
from headoffice.refusal import refuse
from headoffice.register.models import Member
from station.step_up import ClaimMethod
from sync.wire_claims import MOST_TRIES, ClaimAnswer, ClaimBegin, ClaimBegun, ClaimJudged, ClaimState

OPEN_US = 300 * MICROSECONDS
"""How long a claim may be answered: five minutes."""

PROVEN_US = 1800 * MICROSECONDS
"""How long what was proven counts, for one sale: half an hour at the counter."""

KEPT_US = 400 * 24 * HOUR_US
"""How long a proven claim waits for its sale: longer than any station may be without a line."""

CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Codes:
    """How codes are drawn (``below(n)``: a whole number from 0 to n − 1) and sent."""

    sender: CodeSender
    below: Callable[[int], int] = secrets.randbelow


def begin(station: str, asked: ClaimBegin, codes: Codes, now_us: int) -> ClaimBegun:
    """Begin a claim of ``station``; the same again tells how it stands and sends nothing.

    Raises ``RefusalError`` INVALID for other terms under the same id, ``StationError`` 4xx when a
    code cannot be handed on.
    """
    subject = phone_subject(asked.phone)
    code = f"{codes.below(10 ** CODE_DIGITS):0{CODE_DIGITS}d}"
    with transaction.atomic():
        counting = Counting((subject, station_subject(station)), now_us)
        held = Claim.objects.filter(station=station, claim_id=asked.claim_id).first()
        if held:
            if (held.subject, held.method) != (subject, asked.method.value):
                refuse("this claim has other terms")
            return _begun(held, counting, now_us)
        if not counting.locked_us and asked.method is ClaimMethod.CODE:
            counting.send()
        counting.write()
        claim = Claim(
            station=station, claim_id=asked.claim_id, subject=subject, method=asked.method.value,
            member=_member(asked), begun_us=now_us, until_us=now_us + OPEN_US,
            code=_sealed(asked.claim_id, code) if asked.method is ClaimMethod.CODE else b"")
        if counting.locked_us:
            return _begun(claim, counting, now_us)
        claim.save(force_insert=True)
    if asked.method is ClaimMethod.CODE:
        message = CodeMessage(id=asked.claim_id, to=asked.phone, text=_text(code), until_us=claim.until_us)
        (codes.sender.send if claim.member else codes.sender.pretend)(message)
    return _begun(claim, None, now_us)


def answer(station: str, said: ClaimAnswer, now_us: int) -> ClaimJudged:
    """Judge an answer. Raises ``RefusalError`` 404 for a claim that is not this station's, INVALID for a try out of turn."""
    sealed = _sealed(said.claim_id, said.answer)
    with transaction.atomic():
        claim = _locked(station, said.claim_id)
        counting = Counting((claim.subject, station_subject(station)), now_us)
        told = _told(claim, said, sealed, counting, now_us)
        counting.write()
        if told:
            return told
        claim.save()
    is_right = _is_right(claim, said.answer)
    with transaction.atomic():
        claim = _locked(station, said.claim_id)
        counting = Counting((claim.subject, station_subject(station)), now_us)
        claim.judged = max(claim.judged, said.number)
        if is_right:  # another try may have been counted meanwhile: what is noted from now on is the right one
            claim.proven_us, claim.answered = now_us, sealed
            counting.forgive()
        claim.save()
        counting.write()
        return _judged(claim, counting, now_us, is_known=is_right)


def forget_old(now_us: int) -> int:
    """Drop claims that nobody proved, proven ones that no sale used in ``KEPT_US``, and counts that are over; return how many."""
    with transaction.atomic():
        claims = Claim.objects.filter(used_incarnation="").filter(
            Q(proven_us=None, until_us__lte=now_us - OPEN_US) | Q(begun_us__lte=now_us - KEPT_US))
        counts = Attempts.objects.filter(since_us__lte=now_us - LIMITS[PHONE].window_us, locked_until_us__lte=now_us)
        return int(claims.delete()[0]) + int(counts.delete()[0])


def _told(claim: Claim, said: ClaimAnswer, sealed: bytes, counting: Counting, now_us: int) -> ClaimJudged | None:
    """Return what is known already of this answer; None when it is to be judged: then its try is counted."""
    is_same = hmac.compare_digest(bytes(claim.answered), sealed)
    if said.number <= claim.tries:
        if said.number == claim.tries and is_same:
            return _judged(claim, counting, now_us) if claim.judged >= claim.tries else None
        counting.fail()
        return _judged(claim, counting, now_us, is_known=False)
    if counting.locked_us or claim.proven_us is not None or claim.until_us <= now_us:
        return _judged(claim, counting, now_us, is_known=False)
    if said.number > claim.tries + 1:
        refuse("tries are numbered from 1, without gaps")
    claim.tries, claim.answered = said.number, sealed
    counting.fail()
    return None


def _judged(claim: Claim, counting: Counting, now_us: int, *, is_known: bool = True) -> ClaimJudged:
    """Return how the claim stands; one that ``is_known`` not by this very answer is never told to be proven."""
    left = MOST_TRIES - claim.tries if claim.until_us > now_us and claim.proven_us is None else 0
    if is_known and claim.proven_us is not None:
        seconds = max(0, claim.proven_us + PROVEN_US - now_us) // MICROSECONDS
        return ClaimJudged(
            claim_id=claim.claim_id, state=ClaimState.PROVEN, tries_left=0, seconds=seconds, member_id=claim.member)
    if counting.locked_us:
        return ClaimJudged(
            claim_id=claim.claim_id, state=ClaimState.LOCKED, tries_left=0, seconds=_seconds(counting.locked_us))
    return ClaimJudged(claim_id=claim.claim_id, state=ClaimState.REFUSED, tries_left=left, seconds=0)


def _begun(claim: Claim, counting: Counting | None, now_us: int) -> ClaimBegun:
    if counting and counting.locked_us:
        return ClaimBegun(
            claim_id=claim.claim_id, state=ClaimState.LOCKED, tries_left=0, seconds=_seconds(counting.locked_us))
    left_us = max(0, claim.until_us - now_us)
    return ClaimBegun(
        claim_id=claim.claim_id, state=ClaimState.OPEN, tries_left=MOST_TRIES - claim.tries, seconds=left_us // MICROSECONDS)


def _is_right(claim: Claim, given: str) -> bool:
    if claim.method == ClaimMethod.PIN.value:
        return is_pin(claim.member, given)
    is_code = hmac.compare_digest(bytes(claim.code), _sealed(claim.claim_id, given))
    return is_code and bool(claim.member)


def _member(asked: ClaimBegin) -> str:
    """Return the one member who has the phone and is whom the station means; "" when there is none, or more than one."""
    found = Member.objects.filter(phone=asked.phone, gone=False)
    ids = list((found.filter(id=asked.member_id) if asked.member_id else found).values_list("id", flat=True)[:2])
    return ids[0] if len(ids) == 1 else ""


def _locked(station: str, claim_id: str) -> Claim:
    claim = Claim.objects.select_for_update().filter(station=station, claim_id=claim_id).first()
    return claim or refuse("there is no such claim", 404)


def phone_subject(phone: str) -> str:
    """Return the name under which a phone's tries are counted: it does not tell the phone."""
    return f"{PHONE}/{hmac.digest(settings.KEYS.secret, b'claim phone' + bytes(1) + phone.encode(), hashlib.sha256).hex()}"


def station_subject(station: str) -> str:
    """Return the name under which a station's tries are counted."""
    return f"{STATION}/{station}"


def _sealed(claim_id: str, answer: str) -> bytes:
    return hmac.digest(settings.KEYS.secret, b"claim answer\0" + f"{claim_id}/{answer}".encode(), hashlib.sha256)


def _text(code: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("Your code at the shop: %(code)s. It holds for five minutes.") % {"code": code}


def _seconds(span_us: int) -> int:
    return -(-span_us // MICROSECONDS)
