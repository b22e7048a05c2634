"""What a member told the club about themselves beside name and phone: tastes, area of residence, and what may be written to them.

Requirements: SMS only where it was asked for, tastes and area of residence are known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_CODES = 20
MOST_CODE = 40
"""Characters of one."""


class Purpose(StrEnum):
    """What a member lets the club write about: their own account, or goods and offers."""

    SERVICE = "SERVICE"
    MARKETING = "MARKETING"


class Channel(StrEnum):
    """How the club may write."""

    SMS = "SMS"
    EMAIL = "EMAIL"
    APP = "APP"


Agreement = tuple[Purpose, Channel]
AGREEMENTS: tuple[Agreement, ...] = tuple((purpose, channel) for purpose in Purpose for channel in Channel)
"""All that can be agreed to. Files keep places in it: a new one is put at the end."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the member agreed to at ``at_us`` (µs since 1970 UTC). What is not agreed to is refused."""

    purpose: Purpose
    channel: Channel
    at_us: int

    @property
    def agreement(self) -> Agreement:
        """What is agreed to, whenever that was."""
        return self.purpose, self.channel


@dataclass(frozen=True, slots=True)
class Told:
    """What of it is known: ``tastes`` and ``area`` ("": not known) are codes, ``agreed`` is in the order of ``AGREEMENTS``."""

    tastes: tuple[str, ...] = ()
    area: str = ""
    agreed: tuple[Agreement, ...] = ()

    def after(
        self, tastes: tuple[str, ...] | None, area: str | None, given: Iterable[Agreement], withdrawn: Iterable[Agreement],
    ) -> "Told":
        """Return what is known once this was told as well; None leaves what is known."""
        agreed = ({*self.agreed} | {*given}) - {*withdrawn}
        return replace(
            self, tastes=self.tastes if tastes is None else tastes, area=self.area if area is None else area,
            agreed=tuple(each for each in AGREEMENTS if each in agreed))


NOTHING_TOLD = Told()


def check_codes(tastes: tuple[str, ...], area: str) -> None:
    """Raise ``ValueError`` for codes that are too many or too long."""
    codes = (*tastes, area)
    if len(codes) > MOST_CODES or max(map(len, codes)) > MOST_CODE:
        message = f"codes out of bounds: at most {MOST_CODES} of at most {MOST_CODE} characters"
        raise ValueError(message)
