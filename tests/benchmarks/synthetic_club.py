"""A club of any size, made up as it is asked for: members in order of id, cards in order of hash, nothing kept."""

import hashlib
import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass

from data.snapshot_build import CardRow, MemberRow
from headoffice.demo_names import FAMILY, FIRST
from station.bonus import Birth
from station.card import CardStatus
from station.card_hash import card_hash
from station.dates import Calendar
from station.member import Member

CARD_KEY = bytes(reversed(range(32)))
SHOWN = 5000
"""How many members have a card whose number is known, so that it can be shown at a counter."""

_HASHES = 1 << 63
_STEP = 7_368_787  # a prime: multiples of it, modulo a round number, meet every remainder once
_BLOCKED_IN = 250
_TIERS = ("bronze", "silver", "silver", "gold")


def member_id(i: int) -> str:
    """A UUID of version 7's form, rising with ``i``."""
    text = i.to_bytes(6, "big").hex() + "7" + hashlib.md5(i.to_bytes(8, "big"), usedforsecurity=False).hexdigest()[:19]
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def card_number(i: int) -> str:
    """The number of the card that member ``i`` shows."""
    return f"9364{i:012d}"


@dataclass(frozen=True)
class Club:
    """``size`` members with a card each; the first ``named`` with name and phone.

    ``size`` is no multiple of ``_STEP``. The first ``SHOWN`` members have a second card.
    """

    size: int
    named: int

    def member(self, i: int) -> Member:
        """Member ``i``."""
        tier, points, purchases = _TIERS[i % len(_TIERS)], i * 37 % 9000, i % 60
        if i >= self.named:
            return Member(member_id(i), "", "", tier, points, purchases=purchases)
        return Member(
            member_id(i), name(i), f"0912{i * 7919 % 10**7:07d}", tier, points, f"2026-{i % 12 + 1:02}-{i % 28 + 1:02}",
            ("staff",) if i % 50 == 0 else (), Birth(Calendar.JALALI, i % 12 + 1, i % 29 + 1), purchases)

    def hashes(self, i: int) -> tuple[int, ...]:
        """The hashes of the cards of member ``i``."""
        shown = (card_hash(CARD_KEY, card_number(i)),) if i < SHOWN else ()
        return self._hash(i * pow(_STEP, -1, self.size) % self.size), *shown

    def members(self) -> Iterator[MemberRow]:
        """All of them, with the hashes of their cards."""
        return ((self.member(i), self.hashes(i)) for i in range(self.size))

    def cards(self) -> Iterator[CardRow]:
        """All cards."""
        shown = sorted(
            (card_hash(CARD_KEY, card_number(i)), member_id(i), CardStatus.ACTIVE) for i in range(min(SHOWN, self.size)))
        return heapq.merge(self._others(), shown, key=lambda card: card[0])

    def _others(self) -> Iterator[CardRow]:
        for at in range(self.size):
            status = CardStatus.BLOCKED if at % _BLOCKED_IN == 0 else CardStatus.ACTIVE
            yield self._hash(at), member_id(at * _STEP % self.size), status

    def _hash(self, at: int) -> int:
        """The hash of the card at place ``at`` of the table: evenly strewn, in order, without a pattern inside."""
        width = _HASHES // self.size
        return at * width + (at * 0x9E3779B97F4A7C15 >> 7) % width


def name(i: int) -> str:
    """A name as frequent as names are: a few are common, most are rare."""
    chance = random.Random(i)  # noqa: S311 - made to be the same each time
    first = FIRST[min(int(chance.expovariate(0.06)), len(FIRST) - 1)]
    family = FAMILY[int(chance.random() * len(FAMILY))]
    rare = "".join(chance.choices("ابدرسمنهیکت", k=3)) if chance.random() < 0.7 else ""
    return f"{first} {family} {rare}" if i % 7 == 0 and rare else f"{first} {rare}{family}"
