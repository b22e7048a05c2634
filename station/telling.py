"""What a member tells about themselves after the enrolment: what the journal says of it, and what is personal and stays erasable.

Whatever is not told stays as it is. Of two stations head office believes, field by field, what was told last.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from station.bonus import Birth
from station.dates import Calendar
from station.told import Consent, check_codes

MOST_EMAIL = 100


@dataclass(frozen=True, slots=True)
class MemberTold:
    """Body of the entry by which ``member_id`` tells something new; what is None, empty or False was not spoken of.

    ``tastes`` (all of them from here on) and ``area`` are codes of the rule pack's texts, empty for
    none. Each consent that is ``given`` or ``withdrawn`` says when, for which purpose and by which
    channel. ``birth`` and ``email`` say that those were told; what they are is in the ``Beside`` that the entry commits to.
    """

    member_id: str
    tastes: tuple[str, ...] | None = None
    area: str | None = None
    given: tuple[Consent, ...] = ()
    withdrawn: tuple[Consent, ...] = ()
    birth: bool = False
    email: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for nobody, for nothing, for too many codes, or for a consent that is spoken of twice."""
        check_codes(self.tastes or (), self.area or "")
        consents = (*self.given, *self.withdrawn)
        is_something = self.tastes is not None or self.area is not None or bool(consents) or self.birth or self.email
        if not self.member_id or not is_something or len({each.agreement for each in consents}) != len(consents):
            message = "a member tells something, and of each consent one thing"
            raise ValueError(message)

    @property
    def is_personal(self) -> bool:
        """Whether the entry keeps something beside the chain."""
        return self.birth or self.email


@dataclass(frozen=True, slots=True)
class Beside:
    """What is personal of it: a birthday (None: there is none any more) and an e-mail address, as far as they were told."""

    birth: Birth | None = field(default=None, repr=False)
    email: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for an address that is too long."""
        if len(self.email) > MOST_EMAIL:
            message = "an address is within bounds"
            raise ValueError(message)


def document(beside: Beside) -> bytes:
    """Return ``beside`` as the JSON that an entry commits to (``Entry.personal``)."""
    said = {"email": beside.email, "birth": birth_said(beside.birth)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_beside(raw: bytes) -> Beside:
    """Return what is in the JSON ``raw``, also in that of a ``station.enrolling.Person``.

    Raises ``ValueError``, which names no value, when it is none.
    """
    try:
        said: dict[str, Any] = json.loads(raw)
        return Beside(birth_read(said["birth"]), text_read(said["email"]))
    except (ValueError, TypeError, LookupError, RecursionError):
        message = "what is kept of what a member told is not in the form of it"
        raise ValueError(message) from None


def birth_said(birth: Birth | None) -> list[str | int] | None:
    """Return a birthday as it stands in a document."""
    return [birth.calendar.value, birth.month, birth.day] if birth else None


def birth_read(said: Any) -> Birth | None:
    """Return the birthday that a document says. Raises ``ValueError``, ``TypeError`` or ``LookupError`` for none."""
    return Birth(Calendar(said[0]), *map(int, said[1:])) if said else None


def text_read(value: object) -> str:
    """Return ``value`` if it is a text that a database can hold. Raises ``TypeError``."""
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value
